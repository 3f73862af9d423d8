-- Where SQLite writes row after row, one statement writes those of the whole batch: each parameter after $1 is
-- a list with one element for each row.

-- name: entry-insert
INSERT INTO entry (log, idx, matter, seq, act, salt, content, content_salt, commitment, request_key)
SELECT $1::integer, e.idx, e.matter, e.seq, e.act, e.salt, e.content, e.content_salt, e.commitment, e.request_key
FROM unnest($2::bigint[], $3::bigint[], $4::integer[], $5::bytea[], $6::bytea[], $7::bytea[], $8::bytea[], $9::bytea[], $10::bytea[])
  AS e (idx, matter, seq, act, salt, content, content_salt, commitment, request_key);

-- name: entry-by-request
SELECT idx, act, salt, content, content_salt, commitment FROM entry WHERE log = $1 AND request_key = $2;

-- Those of the keys $2 that are used.

-- name: entry-requests
SELECT request_key FROM entry WHERE log = $1 AND request_key = ANY ($2::bytea[]);

-- name: entries
SELECT idx, act, salt, content, content_salt, commitment FROM entry WHERE log = $1 AND matter = $2 ORDER BY seq;

-- name: entries-of
SELECT idx, act, salt, content, content_salt, commitment FROM entry WHERE log = $1 AND matter = ANY ($2::bigint[]) ORDER BY matter, seq;

-- name: entry-read
SELECT idx, act, salt, content, content_salt, commitment FROM entry WHERE log = $1 AND matter = $2 AND seq = $3;

-- name: entry-erase
UPDATE entry SET content = NULL, content_salt = NULL
FROM unnest($2::bigint[], $3::integer[]) AS e (matter, seq)
WHERE entry.log = $1 AND entry.matter = e.matter AND entry.seq = e.seq;

-- name: audit-entries
SELECT idx, matter, seq, act, salt, content, content_salt, commitment, request_key FROM entry WHERE log = $1 ORDER BY idx;

-- name: audit-histories
SELECT idx, matter, seq, act, salt, content, content_salt, commitment, request_key FROM entry WHERE log = $1 ORDER BY matter, seq;

-- name: audit-matters
SELECT id, procedure, state, open, unit, assignee, version, opened, due, wake, provisional, ended, late, title, doc FROM matter WHERE log = $1 ORDER BY id;
