-- name: entry-insert
INSERT INTO entry (idx, matter, seq, act, salt, content, content_salt, commitment, request_key)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?);

-- name: entry-by-request
SELECT idx, act, salt, content, content_salt, commitment FROM entry WHERE request_key = ?;

-- name: entry-request-known
SELECT 1 FROM entry WHERE request_key = ?;

-- name: entries
SELECT idx, act, salt, content, content_salt, commitment FROM entry WHERE matter = ? ORDER BY seq;

-- name: entry-read
SELECT idx, act, salt, content, content_salt, commitment FROM entry WHERE matter = ? AND seq = ?;

-- name: entry-erase
UPDATE entry SET content = NULL, content_salt = NULL WHERE matter = ? AND seq = ?;

-- name: audit-entries
SELECT idx, matter, seq, act, salt, content, content_salt, commitment, request_key FROM entry ORDER BY idx;

-- name: audit-histories
SELECT idx, matter, seq, act, salt, content, content_salt, commitment, request_key FROM entry ORDER BY matter, seq;

-- name: audit-matters
SELECT id, procedure, state, open = 1, unit, assignee, version, opened, due, lapse, title, doc FROM matter ORDER BY id;
