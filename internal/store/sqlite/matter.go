package sqlite

import (
	"context"
	"encoding/json"
	"sync"

	"luoshi/internal/casework"
	"luoshi/internal/number"
)

// Matter implements casework.MatterStore.
func (s *Store) Matter(ctx context.Context, num string) (*casework.Matter, error) {
	id, err := number.ID(num)
	if err != nil {
		return nil, casework.ErrNotFound
	}
	var doc []byte
	if err := s.reads["matter-read"].QueryRowContext(ctx, id).Scan(&doc); err != nil {
		return nil, mapError(err)
	}
	m := &casework.Matter{}
	return m, json.Unmarshal(doc, m)
}

// serials are the numbers of new matters. One process writes to a file, so what was given or used is known in
// memory; a restart begins after the highest that was used.
type serials struct {
	mu   sync.Mutex
	next map[int64]int64 // ID of the next matter by the ID before the first of its year
}

// used notes that a matter is being recorded, whose number may not have been given here.
func (g *serials) used(id int64) {
	g.mu.Lock()
	defer g.mu.Unlock()
	year := id - id%number.FirstID(1)
	if next, known := g.next[year]; known && id >= next {
		g.next[year] = id + 1
	}
}

// Serials implements casework.MatterStore.
func (s *Store) Serials(ctx context.Context, year int, n int64) (int64, error) {
	s.serials.mu.Lock()
	defer s.serials.mu.Unlock()
	below := number.FirstID(year)
	first, known := s.serials.next[below]
	if !known {
		var highest int64
		if err := s.reads["matter-max"].QueryRowContext(ctx, below, below+number.MaxSerial).Scan(&highest); err != nil {
			return 0, mapError(err)
		}
		first = max(highest, below) + 1
		if s.serials.next == nil {
			s.serials.next = map[int64]int64{}
		}
	}
	s.serials.next[below] = first + n
	return first - below, nil
}

// Disclose implements casework.DisclosureStore. A reading already kept for that day is not written again.
func (s *Store) Disclose(ctx context.Context, d casework.Disclosure) error {
	id, err := number.ID(d.Matter)
	if err != nil {
		return casework.ErrNotFound
	}
	var known int
	if s.reads["disclosure-known"].QueryRowContext(ctx, id, d.Day, d.Login).Scan(&known) == nil {
		return nil
	}
	return s.inWriter(ctx, func(ctx context.Context, w *batch) error {
		return w.exec(ctx, "disclosure-insert", id, d.Day, d.Login, d.Unit, d.First)
	})
}

// Disclosures implements casework.DisclosureStore.
func (s *Store) Disclosures(ctx context.Context, num string) ([]casework.Disclosure, error) {
	id, err := number.ID(num)
	if err != nil {
		return nil, casework.ErrNotFound
	}
	rows, err := s.reads["disclosures"].QueryContext(ctx, id)
	if err != nil {
		return nil, mapError(err)
	}
	defer rows.Close()
	var out []casework.Disclosure
	for rows.Next() {
		d := casework.Disclosure{Matter: num}
		if err := rows.Scan(&d.Day, &d.Login, &d.Unit, &d.First); err != nil {
			return nil, err
		}
		out = append(out, d)
	}
	return out, rows.Err()
}
