-- Addresses under which members of staff read their meetings in a calendar of their own.

CREATE TABLE feed (
  login TEXT PRIMARY KEY,
  hash  TEXT NOT NULL, -- of the secret in the address
  lang  TEXT NOT NULL, -- in which it speaks
  made  TEXT NOT NULL
) WITHOUT ROWID;

CREATE UNIQUE INDEX feed_hash ON feed (hash);
