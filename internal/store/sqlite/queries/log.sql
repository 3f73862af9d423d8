-- name: log-size
SELECT coalesce(max(idx) + 1, 0) FROM entry;

-- name: commitments
SELECT commitment FROM entry WHERE idx >= ? AND idx < ? ORDER BY idx;

-- name: tile-read
SELECT data FROM tile WHERE level = ? AND idx = ?;

-- name: tile-insert
INSERT INTO tile (level, idx, data) VALUES (?, ?, ?);

-- name: checkpoint-insert
INSERT INTO checkpoint (size, signed) VALUES (?, ?);

-- name: checkpoint-newest
SELECT signed FROM checkpoint ORDER BY size DESC LIMIT 1;

-- name: checkpoint-after
SELECT size, signed FROM checkpoint WHERE size > ? ORDER BY size LIMIT 1;

-- name: audit-tiles
SELECT level, idx, data FROM tile ORDER BY level, idx;

-- name: audit-checkpoints
SELECT size, signed FROM checkpoint ORDER BY size;
