-- What members of staff keep for their own work: worklists by name, and texts for replies.

CREATE TABLE worklist (
  log   integer NOT NULL,
  login text NOT NULL COLLATE "C",
  name  text NOT NULL COLLATE "C",
  query text NOT NULL, -- what it is restricted to, as the pages write it; never the words of a search
  added text NOT NULL COLLATE "C",
  PRIMARY KEY (log, login, name)
);

CREATE TABLE reply (
  log       integer NOT NULL,
  unit      text NOT NULL COLLATE "C", -- whose text it is
  id        text NOT NULL COLLATE "C",
  procedure text NOT NULL, -- id; empty: any
  step      text NOT NULL, -- empty: any
  name      text NOT NULL COLLATE "C",
  body      text NOT NULL,
  login     text NOT NULL, -- who changed it last
  changed   text NOT NULL,
  PRIMARY KEY (log, unit, id)
);
