-- Lists are keyset pages. Every question is planned with its values in hand (see store/postgres/list.go), so
-- that a condition such as ($2 = '' OR state = $2) becomes what it says or goes away. Parameters of the first
-- four: $1 log, $2 state, $3 procedure prefix, $4 units or NULL for all, $5 limit, $6 id of the cursor, then $7
-- its due or whether open (NULL: both), and $8 assignee. Keys of procedures are compared by bytes, and 'A' comes
-- after '@': what lies between is id@version, and PostgreSQL can tell how many that are. A test asserts the plans.

-- name: list-due
SELECT id, procedure, state, open, unit, assignee, version, opened, due, title
FROM matter
WHERE log = $1 AND open AND (due, id) > ($7, $6)
  AND ($2 = '' OR state = $2) AND ($3 = '' OR procedure = $3 OR procedure >= $3 || '@' AND procedure < $3 || 'A')
  AND ($4::text[] IS NULL OR unit = ANY ($4))
ORDER BY due, id LIMIT $5;

-- name: list-assignee-due
SELECT id, procedure, state, open, unit, assignee, version, opened, due, title
FROM matter
WHERE log = $1 AND open AND assignee = $8 AND assignee <> '' AND (due, id) > ($7, $6)
  AND ($2 = '' OR state = $2) AND ($3 = '' OR procedure = $3 OR procedure >= $3 || '@' AND procedure < $3 || 'A')
  AND ($4::text[] IS NULL OR unit = ANY ($4))
ORDER BY due, id LIMIT $5;

-- name: list-assignee-newest
SELECT id, procedure, state, open, unit, assignee, version, opened, due, title
FROM matter
WHERE log = $1 AND assignee = $8 AND assignee <> '' AND id < $6
  AND ($2 = '' OR state = $2) AND ($3 = '' OR procedure = $3 OR procedure >= $3 || '@' AND procedure < $3 || 'A')
  AND ($7::boolean IS NULL OR open = $7) AND ($4::text[] IS NULL OR unit = ANY ($4))
ORDER BY id DESC LIMIT $5;

-- name: list-newest
SELECT id, procedure, state, open, unit, assignee, version, opened, due, title
FROM matter
WHERE log = $1 AND id < $6 AND id >= $8
  AND ($2 = '' OR state = $2) AND ($3 = '' OR procedure = $3 OR procedure >= $3 || '@' AND procedure < $3 || 'A')
  AND ($7::boolean IS NULL OR open = $7) AND ($4::text[] IS NULL OR unit = ANY ($4))
ORDER BY id DESC LIMIT $5;

-- One place is a (unit, procedure, state); few places are merged in Go. They are asked for together, which
-- costs one round trip: SQLite asks for one after the other. $2 units, $3 procedures, $4 states, $5 ids of
-- the cursors, $6 limit for each place, $7 dues of the cursors. The first column says whose row it is.

-- name: list-place-due
SELECT p.n, m.id, m.procedure, m.state, m.open, m.unit, m.assignee, m.version, m.opened, m.due, m.title
FROM unnest($2::text[], $3::text[], $4::text[], $5::bigint[], $7::bigint[]) WITH ORDINALITY AS p (unit, procedure, state, id, due, n)
CROSS JOIN LATERAL (
  SELECT * FROM matter c
  WHERE c.log = $1 AND c.open AND c.unit = p.unit AND c.procedure = p.procedure AND c.state = p.state AND (c.due, c.id) > (p.due, p.id)
  ORDER BY c.due, c.id LIMIT $6) m;

-- name: list-place-newest
SELECT p.n, m.id, m.procedure, m.state, m.open, m.unit, m.assignee, m.version, m.opened, m.due, m.title
FROM unnest($2::text[], $3::text[], $4::text[], $5::bigint[]) WITH ORDINALITY AS p (unit, procedure, state, id, n)
CROSS JOIN LATERAL (
  SELECT * FROM matter c
  WHERE c.log = $1 AND c.unit = p.unit AND c.procedure = p.procedure AND c.state = p.state AND c.id < p.id
  ORDER BY c.id DESC LIMIT $6) m;

-- A search first finds numbers of matters, $2 at most, newest first, that have the words $3 and, but for NULL,
-- one of the places in the order of numbers $4. The + 0 holds PostgreSQL to the index of words: it would
-- otherwise guess how often words come together, and when it guesses wrong walk through a million matters.

-- The words lead: $5 and $6 numbers of which the first is looked at and the second not any more, $7 tokens of
-- units or NULL.

-- name: list-search
SELECT s.matter + 0 AS id FROM search s
WHERE s.log = $1 AND s.tokens @> $3::text[] AND ($4::text[] IS NULL OR s.tokens && $4)
  AND ($7::text[] IS NULL OR s.tokens && $7) AND s.matter + 0 >= $5 AND s.matter + 0 < $6
ORDER BY s.matter + 0 DESC LIMIT $2;

-- Few matters lead, which have been collected: $5. They are found by number, those with the words by the index
-- of words, and only what both have is read.

-- name: list-search-few
SELECT s.matter + 0 AS id FROM search s
WHERE s.log = $1 AND s.tokens @> $3::text[] AND ($4::text[] IS NULL OR s.tokens && $4) AND s.matter = ANY ($5::bigint[])
ORDER BY s.matter + 0 DESC LIMIT $2;

-- The matters that were found, $3, if they are such as asked for: $4 state, $5 procedure prefix, $6 open or NULL,
-- $7 units or NULL, $8 assignee, $9 $10 due after and up to, $11 whether only those that are nobody's. $2 limit.
-- The + 0 holds PostgreSQL to the numbers, which are few.

-- name: list-search-look
SELECT id, procedure, state, open, unit, assignee, version, opened, due, title
FROM matter
WHERE log = $1 AND id = ANY ($3::bigint[]) AND ($4 = '' OR state = $4)
  AND ($5 = '' OR procedure = $5 OR procedure >= $5 || '@' AND procedure < $5 || 'A')
  AND ($6::boolean IS NULL OR open = $6) AND ($7::text[] IS NULL OR unit = ANY ($7)) AND ($8 = '' OR assignee = $8)
  AND due + 0 > $9 AND due + 0 <= $10 AND (NOT $11::boolean OR assignee = '')
ORDER BY id DESC LIMIT $2;

-- What is collected, newest first: $2 at most, numbers from $3 to below $4. SQLite does it in list-search-few.
-- Of places: $5 units, $6 procedures, $7 states. Of one person: $5.

-- name: list-search-places
SELECT c.id FROM unnest($5::text[], $6::text[], $7::text[]) AS p (unit, procedure, state)
CROSS JOIN LATERAL (
  SELECT c.id FROM matter c
  WHERE c.log = $1 AND c.unit = p.unit AND c.procedure = p.procedure AND c.state = p.state AND c.id >= $3 AND c.id < $4
  OFFSET 0) c
ORDER BY c.id DESC LIMIT $2;

-- name: list-search-assignee
SELECT id FROM matter
WHERE log = $1 AND assignee = $5 AND assignee <> '' AND id >= $3 AND id < $4
ORDER BY id DESC LIMIT $2;

-- The newest matter below $3, where a walk or a search begins to read: whole years may have none. $2 is 1.

-- name: list-top
SELECT id FROM matter WHERE log = $1 AND id < $3 ORDER BY id DESC LIMIT $2;

-- $2 numbers.

-- name: list-these
SELECT id, procedure, state, open, unit, assignee, version, opened, due, title
FROM matter WHERE log = $1 AND id = ANY ($2::bigint[]);
