package sqlite_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"luoshi/internal/casework"
	"luoshi/internal/ledger"
	"luoshi/internal/number"
	"luoshi/internal/office"
	"luoshi/internal/store/sqlite"
	"luoshi/internal/store/storetest"
)

// archive is a closed database with several full tiles: lodged side by side, walked through steps, late,
// corrected, erased. It gives the file, a copy from before half of it was there, and the key.
func archive(t *testing.T) (path, early string, key *ledger.Key) {
	t.Helper()
	path, early = filepath.Join(t.TempDir(), "archive.db"), filepath.Join(t.TempDir(), "early.db")
	d := storetest.NewDesk(t, openAt(path))
	rapid.Check(t, func(rt *rapid.T) {
		if n, _ := d.Store.Size(t.Context()); n < 160 {
			d.Walk(t, rt)
		}
	})
	raw := openRaw(t, path)
	if _, err := raw.Exec("VACUUM INTO ?", early); err != nil {
		t.Fatal(err)
	}
	raw.Close() // the last one to close brings the write-ahead log into the file
	var wg sync.WaitGroup
	for i := range 560 {
		wg.Go(func() {
			l := d.Example(t, []string{"petition", "probe"}[i%2], []string{"t1", "t2", "c"}[i%3])
			out, err := d.Lodge(t.Context(), office.Actor{Resident: true}, l, fmt.Sprint("key ", i))
			if err != nil {
				t.Error(err)
			} else if i%20 == 1 {
				d.Take(t, office.Actor{Account: d.Staff().Accounts["clerk@c"]}, out.Matter.Number, "assign")
			}
		})
	}
	wg.Wait()
	d.Wait(20 * 24 * time.Hour)
	late, err := d.Store.Wakes(t.Context(), 40)
	if err != nil || len(late) < 40 {
		t.Fatalf("%d matters are late (%v)", len(late), err)
	}
	for _, w := range late {
		wg.Go(func() {
			if _, err := d.Wake(t.Context(), w.Number); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if n, err := d.Store.Size(t.Context()); n < 600 || err != nil {
		t.Fatalf("only %d entries (%v)", n, err)
	}
	if err := d.Store.Close(); err != nil {
		t.Fatal(err)
	}
	return path, early, d.Key
}

// auditor opens a file for audit, and beside it as somebody with access to the disk would.
type auditor struct {
	*casework.Service
	raw  *sql.DB
	vkey string
}

func newAuditor(t *testing.T, path, vkey string) *auditor {
	t.Helper()
	s, err := sqlite.Open(t.Context(), sqlite.Options{Path: path, ReadOnly: true, Readers: 2})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	v, err := casework.NewService(t.Context(), s, s.Origin(), s.Origin(), nil, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	return &auditor{v, openRaw(t, path), vkey}
}

func openRaw(t *testing.T, path string) *sql.DB {
	t.Helper()
	raw, err := sql.Open("sqlite", "file:"+path+"?_pragma=busy_timeout(10000)&_pragma=synchronous(OFF)&_pragma=ignore_check_constraints(1)")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { raw.Close() })
	return raw
}

func (a *auditor) audit(t *testing.T, since []byte) *casework.AuditReport {
	t.Helper()
	r, err := a.Audit(context.Background(), since, a.vkey)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// cell is one value of one row, and how to find the row.
type cell struct {
	table, column string
	keys          []string
	at            []any
	value         any
	matter        string // of an entry
	seq           int64
}

// evidence says which columns audit answers for. Rows of counts that came down to zero mean nothing.
func evidence() map[string]struct{ keys, columns, where string } {
	return map[string]struct{ keys, columns, where string }{
		"entry":      {"idx", "act content salt content_salt commitment matter seq idx request_key", ""},
		"tile":       {"level idx", "data level idx", ""},
		"checkpoint": {"size", "signed size", ""},
		"matter":     {"id", "procedure state open unit assignee version opened due wake provisional title doc id", ""},
		"tally":      {"unit procedure state", "unit procedure state open n", "WHERE n <> 0"},
	}
}

// cells are all values of evidence, by table and column.
func (a *auditor) cells(t *testing.T) map[string][]cell {
	t.Helper()
	out := map[string][]cell{}
	for table, e := range evidence() {
		keys, columns := strings.Fields(e.keys), strings.Fields(e.columns)
		for _, column := range columns {
			more := ", 0, 0"
			if table == "entry" {
				more = ", matter, seq"
			}
			rows, err := a.raw.Query("SELECT " + strings.Join(keys, ", ") + ", " + column + more + " FROM " + table + " " + e.where)
			if err != nil {
				t.Fatal(err)
			}
			for rows.Next() {
				c := cell{table: table, column: column, keys: keys, at: make([]any, len(keys))}
				var id int64
				dest := []any{}
				for i := range c.at {
					dest = append(dest, &c.at[i])
				}
				if err := rows.Scan(append(dest, &c.value, &id, &c.seq)...); err != nil {
					t.Fatal(err)
				}
				c.matter, _ = number.Format(int(id/1e8), int(id%1e8))
				out[table+"."+column] = append(out[table+"."+column], c)
			}
			rows.Close()
		}
	}
	return out
}

// flipped is the value with one byte changed; false when it has none.
func flipped(r *rand.Rand, value any) (any, bool) {
	flip := func(b []byte) []byte {
		b = slices.Clone(b)
		b[r.IntN(len(b))] ^= byte(1 + r.IntN(255))
		return b
	}
	switch v := value.(type) {
	case int64:
		return v ^ int64(1+r.IntN(255))<<(8*r.IntN(8)), true
	case string:
		if v != "" {
			return string(flip([]byte(v))), true
		}
	case []byte:
		if len(v) > 0 {
			return flip(v), true
		}
	}
	return nil, false
}

// put writes a value into the cell and returns the cell as it is found afterwards.
func (a *auditor) put(c cell, value any) (cell, error) {
	where := []string{}
	for _, k := range c.keys {
		where = append(where, k+" = ?")
	}
	_, err := a.raw.Exec("UPDATE "+c.table+" SET "+c.column+" = ? WHERE "+strings.Join(where, " AND "), append([]any{value}, c.at...)...)
	after := c
	after.at = slices.Clone(c.at)
	if i := slices.Index(c.keys, c.column); i >= 0 {
		after.at[i] = value
	}
	return after, err
}

// wanted reports whether a fault names what was hit.
func (c cell) wanted(f casework.Fault) bool {
	switch {
	case c.table == "entry" && slices.Contains([]string{"act", "content", "salt", "content_salt", "commitment"}, c.column):
		return f.Matter == c.matter && f.Entry == int(c.seq)
	case c.table == "entry":
		return f.Matter == c.matter
	case c.table == "tile":
		return f.Kind == "tile" && f.Tile != ""
	case c.column == "open" && f.Kind == "database": // neither 0 nor 1: the database itself says so
		return true
	case c.table == "matter" && c.column != "id":
		id := c.at[0].(int64)
		num, _ := number.Format(int(id/1e8), int(id%1e8))
		return f.Matter == num
	}
	return true
}

func TestAudit(t *testing.T) {
	path, early, key := archive(t)
	vkey := key.VerifierKey()
	t.Run("one byte changed anywhere is found", func(t *testing.T) { oneByte(t, path, vkey) })
	t.Run("damage is found", func(t *testing.T) { damage(t, path, vkey) })
	t.Run("a log cut back is found", func(t *testing.T) { cutBack(t, path, early, vkey) })
	t.Run("a log that does not match its head is not written to", func(t *testing.T) { notOpened(t, path, key) })
}

func oneByte(t *testing.T, path, vkey string) {
	flips := 320
	if testing.Short() {
		flips = 80
	}
	var wg sync.WaitGroup
	const workers = 2
	for range workers {
		a := newAuditor(t, copyOf(t, path), vkey)
		if r := a.audit(t, nil); !r.OK {
			t.Fatalf("before any change: %+v", r.Faults[0])
		}
		seed := rand.Uint64()
		wg.Go(func() { a.flipMany(t, rand.New(rand.NewPCG(seed, 1)), seed, flips/workers) })
	}
	wg.Wait()
}

// flip changes one byte of one of the cells. An empty value has none, and a key that is there already is
// refused by the database itself: then another one is taken.
func (a *auditor) flip(r *rand.Rand, cells []cell) (before, after cell, value any, err error) {
	err = errors.New("no value could be changed")
	for range 200 {
		before = cells[r.IntN(len(cells))]
		var ok bool
		if value, ok = flipped(r, before.value); !ok {
			continue
		}
		if after, err = a.put(before, value); err == nil {
			return before, after, value, nil
		}
	}
	return before, after, value, err
}

func (a *auditor) flipMany(t *testing.T, r *rand.Rand, seed uint64, n int) {
	cells := a.cells(t)
	columns := slices.Sorted(maps.Keys(cells))
	for i := range n {
		column := columns[i%len(columns)] // every column in turn, a random row and byte of it
		c, after, value, err := a.flip(r, cells[column])
		if err != nil {
			t.Errorf("%s: %v", column, err)
			continue
		}
		report, err := a.Audit(context.Background(), nil, a.vkey)
		switch {
		case err != nil:
			t.Errorf("%s at %v, %.60v → %.60v (seed %d): audit fails: %v", column, c.at, c.value, value, seed, err)
		case report.OK:
			t.Errorf("%s at %v, %.60v → %.60v (seed %d): not found", column, c.at, c.value, value, seed)
		case !slices.ContainsFunc(report.Faults, c.wanted):
			t.Errorf("%s at %v, %.60v → %.60v (seed %d): not named: %+v", column, c.at, c.value, value, seed, report.Faults[:min(3, len(report.Faults))])
		}
		if _, err := a.put(after, c.value); err != nil {
			t.Errorf("putting %s back: %v", column, err)
			return
		}
	}
	if r := a.audit(t, nil); !r.OK {
		t.Errorf("after everything was put back: %+v", r.Faults[0])
	}
}

// copyOf copies a closed database into a folder of its own.
func copyOf(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	to := filepath.Join(t.TempDir(), "copy.db")
	if err := os.WriteFile(to, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return to
}
