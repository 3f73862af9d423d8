-- name: file-insert
INSERT INTO file (log, id, name, media_type, kind, size, sha256, whole, expires)
VALUES ($1, $2, $3, $4, $5, $6, $7, false, $8) ON CONFLICT DO NOTHING;

-- name: file-part-put
INSERT INTO file_part (log, id, part, data) VALUES ($1, $2, $3, $4)
ON CONFLICT (log, id, part) DO UPDATE SET data = excluded.data;

-- name: file-whole
UPDATE file SET whole = true WHERE log = $1 AND id = $2;

-- name: file-read
SELECT name, media_type, kind, size, sha256, expires FROM file WHERE log = $1 AND id = $2 AND whole;

-- name: file-parts
SELECT data FROM file_part WHERE log = $1 AND id = $2 ORDER BY part;

-- Which of the files $2 are uploads that an entry may name.

-- name: file-free
SELECT id FROM file WHERE log = $1 AND id = ANY ($2::text[]) AND expires > 0 AND whole;

-- name: file-keep
UPDATE file SET expires = 0 WHERE log = $1 AND id = ANY ($2::text[]);

-- name: file-use-put
INSERT INTO file_use (log, id, matter)
SELECT $1::integer, u.id, u.matter FROM unnest($2::text[], $3::bigint[]) AS u (id, matter) ON CONFLICT DO NOTHING;

-- name: file-use-drop
DELETE FROM file_use USING unnest($2::text[], $3::bigint[]) AS u (id, matter)
WHERE file_use.log = $1 AND file_use.id = u.id AND file_use.matter = u.matter;

-- What nobody uses any more is removed.

-- name: file-part-drop
DELETE FROM file_part WHERE log = $1 AND id = ANY ($2::text[])
  AND NOT EXISTS (SELECT 1 FROM file_use u WHERE u.log = $1 AND u.id = file_part.id);

-- name: file-drop
DELETE FROM file WHERE log = $1 AND id = ANY ($2::text[])
  AND NOT EXISTS (SELECT 1 FROM file_use u WHERE u.log = $1 AND u.id = file.id);

-- name: upload-waiting
SELECT coalesce(sum(size), 0)::bigint FROM file WHERE log = $1 AND expires > 0;

-- name: upload-expired
SELECT count(*) FROM file WHERE log = $1 AND expires > 0 AND expires <= $2;

-- name: upload-part-drop
DELETE FROM file_part WHERE log = $1
  AND id IN (SELECT id FROM file WHERE log = $1 AND expires > 0 AND expires <= $2);

-- name: upload-drop
DELETE FROM file WHERE log = $1 AND expires > 0 AND expires <= $2;

-- name: audit-files
SELECT p.id, p.part, p.data FROM file_part p JOIN file f ON f.log = p.log AND f.id = p.id
WHERE p.log = $1 AND f.expires = 0 ORDER BY p.id, p.part;

-- name: audit-file-uses
SELECT id, matter FROM file_use WHERE log = $1;
