package storetest

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"luoshi/internal/casework"
	"luoshi/internal/office"
)

// overviewsAgree lets matters live, and compares for everybody each number of an overview with the rows of its list.
func overviewsAgree(t *testing.T, d *Desk) {
	rapid.Check(t, func(rt *rapid.T) {
		if n, _ := d.Store.Size(background()); n > 400 {
			return
		}
		for range rapid.IntRange(1, 4).Draw(rt, "matters") {
			d.Walk(t, rt)
		}
		d.Wait(time.Duration(rapid.IntRange(0, 10*24).Draw(rt, "hours")) * time.Hour)
		everybody := d.everybody(t)
		logins := []string{}
		for login := range everybody {
			logins = append(logins, login)
		}
		slices.Sort(logins)
		who := rapid.SampledFrom(logins).Draw(rt, "who")
		unit := rapid.SampledFrom([]string{"", "p", "c", "t1", "t2"}).Draw(rt, "unit")
		o, err := d.Overview(background(), everybody[who], unit, rapid.SampledFrom([]string{casework.ByMonth, casework.ByWeek, ""}).Draw(rt, "by"))
		if err != nil {
			if k := casework.KindOf(err); k != casework.NotFound && k != casework.NotAllowed {
				rt.Fatalf("%s at %q: %v", who, unit, err)
			}
			return
		}
		d.agrees(t, rt, everybody[who], o)
	})
}

func (d *Desk) agrees(t *testing.T, rt *rapid.T, a office.Actor, o *casework.Overview) {
	check := func(what string, q casework.Query, got casework.Load) {
		if diff := cmp.Diff(d.counted(t, a, q), got); diff != "" {
			rt.Errorf("%s: %s", what, diff)
		}
	}
	whole := casework.Query{}
	if o.Unit != "" {
		whole.Below = d.Tree().Below(o.Unit)
	}
	check("in all", whole, o.Total)
	sum := casework.Load{}
	for _, area := range o.Areas {
		q := casework.Query{Below: d.Tree().Below(area.Unit)}
		if area.Alone {
			q = casework.Query{Unit: area.Unit}
		}
		check(fmt.Sprint(area.Unit, area.Alone), q, area.Load)
		sum = sum.Plus(area.Load)
	}
	if sum != o.Total {
		rt.Errorf("the areas add up to %v, not %v", sum, o.Total)
	}
	for _, k := range o.Kinds {
		q := whole
		q.Procedure = k.Procedure
		check(k.Procedure, q, k.Load)
	}
	for _, of := range o.Offices {
		check(of.Unit+" alone", casework.Query{Unit: of.Unit}, of.Load)
		named := int64(0)
		for _, p := range of.People {
			check(p.Login, casework.Query{Unit: of.Unit, Assignee: p.Login}, p.Load)
			named += p.Open
		}
		if named+of.Unassigned != of.Open {
			rt.Errorf("%s: %d with a name and %d without are not %d", of.Unit, named, of.Unassigned, of.Open)
		}
	}
}

// counted counts the rows of the lists that the numbers lead to.
func (d *Desk) counted(t *testing.T, a office.Actor, q casework.Query) casework.Load {
	open := true
	q.Open, q.Order, q.Limit = &open, casework.ByDue, 200
	rows := func(due string, unassigned bool) (n int64) {
		q := q
		q.Due, _ = d.Due(due)
		q.Unassigned = unassigned
		for {
			page, next, err := d.List(background(), a, q, "")
			must(t, err)
			n += int64(len(page))
			if q.Cursor = next; next == "" {
				return n
			}
		}
	}
	return casework.Load{Open: rows("", false), Late: rows(casework.DueLate, false), Today: rows(casework.DueToday, false),
		Week: rows(casework.DueWeek, false), Unassigned: rows("", true)}
}

// overviewSeen says who sees the overview of what, and whose people.
func overviewSeen(t *testing.T, d *Desk) {
	out := d.Lodged(t, "probe", "t1")
	d.Take(t, d.staff(t, "clerk@t1"), out.Matter.Number, "assign", func(c *casework.StepCommand) { c.Assignee = "officer@t1" })
	own := func(o *casework.Overview) []string {
		units := []string{}
		for _, of := range o.Offices {
			for _, p := range of.People {
				units = append(units, of.Unit+" "+p.Login)
			}
		}
		return units
	}
	for _, c := range []struct {
		who, unit, path string
		people          []string
	}{
		{"head@t1", "", "[t1]", []string{"t1 officer@t1"}},
		{"head@c", "", "[c]", []string{"t1 officer@t1"}},
		{"head@c", "t1", "[c t1]", []string{"t1 officer@t1"}},
		{"head@p", "", "[p]", nil},        // the county has a head of its own
		{"head@p", "t1", "[p c t1]", nil}, // and so on
		{"supervisor@p", "t1", "[p c t1]", nil},
		{"clerk@t1", "", "[t1]", nil},
		{"auditor@c", "t2", "[c t2]", nil},
	} {
		o, err := d.Overview(background(), d.staff(t, c.who), c.unit, "")
		must(t, err)
		if got := fmt.Sprint(o.Path); got != c.path {
			t.Errorf("%s at %q: path %s, want %s", c.who, c.unit, got, c.path)
		}
		if diff := cmp.Diff(append([]string{}, c.people...), own(o)); diff != "" {
			t.Errorf("%s at %q: %s", c.who, c.unit, diff)
		}
	}
	for _, c := range []struct {
		who, unit string
		kind      casework.ErrorKind
	}{
		{"head@t1", "t2", casework.NotFound}, {"head@t1", "c", casework.NotFound}, {"head@p", "nowhere", casework.NotFound},
		{"operator@p", "", casework.NotAllowed}, {"author@p", "", casework.NotAllowed}, {"left", "", casework.NotAllowed},
	} {
		if _, err := d.Overview(background(), d.staff(t, c.who), c.unit, ""); casework.KindOf(err) != c.kind {
			t.Errorf("%s at %q: %v", c.who, c.unit, err)
		}
	}
	for _, a := range []office.Actor{resident(), system(), partyActor(out.Matter.Number, "applicant")} {
		if _, err := d.Overview(background(), a, "", ""); casework.KindOf(err) != casework.NotAllowed {
			t.Errorf("%+v: %v", a, err)
		}
	}
}

// overviewPeriods has periods of the place: an act half an hour before midnight there belongs to the old month.
func overviewPeriods(t *testing.T, d *Desk) {
	at := func(y int, m time.Month, day, hour, minute int) {
		d.Wait(time.Date(y, m, day, hour, minute, 0, 0, time.FixedZone("CST", 8*3600)).Sub(d.Time()))
	}
	at(2026, 3, 31, 23, 30)
	first := d.Lodged(t, "probe", "t1").Matter.Number
	at(2026, 4, 1, 0, 0)
	d.Lodged(t, "probe", "t1")
	d.Take(t, d.staff(t, "clerk@t1"), first, "finish")
	for by, want := range map[string][]string{
		casework.ByMonth: {"2026-03-01 {1 0 0}", "2026-04-01 {1 1 0}"},
		casework.ByWeek:  {"2026-03-23 {0 0 0}", "2026-03-30 {2 1 0}"},
	} {
		o, err := d.Overview(background(), d.staff(t, "head@c"), "", by)
		must(t, err)
		var got []string
		for _, p := range o.Periods[len(o.Periods)-2:] {
			got = append(got, fmt.Sprint(p.From.Format(time.DateOnly), " ", p.Flow))
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		if n := map[string]int{casework.ByMonth: 12, casework.ByWeek: 52}[by]; len(o.Periods) != n {
			t.Errorf("%d periods by %s", len(o.Periods), by)
		}
		for i := range o.Periods[1:] {
			if !o.Periods[i].To.Equal(o.Periods[i+1].From) {
				t.Errorf("%v does not follow %v", o.Periods[i+1].From, o.Periods[i].To)
			}
		}
	}
}
