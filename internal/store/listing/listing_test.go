package listing

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"luoshi/internal/casework"
	"luoshi/internal/office"
)

func tree(t testing.TB) *office.Tree {
	t.Helper()
	units := []office.Unit{{Code: "top", Kind: "province"}}
	for _, u := range []string{"a", "b", "c"} {
		units = append(units, office.Unit{Code: u, Parent: "top", Kind: "township"})
	}
	tree, err := office.NewTree(units)
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

func everything(t testing.TB) office.Scope { return office.Actor{System: true}.ReadScope(tree(t)) }

func over(t testing.TB, units ...string) office.Scope {
	a := &office.Account{Login: "x"}
	for _, u := range units {
		a.Grants = append(a.Grants, office.Grant{Role: office.RoleClerk, Unit: u})
	}
	return office.Actor{Account: a}.ReadScope(tree(t))
}

// memory is a Reader over a slice; it notes in which ways it was asked.
type memory struct {
	rows  []Found
	asked []string
}

func (m *memory) first(l *Listing, n int, after Cursor, f func(Found) bool) []Found {
	rows := slices.Clone(m.rows)
	slices.SortFunc(rows, func(a, b Found) int { return l.Compare(a.At, b.At) })
	rows = slices.DeleteFunc(rows, func(r Found) bool { return l.Compare(r.At, after) <= 0 || !f(r) })
	return rows[:min(n, len(rows))]
}

func (m *memory) Walk(_ context.Context, query string, l *Listing) ([]Found, error) {
	m.asked = append(m.asked, query)
	return m.first(l, l.Limit+1, l.After, func(f Found) bool { return f.At.ID >= l.Floor && l.Shows(f.Row) && l.inside(f.Row.Unit) }), nil
}

func (m *memory) Top(_ context.Context, below int64) (top int64, err error) {
	for _, f := range m.rows {
		if f.At.ID < below {
			top = max(top, f.At.ID)
		}
	}
	return top, nil
}

func (m *memory) Portions(_ context.Context, l *Listing, portions []Portion, n int) ([][]Found, error) {
	m.asked = append(m.asked, "portions")
	var out [][]Found
	for _, p := range portions {
		out = append(out, m.first(l, n, p.After, func(f Found) bool { return placeOf(f.Row) == p.Place }))
	}
	return out, nil
}

func (m *memory) Board(ctx context.Context, _ int64) (*Board, error) {
	m.asked = append(m.asked, "board")
	b := &Board{}
	return b, b.Load(ctx, 0, func(_ context.Context, _ int64, put func(Card)) error {
		for _, f := range m.rows {
			put(Card{ID: f.At.ID, Place: placeOf(f.Row), Assignee: f.Row.Assignee, Due: f.At.Due})
		}
		return nil
	})
}

func (m *memory) These(_ context.Context, ids []int64) ([]Found, error) {
	return slices.DeleteFunc(slices.Clone(m.rows), func(f Found) bool { return !slices.Contains(ids, f.At.ID) }), nil
}

func (m *memory) Search(ctx context.Context, l *Listing, among Among) ([]Found, error) {
	m.asked = append(m.asked, fmt.Sprintf("search among %d of %d of %d", among.Matching, among.Within, among.All))
	return m.Walk(ctx, "search", l)
}

func (m *memory) One(_ context.Context, number string, _ []string) ([]Found, error) {
	m.asked = append(m.asked, "one")
	return slices.DeleteFunc(slices.Clone(m.rows), func(f Found) bool { return f.Row.Number != number }), nil
}

func placeOf(r casework.Row) Place { return Place{r.Unit, r.Procedure, r.State, r.Open} }

// add is a matter in memory and in the counts.
func (m *memory) add(counts *Tally, r casework.Row, due int64) {
	f := Found{Row: r, At: Cursor{Due: due, ID: int64(len(m.rows) + 1)}}
	f.Complete(fmt.Sprint("n", f.At.ID), 0)
	m.rows = append(m.rows, f)
	counts.Add(Delta{placeOf(r): 1})
}

func numbers(rows []casework.Row) []string {
	out := []string{}
	for _, r := range rows {
		out = append(out, r.Number)
	}
	return out
}

// Whichever way the counts choose, the pages hold what a filter over everything holds, in the same order.
func TestListGivesWhatAFilterGives(t *testing.T) {
	scopes := []office.Scope{everything(t), over(t, "a"), over(t, "a", "c"), {}}
	rapid.Check(t, func(rt *rapid.T) {
		m, counts := &memory{}, &Tally{}
		pick := func(what string, from ...string) string { return rapid.SampledFrom(from).Draw(rt, what) }
		for range rapid.IntRange(0, 80).Draw(rt, "matters") {
			state := pick("state", "lodged", "lodged", "working", "closed")
			m.add(counts, casework.Row{Unit: pick("unit", "a", "b", "c"), Procedure: pick("procedure", "p@1", "p@2", "pp@1"), State: state,
				Open: state != "closed", Assignee: pick("assignee", "", "me")}, int64(rapid.IntRange(1, 9).Draw(rt, "due")))
		}
		q := casework.Query{Scope: rapid.SampledFrom(scopes).Draw(rt, "scope"), Unit: pick("in", "", "", "b"), State: pick("asked", "", "lodged", "closed"),
			Procedure: pick("under", "", "p", "p@2"), Assignee: pick("of", "", "", "me"), Order: pick("order", "", casework.Newest, casework.ByDue),
			Limit: rapid.IntRange(1, 9).Draw(rt, "limit")}
		if open := rapid.Bool().Draw(rt, "open"); rapid.Bool().Draw(rt, "either") {
			q.Open = &open
		}
		if rapid.IntRange(0, 2).Draw(rt, "nobody's") == 0 {
			q.Unassigned = true
		}
		if rapid.IntRange(0, 2).Draw(rt, "by time") == 0 {
			q.Due = casework.Between{After: int64(rapid.IntRange(0, 5).Draw(rt, "after")), Until: int64(rapid.IntRange(1, 9).Draw(rt, "until"))}
		}
		l, err := New(q)
		if err != nil {
			rt.Fatal(err)
		}
		want := []string{}
		for _, f := range m.first(l, 1000, beginning(l.Order), func(f Found) bool { return l.Shows(f.Row) && q.Scope.Covers(f.Row.Unit, "") }) {
			want = append(want, f.Row.Number)
		}
		got := []string{}
		for pages := 0; ; pages++ {
			rows, next, err := List(context.Background(), q, counts, m)
			if err != nil || pages > 100 || len(rows) > q.Limit {
				rt.Fatalf("page %d of %d rows: %v", pages, len(rows), err)
			}
			got = append(got, numbers(rows)...)
			if q.Cursor = next; next == "" {
				break
			}
		}
		if d := gocmp.Diff(want, got); d != "" {
			rt.Errorf("%v: %s", m.asked, d)
		}
	})
}

func TestTheCountsChooseTheWay(t *testing.T) {
	m, counts := &memory{}, &Tally{}
	for i := range 3000 {
		m.add(counts, casework.Row{Unit: "b", Procedure: "p@1", State: "lodged", Open: true}, int64(i))
	}
	m.add(counts, casework.Row{Unit: "a", Procedure: "p@1", State: "lodged", Open: true}, 1)
	yes := true
	for _, c := range []struct {
		name string
		q    casework.Query
		want []string
	}{
		{"a state nobody counted is not looked for", casework.Query{State: "unheard-of"}, nil},
		{"one unit of little is read by place", casework.Query{Unit: "a"}, []string{"portions"}},
		{"what is everywhere is read along the order", casework.Query{State: "lodged", Limit: 200}, []string{"list-newest"}},
		{"what runs out first has an order of its own", casework.Query{Open: &yes, Limit: 200}, []string{"list-due"}},
		{"one person's matters are read by assignee", casework.Query{Assignee: "me"}, []string{"list-assignee-newest"}},
		{"one person's open ones by what runs out first", casework.Query{Assignee: "me", Open: &yes}, []string{"list-assignee-due"}},
		{"nobody's are found on the board", casework.Query{Unassigned: true, Order: casework.Newest}, []string{"board"}},
		{"so are those that run out within a time", casework.Query{Due: casework.Between{Until: 9}}, []string{"board"}},
		{"with words they are searched for", casework.Query{Unassigned: true, Tokens: []string{"w"}}, []string{"search among 3001 of 3001 of 3001", "search"}},
		{"words are searched for", casework.Query{Unit: "a", Tokens: []string{"w"}}, []string{"search among 1 of 1 of 3001", "search"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			m.asked, c.q.Scope = nil, everything(t)
			if _, _, err := List(t.Context(), c.q, counts, m); err != nil {
				t.Fatal(err)
			}
			if d := gocmp.Diff(c.want, slices.Compact(m.asked)); d != "" {
				t.Error(d)
			}
		})
	}
}

// Matters that came together stand together: much of what there is, and none of it near the newest.
func TestTheWalkOverTheNewestEndsWhereItsMattersStandElsewhere(t *testing.T) {
	m, counts := &memory{}, &Tally{}
	for i := range 30000 {
		unit := "a"
		if i >= 20000 {
			unit = "b"
		}
		m.add(counts, casework.Row{Unit: unit, Procedure: "p@1", State: "lodged", Open: true}, int64(i))
	}
	rows, next, err := List(t.Context(), casework.Query{Scope: everything(t), State: "lodged", Below: []string{"a"}, Order: casework.Newest, Limit: 200}, counts, m)
	if err != nil || len(rows) != 200 || rows[0].Number != "n20000" || next == "" {
		t.Errorf("%d rows, next %q: %v", len(rows), next, err)
	}
	if d := gocmp.Diff([]string{"list-newest", "portions", "list-newest"}, slices.Compact(m.asked)); d != "" {
		t.Error(d)
	}
}

func TestSomebodyWithOneMatterSeesThatOneOnly(t *testing.T) {
	m, counts := &memory{}, &Tally{}
	for range 3 {
		m.add(counts, casework.Row{Unit: "a", Procedure: "p@1", State: "lodged", Open: true}, 1)
	}
	scope := office.Actor{Party: &office.PartyRef{Matter: "n2", Role: "applicant"}}.ReadScope(tree(t))
	for _, c := range []struct {
		q    casework.Query
		want []string
	}{
		{casework.Query{}, []string{"n2"}},
		{casework.Query{State: "lodged", Procedure: "p", Unit: "a", Below: []string{"a"}}, []string{"n2"}},
		{casework.Query{State: "closed"}, []string{}},
		{casework.Query{Unit: "b"}, []string{}},
		{casework.Query{Below: []string{"b", "c"}}, []string{}},
		{casework.Query{Assignee: "me"}, []string{}},
		{casework.Query{Cursor: "1.1"}, []string{}},
	} {
		c.q.Scope = scope
		rows, next, err := List(t.Context(), c.q, counts, m)
		if err != nil || next != "" {
			t.Fatal(err, next)
		}
		if d := gocmp.Diff(c.want, numbers(rows)); d != "" {
			t.Errorf("%+v: %s", c.q, d)
		}
	}
}

func TestPageMarkers(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		c := Cursor{Due: rapid.Int64().Draw(rt, "due"), ID: rapid.Int64().Draw(rt, "id")}
		if got, err := start(casework.ByDue, c.String()); err != nil || got != c {
			rt.Errorf("%v became %v: %v", c, got, err)
		}
	})
	for _, text := range []string{"x", ".", "1.", ".1", "1.1.1", "zzzzzzzzzzzzzzzzzz.1"} {
		_, _, err := List(t.Context(), casework.Query{Scope: everything(t), Cursor: text}, &Tally{}, &memory{})
		var e *casework.Error
		if !errors.As(err, &e) || e.Code != "bad-cursor" {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestDeltasFollowAMatter(t *testing.T) {
	counts, d := &Tally{}, Delta{}
	at := func(state string) *casework.Matter {
		return &casework.Matter{Unit: "a", Procedure: "p@1", State: state}
	}
	d.Count(&casework.Change{Matter: at("lodged"), Open: true})
	d.Count(&casework.Change{Matter: at("lodged"), Open: true})
	d.Count(&casework.Change{Matter: at("closed"), Before: &casework.Before{Unit: "a", Procedure: "p@1", State: "lodged", Open: true}})
	d.Count(&casework.Change{Matter: at("closed"), Before: &casework.Before{Unit: "a", Procedure: "p@1", State: "closed"}})
	lodged, closed := Place{"a", "p@1", "lodged", true}, Place{"a", "p@1", "closed", false}
	if diff := gocmp.Diff([]Place{closed, lodged}, d.Places()); diff != "" {
		t.Error(diff)
	}
	counts.Add(d)
	counts.Add(Delta{closed: -1, Place{"b", "p@1", "lodged", true}: 5})
	counts.Set(Place{"b", "p@1", "lodged", true}, 0)
	want := []casework.Count{{Unit: "a", Procedure: "p@1", State: "lodged", Open: true, N: 1}}
	if diff := gocmp.Diff(want, counts.Counts(over(t, "a", "b"))); diff != "" {
		t.Error(diff)
	}
	if got := counts.Counts(over(t, "b")); len(got) != 0 {
		t.Errorf("another unit's counts: %v", got)
	}
}

func TestUnitTokensAreAskedForWhereTheyHelp(t *testing.T) {
	two := map[Place]int64{{Unit: "b"}: 1, {Unit: "a"}: 1, {Unit: "a", State: "x"}: 1}
	many := map[Place]int64{}
	for i := range maxUnits + 1 {
		many[Place{Unit: fmt.Sprint(i)}] = 1
	}
	for _, c := range []struct {
		name  string
		among Among
		want  []string
	}{
		{"few units with little", Among{Places: two, Within: 10, All: 1000}, []string{casework.UnitToken("a"), casework.UnitToken("b")}},
		{"few units with much", Among{Places: two, Within: 100, All: 1000}, nil},
		{"many units", Among{Places: many, Within: 10, All: 1000}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			if d := gocmp.Diff(c.want, c.among.UnitTokens()); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestCompareOrdersByDueThenNumber(t *testing.T) {
	cursors := []Cursor{{2, 1}, {1, 2}, {1, 1}}
	for order, want := range map[string][]Cursor{casework.ByDue: {{1, 1}, {1, 2}, {2, 1}}, casework.Newest: {{1, 2}, {2, 1}, {1, 1}}} {
		l := &Listing{Query: casework.Query{Order: order}}
		got := slices.SortedStableFunc(slices.Values(cursors), func(a, b Cursor) int { return l.Compare(a, b) })
		if d := gocmp.Diff(want, got); d != "" {
			t.Errorf("%s: %s", order, d)
		}
	}
}
