package storetest

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"luoshi/internal/casework"
	"luoshi/internal/office"
)

// reminder is the probe with a warning, a right of the party after the end, and a time for which content is kept.
func reminder(changes ...string) string {
	text := strings.NewReplacer("id: probe\n", "id: reminder\n", "procedure: probe\n", "procedure: reminder\n",
		"    suspended_in: [waiting]\n", "    suspended_in: [waiting]\n    warn: 2wd\n",
		"example:\n", `  - name: objection
    title: {zh: "异议", en: "Time to object"}
    period: 5d
    warn: 1d
    starts: [finish]
    stops: []
    responsible: party
    basis: {note: {zh: "只用于试办。", en: "For trials only."}}
retention:
  period: 3y
  basis: {law: 试办档案办法, article: 第九条, status: memory}
example:
`).Replace(probe)
	return strings.NewReplacer(changes...).Replace(text)
}

// reminded publishes it and lodges a matter on Monday, 2 March 2026: ten days, until Thursday the 12th.
func (d *Desk) reminded(t *testing.T) string {
	t.Helper()
	_, err := d.Publish(background(), "reminder.yaml", []byte(reminder()))
	must(t, err)
	return d.Lodged(t, "reminder", "t1").Matter.Number
}

// until lets time pass until that hour in Shanghai.
func (d *Desk) until(t testing.TB, s string) {
	t.Helper()
	at, err := time.Parse("2006-01-02 15:04:05.000 -0700", s+" +0800")
	must(t, err)
	if at.Before(d.Time()) {
		t.Fatalf("%s has passed", s)
	}
	d.Wait(at.Sub(d.Time()))
}

func wakeWarns(t *testing.T, d *Desk) {
	num := d.reminded(t)
	d.until(t, "2026-03-10 23:59:59.999") // two working days are left from Wednesday on
	if n := d.Work(t); n != 0 {
		t.Fatalf("%d entries before the warning fell due", n)
	}
	d.Wait(time.Millisecond)
	out, err := d.Wake(background(), num)
	must(t, err)
	act := out.Entry.Act
	want := []casework.ClockOp{{Op: "warn", Clock: "handling", At: "2026-03-10T16:00:00.000Z", Unit: "t1"}}
	if diff := cmp.Diff(want, act.Clocks); diff != "" || act.Kind != casework.Warned || act.Actor.As != "system" || act.State != "working" {
		t.Errorf("%s %+v", diff, act)
	}
	if n := d.Work(t); n != 0 {
		t.Errorf("warned %d times more", n)
	}
	clerk := d.staff(t, "clerk@t1")
	d.Take(t, clerk, num, "more-time") // until the 17th, a Tuesday
	d.until(t, "2026-03-16 00:00:00.000")
	if n := d.Work(t); n != 1 {
		t.Errorf("%d entries when two working days are left of the extended time", n)
	}
	d.Take(t, clerk, num, "wait")
	d.until(t, "2026-03-20 08:00:00.000")
	d.Take(t, clerk, num, "resume") // until the 21st, a Saturday: less is left than the warning's time
	if n := d.Work(t); n != 1 {
		t.Errorf("%d entries when it goes on with little time", n)
	}
	if diff := cmp.Diff([]string{"warn handling 2026-03-10T16:00:00.000Z\n", "warn handling 2026-03-15T16:00:00.000Z\n", "warn handling 2026-03-20T00:00:00.000Z\n"}, d.fellDue(t, num)); diff != "" {
		t.Error(diff)
	}
	d.green(t)
}

func wakeAfterDowntime(t *testing.T, d *Desk) {
	num := d.reminded(t)
	d.until(t, "2026-03-16 09:00:00.000") // over warning, lapse and a weekend
	out, err := d.Wake(background(), num)
	must(t, err)
	if act := out.Entry.Act; act.Kind != casework.Warned || act.Time != casework.FormatTime(d.Time()) {
		t.Errorf("first comes %+v", act)
	}
	if n := d.Work(t); n != 1 {
		t.Errorf("then %d entries", n)
	}
	if diff := cmp.Diff([]string{"lapse handling 2026-03-12T16:00:00.000Z\n", "warn handling 2026-03-10T16:00:00.000Z\n"}, d.fellDue(t, num)); diff != "" {
		t.Error(diff)
	}
	d.green(t)
}

// Somebody acts after the end of the time and before the worker: the lateness is there, before the act.
func wakeBeforeActs(t *testing.T, d *Desk) {
	num := d.reminded(t)
	clerk := d.staff(t, "clerk@t1")
	seen := 1
	d.until(t, "2026-03-11 09:00:00.000")
	d.Work(t) // a reminder is nobody's act: who saw the matter before may go on
	d.Take(t, clerk, num, "assign", func(c *casework.StepCommand) { c.Version = seen })
	d.until(t, "2026-03-13 00:00:00.000")
	d.Take(t, clerk, num, "finish", func(c *casework.StepCommand) { c.Version = 3 })
	f, err := d.Read(background(), clerk, num)
	must(t, err)
	var kinds []string
	for _, e := range f.Entries {
		kinds = append(kinds, string(e.Act.Kind)+" "+e.Act.Step)
	}
	if diff := cmp.Diff([]string{"lodged ", "warned ", "stepped assign", "lapsed ", "stepped finish"}, kinds); diff != "" {
		t.Error(diff)
	}
	d.until(t, "2026-03-14 00:00:00.000")
	_, err = d.take(clerk, num, "again", func(c *casework.StepCommand) { c.Version = 3 })
	wantKind(t, err, casework.Conflict, "stale-version")
	d.green(t)
}

func wakeAfterTheEnd(t *testing.T, d *Desk) {
	num := d.reminded(t)
	d.until(t, "2026-03-03 09:00:00.000")
	d.Take(t, d.staff(t, "clerk@t1"), num, "finish")
	d.until(t, "2026-04-01 09:00:00.000")
	if n := d.Work(t); n != 2 {
		t.Errorf("%d entries about the party's time", n)
	}
	if diff := cmp.Diff([]string{"lapse objection 2026-03-09T16:00:00.000Z\n", "warn objection 2026-03-08T16:00:00.000Z\n"}, d.fellDue(t, num)); diff != "" { // rolled to Monday the 9th
		t.Error(diff)
	}
	f, err := d.Read(background(), d.staff(t, "clerk@t1"), num)
	must(t, err)
	if got := f.Rules.LastDay(f.KeptUntil); got != "2029-03-03" {
		t.Errorf("the content is kept until %s", got)
	}
	d.until(t, "2029-03-03 23:59:59.999")
	if n := d.Work(t); n != 0 {
		t.Errorf("%d entries while the content is kept", n)
	}
	d.Wait(time.Millisecond)
	out, err := d.Wake(background(), num)
	must(t, err)
	if act := out.Entry.Act; act.Kind != casework.Erased || act.Actor.As != "system" || act.Rule != "试办档案办法 第九条" || len(act.Names) == 0 || out.Matter.Title != "" {
		t.Errorf("erased by %+v", act)
	}
	if n := d.Work(t); n != 0 {
		t.Errorf("erased %d times more", n)
	}
	if report := d.green(t); report.Erased == 0 {
		t.Error("no content is gone")
	}
}

// 30 September 2026 is a Wednesday before the national holiday. Its midnight is the procedure's, not that of UTC.
func wakeAtMidnight(t *testing.T, d *Desk) {
	_, err := d.Publish(background(), "r.yaml", []byte(reminder("period: 10d\n    roll: false", "period: 3wd", "warn: 2wd", "warn: 1wd",
		"Asia/Shanghai", "America/New_York")))
	must(t, err)
	d.until(t, "2026-09-26 02:00:00.000") // still Friday the 25th in New York, off for the Mid-Autumn Festival
	num := d.Lodged(t, "reminder", "t1").Matter.Number
	for range 24 * 14 {
		d.Work(t)
		d.Wait(time.Hour)
	}
	if diff := cmp.Diff([]string{"lapse handling 2026-10-01T04:00:00.000Z\n", "warn handling 2026-09-30T04:00:00.000Z\n"}, d.fellDue(t, num)); diff != "" {
		t.Error(diff)
	}
	history, err := d.Store.Entries(background(), num)
	must(t, err)
	for _, e := range history[1:] {
		if op := e.Act.Clocks[0]; e.Act.Time != op.At {
			t.Errorf("recorded at %s, fell due at %s", e.Act.Time, op.At)
		}
	}
	d.green(t)
}

// Twenty workers at once over forty matters: each thing is recorded once.
func wakeTogether(t *testing.T, d *Desk) {
	d.reminded(t)
	for range 39 {
		d.Lodged(t, "reminder", "t1")
	}
	d.until(t, "2026-03-20 00:00:00.000")
	rows, err := d.Store.Wakes(background(), 100)
	must(t, err)
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			for _, w := range rows {
				for range 2 {
					if _, err := d.Wake(background(), w.Number); err != nil {
						t.Error(err)
					}
				}
			}
		})
	}
	wg.Wait()
	for _, w := range rows {
		if got := d.fellDue(t, w.Number); len(got) != 2 || got[0][:5] != "lapse" || got[1][:4] != "warn" {
			t.Errorf("%s: %q", w.Number, got)
		}
	}
	if len(rows) != 40 {
		t.Errorf("%d matters", len(rows))
	}
	d.green(t)
}

// year is a year's days off as JSON.
func year(y int, days ...string) *strings.Reader {
	for i, day := range days {
		days[i] = fmt.Sprintf(`{"name":"元旦","date":%q,"isOffDay":true}`, day)
	}
	return strings.NewReader(fmt.Sprintf(`{"year":%d,"days":[%s]}`, y, strings.Join(days, ",")))
}

func calendarLoaded(t *testing.T, d *Desk) {
	must(t, d.KeepCalendars(background()))
	_, err := d.Publish(background(), "r.yaml", []byte(reminder("period: 10d\n    roll: false", "period: 5wd")))
	must(t, err)
	d.until(t, "2026-12-22 09:00:00.000")
	sure := d.Lodged(t, "reminder", "t1").Matter.Number // until 29 December
	d.until(t, "2026-12-28 09:00:00.000")
	moved := d.Lodged(t, "reminder", "t1").Matter.Number // until 4 January, were New Year a working day
	suspended := d.Lodged(t, "reminder", "t1").Matter.Number
	d.Take(t, d.staff(t, "clerk@t1"), suspended, "wait")
	d.until(t, "2027-01-01 09:00:00.000")
	same := d.Lodged(t, "reminder", "t1").Matter.Number // until 8 January in any case
	d.until(t, "2027-01-01 09:30:00.000")
	d.Work(t)
	before := d.handling(t, moved)
	if !before.Provisional || before.Due != "2027-01-04" || before.Warned == "" || !d.handling(t, same).Provisional || d.handling(t, sure).Provisional {
		t.Fatalf("before the year is known: %+v", before)
	}
	f, err := d.Read(background(), d.staff(t, "clerk@t1"), moved)
	must(t, err)
	rule := f.Procedure.Clock("handling")
	then, _, err := f.Rules.Explain(rule, &before, "en")
	must(t, err)

	row, err := d.AddCalendar(background(), system(), "cn", year(2027, "2027-01-01", "2027-01-02", "2027-01-03"))
	must(t, err)
	if !row.InForce || !slices.Equal(row.Years, []string{"2007-2027"}) {
		t.Errorf("loaded %+v", row)
	}
	if n := d.Work(t); n != 1 {
		t.Errorf("%d entries, want that of the matter whose dates changed", n)
	}
	history, err := d.Store.Entries(background(), moved)
	must(t, err)
	act := history[len(history)-1].Act
	want := []casework.ClockOp{{Op: "recompute", Clock: "handling", Calendar: row.Version, Due: "2027-01-05", Target: "2027-01-05",
		WasCalendar: before.Calendar, WasDue: "2027-01-04", WasTarget: "2027-01-04", Warn: "2027-01-03"}}
	if diff := cmp.Diff(want, act.Clocks); diff != "" || act.Kind != casework.Recomputed || act.Actor.As != "system" {
		t.Errorf("%s %s", act.Kind, diff)
	}
	unsure := d.handling(t, same)
	if f, err = d.Read(background(), d.staff(t, "clerk@t1"), same); err != nil || f.Rules.Unsure(&unsure) || f.Matter.Version != 1 {
		t.Errorf("what stays the same: version %d, still provisional %t (%v)", f.Matter.Version, f.Rules.Unsure(&unsure), err)
	}
	if again, _, err := f.Rules.Explain(rule, &before, "en"); err != nil || again.Due.String() != then.Due.String() {
		t.Errorf("the date of before is explained as %v", again.Due)
	}
	if n := d.Work(t); n != 0 {
		t.Errorf("%d entries more", n)
	}
	d.until(t, "2027-01-04 00:00:00.000")
	if n := d.Work(t); n != 1 { // the warning of the new end: two working days are left
		t.Errorf("%d entries on the 4th", n)
	}
	d.until(t, "2027-01-06 00:00:00.000")
	d.Work(t)
	wanted := []string{"lapse handling 2027-01-05T16:00:00.000Z\n", "warn handling 2026-12-31T16:00:00.000Z\n", "warn handling 2027-01-03T16:00:00.000Z\n"}
	if diff := cmp.Diff(wanted, d.fellDue(t, moved)); diff != "" {
		t.Error(diff)
	}
	d.Take(t, d.staff(t, "clerk@t1"), suspended, "resume")
	if c := d.handling(t, suspended); c.Provisional || c.Calendar != row.Version {
		t.Errorf("what goes on later has %+v", c)
	}
	d.green(t)
}

func calendarRefused(t *testing.T, d *Desk) {
	text := reminder("calendar: cn", "calendar: us-tx")
	if _, err := d.Publish(background(), "r.yaml", []byte(text)); err == nil || !strings.Contains(err.Error(), "luoshi calendar add --name us-tx") {
		t.Errorf("a procedure with an unknown calendar: %v", err)
	}
	file := func() *strings.Reader {
		return strings.NewReader("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTAMP:20250101T000000Z\r\n" +
			"DTSTART;VALUE=DATE:20260311\r\nSUMMARY:Founders Day\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n")
	}
	for _, who := range []office.Actor{resident(), d.staff(t, "clerk@p"), d.staff(t, "operator@c")} {
		_, err := d.AddCalendar(background(), who, "us-tx", file())
		wantKind(t, err, casework.NotAllowed, "not-allowed")
	}
	for name, body := range map[string]string{"US": "known 2026 2026", "weekend": "known 2026 2026", "cn": "nothing"} {
		_, err := d.AddCalendar(background(), system(), name, strings.NewReader(body))
		wantKind(t, err, casework.Invalid, "invalid-input")
	}
	first, err := d.AddCalendar(background(), system(), "us-tx", file())
	must(t, err)
	if again, err := d.AddCalendar(background(), system(), "us-tx", file()); err != nil || again.Version != first.Version {
		t.Errorf("loaded again: %+v (%v)", again, err)
	}
	if stored, err := d.Store.Calendars(background()); len(stored) != 1 || err != nil {
		t.Errorf("%d versions are stored (%v)", len(stored), err)
	}
	_, err = d.Publish(background(), "r.yaml", []byte(strings.Replace(text, "period: 10d\n    roll: false", "period: 8wd", 1)))
	must(t, err)
	num := d.Lodged(t, "reminder", "t1").Matter.Number
	d.wantDue(t, num, casework.Running, "2026-03-13") // a Friday: one day more than without the holiday
	d.green(t)
}

// Many load different years at once, as nodes might: none is lost.
func calendarsTogether(t *testing.T, d *Desk) {
	var wg sync.WaitGroup
	for y := 2027; y < 2033; y++ {
		wg.Go(func() {
			if _, err := d.AddCalendar(background(), system(), "cn", year(y, fmt.Sprint(y, "-01-01"))); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	c, err := d.Calendars().Find("cn")
	must(t, err)
	if !slices.Equal(c.Years(), []string{"2007-2032"}) {
		t.Errorf("known are %v", c.Years())
	}
}

// wakeTakesEachStep lets three clocks run out while no worker is there. The step of each is taken, in the order in
// which they ran out, and the last one, which the end stops, ran out before.
func wakeTakesEachStep(t *testing.T, d *Desk) {
	source, err := joints.ReadFile("testdata/lapses.yaml")
	must(t, err)
	_, err = d.Publish(background(), "lapses.yaml", source)
	must(t, err)
	num := d.Lodged(t, "lapses", "t1").Matter.Number
	d.Wait(5 * day)
	d.Work(t)
	history, err := d.Store.Entries(background(), num)
	must(t, err)
	var got []string
	for _, e := range history[1:] {
		line := string(e.Act.Kind) + " " + e.Act.Step + ":"
		for _, op := range e.Act.Clocks {
			line += " " + op.Op + " " + op.Clock
		}
		got = append(got, line)
	}
	want := []string{"stepped remind: lapse first", "stepped close: lapse second lapse third stop first stop third stop second"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	d.green(t)
}
