package story

import (
	"context"
	"os"
	"path/filepath"
	"sync"

	"luoshi/procedures"
)

// Prepare sets the offices up in a folder, from which Open makes worlds by copying, and publishes a procedure with all
// that it can lead to: reading the others for every story would take longer than the story. password is the hash of what
// every account signs in with; "" for a world that nobody signs in to.
func Prepare(ctx context.Context, dir, password, id string) error {
	w, err := open(ctx, dir)
	if err != nil {
		return err
	}
	defer func() { _ = w.Core.Close() }()
	s := w.Core.Service
	units := Units(s.Kinds)
	if err := s.Store.PutUnits(ctx, units); err != nil {
		return err
	}
	for _, a := range Accounts(s.Kinds, units) {
		if err := s.Store.PutAccount(ctx, a, password, ""); err != nil {
			return err
		}
	}
	if err := s.ReloadStaff(ctx); err != nil {
		return err
	}
	return s.PublishFrom(ctx, procedures.FS, id)
}

// Grounds are prepared folders by procedure, each made when it is first asked for.
type Grounds struct {
	dir, password string
	made          map[string]func() error
}

// NewGrounds prepares nothing yet. The folders will lie in dir.
func NewGrounds(ctx context.Context, dir, password string, stories []*Story) *Grounds {
	g := &Grounds{dir: dir, password: password, made: map[string]func() error{}}
	for _, s := range stories {
		if id := s.Procedure; g.made[id] == nil {
			g.made[id] = sync.OnceValue(func() error {
				if err := os.Mkdir(filepath.Join(dir, id), 0o755); err != nil {
					return err
				}
				return Prepare(ctx, filepath.Join(dir, id), password, id)
			})
		}
	}
	return g
}
