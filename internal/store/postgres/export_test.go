package postgres

import (
	"context"
	"testing"
	"time"
)

// Settle says how long the committer tries to find out what became of a commit that was not answered. It is
// called before anything is committed.
func (s *Store) Settle(d time.Duration) { s.committer.settle = d }

// Execute runs a statement over one of the connections for reading.
func (s *Store) Execute(ctx context.Context, sql string) error {
	_, err := s.pool.Exec(ctx, sql)
	return err
}

// Setting reads a setting of the writer's connections.
func (s *Store) Setting(t *testing.T, name string) (v string) {
	t.Helper()
	if err := s.write.QueryRow(t.Context(), "SELECT current_setting($1)", name).Scan(&v); err != nil {
		t.Fatal(err)
	}
	return v
}

// CheckServer is checkServer.
var CheckServer = checkServer
