package storetest

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"luoshi/internal/casework"
	"luoshi/internal/office"
)

// secretive lodges a matter whose every personal word is known, with an inner remark and an inner note.
func (d *Desk) secretive(t *testing.T) string {
	t.Helper()
	l := d.Example(t, "probe", "t1")
	l.Fields["remark"] = "inner remark"
	out, err := d.Lodge(background(), d.staff(t, "clerk@t1"), l, "")
	must(t, err)
	num := out.Matter.Number
	clerk := d.staff(t, "clerk@t1")
	d.Take(t, clerk, num, "inquire", func(c *casework.StepCommand) { c.Note = "inner note" })
	d.Take(t, clerk, num, "tell", func(c *casework.StepCommand) {
		c.Note, c.Fields = "open note", map[string]any{"remark": "second inner remark"}
	})
	return num
}

// shown is everything that Read and Receipt give out, as text.
func (d *Desk) shown(t *testing.T, a office.Actor, num string) string {
	t.Helper()
	f, err := d.Read(background(), a, num)
	must(t, err)
	var b strings.Builder
	for _, e := range f.Entries {
		content, err := json.Marshal(e.Content)
		must(t, err)
		fmt.Fprintf(&b, "entry %d %s %s\n", e.Act.Seq, content, e.ContentBytes)
		r, err := d.Receipt(background(), a, num, e.Act.Seq)
		must(t, err)
		b.Write(d.proves(t, r, num))
	}
	m, err := json.Marshal(f.Matter)
	must(t, err)
	rows, _, err := d.List(background(), a, casework.Query{Order: casework.Newest}, "")
	must(t, err)
	fmt.Fprintf(&b, "\nmatter %s\nrows %+v", m, rows)
	return b.String()
}

func (d *Desk) wantShown(t *testing.T, who, shown string, yes, no []string) {
	t.Helper()
	for _, w := range yes {
		if !strings.Contains(shown, w) {
			t.Errorf("%s is not shown %q", who, w)
		}
	}
	for _, w := range no {
		if i := strings.Index(shown, w); i >= 0 {
			t.Errorf("%s is shown %q: …%s…", who, w, shown[max(0, i-120):min(len(shown), i+60)])
		}
	}
}

func partySees(t *testing.T, d *Desk) {
	num := d.secretive(t)
	inner := []string{"inner remark", "inner note", "second inner"}
	d.wantShown(t, "the clerk", d.shown(t, d.staff(t, "clerk@t1"), num),
		append(inner, "open note", "一件小事", "挡了光", "张三", "13800000001", "13900000002", "一号院"), nil)
	for role, others := range map[string][]string{"applicant": {"13900000002"}, "respondent": {"13800000001", "一号院"}} {
		d.wantShown(t, "the "+role, d.shown(t, partyActor(num, role), num),
			[]string{"open note", "一件小事", "挡了光", "张三", "李四"}, append(others, inner...))
	}
	f, err := d.Read(background(), partyActor(num, "applicant"), num)
	must(t, err)
	if len(f.Entries) != 3 || f.Entries[1].Act.Step != "inquire" {
		t.Error("that something happened is not shown to the party")
	}
	for _, st := range f.Steps {
		if st.Name != "comment" {
			t.Errorf("a party is offered %s", st.Name)
		}
	}
}

func auditorSees(t *testing.T, d *Desk) {
	num := d.secretive(t)
	personal := []string{"inner", "open note", "一件小事", "挡了光", "张三", "李四", "13800000001", "13900000002", "一号院"}
	auditor := d.staff(t, "auditor@t1")
	d.wantShown(t, "the auditor", d.shown(t, auditor, num), []string{num, "inquire", "working"}, personal)
	for _, w := range []string{"张三", "小事", "13800000001"} {
		if rows, _, err := d.List(background(), auditor, casework.Query{}, w); err != nil || len(rows) != 0 {
			t.Errorf("an auditor finds %v by %q (%v)", rows, w, err)
		}
	}
	mixed := d.staff(t, "mixed") // clerk of t2, auditor of the county
	if rows, _, err := d.List(background(), mixed, casework.Query{}, "张三"); err != nil || len(rows) != 0 {
		t.Errorf("a clerk of one unit finds %v of another by its words (%v)", rows, err)
	}
	if rows, _, err := d.List(background(), mixed, casework.Query{}, ""); err != nil || len(rows) != 1 || rows[0].Title != "" {
		t.Errorf("a clerk of one unit and auditor of another is shown %v (%v)", rows, err)
	}
	if f, err := d.Read(background(), auditor, num); err != nil || len(f.Disclosures) != 0 {
		t.Errorf("a check without reading is recorded as a reading: %v (%v)", f.Disclosures, err)
	}
}

func readingShown(t *testing.T, d *Desk) {
	num := d.Lodged(t, "probe", "t1").Matter.Number
	for range 3 {
		_, err := d.Read(background(), d.staff(t, "clerk@t1"), num)
		must(t, err)
	}
	_, err := d.Receipt(background(), d.staff(t, "head@c"), num, 1)
	must(t, err)
	d.Wait(day)
	_, err = d.Read(background(), d.staff(t, "clerk@t1"), num)
	must(t, err)
	f, err := d.Read(background(), partyActor(num, "applicant"), num)
	must(t, err)
	var got []string
	for _, x := range f.Disclosures {
		got = append(got, x.Day+" "+x.Login+" "+x.Unit)
	}
	slices.Sort(got)
	if diff := cmp.Diff([]string{"2026-03-02 clerk@t1 t1", "2026-03-02 head@c c", "2026-03-03 clerk@t1 t1"}, got); diff != "" {
		t.Error(diff)
	}
}

// permissionTable runs every verb as everybody on a matter of t1. The letters say what is expected:
// y allowed, n not allowed, - there is no such matter for them.
func permissionTable(t *testing.T, d *Desk) {
	const verbs = "read receipt tell comment code correct erase"
	want := map[string]string{
		"clerk of the unit": "y y y n y y n", "mediator of the unit": "y y n n y y n", "officer of the unit": "y y n n y y n",
		"head of the unit": "y y n n y y y", "supervisor of the unit": "y y n n n n n", "auditor of the unit": "y y n n n n n",
		"operator of the unit": "- - - - - - -",
		"clerk above":          "y y y n y y n", "head above": "y y n n y y y", "auditor above": "y y n n n n n", "operator above": "- - - - - - -",
		"clerk elsewhere": "- - - - - - -", "head elsewhere": "- - - - - - -", "auditor elsewhere": "- - - - - - -",
		"disabled clerk": "- - - - - - -",
		"party":          "y y n y n n n", "party of another matter": "- - - - - - -", "resident": "- - - - - - -",
		"system": "y y n n n n n", "nobody": "- - - - - - -", "two at once": "- - - - - - -",
	}
	for _, who := range slices.Sorted(maps.Keys(want)) {
		t.Run(who, func(t *testing.T) {
			var got []string
			for _, verb := range strings.Fields(verbs) {
				num := d.Lodged(t, "probe", "t1").Matter.Number
				other := d.Lodged(t, "probe", "t1").Matter.Number
				if verb == "erase" {
					d.Take(t, d.staff(t, "clerk@t1"), num, "finish")
				}
				got = append(got, letter(t, d.try(d.who(t, who, num, other), verb, num)))
			}
			if g := strings.Join(got, " "); g != want[who] {
				t.Errorf("\nverbs %s\ngot   %s\nwant  %s", verbs, g, want[who])
			}
		})
	}
}

func (d *Desk) who(t *testing.T, who, num, other string) office.Actor {
	t.Helper()
	switch who {
	case "disabled clerk":
		return d.staff(t, "left")
	case "party":
		return partyActor(num, "applicant")
	case "party of another matter":
		return partyActor(other, "applicant")
	case "resident":
		return resident()
	case "system":
		return system()
	case "nobody":
		return office.Actor{}
	case "two at once":
		return office.Actor{Resident: true, Account: d.staff(t, "clerk@t1").Account}
	}
	role, where, _ := strings.Cut(who, " ")
	return d.staff(t, role+"@"+map[string]string{"of the unit": "t1", "above": "c", "elsewhere": "t2"}[where])
}

func (d *Desk) try(a office.Actor, verb, num string) error {
	var err error
	switch verb {
	case "read":
		_, err = d.Read(background(), a, num)
	case "receipt":
		_, err = d.Receipt(background(), a, num, 1)
	case "tell", "comment":
		_, err = d.TakeStep(background(), a, num, casework.StepCommand{Step: verb, Note: "words"}, "")
	case "code":
		_, err = d.IssueCode(background(), a, num, 0)
	case "correct":
		_, err = d.Correct(background(), a, num, 1, "a title", nil, "why")
	case "erase":
		_, err = d.Erase(background(), a, num, "a rule")
	}
	return err
}

func letter(t *testing.T, err error) string {
	t.Helper()
	if err == nil {
		return "y"
	}
	switch casework.KindOf(err) {
	case casework.NotAllowed:
		return "n"
	case casework.NotFound:
		return "-"
	}
	t.Errorf("refused with %v", err)
	return "?"
}

// scopesAgree compares, for everybody, what can be read one by one with what is listed, found and counted.
func scopesAgree(t *testing.T, d *Desk) {
	var nums []string
	for i, unit := range []string{"t1", "t2", "c", "t1", "t2", "t1"} {
		l := d.Example(t, "probe", unit)
		l.Title = fmt.Sprint("needle ", i)
		out, err := d.Lodge(background(), resident(), l, "")
		must(t, err)
		nums = append(nums, out.Matter.Number)
	}
	d.Take(t, d.staff(t, "clerk@t1"), nums[0], "finish")
	d.Take(t, d.staff(t, "clerk@t2"), nums[1], "refer", func(c *casework.StepCommand) { c.Unit = "c" })
	everybody := d.everybody(t)
	everybody["a party"] = partyActor(nums[3], "applicant")
	for who, a := range everybody {
		readable, searchable := []string{}, []string{}
		for _, num := range nums {
			f, err := d.Read(background(), a, num)
			if err != nil {
				wantKind(t, err, casework.NotFound, "no-such-matter")
				continue
			}
			readable = append(readable, num)
			if f.Matter.Title != "" {
				searchable = append(searchable, num)
			}
		}
		if who == "mixed" {
			searchable = []string{nums[4]} // see Scope.Content: what may be read in part is shown without content
		}
		if a.Party != nil {
			searchable = []string{} // there is one matter to look at, and words in it that a party may not see
		}
		for words, want := range map[string][]string{"": readable, "needle": searchable} {
			rows, _, err := d.List(background(), a, casework.Query{Order: casework.Newest}, words)
			must(t, err)
			got := []string{}
			for _, r := range rows {
				got = append(got, r.Number)
			}
			slices.Sort(got)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s, words %q: %s", who, words, diff)
			}
		}
		if a.Party != nil {
			continue
		}
		counts, err := d.Counts(background(), a)
		must(t, err)
		n := 0
		for _, c := range counts {
			n += int(c.N)
		}
		if n != len(readable) {
			t.Errorf("%s counts %d matters and reads %d", who, n, len(readable))
		}
	}
}

// Two services on one store stand for two nodes. The one that has not heard of a new version of a procedure
// reads it when it meets a matter that runs by it; where it cannot, it says so, for that matter alone.
func rulesFromElsewhere(t *testing.T, d *Desk) {
	other, err := casework.NewService(background(), d.Store, Origin, d.Key.Name(), []byte("thirty-two bytes of a test's secret"), d.Time)
	must(t, err)
	_, err = d.Publish(background(), "probe.yaml", []byte(strings.Replace(probe, "\nversion: 1\n", "\nversion: 2\n", 1)))
	must(t, err)
	clerk := d.staff(t, "clerk@t1")
	f, err := other.Read(background(), clerk, d.Lodged(t, "probe", "t1").Matter.Number)
	must(t, err)
	if f.Matter.Procedure != "probe@2" || len(f.Steps) == 0 {
		t.Errorf("the other node reads %s with %d steps", f.Matter.Procedure, len(f.Steps))
	}
	unknown := lodge(t, 900, spec{unit: "t1", procedure: "unheard-of@1"})
	_, err = d.Store.Commit(background(), unknown)
	must(t, err)
	_, err = other.Read(background(), clerk, unknown.Matter.Number)
	if e := casework.AsError(err); e.Kind != casework.Unavailable || e.Code != "procedure-unknown" {
		t.Errorf("by rules that nobody can read: %v", err)
	}
}
