package sqlite

import (
	"fmt"
	"path/filepath"
	"testing"

	"luoshi/internal/casework"
	"luoshi/internal/ledger"
	"luoshi/internal/office"
	"luoshi/internal/store/storetest"
)

func withKey(t *testing.T, d *storetest.Desk, key string) string {
	t.Helper()
	out, err := d.Lodge(t.Context(), office.Actor{Resident: true}, d.Example(t, "probe", "t1"), key)
	if err != nil {
		t.Fatal(err)
	}
	return out.Matter.Number
}

// lead checks that every idempotency key in the entries leads to its own entry.
func lead(t *testing.T, s *Store, want int) {
	t.Helper()
	rows, err := s.read.Query("SELECT idx, request_key FROM entry WHERE request_key IS NOT NULL")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	n := 0
	for ; rows.Next(); n++ {
		var idx int64
		var key []byte
		if err := rows.Scan(&idx, &key); err != nil {
			t.Fatal(err)
		}
		if e, err := s.EntryByKey(t.Context(), key); err != nil || e.Index != idx {
			t.Errorf("the key of entry %d leads to %v, %v", idx, e, err)
		}
	}
	if rows.Err() != nil || n != want {
		t.Errorf("%d keys, %v, want %d", n, rows.Err(), want)
	}
}

// The copy is the file as a kill would leave it: keys that were in memory must be found in their entries.
func TestAKeyLeadsToItsEntryFromMemoryFromTheTableAndAfterACrash(t *testing.T) {
	var s *Store
	path, copied := filepath.Join(t.TempDir(), "a.db"), filepath.Join(t.TempDir(), "b.db")
	d := storetest.NewDesk(t, func(t testing.TB, key *ledger.Key) casework.Store {
		s = openAt(t, path, key)
		return s
	})
	written := withKey(t, d, "written")
	lead(t, s, 1)
	if err := s.inWriter(t.Context(), flush); err != nil {
		t.Fatal(err)
	}
	if s.requests.len() != 0 {
		t.Fatalf("%d keys in memory after they were written", s.requests.len())
	}
	lead(t, s, 1)
	recent := withKey(t, d, "recent")
	if _, err := raw(t, path).Exec("VACUUM INTO ?", copied); err != nil {
		t.Fatal(err)
	}
	lead(t, openAt(t, copied, d.Key), 2)
	for key, number := range map[string]string{"written": written, "recent": recent} {
		if again := withKey(t, d, key); again != number {
			t.Errorf("key %s sent again gave matter %s, first %s", key, again, number)
		}
	}
}

// Entries that came another way than by the writer, from a move, have their keys written at the next start; a
// row that leads astray is found by the audit.
func TestKeysThatAreNotInTheTableAreWrittenAtTheStart(t *testing.T) {
	const limit, n = 16, 50
	path := filepath.Join(t.TempDir(), "a.db")
	var s *Store
	d := storetest.NewDesk(t, func(t testing.TB, key *ledger.Key) casework.Store {
		s = openAt(t, path, key)
		return s
	})
	for i := range n {
		withKey(t, d, fmt.Sprint("k", i))
	}
	s.Close()
	db := raw(t, path)
	exec := func(query string) {
		t.Helper()
		if _, err := db.Exec(query); err != nil {
			t.Fatal(err)
		}
	}
	exec("DELETE FROM request; DELETE FROM meta WHERE name = '" + requestMark + "'")
	s, err := Open(t.Context(), Options{Path: path})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	s.requests.limit = limit
	if err := s.Seal(t.Context(), d.Key); err != nil {
		t.Fatal(err)
	}
	var rows int
	if err := db.QueryRow("SELECT count(*) FROM request").Scan(&rows); err != nil || rows < n-limit {
		t.Errorf("%d keys were written at the start, %v; at most %d stay in memory", rows, err, limit)
	}
	lead(t, s, n)
	exec("UPDATE request SET idx = idx + 1 WHERE idx = 3")
	err = s.Snapshot(t.Context(), func(v casework.Snapshot) error {
		found, err := v.Integrity(t.Context())
		if len(found) != 1 {
			t.Errorf("integrity: %q, %v; want one fault", found, err)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
