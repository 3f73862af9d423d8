-- Lists are keyset pages. Parameters ?1 state, ?2 procedure prefix, ?3 assignee, ?4 open (1, 0 or -1 for
-- both), ?5 JSON list of units or '' for all, ?6 ?7 cursor, ?8 limit. Each names the index that serves it;
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

-- name: list-newest
SELECT id, procedure, state, open, unit, assignee, version, opened, due, title
FROM matter
WHERE id < ?7 AND ?6 = ?6
  AND (?1 = '' OR state = ?1) AND (?2 = '' OR procedure = ?2 OR procedure GLOB ?2 || '@*')
  AND (?3 = '' OR assignee = ?3) AND (?4 = -1 OR open = ?4)
  AND (?5 = '' OR unit IN (SELECT value FROM json_each(?5)))
ORDER BY id DESC LIMIT ?8;

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

-- name: list-search
SELECT m.id, m.procedure, m.state, m.open, m.unit, m.assignee, m.version, m.opened, m.due, m.title
FROM search s CROSS JOIN matter m ON m.id = s.rowid
WHERE search MATCH ?9 AND s.rowid < ?7 AND ?6 = ?6
  AND (?1 = '' OR m.state = ?1) AND (?2 = '' OR m.procedure = ?2 OR m.procedure GLOB ?2 || '@*')
  AND (?3 = '' OR m.assignee = ?3) AND (?4 = -1 OR m.open = ?4)
  AND (?5 = '' OR m.unit IN (SELECT value FROM json_each(?5)))
ORDER BY s.rowid DESC LIMIT ?8;
