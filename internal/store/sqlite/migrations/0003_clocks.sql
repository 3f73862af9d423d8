-- What the worker has to do, for ended matters too, and the calendars that were loaded.

DROP INDEX matter_lapse;
ALTER TABLE matter RENAME COLUMN lapse TO wake;                    -- next moment for the worker, or 2^62-1
ALTER TABLE matter ADD COLUMN provisional TEXT NOT NULL DEFAULT ''; -- calendar and version of provisional dates

-- Until now only the calendar cn had dates that could be provisional.
UPDATE matter SET provisional = coalesce((
    SELECT 'cn ' || json_extract(c.value, '$.calendar') FROM json_each(CAST(matter.doc AS TEXT), '$.clocks') c
    WHERE json_extract(c.value, '$.status') = 'running' AND json_extract(c.value, '$.provisional') = 1 LIMIT 1), '')
WHERE instr(CAST(doc AS TEXT), '"provisional":true') > 0;

CREATE INDEX matter_wake        ON matter (wake) WHERE wake < 4611686018427387903;
CREATE INDEX matter_provisional ON matter (provisional) WHERE provisional <> '';

-- Every version of every calendar of days off, never changed; the highest seq of a name is in force.
CREATE TABLE calendar (
  name    TEXT NOT NULL,
  seq     INTEGER NOT NULL,
  version TEXT NOT NULL, -- follows from the days
  source  BLOB NOT NULL, -- text, see internal/calendar
  added   TEXT NOT NULL,
  PRIMARY KEY (name, seq)
) WITHOUT ROWID;
