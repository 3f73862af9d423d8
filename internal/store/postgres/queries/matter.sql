-- name: matter-read
SELECT doc FROM matter WHERE log = $1 AND id = $2;

-- name: matters-read
SELECT doc FROM matter WHERE log = $1 AND id = ANY ($2::bigint[]);

-- The next two write all matters of a batch: each parameter after $1 is a list with one element for each.

-- name: matter-insert
INSERT INTO matter (log, id, procedure, state, open, unit, assignee, version, opened, due, wake, provisional, ended, late, title, doc)
SELECT $1::integer, m.id, m.procedure, m.state, m.open, m.unit, m.assignee, m.version, m.opened, m.due, m.wake, m.provisional, m.ended, m.late, m.title, m.doc
FROM unnest($2::bigint[], $3::text[], $4::text[], $5::boolean[], $6::text[], $7::text[], $8::integer[], $9::bigint[],
    $10::bigint[], $11::bigint[], $12::text[], $13::bigint[], $14::bigint[], $15::bytea[], $16::bytea[])
  AS m (id, procedure, state, open, unit, assignee, version, opened, due, wake, provisional, ended, late, title, doc);

-- name: matter-update
UPDATE matter SET procedure = m.procedure, state = m.state, open = m.open, unit = m.unit, assignee = m.assignee,
  version = m.version, due = m.due, wake = m.wake, provisional = m.provisional, ended = m.ended, late = m.late, title = m.title, doc = m.doc
FROM unnest($2::bigint[], $3::text[], $4::text[], $5::boolean[], $6::text[], $7::text[], $8::integer[], $9::bigint[],
    $10::bigint[], $11::text[], $12::bigint[], $13::bigint[], $14::bytea[], $15::bytea[])
  AS m (id, procedure, state, open, unit, assignee, version, due, wake, provisional, ended, late, title, doc)
WHERE matter.log = $1 AND matter.id = m.id;

-- The versions of those of the matters $2 that exist.

-- name: matter-versions
SELECT id, version FROM matter WHERE log = $1 AND id = ANY ($2::bigint[]);

-- $2 year, $3 how many serials, $4 the ID below the year's, $5 the year's highest ID. What is stored counts
-- too, for a log may have come from another database.

-- name: serial-take
INSERT INTO serial (log, year, next)
VALUES ($1, $2, 1 + $3 + (SELECT greatest(coalesce(max(id), 0) - $4::bigint, 0) FROM matter WHERE log = $1 AND id BETWEEN $4::bigint AND $5::bigint))
ON CONFLICT (log, year) DO UPDATE SET next = greatest(serial.next + $3, excluded.next)
RETURNING next - $3;

-- name: matter-wakes
SELECT id, wake FROM matter WHERE log = $1 AND wake < 4611686018427387903 ORDER BY wake LIMIT $2;

-- name: matter-provisional
SELECT id FROM matter WHERE log = $1 AND provisional <> '' AND provisional = $2 ORDER BY id LIMIT $3;

-- name: matter-checked
UPDATE matter SET provisional = $4 WHERE log = $1 AND id = $2 AND version = $3 RETURNING id;

-- name: disclosure-insert
INSERT INTO disclosure (log, matter, day, login, unit, first) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING;

-- name: disclosure-known
SELECT 1 FROM disclosure WHERE log = $1 AND matter = $2 AND day = $3 AND login = $4;

-- name: disclosures
SELECT day, login, unit, first FROM disclosure WHERE log = $1 AND matter = $2 ORDER BY first, login;
