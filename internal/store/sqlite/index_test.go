package sqlite

import (
	"context"
	"database/sql"
	"path/filepath"
	"testing"
	"time"

	"luoshi/internal/casework"
	"luoshi/internal/ledger"
	"luoshi/internal/office"
	"luoshi/internal/search"
	"luoshi/internal/store/storetest"
)

func hits(t *testing.T, s *Store, d *storetest.Desk, words string) int {
	t.Helper()
	rows, _, err := s.List(t.Context(), casework.Query{Scope: office.Actor{System: true}.ReadScope(d.Tree()), Tokens: search.Query(words)})
	if err != nil {
		t.Fatal(err)
	}
	return len(rows)
}

func lodged(t *testing.T, d *storetest.Desk, title string) string {
	t.Helper()
	l := d.Example(t, "probe", "t1")
	l.Title = title
	out, err := d.Lodge(t.Context(), office.Actor{Resident: true}, l, "")
	if err != nil {
		t.Fatal(err)
	}
	return out.Matter.Number
}

// A process that dies with words waiting loses none of them: the copy is the file as a kill would leave it.
func TestWordsThatWaitedAreIndexedAfterACrash(t *testing.T) {
	var s *Store
	path, copied := filepath.Join(t.TempDir(), "a.db"), filepath.Join(t.TempDir(), "b.db")
	d := storetest.NewDesk(t, func(t testing.TB, key *ledger.Key) casework.Store {
		s = openAt(t, path, key)
		return s
	})
	old := lodged(t, d, "zebra first")
	if hits(t, s, d, "zebra") != 1 { // now it is in the index, and the watermark is behind it
		t.Fatal("a search did not find what was just lodged")
	}
	clerk := office.Actor{Account: d.Staff().Accounts["clerk@t1"]}
	if _, err := d.Correct(t.Context(), clerk, old, 1, "giraffe first", nil, "a typing error"); err != nil {
		t.Fatal(err)
	}
	lodged(t, d, "zebra second")
	if s.unindexed.Load() == 0 {
		t.Skip("the writer had time to write the index")
	}
	raw, err := sql.Open("sqlite", "file:"+path)
	if err != nil {
		t.Fatal(err)
	}
	defer raw.Close()
	if _, err := raw.Exec("VACUUM INTO ?", copied); err != nil {
		t.Fatal(err)
	}
	again := openAt(t, copied, d.Key)
	for words, want := range map[string]int{"zebra": 1, "second": 1, "giraffe": 1, "first": 1} {
		if n := hits(t, again, d, words); n != want {
			t.Errorf("%s: %d found, want %d", words, n, want)
		}
	}
}

func TestWaitingWordsAreWrittenWhenThereAreMany(t *testing.T) {
	var s *Store
	d := storetest.NewDesk(t, func(t testing.TB, key *ledger.Key) casework.Store {
		s = openAt(t, filepath.Join(t.TempDir(), "a.db"), key)
		return s
	})
	for range maxPending + 10 {
		lodged(t, d, "zebra")
	}
	if n := s.unindexed.Load(); n >= maxPending {
		t.Errorf("%d matters wait for the index", n)
	}
	var indexed int
	if err := s.read.QueryRowContext(context.Background(), "SELECT count(*) FROM search_docsize").Scan(&indexed); err != nil || indexed == 0 {
		t.Errorf("%d matters are in the index (%v)", indexed, err)
	}
}

// Every search after a change adds a segment; at rest the writer merges them until few are left, and then stops.
func TestAtRestTheIndexIsMerged(t *testing.T) {
	var s *Store
	d := storetest.NewDesk(t, func(t testing.TB, key *ledger.Key) casework.Store {
		s = openAt(t, filepath.Join(t.TempDir(), "a.db"), key)
		return s
	})
	segments := func() (n int) {
		if err := s.read.QueryRow("SELECT count(DISTINCT segid) FROM search_idx").Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	most := 0
	for range 12 {
		lodged(t, d, "zebra")
		hits(t, s, d, "zebra")
		most = max(most, segments())
	}
	if most < 5 {
		t.Fatalf("only %d segments: the test shows nothing", most)
	}
	for deadline := time.Now().Add(10 * time.Second); segments() > 4; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%d segments after a long rest", segments())
		}
	}
	time.Sleep(10 * tidyDelay)
	conn, err := s.read.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	before := written(t, conn)
	time.Sleep(10 * tidyDelay)
	if after := written(t, conn); after != before {
		t.Errorf("with nothing to merge the file still changes: %d, then %d", before, after)
	}
	conn.Close()
	if n := hits(t, s, d, "zebra"); n != 12 {
		t.Errorf("%d found after merging", n)
	}
}

// written is a number that every transaction of another connection changes.
func written(t *testing.T, conn *sql.Conn) (n int64) {
	t.Helper()
	if err := conn.QueryRowContext(t.Context(), "PRAGMA data_version").Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}
