-- Notifications: of matters right after the commit, in the same round trip; of units, accounts and procedures
-- within the transaction. Nobody hears of what was not committed. Each says which size of the log its batch led
-- from and to, so that a lost one is noticed (store/postgres/watch.go). On SQLite there is one process, which tells
-- its own watchers. Not every engine knows them: the store tries first.

-- name: news-send
SELECT pg_notify('luoshi_'::text || $1::integer, $2::text);

-- name: news-try
SELECT pg_notify('luoshi_nobody', '');
