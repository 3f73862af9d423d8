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

-- The texts are not read for a list.

-- name: drafts
SELECT id, title, version, login, changed, issued FROM draft WHERE log = $1 AND unit = $2 ORDER BY changed DESC, id;

-- name: draft-read
SELECT title, doc, version, login, changed, issued FROM draft WHERE log = $1 AND unit = $2 AND id = $3;

-- name: draft-put
INSERT INTO draft (log, unit, id, title, doc, version, login, changed, issued) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT (log, unit, id) DO UPDATE SET title = excluded.title, doc = excluded.doc, version = excluded.version,
  login = excluded.login, changed = excluded.changed, issued = excluded.issued
WHERE draft.version = excluded.version - 1
RETURNING version;

-- name: draft-drop
DELETE FROM draft WHERE log = $1 AND unit = $2 AND id = $3;
