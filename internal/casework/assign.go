package casework

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"luoshi/internal/office"
	"luoshi/internal/procedure"
)

// Pick is a matter of a list that is to be assigned, at the version at which the list showed it.
type Pick struct {
	Number  string
	Version int
}

// Assigned is what became of one of them. Already: it was theirs before, and nothing was recorded.
type Assigned struct {
	Number  string
	Title   string // as far as the actor may see it
	Seq     int    // of the entry
	Already bool
	Err     *Error // why not; nil: it is theirs
}

// MaxPicks is how many matters are assigned with one command.
const MaxPicks = 100

// AssignAll gives each of the matters to the same person, by the step that its own procedure has for that: the first
// one that the actor may take now, that names somebody, and that asks for nothing else but perhaps a note. Each matter
// is a command of its own, under a key of its own: what is refused for one is done for the others.
func (s *Service) AssignAll(ctx context.Context, a office.Actor, picks []Pick, assignee, note, key string) ([]Assigned, error) {
	if len(picks) > MaxPicks {
		return nil, invalid("matters", "too-many", "一次最多分派 100 件。", "At most 100 matters can be assigned at once.")
	}
	if assignee == "" {
		return nil, invalid("assignee", "required", "请选择由谁承办。", "Choose who is to take them.")
	}
	out := make([]Assigned, len(picks))
	s.several(len(picks), func(i int) { out[i] = s.assign(ctx, a, picks[i], assignee, note, key) })
	return out, nil
}

func (s *Service) assign(ctx context.Context, a office.Actor, pick Pick, assignee, note, key string) Assigned {
	done := Assigned{Number: pick.Number}
	m, rules, err := s.load(ctx, a, pick.Number)
	if err != nil {
		done.Err = AsError(err)
		return done
	}
	if s.mayReadContent(a, m) {
		done.Title = m.Title
	}
	if key != "" {
		key += " " + m.Number
	}
	seq, err := s.assignedBefore(ctx, a, key)
	switch {
	case err == nil && seq > 0:
		done.Seq = seq
	case err == nil && m.Assignee == assignee:
		done.Already = true
	case err == nil:
		done.Seq, err = s.assignOne(ctx, a, m, rules, pick, assignee, note, key)
	}
	if err != nil {
		done.Err = AsError(err)
	}
	return done
}

// assignedBefore finds the entry of the same command sent twice; by then the matter may have another step for it.
func (s *Service) assignedBefore(ctx context.Context, a office.Actor, key string) (seq int, err error) {
	r, err := newRequest(a, "step", key, func() ([]byte, error) { return nil, nil })
	if r == nil || err != nil {
		return 0, err
	}
	e, err := s.Store.EntryByKey(ctx, r.hash)
	if errors.Is(err, ErrNotFound) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	return e.Act.Seq, nil
}

func (s *Service) assignOne(ctx context.Context, a office.Actor, m *Matter, rules *Rules, pick Pick, assignee, note, key string) (int, error) {
	if err := s.upToDate(ctx, m, pick.Version); err != nil {
		return 0, err
	}
	var st *procedure.Step
	for _, lawful := range s.LawfulSteps(a, m) {
		if assigns(rules.Procedure, lawful, m, a, assignee) {
			st = lawful
			break
		}
	}
	if st == nil {
		return 0, fail(NotAllowed, "no-step-to-assign", "按规程，您现在不能把它分派给此人。", "By its procedure you cannot give it to this person now.")
	}
	cmd := StepCommand{Step: st.Name, Version: pick.Version}
	if st.Assign == "choose" {
		cmd.Assignee = assignee
	}
	if st.Note != "none" {
		cmd.Note = note
	}
	out, err := s.TakeStep(ctx, a, m.Number, cmd, key)
	if err != nil {
		return 0, err
	}
	return out.Entry.Act.Seq, nil
}

// assigns reports whether a step gives a matter to somebody and does nothing else that would have to be said.
func assigns(p *procedure.Procedure, st *procedure.Step, m *Matter, a office.Actor, assignee string) bool {
	if st.Refer != "" || st.Opens != nil || len(st.Tells) > 0 || st.Extend != "" || st.Terminal {
		return false
	}
	mine := a.Account != nil && a.Account.Login == assignee
	if st.Assign != "choose" && !(st.Assign == "actor" && mine) {
		return false
	}
	return !slices.ContainsFunc(p.Asks(st, m.State, m.Knows), func(f procedure.FieldUse) bool { return f.Required })
}

// Assignable is what of a page of a list the actor may perhaps assign, and to whom. The verb decides: guards and what
// is recorded meanwhile are not looked at here.
type Assignable struct {
	Numbers map[string]bool
	People  []*office.Account // by name
}

// AssignableOf looks at the rows of one page.
func (s *Service) AssignableOf(a office.Actor, rows []Row) Assignable {
	out := Assignable{Numbers: map[string]bool{}}
	tree, wanted, self := s.Tree(), map[office.Grant]bool{}, false
	for _, row := range rows {
		if !row.Open {
			continue
		}
		for _, st := range s.assigning(a, row) {
			out.Numbers[row.Number] = true
			if st.Assign == "actor" {
				self = true
				continue
			}
			for _, unit := range append(tree.Path(row.Unit), office.Everywhere) {
				wanted[office.Grant{Role: st.AssignRole, Unit: unit}] = true
			}
		}
	}
	for _, account := range s.Staff().Accounts {
		chosen := slices.ContainsFunc(account.Grants, func(g office.Grant) bool { return wanted[g] })
		if !account.Disabled && (chosen || self && account == a.Account) {
			out.People = append(out.People, account)
		}
	}
	slices.SortFunc(out.People, func(x, y *office.Account) int {
		return cmp.Or(cmp.Compare(x.Name, y.Name), cmp.Compare(x.Login, y.Login))
	})
	return out
}

// assigning are the steps by which the actor may perhaps assign the matter of a row.
func (s *Service) assigning(a office.Actor, row Row) []*procedure.Step {
	rules := s.Rules(row.Procedure)
	if rules == nil || a.Account == nil {
		return nil
	}
	m := &Matter{Number: row.Number, Procedure: row.Procedure, State: row.State, Unit: row.Unit, Assignee: row.Assignee}
	sit := s.situation(a, m, m.Unit)
	sit.Facts = nil // a row does not know what guards ask
	return slices.DeleteFunc(slices.Clone(rules.Procedure.LawfulSteps(sit)), func(st *procedure.Step) bool {
		return !assigns(rules.Procedure, st, m, a, a.Account.Login)
	})
}

// String is how a pick is written in a form.
func (p Pick) String() string { return fmt.Sprintf("%s %d", p.Number, p.Version) }

// ParsePick reads one.
func ParsePick(s string) (p Pick, err error) {
	_, err = fmt.Sscanf(s, "%s %d", &p.Number, &p.Version)
	return p, err
}
