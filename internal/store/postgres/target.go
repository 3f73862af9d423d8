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

// target fills the database, which no committer writes to yet. Every change begins by locking the mark, and is
// refused when the mark names another run: whoever takes over waits for what the run before has begun, and that
// one can change nothing afterwards. Taken away, the mark lets nobody change anything any more.
type target struct {
	store *Store
	run   string
}

// Target lets the database be filled; it must be open for writing and not sealed.
func (s *Store) Target(context.Context) (transfer.Target, error) {
	if s.write == nil || s.committer != nil {
		return nil, errors.New("the database must be open for writing, and nobody may have begun")
	}
	return &target{store: s}, nil
}

func (d *target) State(ctx context.Context) (transfer.State, error) {
	s := d.store
	var st transfer.State
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
	if st.Empty, err = s.empty(ctx, s.pool); err != nil {
		return st, err
	}
	st.Empty = st.Empty && st.Origin == ""
	st.Schema, err = s.schema(ctx)
	return st, err
}

// empty reports whether no table holds a row that is copied.
func (s *Store) empty(ctx context.Context, q querier) (bool, error) {
	for _, t := range transfer.Tables() {
		var some bool
		if err := q.QueryRow(ctx, "SELECT EXISTS (SELECT 1 FROM "+t.Name+" WHERE "+copied(t)+")", s.log).Scan(&some); err != nil || some {
			return false, mapWrite(err)
		}
	}
	return true, nil
}

func (d *target) Begin(ctx context.Context, old *transfer.Mark, m transfer.Mark) error {
	b, err := json.Marshal(m)
	if err != nil {
		return err
	}
	s := d.store
	err = pgx.BeginFunc(ctx, s.write, func(tx pgx.Tx) error {
		if old == nil {
			if err := d.vacant(ctx, tx); err != nil {
				return err
			}
		} else if err := d.hold(ctx, tx, old.Run); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, s.queries["meta-put"], s.log, transfer.Into, string(b))
		return err
	})
	if err != nil {
		return mapWrite(err)
	}
	d.run = m.Run
	return nil
}

// vacant refuses a log that somebody has begun, to use or to fill, since it was found empty. Until the
// transaction ends nobody can begin it: a head that is taken back at once keeps its place meanwhile.
func (d *target) vacant(ctx context.Context, tx pgx.Tx) error {
	s := d.store
	tag, err := tx.Exec(ctx, s.queries["log-begin"], s.log, "")
	if err != nil {
		return err
	}
	if tag.RowsAffected() == 0 {
		return fmt.Errorf("somebody has just begun a log there: name a new, empty database; %w", transfer.ErrHeld)
	}
	marks, err := s.settings(ctx, tx, transfer.Into)
	if err != nil {
		return err
	}
	if len(marks) > 0 {
		return transfer.ErrOvertaken
	}
	switch empty, err := s.empty(ctx, tx); {
	case err != nil:
		return err
	case !empty:
		return fmt.Errorf("the target is not empty any more: name a new, empty database; %w", transfer.ErrHeld)
	}
	_, err = tx.Exec(ctx, "DELETE FROM log WHERE log = $1", s.log)
	return err
}

// hold locks the mark, which must be the run's.
func (d *target) hold(ctx context.Context, tx pgx.Tx, run string) error {
	var text string
	err := tx.QueryRow(ctx, d.store.queries["meta-lock"], d.store.log, transfer.Into).Scan(&text)
	if errors.Is(err, pgx.ErrNoRows) {
		return transfer.ErrOvertaken
	}
	var m transfer.Mark
	if err == nil {
		err = json.Unmarshal([]byte(text), &m)
	}
	if err == nil && m.Run != run {
		return transfer.ErrOvertaken
	}
	return err
}

// change runs f in a transaction of this run.
func (d *target) change(ctx context.Context, f func(tx pgx.Tx) error) error {
	return pgx.BeginFunc(ctx, d.store.write, func(tx pgx.Tx) error {
		if err := d.hold(ctx, tx, d.run); err != nil {
			return err
		}
		return f(tx)
	})
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
	return mapWrite(d.change(ctx, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, "DELETE FROM "+t.Name+" WHERE "+copied(t), d.store.log)
		return err
	}))
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
	err := d.change(ctx, func(tx pgx.Tx) error {
		if _, err := tx.CopyFrom(ctx, pgx.Identifier{t.Name}, names, pgx.CopyFromRows(values)); err != nil {
			return err
		}
		if t.Name != "matter" {
			return nil
		}
		return d.index(ctx, tx, rows, t.Place("doc"))
	})
	if stateOf(err) == uniqueViolation {
		return fmt.Errorf("rows are there that no move or restore wrote: name a new, empty database: %w", err)
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

// index writes the words of matters. The matter is at the place doc of each row.
func (d *target) index(ctx context.Context, tx pgx.Tx, rows []transfer.Row, doc int) error {
	ids, tokens := make([]int64, len(rows)), make([]string, len(rows))
	for i, row := range rows {
		var m casework.Matter
		ids[i] = row[0].(int64)
		if err := json.Unmarshal(row[doc].([]byte), &m); err != nil {
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
	err := d.change(ctx, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, s.queries["log-begin"], s.log, h.Origin); err != nil {
			return err
		}
		var origin string
		var size int64
		if err := tx.QueryRow(ctx, s.queries["log-lock"], s.log).Scan(&origin, &size); err != nil {
			return err
		}
		switch {
		case origin != h.Origin:
			return fmt.Errorf("meanwhile somebody began another log there, %s: name a new, empty database", origin)
		case size > h.Size:
			return fmt.Errorf("the log there has %d entries by now, more than the %d of its source: it was written to. Name a new, empty database", size, h.Size)
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
	return mapWrite(d.change(ctx, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, dropMeta, d.store.log, transfer.Into)
		return err
	}))
}

func (d *target) Close() error { return nil }
