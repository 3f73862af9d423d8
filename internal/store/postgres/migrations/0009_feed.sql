-- Addresses under which members of staff read their meetings in a calendar of their own.

CREATE TABLE feed (
  log   integer NOT NULL,
  login text NOT NULL COLLATE "C",
  hash  text NOT NULL COLLATE "C", -- of the secret in the address
  lang  text NOT NULL, -- in which it speaks
  made  text NOT NULL COLLATE "C",
  PRIMARY KEY (log, login)
);

CREATE UNIQUE INDEX feed_hash ON feed (log, hash);
