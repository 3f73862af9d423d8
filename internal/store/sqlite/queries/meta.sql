-- name: meta-read
SELECT value FROM meta WHERE name = ?;

-- name: meta-put
INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value;

-- name: procedures
SELECT key, source, publisher, published FROM procedure;

-- name: procedure-put
INSERT INTO procedure (key, source, publisher, published) VALUES (?, ?, ?, ?);

-- name: calendars
SELECT name, seq, version, source, added FROM calendar ORDER BY name, seq;

-- name: calendars-in-force
SELECT name, max(seq) FROM calendar GROUP BY name;

-- name: calendar-put
INSERT INTO calendar (name, seq, version, source, added) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING;
