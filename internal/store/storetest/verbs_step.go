package storetest

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"luoshi/internal/casework"
	"luoshi/internal/office"
	"luoshi/internal/procedure"
)

// stepLawful tries every step in every state as everybody, and compares with what the procedure itself says.
// Trying is done on matters put into the state directly, so that every state is reached.
func stepLawful(t *testing.T, d *Desk) {
	n := 0
	for _, id := range []string{"people-mediation", "petition", "hotline-order", "probe"} {
		p := d.Published()[id]
		for _, state := range p.States {
			for who, a := range d.everybody(t) {
				m := &casework.Matter{Number: "2026-00000001-8", Procedure: p.Key(), State: state.Name, Unit: "t1", Assignee: "mediator@t1"}
				sit := d.naiveSituation(a, m)
				allowed := map[string]bool{}
				for _, st := range d.LawfulSteps(a, m) {
					allowed[st.Name] = true
				}
				for _, st := range p.Steps {
					n++
					want := p.Lawful(st.Name, sit) == nil && st.Extend == "" && st.Refer != "back" // no clock runs, nobody referred it
					if allowed[st.Name] != want {
						t.Errorf("%s: %s in %s by %s: %v, want %v", id, st.Name, state.Name, who, allowed[st.Name], want)
					}
				}
			}
		}
	}
	if n < 1000 {
		t.Errorf("only %d combinations tried", n)
	}
	d.refusedAsListed(t)
}

func (d *Desk) everybody(t *testing.T) map[string]office.Actor {
	out := map[string]office.Actor{"resident": resident(), "system": system(),
		"applicant": partyActor("2026-00000001-8", "applicant"), "respondent": partyActor("2026-00000001-8", "respondent"),
		"petitioner": partyActor("2026-00000001-8", "petitioner"), "stranger": partyActor("2026-00000002-6", "applicant")}
	for login := range d.Staff().Accounts {
		out[login] = d.staff(t, login)
	}
	return out
}

// naiveSituation says again, in the plainest way, who somebody is to a matter at t1.
func (d *Desk) naiveSituation(a office.Actor, m *casework.Matter) procedure.Situation {
	holds := func(units ...string) func(string) bool {
		return func(role string) bool {
			if a.Account == nil || a.Account.Disabled {
				return false
			}
			return slices.ContainsFunc(a.Account.Grants, func(g office.Grant) bool { return g.Role == role && slices.Contains(units, g.Unit) })
		}
	}
	return procedure.Situation{State: m.State, Facts: &procedure.Facts{}, // nothing is known of it, and nothing was done
		Roles: holds("t1", "c", "p"), Superior: holds("c", "p"),
		Relations: func(rel string) bool {
			mine := a.Party != nil && a.Party.Matter == m.Number
			return rel == "system" && a.System || rel == "resident" && a.Resident || rel == "party" && mine ||
				mine && rel == "party:"+a.Party.Role || rel == "assigned" && a.Account != nil && a.Account.Login == m.Assignee
		}}
}

// refusedAsListed takes every step as everybody on a real matter: what is not listed is refused, and leaves
// no entry.
func (d *Desk) refusedAsListed(t *testing.T) {
	num := d.Lodged(t, "people-mediation", "t1").Matter.Number
	m, err := d.Store.Matter(background(), num)
	must(t, err)
	before, err := d.Store.Size(background())
	must(t, err)
	for who, a := range d.everybody(t) {
		lawful := map[string]bool{}
		for _, st := range d.LawfulSteps(a, m) {
			lawful[st.Name] = true
		}
		for _, st := range d.Rules(m.Procedure).Procedure.Steps {
			if lawful[st.Name] {
				continue
			}
			_, err := d.TakeStep(background(), a, num, d.command(m, st.Name), "")
			if k := casework.KindOf(err); err == nil || k != casework.NotAllowed && k != casework.NotFound {
				t.Errorf("%s by %s: %v", st.Name, who, err)
			}
		}
	}
	if n, err := d.Store.Size(background()); n != before || err != nil {
		t.Errorf("refused steps left %d entries (%v)", n-before, err)
	}
}

func stepTwoClerks(t *testing.T, d *Desk) {
	for i := range 5 {
		num := d.Lodged(t, "people-mediation", "t1").Matter.Number
		cmds := []casework.StepCommand{{Step: "accept", Version: 1, Note: "I take it"},
			{Step: "decline", Version: 1, Note: "not for us", Fields: map[string]any{"decline_ground": "in-court"}}}
		logins := []string{"clerk@t1", "clerk@c"}
		outs, errs := make([]*casework.Outcome, 2), make([]error, 2)
		var wg sync.WaitGroup
		for j := range cmds {
			wg.Go(func() { outs[j], errs[j] = d.TakeStep(background(), d.staff(t, logins[j]), num, cmds[j], "") })
		}
		wg.Wait()
		won, lost := 0, 1
		if errs[0] != nil {
			won, lost = 1, 0
		}
		must(t, errs[won])
		wantKind(t, errs[lost], casework.Conflict, "stale-version")
		now := casework.AsError(errs[lost]).Current
		if now == nil || now.Version != 2 || now.State != outs[won].Matter.State || now.Title == "" {
			t.Errorf("round %d: the loser is not shown what is there now: %+v", i, now)
		}
	}
	num := d.Lodged(t, "people-mediation", "t1").Matter.Number
	_, err := d.TakeStep(background(), d.staff(t, "clerk@t1"), num, casework.StepCommand{Step: "accept", Version: 9}, "")
	wantKind(t, err, casework.Conflict, "stale-version")
}

func stepReruns(t *testing.T, d *Desk) {
	num := d.Lodged(t, "probe", "t1").Matter.Number
	clerk := d.staff(t, "clerk@t1")
	i := 0
	var mu sync.Mutex
	atOnce(t, 12, func() (*casework.Outcome, error) {
		mu.Lock()
		i++
		note := fmt.Sprint("note ", i)
		mu.Unlock()
		return d.TakeStep(background(), clerk, num, casework.StepCommand{Step: "tell", Note: note}, "")
	})
	f, err := d.Read(background(), clerk, num)
	must(t, err)
	notes := map[string]bool{}
	for _, e := range f.Entries[1:] {
		notes[e.Content.Note] = true
	}
	if len(notes) != 12 || f.Matter.Version != 13 {
		t.Errorf("%d different notes at version %d", len(notes), f.Matter.Version)
	}
	d.green(t)
}

func stepTogether(t *testing.T, d *Desk) {
	clerk := d.staff(t, "clerk@t1")
	for _, version := range []int{0, 1} {
		num := d.Lodged(t, "people-mediation", "t1").Matter.Number
		key := fmt.Sprint("accept", version)
		outs := atOnce(t, 20, func() (*casework.Outcome, error) {
			return d.TakeStep(background(), clerk, num, casework.StepCommand{Step: "accept", Version: version}, key)
		})
		for _, out := range outs[1:] {
			d.same(t, outs[0], out)
		}
		if m, err := d.Store.Matter(background(), num); err != nil || m.Version != 2 {
			t.Errorf("version %d (%v)", m.Version, err)
		}
	}
}

// twice lets the same request be recorded by another attempt just before the matter is read.
type twice struct {
	casework.Store
	first func()
}

func (s *twice) Matter(ctx context.Context, num string) (*casework.Matter, error) {
	if f := s.first; f != nil {
		s.first = nil
		f()
	}
	return s.Store.Matter(ctx, num)
}

func stepOvertaken(t *testing.T, d *Desk) {
	for _, version := range []int{0, 1} {
		num := d.Lodged(t, "people-mediation", "t1").Matter.Number
		store := d.Store
		take := func() (*casework.Outcome, error) {
			return d.TakeStep(background(), d.staff(t, "clerk@t1"), num, casework.StepCommand{Step: "accept", Version: version}, num)
		}
		var first *casework.Outcome
		d.Store = &twice{store, func() {
			var err error
			first, err = take()
			must(t, err)
		}}
		second, err := take()
		d.Store = store
		must(t, err)
		d.same(t, first, second)
	}
}

func stepRepeated(t *testing.T, d *Desk) {
	num := d.Lodged(t, "people-mediation", "t1").Matter.Number
	clerk := d.staff(t, "clerk@t1")
	cmd := casework.StepCommand{Step: "accept", Version: 1, Note: "a note"}
	first, err := d.TakeStep(background(), clerk, num, cmd, "key")
	must(t, err)
	d.Take(t, d.staff(t, "mediator@t1"), num, "take")
	again, err := d.TakeStep(background(), clerk, num, cmd, "key")
	must(t, err)
	d.same(t, first, again)
	cmd.Note = "another note"
	_, err = d.TakeStep(background(), clerk, num, cmd, "key")
	wantKind(t, err, casework.KeyReused, "key-reused")
	_, err = d.TakeStep(background(), d.staff(t, "clerk@c"), num, cmd, "key")
	wantKind(t, err, casework.Conflict, "stale-version") // another person's key is another key: a new command
}

func stepInvalid(t *testing.T, d *Desk) {
	num := d.Lodged(t, "probe", "t1").Matter.Number
	clerk := d.staff(t, "clerk@t1")
	type cmd = casework.StepCommand
	for _, c := range []struct {
		name string
		cmd  cmd
		want string
	}{
		{"no such step", cmd{Step: "fly"}, "3: unknown-step"},
		{"a step of another state", cmd{Step: "resume"}, "3: wrong-state"},
		{"a step of somebody else", cmd{Step: "comment", Note: "x"}, "3: not-allowed"},
		{"a note that is missing", cmd{Step: "tell"}, "note: required"},
		{"a note that is not asked for", cmd{Step: "again", Note: "x"}, "note: not-asked"},
		{"a note that is no text", cmd{Step: "tell", Note: "\xff"}, "note: not-utf8"},
		{"a field that is missing", cmd{Step: "finish"}, "fields.finding: required"},
		{"a field that is too long", cmd{Step: "finish", Fields: map[string]any{"finding": strings.Repeat("x", 201)}}, "fields.finding: too-long"},
		{"a field that is not asked for", cmd{Step: "again", Fields: map[string]any{"finding": "x"}}, "fields.finding: unknown-field"},
		{"a referral to nowhere", cmd{Step: "refer"}, "unit: required"},
		{"a referral to itself", cmd{Step: "refer", Unit: "t1"}, "unit: same"},
		{"a referral to another kind", cmd{Step: "refer", Unit: "school"}, "unit: wrong-kind"},
		{"a referral to what is no more", cmd{Step: "refer", Unit: "gone"}, "unit: wrong-kind"},
		{"a matter that nobody referred", cmd{Step: "return", Note: "x"}, "unit: not-referred"},
		{"an assignee who is nobody", cmd{Step: "assign", Assignee: "nobody"}, "assignee: not-suitable"},
		{"an assignee of another unit", cmd{Step: "assign", Assignee: "officer@t2"}, "assignee: not-suitable"},
		{"an assignee with another role", cmd{Step: "assign", Assignee: "clerk@t1"}, "assignee: not-suitable"},
		{"an assignee who left", cmd{Step: "assign", Assignee: "left"}, "assignee: not-suitable"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := d.TakeStep(background(), clerk, num, c.cmd, "")
			if got := fieldErrors(err); !cmp.Equal(got, []string{c.want}) {
				t.Errorf("%v, want %s", got, c.want)
			}
		})
	}
	_, err := d.TakeStep(background(), clerk, "2026-00000001-7", cmd{Step: "again"}, "")
	if e := casework.AsError(err); e.Kind != casework.NotFound {
		t.Errorf("a mistyped number: %v", err)
	}
	if m, err := d.Store.Matter(background(), num); err != nil || m.Version != 1 {
		t.Errorf("refused steps brought it to version %d (%v)", m.Version, err)
	}
}

func stepReferral(t *testing.T, d *Desk) {
	num := d.Lodged(t, "probe", "t1").Matter.Number
	first, second := d.staff(t, "clerk@t1"), d.staff(t, "clerk@t2")
	d.Take(t, first, num, "assign")
	out := d.Take(t, first, num, "refer", func(c *casework.StepCommand) { c.Unit = "t2" })
	if m := out.Matter; m.Unit != "t2" || m.Assignee != "" || !cmp.Equal(m.Referred, []string{"t1"}) {
		t.Errorf("after the referral: unit %s, assignee %q, referred by %v", m.Unit, m.Assignee, m.Referred)
	}
	_, err := d.Read(background(), first, num)
	wantKind(t, err, casework.NotFound, "no-such-matter")
	out = d.Take(t, second, num, "return")
	if m := out.Matter; m.Unit != "t1" || len(m.Referred) != 0 {
		t.Errorf("after it came back: unit %s, referred by %v", m.Unit, m.Referred)
	}
	if _, err := d.take(second, num, "tell"); err == nil || casework.KindOf(err) != casework.NotFound {
		t.Errorf("who sent it back still acts on it: %v", err)
	}
	d.Take(t, first, num, "tell")
	d.green(t)
}

// stepReferredOn refers a matter on to the unit that it came from: that is no return, and can be undone like any other.
func stepReferredOn(t *testing.T, d *Desk) {
	num := d.Lodged(t, "probe", "t1").Matter.Number
	first, second := d.staff(t, "clerk@t1"), d.staff(t, "clerk@t2")
	d.Take(t, first, num, "refer", func(c *casework.StepCommand) { c.Unit = "t2" })
	out := d.Take(t, second, num, "refer", func(c *casework.StepCommand) { c.Unit = "t1" })
	if m := out.Matter; m.Unit != "t1" || !cmp.Equal(m.Referred, []string{"t1", "t2"}) || !out.Entry.Act.On {
		t.Errorf("referred on: unit %s, referred by %v", m.Unit, m.Referred)
	}
	d.green(t)
	out = d.Take(t, first, num, "return")
	if m := out.Matter; m.Unit != "t2" || !cmp.Equal(m.Referred, []string{"t1"}) || out.Entry.Act.On {
		t.Errorf("sent back: unit %s, referred by %v", m.Unit, m.Referred)
	}
	store := d.Store
	d.Store = &forging{store, func(a *casework.Act) { a.On = true }}
	d.Take(t, second, num, "return")
	d.Store = store
	report, err := d.Audit(background(), nil, d.Key.VerifierKey())
	must(t, err)
	if !slices.ContainsFunc(report.Faults, func(f casework.Fault) bool { return f.Kind == "step" && f.Entry == 5 }) {
		t.Errorf("a return that says it went on: %+v", report.Faults)
	}
}
