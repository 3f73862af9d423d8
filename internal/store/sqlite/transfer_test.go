package sqlite_test

import (
	"bytes"
	"context"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"luoshi/internal/casework"
	"luoshi/internal/office"
	"luoshi/internal/search"
	"luoshi/internal/store/sqlite"
	"luoshi/internal/store/transfer"

	"github.com/google/go-cmp/cmp"
)

func openForTransfer(t *testing.T, path string) *sqlite.Store {
	t.Helper()
	s, err := sqlite.Open(t.Context(), sqlite.Options{Path: path})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func sourceOf(t *testing.T, s *sqlite.Store, hold bool) transfer.Source {
	t.Helper()
	src, err := s.Source(t.Context(), hold)
	if err != nil {
		t.Fatal(err)
	}
	return src
}

func targetOf(t *testing.T, s *sqlite.Store) transfer.Target {
	t.Helper()
	dst, err := s.Target(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return dst
}

// everything is all rows of all tables.
func everything(t *testing.T, src transfer.Source) map[string][]transfer.Row {
	t.Helper()
	out := map[string][]transfer.Row{}
	for _, table := range transfer.Tables() {
		err := src.Rows(t.Context(), table, nil, func(r transfer.Row) error {
			out[table.Name] = append(out[table.Name], r)
			return table.Check(r)
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return out
}

// A whole history goes through a backup into another database: nothing differs, audit is green, what is
// derived is there again, and the log goes on.
func TestADatabaseComesBackFromABackup(t *testing.T) {
	path, _, key := archive(t)
	raw := openRaw(t, path)
	if _, err := raw.Exec("INSERT INTO disclosure SELECT id, '2026-03-02', 'clerk@c', 'c', '2026-03-02T09:00:00' FROM matter LIMIT 30"); err != nil {
		t.Fatal(err)
	}
	if _, err := raw.Exec("INSERT INTO meta VALUES ('colour', '字')"); err != nil {
		t.Fatal(err)
	}
	raw.Close()
	from := openForTransfer(t, path)
	src := sourceOf(t, from, false)
	var file bytes.Buffer
	written, err := transfer.Write(t.Context(), &file, src, transfer.Backup{})
	if err != nil {
		t.Fatal(err)
	}
	backup, err := transfer.Open(&file)
	if err != nil {
		t.Fatal(err)
	}
	copied := filepath.Join(t.TempDir(), "copy.db")
	to := openForTransfer(t, copied)
	dst := targetOf(t, to)
	read, err := transfer.Copy(t.Context(), backup, dst, nil)
	if err == nil {
		err = backup.End()
	}
	if err == nil {
		err = dst.Finish(t.Context())
	}
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(written.Tables, read.Tables); d != "" || read.Tables["entry"] < 600 || read.Tables["tile"] < 2 {
		t.Errorf("rows %v: %s", read.Tables, d)
	}
	if d := cmp.Diff(everything(t, src), everything(t, sourceOf(t, to, false))); d != "" {
		t.Errorf("the copy differs: %.2000s", d)
	}
	to.Close()
	a := newAuditor(t, copied, key.VerifierKey())
	if r := a.audit(t, written.Head.Checkpoint); !r.OK || r.Entries != written.Head.Size {
		t.Errorf("audit: %+v", r)
	}
	again := openForTransfer(t, copied)
	if err := again.Seal(t.Context(), key); err != nil {
		t.Fatal(err)
	}
	if err := from.Seal(t.Context(), key); err != nil {
		t.Fatal(err)
	}
	derived(t, from, again)
}

// derived compares what is not copied: searches, and the entries of idempotency keys.
func derived(t *testing.T, from, to *sqlite.Store) {
	t.Helper()
	all := office.Actor{System: true}.ReadScope(nil)
	found := 0
	for _, words := range [][]string{search.Query("信访"), search.Query("a"), search.Query("2026"), nil} {
		var lists [2][]casework.Row
		for i, s := range []*sqlite.Store{from, to} {
			rows, _, err := s.List(t.Context(), casework.Query{Scope: all, Tokens: words, Order: casework.Newest, Limit: 100})
			if err != nil {
				t.Fatal(err)
			}
			lists[i] = rows
			found += len(rows)
		}
		if d := cmp.Diff(lists[0], lists[1]); d != "" {
			t.Errorf("searching %v: %.1000s", words, d)
		}
	}
	if found < 200 {
		t.Errorf("searches found only %d matters", found)
	}
	keys := 0
	err := from.Snapshot(t.Context(), func(v casework.Snapshot) error {
		return v.Entries(t.Context(), func(e casework.Stored) error {
			if e.Key == nil {
				return nil
			}
			keys++
			have, err := to.EntryByKey(t.Context(), e.Key)
			if err == nil && have.Commitment != e.Commitment {
				t.Errorf("the key of entry %d leads to another one", e.Index)
			}
			return err
		})
	})
	if err != nil || keys == 0 {
		t.Errorf("%d keys, %v", keys, err)
	}
}

func TestValuesComeBackAsTheyWere(t *testing.T) {
	from := openForTransfer(t, filepath.Join(t.TempDir(), "from.db"))
	dst := targetOf(t, from)
	rows := []transfer.Row{
		{int64(0), int64(1), int64(1), []byte{}, []byte{0}, []byte(nil), []byte(nil), []byte("c"), []byte(nil)},
		{int64(1), int64(1), int64(2), []byte{0xff, 0}, []byte{}, []byte{}, []byte{}, []byte("c"), []byte("k")},
	}
	matter := []transfer.Row{{int64(202600000001), "p@1", "s", true, "u", "", int64(1), int64(-1), int64(1<<62 - 1), int64(0),
		"a title with \x00 and 字", []byte(`{"number":"202600000001"}`), "cn x", int64(0), int64(5)}}
	for _, c := range []struct {
		table string
		rows  []transfer.Row
	}{{"entry", rows}, {"matter", matter}} {
		table := tableOf(t, c.table)
		if err := dst.Append(t.Context(), table, c.rows); err != nil {
			t.Fatal(err)
		}
		if last, n, err := dst.Last(t.Context(), table); err != nil || n != int64(len(c.rows)) || !cmp.Equal(last, c.rows[len(c.rows)-1][:table.Key]) {
			t.Errorf("%s: last is %v of %d (%v)", c.table, last, n, err)
		}
		if d := cmp.Diff(c.rows, everything(t, sourceOf(t, from, false))[c.table]); d != "" {
			t.Error(d)
		}
	}
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

// A column that is added to the schema must be added to the transfer, or be known to be derived.
func TestEveryColumnIsCopiedOrDerived(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.db")
	openForTransfer(t, path)
	raw := openRaw(t, path)
	derived := []string{"session", "request", "search_pending"}
	rows, err := raw.Query(`SELECT t.name, c.name, c.pk FROM sqlite_schema t, pragma_table_xinfo(t.name) c
		WHERE t.type = 'table' AND t.name NOT LIKE 'search' AND t.name NOT LIKE 'search\__%' ESCAPE '\' AND t.name NOT LIKE 'sqlite%' ORDER BY t.name, c.cid`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	have := map[string][]string{}
	keys := map[string]int{}
	for rows.Next() {
		var table, column string
		var pk int
		if err := rows.Scan(&table, &column, &pk); err != nil {
			t.Fatal(err)
		}
		if !slices.Contains(derived, table) {
			have[table] = append(have[table], column)
			keys[table] = max(keys[table], pk)
		}
	}
	want := map[string][]string{}
	for _, table := range transfer.Tables() {
		want[table.Name] = table.Names()
		if keys[table.Name] != table.Key {
			t.Errorf("the key of %s has %d columns, not %d", table.Name, keys[table.Name], table.Key)
		}
	}
	if d := cmp.Diff(want, have); d != "" {
		t.Errorf("copied and stored differ: %s", d)
	}
}

func TestOnlyWhoHoldsTheDatabaseMayTakeItAway(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.db")
	s := openForTransfer(t, path)
	reader, err := sqlite.Open(t.Context(), sqlite.Options{Path: path, ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	if err := sourceOf(t, reader, false).Depart(t.Context(), "x"); err == nil {
		t.Error("a reader marked the source")
	}
	if _, err := reader.Source(t.Context(), true); err == nil {
		t.Error("a reader holds the source")
	}
	if _, err := reader.Target(t.Context()); err == nil {
		t.Error("a reader may fill")
	}
	src := sourceOf(t, s, true)
	for _, to := range []string{"there", ""} {
		if err := src.Depart(t.Context(), to); err != nil {
			t.Fatal(err)
		}
		have, err := s.Meta(context.Background(), transfer.Moved)
		if have != to || to == "" && err == nil {
			t.Errorf("%q, %v", have, err)
		}
	}
	dst := targetOf(t, s)
	for _, mark := range []bool{true, false} {
		err := dst.Finish(t.Context())
		if mark {
			err = dst.Begin(t.Context(), nil, transfer.Mark{Origin: "o", Checkpoint: "c"})
		}
		if err != nil {
			t.Fatal(err)
		}
		st, err := dst.State(t.Context())
		if err != nil || (st.Mark != nil) != mark || !st.Empty || mark && !strings.Contains(st.Mark.Checkpoint, "c") {
			t.Errorf("%+v, %v", st, err)
		}
	}
}
