package storetest

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"luoshi/internal/casework"
	"luoshi/internal/office"
)

// history is what was recorded of a matter after its first entry: the kind, or the step.
func (d *Desk) history(t testing.TB, num string) (acts []string) {
	t.Helper()
	entries, err := d.Store.Entries(background(), num)
	must(t, err)
	for _, e := range entries[1:] {
		what := string(e.Act.Kind)
		if e.Act.Step != "" {
			what = e.Act.Step
		}
		acts = append(acts, what)
	}
	return acts
}

func (d *Desk) wantHistory(t testing.TB, num string, want ...string) {
	t.Helper()
	if diff := cmp.Diff(want, d.history(t, num)); diff != "" {
		t.Errorf("the history of %s:\n%s", num, diff)
	}
}

// putOff has the county set another day for the answer.
func putOff(day string) func(*casework.StepCommand) {
	return func(c *casework.StepCommand) { c.Fields = map[string]any{"reply_by": day} }
}

func tellsEach(t *testing.T, d *Desk) {
	num, _, calls := d.called(t)
	d.Take(t, d.staff(t, "clerk@t2"), calls[1], "accept")
	before, err := d.Store.Size(background())
	must(t, err)
	out := d.Take(t, d.staff(t, "clerk@c"), num, "put-off", putOff("2026-03-20"))
	if n, err := d.Store.Size(background()); n != before+3 || err != nil || out.Entry.Index != before {
		t.Errorf("%d entries were written, the first as %d (%v)", n-before, out.Entry.Index, err)
	}
	d.wantHistory(t, num, "call", "put-off")
	d.wantHistory(t, calls[0], "changed")
	d.wantHistory(t, calls[1], "accept", "changed")
	for i, call := range calls {
		m := d.stored(t, call)
		last, err := d.Store.Entry(background(), call, m.Version)
		must(t, err)
		if last.Act.Actor.As != "system" || last.Act.Time != out.Entry.Act.Time || last.Index != before+1+int64(i) {
			t.Errorf("recorded there: %+v as %d", last.Act, last.Index)
		}
		if m.State != "asked" || m.Fields["answer_by"] != "2026-03-20" || m.Fields["chairs"] != nil || m.Clocks[0].Due != "2026-03-20" || !m.Clocks[0].Open() {
			t.Errorf("the call now: %+v", m)
		}
	}
	if act := out.Entry.Act; act.EndedEach != nil || d.stored(t, num).Outstanding()["call"] != 2 {
		t.Errorf("the act of the whole: %+v", act)
	}
	d.green(t)
}

func tellsEnds(t *testing.T, d *Desk) {
	num, _, calls := d.called(t)
	clerk := d.staff(t, "clerk@c")
	more := d.Take(t, clerk, num, "call", func(c *casework.StepCommand) { c.Sub = &casework.SubOpening{Units: []string{"t1"}} }).Each[0].Matter.Number
	d.Take(t, d.staff(t, "clerk@t1"), more, "decline")
	d.Take(t, d.staff(t, "clerk@t2"), calls[1], "accept")
	d.Wait(time.Hour)
	out := d.Take(t, clerk, num, "hold") // lawful in the one that comes alone
	if diff := cmp.Diff([]casework.Link{{Matter: calls[1], Sub: "call"}}, out.Entry.Act.EndedEach); diff != "" {
		t.Error(diff)
	}
	d.wantHistory(t, num, "call", "call", "sub-ended", "hold")
	d.wantHistory(t, calls[0])
	d.wantHistory(t, calls[1], "accept", "close")
	d.wantHistory(t, more, "decline")
	m := d.stored(t, num)
	if m.Ended == "" || m.Subs[0].Ended != "" || m.Subs[1].Ended != out.Entry.Act.Time || m.Outstanding()["call"] != 1 || d.stored(t, calls[1]).State != "over" {
		t.Errorf("the whole: %+v", m)
	}
	d.proves(t, out.Receipt, num)
	for _, reader := range []struct {
		who  office.Actor
		want string
	}{{d.staff(t, "clerk@p"), calls[1]}, {partyActor(num, "host"), ""}} {
		f, err := d.Read(background(), reader.who, num)
		must(t, err)
		if diff := cmp.Diff([]casework.Link{{Matter: reader.want, Sub: "call"}}, f.Entries[4].Act.EndedEach); diff != "" {
			t.Errorf("a reader is told: %s", diff)
		}
	}
	d.green(t)
	d.Take(t, d.staff(t, "clerk@t1"), calls[0], "decline")
	d.wantHistory(t, num, "call", "call", "sub-ended", "hold", "sub-ended")
	for _, who := range []struct{ login, num string }{{"head@c", num}, {"head@t2", calls[1]}} {
		_, err := d.Erase(background(), d.staff(t, who.login), who.num, "a rule")
		must(t, err)
	}
	d.green(t)
}

func tellsRefused(t *testing.T, d *Desk) {
	num, _, calls := d.called(t)
	clerk := d.staff(t, "clerk@c")
	before, err := d.Store.Size(background())
	must(t, err)
	_, err = d.take(clerk, num, "put-off", putOff("2026-03-01"))
	if got := fieldErrors(err); !slices.Equal(got, []string{"fields.reply_by: over"}) {
		t.Errorf("a day that is over: %v", got)
	}
	l := d.Example(t, "gathering", "c")
	l.Fields["seats"] = 4 // more than a call takes, and not asked with the step
	full, err := d.Lodge(background(), clerk, l, "")
	must(t, err)
	d.Take(t, clerk, full.Matter.Number, "call", func(c *casework.StepCommand) { c.Sub = &casework.SubOpening{Units: []string{"t1"}} })
	_, err = d.take(clerk, full.Matter.Number, "put-off", putOff("2026-03-20"))
	if got := fieldErrors(err); !slices.Equal(got, []string{"sub.fields.chairs: out-of-range"}) {
		t.Errorf("a value of the whole: %v", got)
	}
	d.wantHistory(t, num, "call")
	d.wantHistory(t, calls[0])
	if n, err := d.Store.Size(background()); n != before+3 || err != nil {
		t.Errorf("%d entries were written (%v)", n-before, err)
	}
	for _, call := range calls { // where nothing is outstanding, nothing is told, and nothing can be wrong with it
		d.Take(t, d.staff(t, "clerk@"+d.stored(t, call).Unit), call, "decline")
	}
	d.Take(t, clerk, num, "put-off", putOff("2026-03-01"))
	d.green(t)
}

func tellsSettled(t *testing.T, d *Desk) {
	num, _, calls := d.called(t)
	d.Take(t, d.staff(t, "clerk@t2"), calls[1], "accept")
	d.Wait(31 * day) // nobody has answered in the one, and the other has not come
	seen := d.stored(t, num).Version
	d.Take(t, d.staff(t, "clerk@c"), num, "put-off", func(c *casework.StepCommand) {
		c.Fields, c.Version = map[string]any{"reply_by": "2026-05-20"}, seen
	})
	d.wantHistory(t, num, "call", "sub-ended", "put-off")
	d.wantHistory(t, calls[0], "lapsed", "changed")
	d.wantHistory(t, calls[1], "accept", "stay-away")
	if m := d.stored(t, calls[0]); m.Clocks[0].Due != "2026-05-20" || m.Clocks[0].Lapsed != "" {
		t.Errorf("the clock: %+v", m.Clocks[0])
	}
	d.green(t)
}

func tellsLapse(t *testing.T, d *Desk) {
	num, _, calls := d.called(t)
	d.Wait(70 * day) // the last day is one on which nobody works
	out, err := d.Wake(background(), num)
	must(t, err)
	if out.Entry.Act.Step != "expire" || len(out.Entry.Act.EndedEach) != 2 {
		t.Errorf("recorded: %+v", out.Entry.Act)
	}
	d.wantHistory(t, num, "call", "expire")
	for _, call := range calls {
		d.wantHistory(t, call, "lapsed", "call-off")
	}
	d.green(t)
}

func tellsRepeated(t *testing.T, d *Desk) {
	num, _, calls := d.called(t)
	cmd := casework.StepCommand{Step: "cancel"}
	outs := atOnce(t, 12, func() (*casework.Outcome, error) {
		return d.TakeStep(background(), d.staff(t, "clerk@c"), num, cmd, "key")
	})
	again, err := d.TakeStep(background(), d.staff(t, "clerk@c"), num, cmd, "key")
	must(t, err)
	for _, out := range append(outs[1:], again) {
		d.same(t, outs[0], out)
	}
	if n := len(again.Entry.Act.EndedEach); n != 2 || again.Matter.Outstanding() != nil {
		t.Errorf("the first answer names %d that ended: %+v", n, again.Matter)
	}
	for _, call := range calls {
		d.wantHistory(t, call, "call-off")
	}
	d.green(t)
}

// tellsTogether sets two days at once, while both offices answer, over and over.
func tellsTogether(t *testing.T, d *Desk) {
	for round := range 6 {
		num, _, calls := d.called(t)
		next := make(chan func() (*casework.Outcome, error), 4)
		for _, day := range []string{"2026-03-20", "2026-03-25"} {
			next <- func() (*casework.Outcome, error) { return d.take(d.staff(t, "clerk@c"), num, "put-off", putOff(day)) }
		}
		for i, call := range calls {
			next <- func() (*casework.Outcome, error) {
				return d.take(d.staff(t, fmt.Sprintf("clerk@t%d", i+1)), call, "decline")
			}
		}
		atOnce(t, 4, func() (*casework.Outcome, error) { return (<-next)() })
		told := 0
		for _, what := range d.history(t, num) {
			if what == "put-off" {
				told++
			}
		}
		if m := d.stored(t, num); told != 2 || m.Outstanding() != nil || m.Version != 6 {
			t.Errorf("round %d: put off %d times: %+v", round, told, m)
		}
		for _, call := range calls {
			if all := d.history(t, call); all[len(all)-1] != "decline" || len(all) > 3 {
				t.Errorf("round %d: %v", round, all)
			}
		}
	}
	d.green(t)
}

func tellsAudit(t *testing.T, d *Desk) {
	num, _, calls := d.called(t)
	d.Take(t, d.staff(t, "clerk@c"), num, "cancel")
	d.green(t)
	first := fmt.Sprintf(`{"matter":"%s","sub":"call"}`, calls[0])
	for _, c := range []struct{ name, was, is, hit string }{
		{"one that it ended is left out", first + ",", "", num},
		{"one is named twice", first + ",", first + "," + first + ",", num},
		{"one that it never had", calls[0], "2026-00000099-0", num},
		{"as another kind", first, strings.Replace(first, `"call"`, `"other"`, 1), num},
	} {
		store, changed := d.Store, false
		d.Store = &cutTies{store, func(e *casework.Stored) {
			if e.Number == num && e.Seq == 3 {
				was := string(e.ActBytes)
				e.ActBytes = []byte(strings.Replace(was, c.was, c.is, 1))
				changed = was != string(e.ActBytes)
			}
		}}
		report, err := d.Audit(background(), nil, d.Key.VerifierKey())
		d.Store = store
		must(t, err)
		if !changed || !slices.ContainsFunc(report.Faults, func(f casework.Fault) bool { return f.Kind == "link" && f.Matter == c.hit }) {
			t.Errorf("%s: audit finds %+v", c.name, report.Faults)
		}
	}
	d.green(t)
}
