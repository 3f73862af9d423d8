package postgres_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"luoshi/internal/casework"
	"luoshi/internal/ledger"
	"luoshi/internal/office"
	"luoshi/internal/store/postgres"
	"luoshi/internal/store/postgres/pgtest"
	"luoshi/internal/store/storetest"
)

func openStore(t testing.TB, key *ledger.Key) casework.Store {
	t.Helper()
	return openAt(pgtest.URL(t))(t, key)
}

// openAt opens a node at the address.
func openAt(url string) storetest.Opener {
	return func(t testing.TB, key *ledger.Key) casework.Store {
		t.Helper()
		ctx := context.Background()
		s, err := postgres.Open(ctx, postgres.Options{URL: url})
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

// What comes from outside may hold what no text in PostgreSQL can. Nothing is like it, as on SQLite.
func TestWhatNoTextCanHoldIsNotThere(t *testing.T) {
	s := openStore(t, storetest.NewKey(t))
	for _, odd := range []string{"a\x00b", "\xff", "\xed\xa0\x80"} {
		_, password := s.PasswordHash(t.Context(), odd)
		_, token := s.LoginByToken(t.Context(), odd)
		_, meta := s.Meta(t.Context(), odd)
		_, session := s.Session(t.Context(), odd, time.Now())
		for what, err := range map[string]error{"login": password, "token": token, "setting": meta, "session": session} {
			if !errors.Is(err, casework.ErrNotFound) {
				t.Errorf("%s %q: %v", what, odd, err)
			}
		}
		all := office.Actor{System: true}.ReadScope(nil)
		for _, q := range []casework.Query{{State: odd}, {Assignee: odd}, {Procedure: odd}, {Unit: odd}, {Tokens: []string{odd}}} {
			q.Scope = all
			if rows, _, err := s.List(t.Context(), q); len(rows) > 0 || err != nil {
				t.Errorf("%q: %v, %v", odd, rows, err)
			}
		}
		if err := s.PutMeta(t.Context(), "name", odd); err == nil || errors.Is(err, casework.ErrNotFound) {
			t.Errorf("writing %q answers %v", odd, err)
		}
	}
}
