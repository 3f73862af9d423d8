package server

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"luoshi/internal/procedure"
	"luoshi/procedures"
)

// PublishPacks publishes the procedures that come with the program, where the database does not have that
// version, or a newer one of the office's own, yet. A version that was published with another text stays as it is:
// running matters depend on it. Packs that change after a release therefore get a higher version. One that opens matters
// of another is refused until that is there, so those that were refused are tried again as long as others get in.
func (k *Core) PublishPacks(ctx context.Context) error {
	names, err := fs.Glob(procedures.FS, "*.yaml")
	if err != nil {
		return err
	}
	for {
		var refused []string
		var errs []error
		for _, name := range names {
			if err := k.publishPack(ctx, name); err != nil {
				refused, errs = append(refused, name), append(errs, fmt.Errorf("procedure pack: %w", err))
			}
		}
		if len(refused) == 0 || len(refused) == len(names) {
			return errors.Join(errs...)
		}
		names = refused
	}
}

// publishPack publishes one pack, unless it, or a newer version, is published already.
func (k *Core) publishPack(ctx context.Context, name string) error {
	src, err := procedures.FS.ReadFile(name)
	if err != nil {
		return err
	}
	if p, err := procedure.Load(name, src); err == nil {
		newest := k.Service.Rules(p.ID)
		if k.Service.Rules(p.Key()) != nil || newest != nil && newest.Procedure.Version > p.Version {
			return nil
		}
	}
	_, err = k.Service.Publish(ctx, name, src)
	return err
}

// DifferingPacks names the procedures that came with the program and that the database has with another text under the
// same version, sorted.
func (k *Core) DifferingPacks() (keys []string, err error) {
	packs, err := procedure.LoadFS(procedures.FS)
	for _, p := range packs {
		if have := k.Service.Rules(p.Key()); have != nil && have.Procedure.Hash != p.Hash {
			keys = append(keys, p.Key())
		}
	}
	slices.Sort(keys)
	return keys, err
}
