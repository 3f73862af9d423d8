package operations_test

import (
	"database/sql"
	"path/filepath"
	"strings"
	"testing"

	_ "modernc.org/sqlite" // the driver
)

// sqliteOffice is an office on a SQLite file in a folder of its own, in which the present program has lodged n
// matters.
func sqliteOffice(t testing.TB, n int) (o office, file string) {
	t.Helper()
	file = filepath.Join(t.TempDir(), "luoshi.db")
	o = found(t, built(t, builtPresent), "sqlite:"+file)
	p := serve(t, built(t, builtPresent), o.db, o.key, "127.0.0.1:0")
	p.lodge(t, "at first", n)
	p.stop(t)
	return o, file
}

// version is the number of the schema of a SQLite file.
func version(t testing.TB, db *sql.DB) (n int) {
	t.Helper()
	must(t, db.QueryRow("PRAGMA user_version").Scan(&n))
	return n
}

func openFile(t testing.TB, file string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+file+"?_pragma=busy_timeout(0)")
	must(t, err)
	db.SetMaxOpenConns(1)
	t.Cleanup(func() { db.Close() })
	return db
}

func TestASQLiteFileIsUpgradedAndGoesBackWhereTheMigrationAllowsIt(t *testing.T) {
	old, next := built(t, builtPresent), built(t, builtExpanded)
	o, file := sqliteOffice(t, 3)
	known, err := schema("sqlite")
	must(t, err)
	for i, program := range []string{next, old, next} {
		p := serve(t, program, o.db, o.key, "127.0.0.1:0")
		p.lodge(t, program, 1)
		if i > 0 { // the same key at another build, in another life
			again, err := send(p.client, p.url+"/v1/matters", "at first 1", "", lodging("at first 1"))
			if err != nil || again.status != 201 {
				t.Errorf("%d %s %v", again.status, again.raw, err)
			}
		}
		p.stop(t)
		if n := version(t, openFile(t, file)); n != known+1 {
			t.Errorf("the file has schema %d, and the programs know %d and %d", n, known, known+1)
		}
		for _, auditor := range []string{old, next} {
			if r := green(t, auditor, o.db, o.vkey); i < 2 && r.Matters != int64(3+i+1) {
				t.Errorf("%d matters after %d lodgings", r.Matters, 3+i+1)
			}
		}
	}
}

func TestAfterAContractionOlderProgramsDoNotOpenTheSQLiteFile(t *testing.T) {
	old, next := built(t, builtPresent), built(t, builtContracted)
	o, _ := sqliteOffice(t, 3)
	p := serve(t, next, o.db, o.key, "127.0.0.1:0")
	p.lodge(t, "after", 1)
	p.stop(t)
	if said := refused(t, old, o.db, o.key); !strings.Contains(said, "use a newer program") {
		t.Error(said)
	}
	if r := audit(t, old, o.db, o.vkey); r.OK || len(r.Faults) != 1 || !strings.Contains(r.Faults[0].Text, "use a newer program") {
		t.Errorf("the old audit: %+v", r)
	}
	if r := green(t, next, o.db, o.vkey); r.Matters != 4 {
		t.Errorf("%d matters", r.Matters)
	}
}
