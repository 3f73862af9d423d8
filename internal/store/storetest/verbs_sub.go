package storetest

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"luoshi/internal/casework"
	"luoshi/internal/procedure"
)

// ask opens an opinion of unit t2 with a joint matter at t1, and answers both.
func (d *Desk) ask(t testing.TB, num string) (whole, part *casework.Outcome) {
	t.Helper()
	out := d.Take(t, d.staff(t, "clerk@t1"), num, "ask")
	if out.Opened == nil {
		t.Fatal("no sub-matter was opened")
	}
	return out, out.Opened
}

func (d *Desk) stored(t testing.TB, num string) *casework.Matter {
	t.Helper()
	m, err := d.Store.Matter(background(), num)
	must(t, err)
	return m
}

func subOpened(t *testing.T, d *Desk) {
	num := d.Lodged(t, "joint", "t1").Matter.Number
	out := d.Take(t, d.staff(t, "clerk@t1"), num, "ask", func(c *casework.StepCommand) {
		c.Fields["question"], c.Fields["deadline"] = "河道归谁管", 9
	})
	part := out.Opened.Matter.Number
	d.proves(t, out.Receipt, num)
	d.proves(t, out.Opened.Receipt, part)
	if out.Opened.Receipt.Entry.Content != nil || out.Opened.Code != "" {
		t.Error("content or a query code of the sub-matter went out with the step")
	}
	if a, b := out.Entry, out.Opened.Entry; b.Index != a.Index+1 || a.Act.Time != b.Act.Time {
		t.Errorf("leaves %d and %d, at %s and %s", a.Index, b.Index, a.Act.Time, b.Act.Time)
	}
	if d := cmp.Diff(&casework.Link{Matter: part, Sub: "opinion"}, out.Entry.Act.Opens); d != "" {
		t.Error(d)
	}
	m, sub := d.stored(t, num), d.stored(t, part)
	if d := cmp.Diff([]casework.Part{{Name: "opinion", Number: part}}, m.Subs); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff(map[string]int{"opinion": 1}, m.Outstanding()); d != "" {
		t.Error(d)
	}
	want := &casework.Matter{Number: part, Procedure: "joint-opinion@1", State: "asked", Unit: "t2", Version: 1, Opened: sub.Opened, Changed: sub.Opened,
		Roles: []casework.PartyRef{{Role: "concerned"}}, Clocks: sub.Clocks, Parent: &casework.Link{Matter: num, Sub: "opinion"}, Title: m.Title,
		Fields:  map[string]any{"question": "河道归谁管", "background": "河道和道路都有问题。", "within": 9.0},
		Parties: []casework.Party{{Role: "concerned", Name: "张三", Phone: "13800000001", Address: "一号院"}}}
	if d := cmp.Diff(want, sub); d != "" {
		t.Error(d)
	}
	if len(sub.Clocks) != 1 || !sub.Clocks[0].Open() {
		t.Errorf("clocks of the sub-matter: %+v", sub.Clocks)
	}
	named := d.Take(t, d.staff(t, "clerk@t1"), num, "ask", func(c *casework.StepCommand) { c.Sub.Title = "另一个标题" })
	if got := named.Opened.Matter.Title; got != "另一个标题" {
		t.Errorf("the title given becomes %q", got)
	}
	if rows, _, err := d.List(background(), d.staff(t, "clerk@t2"), casework.Query{}, "另一个"); err != nil || len(rows) != 1 {
		t.Errorf("the sub-matter is found as %v (%v)", rows, err)
	}
	d.green(t)
}

func subRefused(t *testing.T, d *Desk) {
	num := d.Lodged(t, "joint", "t1").Matter.Number
	clerk := d.staff(t, "clerk@t1")
	for _, c := range []struct {
		name, step string
		change     func(*casework.StepCommand)
		want       []string
	}{
		{"no unit", "ask", func(c *casework.StepCommand) { c.Sub = nil }, []string{"sub.unit: unknown"}},
		{"a unit of another kind", "ask", func(c *casework.StepCommand) { c.Sub.Unit = "school" }, []string{"sub.unit: wrong-kind"}},
		{"a unit that is no more", "ask", func(c *casework.StepCommand) { c.Sub.Unit = "gone" }, []string{"sub.unit: not-valid"}},
		{"a title that is too long", "ask", func(c *casework.StepCommand) { c.Sub.Title = strings.Repeat("长", 201) }, []string{"sub.title: too-long"}},
		{"a value that the other procedure does not take", "ask", func(c *casework.StepCommand) { c.Fields["deadline"] = 31 }, []string{"fields.deadline: out-of-range"}},
		{"a field of the step itself", "ask", func(c *casework.StepCommand) { delete(c.Fields, "question") }, []string{"fields.question: required"}},
		{"a unit where none is chosen", "review", func(c *casework.StepCommand) { c.Sub = &casework.SubOpening{Unit: "t2"} }, []string{"sub.unit: not-asked"}},
		{"a step that opens nothing", "adopt", func(c *casework.StepCommand) { c.Sub = &casework.SubOpening{} }, []string{"sub: not-asked"}},
		{"a matter that nobody referred", "report", func(*casework.StepCommand) {}, []string{"3: no-unit-for-sub"}},
	} {
		if _, err := d.take(clerk, num, c.step, c.change); !slices.Equal(fieldErrors(err), c.want) {
			t.Errorf("%s: %v, want %v", c.name, fieldErrors(err), c.want)
		}
	}
	top := d.Lodged(t, "joint", "p").Matter
	_, err := d.take(d.staff(t, "clerk@p"), top.Number, "review")
	wantKind(t, err, casework.NotAllowed, "no-unit-for-sub")
	for _, st := range d.LawfulSteps(d.staff(t, "clerk@p"), top) {
		if st.Name == "review" || st.Name == "report" {
			t.Errorf("%s is offered", st.Name)
		}
	}
	if n, err := d.Store.Size(background()); n != 2 || err != nil {
		t.Errorf("the log has %d entries (%v)", n, err)
	}
}

func subUnits(t *testing.T, d *Desk) {
	clerk := d.staff(t, "clerk@t1")
	num := d.Lodged(t, "joint", "t1").Matter.Number
	if got := d.Take(t, clerk, num, "review").Opened.Matter; got.Unit != "c" || got.Fields["reason"] == "" {
		t.Errorf("the unit above: %+v", got)
	}
	party := partyActor(num, "applicant") // whoever may take the step may open the matter
	if got := d.Take(t, party, num, "review").Opened; got.Entry.Act.Actor.As != "party" || got.Matter.Unit != "c" {
		t.Errorf("opened by a party: %+v", got.Entry.Act)
	}
	d.Take(t, clerk, num, "refer", func(c *casework.StepCommand) { c.Unit = "t2" })
	if got := d.Take(t, d.staff(t, "clerk@t2"), num, "report").Opened.Matter.Unit; got != "t1" {
		t.Errorf("the unit that referred it: %s", got)
	}
	if got := d.Take(t, d.staff(t, "clerk@t2"), num, "finish-and-review").Opened.Matter.Unit; got != "t2" {
		t.Errorf("the unit that has it: %s", got)
	}
	d.green(t)
}

func subWaits(t *testing.T, d *Desk) {
	clerk, other := d.staff(t, "clerk@t1"), d.staff(t, "clerk@t2")
	num := d.Lodged(t, "joint", "t1").Matter.Number
	_, part := d.ask(t, num)
	review := d.Take(t, clerk, num, "review").Opened.Matter.Number
	refused := func(step, code, names string) {
		t.Helper()
		_, err := d.take(clerk, num, step)
		wantKind(t, err, casework.NotAllowed, code)
		if e := casework.AsError(err); !strings.Contains(e.Text.In("zh"), names) {
			t.Errorf("%s: %s", step, e.Text.In("zh"))
		}
		if slices.ContainsFunc(d.LawfulSteps(clerk, d.stored(t, num)), nameOf(step)) {
			t.Errorf("%s is offered", step)
		}
	}
	refused("finish", "waits", "征求意见（1 件）")
	refused("adopt", "waits", "复查")
	d.ask(t, num)
	d.ask(t, num)
	refused("ask", "too-many-subs", "3")
	d.Take(t, d.staff(t, "clerk@c"), review, "decide")
	d.Take(t, clerk, num, "adopt")
	d.Take(t, other, part.Matter.Number, "give")
	d.ask(t, num)
	for _, p := range d.stored(t, num).Subs {
		if p.Ended == "" {
			d.Take(t, other, p.Number, "give")
		}
	}
	d.Take(t, clerk, num, "finish")
	d.green(t)
}

func subDone(t *testing.T, d *Desk) {
	num := d.Lodged(t, "joint", "t1").Matter.Number
	_, first := d.ask(t, num)
	_, second := d.ask(t, num)
	d.Wait(time.Hour)
	d.Take(t, d.staff(t, "clerk@t2"), first.Matter.Number, "give")
	m := d.stored(t, num)
	if m.State != "awaiting" || m.Version != 4 || m.Subs[0].Ended != casework.FormatTime(d.Time()) || m.Subs[1].Ended != "" {
		t.Errorf("after the first has ended: %+v", m)
	}
	d.Take(t, d.staff(t, "clerk@t2"), second.Matter.Number, "give")
	m = d.stored(t, num)
	if m.State != "handling" || m.Version != 5 || m.Outstanding() != nil {
		t.Errorf("after both have ended: %+v", m)
	}
	history, err := d.Store.Entries(background(), num)
	must(t, err)
	told, done := history[3].Act, history[4].Act
	if told.Kind != casework.SubEnded || told.Actor.As != "system" || *told.Ended != (casework.Link{Matter: first.Matter.Number, Sub: "opinion"}) || told.Step != "" {
		t.Errorf("the first is recorded as %+v", told)
	}
	if done.Kind != casework.Stepped || done.Step != "resume" || done.Actor.As != "system" || done.Ended.Matter != second.Matter.Number {
		t.Errorf("the second is recorded as %+v", done)
	}
	if c := m.Clocks[0]; c.Status != casework.Running || len(c.Suspensions) != 1 || c.Suspensions[0].To == "" {
		t.Errorf("the clock of the matter: %+v", c)
	}
	r, err := d.Receipt(background(), d.staff(t, "clerk@t1"), num, 5)
	must(t, err)
	d.proves(t, r, num)
	d.green(t)
}

// subTogether ends all sub-matters of one matter at once, over and over.
func subTogether(t *testing.T, d *Desk) {
	for range 6 {
		num := d.Lodged(t, "joint", "t1").Matter.Number
		var parts []string
		for range 3 {
			_, p := d.ask(t, num)
			parts = append(parts, p.Matter.Number)
		}
		next := make(chan string, len(parts))
		for _, p := range parts {
			next <- p
		}
		atOnce(t, len(parts), func() (*casework.Outcome, error) {
			return d.take(d.staff(t, "clerk@t2"), <-next, "give")
		})
		m := d.stored(t, num)
		history, err := d.Store.Entries(background(), num)
		must(t, err)
		done := 0
		for _, e := range history {
			if e.Act.Step == "resume" {
				done++
			}
		}
		if done != 1 || m.State != "handling" || m.Version != 7 || m.Outstanding() != nil {
			t.Errorf("the step was taken %d times; %+v", done, m)
		}
	}
	d.green(t)
}

// subMany ends far more of them at once than a verb runs again when others come in between without a pause.
func subMany(t *testing.T, d *Desk) {
	const many = 60
	num := d.Lodged(t, "joint", "t1").Matter.Number
	next := make(chan string, many)
	for range many {
		next <- d.Take(t, d.staff(t, "clerk@t1"), num, "review").Opened.Matter.Number
	}
	atOnce(t, many, func() (*casework.Outcome, error) { return d.take(d.staff(t, "clerk@c"), <-next, "decide") })
	if m := d.stored(t, num); m.Outstanding() != nil || m.Version != 1+2*many {
		t.Errorf("version %d, outstanding %v", m.Version, m.Outstanding())
	}
	d.green(t)
}

func subChain(t *testing.T, d *Desk) {
	num := d.Lodged(t, "joint", "t1").Matter.Number
	_, opinion := d.ask(t, num)
	expert := d.Take(t, d.staff(t, "clerk@t2"), opinion.Matter.Number, "consult").Opened.Matter
	before, err := d.Store.Size(background())
	must(t, err)
	d.Take(t, d.staff(t, "clerk@t2"), expert.Number, "report")
	if n, err := d.Store.Size(background()); n != before+3 || err != nil {
		t.Errorf("%d entries were written (%v)", n-before, err)
	}
	if o, m := d.stored(t, opinion.Matter.Number), d.stored(t, num); o.Ended == "" || o.State != "given" || m.State != "handling" {
		t.Errorf("the opinion stands at %s, the matter at %s", o.State, m.State)
	}
	d.green(t)
}

func subLapse(t *testing.T, d *Desk) {
	num := d.Lodged(t, "joint", "t1").Matter.Number
	_, part := d.ask(t, num)
	d.Wait(6 * 24 * time.Hour)
	out, err := d.Wake(background(), part.Matter.Number)
	must(t, err)
	if out.Matter.State != "given" || out.Entry.Act.Step != "expire" {
		t.Errorf("the sub-matter: %+v", out.Entry.Act)
	}
	if m := d.stored(t, num); m.State != "handling" || m.Outstanding() != nil {
		t.Errorf("the matter: %+v", m)
	}
	d.green(t)
}

func subDetached(t *testing.T, d *Desk) {
	clerk := d.staff(t, "clerk@t1")
	num := d.Lodged(t, "joint", "t1").Matter.Number
	review := d.Take(t, clerk, num, "finish-and-review").Opened.Matter.Number
	if m := d.stored(t, num); m.Ended == "" || m.Outstanding()["review"] != 1 {
		t.Errorf("the matter: %+v", m)
	}
	_, err := d.Erase(background(), d.staff(t, "head@t1"), num, "a rule")
	must(t, err)
	ended := d.stored(t, num).Ended
	d.Wait(time.Hour)
	d.Take(t, clerk, review, "decide")
	m := d.stored(t, num)
	if m.Outstanding() != nil || m.State != "done" || m.Ended != ended || m.Title != "" {
		t.Errorf("the matter after its sub-matter: %+v", m)
	}
	if open := d.row(t, num).Open; open {
		t.Error("the matter is open again")
	}
	d.green(t)
}

func subRepeated(t *testing.T, d *Desk) {
	num := d.Lodged(t, "joint", "t1").Matter.Number
	cmd := casework.StepCommand{Step: "ask", Fields: map[string]any{"question": "q"}, Sub: &casework.SubOpening{Unit: "t2", Title: "a title"}}
	outs := atOnce(t, 12, func() (*casework.Outcome, error) {
		return d.TakeStep(background(), d.staff(t, "clerk@t1"), num, cmd, "key")
	})
	d.Take(t, d.staff(t, "clerk@t2"), outs[0].Opened.Matter.Number, "give")
	again, err := d.TakeStep(background(), d.staff(t, "clerk@t1"), num, cmd, "key")
	must(t, err)
	for _, out := range append(outs[1:], again) {
		d.same(t, outs[0], out)
		d.same(t, outs[0].Opened, out.Opened)
	}
	if n := len(d.stored(t, num).Subs); n != 1 {
		t.Errorf("%d sub-matters", n)
	}
	cmd.Sub = &casework.SubOpening{Unit: "c"}
	_, err = d.TakeStep(background(), d.staff(t, "clerk@t1"), num, cmd, "key")
	wantKind(t, err, casework.KeyReused, "key-reused")
	d.green(t)
}

func nameOf(step string) func(*procedure.Step) bool {
	return func(st *procedure.Step) bool { return st.Name == step }
}
