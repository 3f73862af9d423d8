package storetest

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"luoshi/internal/casework"
	"luoshi/internal/office"
	"luoshi/internal/search"
)

// model is the naive store: a slice of everything, filtered and sorted for every question.
type model struct {
	rows []modelRow
}

type modelRow struct {
	matter *casework.Matter
	open   bool
	due    int64
	tokens []string
}

func (m *model) put(c *casework.Change) {
	r := modelRow{matter: c.Matter, open: c.Open, due: c.Due, tokens: c.Tokens}
	i := slices.IndexFunc(m.rows, func(o modelRow) bool { return o.matter.Number == c.Matter.Number })
	if i < 0 {
		m.rows = append(m.rows, r)
	} else {
		m.rows[i] = r
	}
}

func (r *modelRow) matches(q casework.Query) bool {
	x := r.matter
	same := func(want, have string) bool { return want == "" || want == have }
	for _, token := range q.Tokens {
		if !slices.Contains(r.tokens, token) {
			return false
		}
	}
	return q.Scope.Covers(x.Unit, x.Number) && same(q.Unit, x.Unit) && same(q.State, x.State) && same(q.Assignee, x.Assignee) &&
		(len(q.Below) == 0 || slices.Contains(q.Below, x.Unit)) && (q.Open == nil || *q.Open == r.open) &&
		(q.Due == casework.Between{} || r.open && q.Due.Holds(r.due)) && (!q.Unassigned || r.open && x.Assignee == "") &&
		(q.Tokens != nil || q.Scope.Matter() != "" || r.happened(q.Happened)) && (same(q.Procedure, x.Procedure) || strings.HasPrefix(x.Procedure, q.Procedure+"@"))
}

// happened goes through the times that the matter itself has.
func (r *modelRow) happened(h casework.Happened) bool {
	times := map[string][]string{casework.Opened: {r.matter.Opened}, casework.Ended: {r.matter.Ended}}[h.What]
	if h.What == casework.BecameLate {
		for _, c := range r.matter.Clocks {
			times = append(times, c.Lapsed)
		}
	}
	return h == casework.Happened{} || slices.ContainsFunc(times, func(at string) bool {
		when, err := time.Parse(casework.TimeFormat, at)
		return err == nil && when.UnixMilli() >= h.From && when.UnixMilli() < h.To
	})
}

// list answers q without pages. Only open matters are due: any other list comes newest first.
func (m *model) list(q casework.Query) []string {
	var hits []modelRow
	for _, r := range m.rows {
		if r.matches(q) {
			hits = append(hits, r)
		}
	}
	open := q.Open != nil && *q.Open || q.Open == nil && (q.Unassigned || q.Due != casework.Between{})
	byDue := q.Order != casework.Newest && open && q.Tokens == nil && q.Happened == casework.Happened{}
	slices.SortFunc(hits, func(a, b modelRow) int {
		if !byDue {
			return cmp.Compare(b.matter.Number, a.matter.Number)
		}
		return cmp.Or(cmp.Compare(a.due, b.due), cmp.Compare(a.matter.Number, b.matter.Number))
	})
	out := []string{}
	for _, h := range hits {
		x := h.matter
		out = append(out, fmt.Sprint(x.Number, x.State, x.Unit, x.Assignee, x.Version, x.Title, h.open, h.due))
	}
	return out
}

func (m *model) counts(scope office.Scope) map[casework.Count]int64 {
	out := map[casework.Count]int64{}
	for _, r := range m.rows {
		if x := r.matter; scope.Covers(x.Unit, x.Number) {
			out[casework.Count{Unit: x.Unit, Procedure: x.Procedure, State: x.State, Open: r.open}]++
		}
	}
	return out
}

// listProperty changes store and model alike, and asks both at every step.
func listProperty(t *testing.T, b *bench) {
	m := &model{}
	rapid.Check(t, func(rt *rapid.T) { // the store grows from one run to the next, the model with it
		for range rapid.IntRange(1, 8).Draw(rt, "changes") {
			c := drawChange(t, rt, b, m)
			b.commit(t, c)
			m.put(c)
		}
		for range 3 {
			q := drawQuery(t, rt, m)
			if d := gocmp.Diff(m.list(q), flat(b.list(t, q))); d != "" {
				rt.Fatalf("%+v: %s", q, d)
			}
			if q.Scope.Matter() != "" {
				continue
			}
			counts, err := b.Counts(background(), q.Scope)
			must(t, err)
			got := map[casework.Count]int64{}
			for _, c := range counts {
				n := c.N
				c.N = 0
				got[c] += n
			}
			if d := gocmp.Diff(m.counts(q.Scope), got); d != "" {
				rt.Fatalf("counts: %s", d)
			}
			surveyed(t, rt, b, m, q.Scope)
			numbered(t, rt, b, m, q)
		}
	})
}

// numbered asks how many matters lists have. The store may not know, but not of open matters.
func numbered(t *testing.T, rt *rapid.T, b *bench, m *model, first casework.Query) {
	lists := []casework.Query{first, drawQuery(t, rt, m), drawQuery(t, rt, m)}
	got, err := b.Numbers(background(), lists)
	must(t, err)
	if len(got) != len(lists) {
		rt.Fatalf("%d numbers of %d lists", len(got), len(lists))
	}
	for i, q := range lists {
		open := q.Open != nil && *q.Open && q.Tokens == nil && q.Scope.Matter() == ""
		if want := int64(len(m.list(q))); got[i] != want && (got[i] != -1 || open) {
			rt.Fatalf("%+v: %d, want %d", q, got[i], want)
		}
	}
}

func flat(rows []casework.Row) []string {
	out := []string{}
	for _, r := range rows {
		due := casework.NoDue
		if !r.Due.IsZero() {
			due = r.Due.UnixMilli()
		}
		out = append(out, fmt.Sprint(r.Number, r.State, r.Unit, r.Assignee, r.Version, r.Title, r.Open, due))
	}
	return out
}

func drawChange(t testing.TB, rt *rapid.T, b *bench, m *model) *casework.Change {
	s := spec{
		unit:     rapid.SampledFrom([]string{"p", "c", "t1", "t1", "t1", "t2", "t3", "u"}).Draw(rt, "unit"),
		state:    rapid.SampledFrom([]string{"lodged", "handling"}).Draw(rt, "state"),
		assignee: rapid.SampledFrom([]string{"", "", "wang", "li"}).Draw(rt, "assignee"),
		title:    strings.Join(rapid.SliceOfN(rapid.SampledFrom(words()), 1, 4).Draw(rt, "title"), " "),
		ended:    rapid.Bool().Draw(rt, "ended"),
		lapsed:   rapid.Bool().Draw(rt, "lapsed"),
	}
	if s.ended {
		s.state = rapid.SampledFrom([]string{"closed", "withdrawn"}).Draw(rt, "end")
	}
	if rapid.Bool().Draw(rt, "runs") {
		s.due = dayOne().Add(time.Duration(rapid.IntRange(-3, 3).Draw(rt, "due")) * time.Hour)
	}
	if len(m.rows) > 0 && rapid.IntRange(0, 2).Draw(rt, "step") == 0 {
		before := m.rows[rapid.IntRange(0, len(m.rows)-1).Draw(rt, "which")]
		s.procedure = before.matter.Procedure
		return step(t, before.matter, s)
	}
	s.procedure = rapid.SampledFrom([]string{"alpha@1", "alpha@2", "beta@1", "alphabet@1"}).Draw(rt, "procedure")
	b.next++
	return lodge(t, b.next, s)
}

func words() []string { return []string{"漏水", "装修", "noise", "road", "调解", "水费"} }

func drawQuery(t testing.TB, rt *rapid.T, m *model) casework.Query {
	pick := func(name string, of ...string) string { return rapid.SampledFrom(of).Draw(rt, name) }
	yes, no := true, false
	q := casework.Query{
		Order:     pick("order", casework.ByDue, casework.Newest, ""),
		State:     pick("state", "", "", "", "lodged", "handling", "closed"),
		Procedure: pick("procedure", "", "", "", "alpha", "alpha@1", "beta"),
		Assignee:  pick("assignee", "", "", "", "wang", "li"),
		Unit:      pick("unit", "", "", "", "t1", "c"),
		Open:      rapid.SampledFrom([]*bool{nil, &yes, &yes, &no}).Draw(rt, "open"),
		Limit:     rapid.SampledFrom([]int{1, 3, 10, 200}).Draw(rt, "limit"),
		Below:     rapid.SampledFrom([][]string{nil, nil, {"t1", "t2"}, {"c", "t1", "t2", "t3"}}).Draw(rt, "below"),
		Scope: rapid.SampledFrom([]office.Scope{everything(t), everything(t), over(t, "t1"), over(t, "c"), over(t, "t3", "u"),
			{}, party(t, m.rows[len(m.rows)/2].matter.Number)}).Draw(rt, "scope"),
	}
	if rapid.IntRange(0, 2).Draw(rt, "by time") == 0 {
		q.Due = drawDue(rt)
	}
	if rapid.IntRange(0, 2).Draw(rt, "by what happened") == 0 {
		from := rapid.IntRange(-1, 2).Draw(rt, "since")
		q.Happened = casework.Happened{What: pick("what", casework.Opened, casework.Ended, casework.BecameLate), From: hour(from),
			To: hour(from) + rapid.SampledFrom([]int64{5000, 60_000, 3_600_000}).Draw(rt, "length")}
	}
	q.Unassigned = rapid.IntRange(0, 3).Draw(rt, "nobody's") == 0
	if rapid.IntRange(0, 3).Draw(rt, "search") == 0 {
		q.Tokens = search.Query(strings.Join(rapid.SliceOfN(rapid.SampledFrom(words()), 1, 2).Draw(rt, "words"), " "))
	}
	return q
}
