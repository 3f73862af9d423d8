-- Lists are keyset pages. Parameters ?1 state, ?2 procedure prefix, ?3 assignee, ?4 open (1, 0 or -1 for
-- both), ?5 JSON list of units or '' for all, ?6 ?7 cursor, ?8 limit, ?9 of the newest the first row. Each names the index that serves it;
-- a test asserts the plans.

-- name: list-due
SELECT id, procedure, state, open, unit, assignee, version, opened, due, title
FROM matter INDEXED BY matter_due
WHERE open = 1 AND (due, id) > (?6, ?7)
  AND (?1 = '' OR state = ?1) AND (?2 = '' OR procedure = ?2 OR procedure GLOB ?2 || '@*')
  AND (?3 = '' OR assignee = ?3) AND ?4 <> 0
  AND (?5 = '' OR unit IN (SELECT value FROM json_each(?5)))
ORDER BY due, id LIMIT ?8;

-- name: list-assignee-due
SELECT id, procedure, state, open, unit, assignee, version, opened, due, title
FROM matter INDEXED BY matter_assignee
WHERE open = 1 AND assignee = ?3 AND assignee <> '' AND (due, id) > (?6, ?7)
  AND (?1 = '' OR state = ?1) AND (?2 = '' OR procedure = ?2 OR procedure GLOB ?2 || '@*')
  AND ?4 <> 0
  AND (?5 = '' OR unit IN (SELECT value FROM json_each(?5)))
ORDER BY due, id LIMIT ?8;

-- name: list-assignee-newest
SELECT id, procedure, state, open, unit, assignee, version, opened, due, title
FROM matter INDEXED BY matter_assignee_newest
WHERE assignee = ?3 AND assignee <> '' AND id < ?7 AND ?6 = ?6
  AND (?1 = '' OR state = ?1) AND (?2 = '' OR procedure = ?2 OR procedure GLOB ?2 || '@*')
  AND (?4 = -1 OR open = ?4)
  AND (?5 = '' OR unit IN (SELECT value FROM json_each(?5)))
ORDER BY id DESC LIMIT ?8;

-- name: list-newest
SELECT id, procedure, state, open, unit, assignee, version, opened, due, title
FROM matter
WHERE id < ?7 AND id >= ?9 AND ?6 = ?6
  AND (?1 = '' OR state = ?1) AND (?2 = '' OR procedure = ?2 OR procedure GLOB ?2 || '@*')
  AND (?3 = '' OR assignee = ?3) AND (?4 = -1 OR open = ?4)
  AND (?5 = '' OR unit IN (SELECT value FROM json_each(?5)))
ORDER BY id DESC LIMIT ?8;

-- name: list-top
SELECT coalesce(max(id), 0) FROM matter WHERE id < ?1;

-- One place is a (unit, procedure, state); few places are merged in Go. ?1 unit, ?2 procedure, ?3 state,
-- ?4 assignee, ?5 ?6 cursor, ?7 limit.

-- name: list-place-due
SELECT id, procedure, state, open, unit, assignee, version, opened, due, title
FROM matter INDEXED BY matter_place_due
WHERE open = 1 AND unit = ?1 AND procedure = ?2 AND state = ?3 AND (due, id) > (?5, ?6) AND (?4 = '' OR assignee = ?4)
ORDER BY due, id LIMIT ?7;

-- name: list-place-newest
SELECT id, procedure, state, open, unit, assignee, version, opened, due, title
FROM matter INDEXED BY matter_place
WHERE unit = ?1 AND procedure = ?2 AND state = ?3 AND id < ?6 AND ?5 = ?5 AND (?4 = '' OR assignee = ?4)
ORDER BY id DESC LIMIT ?7;

-- ?9 expression, ?10 lowest row, ?11 ?12 due after and up to, ?13 1 for those that are nobody's.

-- name: list-search
SELECT m.id, m.procedure, m.state, m.open, m.unit, m.assignee, m.version, m.opened, m.due, m.title
FROM search s CROSS JOIN matter m ON m.id = s.rowid
WHERE search MATCH ?9 AND s.rowid < ?7 AND s.rowid >= ?10 AND ?6 = ?6
  AND (?1 = '' OR m.state = ?1) AND (?2 = '' OR m.procedure = ?2 OR m.procedure GLOB ?2 || '@*')
  AND (?3 = '' OR m.assignee = ?3) AND (?4 = -1 OR m.open = ?4)
  AND (?5 = '' OR m.unit IN (SELECT value FROM json_each(?5)))
  AND m.due > ?11 AND m.due <= ?12 AND (?13 = 0 OR m.assignee = '')
ORDER BY s.rowid DESC LIMIT ?8;

-- The row of the hit so many hits further on: ?1 expression, ?2 cursor, ?3 how many.

-- name: search-bound
SELECT rowid FROM search WHERE search MATCH ?1 AND rowid < ?2 ORDER BY rowid DESC LIMIT 1 OFFSET ?3;

-- A search where few matters are in question, collected first: ?1 expression, ?2 JSON list of [unit,
-- procedure, state], ?3 cursor, ?4 assignee, ?5 limit, ?6 to ?8 as ?11 to ?13. The + keeps SQLite from asking the
-- index matter by matter, which is slower than coming past all hits; the oldest of the matters says where to stop.

-- name: list-search-few
WITH few AS MATERIALIZED (
  SELECT c.id FROM json_each(?2) p CROSS JOIN matter c INDEXED BY matter_place
    ON c.unit = p.value ->> 0 AND c.procedure = p.value ->> 1 AND c.state = p.value ->> 2 AND c.id < ?3)
SELECT m.id, m.procedure, m.state, m.open, m.unit, m.assignee, m.version, m.opened, m.due, m.title
FROM search s CROSS JOIN matter m ON m.id = s.rowid
WHERE search MATCH ?1 AND s.rowid < ?3 AND s.rowid >= (SELECT min(id) FROM few)
  AND +s.rowid IN (SELECT id FROM few) AND (?4 = '' OR m.assignee = ?4)
  AND m.due > ?6 AND m.due <= ?7 AND (?8 = 0 OR m.assignee = '')
ORDER BY s.rowid DESC LIMIT ?5;

-- ?1 JSON list of numbers.

-- name: list-these
SELECT m.id, m.procedure, m.state, m.open, m.unit, m.assignee, m.version, m.opened, m.due, m.title
FROM json_each(?1) i CROSS JOIN matter m ON m.id = i.value;
