package storetest

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"luoshi/internal/casework"
	"luoshi/internal/office"
	"luoshi/internal/search"
)

// tree has units p > c > t1 … t9, and u beside.
func tree(t testing.TB) *office.Tree {
	t.Helper()
	units := []office.Unit{{Code: "p", Kind: "province"}, {Code: "c", Parent: "p", Kind: "county"}, {Code: "u", Kind: "county"}}
	for i := range 9 {
		units = append(units, office.Unit{Code: fmt.Sprint("t", i+1), Parent: "c", Kind: "township"})
	}
	tr, err := office.NewTree(units)
	must(t, err)
	return tr
}

func everything(t testing.TB) office.Scope { return office.Actor{System: true}.ReadScope(tree(t)) }

// over is the scope of a clerk of the units.
func over(t testing.TB, units ...string) office.Scope {
	t.Helper()
	var grants []office.Grant
	for _, u := range units {
		grants = append(grants, office.Grant{Role: office.RoleClerk, Unit: u})
	}
	return office.Actor{Account: &office.Account{Login: "x", Grants: grants}}.ReadScope(tree(t))
}

func party(t testing.TB, num string) office.Scope {
	return office.Actor{Party: &office.PartyRef{Matter: num, Role: "applicant"}}.ReadScope(tree(t))
}

// list reads all pages.
func (b *bench) list(t testing.TB, q casework.Query) []casework.Row {
	t.Helper()
	var all []casework.Row
	for range 5000 {
		rows, next, err := b.List(background(), q)
		must(t, err)
		all = append(all, rows...)
		if next == "" {
			return all
		}
		if len(rows) == 0 {
			t.Fatal("an empty page with a next one")
		}
		q.Cursor = next
	}
	t.Fatal("the pages never end")
	return nil
}

func titles(rows []casework.Row) []string {
	out := []string{}
	for _, r := range rows {
		out = append(out, r.Title)
	}
	return out
}

func (b *bench) wantTitles(t *testing.T, what string, q casework.Query, want ...string) {
	t.Helper()
	if d := cmp.Diff(append([]string{}, want...), titles(b.list(t, q))); d != "" {
		t.Errorf("%s: %s", what, d)
	}
}

// population is a few matters that differ in everything that can be asked for.
func (b *bench) population(t testing.TB) map[string]*casework.Matter {
	day := func(n int) time.Time { return dayOne().AddDate(0, 0, n) }
	out := map[string]*casework.Matter{}
	for _, s := range []spec{
		{title: "A", unit: "t1", state: "lodged", due: day(5)},
		{title: "B", unit: "t1", state: "handling", assignee: "wang", due: day(3)},
		{title: "C", unit: "t2", state: "handling", assignee: "wang"},
		{title: "D", unit: "t2", state: "closed", assignee: "li", ended: true},
		{title: "E", unit: "c", procedure: "beta@1", state: "lodged", due: day(4)},
		{title: "F", unit: "u", procedure: "beta@2", state: "lodged", assignee: "li", due: day(3)},
		{title: "G", unit: "u", procedure: "betamax@1", state: "closed", ended: true},
	} {
		out[s.title] = b.add(t, s)
	}
	return out
}

func listFilters(t *testing.T, b *bench) {
	b.population(t)
	yes, no := true, false
	all := everything(t)
	for _, c := range []struct {
		name string
		q    casework.Query
		want []string
	}{
		{"newest first", casework.Query{Order: casework.Newest}, []string{"G", "F", "E", "D", "C", "B", "A"}},
		{"open, by what runs out first", casework.Query{Open: &yes, Order: casework.ByDue}, []string{"B", "F", "E", "A", "C"}},
		{"open, newest first", casework.Query{Open: &yes, Order: casework.Newest}, []string{"F", "E", "C", "B", "A"}},
		{"ended", casework.Query{Open: &no, Order: casework.Newest}, []string{"G", "D"}},
		{"a state", casework.Query{State: "lodged", Order: casework.Newest}, []string{"F", "E", "A"}},
		{"an exact procedure version", casework.Query{Procedure: "beta@1", Order: casework.Newest}, []string{"E"}},
		{"a procedure, all its versions and no other", casework.Query{Procedure: "beta", Order: casework.Newest}, []string{"F", "E"}},
		{"an assignee", casework.Query{Assignee: "wang", Open: &yes, Order: casework.ByDue}, []string{"B", "C"}},
		{"an assignee, ended too", casework.Query{Assignee: "li", Order: casework.Newest}, []string{"F", "D"}},
		{"a unit", casework.Query{Unit: "t1", Open: &yes, Order: casework.ByDue}, []string{"B", "A"}},
		{"units", casework.Query{Below: []string{"c", "t1", "t2"}, Open: &yes, Order: casework.ByDue}, []string{"B", "E", "A", "C"}},
		{"a unit among units", casework.Query{Unit: "t2", Below: []string{"c", "t2"}, Order: casework.Newest}, []string{"D", "C"}},
		{"a unit that is not among the units", casework.Query{Unit: "t1", Below: []string{"c", "t2"}}, nil},
		{"everything at once", casework.Query{Unit: "t1", Procedure: "alpha", State: "handling", Assignee: "wang", Open: &yes}, []string{"B"}},
		{"nothing like it", casework.Query{State: "unheard-of"}, nil},
		{"a pattern is no procedure", casework.Query{Procedure: "*"}, nil},
		{"a unit that is not there", casework.Query{Unit: "nowhere"}, nil},
	} {
		for _, limit := range []int{0, 1, 2} {
			c.q.Scope, c.q.Limit = all, limit
			b.wantTitles(t, fmt.Sprintf("%s, pages of %d", c.name, limit), c.q, c.want...)
		}
	}
}

func listScopes(t *testing.T, b *bench) {
	pop := b.population(t)
	newest := casework.Query{Order: casework.Newest}
	for _, c := range []struct {
		name  string
		scope office.Scope
		want  []string
	}{
		{"everything", everything(t), []string{"G", "F", "E", "D", "C", "B", "A"}},
		{"nothing", office.Scope{}, nil},
		{"one unit", over(t, "t1"), []string{"B", "A"}},
		{"a unit and all below", over(t, "c"), []string{"E", "D", "C", "B", "A"}},
		{"several units", over(t, "t2", "u"), []string{"G", "F", "D", "C"}},
		{"one matter", party(t, pop["D"].Number), []string{"D"}},
		{"a matter that is not there", party(t, lodge(t, 99, spec{}).Matter.Number), nil},
	} {
		q := newest
		q.Scope = c.scope
		b.wantTitles(t, c.name, q, c.want...)
		counts, err := b.Counts(background(), c.scope)
		must(t, err)
		n := 0
		for _, x := range counts {
			n += int(x.N)
		}
		if c.scope.Matter() == "" && n != len(c.want) { // counts are by unit; a party has none to see
			t.Errorf("%s: counts add up to %d, want %d", c.name, n, len(c.want))
		}
	}
	b.wantTitles(t, "a unit outside the scope", casework.Query{Scope: over(t, "t1"), Unit: "u"})
	b.wantTitles(t, "units partly outside the scope", casework.Query{Scope: over(t, "t1"), Below: []string{"t1", "u"}, Order: casework.Newest}, "B", "A")
	mine := casework.Query{Scope: party(t, pop["B"].Number)}
	for what, change := range map[string]func(*casework.Query){
		"another unit":  func(q *casework.Query) { q.Unit = "t2" },
		"other units":   func(q *casework.Query) { q.Below = []string{"t2", "u"} },
		"another state": func(q *casework.Query) { q.State = "closed" },
		"ended":         func(q *casework.Query) { no := false; q.Open = &no },
		"another word":  func(q *casework.Query) { q.Tokens = []string{"unheard"} },
	} {
		q := mine
		change(&q)
		b.wantTitles(t, "one matter, "+what, q)
	}
	mine.Tokens, mine.Unit = []string{"b"}, "t1"
	b.wantTitles(t, "one matter by its own word", mine, "B")
}

func listWords(t *testing.T, b *bench) {
	b.add(t, spec{unit: "t1", title: "邻居装修漏水"})
	b.add(t, spec{unit: "t1", title: "Noise 噪音 after midnight"})
	b.add(t, spec{unit: "t2", title: "装修 noise, every day"})
	num := b.add(t, spec{unit: "t2", title: `"quotes' OR * NEAR( -x`}).Number
	for words, want := range map[string][]string{
		"漏水":               {"邻居装修漏水"},
		"装修":               {"装修 noise, every day", "邻居装修漏水"},
		"修漏":               {"邻居装修漏水"}, // inside a run of characters
		"漏":                {"邻居装修漏水"},
		"NOISE":            {"装修 noise, every day", "Noise 噪音 after midnight"},
		"noise 装修":         {"装修 noise, every day"},
		"noise unheard":    nil,
		"水漏":               nil,
		`"quotes" OR near`: {`"quotes' OR * NEAR( -x`},
		num:                {`"quotes' OR * NEAR( -x`},
	} {
		b.wantTitles(t, words, casework.Query{Scope: everything(t), Tokens: search.Query(words), Limit: 1}, want...)
	}
	b.wantTitles(t, "a word outside the scope", casework.Query{Scope: over(t, "t1"), Tokens: []string{"noise"}}, "Noise 噪音 after midnight")
	b.wantTitles(t, "the unit's own token is no way around the scope", casework.Query{Scope: over(t, "t1"), Tokens: []string{casework.UnitToken("t2")}})
}

func listBadCursor(t *testing.T, b *bench) {
	b.add(t, spec{})
	for _, cursor := range []string{"x", ".", "1.", ".1", "!.!", "zzzzzzzzzzzzzzzzzz.1", "1.1.1"} {
		if _, _, err := b.List(background(), casework.Query{Scope: everything(t), Cursor: cursor}); casework.KindOf(err) != casework.Invalid {
			t.Errorf("cursor %q: %v", cursor, err)
		}
	}
}

func listPaging(t *testing.T, b *bench) {
	open := true
	var want []string
	for i := range 60 { // many with the same due time
		s := spec{unit: fmt.Sprint("t", i%9+1), due: dayOne().AddDate(0, 0, i%4)}
		want = append(want, b.add(t, s).Number)
	}
	for _, q := range []casework.Query{
		{Scope: everything(t), Order: casework.ByDue, Open: &open, Limit: 7},
		{Scope: everything(t), Order: casework.Newest, Limit: 7},
		{Scope: over(t, "t3"), Order: casework.ByDue, Open: &open, Limit: 2},
		{Scope: everything(t), Order: casework.Newest, Tokens: []string{"title"}, Limit: 7},
	} {
		in := func(num string) bool {
			return q.Scope.All() || slices.Index(want, num)%9 == 2
		}
		seen := b.pagesWhileAdding(t, q)
		for _, num := range want {
			if n := seen[num]; in(num) && n != 1 {
				t.Errorf("%s order: %s came %d times", q.Order, num, n)
			}
		}
	}
}

// pagesWhileAdding reads all pages while others add matters all over the order.
func (b *bench) pagesWhileAdding(t *testing.T, q casework.Query) map[string]int {
	var wg sync.WaitGroup
	stop := make(chan struct{})
	wg.Go(func() {
		for i := 0; i < 300; i++ {
			select {
			case <-stop:
				return
			default:
				b.add(t, spec{unit: "t3", title: "added, no word in common", due: dayOne().AddDate(0, 0, i%6-1)})
			}
		}
	})
	seen := map[string]int{}
	for _, r := range b.list(t, q) {
		seen[r.Number]++
	}
	close(stop)
	wg.Wait()
	return seen
}

func listNarrow(t *testing.T, b *bench) {
	changes := make([]*casework.Change, 400)
	for i := range changes {
		changes[i] = lodge(t, i+1, spec{unit: fmt.Sprint("t", i%8+2), title: fmt.Sprint("common word ", i)})
	}
	for i := range 6 { // in one place, what came last runs out first
		changes[300+i] = lodge(t, 301+i, spec{unit: "t1", procedure: "beta@1", title: fmt.Sprint("due ", i), due: dayOne().AddDate(0, 0, 6-i)})
	}
	changes[200] = lodge(t, 201, spec{unit: "t1", title: "common needle"})
	changes[7] = lodge(t, 8, spec{unit: "t1", title: "common thread"})
	_, errs := b.together(changes)
	for _, err := range errs {
		must(t, err)
	}
	b.next = len(changes)
	scope := over(t, "t1")
	open := true
	b.wantTitles(t, "narrow scope by what runs out first", casework.Query{Scope: scope, Procedure: "beta", Open: &open, Order: casework.ByDue, Limit: 2},
		"due 5", "due 4", "due 3", "due 2", "due 1", "due 0")
	b.wantTitles(t, "narrow scope, newest first", casework.Query{Scope: scope, Procedure: "beta", Order: casework.Newest, Limit: 2},
		"due 5", "due 4", "due 3", "due 2", "due 1", "due 0")
	b.wantTitles(t, "narrow scope", casework.Query{Scope: scope, Tokens: []string{"common"}, Limit: 1}, "common needle", "common thread")
	m, err := b.Matter(background(), changes[200].Matter.Number)
	must(t, err)
	moved := step(t, m, spec{unit: "t2", title: "common needle"})
	b.commit(t, moved)
	b.wantTitles(t, "after one was referred away", casework.Query{Scope: scope, Tokens: []string{"common"}}, "common thread")
	b.wantTitles(t, "where it went", casework.Query{Scope: over(t, "t2"), Tokens: []string{"needle"}}, "common needle")
}

// listFew searches for a common word where hardly any matter is such as asked for.
func listFew(t *testing.T, b *bench) {
	changes := make([]*casework.Change, 300)
	for i := range changes {
		changes[i] = lodge(t, i+1, spec{unit: fmt.Sprint("t", i%8+2), title: fmt.Sprint("common word ", i)})
	}
	for i, n := range []int{20, 130, 240} {
		changes[n] = lodge(t, n+1, spec{unit: fmt.Sprint("t", i+1), state: "rare", title: fmt.Sprint("common few ", i), assignee: []string{"", "me", "me"}[i]})
	}
	changes[250] = lodge(t, 251, spec{unit: "t4", state: "rare", title: "without the word"})
	_, errs := b.together(changes)
	for _, err := range errs {
		must(t, err)
	}
	b.next = len(changes)
	q := casework.Query{Scope: everything(t), State: "rare", Tokens: []string{"common"}, Limit: 1}
	b.wantTitles(t, "few in a state", q, "common few 2", "common few 1", "common few 0")
	q.Tokens = []string{"common", "few", "1"}
	b.wantTitles(t, "few in a state, more words", q, "common few 1")
	q.Tokens, q.Assignee = []string{"common"}, "me"
	b.wantTitles(t, "few in a state, mine", q, "common few 2", "common few 1")
	q.Scope, q.Assignee = over(t, "t2", "t4"), ""
	b.wantTitles(t, "few in a state and a scope", q, "common few 1")
}
