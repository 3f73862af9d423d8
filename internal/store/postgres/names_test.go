package postgres_test

import (
	"path/filepath"
	"strings"
	"testing"
)

// difference is what only one of the two stores has, and why.
type difference struct{ only, kind, names, why string }

// differences are all that there are. One that does not exist any more fails, like one that is not here.
func differences() []difference {
	return []difference{
		{"postgres", "Go file", "errors.go", "a server can be away, too old or closed to somebody; a file is there or not"},
		{"postgres", "Go file", "rows.go", "a batch is written in one round trip, its rows as lists; SQLite writes row after row"},
		{"postgres", "Go file", "vacuum.go", "old versions of erased rows are removed by VACUUM; SQLite overwrites them (secure_delete)"},
		{"postgres", "Go file", "place.go few.go", "the index of words has no order of its own, as rowid gives it on SQLite"},
		{"postgres", "query", "list-search-assignee list-search-look list-search-places search-flush", "likewise; and its index has a pending list, which the node writes out itself"},
		{"postgres", "query", "search-put", "writes and rewrites in one statement; on SQLite the index is a virtual table without ON CONFLICT"},
		{"sqlite", "query", "search-bound", "PostgreSQL reads ranges of numbers, which end where they end; here a search stops after so many hits"},
		{"sqlite", "query", "search-insert search-delete search-missing search-pending-insert search-pending-clear search-merge changes-total", "the same; and there the index may lag behind, and is caught up after a crash"},
		{"postgres", "query", "log-begin log-origin log-lock log-grow audit-head checkpoint-at tally-changed board-changed", "several nodes write: the head of the log is a row that they lock, and look at for what others have done"},
		{"postgres", "query", "serial-take", "numbers are given out by the database, for several nodes"},
		{"sqlite", "query", "matter-max", "the one process gives numbers out by itself, after the highest"},
		{"postgres", "query", "matter-versions entry-requests", "asked for the whole batch in one round trip"},
		{"sqlite", "query", "matter-version", "asked matter by matter, which costs nothing there"},
		{"postgres", "query", "entry-by-request", "idempotency keys are an index of the entries"},
		{"sqlite", "Go file", "request.go", "idempotency keys are a table that is written in large pieces, for an index of random keys is slow there"},
		{"sqlite", "query", "request-insert request-read requests-after requests-known audit-requests entry-by-index", "likewise"},
		{"sqlite", "Go file", "wal.go", "the write-ahead log is written back by the program; PostgreSQL does that by itself"},
		{"postgres", "query file", "news.sql", "other processes hear by notifications; on SQLite there is one process"},
		{"postgres", "query", "news-send news-try", "likewise"},
		{"postgres", "query", "schema-there schema-create schema-applied schema-add", "the number of the schema is in a table; SQLite has user_version for it"},
		{"postgres", "query", "meta-several meta-lock", "a fill or a move may begin while nodes run; on SQLite the lock on the file is held by one process"},
		{"postgres", "query", "snapshots", "VACUUM has to wait for those who still see what was erased"},
		{"postgres", "query", "rights-missing who", "a server has users with rights; a file has modes"},
		{"postgres", "query", "audit-indexes audit-pages", "SQLite has integrity_check"},
	}
}

// What one looks for in one store is found under the same name in the other.
func TestBothStoresUseTheSameNames(t *testing.T) {
	sqlite, postgres := names(t, "../sqlite"), names(t, ".")
	known := map[[3]string]bool{}
	for _, d := range differences() {
		for _, name := range strings.Fields(d.names) {
			known[[3]string{d.kind, name, d.only}] = false
		}
	}
	compare := func(have, other map[[2]string]bool, only string) {
		for n := range have {
			key := [3]string{n[0], n[1], only}
			if other[n] {
				continue
			}
			if _, listed := known[key]; !listed {
				t.Errorf("%s %s: only %s has it", n[0], n[1], only)
			}
			known[key] = true
		}
	}
	compare(sqlite, postgres, "sqlite")
	compare(postgres, sqlite, "postgres")
	for key, exists := range known {
		if !exists {
			t.Errorf("%s %s: it is not true any more that only %s has it; take it off the list", key[0], key[1], key[2])
		}
	}
}

// names are the pairs of kind and name of a store: its queries, their files, its migrations and its Go files.
func names(t *testing.T, dir string) map[[2]string]bool {
	t.Helper()
	all := map[[2]string]bool{}
	for _, file := range glob(t, filepath.Join(dir, "queries", "*.sql")) {
		all[[2]string{"query file", filepath.Base(file)}] = true
		for _, part := range strings.Split(read(t, file), "-- name: ")[1:] {
			name, _, _ := strings.Cut(part, "\n")
			all[[2]string{"query", strings.TrimSpace(name)}] = true
		}
	}
	for _, file := range glob(t, filepath.Join(dir, "migrations", "*.sql")) {
		number, _, _ := strings.Cut(filepath.Base(file), "_")
		all[[2]string{"migration", number}] = true
	}
	for _, file := range glob(t, filepath.Join(dir, "*.go")) {
		if !strings.HasSuffix(file, "_test.go") {
			all[[2]string{"Go file", filepath.Base(file)}] = true
		}
	}
	if len(all) < 50 {
		t.Fatalf("only %d names in %s", len(all), dir)
	}
	return all
}
