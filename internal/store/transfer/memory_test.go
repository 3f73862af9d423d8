package transfer_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"luoshi/internal/store/transfer"

	"pgregory.net/rapid"
)

// memory is a source and a target that holds its rows in lists.
type memory struct {
	head  transfer.Head
	rows  map[string][]transfer.Row
	state transfer.State
	fail  int // Append fails after so many groups; 0: never
	moved string
}

func (m *memory) Head(context.Context) (transfer.Head, error) {
	h := m.head
	h.Rows = map[string]int64{}
	for _, t := range transfer.Tables() {
		h.Rows[t.Name] = int64(len(m.rows[t.Name]))
	}
	return h, nil
}

func (m *memory) Rows(_ context.Context, t transfer.Table, after transfer.Row, f func(transfer.Row) error) error {
	for _, row := range m.rows[t.Name] {
		if after != nil && t.Compare(row, after) <= 0 {
			continue
		}
		if err := f(row); err != nil {
			return err
		}
	}
	return nil
}

func (m *memory) Depart(_ context.Context, to string) error {
	m.moved = to
	return nil
}

func (m *memory) State(context.Context) (transfer.State, error) {
	st := m.state
	st.Empty = st.Origin == ""
	for _, rows := range m.rows {
		st.Empty = st.Empty && len(rows) == 0
	}
	st.Schema = 1
	return st, nil
}

func (m *memory) Begin(_ context.Context, old *transfer.Mark, mark transfer.Mark) error {
	if (old == nil) != (m.state.Mark == nil) || old != nil && *old != *m.state.Mark || mark.Run == "" || mark.Begun == "" {
		return fmt.Errorf("%+v shall become %+v, but it is %+v", old, mark, m.state.Mark)
	}
	m.state.Mark = &mark
	return nil
}

func (m *memory) Last(_ context.Context, t transfer.Table) (transfer.Row, int64, error) {
	rows := m.rows[t.Name]
	if len(rows) == 0 {
		return nil, 0, nil
	}
	return rows[len(rows)-1][:t.Key], int64(len(rows)), nil
}

func (m *memory) Clear(_ context.Context, t transfer.Table) error {
	m.rows[t.Name] = nil
	return nil
}

var errCut = errors.New("cut off")

func (m *memory) Append(_ context.Context, t transfer.Table, rows []transfer.Row) error {
	if m.state.Mark == nil {
		return errors.New("filled without a mark")
	}
	if m.fail > 0 {
		if m.fail--; m.fail == 0 {
			return errCut
		}
	}
	for _, row := range rows {
		if have := m.rows[t.Name]; len(have) > 0 && t.Compare(have[len(have)-1], row) >= 0 {
			return errors.New("a row out of order")
		}
		m.rows[t.Name] = append(m.rows[t.Name], row)
	}
	return nil
}

func (m *memory) Settle(_ context.Context, h transfer.Head) error {
	m.state.Origin, m.state.Checkpoint = h.Origin, h.Checkpoint
	return nil
}

func (m *memory) Finish(context.Context) error {
	m.state.Mark = nil
	return nil
}

func (m *memory) Close() error { return nil }

func empty() *memory { return &memory{rows: map[string][]transfer.Row{}} }

// filled draws a source: rows of every table, in the order of distinct keys, with any values.
func filled(t *rapid.T) *memory {
	m := empty()
	m.head = transfer.Head{Origin: "example.org/log", Size: 3, Checkpoint: []byte("signed"), Schema: 1}
	for _, table := range transfer.Tables() {
		rows := rapid.SliceOfNDistinct(row(table), 0, 5, func(r transfer.Row) string { return key(table, r) }).Draw(t, table.Name)
		slices.SortFunc(rows, table.Compare)
		m.rows[table.Name] = rows
	}
	return m
}

func key(t transfer.Table, r transfer.Row) string {
	b := []byte{}
	for _, v := range r[:t.Key] {
		switch v := v.(type) {
		case string:
			b = append(append(b, v...), 0xff)
		case int64:
			for i := range 8 {
				b = append(b, byte(v>>(8*i)))
			}
		}
	}
	return string(b)
}

func row(t transfer.Table) *rapid.Generator[transfer.Row] {
	return rapid.Custom(func(r *rapid.T) transfer.Row {
		out := make(transfer.Row, len(t.Columns))
		for i, c := range t.Columns {
			switch c.Kind {
			case transfer.Int:
				out[i] = rapid.Int64().Draw(r, c.Name)
			case transfer.Bool:
				out[i] = rapid.Bool().Draw(r, c.Name)
			case transfer.Bytes:
				out[i] = rapid.OneOf(rapid.Just([]byte(nil)), rapid.SliceOf(rapid.Byte())).Draw(r, c.Name)
			default:
				out[i] = rapid.String().Draw(r, c.Name)
			}
		}
		return out
	})
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
