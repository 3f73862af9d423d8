// Package postgres keeps everything in a PostgreSQL database, by the driver pgx. Several processes, here called
// nodes, may write to it at the same time.
//
// Each node has one committer that groups concurrent changes into one transaction of two round trips. The first
// locks the head of the log, which is the one step that all nodes take one after the other, and reads what the
// changes depend on; the second writes everything, leaves and signed checkpoint included, and commits. Readers
// never wait for it.
//
// One database can hold several logs, one per province or city, told apart by the number `luoshi_log` in the
// address. It leads every primary key, so that the tables can be spread over machines by it. The SQL keeps to
// what Citus, YugabyteDB and CockroachDB accept too: no triggers, stored functions, advisory locks, sequences,
// foreign keys or extensions.
//
// SQL lives in queries/*.sql and migrations/*.sql; no rule of casework lives here. File, query and migration
// names are those of package sqlite, but for the differences that a test lists.
//
// # Erasure
//
// Erasing sets content and its salt to NULL. PostgreSQL leaves the former version of the row in the table's
// file until VACUUM, which the store therefore runs after each erasure, on the tables that its account owns, as
// soon as no audit or backup under way sees the former version any more; from the commit on no other query does.
// A store that is closed before leaves it to the next erasure or to the server's own vacuum. VACUUM gives its
// place free to be written over; until that happens somebody with the server's files could still find bytes of
// it, which only VACUUM FULL rules out. What no VACUUM reaches: the write-ahead log until it is recycled, its
// archive, standby servers until they have followed, base backups and dumps. How long these are kept is for the
// operator to set, and to count into the time by which data must be gone.
package postgres
