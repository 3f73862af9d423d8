package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"luoshi/internal/store/transfer"
)

// The statements of a transfer are made from the tables that package transfer declares, so that no column can
// be forgotten in one place; the store's own queries are in queries/*.sql.

// source reads everything in one read transaction.
type source struct {
	store *Store
	tx    *sql.Tx
	held  bool
}

// Source gives everything stored, as of now. With hold nobody may write until it is closed: the store must be
// open for writing and not sealed.
func (s *Store) Source(ctx context.Context, hold bool) (transfer.Source, error) {
	if hold && (s.lock == nil || s.committer != nil) {
		return nil, errors.New("the database is not held: it must be open for writing, and nobody may have begun")
	}
	tx, err := s.read.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return nil, mapError(err)
	}
	var size int64 // SQLite takes its snapshot at the first reading, not at BEGIN
	if err := tx.QueryRowContext(ctx, s.queries["log-size"]).Scan(&size); err != nil {
		tx.Rollback()
		return nil, mapError(err)
	}
	return &source{s, tx, hold}, nil
}

func (v *source) Head(ctx context.Context) (transfer.Head, error) {
	h := transfer.Head{Rows: map[string]int64{}}
	err := v.tx.QueryRowContext(ctx, v.store.queries["meta-read"], originName).Scan(&h.Origin)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return h, mapError(err)
	}
	if err := v.tx.QueryRowContext(ctx, v.store.queries["log-size"]).Scan(&h.Size); err != nil {
		return h, mapError(err)
	}
	err = v.tx.QueryRowContext(ctx, v.store.queries["checkpoint-newest"]).Scan(&h.Checkpoint)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return h, mapError(err)
	}
	if err := v.tx.QueryRowContext(ctx, "PRAGMA user_version").Scan(&h.Schema); err != nil {
		return h, mapError(err)
	}
	for _, t := range transfer.Tables() {
		var n int64
		if err := v.tx.QueryRowContext(ctx, "SELECT count(*) FROM "+t.Name+" WHERE "+copied(t)).Scan(&n); err != nil {
			return h, mapError(err)
		}
		h.Rows[t.Name] = n
	}
	return h, nil
}

func (v *source) Rows(ctx context.Context, t transfer.Table, after transfer.Row, f func(transfer.Row) error) error {
	names := t.Names()
	key := strings.Join(names[:t.Key], ", ")
	where := copied(t)
	if after != nil {
		where += fmt.Sprintf(" AND (%s) > (%s)", key, marks(t.Key))
	}
	rows, err := v.tx.QueryContext(ctx, fmt.Sprintf("SELECT %s FROM %s WHERE %s ORDER BY %s", strings.Join(names, ", "), t.Name, where, key), after...)
	if err != nil {
		return mapError(err)
	}
	defer rows.Close()
	for rows.Next() {
		row, err := scanRow(rows, t.Columns)
		if err != nil {
			return err
		}
		if err := f(row); err != nil {
			return err
		}
	}
	return mapError(rows.Err())
}

// scanRow reads one row into the types that package transfer wants.
func scanRow(rows *sql.Rows, columns []transfer.Column) (transfer.Row, error) {
	row := make(transfer.Row, len(columns))
	into := make([]any, len(columns))
	for i, c := range columns {
		switch c.Kind {
		case transfer.Int:
			into[i] = new(int64)
		case transfer.Bool:
			into[i] = new(bool)
		case transfer.Bytes:
			into[i] = new(any) // a []byte could not tell an empty value from NULL
		default:
			into[i] = new(string)
		}
	}
	if err := rows.Scan(into...); err != nil {
		return nil, err
	}
	for i, p := range into {
		switch p := p.(type) {
		case *int64:
			row[i] = *p
		case *bool:
			row[i] = *p
		case *any:
			if row[i] = []byte(nil); *p != nil {
				b, ok := (*p).([]byte)
				if !ok {
					return nil, fmt.Errorf("column %s holds a %T instead of bytes: run luoshi audit", columns[i].Name, *p)
				}
				row[i] = append([]byte{}, b...)
			}
		case *string:
			row[i] = *p
		}
	}
	return row, nil
}

// Depart implements transfer.Source.
func (v *source) Depart(ctx context.Context, to string) error {
	if !v.held {
		return errors.New("the database was opened for reading only")
	}
	if to == "" {
		_, err := v.store.write.ExecContext(ctx, dropMeta, transfer.Moved)
		return mapError(err)
	}
	_, err := v.store.write.ExecContext(ctx, v.store.queries["meta-put"], transfer.Moved, to)
	return mapError(err)
}

const dropMeta = "DELETE FROM meta WHERE name = ?"

func (v *source) Close() error { return v.tx.Rollback() }

// copied is the condition for the rows that are copied.
func copied(t transfer.Table) string {
	switch {
	case t.Named && t.Name == "file":
		return "expires = 0"
	case t.Named:
		return "EXISTS (SELECT 1 FROM file f WHERE f.id = " + t.Name + ".id AND f.expires = 0)"
	}
	if len(t.Own) == 0 {
		return "true"
	}
	return t.Columns[0].Name + " NOT IN ('" + strings.Join(t.Own, "', '") + "')"
}

func marks(n int) string { return strings.TrimSuffix(strings.Repeat("?, ", n), ", ") }
