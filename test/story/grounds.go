package story

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"sync"

	"luoshi/internal/casework"
	"luoshi/internal/procedure"
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
	return publish(ctx, s, id)
}

// publish publishes a procedure and those that it names, near or far. One that names another is refused until that is
// there, so what was refused is tried again as long as something gets in.
func publish(ctx context.Context, s *casework.Service, id string) error {
	left := []string{id}
	for i := 0; i < len(left); i++ {
		p, err := pack(left[i])
		if err != nil {
			return err
		}
		for _, other := range leadsTo(p) {
			if !slices.Contains(left, other) {
				left = append(left, other)
			}
		}
	}
	for {
		var refused []string
		var errs []error
		for _, id := range slices.Backward(left) {
			src, err := procedures.FS.ReadFile(id + ".yaml")
			if err != nil {
				return err
			}
			if _, err := s.Publish(ctx, id+".yaml", src); err != nil {
				refused, errs = append(refused, id), append(errs, err)
			}
		}
		if len(refused) == 0 || len(refused) == len(left) {
			return errors.Join(errs...)
		}
		left = refused
	}
}

func pack(id string) (*procedure.Procedure, error) {
	src, err := procedures.FS.ReadFile(id + ".yaml")
	if err != nil {
		return nil, err
	}
	return procedure.Load(id+".yaml", src)
}

// leadsTo are the procedures of which p opens matters and in which it goes on.
func leadsTo(p *procedure.Procedure) []string {
	var ids []string
	for _, sub := range p.Subs {
		ids = append(ids, sub.Procedure)
	}
	for _, st := range p.Steps {
		if st.Continues != nil {
			ids = append(ids, st.Continues.Procedure)
		}
	}
	return ids
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
