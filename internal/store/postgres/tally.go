package postgres

import (
	"context"
	"sync"

	"luoshi/internal/casework"
	"luoshi/internal/office"
	"luoshi/internal/store/listing"

	"github.com/jackc/pgx/v5"
)

// tally is what the tally table says. Every node writes to it, so a node asks before each list what has
// changed since it asked last: then it sees exactly what is committed, also by others.
type tally struct {
	counts listing.Tally

	mu    sync.Mutex
	known int64                   // size of the log up to which every change has been seen; 0 at first
	seen  map[listing.Place]int64 // size of the log at which the count of a place was so
}

// refresh brings the counts to what is committed now. Of several at once none waits for another: what each
// has read is taken over unless something newer is there.
func (t *tally) refresh(ctx context.Context, s *Store) error {
	t.mu.Lock()
	known := t.known
	t.mu.Unlock()
	rows, err := s.pool.Query(ctx, s.queries["tally-changed"], s.log, known)
	if err != nil {
		return mapError(err)
	}
	news, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (c counted, err error) {
		err = row.Scan(&c.size, &c.unit, &c.procedure, &c.state, &c.open, &c.n, &c.changed)
		return c, err
	})
	if err != nil {
		return mapError(err)
	}
	t.take(news)
	return nil
}

// counted is a row of what has changed: the size of the log now, and a place unless no count has changed.
type counted struct {
	size                   int64
	unit, procedure, state *string
	open                   *bool
	n, changed             *int64
}

func (t *tally) take(news []counted) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.seen == nil {
		t.seen = map[listing.Place]int64{}
	}
	for _, c := range news {
		t.known = max(t.known, c.size)
		if c.unit == nil {
			continue
		}
		p := listing.Place{Unit: *c.unit, Procedure: *c.procedure, State: *c.state, Open: *c.open}
		if *c.changed >= t.seen[p] {
			t.seen[p] = *c.changed
			t.counts.Set(p, *c.n)
		}
	}
}

// deltaArgs are the parameters of tally-add: what a batch adds, after which the log has size entries.
func deltaArgs(log int32, delta listing.Delta, size int64) []any {
	var units, procedures, states []string
	var open []bool
	var n []int64
	for _, p := range delta.Places() {
		// A state that is open in one change and ended in another is one row all the same.
		if last := len(n) - 1; last >= 0 && units[last] == p.Unit && procedures[last] == p.Procedure && states[last] == p.State {
			n[last] += delta[p]
			continue
		}
		units, procedures, states = append(units, p.Unit), append(procedures, p.Procedure), append(states, p.State)
		open, n = append(open, p.Open), append(n, delta[p])
	}
	return []any{log, units, procedures, states, open, n, size}
}

// Counts implements casework.MatterStore.
func (s *Store) Counts(ctx context.Context, scope office.Scope) ([]casework.Count, error) {
	if err := s.twice(ctx, s.pool, func() error { return s.tally.refresh(ctx, s) }); err != nil {
		return nil, err
	}
	return s.tally.counts.Counts(scope), nil
}
