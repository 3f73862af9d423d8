package story

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"luoshi/internal/casework"
	"luoshi/internal/ledger"
	"luoshi/internal/office"
)

// Result is what one story came to.
type Result struct {
	Golden string
	Faults []string // expectations that were not met, and what else is wrong
	Tried  map[string]*Tried
}

// Tried is what a story tried of one procedure, by its id.
type Tried struct {
	Steps  map[string]bool // taken, "open" too
	States map[string]bool
	Ended  bool            // a matter reached an end of it
	Due    map[string]bool // clocks of which somebody worked out a day
}

// matter is one that the story knows.
type matter struct {
	name, number string
	seen         int // entries that the golden text has told
	shown        map[string]string
}

// player plays one story.
type player struct {
	ctx     context.Context
	w       *World
	s       *Story
	matters []*matter
	codes   map[string]string // person and number: query code
	out     strings.Builder
	result  *Result
	system  []string       // what the system did since the act before
	fresh   map[string]int // entries of each matter that are older than the act being told
}

// Play tells the story in the world.
func Play(ctx context.Context, w *World, s *Story) (*Result, error) {
	p := &player{ctx: ctx, w: w, s: s, codes: map[string]string{}, result: &Result{Tried: map[string]*Tried{}}}
	fmt.Fprintf(&p.out, "%s\n%s\n", s.Title, s.Procedure)
	for i := range s.Acts {
		if err := p.act(i+1, &s.Acts[i]); err != nil {
			return nil, fmt.Errorf("act %d: %w", i+1, err)
		}
	}
	if err := p.prove(); err != nil {
		return nil, err
	}
	p.result.Golden = p.out.String()
	return p.result, nil
}

func (p *player) fault(n int, format string, args ...any) {
	p.result.Faults = append(p.result.Faults, fmt.Sprintf("act %d (%s): ", n, p.s.Acts[n-1].At)+fmt.Sprintf(format, args...))
}

func (p *player) act(n int, a *Act) error {
	p.system = nil
	if err := p.wait(a.Time); err != nil {
		return err
	}
	p.fresh = map[string]int{}
	for _, m := range p.matters {
		p.fresh[m.name] = m.seen
	}
	refused, err := p.do(a)
	if err != nil {
		return err
	}
	p.heading(n, a)
	if refused != nil {
		fmt.Fprintf(&p.out, "  refused: %s\n", codes(refused))
		p.words("", refused.Text.In("zh"), refused.Text.In("en"))
		for _, f := range refused.Fields {
			p.words(f.Field, f.Text.In("zh"), f.Text.In("en"))
		}
	}
	if err := p.tellAll(); err != nil {
		return err
	}
	switch {
	case refused != nil && (a.Expect == nil || a.Expect.Refused == ""):
		p.fault(n, "refused, which nobody expected: %v", refused)
	case a.Expect != nil:
		return p.check(n, a, refused)
	}
	return nil
}

// codes are what a refusal is told apart by.
func codes(e *casework.Error) string {
	all := []string{e.Code}
	for _, f := range e.Fields {
		all = append(all, f.Field+" "+f.Code)
	}
	return strings.Join(all, ", ")
}

// do is the act itself. What is refused is no error.
func (p *player) do(a *Act) (*casework.Error, error) {
	if a.By == "" {
		return nil, nil
	}
	if a.Lodge != nil {
		return p.lodge(a)
	}
	m := p.matter(a.Is())
	if m == nil {
		return nil, fmt.Errorf("there is no matter %q yet", a.Is())
	}
	who, err := p.actor(a.By, m.number)
	if err != nil {
		return refusal(err)
	}
	if a.Code != "" {
		return p.giveCode(who, m, a.Code)
	}
	before, err := p.w.Service().Store.Matter(p.ctx, m.number)
	if err != nil {
		return nil, err
	}
	if a, err = p.settled(who, before, a); err != nil {
		return refusal(err)
	}
	out, err := p.w.Service().TakeStep(p.ctx, who, m.number, casework.StepCommand{Step: a.Step, Fields: a.Fields, Note: a.Note,
		Unit: a.Unit, Assignee: a.Assignee, Sub: a.Sub, Onward: a.Onward}, "")
	if err != nil {
		return refusal(err)
	}
	p.tried(before.Procedure).Steps[a.Step] = true
	if out.Opened != nil {
		p.know(out.Opened.Matter)
	}
	for _, part := range out.Each {
		p.know(part.Matter)
	}
	return nil, nil
}

// settled is the act as it is sent: with the files handed in, and with the unit where it belongs when the step goes on in
// another procedure.
func (p *player) settled(who office.Actor, m *casework.Matter, a *Act) (*Act, error) {
	sent := *a
	st := p.w.Service().Rules(m.Procedure).Procedure.Step(a.Step)
	if st != nil && st.Continues != nil && a.Unit != "" {
		onward := casework.Onward{Unit: a.Unit}
		if a.Onward != nil {
			onward.Fields, onward.Parties = a.Onward.Fields, a.Onward.Parties
		}
		sent.Unit, sent.Onward = "", &onward
	}
	var err error
	sent.Fields, err = p.w.handIn(p.ctx, who, a.Fields, a.Files)
	return &sent, err
}

// refusal tells what a person is refused from what broke.
func refusal(err error) (*casework.Error, error) {
	if e := casework.AsError(err); e.Kind != casework.Internal {
		return e, nil
	}
	return nil, err
}

func (p *player) lodge(a *Act) (*casework.Error, error) {
	who := office.Actor{Resident: true}
	if _, person := p.s.People[a.By]; !person {
		var err error
		if who, err = p.actor(a.By, ""); err != nil {
			return nil, err
		}
	}
	out, err := p.w.Lodge(p.ctx, who, p.s, a.Lodge)
	if err != nil {
		return refusal(err)
	}
	m := p.know(out.Matter)
	for i, role := range out.Matter.Roles {
		if role.Code != "" {
			p.codes[a.Lodge.Parties[i]+" "+m.number] = out.Code
		}
	}
	p.tried(out.Matter.Procedure).Steps["open"] = true
	return nil, nil
}

func (p *player) giveCode(who office.Actor, m *matter, person string) (*casework.Error, error) {
	now, err := p.w.Service().Store.Matter(p.ctx, m.number)
	if err != nil {
		return nil, err
	}
	named := p.s.People[person]
	i := slices.IndexFunc(now.Parties, func(party casework.Party) bool { return party.Name == named.Name })
	out, err := p.w.Service().IssueCode(p.ctx, who, m.number, i)
	if err != nil {
		return refusal(err)
	}
	p.codes[person+" "+m.number] = out.Code
	return nil, nil
}

// actor is whom a name stands for, as far as the matter goes: a party shows number and code.
func (p *player) actor(name, number string) (office.Actor, error) {
	if _, person := p.s.People[name]; person {
		return p.w.Service().PartyByCode(p.ctx, number, p.codes[name+" "+number])
	}
	if a := p.w.Service().Staff().Accounts[name]; a != nil {
		return office.Actor{Account: a}, nil
	}
	return office.Actor{}, fmt.Errorf("there is neither a person nor an account %q", name)
}

// wait lets time pass, and tells what the system did.
func (p *player) wait(until time.Time) error {
	return p.w.Until(p.ctx, until, func(out *casework.Outcome) error {
		p.system = append(p.system, didItself(out.Entry))
		if step := out.Entry.Act.Step; step != "" {
			p.tried(out.Matter.Procedure).Steps[step] = true
		}
		fmt.Fprintf(&p.out, "\n%s  nobody acts\n", p.clock(p.w.Now()))
		return p.tellAll()
	})
}

// didItself is what an entry of the system says: "warned: acceptance", or the step that was taken.
func didItself(e *casework.Entry) string {
	if e.Act.Step != "" {
		return e.Act.Step
	}
	said := string(e.Act.Kind)
	for i, op := range e.Act.Clocks {
		said += map[bool]string{true: ": ", false: ", "}[i == 0] + op.Clock
	}
	return said
}

func (p *player) matter(name string) *matter {
	for _, m := range p.matters {
		if m.name == name {
			return m
		}
	}
	return nil
}

// know begins to follow a matter. A sub-matter is called what the procedure calls it; the second of them gets -2.
func (p *player) know(m *casework.Matter) *matter {
	for _, known := range p.matters {
		if known.number == m.Number {
			return known
		}
	}
	base := Main
	if m.Parent != nil {
		base = m.Parent.Sub
	}
	name := base
	for i := 2; p.matter(name) != nil; i++ {
		name = fmt.Sprint(base, "-", i)
	}
	p.matters = append(p.matters, &matter{name: name, number: m.Number, shown: map[string]string{}})
	return p.matters[len(p.matters)-1]
}

func (p *player) tried(key string) *Tried {
	id, _, _ := strings.Cut(key, "@")
	if p.result.Tried[id] == nil {
		p.result.Tried[id] = &Tried{Steps: map[string]bool{}, States: map[string]bool{}, Due: map[string]bool{}}
	}
	return p.result.Tried[id]
}

// prove verifies every receipt, as anybody outside would, and audits everything that is stored.
func (p *player) prove() error {
	s, vkey, proved := p.w.Service(), p.w.Core.Key.VerifierKey(), 0
	for _, m := range p.matters {
		now, err := s.Store.Matter(p.ctx, m.number)
		if err != nil {
			return err
		}
		for seq := 1; seq <= now.Version; seq++ {
			r, err := s.Receipt(p.ctx, office.Actor{System: true}, m.number, seq)
			if err != nil {
				return err
			}
			b, err := r.JSON()
			if err != nil {
				return err
			}
			if v := ledger.Verify(b, vkey); !v.Proved || v.Number != m.number {
				p.result.Faults = append(p.result.Faults, fmt.Sprintf("the receipt of %s, entry %d, does not verify: %s", m.name, seq, v.Reason))
				continue
			}
			proved++
		}
	}
	report, err := s.Audit(p.ctx, nil, vkey)
	if err != nil {
		return err
	}
	for _, f := range report.Faults {
		p.result.Faults = append(p.result.Faults, fmt.Sprintf("audit: %s %s %d: %s", f.Kind, f.Matter, f.Entry, f.Text))
	}
	fmt.Fprintf(&p.out, "\nEnd: %d matters, %d entries, %d receipts verified, %d faults found by the audit\n", report.Matters, report.Entries, proved, len(report.Faults))
	return nil
}
