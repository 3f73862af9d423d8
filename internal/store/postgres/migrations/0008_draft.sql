-- Reports of meetings that an office is making directives of.

CREATE TABLE draft (
  log     integer NOT NULL,
  unit    text NOT NULL COLLATE "C", -- which office issues them
  id      text NOT NULL COLLATE "C",
  title   text NOT NULL,
  doc     bytea NOT NULL, -- the text, and what was understood and set, as the pages write it
  version integer NOT NULL, -- grows with every change
  login   text NOT NULL, -- who changed it last
  changed text NOT NULL COLLATE "C",
  issued  text NOT NULL, -- when; empty while it is a draft
  PRIMARY KEY (log, unit, id)
);
