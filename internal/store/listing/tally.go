package listing

import (
	"cmp"
	"maps"
	"slices"
	"sync"

	"luoshi/internal/casework"
	"luoshi/internal/office"
)

// Place is where a matter is counted. Open follows from the state: it is false in an end state.
type Place struct {
	Unit, Procedure, State string
	Open                   bool
}

// Delta is what a transaction adds to the count of each place.
type Delta map[Place]int64

// Count notes what a change does: the matter leaves its place and comes to another, or to the same.
func (d Delta) Count(ch *casework.Change) {
	if b := ch.Before; b != nil {
		d[Place{Unit: b.Unit, Procedure: b.Procedure, State: b.State, Open: b.Open}]--
	}
	m := ch.Matter
	d[Place{Unit: m.Unit, Procedure: m.Procedure, State: m.State, Open: ch.Open}]++
}

// Places are the places whose counts change, sorted, so that every transaction comes past them in one order.
func (d Delta) Places() []Place {
	places := slices.Collect(maps.Keys(d))
	places = slices.DeleteFunc(places, func(p Place) bool { return d[p] == 0 })
	slices.SortFunc(places, func(a, b Place) int {
		return cmp.Or(cmp.Compare(a.Unit, b.Unit), cmp.Compare(a.Procedure, b.Procedure), cmp.Compare(a.State, b.State))
	})
	return places
}

// Tally is the counts in memory: what a store's tally table says. Lists use it to choose how to read. Its
// zero value counts nothing; it may be used by many at once.
type Tally struct {
	mu sync.RWMutex
	n  map[Place]int64
}

// Set says what the count of a place is.
func (t *Tally) Set(p Place, n int64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.set(p, n)
}

func (t *Tally) set(p Place, n int64) {
	if n == 0 {
		delete(t.n, p)
		return
	}
	if t.n == nil {
		t.n = map[Place]int64{}
	}
	t.n[p] = n
}

// Add changes counts by what a transaction has added.
func (t *Tally) Add(d Delta) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for p, n := range d {
		t.set(p, t.n[p]+n)
	}
}

// Match gives the places that f accepts with their counts, and the sums over them and over all those among
// which they are looked for.
func (t *Tally) Match(f, among func(Place) bool) (places map[Place]int64, matching, all int64) {
	t.mu.RLock()
	defer t.mu.RUnlock()
	places = map[Place]int64{}
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

// Counts are the counts inside a scope, as casework.MatterStore gives them.
func (t *Tally) Counts(scope office.Scope) []casework.Count {
	inside := Inside(scope)
	places, _, _ := t.Match(func(p Place) bool { return inside(p.Unit) }, func(Place) bool { return true })
	out := make([]casework.Count, 0, len(places))
	for p, n := range places {
		out = append(out, casework.Count{Unit: p.Unit, Procedure: p.Procedure, State: p.State, Open: p.Open, N: n})
	}
	return out
}
