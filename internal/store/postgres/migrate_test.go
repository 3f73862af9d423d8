package postgres

import (
	"context"
	"strings"
	"testing"
	"time"

	"luoshi/internal/store/postgres/pgtest"
	"luoshi/internal/store/sqltext"

	"github.com/jackc/pgx/v5"
)

// reading opens a store in a database of its own and has somebody else read the matters, in a transaction that
// lasts until end.
func reading(t *testing.T) (s *Store, end func()) {
	t.Helper()
	address := pgtest.Database(t)
	s, err := Open(t.Context(), Options{URL: address})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	c, err := pgx.Connect(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close(context.Background()) })
	tx, err := c.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var n int
	if err := tx.QueryRow(t.Context(), "SELECT count(*) FROM matter").Scan(&n); err != nil {
		t.Fatal(err)
	}
	return s, func() {
		t.Helper()
		if err := tx.Rollback(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
}

func widening() sqltext.Migration {
	return sqltext.Migration{Version: 900, Name: "0900_more.sql", Oldest: 1, SQL: "ALTER TABLE matter ADD COLUMN more text"}
}

// The nodes that serve while a new one starts need the table that it waits for.
func TestAMigrationThatWaitsDoesNotStopTheOthers(t *testing.T) {
	s, end := reading(t)
	done := make(chan error, 1)
	go func() { done <- s.apply(t.Context(), widening(), inUse) }()
	time.Sleep(200 * time.Millisecond) // it waits for the table
	began := time.Now()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	if _, err := s.pool.Exec(ctx, "SELECT id FROM matter WHERE log = 1"); err != nil {
		t.Errorf("after %v: %v", time.Since(began), err)
	}
	end()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if _, err := s.pool.Exec(t.Context(), "SELECT more FROM matter WHERE log = 1"); err != nil {
		t.Errorf("it was not applied: %v", err)
	}
}

func TestAMigrationThatFindsATableInUseSaysWhatToDo(t *testing.T) {
	s, end := reading(t)
	defer end()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	err := s.apply(ctx, widening(), time.Second)
	if err == nil {
		t.Fatal("it was applied")
	}
	for _, w := range []string{"a backup, a move, an audit or a dump", "start again", "Nothing was changed"} {
		if !strings.Contains(err.Error(), w) {
			t.Errorf("%q does not say %q", err, w)
		}
	}
	if have, err := s.applied(t.Context()); err != nil || highest(have) == 900 {
		t.Errorf("it counts as applied (%v)", err)
	}
}
