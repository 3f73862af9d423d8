-- What the board is filled with. Of what has ended, only when and where it counts.

-- name: board-open
SELECT id, unit, procedure, state, assignee, due, opened, late FROM matter INDEXED BY matter_due WHERE open = 1;

-- name: board-ended
SELECT id, unit, opened, ended, late FROM matter INDEXED BY matter_ended WHERE ended > 0 AND ended >= ?;
