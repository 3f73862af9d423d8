package casework

import (
	"context"
	"errors"

	"luoshi/internal/office"
)

// Related is another matter that a matter names: the whole that it is part of, or one of its parts. A reader who may
// not see that matter by itself learns that it exists and whether it has ended, and no more.
type Related struct {
	Sub    string  // what the procedure of the whole calls the part; empty with a whole that the reader may not see
	Ended  string  // when it ended; empty while it goes on
	Matter *Matter // without anything personal; nil for a reader who may not see it
	Rules  *Rules  // that Matter runs by
}

// relate reads the matters that the file's matter names, and takes out of the file what the reader may not see of them.
func (s *Service) relate(ctx context.Context, a office.Actor, f *File) error {
	scope := a.ReadScope(s.Tree())
	m := f.Matter
	hidden := map[string]bool{}
	if m.Parent != nil {
		r, err := s.relatedTo(ctx, scope, *m.Parent, "")
		if err != nil {
			return err
		}
		if f.Whole = r; r.Matter == nil {
			hidden[m.Parent.Matter] = true
			r.Sub, m.Parent = "", &Link{}
		}
	}
	for i, part := range m.Subs {
		r, err := s.relatedTo(ctx, scope, Link{Matter: part.Number, Sub: part.Name}, part.Ended)
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
		for _, link := range []**Link{&e.Act.Opens, &e.Act.Ended, &e.Act.Parent} {
			if *link != nil && hidden[(*link).Matter] {
				*link = &Link{Sub: (*link).Sub}
			}
		}
	}
	return nil
}

// relatedTo reads one of them. What is not there, in a damaged database, looks like what may not be seen.
func (s *Service) relatedTo(ctx context.Context, scope office.Scope, link Link, ended string) (*Related, error) {
	r := &Related{Sub: link.Sub, Ended: ended}
	m, err := s.Store.Matter(ctx, link.Matter)
	if errors.Is(err, ErrNotFound) {
		return r, nil
	}
	if err != nil {
		return nil, storeError(err)
	}
	r.Ended = m.Ended
	if !scope.Covers(m.Unit, m.Number) {
		return r, nil
	}
	if r.Rules, err = s.rulesOf(ctx, m); err != nil {
		return nil, err
	}
	m.Title, m.Fields, m.Parties, m.Roles = "", nil, nil, nil
	r.Matter = m
	return r, nil
}
