-- Reports of meetings that an office is making directives of.

CREATE TABLE draft (
  unit    TEXT    NOT NULL, -- which office issues them
  id      TEXT    NOT NULL,
  title   TEXT    NOT NULL,
  doc     BLOB    NOT NULL, -- the text, and what was understood and set, as the pages write it
  version INTEGER NOT NULL, -- grows with every change
  login   TEXT    NOT NULL, -- who changed it last
  changed TEXT    NOT NULL,
  issued  TEXT    NOT NULL, -- when; empty while it is a draft
  PRIMARY KEY (unit, id)
) WITHOUT ROWID;
