package sqlite_test

import (
	"context"
	"path/filepath"
	"testing"

	"luoshi/internal/casework"
	"luoshi/internal/ledger"
	"luoshi/internal/store/sqlite"
	"luoshi/internal/store/storetest"
)

func openStore(t testing.TB, key *ledger.Key) casework.Store {
	t.Helper()
	return openAt(filepath.Join(t.TempDir(), "luoshi.db"))(t, key)
}

// openAt opens a store at the path; closing it twice is allowed.
func openAt(path string) storetest.Opener {
	return func(t testing.TB, key *ledger.Key) casework.Store {
		t.Helper()
		ctx := context.Background()
		s, err := sqlite.Open(ctx, sqlite.Options{Path: path})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		})
		if err := s.Seal(ctx, key); err != nil {
			t.Fatal(err)
		}
		return s
	}
}

func TestStoreConformance(t *testing.T) { storetest.Run(t, openStore) }

func TestVerbs(t *testing.T) { storetest.RunVerbs(t, openStore) }
