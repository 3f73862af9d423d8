package sqltext

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

func folder(files map[string]string) fstest.MapFS {
	out := fstest.MapFS{}
	for name, text := range files {
		out[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return out
}

func TestQueriesAreReadByName(t *testing.T) {
	got := Queries(folder(map[string]string{
		"queries/a.sql":   "-- What these are for.\n\n-- name: one\nSELECT 1\n  -- why\n  FROM t;\n\n-- About two.\n\n-- name: two\nSELECT 2;\n",
		"queries/b.sql":   "-- name: three\nDELETE FROM t",
		"other/c.sql":     "-- name: four\nSELECT 4",
		"queries/old.txt": "-- name: five\nSELECT 5",
	}))
	want := map[string]string{"one": "SELECT 1\n  FROM t", "two": "SELECT 2", "three": "DELETE FROM t"}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestMigrationsAreReadInOrder(t *testing.T) {
	got, err := Migrations(folder(map[string]string{
		"migrations/0002_more.sql": "-- oldest: 1\nALTER TABLE t",
		"migrations/0001_core.sql": "-- The core.\nCREATE TABLE t",
		"migrations/0003_last.sql": "DROP TABLE t",
	}))
	want := []Migration{
		{1, "0001_core.sql", "-- The core.\nCREATE TABLE t", 1},
		{2, "0002_more.sql", "-- oldest: 1\nALTER TABLE t", 1},
		{3, "0003_last.sql", "DROP TABLE t", 3},
	}
	if d := cmp.Diff(want, got); d != "" || err != nil {
		t.Error(d, err)
	}
}

func TestMigrationsThatAreWrongAreNamed(t *testing.T) {
	for name, files := range map[string]map[string]string{
		"a gap":                  {"migrations/0001_a.sql": "", "migrations/0003_b.sql": ""},
		"no number":              {"migrations/core.sql": ""},
		"oldest that is none":    {"migrations/0001_a.sql": "-- oldest: soon"},
		"oldest below the first": {"migrations/0001_a.sql": "-- oldest: 0"},
		"oldest that is newer":   {"migrations/0001_a.sql": "-- oldest: 2"},
	} {
		if _, err := Migrations(folder(files)); err == nil || !strings.Contains(err.Error(), ".sql: ") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAnOlderProgramGoesOnWhereTheNewerSchemaLetsIt(t *testing.T) {
	applied := []Migration{{Version: 1, Oldest: 1}, {Version: 2, Oldest: 1}, {Version: 3, Oldest: 2}, {Version: 4, Oldest: 2}}
	for known, ok := range map[int]bool{1: false, 2: true, 3: true, 4: true, 5: true} {
		if err := Usable(known, applied); (err == nil) != ok {
			t.Errorf("a program that knows schema %d: %v", known, err)
		}
	}
	if err := Usable(1, applied); !strings.Contains(err.Error(), "schema 3, this program knows only 1: use a newer program") {
		t.Error(err)
	}
}
