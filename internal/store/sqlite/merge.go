package sqlite

import (
	"cmp"
	"context"
	"slices"

	"luoshi/internal/casework"
)

// What reading costs, in microseconds on a machine of 2025. Only their proportions matter.
const (
	beginCost = 30 // to begin reading a place
	rowCost   = 8  // to read a row that is shown or compared
	skipCost  = 2  // to come past a row that does not match
)

// narrow reports whether reading place by place is cheaper than coming past everything.
func (l *listing) narrow(places int, matching, all int64) bool {
	wanted := min(int64(l.limit+1), matching)
	placeByPlace := int64(places)*(beginCost+rowCost*int64(l.portion(places))) + rowCost*wanted
	wide := rowCost*wanted + skipCost*(all/matching)*wanted
	return placeByPlace < wide
}

// portion is how many rows of a place are read at once: twice its share of the page.
func (l *listing) portion(places int) int {
	return min(l.limit+1, 2+2*l.limit/max(places, 1))
}

// stretch is one place, and how far it has been read.
type stretch struct {
	place
	last cursor
	more bool // rows may follow last
}

// merge reads a few rows of every place and goes on with those places alone whose rows could still belong to
// the page, until none can.
func (s *Store) merge(ctx context.Context, l *listing, places map[place]int64) ([]found, error) {
	stretches := make([]stretch, 0, len(places))
	for p := range places {
		stretches = append(stretches, stretch{p, l.after, true})
	}
	var all []found
	for {
		read := false
		for i := range stretches {
			st := &stretches[i]
			if !st.more || len(all) > l.limit && l.compare(st.last, all[l.limit].at) >= 0 {
				continue
			}
			rows, err := s.portion(ctx, l, st, l.portion(len(places)))
			if err != nil {
				return nil, err
			}
			all, read = append(all, rows...), true
		}
		if !read {
			return all, nil
		}
		slices.SortFunc(all, func(a, b found) int { return l.compare(a.at, b.at) })
		all = all[:min(len(all), l.limit+1)]
	}
}

// portion reads the next n rows of a place.
func (s *Store) portion(ctx context.Context, l *listing, st *stretch, n int) ([]found, error) {
	name := "list-place-newest"
	if l.order == casework.ByDue {
		name = "list-place-due"
	}
	rows, err := s.rows(ctx, name, st.unit, st.procedure, st.state, l.Assignee, st.last.due, st.last.id, n)
	if len(rows) > 0 {
		st.last = rows[len(rows)-1].at
	}
	st.more = len(rows) == n
	return rows, err
}

// compare says which row comes first in the list's order.
func (l *listing) compare(a, b cursor) int {
	if l.order == casework.Newest {
		return cmp.Compare(b.id, a.id)
	}
	return cmp.Or(cmp.Compare(a.due, b.due), cmp.Compare(a.id, b.id))
}
