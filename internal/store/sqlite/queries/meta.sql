-- name: meta-read
SELECT value FROM meta WHERE name = ?;

-- name: meta-put
INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value;

-- name: procedures
SELECT key, source, publisher, published FROM procedure;

-- name: procedure-put
INSERT INTO procedure (key, source, publisher, published) VALUES (?, ?, ?, ?);
