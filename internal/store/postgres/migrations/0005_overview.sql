-- When a matter ended and when it was first recorded as late, for the overview: see casework.Matter.EndedAt and LateAt.

ALTER TABLE matter ADD COLUMN ended bigint NOT NULL DEFAULT 0; -- milliseconds since 1970; 0: it has not
ALTER TABLE matter ADD COLUMN late  bigint NOT NULL DEFAULT 0; -- the same

DROP INDEX matter_due;

-- Regular expressions, for no JSON of PostgreSQL takes every character that a doc may hold. What stands before ended in
-- a doc are names; within strings quotes are escaped, so that none of them looks like a member of a clock.
UPDATE matter SET
  ended = coalesce((extract(epoch FROM (substring(convert_from(doc, 'UTF8')
    FROM '^\{"number":"[^"]*","procedure":"[^"]*","state":"[^"]*","ended":"([^"]*)"'))::timestamptz) * 1000)::bigint, 0),
  late = coalesce((
    SELECT (extract(epoch FROM min(c.found[1])::timestamptz) * 1000)::bigint
    FROM regexp_matches(convert_from(doc, 'UTF8'), '"lapsed":"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)"(?!,"party":true)', 'g') AS c (found)), 0)
WHERE NOT open OR position('"lapsed":"'::bytea IN doc) > 0;

-- opened and late stand at the end for who reads all open matters and nothing else.
CREATE INDEX matter_due   ON matter (log, due, id, unit, procedure, state, assignee, opened, late) WHERE open;
CREATE INDEX matter_ended ON matter (log, ended, id, unit, opened, late) WHERE ended > 0;
