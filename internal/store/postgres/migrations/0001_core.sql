-- The core: offices, procedures, matters, entries, log, search. The same tables as on SQLite, but that every
-- one begins with the sharding key (log: one per province or city), and that times and flags have their types.
--
-- Names and words that are compared or ordered have the collation "C", so that both databases order alike.

-- The head of each log. A node that writes holds its row until it has committed: that is the one sequencing
-- step. SQLite has one writer and needs none.
CREATE TABLE log (
  log    integer PRIMARY KEY,
  origin text NOT NULL COLLATE "C", -- '' before the first Seal
  size   bigint NOT NULL            -- entries
);

-- The next serial that no node has taken yet. SQLite reads the highest number.
CREATE TABLE serial (
  log  integer NOT NULL,
  year integer NOT NULL,
  next bigint NOT NULL,
  PRIMARY KEY (log, year)
);

CREATE TABLE meta (
  log   integer NOT NULL,
  name  text NOT NULL COLLATE "C",
  value text NOT NULL,
  PRIMARY KEY (log, name)
);

CREATE TABLE unit (
  log        integer NOT NULL,
  code       text NOT NULL COLLATE "C",
  parent     text NOT NULL,
  kind       text NOT NULL,
  name       text NOT NULL, -- JSON, by language
  valid_from text NOT NULL,
  valid_to   text NOT NULL,
  successors text NOT NULL, -- JSON list of codes
  PRIMARY KEY (log, code)
);

CREATE TABLE account (
  log      integer NOT NULL,
  login    text NOT NULL COLLATE "C",
  name     text NOT NULL,
  password text NOT NULL, -- argon2id, PHC form; empty: cannot sign in on pages
  token    text NOT NULL, -- hash; empty: no API token
  disabled boolean NOT NULL,
  PRIMARY KEY (log, login)
);
CREATE UNIQUE INDEX account_token ON account (log, token) WHERE token <> '';

CREATE TABLE account_grant (
  log   integer NOT NULL,
  login text NOT NULL COLLATE "C",
  role  text NOT NULL COLLATE "C",
  unit  text NOT NULL COLLATE "C",
  PRIMARY KEY (log, login, role, unit)
);

CREATE TABLE session (
  log     integer NOT NULL,
  hash    text NOT NULL COLLATE "C",
  login   text NOT NULL,
  matter  text NOT NULL,
  party   text NOT NULL, -- role
  code    text NOT NULL, -- hash of the query code the session began with
  expires bigint NOT NULL,
  PRIMARY KEY (log, hash)
);

CREATE TABLE procedure (
  log    integer NOT NULL,
  key    text NOT NULL COLLATE "C", -- id@version
  source bytea NOT NULL,
  PRIMARY KEY (log, key)
);

-- One row per matter: the projection (a fold of its entries) and the columns that lists need.
-- id is year*10^8 + serial, the digits of its number. title is bytes, for a text in PostgreSQL cannot hold
-- every character that a title may.
CREATE TABLE matter (
  log       integer NOT NULL,
  id        bigint NOT NULL,
  procedure text NOT NULL COLLATE "C",
  state     text NOT NULL COLLATE "C",
  open      boolean NOT NULL,
  unit      text NOT NULL COLLATE "C",
  assignee  text NOT NULL COLLATE "C",
  version   integer NOT NULL,
  opened    bigint NOT NULL, -- milliseconds since 1970
  due       bigint NOT NULL, -- earliest end of a running clock, or 2^62-1
  lapse     bigint NOT NULL, -- the same among clocks not recorded as late
  title     bytea NOT NULL,  -- personal
  doc       bytea NOT NULL,  -- JSON, personal
  PRIMARY KEY (log, id)
);
CREATE INDEX matter_due             ON matter (log, due, id, unit, procedure, state, assignee) WHERE open;
CREATE INDEX matter_place_due       ON matter (log, unit, procedure, state, due, id) WHERE open;
CREATE INDEX matter_assignee        ON matter (log, assignee, due, id) WHERE open AND assignee <> '';
CREATE INDEX matter_assignee_newest ON matter (log, assignee, id) WHERE assignee <> '';
CREATE INDEX matter_place           ON matter (log, unit, procedure, state, id);
CREATE INDEX matter_lapse           ON matter (log, lapse) WHERE open AND lapse < 4611686018427387903;

-- One row per entry; idx is the leaf's index in the log. content and content_salt are NULL when there was
-- none or it was erased; everything else is never changed.
CREATE TABLE entry (
  log          integer NOT NULL,
  idx          bigint NOT NULL,
  matter       bigint NOT NULL,
  seq          integer NOT NULL,
  act          bytea NOT NULL,
  salt         bytea NOT NULL,
  content      bytea,
  content_salt bytea,
  commitment   bytea NOT NULL,
  request_key  bytea, -- hash of idempotency key and owner; the act names it too
  PRIMARY KEY (log, idx)
);
CREATE UNIQUE INDEX entry_matter ON entry (log, matter, seq);
CREATE UNIQUE INDEX entry_request ON entry (log, request_key) WHERE request_key IS NOT NULL;

-- Full tiles only: 256 hashes of 32 bytes. The partial lowest tile is the commitments of the newest entries.
CREATE TABLE tile (
  log   integer NOT NULL,
  level integer NOT NULL,
  idx   bigint NOT NULL,
  data  bytea NOT NULL,
  PRIMARY KEY (log, level, idx)
);

CREATE TABLE checkpoint (
  log    integer NOT NULL,
  size   bigint NOT NULL,
  signed bytea NOT NULL,
  PRIMARY KEY (log, size)
);

CREATE TABLE disclosure (
  log    integer NOT NULL,
  matter bigint NOT NULL,
  day    text NOT NULL COLLATE "C",
  login  text NOT NULL COLLATE "C",
  unit   text NOT NULL,
  first  text NOT NULL COLLATE "C",
  PRIMARY KEY (log, matter, day, login)
);

-- changed is the size of the log when the row was written last: a node asks for what is newer than it knows.
-- No index names changed or n, so that every transaction may write a row anew in its place (HOT): the table is
-- small and is read only when the log has grown.
CREATE TABLE tally (
  log       integer NOT NULL,
  unit      text NOT NULL COLLATE "C",
  procedure text NOT NULL COLLATE "C",
  state     text NOT NULL COLLATE "C",
  open      boolean NOT NULL,
  n         bigint NOT NULL,
  changed   bigint NOT NULL,
  PRIMARY KEY (log, unit, procedure, state)
);

-- Tokens are made in Go (package search), the same as on SQLite. Three more of them say where the matter lies in
-- the order of numbers (place.go), so that a search can begin with the newest and need not read a common word
-- to its end.
CREATE TABLE search (
  log    integer NOT NULL,
  matter bigint NOT NULL,
  tokens text[] COLLATE "C" NOT NULL,
  PRIMARY KEY (log, matter)
);

-- New tokens wait in the index's pending list, as is PostgreSQL's default (fastupdate). A row has about sixty:
-- writing them one by one takes three times as long, and a search comes past a list of 4 MB in a millisecond.
-- index.go has the list written out before it is so long.
CREATE INDEX search_tokens ON search USING gin (tokens);
