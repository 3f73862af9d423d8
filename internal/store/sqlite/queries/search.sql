-- name: search-insert
INSERT INTO search (rowid, tokens) VALUES (?, ?);

-- name: search-missing
SELECT id FROM matter WHERE id > ? UNION SELECT id FROM search_pending;

-- name: search-pending-insert
INSERT INTO search_pending (id) VALUES (?) ON CONFLICT DO NOTHING;

-- name: search-pending-clear
DELETE FROM search_pending;

-- name: search-merge
INSERT INTO search (search, rank) VALUES ('merge', ?);

-- name: changes-total
SELECT total_changes();

-- name: search-delete
DELETE FROM search WHERE rowid = ?;
