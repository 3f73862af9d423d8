package server

import (
	"context"
	"fmt"
	"io/fs"
	"maps"
	"slices"

	"luoshi/internal/casework"
	"luoshi/internal/procedure"
	"luoshi/procedures"
)

// PublishPacks publishes the procedures that come with the program, where the database does not have that
// version, or a newer one of the office's own, yet. A version that was published with another text stays as it is:
// running matters depend on it. Packs that change after a release therefore get a higher version. One that leads to
// another is published after it.
func (k *Core) PublishPacks(ctx context.Context) error {
	others, err := k.otherPacks()
	if err != nil {
		return err
	}
	err = k.Service.PublishInOrder(ctx, func(id string) (*casework.Text, error) {
		t := others[id]
		if newest := k.Service.Rules(id); t == nil || newest != nil && newest.Procedure.Version >= t.Procedure.Version {
			return nil, nil
		}
		return t, nil
	}, slices.Sorted(maps.Keys(others))...)
	if err != nil {
		return fmt.Errorf("procedure pack: %w", err)
	}
	return nil
}

// otherPacks are the packs, by id, whose text is not the newest that is published here. Those that are need not be read:
// most starts find all of them.
func (k *Core) otherPacks() (map[string]*casework.Text, error) {
	have := map[string]bool{}
	for _, p := range k.Service.Published() {
		have[p.Hash] = true
	}
	names, err := fs.Glob(procedures.FS, "*.yaml")
	if err != nil {
		return nil, err
	}
	others := map[string]*casework.Text{}
	for _, name := range names {
		source, err := procedures.FS.ReadFile(name)
		if err != nil {
			return nil, err
		}
		if have[procedure.HashOf(source)] {
			continue
		}
		p, err := procedure.Load(name, source)
		if err != nil {
			return nil, fmt.Errorf("procedure pack: %w", err)
		}
		others[p.ID] = &casework.Text{Name: name, Source: source, Procedure: p}
	}
	return others, nil
}

// DifferingPacks names the procedures that came with the program and that the database has with another text under the
// same version, sorted.
func (k *Core) DifferingPacks() (keys []string, err error) {
	others, err := k.otherPacks()
	for _, o := range others {
		if have := k.Service.Rules(o.Procedure.Key()); have != nil && have.Procedure.Hash != o.Procedure.Hash {
			keys = append(keys, o.Procedure.Key())
		}
	}
	slices.Sort(keys)
	return keys, err
}
