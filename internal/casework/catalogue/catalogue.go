// Package catalogue is what people can bring themselves, described from the procedures alone: what it is, what is needed,
// how long it takes by law, what there is against the outcome; and found by the words that people use.
//
// It is pure. It must never list what only staff or the program may open, and never say more than a procedure declares.
package catalogue

import (
	"cmp"
	"slices"

	"luoshi/internal/procedure"
)

// Service is a procedure as somebody sees it who thinks of bringing a matter.
type Service struct {
	Procedure *procedure.Procedure
	Limits    []Limit  // of the office, in declared order, those by a rule of law first
	Rights    []Limit  // of the parties: by when they may do something
	Remedies  []Remedy // what can be done about a step that goes against them
}

// Limit is a declared clock with the rule of law in force on a day.
type Limit struct {
	Clock *procedure.Clock
	Rule  *procedure.Rule
}

// Remedy is what there is against a step.
type Remedy struct {
	Step *procedure.Step
	Text procedure.Text
}

// Open lists the newest versions of the procedures that anybody may bring online, by id.
func Open(published map[string]*procedure.Procedure) []*procedure.Procedure {
	var open []*procedure.Procedure
	for _, p := range published {
		if Anybody(p) && slices.Contains(p.Open.Channels, "web") {
			open = append(open, p)
		}
	}
	slices.SortFunc(open, func(a, b *procedure.Procedure) int { return cmp.Compare(a.ID, b.ID) })
	return open
}

// Anybody reports whether a matter can be brought without an account.
func Anybody(p *procedure.Procedure) bool {
	return slices.ContainsFunc(p.Open.By, func(w procedure.Who) bool { return w.Relation == procedure.RelationResident })
}

// Of describes a procedure as of a day, 2006-01-02.
func Of(p *procedure.Procedure, day string) Service {
	s := Service{Procedure: p}
	for i := range p.Clocks {
		c := &p.Clocks[i]
		limit := Limit{c, c.On(day)}
		if c.Responsible == procedure.ResponsibleParty {
			s.Rights = append(s.Rights, limit)
		} else {
			s.Limits = append(s.Limits, limit)
		}
	}
	byLaw := func(a, b Limit) int { return cmp.Compare(lawless(a), lawless(b)) }
	slices.SortStableFunc(s.Limits, byLaw)
	slices.SortStableFunc(s.Rights, byLaw)
	for i := range p.Steps {
		if st := &p.Steps[i]; st.Adverse && len(st.Remedy) > 0 {
			s.Remedies = append(s.Remedies, Remedy{st, st.Remedy})
		}
	}
	return s
}

// lawless is 1 for a period that the office has set itself.
func lawless(l Limit) int {
	if l.Rule.Basis.Law == "" {
		return 1
	}
	return 0
}
