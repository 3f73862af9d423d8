-- The head of the log is a row of its own: a node that writes holds it until it has committed. SQLite has one
-- writer, and reads the highest index.

-- name: log-size
SELECT coalesce((SELECT size FROM log WHERE log = $1), 0);

-- name: log-begin
INSERT INTO log (log, origin, size) VALUES ($1, $2, 0) ON CONFLICT (log) DO NOTHING;

-- name: log-origin
SELECT origin FROM log WHERE log = $1;

-- name: log-lock
SELECT origin, size FROM log WHERE log = $1 FOR UPDATE;

-- name: log-grow
UPDATE log SET size = $2 WHERE log = $1;

-- name: commitments
SELECT commitment FROM entry WHERE log = $1 AND idx >= $2 AND idx < $3 ORDER BY idx;

-- name: tile-read
SELECT data FROM tile WHERE log = $1 AND level = $2 AND idx = $3;

-- $2 levels, $3 indexes, $4 the tiles.

-- name: tile-insert
INSERT INTO tile (log, level, idx, data)
SELECT $1::integer, t.level, t.idx, t.data FROM unnest($2::integer[], $3::bigint[], $4::bytea[]) AS t (level, idx, data);

-- name: checkpoint-insert
INSERT INTO checkpoint (log, size, signed) VALUES ($1, $2, $3);

-- name: checkpoint-newest
SELECT signed FROM checkpoint WHERE log = $1 ORDER BY size DESC LIMIT 1;

-- name: checkpoint-after
SELECT size, signed FROM checkpoint WHERE log = $1 AND size > $2 ORDER BY size LIMIT 1;

-- Whether a batch whose commit was not answered is there.

-- name: checkpoint-at
SELECT signed FROM checkpoint WHERE log = $1 AND size = $2;

-- name: audit-tiles
SELECT level, idx, data FROM tile WHERE log = $1 ORDER BY level, idx;

-- name: audit-checkpoints
SELECT size, signed FROM checkpoint WHERE log = $1 ORDER BY size;

-- What SQLite's own check of its file finds, as far as PostgreSQL tells everybody.

-- name: audit-indexes
SELECT i.relname FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class t ON t.oid = x.indrelid
JOIN pg_attribute a ON a.attrelid = t.oid AND a.attname = 'log'
WHERE pg_table_is_visible(t.oid) AND NOT (x.indisvalid AND x.indisready) ORDER BY 1;

-- name: audit-pages
SELECT coalesce(sum(checksum_failures), 0)::bigint FROM pg_stat_database WHERE datname = current_database();

-- name: audit-head
SELECT (SELECT size FROM log WHERE log = $1), (SELECT coalesce(max(idx) + 1, 0) FROM entry WHERE log = $1);
