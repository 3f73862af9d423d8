package postgres

import (
	"context"
	"fmt"

	"luoshi/internal/casework"
	"luoshi/internal/number"

	"github.com/jackc/pgx/v5"
)

// scanEntry reads an entry's bytes; before are the columns after the index, more those after the others. The
// act and content are not decoded.
func scanEntry(row pgx.Row, before []any, more ...any) (*casework.Entry, error) {
	var r casework.Raw
	dest := append(append([]any{&r.Index}, before...), &r.Act, &r.Salt, &r.Content, &r.ContentSalt, &r.Commitment)
	if err := row.Scan(append(dest, more...)...); err != nil {
		return nil, mapError(err)
	}
	return r.Entry(), nil
}

// decoded is scanEntry for one that was found, with act and content.
func decoded(r pgx.Row) (*casework.Entry, error) {
	e, err := scanEntry(r, nil)
	if err != nil {
		return nil, err
	}
	return e, e.Decode()
}

// Entries implements casework.EntryStore.
func (s *Store) Entries(ctx context.Context, num string) ([]*casework.Entry, error) {
	id, err := number.ID(num)
	if err != nil {
		return nil, casework.ErrNotFound
	}
	return listOf(ctx, s, "entries", func(r pgx.CollectableRow) (*casework.Entry, error) { return decoded(r) }, id)
}

// EntriesOf implements casework.EntryStore.
func (s *Store) EntriesOf(ctx context.Context, numbers []string) (map[string][]*casework.Entry, error) {
	all, err := listOf(ctx, s, "entries-of", func(r pgx.CollectableRow) (*casework.Entry, error) { return decoded(r) }, matterIDs(numbers))
	if err != nil {
		return nil, err
	}
	out := make(map[string][]*casework.Entry, len(numbers))
	for _, e := range all {
		out[e.Act.Matter] = append(out[e.Act.Matter], e)
	}
	return out, nil
}

// Entry implements casework.EntryStore.
func (s *Store) Entry(ctx context.Context, num string, seq int) (*casework.Entry, error) {
	id, err := number.ID(num)
	if err != nil {
		return nil, casework.ErrNotFound
	}
	return decoded(s.row(ctx, "entry-read", id, seq))
}

// EntryByKey implements casework.MatterStore.
func (s *Store) EntryByKey(ctx context.Context, key []byte) (*casework.Entry, error) {
	e, err := decoded(s.row(ctx, "entry-by-request", key))
	if err != nil {
		return nil, fmt.Errorf("entry by key: %w", err)
	}
	return e, nil
}
