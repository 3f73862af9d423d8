package casework

import (
	"context"

	"luoshi/internal/office"
	"luoshi/internal/procedure"
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

// ShownIn are the plain fields that sub-matters show of what each is part of, as they are now, by the number of the
// sub-matter; for a list of many. What the actor may not read with its content is left out, and so is all that is
// personal: that is read by Read, which records it.
func (s *Service) ShownIn(ctx context.Context, a office.Actor, parts []*Branch) (map[string]map[string]any, error) {
	scope := a.ReadScope(s.Tree()).Content()
	var wholes []string
	for _, b := range parts {
		if m := b.Matter; m.Parent != nil && scope.Covers(m.Unit, m.Number) {
			wholes = append(wholes, m.Parent.Matter)
		}
	}
	if len(wholes) == 0 || a.Party != nil {
		return nil, nil
	}
	all, err := s.Store.Matters(ctx, wholes)
	if err != nil {
		return nil, storeError(err)
	}
	out := map[string]map[string]any{}
	for _, b := range parts {
		m := b.Matter
		if m.Parent == nil || all[m.Parent.Matter] == nil || !scope.Covers(m.Unit, m.Number) {
			continue
		}
		if out[m.Number], err = s.plainlyShown(ctx, all[m.Parent.Matter], m); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// plainlyShown are the plain fields that the procedure of the whole shows in one of its sub-matters.
func (s *Service) plainlyShown(ctx context.Context, whole, part *Matter) (map[string]any, error) {
	rules, err := s.rulesOf(ctx, whole)
	if err != nil {
		return nil, err
	}
	sub := shownSub(rules, whole, part)
	if sub == nil {
		return nil, nil
	}
	values := map[string]any{}
	for _, name := range sub.Shows {
		if fd := rules.Procedure.Field(name); fd != nil && fd.Class == procedure.ClassPlain && whole.Fields[name] != nil {
			values[name] = whole.Fields[name]
		}
	}
	return values, nil
}
