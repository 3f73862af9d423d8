package postgres

import (
	"context"
	"sync"

	"luoshi/internal/casework"
	"luoshi/internal/store/listing"

	"github.com/jackc/pgx/v5"
)

// board is every open matter in memory. Every node writes, so a node asks before each use which matters have changed
// since it asked last: then it sees exactly what is committed, also by others.
type board struct {
	listing.Board

	mu    sync.Mutex
	known int64 // size of the log up to which every change is on the board
}

// Survey implements casework.MatterStore.
func (s *Store) Survey(ctx context.Context, q casework.Survey) (*casework.Standing, error) {
	board, err := s.board.bring(ctx, s, listing.Since(q))
	if err != nil {
		return nil, err
	}
	return board.Survey(q), nil
}

// Numbers implements casework.MatterStore.
func (s *Store) Numbers(ctx context.Context, lists []casework.Query) ([]int64, error) {
	return listing.Numbers(ctx, lists, func(ctx context.Context, since int64) (*listing.Board, error) { return s.board.bring(ctx, s, since) })
}

// bring brings the board to what is committed now, with all that ended from a moment on.
func (b *board) bring(ctx context.Context, s *Store, since int64) (*listing.Board, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	err := s.twice(ctx, s.pool, func() error {
		if b.Ready(since) {
			return b.refresh(ctx, s)
		}
		return b.Load(ctx, since, func(ctx context.Context, since int64, put func(listing.Card)) error {
			return b.read(ctx, s, since, put)
		})
	})
	return &b.Board, mapError(err)
}

// read reads everything as of one moment.
func (b *board) read(ctx context.Context, s *Store, since int64, put func(listing.Card)) error {
	return pgx.BeginTxFunc(ctx, s.pool, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
		if err := tx.QueryRow(ctx, s.queries["log-size"], s.log).Scan(&b.known); err != nil {
			return err
		}
		c := listing.Card{Place: listing.Place{Open: true}}
		rows, err := tx.Query(ctx, s.queries["board-open"], s.log)
		if err == nil {
			_, err = pgx.ForEachRow(rows, []any{&c.ID, &c.Unit, &c.Procedure, &c.State, &c.Assignee, &c.Due, &c.Opened, &c.Late}, func() error { put(c); return nil })
		}
		if err != nil {
			return err
		}
		c = listing.Card{}
		if rows, err = tx.Query(ctx, s.queries["board-ended"], s.log, since); err == nil {
			_, err = pgx.ForEachRow(rows, []any{&c.ID, &c.Unit, &c.Opened, &c.Ended, &c.Late}, func() error { put(c); return nil })
		}
		return err
	})
}

// moved is a row of what has changed: the size of the log now, and a matter unless none is there.
type moved struct {
	size                             int64
	unit, procedure, state, assignee *string
	open                             *bool
	id, due, opened, ended, late     *int64
}

func (b *board) refresh(ctx context.Context, s *Store) error {
	rows, err := s.pool.Query(ctx, s.queries["board-changed"], s.log, b.known)
	if err != nil {
		return err
	}
	news, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (m moved, err error) {
		return m, row.Scan(&m.size, &m.id, &m.unit, &m.procedure, &m.state, &m.open, &m.assignee, &m.due, &m.opened, &m.ended, &m.late)
	})
	if err != nil || len(news) == 0 {
		return err
	}
	b.known = news[0].size
	if news[0].id == nil {
		return nil
	}
	b.Put(len(news), func(i int) listing.Card {
		m := news[i]
		return listing.Card{ID: *m.id, Place: listing.Place{Unit: *m.unit, Procedure: *m.procedure, State: *m.state, Open: *m.open}, Assignee: *m.assignee,
			Due: *m.due, Opened: *m.opened, Ended: *m.ended, Late: *m.late}
	})
	return nil
}
