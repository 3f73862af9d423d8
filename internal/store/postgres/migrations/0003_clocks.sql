-- What the worker has to do, for ended matters too, and the calendars that were loaded.

DROP INDEX matter_lapse;
ALTER TABLE matter RENAME COLUMN lapse TO wake; -- next moment for the worker, or 2^62-1
ALTER TABLE matter ADD COLUMN provisional text NOT NULL COLLATE "C" DEFAULT ''; -- calendar and version of provisional dates

-- Until now only the calendar cn had dates that could be provisional. A regular expression, for no JSON of PostgreSQL
-- takes every character that a doc may hold; within its strings quotes are escaped, so that none of them looks like this.
UPDATE matter SET provisional = coalesce('cn ' || substring(convert_from(doc, 'UTF8') FROM
  '"status":"running","from":"[^"]*","target":"[^"]*","due":"[^"]*","provisional":true,"calendar":"([0-9a-f]+)"'), '')
WHERE position('"provisional":true'::bytea IN doc) > 0;

CREATE INDEX matter_wake        ON matter (log, wake, id) WHERE wake < 4611686018427387903;
CREATE INDEX matter_provisional ON matter (log, provisional, id) WHERE provisional <> '';

-- Every version of every calendar of days off, never changed; the highest seq of a name is in force.
CREATE TABLE calendar (
  log     integer NOT NULL,
  name    text NOT NULL COLLATE "C",
  seq     bigint NOT NULL,
  version text NOT NULL,
  source  bytea NOT NULL, -- text, see internal/calendar
  added   text NOT NULL,
  PRIMARY KEY (log, name, seq)
);
