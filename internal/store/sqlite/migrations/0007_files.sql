-- The content of files, beside the entries that name them.

CREATE TABLE file (
  id         TEXT PRIMARY KEY, -- random
  name       TEXT NOT NULL,    -- personal
  media_type TEXT NOT NULL,
  kind       TEXT NOT NULL,
  size       INTEGER NOT NULL,
  sha256     TEXT NOT NULL,    -- hex
  whole      INTEGER NOT NULL CHECK (whole IN (0, 1)), -- all its parts are there
  expires    INTEGER NOT NULL  -- milliseconds since 1970; 0: an entry names it
) WITHOUT ROWID;

CREATE INDEX file_expires ON file (expires, size) WHERE expires > 0;

-- Rows are large, so this one has a rowid.

CREATE TABLE file_part (
  id   TEXT NOT NULL,
  part INTEGER NOT NULL,
  data BLOB NOT NULL,
  PRIMARY KEY (id, part)
);

CREATE TABLE file_use (
  id     TEXT NOT NULL,
  matter INTEGER NOT NULL, -- whose entries name it
  PRIMARY KEY (id, matter)
) WITHOUT ROWID;
