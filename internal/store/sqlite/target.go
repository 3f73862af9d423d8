package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"luoshi/internal/casework"
	"luoshi/internal/number"
	"luoshi/internal/store/transfer"
)

// target fills the database, which no committer writes to yet. The lock on the file keeps two runs apart, and
// a server from beginning meanwhile.
type target struct{ store *Store }

// Target lets the database be filled; it must be open for writing and not sealed.
func (s *Store) Target(context.Context) (transfer.Target, error) {
	if s.lock == nil || s.committer != nil {
		return nil, errors.New("the database must be open for writing, and nobody may have begun")
	}
	return &target{s}, nil
}

func (d *target) State(ctx context.Context) (transfer.State, error) {
	s := d.store
	st := transfer.State{Empty: true, Origin: s.origin}
	text, err := s.Meta(ctx, transfer.Into)
	if err == nil {
		st.Mark = &transfer.Mark{}
		err = json.Unmarshal([]byte(text), st.Mark)
	}
	if err != nil && !errors.Is(err, casework.ErrNotFound) {
		return st, err
	}
	if st.Checkpoint, err = s.Checkpoint(ctx); err != nil && !errors.Is(err, casework.ErrNotFound) {
		return st, err
	}
	for _, t := range transfer.Tables() {
		var some bool
		if err := s.read.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM "+t.Name+" WHERE "+copied(t)+")").Scan(&some); err != nil {
			return st, mapError(err)
		}
		st.Empty = st.Empty && !some
	}
	st.Empty = st.Empty && st.Origin == ""
	return st, mapError(s.read.QueryRowContext(ctx, "PRAGMA user_version").Scan(&st.Schema))
}

func (d *target) Begin(ctx context.Context, _ *transfer.Mark, m transfer.Mark) error {
	b, err := json.Marshal(m)
	if err != nil {
		return err
	}
	_, err = d.store.write.ExecContext(ctx, d.store.queries["meta-put"], transfer.Into, string(b))
	return mapError(err)
}

func (d *target) Last(ctx context.Context, t transfer.Table) (transfer.Row, int64, error) {
	var n int64
	if err := d.store.read.QueryRowContext(ctx, "SELECT count(*) FROM "+t.Name+" WHERE "+copied(t)).Scan(&n); err != nil || n == 0 {
		return nil, 0, mapError(err)
	}
	key := t.Names()[:t.Key]
	rows, err := d.store.read.QueryContext(ctx, fmt.Sprintf("SELECT %s FROM %s WHERE %s ORDER BY %s DESC LIMIT 1",
		strings.Join(key, ", "), t.Name, copied(t), strings.Join(key, " DESC, ")))
	if err != nil {
		return nil, 0, mapError(err)
	}
	defer rows.Close()
	if !rows.Next() {
		return nil, 0, mapError(rows.Err())
	}
	row, err := scanRow(rows, t.Columns[:t.Key])
	return row, n, err
}

func (d *target) Clear(ctx context.Context, t transfer.Table) error {
	_, err := d.store.write.ExecContext(ctx, "DELETE FROM "+t.Name+" WHERE "+copied(t))
	return mapError(err)
}

func (d *target) Append(ctx context.Context, t transfer.Table, rows []transfer.Row) error {
	tx, err := d.store.write.BeginTx(ctx, nil)
	if err != nil {
		return mapError(err)
	}
	defer tx.Rollback()
	st, err := tx.PrepareContext(ctx, fmt.Sprintf("INSERT INTO %s (%s) VALUES (%s)", t.Name, strings.Join(t.Names(), ", "), marks(len(t.Columns))))
	if err != nil {
		return mapError(err)
	}
	defer st.Close()
	for _, row := range rows {
		if _, err := st.ExecContext(ctx, row...); err != nil {
			return fmt.Errorf("row %v: %w", row[:t.Key], mapError(err))
		}
	}
	if t.Name == "matter" {
		if err := d.index(ctx, tx, rows, t.Place("doc")); err != nil {
			return err
		}
	}
	return mapError(tx.Commit())
}

// index writes the words of matters, which come in the order of their rows, and how far it got. The matter is at
// the place doc of each row.
func (d *target) index(ctx context.Context, tx *sql.Tx, rows []transfer.Row, doc int) error {
	st, err := tx.PrepareContext(ctx, d.store.queries["search-insert"])
	if err != nil {
		return mapError(err)
	}
	defer st.Close()
	var id int64
	for _, row := range rows {
		var m casework.Matter
		id = row[0].(int64)
		if err := json.Unmarshal(row[doc].([]byte), &m); err != nil {
			return fmt.Errorf("matter %s cannot be read: %w", number.OfID(id), err)
		}
		if _, err := st.ExecContext(ctx, id, strings.Join(casework.SearchTokens(&m), " ")); err != nil {
			return mapError(err)
		}
	}
	_, err = tx.ExecContext(ctx, d.store.queries["meta-put"], watermark, strconv.FormatInt(id, 10))
	return mapError(err)
}

// Settle implements transfer.Target. The numbers that are taken need nothing: they are read from the matters.
func (d *target) Settle(ctx context.Context, h transfer.Head) error {
	size, err := d.store.Size(ctx)
	if err != nil {
		return err
	}
	if size > h.Size {
		return fmt.Errorf("the target has %d entries, more than the %d of its source: name a new, empty database", size, h.Size)
	}
	if h.Origin == "" {
		return nil
	}
	_, err = d.store.write.ExecContext(ctx, d.store.queries["meta-put"], originName, h.Origin)
	return mapError(err)
}

func (d *target) Finish(ctx context.Context) error {
	_, err := d.store.write.ExecContext(ctx, dropMeta, transfer.Into)
	return mapError(err)
}

func (d *target) Close() error { return nil }
