-- name: worklists
SELECT name, query, added FROM worklist WHERE login = ? ORDER BY added, name;

-- name: worklist-put
INSERT INTO worklist (login, name, query, added) VALUES (?, ?, ?, ?)
ON CONFLICT (login, name) DO UPDATE SET query = excluded.query;

-- name: worklist-drop
DELETE FROM worklist WHERE login = ? AND name = ?;

-- name: replies
SELECT id, procedure, step, name, body, login, changed FROM reply WHERE unit = ? ORDER BY name, id;

-- name: reply-put
INSERT INTO reply (unit, id, procedure, step, name, body, login, changed) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (unit, id) DO UPDATE SET procedure = excluded.procedure, step = excluded.step, name = excluded.name,
  body = excluded.body, login = excluded.login, changed = excluded.changed;

-- name: reply-drop
DELETE FROM reply WHERE unit = ? AND id = ?;
