package sqlite

import (
	"context"
	"sync"

	"luoshi/internal/casework"
	"luoshi/internal/office"
)

// place is where a matter is counted.
type place struct {
	unit, procedure, state string
	open                   bool
}

// tally is the counts in memory: what the tally table says, kept in step by the committer after each
// commit. Lists use it to choose how to read.
type tally struct {
	mu sync.RWMutex
	n  map[place]int64
}

func (t *tally) load(ctx context.Context, s *Store) error {
	rows, err := s.reads["tally-all"].QueryContext(ctx)
	if err != nil {
		return err
	}
	defer rows.Close()
	t.n = map[place]int64{}
	for rows.Next() {
		var p place
		var n int64
		if err := rows.Scan(&p.unit, &p.procedure, &p.state, &p.open, &n); err != nil {
			return err
		}
		t.n[p] = n
	}
	return rows.Err()
}

func (t *tally) add(delta map[place]int64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for p, d := range delta {
		if t.n[p] += d; t.n[p] == 0 {
			delete(t.n, p)
		}
	}
}

// match gives the places that f accepts with their counts, and the sums over them and over all those among
// which they are looked for.
func (t *tally) match(f, among func(place) bool) (places map[place]int64, matching, all int64) {
	t.mu.RLock()
	defer t.mu.RUnlock()
	places = map[place]int64{}
	for p, n := range t.n {
		if among(p) {
			all += n
		}
		if f(p) {
			places[p] = n
			matching += n
		}
	}
	return places, matching, all
}

// Counts implements casework.MatterStore.
func (s *Store) Counts(ctx context.Context, scope office.Scope) ([]casework.Count, error) {
	inside := insideScope(scope)
	places, _, _ := s.tally.match(func(p place) bool { return inside(p.unit) }, func(place) bool { return true })
	out := make([]casework.Count, 0, len(places))
	for p, n := range places {
		out = append(out, casework.Count{Unit: p.unit, Procedure: p.procedure, State: p.state, Open: p.open, N: n})
	}
	return out, nil
}

// insideScope is a fast test whether a unit is in the scope.
func insideScope(scope office.Scope) func(unit string) bool {
	if scope.All() {
		return func(string) bool { return true }
	}
	set := make(map[string]bool)
	for _, u := range scope.Units() {
		set[u] = true
	}
	return func(u string) bool { return set[u] }
}
