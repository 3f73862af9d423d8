package storetest

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"luoshi/internal/casework"
)

// couple is a random small procedure in two versions, with a mapping between them.
type couple struct {
	id, old, new, mapping string
	states                int
}

// drawCouple draws a chain of states, a few fields, parties and clocks, and changes some of them.
func drawCouple(rt *rapid.T, id string) couple {
	yes := func(what string) bool { return rapid.Bool().Draw(rt, what) }
	c := couple{id: id, states: rapid.IntRange(1, 3).Draw(rt, "states")}
	old := shape{id: id, version: 1, period: "10d", limit: 20, max: 2, extends: yes("extended"), sees: true, assigned: "officer", prefix: "s"}
	new := old
	new.version = 2
	var m strings.Builder
	fmt.Fprintf(&m, "format: luoshi-migration/1\nprocedure: %s\nfrom: 1\nto: 2\nreason: {zh: 改了, en: changed}\n", id)
	new.period = rapid.SampledFrom([]string{"10d", "3d", "5wd"}).Draw(rt, "period")
	new.limit = rapid.SampledFrom([]int{20, 6}).Draw(rt, "limit")
	new.max = rapid.SampledFrom([]int{2, 1}).Draw(rt, "max")
	new.extends = old.extends && yes("still extended")
	new.sees = yes("still sees")
	new.requires = yes("requires")
	if yes("another role") {
		new.assigned = "mediator"
	}
	if yes("other names") {
		new.prefix, new.renamed = "z", true
		states := ""
		for i := range c.states {
			states += fmt.Sprintf("s%d: z%d, ", i, i)
		}
		fmt.Fprintf(&m, "states: {%s}\nfields: {a: c}\nparties: {second: other}\n", strings.TrimSuffix(states, ", "))
	}
	if yes("the side clock is gone") {
		new.noSide = true
		m.WriteString("stop: [side]\n")
	}
	if yes("one clock more") {
		new.more = true
		m.WriteString("start: [{clock: more, in: [" + new.prefix + "0]}]\n")
	}
	if yes("a field is dropped") {
		new.noB = true
		m.WriteString("drop: [b]\n")
	}
	c.old, c.new, c.mapping = old.text(c.states), new.text(c.states), m.String()
	return c
}

// shape is what varies in a random procedure.
type shape struct {
	id                                                  string
	version, limit, max                                 int
	period, assigned, prefix                            string
	extends, sees, requires, renamed, noSide, more, noB bool
}

func (s shape) text(states int) string {
	name := func(old, new string) string {
		if s.renamed {
			return new
		}
		return old
	}
	words := func(w string) string { return fmt.Sprintf("{zh: %s, en: %s}", w, w) }
	var b strings.Builder
	p := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	a, second := name("a", "c"), name("second", "other")
	p("format: luoshi-procedure/1\nid: %s\nversion: %d\ntitle: %s\nsummary: %s\nlanguages: [zh, en]", s.id, s.version, words("t"), words("t"))
	p("calendar: cn\ntime_zone: Asia/Shanghai\nbasis:\n  - {note: %s}", words("none"))
	p("open:\n  by: [\"role:clerk\"]\n  channels: [api]\n  units: [township]\n  to: %s0\n  fields:\n    - {name: %s, required: false}", s.prefix, a)
	if !s.noB {
		p("    - {name: b, required: false}")
	}
	p("parties:\n  - {role: first, title: %s, min: 0, max: 0, sees: %t}\n  - {role: %s, title: %s, min: 0, max: %d, sees: false}", words("f"), s.sees, second, words("o"), s.max)
	p("fields:\n  - {name: %s, title: %s, type: string, max_length: %d, class: plain, seen_by: [staff]}", a, words("a"), s.limit)
	if !s.noB {
		p("  - {name: b, title: %s, type: string, class: plain, seen_by: [staff]}", words("b"))
	}
	p("states:")
	for i := range states {
		requires := ""
		if s.requires && i == states-1 {
			requires = ", requires: [" + a + "]"
		}
		p("  - {name: %s%d, title: %s, public: %s%s}", s.prefix, i, words("s"), words("s"), requires)
	}
	p("  - {name: over, end: true, title: %s, public: %s}\nsteps:", words("e"), words("e"))
	all := make([]string, states)
	for i := range states {
		all[i] = fmt.Sprintf("%s%d", s.prefix, i)
		to := "over"
		if i+1 < states {
			to = fmt.Sprintf("%s%d", s.prefix, i+1)
		}
		fields := ""
		if s.requires && i+2 == states { // what the last state requires is asked for on the way
			fields = ", fields: [{name: " + a + ", required: false}]"
		}
		p("  - {name: go%d, title: %s, from: [%s%d], to: %s, by: [\"role:clerk\"], note: none%s}", i, words("g"), s.prefix, i, to, fields)
	}
	from := strings.Join(all, ", ")
	p("  - {name: give, title: %s, from: [%s], by: [\"role:clerk\"], note: none, assign: choose, assign_role: %s}", words("g"), from, s.assigned)
	p("  - {name: work, title: %s, from: [%s], by: [{role: %s, relation: assigned}], note: none}", words("w"), from, s.assigned)
	if s.extends {
		p("  - {name: longer, title: %s, from: [%s], by: [\"role:clerk\"], note: none, extend: main}", words("l"), from)
	}
	p("clocks:\n  - name: main\n    title: %s\n    period: %s\n    starts: [open]\n    responsible: owner\n    basis: {note: %s}", words("m"), s.period, words("none"))
	if s.extends {
		p("    extension: {period: 2d, max: 2}")
	}
	if !s.noSide {
		p("  - {name: side, title: %s, period: 4d, starts: [give], suspended_in: [%s0], responsible: owner, basis: {note: %s}}", words("s"), s.prefix, words("none"))
	}
	if s.more {
		p("  - {name: more, title: %s, period: 6d, starts: [work], responsible: owner, basis: {note: %s}}", words("m"), words("none"))
	}
	p("example:\n  procedure: %s\n  title: x\n  fields: {%s: x}", s.id, a)
	return b.String()
}

// populate lodges a few matters of a procedure and brings them somewhere.
func (d *Desk) populate(t testing.TB, rt *rapid.T, id string) {
	clerk := d.staff(t, "clerk@t1")
	var nums []string
	defer func() { // a migration records first what has fallen due; that is not looked at here
		for _, num := range nums {
			for out := (&casework.Outcome{}); out != nil; {
				var err error
				out, err = d.Wake(background(), num)
				must(t, err)
			}
		}
	}()
	for range rapid.IntRange(1, 8).Draw(rt, "matters") {
		l := casework.Lodging{Procedure: id, Unit: "t1", Title: "t", Fields: map[string]any{}}
		for _, f := range []string{"a", "b"} {
			if n := rapid.SampledFrom([]int{0, 3, 12}).Draw(rt, f); n > 0 {
				l.Fields[f] = strings.Repeat("x", n)
			}
		}
		for _, role := range rapid.SliceOfN(rapid.SampledFrom([]string{"first", "second"}), 0, 2).Draw(rt, "parties") {
			l.Parties = append(l.Parties, casework.Party{Role: role, Name: "N"})
		}
		out, err := d.Lodge(background(), clerk, l, "")
		must(t, err)
		nums = append(nums, out.Matter.Number)
		for range rapid.IntRange(0, 4).Draw(rt, "steps") {
			m, err := d.Store.Matter(background(), out.Matter.Number)
			must(t, err)
			steps := d.LawfulSteps(clerk, m)
			if len(steps) == 0 {
				break
			}
			d.Take(t, clerk, m.Number, steps[rapid.IntRange(0, len(steps)-1).Draw(rt, "step")].Name)
			d.Wait(time.Duration(rapid.IntRange(1, 60).Draw(rt, "hours")) * time.Hour)
			if rapid.Bool().Draw(rt, "lapse") {
				_, err := d.Wake(background(), m.Number)
				must(t, err)
			}
		}
	}
}

// rehearsalIsReality migrates random matters between random versions. What fitted in the rehearsal is exactly
// what is migrated; nothing else changes, and of what is migrated nothing but what the mapping says.
func rehearsalIsReality(t *testing.T, d *Desk) {
	n := 0
	fit, unfit := int64(0), int64(0)
	rapid.Check(t, func(rt *rapid.T) {
		n++
		c := drawCouple(rt, fmt.Sprintf("random-%d", n))
		_, err := d.Publish(background(), "old.yaml", []byte(c.old))
		must(t, err)
		d.populate(t, rt, c.id)
		if _, err := d.Publish(background(), "new.yaml", []byte(c.new)); err != nil {
			rt.Fatal(err, c.new)
		}
		p, err := d.MigrationPlan(system(), c.id+"@1", c.id+"@2", "map.yaml", []byte(c.mapping))
		if err != nil {
			rt.Fatal(err, casework.Findings(err))
		}
		before := d.everything(t)
		rehearsed, err := d.Rehearse(background(), system(), p, casework.MigrationOptions{})
		must(t, err)
		if diff := cmp.Diff(before, d.everything(t)); diff != "" {
			rt.Fatalf("the rehearsal changed something: %s", diff)
		}
		done := d.migrated(t, p)
		d.compareMigration(rt, p, rehearsed, done, before, d.everything(t))
		fit, unfit = fit+done.Fit, unfit+done.Matters-done.Fit
	})
	d.green(t)
	if fit < 30 || unfit < 30 {
		t.Errorf("%d matters fitted, %d did not: too few to tell anything", fit, unfit)
	}
}

func (d *Desk) compareMigration(rt *rapid.T, p *casework.Plan, rehearsed, done *casework.Rehearsal, before, after map[string]string) {
	if !done.Done || done.Migrated != rehearsed.Fit {
		rt.Fatalf("rehearsed %+v, done %+v", rehearsed, done)
	}
	done.Migrated, done.Done = 0, false
	if diff := cmp.Diff(rehearsed, done); diff != "" {
		rt.Fatal(diff)
	}
	var unfit []string
	for _, u := range rehearsed.Unfit { // there are fewer matters than a reason has examples
		unfit = append(unfit, u.Examples...)
	}
	for num, text := range before {
		var was, is casework.Matter
		if json.Unmarshal([]byte(text), &was) != nil || json.Unmarshal([]byte(after[num]), &is) != nil {
			rt.Fatal(num)
		}
		migrates := was.Procedure == p.From.Procedure.Key() && was.Ended == "" && !slices.Contains(unfit, num)
		if !migrates {
			if after[num] != text {
				rt.Fatalf("%s was changed:\n%s\n%s", num, text, after[num])
			}
			continue
		}
		d.compareMatter(rt, p, &was, &is)
	}
}

// compareMatter says in the plainest way what a migration may change.
func (d *Desk) compareMatter(rt *rapid.T, p *casework.Plan, was, is *casework.Matter) {
	want := *was
	want.Procedure, want.State, want.Version, want.Changed = p.To.Procedure.Key(), p.Map.State(was.State), was.Version+1, is.Changed
	want.Former = []casework.Pin{{Procedure: was.Procedure, Until: was.Version, Parties: p.Map.Parties}}
	want.Fields = nil
	for name, v := range was.Fields {
		if to := p.Map.Field(name); to != "" {
			if want.Fields == nil {
				want.Fields = map[string]any{}
			}
			want.Fields[to] = v
		}
	}
	want.Roles, want.Parties = slices.Clone(was.Roles), slices.Clone(was.Parties)
	for i := range want.Roles {
		want.Roles[i].Role, want.Parties[i].Role = p.Map.Party(was.Roles[i].Role), p.Map.Party(was.Parties[i].Role)
	}
	clocks := is.Clocks
	want.Clocks = nil
	is.Clocks = nil
	if diff := cmp.Diff(&want, is); diff != "" {
		rt.Fatalf("%s: %s", was.Number, diff)
	}
	for _, c := range was.Clocks {
		i := slices.IndexFunc(clocks, func(x casework.Clock) bool { return x.Name == p.Map.Clock(c.Name) || x.Name == c.Name })
		switch {
		case i < 0:
			rt.Fatalf("%s: the clock %s is gone", was.Number, c.Name)
		case !c.Open() && clocks[i].Status != c.Status, c.Open() && p.Map.Clock(c.Name) == "" && clocks[i].Status != casework.Stopped:
			rt.Fatalf("%s: the clock %s is now %s", was.Number, c.Name, clocks[i].Status)
		case c.Open() && p.Map.Clock(c.Name) != "" && (!clocks[i].Open() || clocks[i].From != c.From || clocks[i].Extensions != c.Extensions):
			rt.Fatalf("%s: the clock %s began %s and was extended %d times: %+v", was.Number, c.Name, c.From, c.Extensions, clocks[i])
		}
	}
}
