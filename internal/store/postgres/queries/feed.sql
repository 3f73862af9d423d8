-- name: feed-read
SELECT login, hash, lang, made FROM feed WHERE log = $1 AND login = $2;

-- name: feed-by-hash
SELECT login, hash, lang, made FROM feed WHERE log = $1 AND hash = $2;

-- name: feed-put
INSERT INTO feed (log, login, hash, lang, made) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (log, login) DO UPDATE SET hash = excluded.hash, lang = excluded.lang, made = excluded.made;

-- name: feed-drop
DELETE FROM feed WHERE log = $1 AND login = $2;
