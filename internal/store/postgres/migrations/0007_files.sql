-- The content of files, beside the entries that name them.

CREATE TABLE file (
  log        integer NOT NULL,
  id         text NOT NULL COLLATE "C", -- random
  name       text NOT NULL,             -- personal
  media_type text NOT NULL,
  kind       text NOT NULL,
  size       bigint NOT NULL,
  sha256     text NOT NULL,             -- hex
  whole      boolean NOT NULL,          -- all its parts are there
  expires    bigint NOT NULL,           -- milliseconds since 1970; 0: an entry names it
  PRIMARY KEY (log, id)
);

CREATE INDEX file_expires ON file (log, expires, size) WHERE expires > 0;

CREATE TABLE file_part (
  log  integer NOT NULL,
  id   text NOT NULL COLLATE "C",
  part integer NOT NULL,
  data bytea NOT NULL,
  PRIMARY KEY (log, id, part)
);

CREATE TABLE file_use (
  log    integer NOT NULL,
  id     text NOT NULL COLLATE "C",
  matter bigint NOT NULL, -- whose entries name it
  PRIMARY KEY (log, id, matter)
);
