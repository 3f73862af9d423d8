package storetest

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"luoshi/internal/casework"
	"luoshi/internal/search"
)

func keepWorklists(t *testing.T, d *Desk) {
	clerk := d.staff(t, "clerk@t1")
	for i := range casework.MaxWorklists {
		must(t, d.KeepWorklist(background(), clerk, fmt.Sprintf(" list %02d ", i), "mine=1"))
	}
	err := d.KeepWorklist(background(), clerk, "one more", "")
	if got := fieldErrors(err); !cmp.Equal(got, []string{"name: too-many"}) {
		t.Errorf("beyond the bound: %v", got)
	}
	must(t, d.KeepWorklist(background(), clerk, "list 03", "show=all")) // replaces
	must(t, d.KeepWorklist(background(), d.staff(t, "clerk@t2"), "another's", ""))
	must(t, d.DropWorklist(background(), clerk, "list 00"))
	got, err := d.Worklists(background(), clerk)
	must(t, err)
	if len(got) != casework.MaxWorklists-1 || got[0].Name != "list 01" || got[2].Query != "show=all" {
		t.Errorf("%d lists, first %+v, third %+v", len(got), got[0], got[2])
	}
	for name, want := range map[string]string{" ": "name: required", strings.Repeat("长", 41): "name: too-long", "a\nb": "name: one-line"} {
		if got := fieldErrors(d.KeepWorklist(background(), clerk, name, "")); !cmp.Equal(got, []string{want}) {
			t.Errorf("%q: %v, want %s", name, got, want)
		}
	}
	wantKind(t, d.KeepWorklist(background(), resident(), "x", ""), casework.NotAllowed, "session-ended")
}

func keepReplies(t *testing.T, d *Desk) {
	clerk, above, auditor := d.staff(t, "clerk@t1"), d.staff(t, "head@c"), d.staff(t, "auditor@t1")
	text := casework.Reply{Unit: "t1", Procedure: "people-mediation", Step: "decline", Name: "Court", Body: "{title} ({number}): {office}, {date}. {other}"}
	must(t, d.KeepReply(background(), clerk, text))
	must(t, d.KeepReply(background(), above, casework.Reply{Unit: "c", Name: "County", Body: "For all."}))
	must(t, d.KeepReply(background(), above, casework.Reply{Unit: "c", Procedure: "petition", Name: "Petition", Body: "Elsewhere."}))
	for _, c := range []struct {
		r    casework.Reply
		want string
	}{
		{casework.Reply{Unit: "t1", Body: "x"}, "name: required"},
		{casework.Reply{Unit: "t1", Name: "x"}, "body: required"},
		{casework.Reply{Unit: "t1", Name: "x", Body: strings.Repeat("长", 4001)}, "body: too-long"},
		{casework.Reply{Unit: "t1", Name: "x", Body: "a\x00b"}, "body: not-utf8"},
		{casework.Reply{Unit: "t1", Name: "x", Body: "x", Procedure: "none"}, "step: unknown"},
		{casework.Reply{Unit: "t1", Name: "x", Body: "x", Procedure: "petition", Step: "none"}, "step: unknown"},
		{casework.Reply{Unit: "t1", Name: "x", Body: "x", Step: "accept"}, "step: unknown"},
		{casework.Reply{Unit: "t1", ID: "gone", Name: "x", Body: "x"}, "1: no-such-reply"},
		{casework.Reply{Unit: "c", Name: "x", Body: "x"}, "3: not-your-office"},
	} {
		if got := fieldErrors(d.KeepReply(background(), clerk, c.r)); !cmp.Equal(got, []string{c.want}) {
			t.Errorf("%+v: %v, want %s", c.r, got, c.want)
		}
	}
	wantKind(t, d.KeepReply(background(), auditor, text), casework.NotAllowed, "not-your-office")
	wantKind(t, d.DropReply(background(), clerk, "c", "x"), casework.NotAllowed, "not-your-office")

	f, err := d.Read(background(), clerk, d.Lodged(t, "people-mediation", "t1").Matter.Number)
	must(t, err)
	offered, err := d.RepliesFor(background(), f)
	must(t, err)
	var names []string
	for _, r := range offered {
		names = append(names, r.Name)
	}
	if diff := cmp.Diff([]string{"Court", "County"}, names); diff != "" {
		t.Error(diff)
	}
	want := fmt.Sprintf("%s (%s): First township, %s. {other}", f.Matter.Title, f.Matter.Number, "2 March 2026")
	if got := d.FillReply(offered[0], f, "en"); got != want {
		t.Errorf("filled in: %q, want %q", got, want)
	}
	changed := offered[0]
	changed.Name = "A court has it"
	must(t, d.KeepReply(background(), d.staff(t, "mediator@t1"), changed)) // shared inside the unit
	mine, err := d.Replies(background(), clerk)
	must(t, err)
	if len(mine) != 1 || mine[0].Name != "A court has it" || mine[0].Login != "mediator@t1" {
		t.Errorf("texts of the unit: %+v", mine)
	}
	must(t, d.DropReply(background(), clerk, "t1", changed.ID))
}

func assignAll(t *testing.T, d *Desk) {
	clerk := d.staff(t, "clerk@c")
	pick := func(unit string, steps ...string) casework.Pick {
		m := d.Lodged(t, "people-mediation", unit).Matter
		for _, step := range steps {
			m = d.Take(t, clerk, m.Number, step).Matter
		}
		return casework.Pick{Number: m.Number, Version: m.Version}
	}
	fresh, early, elsewhere, late, theirs, held := pick("t1", "accept"), pick("t1"), pick("t2", "accept"), pick("t1", "accept"), pick("t1", "accept", "assign"), pick("t1", "accept", "assign")
	d.Take(t, clerk, late.Number, "refer", func(c *casework.StepCommand) { c.Unit = "t2" })
	picks := []casework.Pick{fresh, early, elsewhere, late, theirs, held, {Number: "2026-99999999-0", Version: 1}}
	picks[5].Version = held.Version
	assign := func(to, note string) []string {
		t.Helper()
		done, err := d.AssignAll(background(), clerk, picks, to, note, "one key")
		must(t, err)
		var out []string
		for i, x := range done {
			switch {
			case x.Number != picks[i].Number:
				t.Errorf("%d: answer of %s", i, x.Number)
			case x.Err != nil:
				out = append(out, x.Err.Code)
			case x.Already:
				out = append(out, "already")
			default:
				out = append(out, fmt.Sprintf("entry %d", x.Seq))
			}
		}
		return out
	}
	want := []string{"entry 3", "no-step-to-assign", "invalid-input", "stale-version", "already", "already", "no-such-matter"}
	if diff := cmp.Diff(want, assign("mediator@t1", "")); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(want, assign("mediator@t1", "")); diff != "" {
		t.Errorf("sent twice: %s", diff)
	}
	m, err := d.Store.Matter(background(), fresh.Number)
	must(t, err)
	if m.Assignee != "mediator@t1" || m.Version != 3 || m.State != "mediating" {
		t.Errorf("it stands at %s, version %d, with %q", m.State, m.Version, m.Assignee)
	}
	picks = []casework.Pick{theirs} // who has it already may only be changed with a reason
	other, err := d.AssignAll(background(), clerk, picks, "mediator@c", "", "a second key")
	must(t, err)
	if got := fieldErrors(other[0].Err); !cmp.Equal(got, []string{"note: required"}) {
		t.Errorf("without a reason: %v", got)
	}
	if got, err := d.AssignAll(background(), clerk, picks, "mediator@c", "She is ill.", "a third key"); err != nil || got[0].Err != nil || got[0].Seq != 4 {
		t.Errorf("with a reason: %+v, %v", got, err)
	}
	d.green(t)
}

func assignable(t *testing.T, d *Desk) {
	clerk := d.staff(t, "clerk@t1")
	accepted := d.Take(t, clerk, d.Lodged(t, "people-mediation", "t1").Matter.Number, "accept").Matter.Number
	lodged := d.Lodged(t, "people-mediation", "t1").Matter.Number
	elsewhere := d.Take(t, d.staff(t, "clerk@t2"), d.Lodged(t, "people-mediation", "t2").Matter.Number, "accept").Matter.Number
	look := func(login string) ([]string, map[string]bool) {
		t.Helper()
		a := d.staff(t, login)
		rows, _, err := d.List(background(), d.staff(t, "clerk@p"), casework.Query{Limit: 30}, "")
		must(t, err)
		offer := d.AssignableOf(a, rows)
		people := []string{}
		for _, p := range offer.People {
			people = append(people, p.Login)
		}
		return people, offer.Numbers
	}
	for login, want := range map[string][]string{
		"clerk@t1":    {"mediator@c", "mediator@p", "mediator@t1"},
		"clerk@c":     {"mediator@c", "mediator@p", "mediator@t1", "mediator@t2"},
		"mediator@t1": {"mediator@t1"}, // takes it on
		"auditor@t1":  {},
	} {
		people, numbers := look(login)
		if diff := cmp.Diff(want, people); diff != "" {
			t.Errorf("%s: %s", login, diff)
		}
		if numbers[lodged] || numbers[accepted] != (len(want) > 0) || numbers[elsewhere] != (login == "clerk@c") {
			t.Errorf("%s may assign %v", login, numbers)
		}
	}
}

func glimpses(t *testing.T, d *Desk) {
	l := d.Example(t, "people-mediation", "t1")
	l.Title, l.Fields["facts"] = "楼上漏水", "三月以来客厅屋顶一直滴水，墙面发霉。"
	out, err := d.Lodge(background(), resident(), l, "")
	must(t, err)
	clerk := d.staff(t, "clerk@t1")
	look := func(words string) (title, field, party, text string) {
		t.Helper()
		rows, _, err := d.List(background(), clerk, casework.Query{Order: casework.Newest, Limit: 10}, words)
		must(t, err)
		got, err := d.Glimpses(background(), clerk, rows, words)
		must(t, err)
		if len(got) != 1 {
			t.Fatalf("%q finds %d", words, len(got))
		}
		return brackets(got[0].Title), got[0].Field, got[0].Party, brackets(got[0].Text)
	}
	check := func(words string, want ...string) {
		t.Helper()
		title, field, party, text := look(words)
		if diff := cmp.Diff(want, []string{title, field, party, text}); diff != "" {
			t.Errorf("%q: %s", words, diff)
		}
	}
	read := func() int {
		seen, err := d.Store.Disclosures(background(), out.Matter.Number)
		must(t, err)
		return len(seen)
	}
	check("漏水", "楼上[漏水]", "", "", "")
	if read() != 0 {
		t.Error("a title that was found is no reading")
	}
	check("漏水 滴水", "楼上[漏水]", "facts", "", "三月以来客厅屋顶一直[滴水]，墙面发霉。")
	if read() != 1 {
		t.Error("what was shown of a matter is recorded as read")
	}
	check(l.Parties[0].Name, "楼上漏水", "", "applicant", "["+l.Parties[0].Name+"]")
	check(out.Matter.Number, "楼上漏水", "", "", "")
}

// brackets writes pieces of a text with what was found in brackets.
func brackets(pieces []search.Piece) string {
	var b strings.Builder
	for _, p := range pieces {
		if p.Hit {
			b.WriteString("[" + p.Text + "]")
			continue
		}
		b.WriteString(p.Text)
	}
	return b.String()
}

func prospects(t *testing.T, d *Desk) {
	clerk := d.staff(t, "clerk@t1")
	num := d.Lodged(t, "people-mediation", "t1").Matter.Number
	f, err := d.Read(background(), clerk, num)
	must(t, err)
	st := f.Procedure.Step("accept")
	ahead, err := f.Prospect(st)
	must(t, err)
	out := d.Take(t, clerk, num, st.Name)
	if diff := cmp.Diff(out.Entry.Act.Clocks, ahead.Clocks); diff != "" || len(ahead.Clocks) < 2 || ahead.State != out.Matter.State {
		t.Errorf("foretold %s, came to %s: %s", ahead.State, out.Matter.State, diff)
	}
	if diff := cmp.Diff([]string{"parties"}, ahead.Told); diff != "" || !ahead.Party {
		t.Errorf("told: %s", diff)
	}
}
