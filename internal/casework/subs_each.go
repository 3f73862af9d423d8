package casework

import (
	"context"
	"slices"
	"time"

	"luoshi/internal/office"
)

// Receivers are a unit and the offices below it, as far as they can get a matter by the rules today, in the order of the tree.
func (s *Service) Receivers(unit string, rules *Rules) []office.Unit {
	tree, day := s.Tree(), s.Now().In(rules.Location).Format(time.DateOnly)
	var units []office.Unit
	for _, code := range tree.Below(unit) {
		if u, ok := tree.Unit(code); ok && slices.Contains(rules.Procedure.Open.Units, u.Kind) && u.ValidOn(day) {
			units = append(units, u)
		}
	}
	return units
}

// PartOffices are those below the unit.
func (s *Service) PartOffices(unit string, rules *Rules) []office.Unit {
	return slices.DeleteFunc(s.Receivers(unit, rules), func(u office.Unit) bool { return u.Code == unit })
}

// each are the units that an opening means: those that are named, and all below of the kinds that are.
func (s *Service) each(m *Matter, rules *Rules, given *SubOpening) []string {
	units := slices.Clone(given.Units)
	if len(given.Each) == 0 {
		return units
	}
	named := map[string]bool{}
	for _, u := range units {
		named[u] = true
	}
	for _, u := range s.PartOffices(m.Unit, rules) {
		if slices.Contains(given.Each, u.Kind) && !named[u.Code] {
			units = append(units, u.Code)
		}
	}
	return units
}

// Demand is how many reports of progress in a month the running directives ask of the offices of a kind at or below a
// unit, by office; a week counts as a quarter of a month. It reads them, MaxTree of them at most.
func (s *Service) Demand(ctx context.Context, unit, kind string) (map[string]int, error) {
	rules := s.Rules(Directives)
	if rules == nil {
		return nil, nil
	}
	open := true
	q := Query{Scope: office.Actor{System: true}.ReadScope(s.Tree()), Procedure: Directives, Open: &open, Order: Newest, Limit: 200}
	demand := map[string]int{}
	for _, code := range s.Tree().Below(unit) {
		if u, ok := s.Tree().Unit(code); ok && u.Kind == kind {
			q.Below = append(q.Below, code)
		}
	}
	if len(q.Below) == 0 {
		return demand, nil
	}
	all, err := s.mattersOf(ctx, q, MaxTree)
	if err != nil {
		return nil, err
	}
	for _, m := range all {
		every, _ := m.Fields["report_every"].(string)
		demand[m.Unit] += ReportsInMonth(every)
	}
	return demand, nil
}

// ReportsInMonth is how many reports of progress an office hands in a month, by the choice of the field report_every.
func ReportsInMonth(every string) int {
	switch every {
	case "week":
		return 4
	case "month":
		return 1
	}
	return 0
}
