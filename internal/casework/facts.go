package casework

import (
	"time"

	"luoshi/internal/office"
	"luoshi/internal/procedure"
)

// standing adds to a situation what depends on the matter: where it stands, who referred it, and what guards ask.
func (s *Service) standing(sit *procedure.Situation, a office.Actor, m *Matter) {
	sit.State = m.State
	sit.Facts = s.facts(m)
	if m.Issuer != "" {
		sit.Issuer = s.holdsOver(a, m.Issuer)
	}
	if n := len(m.Referred); n > 0 {
		sit.Referrer = s.holdsOver(a, m.Referred[n-1])
	}
}

// holdsOver tells which roles the actor holds over a unit.
func (s *Service) holdsOver(a office.Actor, unit string) func(role string) bool {
	tree := s.Tree()
	return func(role string) bool { return a.HasRole(tree, role, unit) }
}

// above reports whether the actor holds the role over a unit that lies strictly above the given one.
func above(a office.Actor, t *office.Tree, role, unit string) bool {
	u, ok := t.Unit(unit)
	return ok && u.Parent != "" && a.HasRole(t, role, u.Parent)
}

// facts are what guards may ask of a matter now. All fields are there, whoever asks: the procedure decides what
// its guards look at.
func (s *Service) facts(m *Matter) *procedure.Facts { return s.factsAt(m, s.Now()) }

// factsAt are those at another time.
func (s *Service) factsAt(m *Matter, now time.Time) *procedure.Facts {
	f := &procedure.Facts{Fields: m.Fields, Channel: m.Channel, Assigned: m.Assignee != "", Referred: len(m.Referred) > 0,
		Taken: m.Taken, Parties: map[string]int{}, Extensions: map[string]int{}, Late: map[string]bool{},
		Outstanding: m.Outstanding()}
	for _, r := range m.Roles {
		f.Parties[r.Role]++
	}
	rules := s.Rules(m.Procedure)
	for _, c := range m.Clocks {
		if m.Foreign(&c) {
			continue
		}
		f.Extensions[c.Name] = c.Extensions
		f.Late[c.Name] = c.Lapsed != "" || rules != nil && late(rules, c, now) // also before the lateness is recorded
	}
	return f
}

// late tells whether a clock has run out by now and its lateness is not recorded.
func late(rules *Rules, c Clock, now time.Time) bool {
	t := rules.lapsePending(&c)
	return !t.IsZero() && !t.After(now)
}
