-- name: entry-insert
INSERT INTO entry (idx, matter, seq, act, salt, content, content_salt, commitment, request_key)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?);

-- name: entry-by-index
SELECT idx, act, salt, content, content_salt, commitment FROM entry WHERE idx = ?;

-- Where the entry of an idempotency key is; keys of the newest entries are not here yet (see request.go).

-- name: request-insert
INSERT INTO request (key, idx) VALUES (?, ?);

-- name: request-read
SELECT idx FROM request WHERE key = ?;

-- name: requests-known
SELECT key, idx FROM request WHERE key IN (SELECT unhex(value) FROM json_each(?));

-- name: requests-after
SELECT idx, request_key FROM entry WHERE idx >= ? AND request_key IS NOT NULL ORDER BY idx LIMIT ?;

-- name: entries
SELECT idx, act, salt, content, content_salt, commitment FROM entry WHERE matter = ? ORDER BY seq;

-- name: entries-of
SELECT idx, act, salt, content, content_salt, commitment FROM entry WHERE matter IN (SELECT value FROM json_each(?)) ORDER BY matter, seq;

-- name: entry-read
SELECT idx, act, salt, content, content_salt, commitment FROM entry WHERE matter = ? AND seq = ?;

-- name: entry-erase
UPDATE entry SET content = NULL, content_salt = NULL WHERE matter = ? AND seq = ?;

-- name: audit-requests
SELECT count(*) FROM entry e LEFT JOIN request r ON r.key = e.request_key
WHERE e.request_key IS NOT NULL AND r.idx IS NOT e.idx
  AND e.idx < coalesce((SELECT CAST(value AS INTEGER) FROM meta WHERE name = ?), 0);

-- name: audit-entries
SELECT idx, matter, seq, act, salt, content, content_salt, commitment, request_key FROM entry ORDER BY idx;

-- name: audit-histories
SELECT idx, matter, seq, act, salt, content, content_salt, commitment, request_key FROM entry ORDER BY matter, seq;

-- name: audit-matters
SELECT id, procedure, state, open = 1, unit, assignee, version, opened, due, wake, provisional, ended, late, title, doc FROM matter ORDER BY id;
