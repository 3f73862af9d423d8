package sqlite

import (
	"context"
	"database/sql"

	"luoshi/internal/casework"
	"luoshi/internal/store/listing"
)

// Survey implements casework.MatterStore.
func (s *Store) Survey(ctx context.Context, q casework.Survey) (*casework.Standing, error) {
	board, err := s.filled(ctx, listing.Since(q))
	if err != nil {
		return nil, err
	}
	return board.Survey(q), nil
}

// Numbers implements casework.MatterStore.
func (s *Store) Numbers(ctx context.Context, lists []casework.Query) ([]int64, error) {
	return listing.Numbers(ctx, lists, s.filled)
}

// filled is the board with every open matter and all that ended from a moment on. The committer keeps it in step after
// each commit, as the tally.
func (s *Store) filled(ctx context.Context, since int64) (*listing.Board, error) {
	if s.board.Ready(since) {
		return &s.board, nil
	}
	err := s.board.Load(ctx, since, s.readBoard)
	return &s.board, mapError(err)
}

// readBoard reads within one transaction, so that a matter that ends meanwhile is not missed.
func (s *Store) readBoard(ctx context.Context, since int64, put func(listing.Card)) error {
	tx, err := s.read.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return err
	}
	defer tx.Rollback()
	open := func(rows *sql.Rows) (c listing.Card, err error) {
		c.Open = true
		return c, rows.Scan(&c.ID, &c.Unit, &c.Procedure, &c.State, &c.Assignee, &c.Due, &c.Opened, &c.Late)
	}
	if err := each(ctx, tx, s.queries["board-open"], open, put); err != nil {
		return err
	}
	ended := func(rows *sql.Rows) (c listing.Card, err error) {
		return c, rows.Scan(&c.ID, &c.Unit, &c.Opened, &c.Ended, &c.Late)
	}
	return each(ctx, tx, s.queries["board-ended"], ended, put, since)
}

// each hands over every row of a query.
func each[T any](ctx context.Context, tx *sql.Tx, query string, scan func(*sql.Rows) (T, error), put func(T), args ...any) error {
	rows, err := tx.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		v, err := scan(rows)
		if err != nil {
			return err
		}
		put(v)
	}
	return rows.Err()
}
