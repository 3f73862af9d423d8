package postgres

import (
	"context"
	"errors"
	"slices"
	"time"

	"luoshi/internal/casework"
	"luoshi/internal/number"

	"github.com/jackc/pgx/v5"
)

// Wakes implements casework.MatterStore.
func (s *Store) Wakes(ctx context.Context, limit int) ([]casework.Wake, error) {
	return listOf(ctx, s, "matter-wakes", func(r pgx.CollectableRow) (casework.Wake, error) {
		var id, at int64
		err := r.Scan(&id, &at)
		return casework.Wake{Number: number.OfID(id), At: time.UnixMilli(at)}, err
	}, limit)
}

// Provisional implements casework.MatterStore.
func (s *Store) Provisional(ctx context.Context, key string, limit int) ([]string, error) {
	return listOf(ctx, s, "matter-provisional", func(r pgx.CollectableRow) (string, error) {
		var id int64
		err := r.Scan(&id)
		return number.OfID(id), err
	}, key, limit)
}

// Checked implements casework.MatterStore. It does not wait for the head of the log, for it writes no entry: a
// change of the matter that is under way is waited for at its row, and has another version then.
func (s *Store) Checked(ctx context.Context, num string, version int, key string) error {
	id, err := number.ID(num)
	if err != nil {
		return casework.ErrNotFound
	}
	if s.write == nil {
		return errReadOnly
	}
	err = s.twice(ctx, s.write, func() error {
		return s.write.QueryRow(ctx, s.queries["matter-checked"], s.log, id, version, key).Scan(&id)
	})
	if errors.Is(err, pgx.ErrNoRows) {
		return casework.ErrConflict
	}
	return mapWrite(err)
}

// Calendars implements casework.CalendarStore.
func (s *Store) Calendars(ctx context.Context) ([]casework.StoredCalendar, error) {
	return listOf(ctx, s, "calendars", func(r pgx.CollectableRow) (c casework.StoredCalendar, err error) {
		return c, r.Scan(&c.Name, &c.Seq, &c.Version, &c.Source, &c.Added)
	})
}

// CalendarsInForce implements casework.CalendarStore.
func (s *Store) CalendarsInForce(ctx context.Context) (map[string]int, error) {
	out := map[string]int{}
	_, err := listOf(ctx, s, "calendars-in-force", func(r pgx.CollectableRow) (struct{}, error) {
		var name string
		var seq int
		err := r.Scan(&name, &seq)
		out[name] = seq
		return struct{}{}, err
	})
	return out, err
}

// PutCalendar implements casework.CalendarStore. Two nodes may take one seq at once: the first has it, and who was
// first is asked afterwards.
func (s *Store) PutCalendar(ctx context.Context, c casework.StoredCalendar) error {
	err := s.put(casework.News{Calendars: true}, statement{"calendar-put", []any{c.Name, c.Seq, c.Version, c.Source, c.Added}})
	if err != nil {
		return err
	}
	all, err := s.Calendars(ctx)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(all, func(o casework.StoredCalendar) bool {
		return o.Name == c.Name && o.Seq == c.Seq && o.Version == c.Version && o.Added == c.Added
	}) {
		return casework.ErrTaken
	}
	return nil
}
