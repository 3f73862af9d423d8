package sqlite

import (
	"context"

	"luoshi/internal/casework"
	"luoshi/internal/office"
	"luoshi/internal/store/listing"
)

// tally is what the tally table says. One process writes, so its committer keeps it in step after each commit.
type tally struct{ listing.Tally }

func (t *tally) load(ctx context.Context, s *Store) error {
	rows, err := s.reads["tally-all"].QueryContext(ctx)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var p listing.Place
		var n int64
		if err := rows.Scan(&p.Unit, &p.Procedure, &p.State, &p.Open, &n); err != nil {
			return err
		}
		t.Set(p, n)
	}
	return rows.Err()
}

// Counts implements casework.MatterStore.
func (s *Store) Counts(_ context.Context, scope office.Scope) ([]casework.Count, error) {
	return s.tally.Counts(scope), nil
}
