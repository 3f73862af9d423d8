package casework

import (
	"iter"
	"maps"
	"slices"
	"time"

	"luoshi/internal/office"
	"luoshi/internal/procedure"
)

// Opens lists the newest versions of the procedures by which somebody on the staff may begin a matter through a channel that
// people use, by id.
func (s *Service) Opens(a office.Actor) []*procedure.Procedure {
	published := s.Published()
	var open []*procedure.Procedure
	for _, id := range slices.Sorted(maps.Keys(published)) {
		if s.mayOpen(a, published[id]) {
			open = append(open, published[id])
		}
	}
	return open
}

// OpensAny reports whether somebody on the staff may begin any matter.
func (s *Service) OpensAny(a office.Actor) bool {
	for _, p := range s.Published() {
		if s.mayOpen(a, p) {
			return true
		}
	}
	return false
}

// OpensAt are the units for which somebody on the staff may begin a matter by the procedure, in the order of the tree: Lodge
// refuses none of them.
func (s *Service) OpensAt(a office.Actor, p *procedure.Procedure) []office.Unit {
	may := map[string]office.Unit{}
	for u := range s.opensAt(a, p) {
		may[u.Code] = u
	}
	var units []office.Unit
	for _, u := range s.Tree().All() {
		if _, ok := may[u.Code]; ok {
			units = append(units, u)
		}
	}
	return units
}

func (s *Service) mayOpen(a office.Actor, p *procedure.Procedure) bool {
	for range s.opensAt(a, p) {
		return true
	}
	return false
}

// opensAt goes through the units below the grants with a role that may open; no role reaches further.
func (s *Service) opensAt(a office.Actor, p *procedure.Procedure) iter.Seq[office.Unit] {
	return func(yield func(office.Unit) bool) {
		rules := s.Rules(p.Key())
		if rules == nil || a.Account == nil || len(p.Open.ForPeople()) == 0 {
			return
		}
		tree, day := s.Tree(), s.Now().In(rules.Location).Format(time.DateOnly)
		for _, g := range a.Account.Grants {
			if !slices.ContainsFunc(p.Open.By, func(w procedure.Who) bool { return w.Role == g.Role }) {
				continue
			}
			for _, code := range tree.Below(g.Unit) {
				u, _ := tree.Unit(code)
				if receives(p, u, day) && p.MayOpen(s.situation(a, nil, code)) && !yield(u) {
					return
				}
			}
		}
	}
}

// receives reports whether matters of the procedure can be brought to the unit on a day.
func receives(p *procedure.Procedure, u office.Unit, day string) bool {
	return slices.Contains(p.Open.Units, u.Kind) && u.ValidOn(day)
}
