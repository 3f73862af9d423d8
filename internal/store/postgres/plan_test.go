package postgres

import (
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
)

// plan is what PostgreSQL says it will do for a named query with these values, one line per step.
func plan(t *testing.T, s *Store, name string, args ...any) string {
	t.Helper()
	query, ok := s.queries[name]
	if !ok {
		t.Fatalf("no query %s", name)
	}
	rows, err := s.pool.Query(t.Context(), "EXPLAIN "+query, append([]any{pgx.QueryExecModeCacheDescribe}, args...)...)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return strings.Join(lines, "\n")
}

// Every list reads by the index that serves it, in its order, also with everything asked for at once.
func TestListsReadByTheirIndex(t *testing.T) {
	s := filled(t, samples(10_000))
	const top = int64(202600010001)
	words, in := []string{"half"}, places(s.log, top-1024, top)
	none, units := []string(nil), []string{"u1", "u2"}
	yes := true
	for _, c := range []struct {
		name    string
		args    []any
		want    []string
		ordered bool
	}{
		{"list-due", []any{"", "", none, 51, top, int64(0)}, []string{"matter_due"}, true},
		{"list-due", []any{"working", "p", units, 51, top, int64(0)}, []string{"matter_due", "ROW(due, id)"}, true},
		{"list-assignee-due", []any{"", "", none, 51, top, int64(0), "wang"}, []string{"matter_assignee on", "ROW(due, id)"}, true},
		{"list-assignee-newest", []any{"", "p", none, 51, top, &yes, "wang"}, []string{"Scan Backward using matter_assignee_newest"}, true},
		{"list-newest", []any{"", "", none, 51, top, nil, 0}, []string{"Scan Backward using matter_pkey", "id <"}, true},
		{"list-newest", []any{"closed", "p@1", units, 51, top, nil, 0}, []string{"Scan Backward using matter_pkey"}, true},
		{"list-place-due", []any{units, units, units, []int64{1, 2}, 51, []int64{1, 2}}, []string{"using matter_place_due", "ROW(due, id) > ROW(p.due, p.id)"}, true},
		{"list-place-newest", []any{units, units, units, []int64{1, 2}, 51}, []string{"Scan Backward using matter_place"}, true},
		{"list-search", []any{4000, words, in, top - 1024, top, none}, []string{"Bitmap Index Scan on search_tokens"}, false},
		{"list-search", []any{4000, words, none, int64(0), top, units}, []string{"Bitmap Index Scan on search_tokens"}, false},
		{"list-search-few", []any{2, words, none, []int64{top - 5, top - 9}}, []string{"search_pkey"}, false},
		{"list-search-look", []any{51, []int64{top - 5, top - 9}, "closed", "p", &yes, units, "", int64(0), int64(9), true}, []string{"Scan", "matter_pkey", "id = ANY"}, false},
		{"list-search-places", []any{5000, int64(0), top, units, units, units}, []string{"Index Only Scan using matter_place"}, false},
		{"list-search-assignee", []any{5000, int64(0), top, "wang"}, []string{"Index Only Scan Backward using matter_assignee_newest"}, true},
		{"list-these", []any{[]int64{top - 5, top - 9}}, []string{"matter_pkey"}, false},
		{"board-ended", []any{int64(1)}, []string{"Index Only Scan using matter_ended"}, false},
		{"board-changed", []any{int64(9990)}, []string{"using entry_pkey", "matter_pkey"}, false},
		{"matter-wakes", []any{200}, []string{"Index Only Scan using matter_wake"}, true},
		{"matter-provisional", []any{"cn x", 200}, []string{"matter_provisional"}, true},
		{"list-top", []any{1, top}, []string{"Scan Backward using matter_pkey"}, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := plan(t, s, c.name, append([]any{s.log}, c.args...)...)
			for _, want := range c.want {
				if !strings.Contains(got, want) {
					t.Errorf("plan:\n%s\nwant: %s", got, want)
				}
			}
			if strings.Contains(got, "Seq Scan") {
				t.Errorf("it reads a whole table:\n%s", got)
			}
			if c.ordered && strings.Contains(got, "Sort") {
				t.Errorf("it sorts:\n%s", got)
			}
		})
	}
}

// A search asks the index of words, however common PostgreSQL thinks the words are: it must never walk through
// the matters and look for words in each.
func TestASearchAsksTheIndexOfWords(t *testing.T) {
	s := filled(t, samples(10_000))
	for _, words := range [][]string{{"all"}, {"half", "odd"}, {"camel"}} {
		got := plan(t, s, "list-search", s.log, 51, words, places(s.log, 202600009000, 202600010001), int64(202600009000), int64(202600010001), nil)
		if !strings.HasPrefix(got, "Limit") || !strings.Contains(got, "search_tokens") || strings.Contains(got, "search_pkey") {
			t.Errorf("%v:\n%s", words, got)
		}
	}
}

// While the log has not grown, the tally is not looked at.
func TestCountsAreNotReadAgainWhileNothingIsWritten(t *testing.T) {
	s := filled(t, samples(1000))
	rows, err := s.pool.Query(t.Context(), "EXPLAIN (ANALYZE, TIMING OFF, COSTS OFF) "+s.queries["tally-changed"], s.log, int64(2000))
	if err != nil {
		t.Fatal(err)
	}
	lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(lines, "\n"); !strings.Contains(got, "never executed") || !strings.Contains(got, "rows=0") {
		t.Errorf("plan:\n%s", got)
	}
}
