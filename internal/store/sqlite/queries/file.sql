-- name: file-insert
INSERT INTO file (id, name, media_type, kind, size, sha256, whole, expires) VALUES (?, ?, ?, ?, ?, ?, 0, ?) ON CONFLICT DO NOTHING;

-- name: file-part-put
INSERT INTO file_part (id, part, data) VALUES (?, ?, ?) ON CONFLICT (id, part) DO UPDATE SET data = excluded.data;

-- name: file-whole
UPDATE file SET whole = 1 WHERE id = ?;

-- name: file-read
SELECT name, media_type, kind, size, sha256, expires FROM file WHERE id = ? AND whole = 1;

-- name: file-parts
SELECT data FROM file_part WHERE id = ? ORDER BY part;

-- Whether a file is an upload that an entry may name.

-- name: file-free
SELECT id FROM file WHERE id = ? AND expires > 0 AND whole = 1;

-- name: file-keep
UPDATE file SET expires = 0 WHERE id = ?;

-- name: file-use-put
INSERT INTO file_use (id, matter) VALUES (?, ?) ON CONFLICT DO NOTHING;

-- name: file-use-drop
DELETE FROM file_use WHERE id = ? AND matter = ?;

-- What nobody uses any more is removed, part by part.

-- name: file-part-drop
DELETE FROM file_part WHERE id = ? AND NOT EXISTS (SELECT 1 FROM file_use u WHERE u.id = file_part.id);

-- name: file-drop
DELETE FROM file WHERE id = ? AND NOT EXISTS (SELECT 1 FROM file_use u WHERE u.id = file.id);

-- name: upload-waiting
SELECT coalesce(sum(size), 0) FROM file WHERE expires > 0;

-- name: upload-expired
SELECT count(*) FROM file WHERE expires > 0 AND expires <= ?;

-- name: upload-part-drop
DELETE FROM file_part WHERE id IN (SELECT id FROM file WHERE expires > 0 AND expires <= ?);

-- name: upload-drop
DELETE FROM file WHERE expires > 0 AND expires <= ?;

-- name: audit-files
SELECT p.id, p.part, p.data FROM file_part p JOIN file f ON f.id = p.id WHERE f.expires = 0 ORDER BY p.id, p.part;

-- name: audit-file-uses
SELECT id, matter FROM file_use;
