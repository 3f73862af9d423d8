package postgres

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"luoshi/internal/casework"
)

// Drafts implements casework.DeskStore.
func (s *Store) Drafts(ctx context.Context, unit string) ([]casework.Draft, error) {
	return listOf(ctx, s, "drafts", func(r pgx.CollectableRow) (casework.Draft, error) {
		d := casework.Draft{Unit: unit}
		err := r.Scan(&d.ID, &d.Title, &d.Version, &d.Login, &d.Changed, &d.Issued)
		return d, err
	}, unit)
}

// Draft implements casework.DeskStore.
func (s *Store) Draft(ctx context.Context, unit, id string) (casework.Draft, error) {
	d := casework.Draft{Unit: unit, ID: id}
	err := s.row(ctx, "draft-read", unit, id).Scan(&d.Title, &d.Doc, &d.Version, &d.Login, &d.Changed, &d.Issued)
	return d, mapError(err)
}

// PutDraft implements casework.DeskStore. It does not wait for the head of the log, for it is no part of it; the version
// decides between two who write at once.
func (s *Store) PutDraft(ctx context.Context, d casework.Draft) error {
	if s.write == nil {
		return errReadOnly
	}
	var version int
	err := s.twice(ctx, s.write, func() error {
		return s.write.QueryRow(ctx, s.queries["draft-put"], s.log, d.Unit, d.ID, d.Title, d.Doc, d.Version, d.Login, d.Changed, d.Issued).Scan(&version)
	})
	if errors.Is(err, pgx.ErrNoRows) {
		return casework.ErrConflict
	}
	return mapWrite(err)
}

// DropDraft implements casework.DeskStore.
func (s *Store) DropDraft(_ context.Context, unit, id string) error {
	return s.put(casework.News{}, statement{"draft-drop", []any{unit, id}})
}
