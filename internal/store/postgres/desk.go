package postgres

import (
	"context"

	"luoshi/internal/casework"

	"github.com/jackc/pgx/v5"
)

// Worklists implements casework.DeskStore.
func (s *Store) Worklists(ctx context.Context, login string) ([]casework.Worklist, error) {
	return listOf(ctx, s, "worklists", func(r pgx.CollectableRow) (casework.Worklist, error) {
		w := casework.Worklist{Login: login}
		err := r.Scan(&w.Name, &w.Query, &w.Added)
		return w, err
	}, login)
}

// PutWorklist implements casework.DeskStore.
func (s *Store) PutWorklist(_ context.Context, x casework.Worklist) error {
	return s.put(casework.News{}, statement{"worklist-put", []any{x.Login, x.Name, x.Query, x.Added}})
}

// DropWorklist implements casework.DeskStore.
func (s *Store) DropWorklist(_ context.Context, login, name string) error {
	return s.put(casework.News{}, statement{"worklist-drop", []any{login, name}})
}

// Replies implements casework.DeskStore.
func (s *Store) Replies(ctx context.Context, unit string) ([]casework.Reply, error) {
	return listOf(ctx, s, "replies", func(r pgx.CollectableRow) (casework.Reply, error) {
		x := casework.Reply{Unit: unit}
		err := r.Scan(&x.ID, &x.Procedure, &x.Step, &x.Name, &x.Body, &x.Login, &x.Changed)
		return x, err
	}, unit)
}

// PutReply implements casework.DeskStore.
func (s *Store) PutReply(_ context.Context, r casework.Reply) error {
	return s.put(casework.News{}, statement{"reply-put", []any{r.Unit, r.ID, r.Procedure, r.Step, r.Name, r.Body, r.Login, r.Changed}})
}

// DropReply implements casework.DeskStore.
func (s *Store) DropReply(_ context.Context, unit, id string) error {
	return s.put(casework.News{}, statement{"reply-drop", []any{unit, id}})
}
