package sqlite

import (
	"context"

	"luoshi/internal/casework"
)

// Worklists implements casework.DeskStore.
func (s *Store) Worklists(ctx context.Context, login string) ([]casework.Worklist, error) {
	rows, err := s.reads["worklists"].QueryContext(ctx, login)
	if err != nil {
		return nil, mapError(err)
	}
	defer rows.Close()
	var out []casework.Worklist
	for rows.Next() {
		w := casework.Worklist{Login: login}
		if err := rows.Scan(&w.Name, &w.Query, &w.Added); err != nil {
			return nil, err
		}
		out = append(out, w)
	}
	return out, mapError(rows.Err())
}

// PutWorklist implements casework.DeskStore.
func (s *Store) PutWorklist(ctx context.Context, x casework.Worklist) error {
	return s.inWriter(ctx, func(ctx context.Context, w *batch) error {
		return w.exec(ctx, "worklist-put", x.Login, x.Name, x.Query, x.Added)
	})
}

// DropWorklist implements casework.DeskStore.
func (s *Store) DropWorklist(ctx context.Context, login, name string) error {
	return s.inWriter(ctx, func(ctx context.Context, w *batch) error { return w.exec(ctx, "worklist-drop", login, name) })
}

// Replies implements casework.DeskStore.
func (s *Store) Replies(ctx context.Context, unit string) ([]casework.Reply, error) {
	rows, err := s.reads["replies"].QueryContext(ctx, unit)
	if err != nil {
		return nil, mapError(err)
	}
	defer rows.Close()
	var out []casework.Reply
	for rows.Next() {
		r := casework.Reply{Unit: unit}
		if err := rows.Scan(&r.ID, &r.Procedure, &r.Step, &r.Name, &r.Body, &r.Login, &r.Changed); err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	return out, mapError(rows.Err())
}

// PutReply implements casework.DeskStore.
func (s *Store) PutReply(ctx context.Context, r casework.Reply) error {
	return s.inWriter(ctx, func(ctx context.Context, w *batch) error {
		return w.exec(ctx, "reply-put", r.Unit, r.ID, r.Procedure, r.Step, r.Name, r.Body, r.Login, r.Changed)
	})
}

// DropReply implements casework.DeskStore.
func (s *Store) DropReply(ctx context.Context, unit, id string) error {
	return s.inWriter(ctx, func(ctx context.Context, w *batch) error { return w.exec(ctx, "reply-drop", unit, id) })
}
