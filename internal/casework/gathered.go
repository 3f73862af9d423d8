package casework

import (
	"context"

	"luoshi/internal/office"
)

// Histories are the entries of branches, each oldest first, by number, as far as the actor may see them; what the actor
// may not read with its content is left out. All are read at once, so that a matter with a thousand parts is as one. A
// reading is not recorded for each part: that of the whole is, by Read, whose parts these are.
func (s *Service) Histories(ctx context.Context, a office.Actor, branches []*Branch) (map[string][]*Entry, error) {
	scope := a.ReadScope(s.Tree()).Content()
	var numbers []string
	for _, b := range branches {
		if scope.Covers(b.Matter.Unit, b.Matter.Number) {
			numbers = append(numbers, b.Matter.Number)
		}
	}
	if len(numbers) == 0 {
		return nil, nil
	}
	all, err := s.Store.EntriesOf(ctx, numbers)
	if err != nil {
		return nil, storeError(err)
	}
	for _, b := range branches {
		if entries := all[b.Matter.Number]; entries != nil {
			f := &File{Matter: b.Matter.clone(), Procedure: b.Rules.Procedure, Rules: b.Rules, Entries: entries,
				Viewer: s.viewer(a, b.Matter), former: s.formerRules(b.Matter)}
			f.limit(true)
		}
	}
	return all, nil
}
