-- $2 rows of matters, $3 the tokens of each joined by spaces, for arrays of different length cannot be sent as
-- one. A matter that is there already gets the new tokens.

-- name: search-put
INSERT INTO search (log, matter, tokens)
SELECT $1::integer, d.matter, string_to_array(d.tokens, ' ') FROM unnest($2::bigint[], $3::text[]) AS d (matter, tokens)
ON CONFLICT (log, matter) DO UPDATE SET tokens = excluded.tokens;

-- Writes out what waits in the index of words. Only PostgreSQL has this; SQLite does it in the writer.

-- name: search-flush
SELECT gin_clean_pending_list('search_tokens'::regclass);
