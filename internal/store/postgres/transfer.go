package postgres

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"luoshi/internal/casework"
	"luoshi/internal/number"
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

// target fills the database, which no committer writes to yet.
type target struct{ store *Store }

// Target lets the database be filled; it must be open for writing and not sealed.
func (s *Store) Target(context.Context) (transfer.Target, error) {
	if s.write == nil || s.committer != nil {
		return nil, errors.New("the database must be open for writing, and nobody may have begun")
	}
	return &target{s}, nil
}

func (d *target) State(ctx context.Context) (transfer.State, error) {
	s := d.store
	st := transfer.State{Empty: true}
	if err := absent(s.row(ctx, "log-origin").Scan(&st.Origin)); err != nil {
		return st, err
	}
	text, err := s.Meta(ctx, transfer.Into)
	if err == nil {
		st.Mark = &transfer.Mark{}
		err = json.Unmarshal([]byte(text), st.Mark)
	}
	if err != nil && !errors.Is(err, casework.ErrNotFound) {
		return st, err
	}
	if err := absent(s.row(ctx, "checkpoint-newest").Scan(&st.Checkpoint)); err != nil {
		return st, err
	}
	for _, t := range transfer.Tables() {
		var some bool
		if err := s.pool.QueryRow(ctx, "SELECT EXISTS (SELECT 1 FROM "+t.Name+" WHERE "+copied(t)+")", s.log).Scan(&some); err != nil {
			return st, mapWrite(err)
		}
		st.Empty = st.Empty && !some
	}
	st.Empty = st.Empty && st.Origin == ""
	st.Schema, err = s.schema(ctx)
	return st, err
}

func (d *target) Begin(ctx context.Context, m transfer.Mark) error {
	b, err := json.Marshal(m)
	if err != nil {
		return err
	}
	_, err = d.store.write.Exec(ctx, d.store.queries["meta-put"], d.store.log, transfer.Into, string(b))
	return mapWrite(err)
}

func (d *target) Last(ctx context.Context, t transfer.Table) (transfer.Row, int64, error) {
	s := d.store
	var n int64
	if err := s.pool.QueryRow(ctx, "SELECT count(*) FROM "+t.Name+" WHERE "+copied(t), s.log).Scan(&n); err != nil || n == 0 {
		return nil, 0, mapWrite(err)
	}
	key := t.Names()[:t.Key]
	rows, err := s.pool.Query(ctx, fmt.Sprintf("SELECT %s FROM %s WHERE %s ORDER BY %s DESC LIMIT 1",
		strings.Join(key, ", "), t.Name, copied(t), strings.Join(key, " DESC, ")), s.log)
	if err != nil {
		return nil, 0, mapWrite(err)
	}
	defer rows.Close()
	if !rows.Next() {
		return nil, 0, mapWrite(rows.Err())
	}
	row, err := scanRow(rows, t.Columns[:t.Key])
	return row, n, err
}

func (d *target) Clear(ctx context.Context, t transfer.Table) error {
	_, err := d.store.write.Exec(ctx, "DELETE FROM "+t.Name+" WHERE "+copied(t), d.store.log)
	return mapWrite(err)
}

func (d *target) Append(ctx context.Context, t transfer.Table, rows []transfer.Row) error {
	names := append([]string{"log"}, t.Names()...)
	if t.Name == "tally" { // a node that has seen nothing yet asks for everything changed since 0
		names = append(names, "changed")
	}
	values := make([][]any, len(rows))
	for i, row := range rows {
		v, err := d.values(t, row)
		if err != nil {
			return err
		}
		values[i] = v
	}
	err := pgx.BeginFunc(ctx, d.store.write, func(tx pgx.Tx) error {
		if _, err := tx.CopyFrom(ctx, pgx.Identifier{t.Name}, names, pgx.CopyFromRows(values)); err != nil {
			return err
		}
		if t.Name != "matter" {
			return nil
		}
		return d.index(ctx, tx, rows)
	})
	if stateOf(err) == uniqueViolation {
		return fmt.Errorf("rows are there that this run did not write: another move or restore is filling the same database: %w", err)
	}
	return mapWrite(err)
}

// values are the values of a row as the table wants them.
func (d *target) values(t transfer.Table, row transfer.Row) ([]any, error) {
	out := append(make([]any, 0, len(row)+2), d.store.log)
	for i, v := range row {
		text, isText := v.(string)
		switch {
		case t.Columns[i].Kind == transfer.Free:
			v = []byte(text)
		case isText && (!utf8.ValidString(text) || strings.ContainsRune(text, 0)):
			return nil, fmt.Errorf("row %q: %s holds a character that PostgreSQL cannot keep in a text (NUL, or no UTF-8): correct it at the source", row[:t.Key], t.Columns[i].Name)
		}
		out = append(out, v)
	}
	if t.Name == "tally" {
		out = append(out, int64(0))
	}
	return out, nil
}

// index writes the words of matters.
func (d *target) index(ctx context.Context, tx pgx.Tx, rows []transfer.Row) error {
	ids, tokens := make([]int64, len(rows)), make([]string, len(rows))
	for i, row := range rows {
		var m casework.Matter
		ids[i] = row[0].(int64)
		if err := json.Unmarshal(row[len(row)-1].([]byte), &m); err != nil {
			return fmt.Errorf("matter %s cannot be read: %w", number.OfID(ids[i]), err)
		}
		tokens[i] = searchTokens(d.store.log, ids[i], casework.SearchTokens(&m))
	}
	_, err := tx.Exec(ctx, d.store.queries["search-put"], d.store.log, ids, tokens)
	return err
}

// Settle implements transfer.Target. The numbers that are taken need nothing: they are read from the matters.
func (d *target) Settle(ctx context.Context, h transfer.Head) error {
	s := d.store
	if h.Origin == "" {
		return nil
	}
	err := pgx.BeginFunc(ctx, s.write, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, s.queries["log-begin"], s.log, h.Origin); err != nil {
			return err
		}
		var origin string
		var size int64
		if err := tx.QueryRow(ctx, s.queries["log-lock"], s.log).Scan(&origin, &size); err != nil {
			return err
		}
		if origin != h.Origin {
			return fmt.Errorf("meanwhile somebody began another log there, %s: name a new, empty database", origin)
		}
		_, err := tx.Exec(ctx, s.queries["log-grow"], s.log, h.Size)
		return err
	})
	if err != nil {
		return mapWrite(err)
	}
	for _, t := range transfer.Tables() { // so that the first questions are planned by what is there
		_, _ = s.write.Exec(ctx, "ANALYZE "+t.Name) // who does not own the tables leaves it to the server
	}
	_, _ = s.write.Exec(ctx, "ANALYZE search")
	return nil
}

func (d *target) Finish(ctx context.Context) error {
	_, err := d.store.write.Exec(ctx, dropMeta, d.store.log, transfer.Into)
	return mapWrite(err)
}

func (d *target) Close() error { return nil }

// copied is the condition for the rows that are copied; $1 is the number of the log.
func copied(t transfer.Table) string {
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
