package sqlite

import (
	"context"
	"encoding/json"

	"luoshi/internal/casework"
	"luoshi/internal/number"
)

// Matters implements casework.MatterStore.
func (s *Store) Matters(ctx context.Context, numbers []string) (map[string]*casework.Matter, error) {
	ids, err := json.Marshal(matterIDs(numbers))
	if err != nil {
		return nil, err
	}
	rows, err := s.reads["matters-read"].QueryContext(ctx, string(ids))
	if err != nil {
		return nil, mapError(err)
	}
	defer rows.Close()
	out := make(map[string]*casework.Matter, len(numbers))
	for rows.Next() {
		var doc []byte
		if err := rows.Scan(&doc); err != nil {
			return nil, err
		}
		m := &casework.Matter{}
		if err := json.Unmarshal(doc, m); err != nil {
			return nil, err
		}
		out[m.Number] = m
	}
	return out, mapError(rows.Err())
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
