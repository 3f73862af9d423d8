-- What the board is filled with. Of what has ended, only when and where it counts.

-- name: board-open
SELECT id, unit, procedure, state, assignee, due, opened, late FROM matter WHERE log = $1 AND open;

-- name: board-ended
SELECT id, unit, opened, ended, late FROM matter WHERE log = $1 AND ended > 0 AND ended >= $2;

-- The matters that have changed since the log had $2 entries, and its size now. While nothing is written nothing else is
-- looked at. SQLite has one process, whose committer puts them on the board.

-- name: board-changed
SELECT l.size, m.id, m.unit, m.procedure, m.state, m.open, m.assignee, m.due, m.opened, m.ended, m.late
FROM log l LEFT JOIN matter m ON m.log = l.log AND m.id = ANY (ARRAY(SELECT DISTINCT e.matter FROM entry e WHERE e.log = $1 AND e.idx >= $2))
WHERE l.log = $1 AND l.size > $2;
