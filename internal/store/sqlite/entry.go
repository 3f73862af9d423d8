package sqlite

import (
	"context"
	"encoding/json"
	"fmt"

	"luoshi/internal/casework"
	"luoshi/internal/number"
)

// scanner is a row or rows.
type scanner interface{ Scan(dest ...any) error }

// scanEntry reads an entry's bytes; more are further columns. The act and content are not decoded.
func scanEntry(row scanner, before []any, more ...any) (*casework.Entry, error) {
	var r casework.Raw
	dest := append(append([]any{&r.Index}, before...), &r.Act, &r.Salt, &r.Content, &r.ContentSalt, &r.Commitment)
	if err := row.Scan(append(dest, more...)...); err != nil {
		return nil, mapError(err)
	}
	return r.Entry(), nil
}

// Entries implements casework.EntryStore.
func (s *Store) Entries(ctx context.Context, num string) ([]*casework.Entry, error) {
	id, err := number.ID(num)
	if err != nil {
		return nil, casework.ErrNotFound
	}
	return s.entries(ctx, "entries", id)
}

// EntriesOf implements casework.EntryStore.
func (s *Store) EntriesOf(ctx context.Context, numbers []string) (map[string][]*casework.Entry, error) {
	ids, err := json.Marshal(matterIDs(numbers))
	if err != nil {
		return nil, err
	}
	all, err := s.entries(ctx, "entries-of", string(ids))
	out := make(map[string][]*casework.Entry, len(numbers))
	for _, e := range all {
		out[e.Act.Matter] = append(out[e.Act.Matter], e)
	}
	return out, err
}

// entries reads those that a query finds.
func (s *Store) entries(ctx context.Context, query string, arg any) ([]*casework.Entry, error) {
	rows, err := s.reads[query].QueryContext(ctx, arg)
	if err != nil {
		return nil, mapError(err)
	}
	defer rows.Close()
	var out []*casework.Entry
	for rows.Next() {
		e, err := scanEntry(rows, nil)
		if err != nil {
			return nil, err
		}
		if err := e.Decode(); err != nil {
			return nil, err
		}
		out = append(out, e)
	}
	return out, mapError(rows.Err())
}

// Entry implements casework.EntryStore.
func (s *Store) Entry(ctx context.Context, num string, seq int) (*casework.Entry, error) {
	id, err := number.ID(num)
	if err != nil {
		return nil, casework.ErrNotFound
	}
	e, err := scanEntry(s.reads["entry-read"].QueryRowContext(ctx, id, seq), nil)
	if err != nil {
		return nil, err
	}
	return e, e.Decode()
}

// EntryByKey implements casework.MatterStore.
func (s *Store) EntryByKey(ctx context.Context, key []byte) (*casework.Entry, error) {
	idx, ok := s.requests.find(key)
	if !ok {
		if err := s.reads["request-read"].QueryRowContext(ctx, key).Scan(&idx); err != nil {
			return nil, mapError(err)
		}
	}
	e, err := scanEntry(s.reads["entry-by-index"].QueryRowContext(ctx, idx), nil)
	if err != nil {
		return nil, err
	}
	if err := e.Decode(); err != nil {
		return nil, fmt.Errorf("entry by key: %w", err)
	}
	return e, nil
}
