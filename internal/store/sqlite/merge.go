package sqlite

import (
	"context"

	"luoshi/internal/casework"
	"luoshi/internal/store/listing"
)

// Portions implements listing.Reader, one query for each place: within one process that costs nothing.
func (r reader) Portions(ctx context.Context, l *listing.Listing, portions []listing.Portion, n int) ([][]listing.Found, error) {
	name := "list-place-newest"
	if l.Order == casework.ByDue {
		name = "list-place-due"
	}
	out := make([][]listing.Found, len(portions))
	for i, p := range portions {
		rows, err := r.s.rows(ctx, name, p.Unit, p.Procedure, p.State, l.Assignee, p.After.Due, p.After.ID, n)
		if err != nil {
			return nil, err
		}
		out[i] = rows
	}
	return out, nil
}
