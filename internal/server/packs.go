package server

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io/fs"
	"maps"
	"slices"

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
	begun := map[string]bool{} // procedures may lead to each other: the check then says what is wrong
	var publish func(id string) error
	publish = func(id string) error {
		o, ok := others[id]
		if newest := k.Service.Rules(id); !ok || begun[id] || newest != nil && newest.Procedure.Version >= o.procedure.Version {
			return nil
		}
		begun[id] = true
		for _, to := range o.procedure.LeadsTo() {
			if err := publish(to); err != nil {
				return err
			}
		}
		if _, err := k.Service.Publish(ctx, o.name, o.source); err != nil {
			return fmt.Errorf("procedure pack: %w", err)
		}
		return nil
	}
	for _, id := range slices.Sorted(maps.Keys(others)) {
		if err := publish(id); err != nil {
			return err
		}
	}
	return nil
}

// pack is a procedure that comes with the program.
type pack struct {
	name      string
	source    []byte
	procedure *procedure.Procedure
}

// otherPacks are the packs, by id, whose text is not the newest that is published here. Those that are need not be read:
// most starts find all of them.
func (k *Core) otherPacks() (map[string]pack, error) {
	have := map[string]bool{}
	for _, p := range k.Service.Published() {
		have[p.Hash] = true
	}
	names, err := fs.Glob(procedures.FS, "*.yaml")
	if err != nil {
		return nil, err
	}
	others := map[string]pack{}
	for _, name := range names {
		source, err := procedures.FS.ReadFile(name)
		if err != nil {
			return nil, err
		}
		if have[fmt.Sprintf("%x", sha256.Sum256(source))] {
			continue
		}
		p, err := procedure.Load(name, source)
		if err != nil {
			return nil, fmt.Errorf("procedure pack: %w", err)
		}
		others[p.ID] = pack{name, source, p}
	}
	return others, nil
}

// DifferingPacks names the procedures that came with the program and that the database has with another text under the
// same version, sorted.
func (k *Core) DifferingPacks() (keys []string, err error) {
	others, err := k.otherPacks()
	for _, o := range others {
		if have := k.Service.Rules(o.procedure.Key()); have != nil && have.Procedure.Hash != o.procedure.Hash {
			keys = append(keys, o.procedure.Key())
		}
	}
	slices.Sort(keys)
	return keys, err
}
