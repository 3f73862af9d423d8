-- What the migrations give, for reading. Refresh: go test ./internal/store/sqlite -run Schema -update

CREATE TABLE account (
  login    TEXT PRIMARY KEY,
  name     TEXT NOT NULL,
  password TEXT NOT NULL, -- argon2id, PHC form; empty: cannot sign in on pages
  token    TEXT NOT NULL, -- hash; empty: no API token
  disabled INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE account_grant (
  login TEXT NOT NULL,
  role  TEXT NOT NULL,
  unit  TEXT NOT NULL,
  PRIMARY KEY (login, role, unit)
) WITHOUT ROWID;

CREATE TABLE calendar (
  name    TEXT NOT NULL,
  seq     INTEGER NOT NULL,
  version TEXT NOT NULL, -- follows from the days
  source  BLOB NOT NULL, -- text, see internal/calendar
  added   TEXT NOT NULL,
  PRIMARY KEY (name, seq)
) WITHOUT ROWID;

CREATE TABLE checkpoint (
  size   INTEGER PRIMARY KEY,
  signed BLOB NOT NULL
);

CREATE TABLE disclosure (
  matter INTEGER NOT NULL,
  day    TEXT NOT NULL,
  login  TEXT NOT NULL,
  unit   TEXT NOT NULL,
  first  TEXT NOT NULL,
  PRIMARY KEY (matter, day, login)
) WITHOUT ROWID;

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

CREATE TABLE entry (
  idx          INTEGER PRIMARY KEY,
  matter       INTEGER NOT NULL,
  seq          INTEGER NOT NULL,
  act          BLOB NOT NULL,
  salt         BLOB NOT NULL,
  content      BLOB,
  content_salt BLOB,
  commitment   BLOB NOT NULL,
  request_key  BLOB -- hash of idempotency key and owner; the act names it too
);

CREATE TABLE feed (
  login TEXT PRIMARY KEY,
  hash  TEXT NOT NULL, -- of the secret in the address
  lang  TEXT NOT NULL, -- in which it speaks
  made  TEXT NOT NULL
) WITHOUT ROWID;

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

CREATE TABLE matter (
  id        INTEGER PRIMARY KEY,
  procedure TEXT NOT NULL,
  state     TEXT NOT NULL,
  open      INTEGER NOT NULL CHECK (open IN (0, 1)),
  unit      TEXT NOT NULL,
  assignee  TEXT NOT NULL,
  version   INTEGER NOT NULL,
  opened    INTEGER NOT NULL, -- milliseconds since 1970
  due       INTEGER NOT NULL, -- earliest end of a running clock, or 2^62-1
  wake     INTEGER NOT NULL, -- the same among clocks not recorded as late
  title     TEXT NOT NULL,    -- personal
  doc       BLOB NOT NULL     -- JSON, personal
, provisional TEXT NOT NULL DEFAULT '', ended INTEGER NOT NULL DEFAULT 0, late  INTEGER NOT NULL DEFAULT 0);

CREATE TABLE meta (
  name  TEXT PRIMARY KEY,
  value TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE procedure (
  key    TEXT PRIMARY KEY, -- id@version
  source BLOB NOT NULL
, publisher TEXT NOT NULL DEFAULT '', published TEXT NOT NULL DEFAULT '') WITHOUT ROWID;

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

CREATE TABLE request (
  key BLOB PRIMARY KEY,
  idx INTEGER NOT NULL
) WITHOUT ROWID;

CREATE VIRTUAL TABLE search USING fts5 (
  tokens, content='', contentless_delete=1, detail=none, tokenize='ascii'
);

CREATE TABLE session (
  hash    TEXT PRIMARY KEY,
  login   TEXT NOT NULL,
  matter  TEXT NOT NULL,
  party   TEXT NOT NULL, -- role
  code    TEXT NOT NULL, -- hash of the query code the session began with
  expires INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE tally (
  unit      TEXT NOT NULL,
  procedure TEXT NOT NULL,
  state     TEXT NOT NULL,
  open      INTEGER NOT NULL CHECK (open IN (0, 1)),
  n         INTEGER NOT NULL,
  PRIMARY KEY (unit, procedure, state)
) WITHOUT ROWID;

CREATE TABLE tile (
  level INTEGER NOT NULL,
  idx   INTEGER NOT NULL,
  data  BLOB NOT NULL,
  PRIMARY KEY (level, idx)
) WITHOUT ROWID;

CREATE TABLE unit (
  code       TEXT PRIMARY KEY,
  parent     TEXT NOT NULL,
  kind       TEXT NOT NULL,
  name       TEXT NOT NULL, -- JSON, by language
  valid_from TEXT NOT NULL,
  valid_to   TEXT NOT NULL,
  successors TEXT NOT NULL  -- JSON list of codes
) WITHOUT ROWID;

CREATE TABLE worklist (
  login TEXT NOT NULL,
  name  TEXT NOT NULL,
  query TEXT NOT NULL, -- what it is restricted to, as the pages write it; never the words of a search
  added TEXT NOT NULL,
  PRIMARY KEY (login, name)
) WITHOUT ROWID;

CREATE UNIQUE INDEX account_token ON account (token) WHERE token <> '';

CREATE UNIQUE INDEX entry_matter ON entry (matter, seq);

CREATE UNIQUE INDEX feed_hash ON feed (hash);

CREATE INDEX file_expires ON file (expires, size) WHERE expires > 0;

CREATE INDEX matter_assignee ON matter (assignee, due, id) WHERE open = 1 AND assignee <> '';

CREATE INDEX matter_assignee_newest ON matter (assignee, id) WHERE assignee <> '';

CREATE INDEX matter_due   ON matter (due, id, unit, procedure, state, assignee, opened, late) WHERE open = 1;

CREATE INDEX matter_ended ON matter (ended, unit, opened, late) WHERE ended > 0;

CREATE INDEX matter_place ON matter (unit, procedure, state, id);

CREATE INDEX matter_place_due ON matter (unit, procedure, state, due, id) WHERE open = 1;

CREATE INDEX matter_provisional ON matter (provisional) WHERE provisional <> '';

CREATE INDEX matter_wake        ON matter (wake) WHERE wake < 4611686018427387903;
