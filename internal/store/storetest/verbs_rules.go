package storetest

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"luoshi/internal/casework"
	"luoshi/internal/office"
)

// lawful are the names of the steps that the actor may take now, in one line.
func (d *Desk) lawful(t *testing.T, a office.Actor, num string) string {
	t.Helper()
	m, err := d.Store.Matter(background(), num)
	must(t, err)
	var names []string
	for _, st := range d.LawfulSteps(a, m) {
		names = append(names, st.Name)
	}
	return strings.Join(names, " ")
}

func guards(t *testing.T, d *Desk) {
	clerk, head := d.staff(t, "clerk@t1"), d.staff(t, "head@t1")
	num := d.Lodged(t, "lamp", "t1").Matter.Number
	if got := d.lawful(t, clerk, num); got != "look assign pass dig" {
		t.Errorf("before the look: %s", got)
	}
	_, err := d.take(clerk, num, "mend")
	wantKind(t, err, casework.NotAllowed, "guard")
	if e := casework.AsError(err); e.Text.In("zh") != "先查看。" || e.Text.In("en") != "Look first." {
		t.Errorf("refused with %v", e.Text)
	}
	d.Take(t, clerk, num, "look")
	d.Take(t, clerk, num, "look")
	_, err = d.take(clerk, num, "look")
	wantKind(t, err, casework.NotAllowed, "guard")
	if got := d.lawful(t, clerk, num); got != "assign pass dig mend" {
		t.Errorf("after two looks: %s", got)
	}
	if got := d.lawful(t, head, num); got != "extend" {
		t.Errorf("the head in time: %s", got)
	}
	d.Wait(11 * day) // late, though nobody has recorded it
	if got := d.lawful(t, head, num); got != "" {
		t.Errorf("the head too late: %s", got)
	}
	_, err = d.Lapse(background(), num)
	must(t, err)
	if got := d.lawful(t, head, num); got != "" {
		t.Errorf("the head, when it is recorded: %s", got)
	}
	m, err := d.Store.Matter(background(), num)
	must(t, err)
	if diff := cmp.Diff(map[string]int{"look": 2}, m.Taken); diff != "" {
		t.Error(diff)
	}
	d.green(t)
}

func required(t *testing.T, d *Desk) {
	clerk := d.staff(t, "clerk@t1")
	num := d.Lodged(t, "lamp", "t1").Matter.Number
	d.Take(t, clerk, num, "look")
	f, err := d.Read(background(), clerk, num)
	must(t, err)
	var asked []string
	for _, use := range f.Asks(f.Procedure.Step("mend")) {
		asked = append(asked, use.Name+map[bool]string{true: "!"}[use.Required])
	}
	if diff := cmp.Diff([]string{"mended-on!", "metres!"}, asked); diff != "" {
		t.Error(diff)
	}
	_, err = d.TakeStep(background(), clerk, num, casework.StepCommand{Step: "mend"}, "")
	if got := fieldErrors(err); !cmp.Equal(got, []string{"fields.mended-on: required", "fields.metres: required"}) {
		t.Errorf("%v", got)
	}
	out := d.Take(t, clerk, num, "mend", func(c *casework.StepCommand) {
		c.Fields = map[string]any{"mended-on": "2026-03-03", "metres": 12.5}
	})
	if got := out.Matter.Fields["metres"]; got != 12.5 {
		t.Errorf("a number was recorded as %v", got)
	}
	_, err = d.TakeStep(background(), clerk, num, casework.StepCommand{Step: "finish", Fields: map[string]any{"metres": 1}}, "")
	if got := fieldErrors(err); !cmp.Equal(got, []string{"fields.metres: unknown-field"}) {
		t.Errorf("what is known already is asked for: %v", got)
	}
	d.green(t)
}

func offices(t *testing.T, d *Desk) {
	num := d.Lodged(t, "lamp", "t1").Matter.Number
	for login, want := range map[string]string{"head@t1": "extend", "head@c": "extend urge", "head@p": "extend urge", "head@t2": ""} {
		if got := d.lawful(t, d.staff(t, login), num); got != want {
			t.Errorf("%s may %q, want %q", login, got, want)
		}
	}
	for login, want := range map[string]bool{"head@t1": false, "head@c": true} {
		_, err := d.Lodge(background(), d.staff(t, login), d.Example(t, "lamp", "t1"), "")
		if want {
			must(t, err)
		} else {
			wantKind(t, err, casework.NotAllowed, "may-not-open")
		}
	}
	top := &casework.Matter{Number: "2026-00000001-8", Procedure: "lamp@1", State: "lodged", Unit: "p"}
	for _, st := range d.LawfulSteps(d.staff(t, "head@p"), top) {
		if st.Name == "urge" {
			t.Error("above the highest unit there is somebody")
		}
	}
	down := d.Lodged(t, "lamp", "c").Matter.Number
	above, below := d.staff(t, "clerk@c"), d.staff(t, "clerk@t2")
	d.Take(t, above, down, "pass", func(c *casework.StepCommand) { c.Unit = "t2" })
	if got := d.lawful(t, above, down); !strings.Contains(got, "ask-back") {
		t.Errorf("who referred it down may %s", got)
	}
	if got := d.lawful(t, below, down); strings.Contains(got, "ask-back") {
		t.Errorf("who got it may %s", got)
	}
	d.Take(t, above, down, "ask-back")
	first := d.staff(t, "clerk@t1")
	d.Take(t, first, num, "pass", func(c *casework.StepCommand) { c.Unit = "t2" })
	_, err := d.take(first, num, "ask-back") // lawful by the procedure, but t1 does not read what is with t2
	wantKind(t, err, casework.NotFound, "no-such-matter")
	d.green(t)
}

// fieldsByViewer reads the same matter as everybody and compares, field by field, with what the declaration says.
func fieldsByViewer(t *testing.T, d *Desk) {
	num := d.Lodged(t, "lamp", "t1").Matter.Number
	clerk := d.staff(t, "clerk@t1")
	d.Take(t, clerk, num, "assign", func(c *casework.StepCommand) { c.Assignee = "officer@t1" })
	d.Take(t, clerk, num, "look", func(c *casework.StepCommand) { c.Fields = map[string]any{"diagnosis": "diagnosis-again"} })
	sees := map[string][]string{
		"clerk@t1": {"inner"}, "officer@t1": {"inner", "diagnosis"}, "head@t1": {"inner", "diagnosis"}, "head@c": {"inner", "diagnosis"},
		"officer@c": {"inner"}, "supervisor@p": {"inner"}, "auditor@t1": {},
		"party:applicant": {"whisper"}, "party:neighbour": {},
	}
	for who, want := range sees {
		role, isParty := strings.CutPrefix(who, "party:")
		var a office.Actor
		if isParty {
			a = partyActor(num, role)
		} else {
			a = d.staff(t, who)
		}
		var yes, no []string
		for field, words := range map[string]string{"inner": "inner-words", "whisper": "whisper-words", "diagnosis": "diagnosis-words diagnosis-again"} {
			if slices.Contains(want, field) {
				yes = append(yes, strings.Fields(words)...)
			} else {
				no = append(no, strings.Fields(words)...)
			}
		}
		d.wantShown(t, who, d.shown(t, a, num), yes, no)
	}
	for words, found := range map[string]int{"inner-words": 1, "whisper-words": 0, "diagnosis-again": 0, "diagnosis-words": 0} {
		rows, _, err := d.List(background(), d.staff(t, "head@t1"), casework.Query{Order: casework.Newest}, words)
		if err != nil || len(rows) != found {
			t.Errorf("by %q the head finds %d (%v)", words, len(rows), err)
		}
	}
	_, err := d.Correct(background(), clerk, num, 1, "", map[string]any{"diagnosis": "x"}, "a slip")
	if got := fieldErrors(err); !cmp.Equal(got, []string{"fields.diagnosis: unknown-field"}) {
		t.Errorf("who does not see a field corrects it: %v", got)
	}
	_, err = d.Correct(background(), d.staff(t, "head@t1"), num, 1, "", map[string]any{"diagnosis": "diagnosis-right"}, "a slip")
	must(t, err)
	d.wantShown(t, "the clerk", d.shown(t, clerk, num), nil, []string{"diagnosis"})
	d.green(t)
}

func reasons(t *testing.T, d *Desk) {
	clerk, head := d.staff(t, "clerk@t1"), d.staff(t, "head@t1")
	num := d.Lodged(t, "lamp", "t1").Matter.Number
	d.Take(t, clerk, num, "dig", func(c *casework.StepCommand) { c.Fields = map[string]any{"permit": "A-7"} })
	d.Take(t, clerk, num, "fill")
	d.Take(t, head, num, "extend", func(c *casework.StepCommand) { c.Fields = map[string]any{"why": "no spare parts"} })
	for who, a := range map[string]office.Actor{"the clerk": clerk, "the applicant": partyActor(num, "applicant")} {
		f, err := d.Read(background(), a, num)
		must(t, err)
		var got []string
		for _, c := range f.Causes("mending") {
			got = append(got, c.Say("en"))
		}
		want := []string{"The time stands still. Works do not count. Permit: A-7", "Extended. Reason: no spare parts"}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", who, diff)
		}
		if others := f.Causes("checking"); len(others) != 0 {
			t.Errorf("%s: a clock that never ran has reasons %v", who, others)
		}
	}
	f, err := d.Read(background(), d.staff(t, "auditor@t1"), num)
	must(t, err)
	if c := f.Causes("mending"); len(c) != 2 || c[0].Say("zh") != "暂停计算。施工期间不计算。" || c[1].Value != nil {
		t.Errorf("an auditor is shown %v", c)
	}
}
