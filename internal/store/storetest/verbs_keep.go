package storetest

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"luoshi/internal/casework"
	"luoshi/internal/ledger"
	"luoshi/internal/number"
)

func erase(t *testing.T, d *Desk) {
	clerk, head := d.staff(t, "clerk@t1"), d.staff(t, "head@t1")
	l := d.Example(t, "probe", "t1")
	l.Title, l.Fields["facts"] = "秘密的漏水纠纷", "绝密情况 topsecret"
	lodged, err := d.Lodge(background(), resident(), l, "key")
	must(t, err)
	num := lodged.Matter.Number
	other := d.Lodged(t, "probe", "t1").Matter.Number
	told := d.Take(t, clerk, num, "tell")
	finished := d.Take(t, clerk, num, "finish")
	kept := [][]byte{d.proves(t, lodged.Receipt, num), d.proves(t, told.Receipt, num), d.proves(t, finished.Receipt, num)}

	out, err := d.Erase(background(), head, num, "档案管理办法第9条")
	must(t, err)
	if a := out.Entry.Act; a.Kind != casework.Erased || a.Rule == "" || !cmp.Equal(a.Names, []int{1, 2, 3}) {
		t.Errorf("recorded as %+v", a)
	}
	if r := d.green(t); r.Erased != 3 {
		t.Errorf("audit counts %d erased entries", r.Erased)
	}
	for i, b := range kept {
		if v := ledger.Verify(b, d.Key.VerifierKey()); !v.Proved {
			t.Errorf("the receipt kept of entry %d: %s", i+1, v.Reason)
		}
		r, err := d.Receipt(background(), clerk, num, i+1)
		must(t, err)
		if b := d.proves(t, r, num); strings.Contains(string(b), "topsecret") || r.Entry.Content != nil {
			t.Errorf("a new receipt of entry %d holds content: %s", i+1, b)
		}
	}
	d.gone(t, num, "秘密", "漏水", "topsecret", "张三", "13800000001")
	if rows, _, err := d.List(background(), clerk, casework.Query{}, "门口"); err != nil || len(rows) != 1 || rows[0].Number != other {
		t.Errorf("another matter is no longer found: %v (%v)", rows, err)
	}
	if rows, _, err := d.List(background(), clerk, casework.Query{}, num); err != nil || len(rows) != 1 {
		t.Errorf("the number is no longer found: %v (%v)", rows, err)
	}
	again, err := d.Lodge(background(), resident(), l, "key")
	must(t, err)
	if again.Matter.Number != num || again.Code != lodged.Code || again.Matter.Title != "" {
		t.Errorf("the repeated lodging answers %s %q", again.Matter.Number, again.Matter.Title)
	}
}

// gone checks that nothing shown of the matter, and no search, holds the words.
func (d *Desk) gone(t *testing.T, num string, words ...string) {
	t.Helper()
	clerk := d.staff(t, "clerk@t1")
	f, err := d.Read(background(), clerk, num)
	must(t, err)
	shown, err := json.Marshal([]any{f.Matter, f.Entries, d.row(t, num)})
	must(t, err)
	for _, w := range words {
		if strings.Contains(string(shown), w) {
			t.Errorf("%q is still shown", w)
		}
		rows, _, err := d.List(background(), clerk, casework.Query{Order: casework.Newest}, w)
		must(t, err)
		for _, r := range rows {
			if r.Number == num {
				t.Errorf("%q still finds the matter", w)
			}
		}
	}
}

func eraseRefused(t *testing.T, d *Desk) {
	head := d.staff(t, "head@t1")
	num := d.Lodged(t, "probe", "t1").Matter.Number
	_, err := d.Erase(background(), head, num, "a rule")
	wantKind(t, err, casework.NotAllowed, "not-ended")
	d.Take(t, d.staff(t, "clerk@t1"), num, "finish")
	_, err = d.Erase(background(), head, num, "")
	wantKind(t, err, casework.Invalid, "invalid-input")
	_, err = d.Erase(background(), head, num, "not \xff text")
	wantKind(t, err, casework.Invalid, "invalid-input")
	_, err = d.Erase(background(), d.staff(t, "clerk@t1"), num, "a rule")
	wantKind(t, err, casework.NotAllowed, "not-allowed")
	if m, err := d.Store.Matter(background(), num); err != nil || m.Title == "" || m.Version != 2 {
		t.Errorf("a refused erasure left %+v (%v)", m, err)
	}
}

func correct(t *testing.T, d *Desk) {
	clerk := d.staff(t, "clerk@t1")
	num := d.Lodged(t, "probe", "t1").Matter.Number
	before, err := d.Read(background(), clerk, num)
	must(t, err)
	out, err := d.Correct(background(), clerk, num, 1, "更正后的标题", map[string]any{"facts": "更正后的情况"}, "笔误")
	must(t, err)
	if a := out.Entry.Act; a.Kind != casework.Corrected || !cmp.Equal(a.Names, []int{1}) || out.Entry.Content.Note != "笔误" {
		t.Errorf("recorded as %+v", a)
	}
	f, err := d.Read(background(), clerk, num)
	must(t, err)
	if f.Matter.Title != "更正后的标题" || f.Matter.Fields["facts"] != "更正后的情况" || f.Matter.State != "working" {
		t.Errorf("what holds now: %+v", f.Matter)
	}
	if d := cmp.Diff(before.Entries[0], f.Entries[0]); d != "" {
		t.Errorf("the earlier entry was changed: %s", d)
	}
	for word, want := range map[string]int{"更正": 1, "挡了": 0, "小事": 0} {
		if rows, _, err := d.List(background(), clerk, casework.Query{}, word); err != nil || len(rows) != want {
			t.Errorf("%s finds %d matters, want %d (%v)", word, len(rows), want, err)
		}
	}
	d.proves(t, out.Receipt, num)
	d.green(t)
}

func correctInvalid(t *testing.T, d *Desk) {
	clerk := d.staff(t, "clerk@t1")
	num := d.Lodged(t, "probe", "t1").Matter.Number
	for _, c := range []struct {
		name, title, note string
		seq               int
		fields            map[string]any
		want              string
	}{
		{"an entry that is not there", "x", "why", 2, nil, "entry: unknown"},
		{"no reason", "x", "", 1, nil, "note: required"},
		{"a reason that is no text", "x", "\xff", 1, nil, "note: not-utf8"},
		{"a reason beyond 1 MB", "x", strings.Repeat("x", casework.MaxNote+1), 1, nil, "note: too-long"},
		{"a title that is too long", strings.Repeat("x", 201), "why", 1, nil, "title: too-long"},
		{"a title that is no text", "\xff", "why", 1, nil, "title: not-utf8"},
		{"a field that is not declared", "", "why", 1, map[string]any{"shoe_size": "9"}, "fields.shoe_size: unknown-field"},
		{"a field of the wrong type", "", "why", 1, map[string]any{"facts": 9}, "fields.facts: wrong-type"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := d.Correct(background(), clerk, num, c.seq, c.title, c.fields, c.note)
			if got := fieldErrors(err); !cmp.Equal(got, []string{c.want}) {
				t.Errorf("%v, want %s", got, c.want)
			}
		})
	}
}

func askForCode(t *testing.T, d *Desk) {
	lodged := d.Lodged(t, "probe", "t1")
	num := lodged.Matter.Number
	waits := func() (n int, entry *casework.Entry) {
		entries, err := d.Store.Entries(background(), num)
		must(t, err)
		return len(entries), casework.AsksForCode(entries)
	}
	absent, err := number.Format(2020, 1)
	must(t, err)
	must(t, d.AskForCode(background(), absent)) // the same answer
	wantKind(t, d.AskForCode(background(), "12"), casework.Invalid, "invalid-input")
	for range 3 { // one entry, however often it is asked
		must(t, d.AskForCode(background(), strings.ReplaceAll(num, "-", "")))
		if n, asked := waits(); n != 2 || asked == nil || asked.Act.Kind != casework.CodeAsked || asked.Act.Actor.As != "resident" || asked.ContentBytes != nil {
			t.Fatalf("%d entries; what waits: %+v", n, asked)
		}
	}
	if _, err := d.PartyByCode(background(), num, lodged.Code); err != nil {
		t.Errorf("asking alone ends the old code: %v", err)
	}
	_, err = d.IssueCode(background(), d.staff(t, "clerk@t1"), num, 0)
	must(t, err)
	if n, asked := waits(); n != 3 || asked != nil {
		t.Errorf("after a code was given %d entries, waiting %v", n, asked)
	}
	must(t, d.AskForCode(background(), num)) // lost again
	if n, asked := waits(); n != 4 || asked == nil {
		t.Errorf("asked again: %d entries, waiting %v", n, asked)
	}
	d.green(t)
}

func issueCode(t *testing.T, d *Desk) {
	clerk := d.staff(t, "clerk@t1")
	l := d.Example(t, "probe", "t1")
	l.Parties = append(l.Parties, casework.Party{Role: "witness", Name: "王五"})
	lodged, err := d.Lodge(background(), resident(), l, "")
	must(t, err)
	num := lodged.Matter.Number
	second, err := d.IssueCode(background(), clerk, num, 1)
	must(t, err)
	if a, err := d.PartyByCode(background(), num, second.Code); err != nil || a.Party.Role != "respondent" {
		t.Errorf("the respondent's code opens %+v (%v)", a, err)
	}
	fresh, err := d.IssueCode(background(), clerk, num, 0)
	must(t, err)
	if fresh.Code == "" || fresh.Code == lodged.Code || fresh.Entry.Act.Kind != casework.CodeIssued {
		t.Errorf("code %q, entry %s", fresh.Code, fresh.Entry.Act.Kind)
	}
	if strings.Contains(string(fresh.Entry.ActBytes), fresh.Code) {
		t.Error("the code itself is recorded")
	}
	_, err = d.PartyByCode(background(), num, lodged.Code)
	wantKind(t, err, casework.NotFound, "wrong-number-or-code")
	for code, role := range map[string]string{fresh.Code: "applicant", second.Code: "respondent"} {
		if a, err := d.PartyByCode(background(), num, code); err != nil || a.Party.Role != role {
			t.Errorf("the code of the %s opens %+v (%v)", role, a, err)
		}
	}
	for _, i := range []int{-1, 3, 2} { // the witness may not follow the matter
		_, err := d.IssueCode(background(), clerk, num, i)
		wantKind(t, err, casework.Invalid, "invalid-input")
	}
	d.green(t)
}
