package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"math"

	"luoshi/internal/casework"
	"luoshi/internal/number"
	"luoshi/internal/store/listing"
)

// List implements casework.MatterStore.
func (s *Store) List(ctx context.Context, q casework.Query) ([]casework.Row, string, error) {
	if q.Tokens != nil && s.committer != nil {
		if err := s.flushIndex(ctx); err != nil {
			return nil, "", err
		}
	}
	return listing.List(ctx, q, &s.tally.Tally, reader{s})
}

// reader implements listing.Reader.
type reader struct{ s *Store }

// Walk implements listing.Reader.
func (r reader) Walk(ctx context.Context, query string, l *listing.Listing) ([]listing.Found, error) {
	args, err := wide(l)
	if err != nil {
		return nil, err
	}
	if query == "list-newest" {
		args = append(args, l.Floor)
	}
	return r.s.rows(ctx, query, args...)
}

// Top implements listing.Reader.
func (r reader) Top(ctx context.Context, below int64) (top int64, err error) {
	err = r.s.reads["list-top"].QueryRowContext(ctx, below).Scan(&top)
	return top, mapError(err)
}

// wide are the parameters of the queries that drop what does not match.
func wide(l *listing.Listing) ([]any, error) {
	open, units := -1, ""
	if l.Open != nil {
		open = bit(*l.Open)
	}
	if !l.Everywhere() {
		b, err := json.Marshal(l.Units)
		if err != nil {
			return nil, err
		}
		units = string(b)
	}
	return []any{l.State, l.Procedure, l.Assignee, open, units, l.After.Due, l.After.ID, l.Limit + 1}, nil
}

// within are the last parameters of a search: when what is found has to run out, and whether it is nobody's.
func within(l *listing.Listing) []any {
	due := l.Within()
	return []any{due.After, due.Until, bit(l.Unassigned)}
}

// Board implements listing.Reader.
func (r reader) Board(ctx context.Context, since int64) (*listing.Board, error) {
	return r.s.filled(ctx, since)
}

// These implements listing.Reader.
func (r reader) These(ctx context.Context, ids []int64) ([]listing.Found, error) {
	b, err := json.Marshal(ids)
	if err != nil {
		return nil, err
	}
	return r.s.rows(ctx, "list-these", string(b))
}

// One implements listing.Reader. The wide queries read the matter from its own row: without filters the first
// row at or below it is its own, or it has none, so that nothing is scanned.
func (r reader) One(ctx context.Context, num string, tokens []string) ([]listing.Found, error) {
	id, err := number.ID(num)
	if err != nil {
		return nil, err
	}
	args := []any{"", "", "", -1, "", 0, id + 1, 1}
	var rows []listing.Found
	if tokens == nil {
		rows, err = r.s.rows(ctx, "list-newest", append(args, id)...)
	} else {
		rows, err = r.s.rows(ctx, "list-search", append(args, allOf(tokens), id, math.MinInt64, math.MaxInt64, 0)...)
	}
	if err != nil || len(rows) == 0 || rows[0].At.ID != id {
		return nil, err
	}
	return rows, nil
}

func (s *Store) rows(ctx context.Context, name string, args ...any) ([]listing.Found, error) {
	rows, err := s.reads[name].QueryContext(ctx, args...)
	if err != nil {
		return nil, mapError(err)
	}
	return scanRows(rows)
}

func scanRows(rows *sql.Rows) ([]listing.Found, error) {
	defer rows.Close()
	var out []listing.Found
	for rows.Next() {
		var f listing.Found
		var opened int64
		r := &f.Row
		if err := rows.Scan(&f.At.ID, &r.Procedure, &r.State, &r.Open, &r.Unit, &r.Assignee, &r.Version, &opened, &f.At.Due, &r.Title); err != nil {
			return nil, mapError(err)
		}
		f.Complete(number.OfID(f.At.ID), opened)
		out = append(out, f)
	}
	return out, mapError(rows.Err())
}
