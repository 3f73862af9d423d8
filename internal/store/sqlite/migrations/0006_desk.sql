-- What members of staff keep for their own work: worklists by name, and texts for replies.

CREATE TABLE worklist (
  login TEXT NOT NULL,
  name  TEXT NOT NULL,
  query TEXT NOT NULL, -- what it is restricted to, as the pages write it; never the words of a search
  added TEXT NOT NULL,
  PRIMARY KEY (login, name)
) WITHOUT ROWID;

CREATE TABLE reply (
  unit      TEXT NOT NULL, -- whose text it is
  id        TEXT NOT NULL,
  procedure TEXT NOT NULL, -- id; empty: any
  step      TEXT NOT NULL, -- empty: any
  name      TEXT NOT NULL,
  body      TEXT NOT NULL,
  login     TEXT NOT NULL, -- who changed it last
  changed   TEXT NOT NULL,
  PRIMARY KEY (unit, id)
) WITHOUT ROWID;
