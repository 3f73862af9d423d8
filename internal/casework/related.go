package casework

import (
	"context"
	"slices"

	"luoshi/internal/office"
)

// Related is another matter that a matter names: the whole that it is part of, or one of its parts. A reader who may
// not see that matter by itself learns that it exists and whether it has ended, of a whole what Shown says, and no more.
type Related struct {
	Sub    string  // what the procedure of the whole calls the part; empty with a whole that the reader may not see
	Ended  string  // when it ended; empty while it goes on
	Matter *Matter // without anything personal; nil for a reader who may not see it
	Rules  *Rules  // that Matter runs by
	Shown  *Shown  // of a whole: what of it is seen here; nil for nothing
}

// relate reads the matters that the file's matter names, and takes out of the file what the reader may not see of them.
func (s *Service) relate(ctx context.Context, a office.Actor, f *File) error {
	scope := a.ReadScope(s.Tree())
	m := f.Matter
	all, err := s.relatives(ctx, m)
	if err != nil {
		return err
	}
	hidden := map[string]bool{}
	if m.Parent != nil {
		shown, err := s.shown(ctx, a, f, all[m.Parent.Matter])
		if err != nil {
			return storeError(err)
		}
		r, err := s.relatedTo(ctx, scope, all, *m.Parent, "")
		if err != nil {
			return err
		}
		r.Shown = shown
		if f.Whole = r; r.Matter == nil {
			hidden[m.Parent.Matter] = true
			r.Sub, m.Parent = "", &Link{}
		}
	}
	for i, part := range m.Subs {
		r, err := s.relatedTo(ctx, scope, all, Link{Matter: part.Number, Sub: part.Name}, part.Ended)
		if err != nil {
			return err
		}
		f.Parts = append(f.Parts, r)
		if r.Matter == nil {
			hidden[part.Number] = true
			m.Subs[i].Number = ""
		}
	}
	for _, e := range f.Entries {
		e.Act.hide(hidden)
	}
	return nil
}

// hide takes the numbers of matters out of an act that its reader may not see.
func (a *Act) hide(hidden map[string]bool) {
	for _, link := range []**Link{&a.Opens, &a.Ended, &a.Parent} {
		if *link != nil && hidden[(*link).Matter] {
			*link = &Link{Sub: (*link).Sub}
		}
	}
	for _, links := range []*[]Link{&a.OpensEach, &a.EndedEach} {
		*links = slices.Clone(*links)
		for i := range *links {
			if link := &(*links)[i]; hidden[link.Matter] {
				link.Matter = ""
			}
		}
	}
}

// relatives reads the matters that a matter names.
func (s *Service) relatives(ctx context.Context, m *Matter) (map[string]*Matter, error) {
	var numbers []string
	if m.Parent != nil {
		numbers = append(numbers, m.Parent.Matter)
	}
	for _, part := range m.Subs {
		numbers = append(numbers, part.Number)
	}
	if len(numbers) == 0 {
		return nil, nil
	}
	all, err := s.Store.Matters(ctx, numbers)
	return all, storeError(err)
}

// relatedTo finds one of them. What is not there, in a damaged database, looks like what may not be seen.
func (s *Service) relatedTo(ctx context.Context, scope office.Scope, all map[string]*Matter, link Link, ended string) (*Related, error) {
	r := &Related{Sub: link.Sub, Ended: ended}
	m := all[link.Matter]
	if m == nil {
		return r, nil
	}
	r.Ended = m.Ended
	if !scope.Covers(m.Unit, m.Number) {
		return r, nil
	}
	var err error
	if r.Rules, err = s.rulesOf(ctx, m); err != nil {
		return nil, err
	}
	m.Title, m.Fields, m.Parties, m.Roles = "", nil, nil, nil
	r.Matter = m
	return r, nil
}
