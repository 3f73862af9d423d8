package storetest

import (
	"slices"
	"testing"
	"time"

	"luoshi/internal/casework"

	"github.com/google/go-cmp/cmp"
)

func listing(yes bool) func(*casework.StepCommand) {
	return func(c *casework.StepCommand) { c.Fields["listed"] = yes }
}

func issueListed(t *testing.T, d *Desk) {
	d.directives(t)
	num := d.issued(t, "clerk@c", "c", order("t1", "2026-03-20"))
	_, err := d.Public(background(), num)
	wantKind(t, err, casework.NotFound, "not-public")
	d.Take(t, d.staff(t, "head@c"), num, "list-publicly", listing(true))
	v, err := d.Public(background(), num)
	must(t, err)
	if v.Unit != "t1" || v.Fields["task"] != "逐盏查看路灯。" || len(v.Clocks) != 2 {
		t.Errorf("%+v", v)
	}
	d.Take(t, d.staff(t, "head@c"), num, "list-publicly", listing(false))
	_, err = d.Public(background(), num)
	wantKind(t, err, casework.NotFound, "not-public")
}

// listed are the numbers on the public list of a unit.
func (d *Desk) listed(t testing.TB, unit string) []string {
	t.Helper()
	views, err := d.Listed(background(), unit)
	must(t, err)
	var numbers []string
	for _, v := range views {
		numbers = append(numbers, v.Number)
	}
	return numbers
}

func issueList(t *testing.T, d *Desk) {
	d.directives(t)
	head := d.staff(t, "head@c")
	a := d.issued(t, "clerk@c", "c", order("t1", "2026-03-20"))
	b := d.issued(t, "clerk@c", "c", order("t2", "2026-04-20"))
	d.issued(t, "clerk@c", "c", order("t2", "2026-04-20"))
	want := func(what, unit string, numbers ...string) {
		t.Helper()
		if got := d.listed(t, unit); !slices.Equal(got, numbers) {
			t.Errorf("%s: %v, want %v", what, got, numbers)
		}
	}
	want("nothing is listed", "")
	d.Take(t, head, b, "list-publicly", listing(true))
	d.Wait(time.Minute)
	d.Take(t, head, a, "list-publicly", listing(true))
	want("the one listed last comes first", "", a, b)
	want("below the county", "c", a, b)
	want("of a township", "t1", a)
	want("of another", "t2", b)
	want("of an office without any", "school")
	want("of none", "nowhere")
	d.Wait(time.Minute)
	d.Take(t, d.staff(t, "clerk@t2"), b, "acknowledge")
	d.Take(t, head, b, "list-publicly", listing(true)) // again: it stays where it stands
	want("a step changes nothing", "", a, b)
	views, err := d.Listed(background(), "t2")
	must(t, err)
	if v := views[0]; v.Unit != "t2" || v.Light != casework.LightGreen || v.State.Name != "acknowledged" || v.Listed.IsZero() || !v.Ended.IsZero() {
		t.Errorf("%+v", v)
	}
	if diff := cmp.Diff(map[string]any{"task": "逐盏查看路灯。", "measure": "不亮的全部修好。", "due_on": "2026-04-20"}, views[0].Fields); diff != "" {
		t.Error(diff)
	}
	d.Take(t, head, a, "list-publicly", listing(false))
	want("taken off", "", b)
	d.Wait(90 * 24 * time.Hour)
	_, err = d.Wake(background(), b)
	must(t, err)
	if views, err = d.Listed(background(), ""); err != nil || len(views) != 1 || views[0].Light != casework.LightRed {
		t.Errorf("late: %+v, %v", views, err)
	}
	d.green(t)
}

func issueListEnds(t *testing.T, d *Desk) {
	d.directives(t)
	num := d.issued(t, "clerk@c", "c", order("t1", "2026-03-20"))
	d.Take(t, d.staff(t, "head@c"), num, "list-publicly", listing(true))
	d.finish(t, "clerk@t1", "clerk@c", num)
	for _, days := range []time.Duration{0, 15, 14} {
		d.Wait(days * 24 * time.Hour)
		views, err := d.Listed(background(), "")
		must(t, err)
		if len(views) != 1 || views[0].Ended.IsZero() || views[0].Light != casework.LightEnded {
			t.Errorf("after %d more days: %+v", days, views)
		}
	}
	d.Wait(2 * 24 * time.Hour)
	if got := d.listed(t, ""); len(got) != 0 {
		t.Errorf("after 31 days: %v", got)
	}
	if _, err := d.Public(background(), num); err != nil {
		t.Errorf("by its number: %v", err)
	}
	d.green(t)
}

func issueMarks(t *testing.T, d *Desk) {
	d.directives(t)
	num := d.issued(t, "clerk@c", "c", order("t1", "2026-05-01"))
	clerk, head := d.staff(t, "clerk@t1"), d.staff(t, "head@c")
	branch := func() *casework.Branch {
		t.Helper()
		trees, err := d.Trees(background(), head, []string{num})
		must(t, err)
		return trees[0]
	}
	if mark, ok := branch().LastReport(); ok {
		t.Errorf("nothing was reported: %+v", mark)
	}
	d.Take(t, clerk, num, "acknowledge")
	d.Take(t, clerk, num, "plan")
	d.Take(t, clerk, num, "report")
	reported := casework.FormatTime(d.Now())
	d.Wait(time.Hour)
	d.Take(t, d.staff(t, "clerk@c"), num, "urge") // no report
	if mark, ok := branch().LastReport(); !ok || mark.Time != reported || mark.Seq != 4 || mark.Step != "report" {
		t.Errorf("the last report: %+v, at %s", mark, reported)
	}
	since := d.Now().UnixMilli() - 1
	set := func(day string) func(*casework.StepCommand) {
		return func(c *casework.StepCommand) { c.Fields["due_on"] = day }
	}
	d.Take(t, clerk, num, "ask-extension")
	d.Take(t, head, num, "grant-extension", set("2026-05-20"))
	slips := branch().Slips(since)
	if want := []casework.Slip{{Step: "grant-extension", Clock: "due", At: casework.FormatTime(d.Now()), Was: "2026-05-01", Day: "2026-05-20"}}; !cmp.Equal(slips, want) {
		t.Error(cmp.Diff(want, slips))
	}
	d.Take(t, clerk, num, "report-done")
	if mark, _ := branch().LastReport(); mark.Step != "report-done" {
		t.Errorf("the last report: %+v", mark)
	}
	d.Wait(time.Hour)
	d.Take(t, head, num, "redo", set("2026-05-25"))
	slips = branch().Slips(since)
	if want := []casework.Slip{{Step: "redo", Clock: "due", At: casework.FormatTime(d.Now()), Was: "2026-05-20", Day: "2026-05-25"}}; !cmp.Equal(slips, want) {
		t.Error(cmp.Diff(want, slips))
	}
	if slips := branch().Slips(d.Now().UnixMilli()); len(slips) != 0 {
		t.Errorf("since then: %+v", slips)
	}
	d.Wait(90 * 24 * time.Hour)
	since = d.Now().UnixMilli() - 1
	_, err := d.Wake(background(), num) // the warning
	must(t, err)
	_, err = d.Wake(background(), num)
	must(t, err)
	slips = branch().Slips(since)
	if want := []casework.Slip{{Clock: "due", At: casework.FormatTime(d.Now()), Day: "2026-05-25"}}; !cmp.Equal(slips, want) {
		t.Error(cmp.Diff(want, slips))
	}
	d.Take(t, clerk, num, "report-done")
	d.Take(t, head, num, "strike-off")
	_, err = d.Erase(background(), d.staff(t, "head@p"), num, "a rule")
	must(t, err)
	if mark, ok := branch().LastReport(); !ok || mark.Step != "report-done" {
		t.Errorf("erased: %+v", mark)
	}
	d.green(t)
}

// issueLevels counts up numbers and what must all be done from the townships to the province.
func issueLevels(t *testing.T, d *Desk) {
	d.directives(t)
	province := d.staff(t, "clerk@p")
	for _, c := range []struct {
		counting string
		target   any // of the whole
		open     casework.Progress
		done     casework.Progress // when the townships are done, and not struck off above
		county   casework.Progress
	}{
		{"sum", 40, casework.Progress{Percent: 25, Number: 10, Target: 40, Parts: 3}, casework.Progress{Percent: 62, Number: 25, Target: 40, Parts: 2, Ended: 1},
			casework.Progress{Percent: 0, Number: 25, Parts: 1, Ended: 1}},
		{"sum", nil, casework.Progress{Number: 10, Parts: 3}, casework.Progress{Number: 25, Parts: 2, Ended: 1},
			casework.Progress{Number: 25, Parts: 1, Ended: 1}},
		{"all", nil, casework.Progress{Number: 10, Parts: 3}, casework.Progress{Number: 25, Parts: 2, Ended: 1},
			casework.Progress{Percent: 100, Number: 25, Parts: 1, Ended: 1}},
	} {
		whole := order("p", "2026-04-30")
		whole.Fields["counting"] = c.counting
		if c.target != nil {
			whole.Fields["target"] = c.target
		}
		num := d.issued(t, "clerk@p", "p", whole)
		d.Take(t, province, num, "acknowledge")
		clean := func(s *casework.StepCommand) {
			delete(s.Fields, "part_target")
			delete(s.Fields, "part_weight")
		}
		county := d.split(t, "clerk@p", num, "2026-04-25", []string{"c"}, clean)[0]
		d.Take(t, d.staff(t, "clerk@c"), county, "acknowledge")
		parts := d.split(t, "clerk@c", county, "2026-04-20", []string{"t1", "t2"}, clean)
		d.Take(t, d.staff(t, "clerk@t1"), parts[0], "acknowledge")
		d.Take(t, d.staff(t, "clerk@t1"), parts[0], "plan")
		achieved := func(n int) func(*casework.StepCommand) {
			return func(s *casework.StepCommand) { s.Fields["achieved"], s.Fields["percent"] = n, 20 }
		}
		d.Take(t, d.staff(t, "clerk@t1"), parts[0], "report", achieved(10))
		if p := d.progress(t, province, num); p != c.open {
			t.Errorf("%s %v: %+v, want %+v", c.counting, c.target, p, c.open)
		}
		d.Take(t, d.staff(t, "clerk@t1"), parts[0], "report-done", achieved(25))
		d.Take(t, d.staff(t, "clerk@c"), parts[0], "strike-off")
		d.Take(t, d.staff(t, "head@c"), parts[1], "withdraw")
		if p := d.progress(t, province, num); p != c.done {
			t.Errorf("%s %v, the townships done: %+v, want %+v", c.counting, c.target, p, c.done)
		}
		if p := d.progress(t, province, county); p != c.county {
			t.Errorf("%s %v, the county: %+v, want %+v", c.counting, c.target, p, c.county)
		}
	}
	d.green(t)
}
