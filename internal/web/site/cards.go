package site

import (
	"maps"
	"slices"
)

// ProcedureCard is a procedure in a list.
type ProcedureCard struct{ Path, Title, Summary, By string }

// Cards are the published procedures.
func (s *Site) Cards(v Words) (cards []ProcedureCard) {
	all := s.Service.Published()
	for _, id := range slices.Sorted(maps.Keys(all)) {
		p := all[id]
		cards = append(cards, ProcedureCard{"/procedures/" + id, v.Say(p.Title), v.Say(p.Summary), p.OpenersIn(v.Lang)})
	}
	return cards
}
