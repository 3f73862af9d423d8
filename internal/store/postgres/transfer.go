package postgres

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"luoshi/internal/store/transfer"

	"github.com/jackc/pgx/v5"
)

// The statements of a transfer are made from the tables that package transfer declares, so that no column can
// be forgotten in one place; the store's own queries are in queries/*.sql.

// source reads everything in one read transaction. With hold, another one has the head of the log locked: no
// node can write until it ends, whatever it wants to write.
type source struct {
	store *Store
	tx    pgx.Tx
	held  pgx.Tx
}

// Source gives everything stored, as of now. With hold nobody may write until it is closed: the store must be
// open for writing and not sealed.
func (s *Store) Source(ctx context.Context, hold bool) (transfer.Source, error) {
	v := &source{store: s}
	if hold {
		if err := v.hold(ctx); err != nil {
			return nil, errors.Join(err, v.Close())
		}
	}
	tx, err := s.pool.BeginTx(ctx, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly})
	if err != nil {
		return nil, errors.Join(mapWrite(err), v.Close())
	}
	v.tx = tx
	var size int64 // the first statement takes the snapshot
	_, err = tx.Exec(ctx, patient)
	if err == nil {
		err = tx.QueryRow(ctx, s.queries["log-size"], s.log).Scan(&size)
	}
	if err != nil {
		return nil, errors.Join(mapWrite(err), v.Close())
	}
	return v, nil
}

// patient lets a transaction wait for the other database as long as it takes; see sessionSettings.
const patient = "SET LOCAL idle_in_transaction_session_timeout = 0"

func (v *source) hold(ctx context.Context) error {
	s := v.store
	if s.write == nil || s.committer != nil {
		return errors.New("the database is not held: it must be open for writing, and nobody may have begun")
	}
	tx, err := s.write.Begin(ctx)
	if err != nil {
		return mapWrite(err)
	}
	v.held = tx
	if _, err := tx.Exec(ctx, patient); err != nil {
		return mapWrite(err)
	}
	var origin string
	var size int64
	err = tx.QueryRow(ctx, s.queries["log-lock"], s.log).Scan(&origin, &size)
	if errors.Is(err, pgx.ErrNoRows) {
		return fmt.Errorf("%s holds no log with the number %d", s.place, s.log)
	}
	return mapWrite(err)
}

func (v *source) Head(ctx context.Context) (transfer.Head, error) {
	s := v.store
	h := transfer.Head{Rows: map[string]int64{}}
	if err := absent(v.tx.QueryRow(ctx, s.queries["log-origin"], s.log).Scan(&h.Origin)); err != nil {
		return h, err
	}
	if err := v.tx.QueryRow(ctx, s.queries["log-size"], s.log).Scan(&h.Size); err != nil {
		return h, mapWrite(err)
	}
	if err := absent(v.tx.QueryRow(ctx, s.queries["checkpoint-newest"], s.log).Scan(&h.Checkpoint)); err != nil {
		return h, err
	}
	for _, t := range transfer.Tables() {
		var n int64
		if err := v.tx.QueryRow(ctx, "SELECT count(*) FROM "+t.Name+" WHERE "+copied(t), s.log).Scan(&n); err != nil {
			return h, mapWrite(err)
		}
		h.Rows[t.Name] = n
	}
	var err error
	h.Schema, err = s.schema(ctx)
	return h, err
}

// absent takes a missing row for a value that was never written.
func absent(err error) error {
	if errors.Is(err, pgx.ErrNoRows) {
		return nil
	}
	return mapWrite(err)
}

func (s *Store) schema(ctx context.Context) (int, error) {
	have, err := s.applied(ctx)
	return highest(have), mapWrite(err)
}

func (v *source) Rows(ctx context.Context, t transfer.Table, after transfer.Row, f func(transfer.Row) error) error {
	names := t.Names()
	key := strings.Join(names[:t.Key], ", ")
	where := copied(t)
	if after != nil {
		where += fmt.Sprintf(" AND (%s) > (%s)", key, parameters(2, t.Key))
	}
	rows, err := v.tx.Query(ctx, fmt.Sprintf("SELECT %s FROM %s WHERE %s ORDER BY %s", strings.Join(names, ", "), t.Name, where, key), v.store.args(after)...)
	if err != nil {
		return mapWrite(err)
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
	return mapWrite(rows.Err())
}

// scanRow reads one row into the types that package transfer wants.
func scanRow(rows pgx.Rows, columns []transfer.Column) (transfer.Row, error) {
	row := make(transfer.Row, len(columns))
	into := make([]any, len(columns))
	for i, c := range columns {
		switch c.Kind {
		case transfer.Int:
			into[i] = new(int64)
		case transfer.Bool:
			into[i] = new(bool)
		case transfer.Text:
			into[i] = new(string)
		default:
			into[i] = new([]byte)
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
		case *string:
			row[i] = *p
		case *[]byte:
			if row[i] = *p; columns[i].Kind == transfer.Free {
				row[i] = string(*p)
			}
		}
	}
	return row, nil
}

// Depart implements transfer.Source. Nodes that wait for the head of the log find the mark when they get it.
func (v *source) Depart(ctx context.Context, to string) error {
	if v.held == nil {
		return errReadOnly
	}
	var err error
	if to == "" {
		_, err = v.held.Exec(ctx, dropMeta, v.store.log, transfer.Moved)
	} else {
		_, err = v.held.Exec(ctx, v.store.queries["meta-put"], v.store.log, transfer.Moved, to)
	}
	if err == nil {
		err = v.held.Commit(ctx)
	}
	return mapWrite(err)
}

const dropMeta = "DELETE FROM meta WHERE log = $1 AND name = $2"

func (v *source) Close() error {
	var errs []error
	for _, tx := range []pgx.Tx{v.tx, v.held} {
		if tx == nil {
			continue
		}
		if err := tx.Rollback(context.Background()); !errors.Is(err, pgx.ErrTxClosed) {
			errs = append(errs, mapWrite(err))
		}
	}
	return errors.Join(errs...)
}

// settings reads several settings at once.
func (s *Store) settings(ctx context.Context, q querier, names ...string) (map[string]string, error) {
	out := map[string]string{}
	rows, err := q.Query(ctx, s.queries["meta-several"], s.log, names)
	if err == nil {
		err = scanSettings(out)(rows)
	}
	return out, err
}

// scanSettings reads rows of name and value.
func scanSettings(into map[string]string) func(pgx.Rows) error {
	return func(rows pgx.Rows) error {
		var name, value string
		_, err := pgx.ForEachRow(rows, []any{&name, &value}, func() error { into[name] = value; return nil })
		return err
	}
}

// refuseClosed refuses a log that is being filled or was moved away. Whoever asks has the head of the log, which
// the one who fills or moves had when the mark was written: so one of the two comes first.
func (s *Store) refuseClosed(ctx context.Context, tx pgx.Tx) error {
	marks, err := s.settings(ctx, tx, transfer.Closing()...)
	if err != nil {
		return err
	}
	return transfer.Closed(marks)
}

// copied is the condition for the rows that are copied; $1 is the number of the log.
func copied(t transfer.Table) string {
	switch {
	case t.Named && t.Name == "file":
		return "log = $1 AND expires = 0"
	case t.Named:
		return "log = $1 AND EXISTS (SELECT 1 FROM file f WHERE f.log = $1 AND f.id = " + t.Name + ".id AND f.expires = 0)"
	}
	if len(t.Own) == 0 {
		return "log = $1"
	}
	return "log = $1 AND " + t.Columns[0].Name + " NOT IN ('" + strings.Join(t.Own, "', '") + "')"
}

// parameters are n parameters, the first of which has the number given.
func parameters(first, n int) string {
	out := make([]string, n)
	for i := range out {
		out[i] = fmt.Sprintf("$%d", first+i)
	}
	return strings.Join(out, ", ")
}
