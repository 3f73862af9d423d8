package sqlite

import (
	"context"
	"database/sql"
	"fmt"

	"luoshi/internal/casework"
	"luoshi/internal/number"
)

// Snapshot implements casework.AuditStore: one read transaction, so that what is written meanwhile is not
// half seen.
func (s *Store) Snapshot(ctx context.Context, f func(casework.Snapshot) error) error {
	tx, err := s.read.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return mapError(err)
	}
	defer tx.Rollback()
	var size int64 // SQLite takes its snapshot at the first reading, not at BEGIN
	if err := tx.QueryRowContext(ctx, s.queries["log-size"]).Scan(&size); err != nil {
		return mapError(err)
	}
	return f(&snapshot{store: s, tx: tx})
}

type snapshot struct {
	store *Store
	tx    *sql.Tx
}

// each runs a query and hands over every row.
func (v *snapshot) each(ctx context.Context, name string, f func(*sql.Rows) error) error {
	rows, err := v.tx.QueryContext(ctx, v.store.queries[name])
	if err != nil {
		return mapError(err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := f(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

func (v *snapshot) entries(ctx context.Context, name string, f func(casework.Stored) error) error {
	return v.each(ctx, name, func(rows *sql.Rows) error {
		var id int64
		var seq int
		var key []byte
		e, err := scanEntry(rows, []any{&id, &seq}, &key)
		if err != nil {
			return err
		}
		return f(casework.Stored{Entry: e, Number: number.OfID(id), ID: id, Seq: seq, Key: key})
	})
}

func (v *snapshot) Entries(ctx context.Context, f func(casework.Stored) error) error {
	return v.entries(ctx, "audit-entries", f)
}

func (v *snapshot) Histories(ctx context.Context, f func(casework.Stored) error) error {
	return v.entries(ctx, "audit-histories", f)
}

func (v *snapshot) Tiles(ctx context.Context, f func(level int, index int64, data []byte) error) error {
	return v.each(ctx, "audit-tiles", func(rows *sql.Rows) error {
		var level int
		var index int64
		var data []byte
		if err := rows.Scan(&level, &index, &data); err != nil {
			return err
		}
		return f(level, index, data)
	})
}

func (v *snapshot) Checkpoints(ctx context.Context, f func(size int64, signed []byte) error) error {
	return v.each(ctx, "audit-checkpoints", func(rows *sql.Rows) error {
		var size int64
		var signed []byte
		if err := rows.Scan(&size, &signed); err != nil {
			return err
		}
		return f(size, signed)
	})
}

func (v *snapshot) Matters(ctx context.Context, f func(casework.Projection) error) error {
	return v.each(ctx, "audit-matters", func(rows *sql.Rows) error {
		var p casework.Projection
		var opened int64
		err := rows.Scan(&p.ID, &p.Row.Procedure, &p.Row.State, &p.Row.Open, &p.Row.Unit, &p.Row.Assignee, &p.Row.Version,
			&opened, &p.Due, &p.Wake, &p.Provisional, &p.Ended, &p.Late, &p.Row.Title, &p.Doc)
		if err != nil {
			return err
		}
		p.Opened = opened
		p.Row.Number = number.OfID(p.ID)
		return f(p)
	})
}

func (v *snapshot) Counts(ctx context.Context) (map[casework.Count]int64, error) {
	out := map[casework.Count]int64{}
	err := v.each(ctx, "tally-all", func(rows *sql.Rows) error {
		var c casework.Count
		var n int64
		if err := rows.Scan(&c.Unit, &c.Procedure, &c.State, &c.Open, &n); err != nil {
			return err
		}
		out[c] = n
		return nil
	})
	return out, err
}

func (v *snapshot) Files(ctx context.Context, f func(id string, part int, data []byte) error) error {
	return v.each(ctx, "audit-files", func(rows *sql.Rows) error {
		var id string
		var part int
		var data []byte
		if err := rows.Scan(&id, &part, &data); err != nil {
			return err
		}
		return f(id, part, data)
	})
}

func (v *snapshot) FileUses(ctx context.Context, f func(id string, matter int64) error) error {
	return v.each(ctx, "audit-file-uses", func(rows *sql.Rows) error {
		var id string
		var matter int64
		if err := rows.Scan(&id, &matter); err != nil {
			return err
		}
		return f(id, matter)
	})
}

// Integrity asks SQLite itself: its file structure and its full-text index. That needs no transaction.
func (v *snapshot) Integrity(ctx context.Context) ([]string, error) {
	rows, err := v.tx.QueryContext(ctx, "PRAGMA integrity_check(20)")
	if err != nil {
		return []string{err.Error()}, nil
	}
	defer rows.Close()
	var out []string
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			return nil, err
		}
		if s != "ok" {
			out = append(out, s)
		}
	}
	if err := rows.Err(); err != nil {
		out = append(out, err.Error())
	}
	var lost int64
	err = v.tx.QueryRowContext(ctx, v.store.queries["audit-requests"], requestMark).Scan(&lost)
	if err == nil && lost > 0 {
		out = append(out, fmt.Sprintf("%d idempotency keys do not lead to their entries", lost))
	}
	return out, err
}
