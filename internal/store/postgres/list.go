package postgres

import (
	"context"
	"errors"
	"slices"
	"strings"
	"unicode/utf8"

	"luoshi/internal/casework"
	"luoshi/internal/number"
	"luoshi/internal/store/listing"

	"github.com/jackc/pgx/v5"
)

// List implements casework.MatterStore.
func (s *Store) List(ctx context.Context, q casework.Query) (rows []casework.Row, next string, err error) {
	if !storable(q.Assignee) {
		return nil, "", nil // the counts know places, so that only this goes to the database unseen
	}
	err = s.twice(ctx, s.pool, func() error {
		if err := s.tally.refresh(ctx, s); err != nil {
			return err
		}
		rows, next, err = listing.List(ctx, q, &s.tally.counts, reader{s})
		return err
	})
	if errors.Is(err, casework.ErrNotFound) { // of what is asked for, no text can hold a character
		return nil, "", nil
	}
	return rows, next, err
}

// storable reports whether a text can be in the database at all, which refuses others even in a question.
func storable(text string) bool { return utf8.ValidString(text) && !strings.ContainsRune(text, 0) }

// reader implements listing.Reader.
type reader struct{ store *Store }

// Walk implements listing.Reader.
func (r reader) Walk(ctx context.Context, query string, l *listing.Listing) ([]listing.Found, error) {
	args := []any{r.store.log, l.State, l.Procedure, units(l), l.Limit + 1, l.After.ID}
	if l.Order == casework.ByDue {
		args = append(args, l.After.Due)
	} else {
		args = append(args, l.Open)
	}
	if l.Assignee != "" {
		args = append(args, l.Assignee)
	} else if l.Order == casework.Newest {
		args = append(args, l.Floor)
	}
	return r.rows(ctx, query, args...)
}

// Top implements listing.Reader.
func (r reader) Top(ctx context.Context, below int64) (int64, error) {
	ids, err := r.numbers(ctx, "list-top", 1, below)
	if err != nil || len(ids) == 0 {
		return 0, err
	}
	return ids[0], nil
}

// units are those a query may show; nil, which is NULL, for all.
func units(l *listing.Listing) []string {
	if l.Everywhere() {
		return nil
	}
	return slices.DeleteFunc(append([]string{}, l.Units...), func(u string) bool { return !storable(u) })
}

// Board implements listing.Reader.
func (r reader) Board(ctx context.Context, since int64) (*listing.Board, error) {
	return r.store.board.bring(ctx, r.store, since)
}

// These implements listing.Reader.
func (r reader) These(ctx context.Context, ids []int64) ([]listing.Found, error) {
	return r.rows(ctx, "list-these", r.store.log, ids)
}

// One implements listing.Reader. The first row at or below the matter's is its own, or it has none.
func (r reader) One(ctx context.Context, num string, tokens []string) ([]listing.Found, error) {
	id, err := number.ID(num)
	if err != nil {
		return nil, err
	}
	if tokens != nil {
		hits, err := r.numbers(ctx, "list-search-few", 1, tokens, places(r.store.log, id, id+1), []int64{id})
		if err != nil || len(hits) == 0 {
			return nil, err
		}
	}
	rows, err := r.rows(ctx, "list-newest", r.store.log, "", "", nil, 1, id+1, nil, id)
	if err != nil || len(rows) == 0 || rows[0].At.ID != id {
		return nil, err
	}
	return rows, nil
}

// rows runs a query whose columns are those of a row.
func (r reader) rows(ctx context.Context, name string, args ...any) ([]listing.Found, error) {
	rows, err := r.query(ctx, name, args...)
	if err != nil {
		return nil, err
	}
	found, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (listing.Found, error) { return scanFound(row) })
	return found, mapError(err)
}

// numbers runs a query that gives numbers of matters, at most so many.
func (r reader) numbers(ctx context.Context, name string, most int, args ...any) ([]int64, error) {
	rows, err := r.query(ctx, name, append([]any{r.store.log, most}, args...)...)
	if err != nil {
		return nil, err
	}
	ids, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	return ids, mapError(err)
}

// query asks with the values in hand: which index serves a list, and whether a word is common, depends on them.
// A prepared statement would after five times be planned once for all values. What PostgreSQL has said of the
// parameters is remembered, so that it is one round trip all the same.
func (r reader) query(ctx context.Context, name string, args ...any) (pgx.Rows, error) {
	rows, err := r.store.pool.Query(ctx, r.store.queries[name], append([]any{pgx.QueryExecModeCacheDescribe}, args...)...)
	return rows, mapError(err)
}

// scanFound reads a row; first are columns before its own.
func scanFound(row pgx.CollectableRow, first ...any) (f listing.Found, err error) {
	var opened int64
	var title []byte
	r := &f.Row
	err = row.Scan(append(first, &f.At.ID, &r.Procedure, &r.State, &r.Open, &r.Unit, &r.Assignee, &r.Version, &opened, &f.At.Due, &title)...)
	r.Title = string(title)
	f.Complete(number.OfID(f.At.ID), opened)
	return f, err
}
