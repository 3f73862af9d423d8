package storetest

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"luoshi/internal/casework"
)

const day = 24 * time.Hour

// handling is the probe's clock as it stands.
func (d *Desk) handling(t *testing.T, num string) casework.Clock {
	t.Helper()
	return d.clock(t, num, "handling")
}

func (d *Desk) clock(t *testing.T, num, name string) casework.Clock {
	t.Helper()
	m, err := d.Store.Matter(background(), num)
	must(t, err)
	for _, c := range m.Clocks {
		if c.Name == name {
			return c
		}
	}
	t.Fatalf("no clock %s", name)
	return casework.Clock{}
}

func (d *Desk) wantDue(t *testing.T, num, status, due string) {
	t.Helper()
	if c := d.handling(t, num); c.Status != status || c.Due != due {
		t.Errorf("the clock is %s, due %q; want %s, due %q", c.Status, c.Due, status, due)
	}
}

func clockSuspended(t *testing.T, d *Desk) {
	clerk := d.staff(t, "clerk@t1")
	num := d.Lodged(t, "probe", "t1").Matter.Number
	d.wantDue(t, num, casework.Running, "2026-03-12")
	d.Wait(2 * day)
	d.Take(t, clerk, num, "wait")
	d.wantDue(t, num, casework.Suspended, "")
	if row := d.row(t, num); !row.Due.IsZero() {
		t.Errorf("a suspended matter stands in the worklist at %s", row.Due)
	}
	d.Wait(100 * day)
	if out, err := d.Wake(background(), num); out != nil || err != nil {
		t.Errorf("a suspended clock ran out: %v, %v", out, err)
	}
	d.Take(t, clerk, num, "resume")
	d.wantDue(t, num, casework.Running, "2026-06-20")
	if c := d.handling(t, num); len(c.Suspensions) != 1 || c.Suspensions[0].To == "" {
		t.Errorf("suspensions %v", c.Suspensions)
	}
	d.Take(t, clerk, num, "wait")
	d.Wait(day)
	d.Take(t, clerk, num, "resume")
	d.wantDue(t, num, casework.Running, "2026-06-21")
	d.green(t)
}

func (d *Desk) row(t *testing.T, num string) casework.Row {
	t.Helper()
	rows, _, err := d.List(background(), system(), casework.Query{Order: casework.Newest, Limit: 200}, "")
	must(t, err)
	for _, r := range rows {
		if r.Number == num {
			return r
		}
	}
	t.Fatalf("%s is not in the list", num)
	return casework.Row{}
}

func clockExtended(t *testing.T, d *Desk) {
	clerk := d.staff(t, "clerk@t1")
	num := d.Lodged(t, "probe", "t1").Matter.Number
	d.Take(t, clerk, num, "more-time")
	d.wantDue(t, num, casework.Running, "2026-03-17")
	_, err := d.take(clerk, num, "more-time")
	wantKind(t, err, casework.NotAllowed, "extension-spent")
	m, err := d.Store.Matter(background(), num)
	must(t, err)
	for _, st := range d.LawfulSteps(clerk, m) {
		if st.Name == "more-time" {
			t.Error("a spent extension is still offered")
		}
	}
	d.Take(t, clerk, num, "again") // a new period has its own extension
	d.Take(t, clerk, num, "more-time")
	d.wantDue(t, num, casework.Running, "2026-03-17")
	d.green(t)
}

func clockLapse(t *testing.T, d *Desk) {
	clerk := d.staff(t, "clerk@t1")
	num := d.Lodged(t, "probe", "t1").Matter.Number
	d.Take(t, clerk, num, "assign")
	d.Take(t, clerk, num, "refer", func(c *casework.StepCommand) { c.Unit = "t2" })
	end := time.Date(2026, 3, 12, 16, 0, 0, 0, time.UTC) // midnight in Shanghai
	d.Wait(end.Sub(d.Time()) - time.Millisecond)
	if got, err := d.Store.Wakes(background(), 10); !cmp.Equal(got, []casework.Wake{{Number: num, At: end.Local()}}) || err != nil {
		t.Errorf("what is next: %v (%v), want %s at %s", got, err, num, end)
	}
	if out, err := d.Wake(background(), num); out != nil || err != nil {
		t.Errorf("recorded before the end: %v, %v", out, err)
	}
	d.Wait(time.Millisecond)
	out, err := d.Wake(background(), num)
	must(t, err)
	a := out.Entry.Act
	if a.Kind != casework.Lapsed || a.Actor.As != "system" || len(a.Clocks) != 1 || a.Clocks[0].Unit != "t2" || a.Clocks[0].Clock != "handling" || a.Clocks[0].At != casework.FormatTime(end) {
		t.Errorf("the lateness is recorded as %+v", a)
	}
	d.Take(t, d.staff(t, "clerk@t2"), num, "refer", func(c *casework.StepCommand) { c.Unit = "t1" }) // does not wash it off
	for range 2 {
		if again, err := d.Wake(background(), num); again != nil || err != nil {
			t.Errorf("recorded twice: %v, %v", again, err)
		}
	}
	if got, err := d.Store.Wakes(background(), 10); len(got) != 0 || err != nil {
		t.Errorf("it is offered again: %v (%v)", got, err)
	}
	if c := d.handling(t, num); c.Lapsed == "" || c.Status != casework.Running {
		t.Errorf("clock %+v", c)
	}
	f, err := d.Read(background(), clerk, num)
	must(t, err)
	if op := f.Entries[3].Act.Clocks[0]; op.Unit != "t2" {
		t.Errorf("the lateness is laid to %s", op.Unit)
	}
	d.green(t)
}

func clockRestarted(t *testing.T, d *Desk) {
	clerk := d.staff(t, "clerk@t1")
	num := d.Lodged(t, "probe", "t1").Matter.Number
	d.Wait(20 * day)
	_, err := d.Wake(background(), num)
	must(t, err)
	out := d.Take(t, clerk, num, "again")
	d.wantDue(t, num, casework.Running, "2026-04-01")
	if c := d.handling(t, num); c.Lapsed != "" || len(c.Suspensions) != 0 || c.Extensions != 0 {
		t.Errorf("the new period carries the old one's marks: %+v", c)
	}
	if ops := out.Entry.Act.Clocks; len(ops) != 2 || ops[0].Op != "stop" || ops[1].Op != "start" {
		t.Errorf("recorded as %+v", ops)
	}
	d.Wait(20 * day)
	if out, err := d.Wake(background(), num); out == nil || err != nil {
		t.Errorf("the new period runs out unrecorded (%v)", err)
	}
	d.green(t)
}

func clockEnd(t *testing.T, d *Desk) {
	num := d.Lodged(t, "probe", "t1").Matter.Number
	d.Wait(day)
	d.Take(t, d.staff(t, "clerk@t1"), num, "finish")
	if c := d.handling(t, num); c.Status != casework.Stopped || c.Stopped == "" {
		t.Errorf("after the end the clock is %+v", c)
	}
	d.Wait(100 * day)
	if out, err := d.Wake(background(), num); out != nil || err != nil {
		t.Errorf("an ended matter becomes late: %v, %v", out, err)
	}
	d.green(t)
}

func clockLapseStep(t *testing.T, d *Desk) {
	num := d.Lodged(t, "petition", "t1").Matter.Number
	clerk, head := d.staff(t, "clerk@t1"), d.staff(t, "head@t1")
	d.Take(t, clerk, num, "accept")
	d.Take(t, head, num, "opinion")
	if c := d.clock(t, num, "ask-review"); c.Status != casework.Running {
		t.Fatalf("clock %+v", c)
	}
	d.Wait(31 * day)
	out, err := d.Wake(background(), num)
	must(t, err)
	if a := out.Entry.Act; a.Kind != casework.Warned || len(a.Clocks) != 1 || a.Clocks[0].Clock != "ask-review" {
		t.Errorf("the warning is recorded as %+v", a)
	}
	out, err = d.Wake(background(), num)
	must(t, err)
	a := out.Entry.Act
	if a.Kind != casework.Stepped || a.Step != "close" || a.Actor.As != "system" || out.Matter.Ended == "" {
		t.Errorf("recorded as %+v", a)
	}
	if op := a.Clocks[0]; op.Op != "lapse" || op.Clock != "ask-review" || op.At == "" || op.At >= a.Time {
		t.Errorf("the entry says of the clock %+v", op)
	}
	d.green(t)
}
