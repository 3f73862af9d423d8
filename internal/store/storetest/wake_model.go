package storetest

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"luoshi/internal/calendar"
	"luoshi/internal/casework"
)

// naive is the worker as one would write it without thinking of cost: it looks at every clock at every full hour, and
// counts the days that are left one by one. It shares the deadline function with the program, and nothing else.
type naive struct {
	loc    *time.Location
	clocks []*naiveClock
	events []string
}

type naiveClock struct {
	name, starts, period, warn string
	suspends, party            bool // stands still while waiting; goes on after the end
	on, waits, warned, lapsed  bool
	quiet                      bool // it runs out too soon after an act for a warning
	from                       time.Time
	suspensions                []calendar.Span
	extensions                 []calendar.Period
	due                        time.Time // when it is over
	dueDay                     calendar.Date
}

// look records what has fallen due at t.
func (n *naive) look(t time.Time) {
	for _, c := range n.clocks {
		if !c.on || c.waits {
			continue
		}
		if !c.warned && !c.lapsed && !c.quiet && n.soon(c, t) {
			c.warned = true
			n.events = append(n.events, fmt.Sprintln("warn", c.name, casework.FormatTime(t)))
		}
		if !c.lapsed && !t.Before(c.due) {
			c.lapsed = true
			n.events = append(n.events, fmt.Sprintln("lapse", c.name, casework.FormatTime(c.due)))
		}
	}
}

// soon tells whether less than the warning's period is left of the clock, or just that.
func (n *naive) soon(c *naiveClock, t time.Time) bool {
	if c.warn == "" {
		return false
	}
	p, _ := calendar.ParsePeriod(c.warn)
	if p.Unit == calendar.Hour {
		return !t.Before(c.due.Add(-time.Duration(p.N) * time.Hour))
	}
	left := 0
	for d := calendar.DateOf(t.In(n.loc)) + 1; d <= c.dueDay; d++ {
		if p.Unit == calendar.Day || calendar.China().WorkingDay(d) {
			left++
		}
	}
	return left < p.N
}

// set computes the end of a clock that an act at t starts, or lets go on with another end.
func (n *naive) set(c *naiveClock, t time.Time, starts bool) {
	c.warned, c.lapsed = false, false
	period, _ := calendar.ParsePeriod(c.period)
	d, err := calendar.Compute(calendar.Request{From: c.from, Period: period, Suspensions: c.suspensions, Extensions: c.extensions,
		Calendar: calendar.China(), Location: n.loc})
	if err != nil {
		panic(err)
	}
	if c.waits {
		return
	}
	c.due, c.dueDay = d.Due.End(), d.Due.Date()
	c.quiet = !c.due.After(t) || starts && n.soon(c, t)
}

// act does what a step at t does to the clocks.
func (n *naive) act(step string, t time.Time) {
	for _, c := range n.clocks {
		switch {
		case step == "finish" && !c.party:
			c.on = false
		case c.starts == step:
			c.on, c.waits, c.from, c.suspensions, c.extensions = true, false, t, nil, nil
			n.set(c, t, true)
			if step == "wait" && c.suspends {
				c.waits, c.suspensions = true, []calendar.Span{{From: t}}
			}
		case !c.on:
		case step == "wait" && c.suspends:
			c.waits = true
			c.suspensions = append(c.suspensions, calendar.Span{From: t})
		case step == "resume" && c.waits:
			c.waits = false
			c.suspensions[len(c.suspensions)-1].To = t
			n.set(c, t, false)
		case step == "more" && c.name == "c0":
			c.extensions = append(c.extensions, calendar.Period{N: 3, Unit: calendar.Day})
			n.set(c, t, false)
		}
	}
}

// text is the procedure with these clocks.
func (n *naive) text(id string) string {
	both := func(s string) string { return fmt.Sprintf("{zh: %q, en: %q}", s, s) }
	var b strings.Builder
	fmt.Fprintf(&b, "format: luoshi-procedure/1\nid: %s\nversion: 1\ntitle: %s\nsummary: %s\nlanguages: [zh, en]\ncalendar: cn\ntime_zone: Asia/Shanghai\n", id, both(id), both(id))
	fmt.Fprintf(&b, "basis: [{note: %s}]\nopen: {by: [resident], channels: [web], units: [township], to: working, fields: []}\n", both("trial"))
	fmt.Fprintf(&b, "parties: [{role: applicant, title: %s, min: 1, max: 1, sees: true}]\nfields: []\nstates:\n", both("a"))
	for _, s := range []string{"working", "waiting", "done"} {
		fmt.Fprintf(&b, "  - {name: %s, title: %s, public: %s, end: %t}\n", s, both(s), both(s), s == "done")
	}
	b.WriteString("steps:\n")
	for _, s := range []struct{ name, from, to, more string }{{"wait", "working", "waiting", ""}, {"resume", "waiting", "working", ""},
		{"more", "working", "", ", extend: c0"}, {"again", "working", "", ""}, {"finish", "working", "done", ", adverse: false"}} {
		to := ""
		if s.to != "" {
			to = ", to: " + s.to
		}
		fmt.Fprintf(&b, "  - {name: %s, title: %s, from: [%s]%s, by: [\"role:clerk\"], note: none%s}\n", s.name, both(s.name), s.from, to, s.more)
	}
	b.WriteString("clocks:\n")
	for _, c := range n.clocks {
		fmt.Fprintf(&b, "  - {name: %s, title: %s, starts: [%s], stops: [], period: %s, basis: {note: %s}", c.name, both(c.name), c.starts, c.period, both("trial"))
		responsible := "owner"
		if c.party {
			responsible = "party"
		}
		fmt.Fprintf(&b, ", responsible: %s", responsible)
		if c.warn != "" {
			fmt.Fprintf(&b, ", warn: %s", c.warn)
		}
		if c.suspends {
			b.WriteString(", suspended_in: [waiting]")
		}
		if c.name == "c0" {
			b.WriteString(", extension: {period: 3d, max: 2}")
		}
		b.WriteString("}\n")
	}
	fmt.Fprintf(&b, "example: {procedure: %s, title: t, channel: web, fields: {}, parties: [{role: applicant, name: n}]}\n", id)
	return b.String()
}

func drawNaive(rt *rapid.T, loc *time.Location) *naive {
	n := &naive{loc: loc}
	for i := range rapid.IntRange(1, 4).Draw(rt, "clocks") {
		c := &naiveClock{name: fmt.Sprint("c", i), starts: "open", suspends: rapid.Bool().Draw(rt, "suspends"),
			period: rapid.SampledFrom([]string{"5h", "30h", "2d", "9d", "14d", "3wd", "8wd", "1mo", "at-once"}).Draw(rt, "period"),
			warn:   rapid.SampledFrom([]string{"", "1wd", "2wd", "5wd", "1d", "4d", "3h", "50h"}).Draw(rt, "warn")}
		if strings.HasSuffix(c.period, "h") && c.warn != "" {
			c.warn = "3h" // days before an hour keep its time of day, which a count of whole days does not
		}
		if i > 0 {
			c.starts = rapid.SampledFrom([]string{"open", "again", "finish", "wait"}).Draw(rt, "starts")
			c.party = rapid.Bool().Draw(rt, "party")
		}
		n.clocks = append(n.clocks, c)
	}
	n.clocks[0].party = false
	return n
}

// wakeProperty lets time pass over random procedures, with acts in between, and the worker now here, now late.
func wakeProperty(t *testing.T, d *Desk) {
	loc, err := time.LoadLocation("Asia/Shanghai")
	must(t, err)
	runs, events := 0, 0
	rapid.Check(t, func(rt *rapid.T) {
		runs++
		id := fmt.Sprint("naive-", runs)
		n := drawNaive(rt, loc)
		if _, err := d.Publish(background(), id+".yaml", []byte(n.text(id))); err != nil {
			rt.Fatalf("%v\n%s", err, n.text(id))
		}
		d.Wait(d.Time().Truncate(time.Hour).Add(time.Hour).Sub(d.Time()))
		num := d.Lodged(t, id, "t1").Matter.Number
		n.act("open", d.Time())
		n.look(d.Time())
		for range rapid.IntRange(1, 10).Draw(rt, "acts") {
			for range rapid.IntRange(1, 15*24).Draw(rt, "hours") {
				d.Wait(time.Hour)
				n.look(d.Time())
			}
			if rapid.Bool().Draw(rt, "worker") {
				d.Work(t)
			}
			step := rapid.SampledFrom([]string{"wait", "resume", "more", "again", "finish", "none"}).Draw(rt, "step")
			if step == "none" {
				continue
			}
			if _, err := d.TakeStep(background(), d.staff(t, "clerk@t1"), num, casework.StepCommand{Step: step}, ""); err == nil {
				n.act(step, d.Time())
				n.look(d.Time())
			}
		}
		d.Work(t)
		got := d.fellDue(t, num)
		slices.Sort(n.events)
		if diff := cmp.Diff(n.events, got); diff != "" {
			rt.Fatalf("missed (-) or too many (+): %s\n%s", diff, n.text(id))
		}
		events += len(got)
	})
	if events < runs {
		t.Errorf("%d runs gave only %d warnings and lapses", runs, events)
	}
	d.green(t)
}

// fellDue lists the warnings and lapses of a matter, with the moments at which they fell due.
func (d *Desk) fellDue(t testing.TB, num string) []string {
	t.Helper()
	history, err := d.Store.Entries(background(), num)
	must(t, err)
	var all []string
	for _, e := range history {
		for _, op := range e.Act.Clocks {
			if op.Op != "warn" && op.Op != "lapse" {
				continue
			}
			all = append(all, fmt.Sprintln(op.Op, op.Clock, op.At))
			if e.Act.Time < op.At {
				t.Errorf("%s is recorded at %s, before it fell due", strings.TrimSpace(all[len(all)-1]), e.Act.Time)
			}
		}
	}
	slices.Sort(all)
	return all
}

// Work does what the worker does, until nothing is left that has fallen due.
func (d *Desk) Work(t testing.TB) (entries int) {
	t.Helper()
	for {
		stale, err := d.Stale(background(), 100)
		must(t, err)
		for _, num := range stale {
			out, err := d.Recompute(background(), num)
			must(t, err)
			if out != nil {
				entries++
			}
		}
		rows, err := d.Store.Wakes(background(), 100)
		must(t, err)
		rows = slices.DeleteFunc(rows, func(w casework.Wake) bool { return w.At.After(d.Time()) })
		if len(rows) == 0 && len(stale) == 0 {
			return entries
		}
		for _, w := range rows {
			out, err := d.Wake(background(), w.Number)
			must(t, err)
			if out == nil {
				t.Fatalf("%s shall be looked at since %s, and nothing is to be done", w.Number, w.At)
			}
			entries++
		}
	}
}
