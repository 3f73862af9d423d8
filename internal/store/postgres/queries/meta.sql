-- name: meta-read
SELECT value FROM meta WHERE log = $1 AND name = $2;

-- $2 names. What forbids writing is asked for together, by whoever has the head of the log.

-- name: meta-several
SELECT name, value FROM meta WHERE log = $1 AND name = ANY($2::text[]);

-- Whoever fills the log holds the mark that says so, change by change.

-- name: meta-lock
SELECT value FROM meta WHERE log = $1 AND name = $2 FOR UPDATE;

-- name: meta-put
INSERT INTO meta (log, name, value) VALUES ($1, $2, $3) ON CONFLICT (log, name) DO UPDATE SET value = excluded.value;

-- name: procedures
SELECT key, source, publisher, published FROM procedure WHERE log = $1;

-- name: procedure-put
INSERT INTO procedure (log, key, source, publisher, published) VALUES ($1, $2, $3, $4, $5);

-- name: calendars
SELECT name, seq, version, source, added FROM calendar WHERE log = $1 ORDER BY name, seq;

-- name: calendars-in-force
SELECT name, max(seq) FROM calendar WHERE log = $1 GROUP BY name;

-- name: calendar-put
INSERT INTO calendar (log, name, seq, version, source, added) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING;

-- Of the whole database, and not of one log. SQLite keeps the number of the schema in the file's header, and
-- has files instead of rights.

-- name: schema-there
SELECT to_regclass('schema_migration') IS NOT NULL;

-- name: schema-create
CREATE TABLE IF NOT EXISTS schema_migration (
  version integer PRIMARY KEY,
  name    text NOT NULL,
  oldest  integer NOT NULL -- programs that know the schema up to this number still work on it
);

-- name: schema-applied
SELECT version, name, oldest FROM schema_migration ORDER BY version;

-- name: schema-add
INSERT INTO schema_migration (version, name, oldest) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING;

-- name: rights-missing
SELECT c.relname, r.name
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'log' AND NOT a.attisdropped
CROSS JOIN unnest($1::text[]) AS r (name)
WHERE c.relkind IN ('r', 'p') AND pg_table_is_visible(c.oid) AND NOT has_table_privilege(c.oid, r.name)
ORDER BY c.relname, r.name LIMIT 1;

-- name: who
SELECT quote_ident(current_user), quote_ident(coalesce(current_schema(), 'public'));

-- Which transactions are under way: the number that the next one will have, and the lowest of which somebody
-- may not yet see that it is committed. A transaction that only reads has no number, but its snapshot counts, and
-- so do those of standby servers; of other databases, none.

-- name: snapshots
SELECT now.next, least(now.oldest, now.next - coalesce((
    SELECT max(age(held.since)) FROM (
      SELECT a.backend_xmin FROM pg_stat_activity a WHERE a.datid IS NULL OR a.datname = current_database()
      UNION ALL SELECT r.xmin FROM pg_replication_slots r) AS held (since)), 0))
FROM (SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint, pg_snapshot_xmin(pg_current_snapshot())::text::bigint)
  AS now (next, oldest);
