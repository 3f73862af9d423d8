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
// refuses none of them, where matters are issued with one of IssuingUnits at or above
// it.
func (s *Service) OpensAt(a office.Actor, p *procedure.Procedure) []office.Unit {
	return s.inOrder(s.opensAt(a, p))
}

func (s *Service) inOrder(some iter.Seq[office.Unit]) (units []office.Unit) {
	in := map[string]bool{}
	for u := range some {
		in[u.Code] = true
	}
	for _, u := range s.Tree().All() {
		if in[u.Code] {
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

// opensAt goes through the units that may receive such a matter, some of them perhaps several times. No grant reaches
// further than below its unit.
func (s *Service) opensAt(a office.Actor, p *procedure.Procedure) iter.Seq[office.Unit] {
	return func(yield func(office.Unit) bool) {
		if a.Account == nil || len(p.Open.ForPeople()) == 0 {
			return
		}
		tree, day, tops := s.Tree(), s.day(p), s.IssuingUnits(a, p.ID)
		issued := len(p.Open.Issuers) > 0
		if !issued {
			tops = unitsWith(a.Account.Grants, p.Open.By)
		}
		for _, top := range tops {
			for _, code := range tree.Below(top) {
				u, _ := tree.Unit(code)
				may := slices.Contains(p.Open.Units, u.Kind) && u.ValidOn(day)
				if may && (issued || p.MayOpen(s.situation(a, nil, code))) && !yield(u) {
					return
				}
			}
		}
	}
}

// unitsWith are the units of grants with a role that is among who.
func unitsWith(grants []office.Grant, who []procedure.Who) (units []string) {
	for _, g := range grants {
		if slices.ContainsFunc(who, func(w procedure.Who) bool { return w.Role == g.Role }) {
			units = append(units, g.Unit)
		}
	}
	return units
}

// day is today where the procedure holds.
func (s *Service) day(p *procedure.Procedure) string {
	return s.Now().In(s.Rules(p.Key()).Location).Format(time.DateOnly)
}
