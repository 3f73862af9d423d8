-- $2 units, $3 procedures, $4 states, $5 whether open, $6 what is added, $7 size of the log after it.

-- name: tally-add
INSERT INTO tally (log, unit, procedure, state, open, n, changed)
SELECT $1::integer, d.unit, d.procedure, d.state, d.open, d.n, $7::bigint
FROM unnest($2::text[], $3::text[], $4::text[], $5::boolean[], $6::bigint[]) AS d (unit, procedure, state, open, n)
ON CONFLICT (log, unit, procedure, state) DO UPDATE SET n = tally.n + excluded.n, changed = excluded.changed;

-- name: tally-all
SELECT unit, procedure, state, open, n FROM tally WHERE log = $1 AND n <> 0;

-- What has changed since the log had $2 entries, and then, with its size now. While nothing is written the tally is not
-- looked at. A log that has grown without a count changing gives one row without a place.

-- name: tally-changed
SELECT l.size, t.unit, t.procedure, t.state, t.open, t.n, t.changed
FROM log l LEFT JOIN tally t ON t.log = l.log AND t.changed >= $2
WHERE l.log = $1 AND l.size > $2;
