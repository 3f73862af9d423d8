package postgres

import (
	"context"
	"encoding/json"
	"errors"

	"luoshi/internal/casework"
	"luoshi/internal/number"

	"github.com/jackc/pgx/v5"
)

// Matter implements casework.MatterStore.
func (s *Store) Matter(ctx context.Context, num string) (*casework.Matter, error) {
	id, err := number.ID(num)
	if err != nil {
		return nil, casework.ErrNotFound
	}
	var doc []byte
	if err := s.row(ctx, "matter-read", id).Scan(&doc); err != nil {
		return nil, mapError(err)
	}
	m := &casework.Matter{}
	return m, json.Unmarshal(doc, m)
}

// Serials implements casework.MatterStore. What was reserved is on stable storage before anybody gets it.
func (s *Store) Serials(ctx context.Context, year int, n int64) (first int64, err error) {
	if s.write == nil {
		return 0, errReadOnly
	}
	below := number.FirstID(year)
	err = s.twice(ctx, s.write, func() error { // what was reserved unheard is left out
		return s.write.QueryRow(ctx, s.queries["serial-take"], s.log, year, n, below, below+number.MaxSerial).Scan(&first)
	})
	return first, mapWrite(err)
}

// Disclose implements casework.DisclosureStore. A reading already kept for that day is not written again.
func (s *Store) Disclose(ctx context.Context, d casework.Disclosure) error {
	id, err := number.ID(d.Matter)
	if err != nil {
		return casework.ErrNotFound
	}
	var known int
	err = mapError(s.row(ctx, "disclosure-known", id, d.Day, d.Login).Scan(&known))
	if !errors.Is(err, casework.ErrNotFound) {
		return err
	}
	return s.put(casework.News{}, statement{"disclosure-insert", []any{id, d.Day, d.Login, d.Unit, d.First}})
}

// Disclosures implements casework.DisclosureStore.
func (s *Store) Disclosures(ctx context.Context, num string) ([]casework.Disclosure, error) {
	id, err := number.ID(num)
	if err != nil {
		return nil, casework.ErrNotFound
	}
	return listOf(ctx, s, "disclosures", func(r pgx.CollectableRow) (casework.Disclosure, error) {
		d := casework.Disclosure{Matter: num}
		return d, r.Scan(&d.Day, &d.Login, &d.Unit, &d.First)
	}, id)
}
