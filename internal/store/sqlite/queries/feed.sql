-- name: feed-read
SELECT login, hash, lang, made FROM feed WHERE login = ?;

-- name: feed-by-hash
SELECT login, hash, lang, made FROM feed WHERE hash = ?;

-- name: feed-put
INSERT INTO feed (login, hash, lang, made) VALUES (?, ?, ?, ?)
ON CONFLICT (login) DO UPDATE SET hash = excluded.hash, lang = excluded.lang, made = excluded.made;

-- name: feed-drop
DELETE FROM feed WHERE login = ?;
