package storetest

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"luoshi/internal/casework"
	"luoshi/internal/procedure"
)

// onward fills in what the other procedure asks for with a step.
func (d *Desk) onward(m *casework.Matter, st *procedure.Step) *casework.Onward {
	f, err := d.Read(background(), system(), m.Number)
	if err != nil {
		return nil
	}
	w := f.Wanted(st)
	if w == nil {
		return nil
	}
	o := &casework.Onward{Fields: map[string]any{}}
	if w.Choose {
		o.Unit = d.taking(w.Rules.Procedure)
	}
	for _, use := range w.Fields {
		o.Fields[use.Name] = value(w.Rules.Procedure.Field(use.Name))
	}
	for _, r := range w.Parties {
		o.Parties = append(o.Parties, casework.Party{Role: r.Role, Name: "somebody"})
	}
	return o
}

// taking is a unit of a kind in which matters of the procedure can be opened.
func (d *Desk) taking(p *procedure.Procedure) string {
	for _, code := range []string{"c", "t2", "commission", "inspection", "court"} {
		if u, _ := d.Tree().Unit(code); slices.Contains(p.Open.Units, u.Kind) {
			return code
		}
	}
	return "nowhere"
}

func continues(t *testing.T, d *Desk) {
	first := d.Lodged(t, "channel-talk", "t1")
	num, clerk := first.Matter.Number, d.staff(t, "clerk@t1")
	d.Take(t, clerk, num, "take")
	before := d.stored(t, num)
	d.Wait(time.Hour)
	out := d.Take(t, clerk, num, "go-on", func(c *casework.StepCommand) { c.Fields["level"], c.Fields["remark"] = "low", "只给内部看" })
	d.proves(t, out.Receipt, num)
	m := d.stored(t, num)
	want := &casework.Matter{Number: num, Procedure: "channel-ruling@1", State: "filed", Unit: "c", Version: 3, Opened: first.Matter.Opened,
		Changed: out.Entry.Act.Time, Channel: "api", Title: "两家的事",
		Roles:   []casework.PartyRef{{Role: "applicant", Code: before.Roles[0].Code}, {Role: "answerer"}},
		Parties: []casework.Party{{Role: "applicant", Name: "张三", Phone: "13800000001"}, {Role: "answerer", Name: "李四"}},
		Former:  []casework.Pin{{Procedure: "channel-talk@1", Until: 3, Parties: map[string]string{"asker": "applicant"}}},
		// The level is none of the other procedure's, so it is not taken along.
		Fields: map[string]any{"claim": "墙塌了。", "amount": 300.0, "ground": "law", "inside": "words for inside"}, Kept: []string{"inside"},
		Clocks: m.Clocks}
	if diff := cmp.Diff(want, m); diff != "" {
		t.Error(diff)
	}
	var clocks []string
	for _, c := range m.Clocks {
		clocks = append(clocks, m.RulesOf(&c)+" "+c.Name+" "+c.Status)
	}
	if diff := cmp.Diff([]string{"channel-talk@1 first stopped", "channel-talk@1 talks stopped", "channel-ruling@1 first running", "channel-ruling@1 ruling running"}, clocks); diff != "" {
		t.Error(diff)
	}
	passage := &casework.Passage{Fields: map[string]string{"claim": "story", "amount": "sum"}, From: "channel-talk@1",
		FromHash: d.Rules("channel-talk@1").Procedure.Hash, Parties: map[string]string{"applicant": "asker", "answerer": "answerer"}}
	if diff := cmp.Diff(passage, out.Entry.Act.Continues); diff != "" {
		t.Error(diff)
	}
	if row := d.row(t, num); row.Procedure != "channel-ruling@1" || row.State != "filed" || row.Assignee != "" || row.Unit != "c" {
		t.Errorf("in lists: %+v", row)
	}
	counts, err := d.Counts(background(), d.staff(t, "head@p"))
	must(t, err)
	if diff := cmp.Diff([]casework.Count{{Unit: "c", Procedure: "channel-ruling@1", State: "filed", Open: true, N: 1}}, counts); diff != "" {
		t.Error(diff)
	}
	for words, n := range map[string]int{"words for inside": 0, "墙塌了": 1, "只给内部看": 0} {
		if rows, _, err := d.List(background(), d.staff(t, "clerk@c"), casework.Query{}, words); err != nil || len(rows) != n {
			t.Errorf("%q finds %v (%v)", words, rows, err)
		}
	}
	if steps := d.LawfulSteps(d.staff(t, "clerk@c"), m); !slices.ContainsFunc(steps, nameOf("take")) || slices.ContainsFunc(steps, nameOf("return")) {
		t.Error("it is not as if it were brought there now")
	}
	d.green(t)
}

func continueRefused(t *testing.T, d *Desk) {
	l := d.Example(t, "channel-talk", "t1")
	l.Parties = l.Parties[:1]
	out, err := d.Lodge(background(), resident(), l, "")
	must(t, err)
	num, clerk := out.Matter.Number, d.staff(t, "clerk@t1")
	good := casework.Onward{Unit: "c", Fields: map[string]any{"ground": "law", "inside": "x"}, Parties: []casework.Party{{Role: "answerer", Name: "李四"}}}
	for _, c := range []struct {
		name, step string
		onward     *casework.Onward
		want       []string
	}{
		{"nothing", "go-on", nil, []string{"onward.unit: unknown", "onward.fields.ground: required", "onward.fields.inside: required", "onward.parties: missing"}},
		{"a unit of another kind", "go-on", &casework.Onward{Unit: "p", Fields: good.Fields, Parties: good.Parties}, []string{"onward.unit: wrong-kind"}},
		{"what the matter has", "go-on", &casework.Onward{Unit: "c", Fields: map[string]any{"ground": "law", "inside": "x", "claim": "another"}, Parties: good.Parties},
			[]string{"onward.fields.claim: unknown-field"}},
		{"a party that it has", "go-on", &casework.Onward{Unit: "c", Fields: good.Fields, Parties: append([]casework.Party{{Role: "applicant", Name: "赵六"}}, good.Parties...)},
			[]string{"onward.parties: not-asked", "onward.parties: too-many"}},
		{"a party without a name", "go-on", &casework.Onward{Unit: "c", Fields: good.Fields, Parties: []casework.Party{{Role: "answerer"}}}, []string{"onward.parties: required"}},
		{"a step that stays", "agree", &good, []string{"onward: not-asked"}},
	} {
		_, err := d.take(clerk, num, c.step, func(cmd *casework.StepCommand) { cmd.Onward = c.onward })
		if diff := cmp.Diff(c.want, fieldErrors(err)); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
	}
	if v := d.stored(t, num).Version; v != 1 {
		t.Errorf("%d entries", v)
	}
	done := d.Take(t, clerk, num, "go-on", func(cmd *casework.StepCommand) { cmd.Onward = &good })
	if m := done.Matter; len(m.Parties) != 2 || m.Parties[1] != (casework.Party{Role: "answerer", Name: "李四"}) || m.Roles[1] != (casework.PartyRef{Role: "answerer"}) {
		t.Errorf("parties after it: %+v, %+v", m.Parties, m.Roles)
	}
	d.green(t)
}

func continueSeen(t *testing.T, d *Desk) {
	first := d.Lodged(t, "channel-talk", "t1")
	num := first.Matter.Number
	secret, _, err := d.OpenAsParty(background(), num, first.Code)
	must(t, err)
	d.Take(t, d.staff(t, "clerk@t1"), num, "go-on", func(c *casework.StepCommand) { c.Fields["remark"] = "只给内部看" })
	d.Wait(time.Minute)
	party, err := d.ActorBySession(background(), secret)
	must(t, err)
	if party.Party.Role != "applicant" {
		t.Errorf("the party is now %q", party.Party.Role)
	}
	f, err := d.Read(background(), party, num)
	must(t, err)
	if _, told := f.Matter.Fields["inside"]; told || f.Matter.Fields["claim"] != "墙塌了。" {
		t.Errorf("the party sees %v", f.Matter.Fields)
	}
	step := f.Entries[1]
	if step.Content.Fields["remark"] != nil || step.Content.Opening["inside"] != nil || step.Content.Opening["ground"] != "law" {
		t.Errorf("of the step the party sees %+v", step.Content)
	}
	if f.Entries[0].Content.Fields["story"] != "墙塌了。" {
		t.Errorf("of the lodging the party sees %+v", f.Entries[0].Content)
	}
	told := f.Papers[2].Notices
	if len(told) != 1 || told[0].Subject["en"] != num+" goes on" || told[0].Body["en"] != "“墙塌了。” is now with County; it stood at Talking." {
		t.Errorf("the party was told %+v", told)
	}
	if r, err := d.Receipt(background(), party, num, 2); err != nil || r.Entry.Content != nil {
		t.Errorf("the receipt shows what the party may not see (%v)", err)
	}
	d.Wait(time.Hour)
	back := d.Take(t, d.staff(t, "clerk@c"), num, "talk-again")
	if m := back.Matter; m.State != "talking" || m.Fields["story"] != "墙塌了。" || m.Fields["sum"] != 300.0 || m.Roles[0].Role != "asker" || len(m.Former) != 2 {
		t.Errorf("back again: %+v", m)
	}
	if f, err = d.Read(background(), party, num); err != nil {
		t.Fatal(err)
	}
	var course []string
	for _, c := range f.Course() {
		course = append(course, c.Rules.Procedure.Key()+" "+c.Unit+" "+c.From+"–"+c.To)
	}
	at := func(i int) string { return f.Entries[i].Act.Time }
	want := []string{"channel-talk@1 t1 " + at(0) + "–" + at(1), "channel-ruling@1 c " + at(1) + "–" + at(2), "channel-talk@1 c " + at(2) + "–"}
	if diff := cmp.Diff(want, course); diff != "" {
		t.Error(diff)
	}
	d.green(t)
}

func continueLapse(t *testing.T, d *Desk) {
	num := d.Lodged(t, "channel-talk", "t1").Matter.Number
	d.Wait(50 * 24 * time.Hour) // the talks are over, and then the time to look
	_, err := d.take(d.staff(t, "clerk@t1"), num, "take")
	wantKind(t, err, casework.NotAllowed, "unknown-step") // it is one of the procedure that the matter left
	history, err := d.Store.Entries(background(), num)
	must(t, err)
	var acts []string
	for _, e := range history {
		acts = append(acts, string(e.Act.Kind)+" "+e.Act.Step+" "+e.Act.State)
	}
	// Both clocks begin anew with the step: the time to look is counted from when the system was there.
	if diff := cmp.Diff([]string{"lodged  talking", "warned  talking", "lapsed  talking", "stepped too-long looking"}, acts); diff != "" {
		t.Error(diff)
	}
	m := d.stored(t, num)
	if m.Procedure != "channel-look@1" || m.Unit != "t1" || len(m.Roles) != 2 || m.Fields["subject"] != "墙塌了。" || m.LateAt() == 0 {
		t.Errorf("after it: %+v", m)
	}
	d.Wait(11 * 24 * time.Hour)
	out, err := d.Wake(background(), num)
	must(t, err)
	if out.Matter.State != "looked" || out.Matter.Ended == "" {
		t.Errorf("the matter: %+v", out.Matter)
	}
	d.green(t)
}

func continueSubs(t *testing.T, d *Desk) {
	num, clerk := d.Lodged(t, "channel-talk", "t1").Matter.Number, d.staff(t, "clerk@t1")
	expert := d.Take(t, clerk, num, "consult").Opened.Matter.Number
	apart := d.Take(t, clerk, num, "set-apart").Opened.Matter.Number
	if slices.ContainsFunc(d.LawfulSteps(clerk, d.stored(t, num)), nameOf("go-on")) {
		t.Error("it may go on while a sub-matter is outstanding")
	}
	_, err := d.take(clerk, num, "go-on")
	wantKind(t, err, casework.NotAllowed, "waits")
	d.Take(t, clerk, expert, "report")
	d.Take(t, clerk, num, "go-on")
	m := d.stored(t, num)
	want := []casework.Part{{Name: "expert", Number: expert, Ended: m.Subs[0].Ended, Procedure: "channel-talk@1"}, {Name: "apart", Number: apart, Procedure: "channel-talk@1"}}
	if diff := cmp.Diff(want, m.Subs); diff != "" || m.Outstanding() != nil {
		t.Error(diff, m.Outstanding())
	}
	d.Wait(time.Hour)
	d.Take(t, clerk, apart, "report")
	if m = d.stored(t, num); m.Subs[1].Ended == "" || m.State != "filed" || m.Version != 6 {
		t.Errorf("after the detached one: %+v", m)
	}
	d.green(t)
}

func continueMigrated(t *testing.T, d *Desk) {
	num, clerk := d.Lodged(t, "channel-talk", "t1").Matter.Number, d.staff(t, "clerk@t1")
	d.Wait(6 * 24 * time.Hour)
	d.Take(t, clerk, num, "go-on")
	one, err := joints.ReadFile("testdata/channel-ruling.yaml")
	must(t, err)
	_, err = d.Publish(background(), "two.yaml", at(t, string(one), "2", "\nclocks:", "\nretention: {period: 2d, basis: {note: {zh: 短, en: short}}}\nclocks:"))
	must(t, err)
	d.migrated(t, d.plan(t, "channel-ruling@1", "channel-ruling@2", ""))
	m := d.stored(t, num)
	if m.Procedure != "channel-ruling@2" || len(m.Former) != 2 || len(m.Clocks) != 4 || m.LateAt() == 0 {
		t.Errorf("after the migration: %+v", m)
	}
	d.Wait(time.Hour)
	d.Take(t, d.staff(t, "clerk@c"), num, "rule")
	_, err = d.Read(background(), clerk, num)
	if err == nil {
		t.Error("a clerk of the office that let it go reads it")
	}
	f, err := d.Read(background(), d.staff(t, "clerk@c"), num)
	must(t, err)
	if c := f.Course(); len(c) != 2 || c[1].Rules.Procedure.Key() != "channel-ruling@2" {
		t.Errorf("the course has %d channels", len(c))
	}
	d.Wait(3 * 24 * time.Hour)
	for range 3 {
		_, err = d.Wake(background(), num)
		must(t, err)
	}
	if m = d.stored(t, num); m.Title != "" || len(m.Fields)+len(m.Parties) > 0 {
		t.Errorf("kept too long: %+v", m)
	}
	d.green(t)
}

func continueFiles(t *testing.T, d *Desk) {
	l := d.Example(t, "channel-talk", "t1")
	photo := d.send(t, "墙.png", drawing(t, 1))
	l.Fields["photo"] = []any{photo}
	out, err := d.Lodge(background(), resident(), l, "")
	must(t, err)
	num, above := out.Matter.Number, d.staff(t, "clerk@c")
	done := d.Take(t, d.staff(t, "clerk@t1"), num, "go-on")
	if got := done.Entry.Act.Continues.Fields["evidence"]; got != "photo" {
		t.Errorf("the photograph became evidence from %q", got)
	}
	if _, _, err := d.ReadFile(background(), above, num, photo); err != nil {
		t.Errorf("who has it now cannot read the file: %v", err)
	}
	one, err := joints.ReadFile("testdata/channel-ruling.yaml")
	must(t, err)
	_, err = d.Publish(background(), "two.yaml", at(t, string(one), "2", "{name: evidence, required: false}", "{name: evidence, required: true}"))
	must(t, err)
	num = d.Lodged(t, "channel-talk", "t1").Matter.Number
	give := func(ids ...any) func(*casework.StepCommand) {
		return func(c *casework.StepCommand) { c.Onward.Fields["evidence"] = ids }
	}
	_, err = d.take(above, num, "go-on", give())
	if diff := cmp.Diff([]string{"onward.fields.evidence: required"}, fieldErrors(err)); diff != "" {
		t.Error(diff)
	}
	fresh := d.send(t, "再拍.png", drawing(t, 5))
	d.Take(t, above, num, "go-on", give(fresh))
	if _, _, err := d.ReadFile(background(), above, num, fresh); err != nil {
		t.Errorf("the file handed in with the step cannot be read: %v", err)
	}
	d.green(t)
	d.Take(t, above, num, "rule")
	_, err = d.Erase(background(), d.staff(t, "head@c"), num, "a rule")
	must(t, err)
	if r := d.green(t); r.Files != 1 {
		t.Errorf("%d files are left", r.Files)
	}
}

func continueRepeated(t *testing.T, d *Desk) {
	num := d.Lodged(t, "channel-talk", "t1").Matter.Number
	cmd := casework.StepCommand{Step: "go-on", Onward: &casework.Onward{Unit: "c", Fields: map[string]any{"ground": "custom", "inside": "x"}}}
	outs := atOnce(t, 8, func() (*casework.Outcome, error) {
		return d.TakeStep(background(), d.staff(t, "clerk@c"), num, cmd, "key")
	})
	for _, out := range outs[1:] {
		d.same(t, outs[0], out)
	}
	cmd.Onward = &casework.Onward{Unit: "t2", Fields: cmd.Onward.Fields}
	_, err := d.TakeStep(background(), d.staff(t, "clerk@c"), num, cmd, "key")
	wantKind(t, err, casework.KeyReused, "key-reused")
	d.green(t)
}

// forging lets one act be changed before it is written.
type forging struct {
	casework.Store
	change func(*casework.Act)
}

func (f *forging) Commit(ctx context.Context, c *casework.Change) (casework.Committed, error) {
	if f.change != nil && c.Entry.Act.Kind == casework.Stepped {
		act := c.Entry.Act
		f.change(&act)
		e, err := casework.NewEntry(act, c.Entry.Content)
		if err != nil {
			return casework.Committed{}, err
		}
		c.Entry = e
	}
	return f.Store.Commit(ctx, c)
}

func continueAudit(t *testing.T, d *Desk) {
	store := d.Store
	defer func() { d.Store = store }()
	for name, change := range map[string]func(*casework.Act){
		"another state":   func(a *casework.Act) { a.State = "ruled" },
		"another hash":    func(a *casework.Act) { a.Continues.FromHash = d.Rules("lamp").Procedure.Hash },
		"another field":   func(a *casework.Act) { a.Continues.Fields = map[string]string{"claim": "remark"} },
		"another party":   func(a *casework.Act) { a.Continues.Parties = map[string]string{"answerer": "asker"} },
		"a clock more":    func(a *casework.Act) { a.Clocks = a.Clocks[:len(a.Clocks)-1] },
		"a clock goes on": func(a *casework.Act) { a.Clocks = a.Clocks[1:] },
	} {
		num := d.Lodged(t, "channel-talk", "t1").Matter.Number
		d.Store = &forging{store, change}
		out := d.Take(t, d.staff(t, "clerk@t1"), num, "go-on")
		d.Store = store
		report, err := d.Audit(background(), nil, d.Key.VerifierKey())
		must(t, err)
		if !slices.ContainsFunc(report.Faults, func(f casework.Fault) bool {
			return f.Matter == num && f.Entry == out.Matter.Version && (f.Kind == "step" || f.Kind == "clock")
		}) {
			t.Errorf("%s: audit finds %+v", name, report.Faults)
		}
	}
}
