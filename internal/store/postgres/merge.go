package postgres

import (
	"context"

	"luoshi/internal/casework"
	"luoshi/internal/store/listing"
)

// Portions implements listing.Reader, all places in one round trip.
func (r reader) Portions(ctx context.Context, l *listing.Listing, portions []listing.Portion, n int) ([][]listing.Found, error) {
	var units, procedures, states []string
	var dues, ids []int64
	for _, p := range portions {
		units, procedures, states = append(units, p.Unit), append(procedures, p.Procedure), append(states, p.State)
		dues, ids = append(dues, p.After.Due), append(ids, p.After.ID)
	}
	name, args := "list-place-newest", []any{r.store.log, units, procedures, states, ids, n}
	if l.Order == casework.ByDue {
		name, args = "list-place-due", append(args, dues)
	}
	rows, err := r.query(ctx, name, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := make([][]listing.Found, len(portions))
	for rows.Next() {
		var portion int64 // counted from one
		f, err := scanFound(rows, &portion)
		if err != nil {
			return nil, mapError(err)
		}
		out[portion-1] = append(out[portion-1], f)
	}
	return out, mapError(rows.Err())
}
