-- name: tally-add
INSERT INTO tally (unit, procedure, state, open, n) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (unit, procedure, state) DO UPDATE SET n = n + excluded.n;

-- name: tally-all
SELECT unit, procedure, state, open = 1, n FROM tally WHERE n <> 0;
