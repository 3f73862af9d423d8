package sqlite

import (
	"context"

	"luoshi/internal/casework"
)

// Drafts implements casework.DeskStore.
func (s *Store) Drafts(ctx context.Context, unit string) ([]casework.Draft, error) {
	rows, err := s.reads["drafts"].QueryContext(ctx, unit)
	if err != nil {
		return nil, mapError(err)
	}
	defer rows.Close()
	var out []casework.Draft
	for rows.Next() {
		d := casework.Draft{Unit: unit}
		if err := rows.Scan(&d.ID, &d.Title, &d.Version, &d.Login, &d.Changed, &d.Issued); err != nil {
			return nil, err
		}
		out = append(out, d)
	}
	return out, mapError(rows.Err())
}

// Draft implements casework.DeskStore.
func (s *Store) Draft(ctx context.Context, unit, id string) (casework.Draft, error) {
	d := casework.Draft{Unit: unit, ID: id}
	err := s.reads["draft-read"].QueryRowContext(ctx, unit, id).Scan(&d.Title, &d.Doc, &d.Version, &d.Login, &d.Changed, &d.Issued)
	return d, mapError(err)
}

// PutDraft implements casework.DeskStore.
func (s *Store) PutDraft(ctx context.Context, d casework.Draft) error {
	return s.inWriter(ctx, func(ctx context.Context, w *batch) error {
		return w.single(ctx, casework.ErrConflict, "draft-put", d.Unit, d.ID, d.Title, d.Doc, d.Version, d.Login, d.Changed, d.Issued)
	})
}

// DropDraft implements casework.DeskStore.
func (s *Store) DropDraft(ctx context.Context, unit, id string) error {
	return s.inWriter(ctx, func(ctx context.Context, w *batch) error { return w.exec(ctx, "draft-drop", unit, id) })
}
