-- name: worklists
SELECT name, query, added FROM worklist WHERE log = $1 AND login = $2 ORDER BY added, name;

-- name: worklist-put
INSERT INTO worklist (log, login, name, query, added) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (log, login, name) DO UPDATE SET query = excluded.query;

-- name: worklist-drop
DELETE FROM worklist WHERE log = $1 AND login = $2 AND name = $3;

-- name: replies
SELECT id, procedure, step, name, body, login, changed FROM reply WHERE log = $1 AND unit = $2 ORDER BY name, id;

-- name: reply-put
INSERT INTO reply (log, unit, id, procedure, step, name, body, login, changed) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT (log, unit, id) DO UPDATE SET procedure = excluded.procedure, step = excluded.step, name = excluded.name,
  body = excluded.body, login = excluded.login, changed = excluded.changed;

-- name: reply-drop
DELETE FROM reply WHERE log = $1 AND unit = $2 AND id = $3;
