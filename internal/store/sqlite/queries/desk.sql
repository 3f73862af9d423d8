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

-- The texts are not read for a list.

-- name: drafts
SELECT id, title, version, login, changed, issued FROM draft WHERE unit = ? ORDER BY changed DESC, id;

-- name: draft-read
SELECT title, doc, version, login, changed, issued FROM draft WHERE unit = ? AND id = ?;

-- name: draft-put
INSERT INTO draft (unit, id, title, doc, version, login, changed, issued) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (unit, id) DO UPDATE SET title = excluded.title, doc = excluded.doc, version = excluded.version,
  login = excluded.login, changed = excluded.changed, issued = excluded.issued
WHERE draft.version = excluded.version - 1;

-- name: draft-drop
DELETE FROM draft WHERE unit = ? AND id = ?;
