package sqlite

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"luoshi/internal/ledger"
)

// open opens a sealed store in a fresh folder.
func open(t testing.TB) *Store {
	t.Helper()
	return openAt(t, filepath.Join(t.TempDir(), "luoshi.db"), newKey(t))
}

func newKey(t testing.TB) *ledger.Key {
	t.Helper()
	key, err := ledger.NewKey("sqlite.invalid/log")
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func openAt(t testing.TB, path string, key *ledger.Key) *Store {
	t.Helper()
	s, err := Open(context.Background(), Options{Path: path})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	if err := s.Seal(context.Background(), key); err != nil {
		t.Fatal(err)
	}
	return s
}

// plan is what SQLite says it will do for a named query, one line per step.
func plan(t *testing.T, s *Store, name string) string {
	t.Helper()
	query, ok := s.queries[name]
	if !ok {
		t.Fatalf("no query %s", name)
	}
	args := make([]any, 13)
	for i := range args {
		args[i] = 1
	}
	rows, err := s.read.QueryContext(context.Background(), "EXPLAIN QUERY PLAN "+query, args[:parameters(query)]...)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	defer rows.Close()
	var lines []string
	for rows.Next() {
		var id, parent, unused int
		var detail string
		if err := rows.Scan(&id, &parent, &unused, &detail); err != nil {
			t.Fatal(err)
		}
		lines = append(lines, detail)
	}
	return strings.Join(lines, "\n")
}

// parameters counts how many arguments a query takes: its highest ?N, or its plain ?.
func parameters(query string) int {
	for n := 13; n > 0; n-- {
		if strings.Contains(query, fmt.Sprint("?", n)) {
			return n
		}
	}
	return strings.Count(query, "?")
}

// Every query that a person waits for reads by an index that serves it. A query that is not named here is
// for audit or start, and may read everything.
func TestQueriesReadByTheirIndex(t *testing.T) {
	s := open(t)
	for name, want := range map[string]string{
		"list-due":             "SEARCH matter USING INDEX matter_due (due>?)",
		"list-assignee-due":    "SEARCH matter USING INDEX matter_assignee (assignee=? AND due>?)",
		"list-assignee-newest": "SEARCH matter USING INDEX matter_assignee_newest (assignee=? AND id<?)",
		"list-newest":          "SEARCH matter USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)",
		"list-place-due":       "SEARCH matter USING INDEX matter_place_due (unit=? AND procedure=? AND state=? AND due>?)",
		"list-place-newest":    "SEARCH matter USING INDEX matter_place (unit=? AND procedure=? AND state=? AND id<?)",
		"list-these":           "SEARCH m USING INTEGER PRIMARY KEY (rowid=?)",
		"board-ended":          "SEARCH matter USING COVERING INDEX matter_ended (ended>?)",
		"list-search":          "SCAN s VIRTUAL TABLE INDEX",
		"list-top":             "SEARCH matter USING INTEGER PRIMARY KEY (rowid<?)",
		"search-bound":         "SCAN search VIRTUAL TABLE INDEX",
		"matter-read":          "SEARCH matter USING INTEGER PRIMARY KEY (rowid=?)",
		"matter-version":       "SEARCH matter USING INTEGER PRIMARY KEY (rowid=?)",
		"matter-max":           "SEARCH matter USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)",
		"matter-wakes":         "SEARCH matter USING COVERING INDEX matter_wake (wake<?)",
		"matter-provisional":   "SEARCH matter USING COVERING INDEX matter_provisional (provisional=?)",
		"matter-checked":       "SEARCH matter USING INTEGER PRIMARY KEY (rowid=?)",
		"entries":              "SEARCH entry USING INDEX entry_matter (matter=?)",
		"entries-of":           "SEARCH entry USING INDEX entry_matter (matter=?)",
		"entry-read":           "SEARCH entry USING INDEX entry_matter (matter=? AND seq=?)",
		"entry-by-index":       "SEARCH entry USING INTEGER PRIMARY KEY (rowid=?)",
		"request-read":         "SEARCH request USING PRIMARY KEY (key=?)",
		"requests-known":       "SEARCH request USING PRIMARY KEY (key=?)",
		"requests-after":       "SEARCH entry USING INTEGER PRIMARY KEY (rowid>?)",
		"commitments":          "SEARCH entry USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)",
		"log-size":             "SEARCH entry",
		"tile-read":            "SEARCH tile USING PRIMARY KEY (level=? AND idx=?)",
		"checkpoint-after":     "SEARCH checkpoint USING INTEGER PRIMARY KEY (rowid>?)",
		"disclosure-known":     "SEARCH disclosure USING PRIMARY KEY (matter=? AND day=? AND login=?)",
		"disclosures":          "SEARCH disclosure USING PRIMARY KEY (matter=?)",
		"account-by-token":     "SEARCH account USING INDEX account_token (token=?)",
		"account-password":     "SEARCH account USING PRIMARY KEY (login=?)",
		"session-read":         "SEARCH session USING PRIMARY KEY (hash=?)",
		"meta-read":            "SEARCH meta USING PRIMARY KEY (name=?)",
	} {
		t.Run(name, func(t *testing.T) {
			got := plan(t, s, name)
			if !strings.Contains(got, want) {
				t.Errorf("plan:\n%s\nwant: %s", got, want)
			}
			if strings.Contains(got, "SCAN matter") || strings.Contains(got, "SCAN entry") {
				t.Errorf("it reads a whole table:\n%s", got)
			}
			if strings.Contains(got, "TEMP B-TREE") && name != "disclosures" { // those of one matter are few
				t.Errorf("it sorts:\n%s", got)
			}
		})
	}
}

// A search walks the full-text index first and looks matters up by row, newest first without sorting.
func TestSearchLooksMattersUpByRow(t *testing.T) {
	got := plan(t, open(t), "list-search")
	if want := "SEARCH m USING INTEGER PRIMARY KEY (rowid=?)"; !strings.Contains(got, want) {
		t.Errorf("plan:\n%s\nwant: %s", got, want)
	}
}

// Where few matters are in question they are collected once, by the index of places.
func TestSearchAmongFewCollectsThemByPlace(t *testing.T) {
	got := plan(t, open(t), "list-search-few")
	for _, want := range []string{"SEARCH m USING INTEGER PRIMARY KEY (rowid=?)",
		"SEARCH c USING COVERING INDEX matter_place (unit=? AND procedure=? AND state=? AND id<?)", "LIST SUBQUERY"} {
		if !strings.Contains(got, want) {
			t.Errorf("plan:\n%s\nwant: %s", got, want)
		}
	}
	if strings.Contains(got, "CORRELATED") || strings.Contains(got, "TEMP B-TREE") {
		t.Errorf("it collects them again for each hit, or sorts:\n%s", got)
	}
}
