package sqlite

import (
	"context"
	"database/sql"
	"time"

	"luoshi/internal/casework"
	"luoshi/internal/number"
)

// Wakes implements casework.MatterStore.
func (s *Store) Wakes(ctx context.Context, limit int) ([]casework.Wake, error) {
	return listOf(ctx, s, "matter-wakes", func(rows *sql.Rows) (casework.Wake, error) {
		var id, at int64
		err := rows.Scan(&id, &at)
		return casework.Wake{Number: number.OfID(id), At: time.UnixMilli(at)}, err
	}, limit)
}

// Provisional implements casework.MatterStore.
func (s *Store) Provisional(ctx context.Context, key string, limit int) ([]string, error) {
	return listOf(ctx, s, "matter-provisional", func(rows *sql.Rows) (string, error) {
		var id int64
		err := rows.Scan(&id)
		return number.OfID(id), err
	}, key, limit)
}

// Checked implements casework.MatterStore.
func (s *Store) Checked(ctx context.Context, num string, version int, key string) error {
	id, err := number.ID(num)
	if err != nil {
		return casework.ErrNotFound
	}
	return s.inWriter(ctx, func(ctx context.Context, w *batch) error {
		return w.single(ctx, casework.ErrConflict, "matter-checked", key, id, version)
	})
}

// Calendars implements casework.CalendarStore.
func (s *Store) Calendars(ctx context.Context) ([]casework.StoredCalendar, error) {
	return listOf(ctx, s, "calendars", func(rows *sql.Rows) (c casework.StoredCalendar, err error) {
		return c, rows.Scan(&c.Name, &c.Seq, &c.Version, &c.Source, &c.Added)
	})
}

// CalendarsInForce implements casework.CalendarStore.
func (s *Store) CalendarsInForce(ctx context.Context) (map[string]int, error) {
	out := map[string]int{}
	_, err := listOf(ctx, s, "calendars-in-force", func(rows *sql.Rows) (struct{}, error) {
		var name string
		var seq int
		err := rows.Scan(&name, &seq)
		out[name] = seq
		return struct{}{}, err
	})
	return out, err
}

// PutCalendar implements casework.CalendarStore.
func (s *Store) PutCalendar(ctx context.Context, c casework.StoredCalendar) error {
	return s.inWriterWithNews(ctx, casework.News{Calendars: true}, func(ctx context.Context, w *batch) error {
		return w.single(ctx, casework.ErrTaken, "calendar-put", c.Name, c.Seq, c.Version, c.Source, c.Added)
	})
}

// listOf collects the rows of a reading query.
func listOf[T any](ctx context.Context, s *Store, name string, scan func(*sql.Rows) (T, error), args ...any) ([]T, error) {
	rows, err := s.reads[name].QueryContext(ctx, args...)
	if err != nil {
		return nil, mapError(err)
	}
	defer rows.Close()
	var out []T
	for rows.Next() {
		v, err := scan(rows)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, mapError(rows.Err())
}
