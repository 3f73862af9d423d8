package story

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"sync/atomic"
	"time"

	"luoshi/internal/casework"
	"luoshi/internal/config"
	"luoshi/internal/office"
	"luoshi/internal/procedure"
	"luoshi/internal/server"
)

// World is a country of offices with procedures that come with the product. Its time is that of the story.
type World struct {
	Core *server.Core
	now  atomic.Int64 // milliseconds since 1970; pages may ask while a story moves it
}

// founded is when the offices are set up, before every story.
func founded() time.Time { return time.Date(2024, time.January, 1, 0, 0, 0, 0, time.UTC) }

// Open makes a world of its own in dir for the story.
func (g *Grounds) Open(ctx context.Context, s *Story, dir string) (*World, error) {
	if err := g.made[s.Procedure](); err != nil {
		return nil, err
	}
	return Open(ctx, filepath.Join(g.dir, s.Procedure), dir)
}

// Open makes a world of its own in dir from a prepared one.
func Open(ctx context.Context, prepared, dir string) (*World, error) {
	if err := os.CopyFS(dir, os.DirFS(prepared)); err != nil {
		return nil, err
	}
	c := configured(dir)
	if err := os.Chmod(c.KeyFile(), 0o600); err != nil { // a copy can be read by others
		return nil, err
	}
	return open(ctx, dir)
}

func configured(dir string) config.Config {
	c := config.Default()
	c.DB = "sqlite:" + filepath.Join(dir, "luoshi.db")
	c.Origin = "stories.example/log"
	return c
}

func open(ctx context.Context, dir string) (*World, error) {
	w := &World{}
	w.now.Store(founded().UnixMilli())
	var err error
	w.Core, err = server.OpenCore(ctx, configured(dir), w.Now)
	return w, err
}

// Now is the time in the world.
func (w *World) Now() time.Time { return time.UnixMilli(w.now.Load()) }

// Until lets time pass. Everything that falls due is recorded at its moment, as the worker does it, and handed to told.
func (w *World) Until(ctx context.Context, until time.Time, told func(*casework.Outcome) error) error {
	for {
		rows, err := w.Service().Store.Wakes(ctx, 1)
		if err != nil {
			return err
		}
		if len(rows) == 0 || rows[0].At.After(until) {
			w.now.Store(until.UnixMilli())
			return nil
		}
		w.now.Store(max(w.now.Load(), rows[0].At.UnixMilli()))
		out, err := w.Service().Wake(ctx, rows[0].Number)
		if err != nil {
			return err
		}
		if out == nil {
			return fmt.Errorf("%s is due and there is nothing to do for it", rows[0].Number)
		}
		if err := told(out); err != nil {
			return err
		}
	}
}

// Service is what matters are handled with.
func (w *World) Service() *casework.Service { return w.Core.Service }

// Lodge brings a matter of the story, with its files.
func (w *World) Lodge(ctx context.Context, who office.Actor, s *Story, lodge *Lodge) (*casework.Outcome, error) {
	l := s.Lodging(lodge)
	var err error
	if l.Fields, err = w.handIn(ctx, who, l.Fields, lodge.Files); err != nil {
		return nil, err
	}
	return w.Service().Lodge(ctx, who, l, "")
}

// handIn sends files and adds them to the values of fields.
func (w *World) handIn(ctx context.Context, who office.Actor, fields map[string]any, files map[string][]string) (map[string]any, error) {
	if len(files) == 0 {
		return fields, nil
	}
	all := maps.Clone(fields)
	if all == nil {
		all = map[string]any{}
	}
	for field, names := range files {
		var ids []any
		for _, name := range names {
			content, err := Sample(name)
			if err != nil {
				return nil, err
			}
			u, err := w.Service().TakeFile(ctx, who, name, content, "")
			if err != nil {
				return nil, err
			}
			ids = append(ids, u.ID)
		}
		all[field] = ids
	}
	return all, nil
}

// general are the offices that a place has as such; every other kind stands below one of them.
func general() []string { return []string{"township", "county", "city", "province"} }

// Units are one unit for each kind below each kind that can stand above it. The one whose code is the kind alone stands
// at the lowest place, justice-office in the township; the others name theirs, justice-office.county.
func Units(kinds *procedure.Kinds) []office.Unit {
	var units []office.Unit
	for _, k := range kinds.List {
		places := slices.DeleteFunc(slices.Clone(k.Under), func(up string) bool {
			return up == k.Name || slices.Contains(kinds.Above(up), k.Name)
		})
		lowest := lowest(kinds, places)
		if lowest == "" {
			units = append(units, unit(kinds, k.Name, ""))
		}
		for _, up := range places {
			u := unit(kinds, k.Name, up)
			if up != lowest {
				u.Code += "." + up
				u.Name["zh"] += "（" + kinds.Kind(up).Title.In("zh") + "）"
				u.Name["en"] += " (" + kinds.Kind(up).Title.In("en") + ")"
			}
			units = append(units, u)
		}
	}
	return units
}

func unit(kinds *procedure.Kinds, kind, parent string) office.Unit {
	title := kinds.Kind(kind).Title
	return office.Unit{Code: kind, Kind: kind, Parent: parent, Name: map[string]string{"zh": title.In("zh"), "en": title.In("en")}}
}

func lowest(kinds *procedure.Kinds, places []string) string {
	best, depth := "", -1
	for _, place := range general() {
		if slices.Contains(places, place) {
			return place
		}
	}
	for _, up := range places {
		if d := len(kinds.Above(up)); d > depth {
			best, depth = up, d
		}
	}
	return best
}

// Accounts are one person for each role that the kind of each unit allows, called role@unit, and an auditor and an
// author for each root.
func Accounts(kinds *procedure.Kinds, units []office.Unit) []office.Account {
	var all []office.Account
	add := func(role string, u office.Unit) {
		all = append(all, office.Account{Login: role + "@" + u.Code, Name: u.Label("zh") + procedure.RoleIn(role, "zh"),
			Grants: []office.Grant{{Role: role, Unit: u.Code}}})
	}
	for _, u := range units {
		for _, role := range kinds.Kind(u.Kind).Roles {
			add(role, u)
		}
		if u.Parent == "" {
			add(office.RoleAuditor, u)
			add(office.RoleAuthor, u)
		}
	}
	return all
}
