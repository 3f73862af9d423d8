package server

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"luoshi/internal/procedure"
	"luoshi/procedures"
)

// PublishPacks publishes the procedures that come with the program, where the database does not have that
// version, or a newer one of the office's own, yet. A version that was published with another text stays as it is:
// running matters depend on it.
func (k *Core) PublishPacks(ctx context.Context) error {
	names, err := fs.Glob(procedures.FS, "*.yaml")
	if err != nil {
		return err
	}
	var errs []error
	for _, name := range names {
		src, err := procedures.FS.ReadFile(name)
		if err != nil {
			return err
		}
		if p, err := procedure.Load(name, src); err == nil {
			newest := k.Service.Rules(p.ID)
			if k.Service.Rules(p.Key()) != nil || newest != nil && newest.Procedure.Version > p.Version {
				continue
			}
		}
		if _, err := k.Service.Publish(ctx, name, src); err != nil {
			errs = append(errs, fmt.Errorf("procedure pack: %w", err))
		}
	}
	return errors.Join(errs...)
}
