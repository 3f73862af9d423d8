package casework

import (
	"context"
	"errors"
	"io/fs"

	"luoshi/internal/procedure"
)

// PublishFrom publishes procedures from a folder, ID.yaml each, with all that they lead to, near or far: one that names
// another is refused until that is there. Of what is published already in any version nothing is done.
func (s *Service) PublishFrom(ctx context.Context, files fs.FS, ids ...string) error {
	begun := map[string]bool{} // procedures may lead to each other: the check then says what is wrong
	var publish func(id string) error
	publish = func(id string) error {
		if begun[id] || s.Rules(id) != nil {
			return nil
		}
		begun[id] = true
		name := id + ".yaml"
		source, err := fs.ReadFile(files, name)
		if err != nil {
			return err
		}
		p, err := procedure.Load(name, source)
		if err != nil {
			return err
		}
		for _, other := range p.LeadsTo() {
			if err := publish(other); err != nil && !errors.Is(err, fs.ErrNotExist) { // what is missing the check names, with its place
				return err
			}
		}
		_, err = s.Publish(ctx, name, source)
		return err
	}
	for _, id := range ids {
		if err := publish(id); err != nil {
			return err
		}
	}
	return nil
}
