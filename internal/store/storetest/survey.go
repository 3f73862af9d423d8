package storetest

import (
	"math"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"luoshi/internal/casework"
	"luoshi/internal/office"
)

// drawDue is some stretch of the hours in which the model's matters are due.
func drawDue(rt *rapid.T) casework.Between {
	from := rapid.IntRange(-4, 3).Draw(rt, "from")
	return casework.Between{After: hour(from), Until: hour(from + rapid.IntRange(0, 4).Draw(rt, "hours"))}
}

func hour(n int) int64 { return dayOne().Add(time.Duration(n) * time.Hour).UnixMilli() }

// surveyed asks for the numbers of an overview. Each must be that of the rows which List gives for it, and what came,
// ended and became late that which the model says.
func surveyed(t *testing.T, rt *rapid.T, b *bench, m *model, scope office.Scope) {
	now := rapid.IntRange(-4, 4).Draw(rt, "now")
	areas := rapid.SampledFrom([]map[string]string{
		{"p": "p", "c": "c", "t1": "c", "t2": "c", "t3": "c", "u": "u"},
		{"c": "c", "t1": "t1", "t2": "t2"},
	}).Draw(rt, "areas")
	q := casework.Survey{Scope: scope,
		Area:   func(unit string) (string, bool) { area, ok := areas[unit]; return area, ok },
		People: func(unit string) bool { return unit == "t1" || unit == "u" },
		Late:   casework.Between{After: math.MinInt64, Until: hour(now)}, Today: casework.Between{After: hour(now), Until: hour(now + 1)},
		Week:    casework.Between{After: hour(now), Until: hour(now + 3)},
		Periods: []int64{hour(0), hour(0) + 5000, hour(0) + 60_000, hour(1), hour(2)},
	}
	got, err := b.Survey(background(), q)
	must(t, err)
	below := map[string][]string{} // units of each area
	var all []string
	for unit, area := range areas {
		below[area], all = append(below[area], unit), append(all, unit)
	}
	want := &casework.Standing{Areas: map[string]casework.Load{}, Procedures: map[string]casework.Load{}, People: map[casework.Seat]casework.Load{},
		Flow: m.flow(scope, areas, q.Periods)}
	for area, units := range below {
		if l := b.load(t, q, casework.Query{Scope: scope, Below: units}); l.Open > 0 {
			want.Areas[area] = l
		}
	}
	for _, p := range []string{"alpha@1", "alpha@2", "beta@1", "alphabet@1"} {
		if l := b.load(t, q, casework.Query{Scope: scope, Below: all, Procedure: p}); l.Open > 0 {
			want.Procedures[p] = l
		}
	}
	for _, unit := range all {
		for _, login := range []string{"wang", "li"} {
			if l := b.load(t, q, casework.Query{Scope: scope, Unit: unit, Assignee: login}); l.Open > 0 && q.People(unit) {
				want.People[casework.Seat{Unit: unit, Login: login}] = l
			}
		}
	}
	if d := gocmp.Diff(want, got, cmpopts.EquateEmpty()); d != "" {
		rt.Fatalf("%+v: %s", q, d)
	}
}

// load counts the rows of the lists that the numbers of an overview lead to.
func (b *bench) load(t *testing.T, s casework.Survey, q casework.Query) casework.Load {
	t.Helper()
	open := true
	q.Open, q.Order, q.Limit = &open, casework.ByDue, 200
	count := func(due casework.Between, unassigned bool) int64 {
		q := q
		q.Due, q.Unassigned = due, unassigned
		return int64(len(b.list(t, q)))
	}
	none := casework.Between{}
	return casework.Load{Open: count(none, false), Today: count(s.Today, false), Week: count(s.Week, false), Late: count(s.Late, false),
		Unassigned: count(none, true)}
}

// flow goes through everything once for each period.
func (m *model) flow(scope office.Scope, areas map[string]string, periods []int64) []casework.Flow {
	flow := make([]casework.Flow, len(periods)-1)
	for _, r := range m.rows {
		x := r.matter
		if _, counted := areas[x.Unit]; !counted || !scope.Covers(x.Unit, x.Number) {
			continue
		}
		for i := range flow {
			within := func(at string) int64 {
				when, err := time.Parse(casework.TimeFormat, at)
				if err == nil && when.UnixMilli() >= periods[i] && when.UnixMilli() < periods[i+1] {
					return 1
				}
				return 0
			}
			flow[i].Opened += within(x.Opened)
			flow[i].Ended += within(x.Ended)
			for _, c := range x.Clocks {
				flow[i].Late += within(c.Lapsed)
			}
		}
	}
	return flow
}

// surveyFollows looks at the numbers while they are loaded: what is committed meanwhile is counted once.
func surveyFollows(t *testing.T, b *bench) {
	q := casework.Survey{Scope: everything(t), Area: func(unit string) (string, bool) { return strings.TrimRight(unit, "0123456789"), true },
		People: func(string) bool { return false }, Late: casework.Between{Until: 1}, Today: casework.Between{Until: 1}, Week: casework.Between{Until: 1}}
	b.population(t)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for range 100 {
			b.add(t, spec{unit: "t3"})
		}
	}()
	const days = 24 * 60 * 60 * 1000
	for since := int64(50); since >= 0; since-- { // each asks for more than is loaded
		q.Periods = []int64{since * 100 * days, since*100*days + 1000}
		_, err := b.Survey(background(), q)
		must(t, err)
	}
	<-done
	got, err := b.Survey(background(), q)
	must(t, err)
	want := map[string]casework.Load{"t": {Open: 103, Unassigned: 101}, "c": {Open: 1, Unassigned: 1}, "u": {Open: 1}}
	if d := gocmp.Diff(want, got.Areas); d != "" {
		t.Error(d)
	}
}
