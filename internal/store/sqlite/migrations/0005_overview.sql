-- When a matter ended and when it was first recorded as late, for the overview: see casework.Matter.EndedAt and LateAt.

ALTER TABLE matter ADD COLUMN ended INTEGER NOT NULL DEFAULT 0; -- milliseconds since 1970; 0: it has not
ALTER TABLE matter ADD COLUMN late  INTEGER NOT NULL DEFAULT 0; -- the same

DROP INDEX matter_due;

UPDATE matter SET
  ended = coalesce((SELECT CAST(round((julianday(json_extract(CAST(doc AS TEXT), '$.ended')) - 2440587.5) * 86400000) AS INTEGER)), 0),
  late = coalesce((
    SELECT CAST(round((julianday(min(json_extract(c.value, '$.lapsed'))) - 2440587.5) * 86400000) AS INTEGER)
    FROM json_each(CAST(matter.doc AS TEXT), '$.clocks') c WHERE coalesce(json_extract(c.value, '$.party'), 0) = 0), 0)
WHERE open = 0 OR instr(doc, CAST('"lapsed":"' AS BLOB)) > 0;

-- opened and late stand at the end for who reads all open matters and nothing else.
CREATE INDEX matter_due   ON matter (due, id, unit, procedure, state, assignee, opened, late) WHERE open = 1;
CREATE INDEX matter_ended ON matter (ended, unit, opened, late) WHERE ended > 0;
