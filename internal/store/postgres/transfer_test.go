package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"luoshi/internal/office"
	"luoshi/internal/store/postgres"
	"luoshi/internal/store/postgres/pgtest"
	"luoshi/internal/store/storetest"
	"luoshi/internal/store/transfer"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
)

func openForTransfer(t *testing.T, url string, readOnly bool) *postgres.Store {
	t.Helper()
	s, err := postgres.Open(t.Context(), postgres.Options{URL: url, ReadOnly: readOnly})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func sourceOf(t *testing.T, s *postgres.Store, hold bool) transfer.Source {
	t.Helper()
	src, err := s.Source(t.Context(), hold)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { src.Close() })
	return src
}

func targetOf(t *testing.T, s *postgres.Store) transfer.Target {
	t.Helper()
	dst, err := s.Target(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return dst
}

// begun is a target that is marked for a run.
func begun(t *testing.T, s *postgres.Store, run string) transfer.Target {
	t.Helper()
	dst := targetOf(t, s)
	noError(t, dst.Begin(t.Context(), nil, markOf(run)))
	return dst
}

func markOf(run string) transfer.Mark {
	return transfer.Mark{Origin: storetest.Origin, Checkpoint: "c", Begun: "now", Run: run}
}

func tableOf(t *testing.T, name string) transfer.Table {
	t.Helper()
	all := transfer.Tables()
	i := slices.IndexFunc(all, func(x transfer.Table) bool { return x.Name == name })
	if i < 0 {
		t.Fatalf("no table %s", name)
	}
	return all[i]
}

func rowsOf(t *testing.T, src transfer.Source, table string, after transfer.Row) []transfer.Row {
	t.Helper()
	var out []transfer.Row
	err := src.Rows(t.Context(), tableOf(t, table), after, func(r transfer.Row) error {
		out = append(out, r)
		return tableOf(t, table).Check(r)
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestValuesComeBackAsTheyWere(t *testing.T) {
	s := openForTransfer(t, pgtest.URL(t), false)
	dst := begun(t, s, "a")
	for _, c := range []struct {
		table string
		rows  []transfer.Row
	}{
		{"entry", []transfer.Row{
			{int64(0), int64(1), int64(1), []byte{}, []byte{0}, []byte(nil), []byte(nil), []byte("c"), []byte(nil)},
			{int64(1), int64(1), int64(2), []byte{0xff, 0}, []byte{}, []byte{}, []byte{}, []byte("c"), []byte("k")}}},
		{"matter", []transfer.Row{{int64(202600000001), "p@1", "s", true, "u", "", int64(1), int64(-1), int64(1<<62 - 1), int64(0),
			"a title with \x00, \xff and 字", []byte(`{"number":"202600000001"}`), "cn x", int64(0), int64(5)}}},
		// The server orders text by Chinese pinyin, transfer by bytes.
		{"account_grant", []transfer.Row{{"B", "r", "u"}, {"a", "Z", "u"}, {"a", "b", "u"}, {"中", "r", "u"}, {"阿", "r", "u"}}},
		{"tally", []transfer.Row{{"B", "p", "s", true, int64(1)}, {"a", "p", "s", false, int64(0)}}},
	} {
		t.Run(c.table, func(t *testing.T) {
			table := tableOf(t, c.table)
			if !slices.IsSortedFunc(c.rows, table.Compare) {
				t.Fatal("the rows are not in order")
			}
			if err := dst.Append(t.Context(), table, c.rows); err != nil {
				t.Fatal(err)
			}
			last, n, err := dst.Last(t.Context(), table)
			if err != nil || n != int64(len(c.rows)) || !cmp.Equal(last, c.rows[len(c.rows)-1][:table.Key]) {
				t.Errorf("last is %v of %d (%v)", last, n, err)
			}
			src := sourceOf(t, s, false)
			for i := range c.rows {
				after := transfer.Row(nil)
				if i > 0 {
					after = c.rows[i-1][:table.Key]
				}
				if d := cmp.Diff(c.rows[i:], rowsOf(t, src, c.table, after)); d != "" {
					t.Errorf("after row %d: %s", i, d)
				}
			}
			if err := dst.Append(t.Context(), table, c.rows[:1]); err == nil || !strings.Contains(err.Error(), "no move or restore wrote") {
				t.Errorf("the same row again: %v", err)
			}
		})
	}
}

func TestATextThatCannotBeKeptIsNamed(t *testing.T) {
	dst := targetOf(t, openForTransfer(t, pgtest.URL(t), false))
	for _, name := range []string{"a\x00b", "a\xffb"} {
		err := dst.Append(t.Context(), tableOf(t, "account"), []transfer.Row{{"wang", name, "", "", false}})
		if err == nil || !strings.Contains(err.Error(), `"wang"`) || !strings.Contains(err.Error(), "name holds a character") {
			t.Errorf("%q: %v", name, err)
		}
	}
}

// A column that is added to the schema must be added to the transfer, or be known to be derived.
func TestEveryColumnIsCopiedOrDerived(t *testing.T) {
	url := pgtest.Database(t)
	openForTransfer(t, url, false)
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	derived := []string{"session", "search", "serial", "log"}
	rows, err := conn.Query(t.Context(), `SELECT c.table_name, c.column_name FROM information_schema.columns c
		WHERE c.table_schema = current_schema() AND EXISTS (SELECT 1 FROM information_schema.columns l
			WHERE l.table_schema = c.table_schema AND l.table_name = c.table_name AND l.column_name = 'log')
		ORDER BY 1, c.ordinal_position`)
	if err != nil {
		t.Fatal(err)
	}
	have := map[string][]string{}
	var table, column string
	_, err = pgx.ForEachRow(rows, []any{&table, &column}, func() error {
		if !slices.Contains(derived, table) && column != "log" && (table != "tally" || column != "changed") {
			have[table] = append(have[table], column)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string][]string{}
	for _, x := range transfer.Tables() {
		want[x.Name] = x.Names()
	}
	if d := cmp.Diff(want, have); d != "" {
		t.Errorf("copied and stored differ: %s", d)
	}
}

// What is written after a source was opened is not in it, in no table.
func TestASourceIsOfOneMoment(t *testing.T) {
	url := pgtest.URL(t)
	node := openAt(url)(t, storetest.NewKey(t))
	src := sourceOf(t, openForTransfer(t, url, true), false)
	noError(t, node.PutMeta(t.Context(), "colour", "red"))
	noError(t, node.PutUnits(t.Context(), []office.Unit{{Code: "u", Kind: "county", Name: map[string]string{"en": "U"}}}))
	if n := len(rowsOf(t, src, "meta", nil)) + len(rowsOf(t, src, "unit", nil)); n != 0 {
		t.Errorf("%d rows are seen that were not there", n)
	}
	h, err := src.Head(t.Context())
	if err != nil || h.Rows["meta"] != 0 || h.Origin != storetest.Origin || h.Schema == 0 {
		t.Errorf("%+v, %v", h, err)
	}
	if err := src.Depart(t.Context(), "there"); err == nil {
		t.Error("a source that is not held was marked")
	}
}

// While a log is held for a move, running nodes are read from, and wait with what they want to write. When it
// has departed they refuse it; when the move was given up they go on.
func TestAHeldLogIsWrittenByNobody(t *testing.T) {
	url := pgtest.URL(t)
	node := openAt(url)(t, storetest.NewKey(t))
	mover := openForTransfer(t, url, false)
	if _, err := node.(*postgres.Store).Source(t.Context(), true); err == nil {
		t.Error("a node that serves holds its own log")
	}
	written := 0
	write := func() chan error {
		done := make(chan error, 1)
		written++
		n := written
		go func() { done <- node.PutMeta(context.Background(), fmt.Sprint("round ", n), "x") }()
		return done
	}
	waits := func(done chan error) {
		t.Helper()
		select {
		case err := <-done:
			t.Fatalf("it was not held: %v", err)
		case <-time.After(200 * time.Millisecond):
		}
		if _, err := node.Size(t.Context()); err != nil {
			t.Errorf("reading: %v", err)
		}
	}
	for _, c := range []struct {
		name string
		to   *string
		want string
	}{
		{"given up", nil, ""},
		{"departed", new("sqlite:/srv/new.db"), "moved to sqlite:/srv/new.db"},
		{"held again", nil, "moved to sqlite:/srv/new.db"},
		{"taken back", new(""), ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			src := sourceOf(t, mover, true)
			done := write()
			waits(done)
			if c.to != nil {
				noError(t, src.Depart(t.Context(), *c.to))
			}
			noError(t, src.Close())
			err := <-done
			if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
				t.Errorf("%v, want %q", err, c.want)
			}
		})
	}
}

func TestAnEmptyPlaceHasNoLogToMove(t *testing.T) {
	s := openForTransfer(t, pgtest.URL(t), false)
	if _, err := s.Source(t.Context(), true); err == nil || !strings.Contains(err.Error(), "holds no log") {
		t.Error(err)
	}
	st, err := targetOf(t, s).State(t.Context())
	if err != nil || !st.Empty || st.Mark != nil {
		t.Errorf("%+v, %v", st, err)
	}
}

// changes are all that a run does to its target once it has begun.
func changes(t *testing.T, dst transfer.Target) map[string]func() error {
	ctx := t.Context()
	return map[string]func() error{
		"clearing": func() error { return dst.Clear(ctx, tableOf(t, "account")) },
		"appending": func() error {
			return dst.Append(ctx, tableOf(t, "checkpoint"), []transfer.Row{{int64(9), []byte("x")}})
		},
		"settling":  func() error { return dst.Settle(ctx, transfer.Head{Origin: storetest.Origin, Size: 9}) },
		"finishing": func() error { return dst.Finish(ctx) },
		"resuming":  func() error { old := markOf("a"); return dst.Begin(ctx, &old, markOf("c")) },
	}
}

// The same command, started twice: the later run has the target, the earlier one changes nothing any more. And
// once the target is finished nobody does, for it may be in use.
func TestALaterRunTakesTheTargetOver(t *testing.T) {
	url := pgtest.URL(t)
	first := begun(t, openForTransfer(t, url, false), "a")
	account := []transfer.Row{{"wang", "Wang", "", "", false}}
	noError(t, first.Append(t.Context(), tableOf(t, "account"), account))
	s := openForTransfer(t, url, false)
	later := targetOf(t, s)
	st, err := later.State(t.Context())
	if err != nil || st.Mark == nil || st.Mark.Run != "a" {
		t.Fatalf("%+v, %v", st, err)
	}
	noError(t, later.Begin(t.Context(), st.Mark, markOf("b")))
	refused := func(dst transfer.Target) {
		t.Helper()
		for name, change := range changes(t, dst) {
			if err := change(); !errors.Is(err, transfer.ErrOvertaken) {
				t.Errorf("%s: %v", name, err)
			}
		}
		src := sourceOf(t, s, false)
		if d := cmp.Diff(account, rowsOf(t, src, "account", nil)); d != "" || len(rowsOf(t, src, "checkpoint", nil)) > 0 {
			t.Errorf("something was changed: %s", d)
		}
	}
	refused(first)
	if st, err := later.State(t.Context()); err != nil || st.Mark == nil || st.Mark.Run != "b" || st.Origin != "" {
		t.Errorf("the mark is %+v (%v)", st, err)
	}
	noError(t, later.Clear(t.Context(), tableOf(t, "account")))
	noError(t, later.Append(t.Context(), tableOf(t, "account"), account))
	noError(t, later.Finish(t.Context()))
	refused(later)
}

func TestALogThatHasGrownIsNotSetBack(t *testing.T) {
	url := pgtest.URL(t)
	s := openForTransfer(t, url, false)
	dst := begun(t, s, "a")
	tamper(t, url, "INSERT INTO log (log, origin, size) VALUES ($1, '"+storetest.Origin+"', 5)")
	if err := dst.Settle(t.Context(), transfer.Head{Origin: storetest.Origin, Size: 3}); err == nil || !strings.Contains(err.Error(), "has 5 entries by now") {
		t.Errorf("settling: %v", err)
	}
	if n, err := s.Size(t.Context()); n != 5 || err != nil {
		t.Errorf("the log has %d entries (%v)", n, err)
	}
}

// A server and a fill that begin at the same moment both found the database free. One of them gets it.
func TestAServerAndAFillDoNotBeginTogether(t *testing.T) {
	key := storetest.NewKey(t)
	t.Run("the fill was first", func(t *testing.T) {
		url := pgtest.URL(t)
		node := openForTransfer(t, url, false)
		dst := begun(t, openForTransfer(t, url, false), "a")
		if err := node.Seal(t.Context(), key); !errors.Is(err, transfer.ErrUnfinished) {
			t.Errorf("sealing answers %v", err)
		}
		noError(t, dst.Settle(t.Context(), transfer.Head{Origin: storetest.Origin}))
		noError(t, dst.Finish(t.Context()))
		noError(t, node.Seal(t.Context(), key))
	})
	t.Run("the server was first", func(t *testing.T) {
		url := pgtest.URL(t)
		dst := targetOf(t, openForTransfer(t, url, false))
		node := openAt(url)(t, key)
		if err := dst.Begin(t.Context(), nil, markOf("a")); !errors.Is(err, transfer.ErrHeld) {
			t.Errorf("beginning answers %v", err)
		}
		noError(t, node.PutMeta(t.Context(), "colour", "red"))
	})
	t.Run("another fill was first", func(t *testing.T) {
		url := pgtest.URL(t)
		dst := targetOf(t, openForTransfer(t, url, false))
		begun(t, openForTransfer(t, url, false), "a")
		if err := dst.Begin(t.Context(), nil, markOf("b")); !errors.Is(err, transfer.ErrOvertaken) {
			t.Errorf("beginning answers %v", err)
		}
	})
	t.Run("something was put there before", func(t *testing.T) {
		url := pgtest.URL(t)
		dst := targetOf(t, openForTransfer(t, url, false))
		tamper(t, url, "INSERT INTO procedure (log, key, source) VALUES ($1, 'p@1', '')")
		if err := dst.Begin(t.Context(), nil, markOf("a")); !errors.Is(err, transfer.ErrHeld) {
			t.Errorf("beginning answers %v", err)
		}
	})
	t.Run("both at once", func(t *testing.T) {
		for range 5 {
			url := pgtest.URL(t)
			node, dst := openForTransfer(t, url, false), targetOf(t, openForTransfer(t, url, false))
			sealed := make(chan error, 1)
			go func() { sealed <- node.Seal(context.Background(), key) }()
			filling := dst.Begin(t.Context(), nil, markOf("a"))
			if serving := <-sealed; (filling == nil) == (serving == nil) {
				t.Errorf("the server begins with %v, the fill with %v", serving, filling)
			}
		}
	})
}

func TestALogThatWasMovedIsNotSealed(t *testing.T) {
	url := pgtest.URL(t)
	tamper(t, url, "INSERT INTO meta (log, name, value) VALUES ($1, 'moved-to', 'sqlite:new.db')")
	err := openForTransfer(t, url, false).Seal(t.Context(), storetest.NewKey(t))
	if err == nil || !strings.Contains(err.Error(), "moved to sqlite:new.db") {
		t.Errorf("sealing answers %v", err)
	}
}

func noError(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
