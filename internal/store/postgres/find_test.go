package postgres

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"luoshi/internal/casework"
	"luoshi/internal/number"
	"luoshi/internal/office"
	"luoshi/internal/store/listing"
	"luoshi/internal/store/postgres/pgtest"
)

// sample is a matter as the tests below put it into the tables.
type sample struct {
	id                                     int64
	unit, procedure, state, assignee, text string
	open                                   bool
}

// samples are n matters of each of two years that do not follow one another, with words of every frequency:
// "all", "half" and "odd" that never come together, "tenth", "rare" (old ones only).
func samples(n int64) []sample {
	var out []sample
	for _, year := range []int64{2021, 2026} {
		for i := int64(1); i <= n; i++ {
			m := sample{id: year*1e8 + i, unit: fmt.Sprint("u", i%7), procedure: fmt.Sprint("p@", i%2), state: "working", open: true}
			words := []string{"all", []string{"half", "odd"}[i%2]}
			if i%10 == 3 {
				words = append(words, "tenth")
			}
			if i < 20 && i%4 == 0 {
				words = append(words, "rare")
			}
			switch {
			case i%50 == 7:
				m.state = "seldom"
			case i%3 == 0:
				m.state, m.open = "closed", false
			}
			if i%11 == 0 {
				m.assignee = "wang"
			}
			m.text = strings.Join(append(words, casework.UnitToken(m.unit)), " ")
			out = append(out, m)
		}
	}
	return out
}

// filled opens a store whose log holds the samples. Searches and plans need no entries.
func filled(t *testing.T, all []sample) *Store {
	t.Helper()
	ctx := t.Context()
	s, err := Open(ctx, Options{URL: pgtest.URL(t)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	delta := listing.Delta{}
	var ids []int64
	var columns [5][]string
	var open []bool
	for _, m := range all {
		ids, open = append(ids, m.id), append(open, m.open)
		for i, v := range []string{m.unit, m.procedure, m.state, m.assignee, searchTokens(s.log, m.id, strings.Fields(m.text))} {
			columns[i] = append(columns[i], v)
		}
		delta[listing.Place{Unit: m.unit, Procedure: m.procedure, State: m.state, Open: m.open}]++
	}
	for _, q := range []struct {
		sql  string
		args []any
	}{
		{`INSERT INTO log (log, origin, size) VALUES ($1, 'test.invalid/log', $2) ON CONFLICT (log) DO UPDATE SET size = excluded.size`, []any{s.log, len(all)}},
		{`INSERT INTO matter (log, id, procedure, state, open, unit, assignee, version, opened, due, wake, title, doc)
SELECT $1, id, procedure, state, open, unit, assignee, 1, 0, id, id, '', '' FROM unnest($2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[], $7::boolean[])
AS m (id, unit, procedure, state, assignee, open)`, []any{s.log, ids, columns[0], columns[1], columns[2], columns[3], open}},
		{s.queries["search-put"], []any{s.log, ids, columns[4]}},
		{s.queries["tally-add"], deltaArgs(s.log, delta, int64(len(all)))},
		{s.queries["search-flush"], nil},
		{`VACUUM ANALYZE matter, search`, nil},
	} {
		if _, err := s.write.Exec(ctx, q.sql, q.args...); err != nil {
			t.Fatalf("%s: %v", q.sql, err)
		}
	}
	return s
}

// However a search is run, and over however many ranges and years, it finds what a filter over everything finds.
func TestAllWaysOfSearchingAgree(t *testing.T) {
	all := samples(3000)
	s := filled(t, all)
	scope := office.Actor{System: true}.ReadScope(testTree(t))
	no := false
	for _, words := range []string{"all", "half", "half odd", "tenth odd", "tenth half", "rare", "rare half", "camel"} {
		for _, q := range []casework.Query{
			{}, {State: "seldom"}, {Open: &no}, {Assignee: "wang"}, {Assignee: "wang", State: "closed"}, {Unit: "u3"},
			{Below: []string{"u1", "u2"}, State: "seldom"}, {Procedure: "p@1", Limit: 200}, {State: "seldom", Limit: 3},
		} {
			q.Scope, q.Tokens = scope, strings.Fields(words)
			l, err := listing.New(q)
			if err != nil {
				t.Fatal(err)
			}
			want := naive(all, l)
			if got := pages(t, s, q, 3*l.Limit); !slices.Equal(got, want[:min(len(got), len(want))]) || len(got) < min(len(want), 3*l.Limit) {
				t.Errorf("%s %+v: %s", words, q, cmp.Diff(want, got))
			}
			for way, f := range map[string]func(*search, context.Context) error{"by words": (*search).byWords, "by matters": (*search).byMatters} {
				if err := s.tally.refresh(t.Context(), s); err != nil {
					t.Fatal(err)
				}
				found, matching, count := s.tally.counts.Match(l.Accepts, l.Meets)
				look := &search{reader: reader{s}, l: l, high: l.After.ID, among: listing.Among{Places: found, Matching: max(matching, 1), Within: count, All: count}}
				if err := f(look, t.Context()); err != nil {
					t.Fatal(err)
				}
				if d := cmp.Diff(want[:min(l.Limit+1, len(want))], ids(look.found)); d != "" {
					t.Errorf("%s %+v, %s: %s", words, q, way, d)
				}
			}
		}
	}
}

// What a text in the database cannot hold is found nowhere; it is no fault of the database.
func TestAQuestionThatPostgreSQLCannotReadFindsNothing(t *testing.T) {
	s := filled(t, samples(100))
	scope := office.Actor{System: true}.ReadScope(testTree(t))
	for _, text := range []string{"a\x00", "\xff"} {
		for _, q := range []casework.Query{{Assignee: text}, {State: text}, {Unit: text}, {Below: []string{text, "u1"}, Assignee: "nobody"}, {Procedure: text}} {
			for _, tokens := range [][]string{nil, {"all"}} {
				q.Scope, q.Tokens = scope, tokens
				if rows, next, err := s.List(t.Context(), q); err != nil || len(rows) > 0 || next != "" {
					t.Errorf("%+v: %d rows, %v", q, len(rows), err)
				}
			}
		}
	}
}

func naive(all []sample, l *listing.Listing) []int64 {
	out := []int64{}
	for _, m := range slices.Backward(all) {
		have := strings.Fields(m.text)
		lacks := slices.ContainsFunc(l.Tokens, func(w string) bool { return !slices.Contains(have, w) })
		if !lacks && l.Shows(casework.Row{Unit: m.unit, Procedure: m.procedure, State: m.state, Assignee: m.assignee, Open: m.open}) {
			out = append(out, m.id)
		}
	}
	return out
}

// pages reads page after page, until there are most rows.
func pages(t *testing.T, s *Store, q casework.Query, most int) []int64 {
	t.Helper()
	out := []int64{}
	for len(out) < most {
		rows, next, err := s.List(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range rows {
			id, err := number.ID(r.Number)
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, id)
		}
		if q.Cursor = next; next == "" {
			break
		}
	}
	return out
}

func ids(rows []listing.Found) []int64 {
	out := []int64{}
	for _, f := range rows {
		out = append(out, f.At.ID)
	}
	return out
}

func testTree(t *testing.T) *office.Tree {
	t.Helper()
	units := []office.Unit{{Code: "top", Kind: "province"}}
	for i := range 7 {
		units = append(units, office.Unit{Code: fmt.Sprint("u", i), Parent: "top", Kind: "township"})
	}
	tree, err := office.NewTree(units)
	if err != nil {
		t.Fatal(err)
	}
	return tree
}
