package postgres

import (
	"context"
	"encoding/json"

	"github.com/jackc/pgx/v5"

	"luoshi/internal/casework"
	"luoshi/internal/number"
)

// Matters implements casework.MatterStore.
func (s *Store) Matters(ctx context.Context, numbers []string) (map[string]*casework.Matter, error) {
	found, err := listOf(ctx, s, "matters-read", func(r pgx.CollectableRow) (*casework.Matter, error) {
		var doc []byte
		if err := r.Scan(&doc); err != nil {
			return nil, err
		}
		m := &casework.Matter{}
		return m, json.Unmarshal(doc, m)
	}, matterIDs(numbers))
	if err != nil {
		return nil, err
	}
	out := make(map[string]*casework.Matter, len(found))
	for _, m := range found {
		out[m.Number] = m
	}
	return out, nil
}

// matterIDs leaves out what is no number: there is no such matter.
func matterIDs(numbers []string) []int64 {
	ids := make([]int64, 0, len(numbers))
	for _, num := range numbers {
		if id, err := number.ID(num); err == nil {
			ids = append(ids, id)
		}
	}
	return ids
}
