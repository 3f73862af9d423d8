package storetest

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"luoshi/internal/casework"
	"luoshi/internal/office"
	"luoshi/procedures"
)

// directives puts the pack of directives into force; the desk has no matters of it otherwise.
func (d *Desk) directives(t testing.TB) {
	t.Helper()
	source, err := procedures.FS.ReadFile("directive.yaml")
	must(t, err)
	_, err = d.Publish(background(), "directive.yaml", source)
	must(t, err)
}

// order is a directive to a unit, due on a day.
func order(unit, due string, more ...casework.DirectivePart) casework.Directive {
	return casework.Directive{Unit: unit, Title: "排查路灯", Parts: more, Fields: map[string]any{
		"task": "逐盏查看路灯。", "measure": "不亮的全部修好。", "due_on": due}}
}

func issuance(issuer string, all ...casework.Directive) casework.Issuance {
	return casework.Issuance{Procedure: "directive", Issuer: issuer, Channel: "web", Directives: all}
}

// issued issues one directive and gives its number.
func (d *Desk) issued(t testing.TB, login, issuer string, one casework.Directive) string {
	t.Helper()
	out, err := d.Issue(background(), d.staff(t, login), issuance(issuer, one), "")
	must(t, err)
	return out[0].Matter.Number
}

func issueAll(t *testing.T, d *Desk) {
	d.directives(t)
	clerk := d.staff(t, "clerk@c")
	in := issuance("c", order("t1", "2026-03-20", casework.DirectivePart{Sub: "assist", Unit: "t2", Fields: map[string]any{"due_on": "2026-03-18"}}), order("t2", "2026-04-01"))
	out, err := d.Issue(background(), clerk, in, "once")
	must(t, err)
	if len(out) != 2 || len(out[0].Each) != 1 || len(out[1].Each) != 0 {
		t.Fatalf("%d directives, the first with %d parts", len(out), len(out[0].Each))
	}
	first, part := out[0].Matter, out[0].Each[0].Matter
	for _, o := range []*casework.Outcome{out[0], out[0].Each[0], out[1]} {
		d.proves(t, o.Receipt, o.Matter.Number)
		if o.Matter.Issuer != "c" || o.Matter.State != "issued" {
			t.Errorf("%s: issued by %q, at %s", o.Matter.Number, o.Matter.Issuer, o.Matter.State)
		}
	}
	if diff := cmp.Diff([]casework.Part{{Name: "assist", Number: part.Number}}, first.Subs); diff != "" {
		t.Error(diff)
	}
	if part.Parent == nil || part.Parent.Matter != first.Number || part.Fields["due_on"] != "2026-03-18" || part.Fields["task"] != "逐盏查看路灯。" {
		t.Errorf("the part: %+v", part)
	}
	size, err := d.Store.Size(background())
	must(t, err)
	again, err := d.Issue(background(), clerk, in, "once")
	must(t, err)
	for i, o := range again {
		if o.Matter.Number != out[i].Matter.Number || !o.Repeated || len(o.Each) != len(out[i].Each) {
			t.Errorf("repeated: %s with %d parts", o.Matter.Number, len(o.Each))
		}
	}
	if now, _ := d.Store.Size(background()); now != size {
		t.Errorf("a repetition wrote %d entries", now-size)
	}
	in.Directives = in.Directives[:1]
	_, err = d.Issue(background(), clerk, in, "once")
	wantKind(t, err, casework.KeyReused, "key-reused")
	d.green(t)
}

func issueRefused(t *testing.T, d *Desk) {
	d.directives(t)
	clerk := d.staff(t, "clerk@c")
	for _, c := range []struct {
		name   string
		in     casework.Issuance
		change func(*casework.Directive)
		want   []string
	}{
		{"a day that is over", issuance("c", order("t1", "2026-03-01")), nil, []string{"directives.0.fields.due_on: over"}},
		{"no day", issuance("c", order("t1", "")), nil, []string{"directives.0.fields.due_on: required"}},
		{"a unit that is not below", issuance("c", order("p", "2026-03-20")), nil, []string{"directives.0.unit: not-below"}},
		{"a unit of another kind", issuance("c", order("school", "2026-03-20")), nil, []string{"directives.0.unit: wrong-kind"}},
		{"the second alone", issuance("c", order("t1", "2026-03-20"), order("t2", "2026-02-01")), nil, []string{"directives.1.fields.due_on: over"}},
		{"a part due after the whole", issuance("c", order("t1", "2026-03-20", casework.DirectivePart{Sub: "assist", Unit: "t2", Fields: map[string]any{"due_on": "2026-03-21"}})), nil,
			[]string{"directives.0.parts.0.fields.due_on: after-the-whole"}},
		{"a part that the procedure has not", issuance("c", order("t1", "2026-03-20", casework.DirectivePart{Sub: "nothing", Unit: "t2"})), nil, []string{"directives.0.parts.0.sub: unknown"}},
		{"the leading unit as its own helper", issuance("c", order("t1", "2026-03-20", casework.DirectivePart{Sub: "assist", Unit: "t1"})), nil, []string{"directives.0.parts.0.unit: same"}},
		{"nothing", issuance("c"), nil, []string{"directives: required"}},
		{"another procedure", casework.Issuance{Procedure: "petition", Issuer: "c", Directives: []casework.Directive{order("t1", "2026-03-20")}}, nil, []string{"procedure: unknown"}},
	} {
		if _, err := d.Issue(background(), clerk, c.in, ""); !slices.Equal(fieldErrors(err), c.want) {
			t.Errorf("%s: %v, want %v", c.name, fieldErrors(err), c.want)
		}
	}
	if n, _ := d.Store.Size(background()); n != 0 {
		t.Errorf("the log has %d entries", n)
	}
}

func issueWho(t *testing.T, d *Desk) {
	d.directives(t)
	for _, c := range []struct {
		login, issuer string
		may           bool
	}{
		{"clerk@c", "c", true}, {"clerk@p", "c", true}, {"clerk@p", "p", true}, {"supervisor@c", "c", true},
		{"clerk@t1", "c", false}, {"clerk@c", "p", false}, {"officer@c", "c", false}, {"auditor@c", "c", false},
	} {
		_, err := d.Issue(background(), d.staff(t, c.login), issuance(c.issuer, order("t1", "2026-03-20")), "")
		if (err == nil) != c.may {
			t.Errorf("%s for %s: %v", c.login, c.issuer, err)
		}
	}
	_, err := d.Issue(background(), resident(), issuance("c", order("t1", "2026-03-20")), "")
	wantKind(t, err, casework.NotAllowed, "may-not-open")
	num := d.issued(t, "clerk@c", "c", order("t1", "2026-03-20"))
	d.Take(t, d.staff(t, "clerk@t1"), num, "acknowledge")
	d.Take(t, d.staff(t, "clerk@t1"), num, "plan")
	d.Take(t, d.staff(t, "clerk@t1"), num, "report-done")
	for _, login := range []string{"clerk@t1", "head@t1", "supervisor@t1", "clerk@t2"} {
		if _, err := d.take(d.staff(t, login), num, "strike-off"); err == nil {
			t.Errorf("%s strikes it off", login)
		}
	}
	if out := d.Take(t, d.staff(t, "clerk@c"), num, "strike-off"); out.Matter.Ended == "" {
		t.Error("it has not ended")
	}
	d.green(t)
}

func issueDays(t *testing.T, d *Desk) {
	d.directives(t)
	num := d.issued(t, "clerk@c", "c", order("t1", "2026-05-01")) // a holiday: the day that was set holds
	clerk, head := d.staff(t, "clerk@t1"), d.staff(t, "head@c")
	due := func(want, warn string) {
		t.Helper()
		c := d.clock(t, num, "due")
		if c.Due != want || c.Target != want || c.Until != want || c.Warn != warn {
			t.Errorf("due %s, target %s, until %s, warned %s; want %s and %s", c.Due, c.Target, c.Until, c.Warn, want, warn)
		}
	}
	due("2026-05-01", "2026-04-27")
	d.Take(t, clerk, num, "acknowledge")
	d.Take(t, clerk, num, "plan")
	if _, err := d.take(head, num, "grant-extension"); err == nil {
		t.Error("more time is granted that nobody asked for")
	}
	d.Take(t, clerk, num, "ask-extension")
	if _, err := d.take(clerk, num, "grant-extension"); err == nil {
		t.Error("who asks for more time grants it")
	}
	set := func(day string) func(*casework.StepCommand) {
		return func(c *casework.StepCommand) { c.Fields["due_on"] = day }
	}
	_, err := d.take(head, num, "grant-extension", set("2026-05-01"))
	if want := []string{"fields.due_on: no-extension"}; !slices.Equal(fieldErrors(err), want) {
		t.Errorf("the same day: %v", fieldErrors(err))
	}
	d.Take(t, head, num, "grant-extension", set("2026-05-20"))
	due("2026-05-20", "2026-05-17")
	_, err = d.Correct(background(), clerk, num, 1, "", map[string]any{"due_on": "2027-01-01"}, "错了")
	if want := []string{"fields.due_on: sets-a-clock"}; !slices.Equal(fieldErrors(err), want) {
		t.Errorf("a correction: %v", fieldErrors(err))
	}
	d.Wait(90 * 24 * time.Hour)
	_, err = d.Wake(background(), num)
	must(t, err)
	if _, err := d.take(clerk, num, "ask-extension"); casework.KindOf(err) != casework.NotAllowed {
		t.Errorf("asked for after the last day: %v", err)
	}
	if m := d.stored(t, num); m.LateAt() == 0 {
		t.Error("it is not late")
	}
	d.green(t)
}

func issueChecks(t *testing.T, d *Desk) {
	d.directives(t)
	num := d.issued(t, "clerk@c", "c", order("t1", "2026-03-20"))
	clerk := d.staff(t, "clerk@t1")
	d.Take(t, clerk, num, "acknowledge")
	d.Take(t, clerk, num, "plan")
	out := d.Take(t, clerk, num, "report-done")
	if due := out.Matter.NextDue(time.UTC); due != casework.NoDue {
		t.Error("the office has a time that is the issuer's")
	}
	d.Wait(30 * 24 * time.Hour)
	for range 2 {
		_, err := d.Wake(background(), num)
		must(t, err)
	}
	m := d.stored(t, num)
	if m.LateAt() != 0 {
		t.Error("the office is late because the issuer is")
	}
	history, err := d.Store.Entries(background(), num)
	must(t, err)
	last := history[len(history)-1]
	if last.Act.Kind != casework.Lapsed || last.Act.Clocks[0].Unit != "c" {
		t.Errorf("the lapse: %+v", last.Act)
	}
	d.Take(t, d.staff(t, "clerk@c"), num, "redo", func(c *casework.StepCommand) { c.Fields["due_on"] = "2026-06-01" })
	if c := d.clock(t, num, "due"); c.Due != "2026-06-01" || c.Status != casework.Running {
		t.Errorf("again: %+v", c)
	}
	d.green(t)
}

// split gives parts of a directive to units and answers their numbers.
func (d *Desk) split(t testing.TB, login, num, due string, units []string, change ...func(*casework.StepCommand)) []string {
	t.Helper()
	with := func(c *casework.StepCommand) {
		c.Sub = &casework.SubOpening{Units: units}
		c.Fields["part_due_on"] = due
	}
	out := d.Take(t, d.staff(t, login), num, "split", append([]func(*casework.StepCommand){with}, change...)...)
	var numbers []string
	for _, part := range out.Each {
		d.proves(t, part.Receipt, part.Matter.Number)
		numbers = append(numbers, part.Matter.Number)
	}
	return numbers
}

// finish carries a directive to its end; login is a clerk of the unit, issuer one of the unit that issued it.
func (d *Desk) finish(t testing.TB, login, issuer, num string, change ...func(*casework.StepCommand)) {
	t.Helper()
	switch d.stored(t, num).State {
	case "issued":
		d.Take(t, d.staff(t, login), num, "acknowledge")
		fallthrough
	case "acknowledged":
		d.Take(t, d.staff(t, login), num, "plan")
	}
	d.Take(t, d.staff(t, login), num, "report-done", change...)
	d.Take(t, d.staff(t, issuer), num, "strike-off")
}

func (d *Desk) progress(t testing.TB, a office.Actor, num string) casework.Progress {
	t.Helper()
	trees, err := d.Trees(background(), a, []string{num})
	must(t, err)
	if len(trees) != 1 {
		t.Fatalf("%d trees of %s", len(trees), num)
	}
	return trees[0].Progress
}

func issueTree(t *testing.T, d *Desk) {
	d.directives(t)
	province := d.staff(t, "clerk@p")
	num := d.issued(t, "clerk@p", "p", order("c", "2026-04-30"))
	d.Take(t, d.staff(t, "clerk@c"), num, "acknowledge")
	_, err := d.take(d.staff(t, "clerk@c"), num, "split", func(c *casework.StepCommand) {
		c.Sub, c.Fields["part_due_on"] = &casework.SubOpening{Units: []string{"t1"}}, "2026-05-01"
	})
	if want := []string{"fields.part_due_on: after-the-whole"}; !slices.Equal(fieldErrors(err), want) {
		t.Errorf("due after the whole: %v", fieldErrors(err))
	}
	for want, units := range map[string][]string{"sub.unit: required": nil, "sub.unit: same": {"c"}, "sub.unit: not-below": {"p"}, "sub.unit: twice": {"t1", "t1"}} {
		_, err := d.take(d.staff(t, "clerk@c"), num, "split", func(c *casework.StepCommand) {
			c.Sub, c.Fields["part_due_on"] = &casework.SubOpening{Units: units}, "2026-04-20"
		})
		if got := fieldErrors(err); !slices.Contains(got, want) {
			t.Errorf("%v: %v", units, got)
		}
	}
	parts := d.split(t, "clerk@c", num, "2026-04-20", []string{"t1", "t2"})
	for i, unit := range []string{"t1", "t2"} {
		if m := d.stored(t, parts[i]); m.Unit != unit || m.Issuer != "c" || m.Fields["due_on"] != "2026-04-20" || m.Parent.Matter != num {
			t.Errorf("part %d: %+v", i, m)
		}
	}
	if _, err := d.take(d.staff(t, "clerk@t1"), parts[0], "split", func(c *casework.StepCommand) { c.Sub = &casework.SubOpening{Units: []string{"t2"}} }); err == nil {
		t.Error("a township passes a part to its neighbour")
	}
	weighs := func(c *casework.StepCommand) { c.Fields["part_weight"] = 3 }
	more := d.split(t, "clerk@c", num, "2026-04-20", []string{"t2"}, weighs)
	if p := d.progress(t, province, num); p.Parts != 3 || p.Percent != 0 {
		t.Errorf("at first: %+v", p)
	}
	d.finish(t, "clerk@t1", "clerk@c", parts[0])
	report := func(num string, percent int) {
		d.Take(t, d.staff(t, "clerk@t2"), num, "acknowledge")
		d.Take(t, d.staff(t, "clerk@t2"), num, "plan")
		d.Take(t, d.staff(t, "clerk@t2"), num, "report", func(c *casework.StepCommand) { c.Fields["percent"] = percent })
	}
	report(parts[1], 50)
	report(more[0], 10)
	if p := d.progress(t, province, num); p.Percent != 36 || p.Ended != 1 || p.Done { // (100 + 50 + 3·10) / 5
		t.Errorf("by weight: %+v", p)
	}
	d.Take(t, d.staff(t, "head@c"), more[0], "withdraw")
	if p := d.progress(t, province, num); p.Percent != 75 || p.Parts != 2 {
		t.Errorf("what was withdrawn still counts: %+v", p)
	}
	if trees, err := d.Trees(background(), d.staff(t, "clerk@t1"), []string{num}); err != nil || len(trees) != 0 {
		t.Errorf("a township sees what was issued to the county: %v, %v", trees, err)
	}
	d.green(t)
}

func issueUnfinished(t *testing.T, d *Desk) {
	d.directives(t)
	num := d.issued(t, "clerk@p", "p", order("c", "2026-04-30"))
	d.Take(t, d.staff(t, "clerk@c"), num, "acknowledge")
	part := d.split(t, "clerk@c", num, "2026-04-20", []string{"t1"})[0]
	d.Take(t, d.staff(t, "clerk@c"), num, "report-done")
	_, err := d.take(d.staff(t, "head@p"), num, "strike-off")
	wantKind(t, err, casework.NotAllowed, "waits")
	_, err = d.take(d.staff(t, "head@p"), num, "strike-off-unfinished", func(c *casework.StepCommand) { delete(c.Fields, "unfinished_reason") })
	if want := []string{"fields.unfinished_reason: required"}; !slices.Equal(fieldErrors(err), want) {
		t.Errorf("without a reason: %v", fieldErrors(err))
	}
	d.Take(t, d.staff(t, "head@p"), num, "strike-off-unfinished")
	d.finish(t, "clerk@t1", "clerk@c", part)
	if m := d.stored(t, num); len(m.Outstanding()) != 0 || m.State != "closed-unfinished" {
		t.Errorf("the whole: %+v", m)
	}
	d.green(t)
}

func mattersAtOnce(t *testing.T, b *bench) {
	var numbers []string
	for i := range 3 {
		c := lodge(t, i+1, spec{})
		numbers = append(numbers, c.Matter.Number)
		b.commit(t, c)
	}
	got, err := b.Matters(background(), []string{numbers[2], numbers[0], "A2026-0999999-0", "no number"})
	must(t, err)
	if len(got) != 2 || got[numbers[0]] == nil || got[numbers[2]] == nil {
		t.Errorf("%v", got)
	}
	if got, err := b.Matters(background(), nil); err != nil || len(got) != 0 {
		t.Errorf("none: %v, %v", got, err)
	}
	one, err := b.Entries(background(), numbers[0])
	must(t, err)
	histories, err := b.EntriesOf(background(), []string{numbers[2], "A2026-0999999-0", numbers[0], "no number"})
	must(t, err)
	if len(histories) != 2 || !cmp.Equal(histories[numbers[0]], one) || len(histories[numbers[2]]) != 1 {
		t.Errorf("histories: %v", histories)
	}
}
