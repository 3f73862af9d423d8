-- name: matter-read
SELECT doc FROM matter WHERE id = ?;

-- The parameter is a list of IDs, in JSON.

-- name: matters-read
SELECT doc FROM matter WHERE id IN (SELECT value FROM json_each(?));

-- name: matter-insert
INSERT INTO matter (id, procedure, state, open, unit, assignee, version, opened, due, wake, provisional, ended, late, title, doc)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- name: matter-update
UPDATE matter SET procedure = ?, state = ?, open = ?, unit = ?, assignee = ?, version = ?, due = ?, wake = ?, provisional = ?, ended = ?, late = ?, title = ?, doc = ?
WHERE id = ? AND version = ?;

-- name: matter-version
SELECT version FROM matter WHERE id = ?;

-- name: matter-max
SELECT coalesce(max(id), 0) FROM matter WHERE id BETWEEN ? AND ?;

-- name: matter-wakes
SELECT id, wake FROM matter WHERE wake < 4611686018427387903 ORDER BY wake LIMIT ?;

-- name: matter-provisional
SELECT id FROM matter WHERE provisional <> '' AND provisional = ? ORDER BY id LIMIT ?;

-- name: matter-checked
UPDATE matter SET provisional = ? WHERE id = ? AND version = ?;

-- name: disclosure-insert
INSERT INTO disclosure (matter, day, login, unit, first) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING;

-- name: disclosure-known
SELECT 1 FROM disclosure WHERE matter = ? AND day = ? AND login = ?;

-- name: disclosures
SELECT day, login, unit, first FROM disclosure WHERE matter = ? ORDER BY first, login;
