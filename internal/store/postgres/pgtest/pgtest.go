package pgtest

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// Env names the variable with the address of a server to use instead of a private cluster, as
// postgres://USER:PASSWORD@HOST:PORT/DATABASE. The user must be allowed to make databases.
const Env = "LUOSHI_TEST_POSTGRES"

// server is what all tests of this process share: started when the first one asks, ended with the process.
var server = sync.OnceValues(connect)

// shared is a server and, in it, this process's database.
type shared struct {
	admin   string    // address for making databases
	main    string    // address of the database with many logs
	keep    *pgx.Conn // open as long as the process lives: shows others that the database is in use
	cluster *Cluster  // kept likewise, for its watchdog strikes when nobody holds its lifeline; nil for a server that was named
	logs    atomic.Int32
}

// URL gives the address of a log that nobody has used, in a database that the tests of this process share.
// The database is migrated by whoever opens it first.
func URL(t testing.TB) string {
	t.Helper()
	s := get(t)
	return s.main + "&luoshi_log=" + strconv.Itoa(int(s.logs.Add(1)+1)) // 1, the default, stays empty
}

// Database gives the address of an empty database of its own, which is removed after the test with whoever is
// still connected to it.
func Database(t testing.TB) string {
	t.Helper()
	s := get(t)
	name := "luoshi_own_" + random()
	if err := execute(s.admin, "CREATE DATABASE "+name); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := execute(s.admin, "DROP DATABASE "+name+" WITH (FORCE)"); err != nil {
			t.Error(err)
		}
	})
	return inDatabase(s.admin, name)
}

func get(t testing.TB) *shared {
	t.Helper()
	s, err := server()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func connect() (*shared, error) {
	s := &shared{admin: os.Getenv(Env)}
	if s.admin == "" {
		var err error
		if s.cluster, err = Launch(); err != nil {
			return nil, err
		}
		s.admin = s.cluster.URL("postgres")
	} else if _, err := url.Parse(s.admin); err != nil || !strings.Contains(s.admin, "://") {
		return nil, fmt.Errorf("%s must be postgres://USER:PASSWORD@HOST:PORT/DATABASE", Env)
	}
	if err := s.open(); err != nil {
		return nil, fmt.Errorf("the PostgreSQL server for tests: %w", err)
	}
	return s, nil
}

// housekeeping is the number of the lock under which databases are made and removed.
const housekeeping = 1_820_042_008

// open makes the shared database and removes those of processes that have ended.
func (s *shared) open() error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	admin, err := pgx.Connect(ctx, s.admin)
	if err != nil {
		return err
	}
	defer admin.Close(ctx)
	if _, err := admin.Exec(ctx, "SELECT pg_advisory_lock($1)", housekeeping); err != nil {
		return err
	}
	if err := removeUnused(ctx, admin); err != nil {
		return err
	}
	name := "luoshi_test_" + random()
	if _, err := admin.Exec(ctx, "CREATE DATABASE "+name); err != nil {
		return err
	}
	s.main = inDatabase(s.admin, name)
	s.keep, err = pgx.Connect(ctx, s.main)
	return err
}

// removeUnused drops shared databases that no process holds a connection to.
func removeUnused(ctx context.Context, admin *pgx.Conn) error {
	rows, err := admin.Query(ctx, `SELECT datname FROM pg_database d WHERE datname LIKE 'luoshi\_test\_%'
		AND NOT EXISTS (SELECT FROM pg_stat_activity a WHERE a.datname = d.datname)`)
	if err != nil {
		return err
	}
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return err
	}
	for _, name := range names {
		if _, err := admin.Exec(ctx, "DROP DATABASE "+pgx.Identifier{name}.Sanitize()); err != nil {
			return err
		}
	}
	return nil
}

// execute runs one statement over a connection of its own.
func execute(address, statement string) error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	c, err := pgx.Connect(ctx, address)
	if err != nil {
		return err
	}
	_, err = c.Exec(ctx, statement)
	return errors.Join(err, c.Close(ctx))
}

// inDatabase is the address of another database on the same server. It always has a question mark.
func inDatabase(address, name string) string {
	u, err := url.Parse(address)
	if err != nil {
		panic(err) // connect has parsed it
	}
	u.Path = "/" + name
	q := u.Query()
	if !q.Has("sslmode") {
		q.Set("sslmode", "disable")
	}
	u.RawQuery = q.Encode()
	return u.String()
}

func random() string { return strings.ToLower(rand.Text()[:12]) }
