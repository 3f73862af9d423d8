package casework

import (
	"context"
	"errors"
	"io/fs"
	"slices"

	"luoshi/internal/procedure"
)

// Text is a procedure to be published, as it was read.
type Text struct {
	Name      string // of the file
	Source    []byte
	Procedure *procedure.Procedure // loaded from it
}

// PublishInOrder publishes procedures by id, each after those that it leads to, near or far: one that names another is
// refused until that is there. find gives the text of one, nil when it is not to be published; what is missing the
// check names, with its place.
func (s *Service) PublishInOrder(ctx context.Context, find func(id string) (*Text, error), ids ...string) error {
	begun := map[string]bool{} // procedures may lead to each other: the check then says what is wrong
	var publish func(id string) error
	publish = func(id string) error {
		if begun[id] {
			return nil
		}
		begun[id] = true
		t, err := find(id)
		if t == nil || err != nil {
			return err
		}
		for _, other := range t.Procedure.LeadsTo() {
			if err := publish(other); err != nil {
				return err
			}
		}
		_, err = s.Publish(ctx, t.Name, t.Source)
		return err
	}
	for _, id := range ids {
		if err := publish(id); err != nil {
			return err
		}
	}
	return nil
}

// PublishFrom publishes procedures from a folder, ID.yaml each, in that order. Of what is published already in any
// version nothing is done.
func (s *Service) PublishFrom(ctx context.Context, files fs.FS, ids ...string) error {
	return s.PublishInOrder(ctx, func(id string) (*Text, error) {
		if s.Rules(id) != nil {
			return nil, nil
		}
		name := id + ".yaml"
		source, err := fs.ReadFile(files, name)
		if errors.Is(err, fs.ErrNotExist) && !slices.Contains(ids, id) {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		p, err := procedure.Load(name, source)
		if err != nil {
			return nil, err
		}
		return &Text{Name: name, Source: source, Procedure: p}, nil
	}, ids...)
}
