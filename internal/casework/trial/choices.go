package trial

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"luoshi/internal/casework"
	"luoshi/internal/office"
	"luoshi/internal/procedure"
)

// Choice is what one person could do with a matter now.
type Choice struct {
	By       string
	Name     string         // of the person, "" for a party
	Party    string         // role, of a party
	File     *casework.File // as the person sees it
	Steps    []*procedure.Step
	Withheld []Withheld
}

// Withheld is a step that would be the person's to take, and why it cannot be taken now.
type Withheld struct {
	Step *procedure.Step
	Why  *casework.Error
}

// Openers are those who could bring the matter, by Move.By: the verb decides whether they may at the unit they choose.
func (t *Trial) Openers() []string {
	var by []string
	add := func(who string) {
		if !slices.Contains(by, who) {
			by = append(by, who)
		}
	}
	for _, w := range t.Procedure.Open.By {
		switch {
		case w.Relation == procedure.RelationResident:
			add(Resident)
		case w.Relation == procedure.RelationSystem:
			add(System)
		}
		if w.Role == "" {
			continue
		}
		for _, u := range t.service.Tree().All() {
			if t.service.Staff().Accounts[w.Role+"@"+u.Code] != nil && (w.Relation != "" || slices.Contains(t.Procedure.Open.Units, u.Kind)) {
				add(w.Role + "@" + u.Code)
			}
		}
	}
	return by
}

// Choices are what everybody could do with a matter now: the parties first, then the staff of its unit, then those
// above. Who holds a role above a unit holds it there too; a step is shown once for a role, with whoever is nearest.
func (t *Trial) Choices(ctx context.Context, number string) ([]Choice, error) {
	m := t.store.matters[number]
	if m == nil {
		return nil, casework.ErrNotFound
	}
	var choices []Choice
	seen := map[string]bool{} // role and step
	for _, by := range t.around(m) {
		c, err := t.choice(ctx, by, m)
		if casework.KindOf(err) == casework.NotFound {
			continue // not theirs to see
		}
		if err != nil {
			return nil, err
		}
		again := func(step string) bool {
			key := c.key() + " " + step
			was := seen[key]
			seen[key] = true
			return was
		}
		c.Steps = slices.DeleteFunc(c.Steps, func(s *procedure.Step) bool { return again(s.Name) })
		c.Withheld = slices.DeleteFunc(c.Withheld, func(w Withheld) bool { return again(w.Step.Name) })
		if len(c.Steps)+len(c.Withheld) > 0 {
			choices = append(choices, c)
		}
	}
	return choices, nil
}

// key is in which capacity the person acts.
func (c *Choice) key() string {
	if c.Party != "" {
		return c.By
	}
	role, _, _ := strings.Cut(c.By, "@")
	return role
}

// around are those who could have to do with a matter, nearest first.
func (t *Trial) around(m *casework.Matter) []string {
	var by []string
	for _, r := range m.Roles {
		if who := party + r.Role; !slices.Contains(by, who) {
			by = append(by, who)
		}
	}
	staff, tree := t.service.Staff(), t.service.Tree()
	path := slices.Clone(tree.Path(m.Unit))
	slices.Reverse(path)
	for _, code := range path {
		var there []string
		for login, a := range staff.Accounts {
			if a.Grants[0].Unit == code {
				there = append(there, login)
			}
		}
		slices.SortFunc(there, func(a, b string) int { // whoever has it stands first
			switch {
			case a == m.Assignee:
				return -1
			case b == m.Assignee:
				return 1
			}
			return cmp.Compare(a, b)
		})
		by = append(by, there...)
	}
	return by
}

func (t *Trial) choice(ctx context.Context, by string, m *casework.Matter) (Choice, error) {
	a, err := t.actor(by, m.Number)
	if err != nil {
		return Choice{}, err
	}
	f, err := t.service.Read(ctx, a, m.Number)
	if err != nil {
		return Choice{}, err
	}
	c := Choice{By: by, File: f, Steps: slices.Clone(f.Steps)}
	if a.Account != nil {
		c.Name = a.Account.Name
	} else {
		c.Party = a.Party.Role
	}
	for _, st := range f.Procedure.From(m.State) {
		if slices.Contains(f.Steps, st) {
			continue
		}
		if why := t.why(ctx, a, m, st); why != nil {
			c.Withheld = append(c.Withheld, Withheld{st, why})
		}
	}
	return c, nil
}

// why asks the verb itself: a step that is not among the lawful ones is refused before anything is written. It is nil
// when the step is somebody else's.
func (t *Trial) why(ctx context.Context, a office.Actor, m *casework.Matter, st *procedure.Step) *casework.Error {
	_, err := t.service.TakeStep(ctx, a, m.Number, casework.StepCommand{Step: st.Name}, "")
	e := casework.AsError(err)
	if err == nil || e.Code == procedure.NotAllowed || e.Code == procedure.WrongState {
		return nil
	}
	return e
}
