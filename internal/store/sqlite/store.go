package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"
	"sync/atomic"
	"syscall"

	"luoshi/internal/casework"
	"luoshi/internal/ledger"
	"luoshi/internal/store/listing"
	"luoshi/internal/store/sqltext"

	driver "modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// Options says how to open a store.
type Options struct {
	Path     string // of the database file; created when missing
	ReadOnly bool   // for audit: no lock, no migration, no changes
	Readers  int    // connections for reading; 0: 4
}

// Store is one SQLite database. It implements casework.Store.
type Store struct {
	path     string
	write    *sql.DB // one connection
	read     *sql.DB
	queries  map[string]string
	reads    map[string]*sql.Stmt
	lock     *os.File
	tally    tally
	board    listing.Board
	requests requests
	serials  serials
	watchers watchers
	origin   string // of the log; empty before the first Seal

	committer *committer                  // nil until Seal
	unindexed atomic.Int64                // matters whose words wait for the search index
	edge      atomic.Pointer[ledger.Edge] // of the newest committed tree; nil until Seal
}

var _ casework.Store = (*Store)(nil)

// Open opens the file, creating and migrating it as needed. Changes need Seal first.
// Errors say what to do: the file is in use by another process, is no database, cannot be written.
func Open(ctx context.Context, o Options) (*Store, error) {
	s := &Store{path: o.Path, queries: sqltext.Queries(files), requests: requests{limit: maxRecent}}
	if err := s.open(ctx, o); err != nil {
		s.Close()
		return nil, explain(o.Path, err)
	}
	return s, nil
}

func (s *Store) open(ctx context.Context, o Options) (err error) {
	if o.ReadOnly {
		if _, err := os.Stat(o.Path); err != nil {
			return err
		}
	} else {
		if s.lock, err = lockFile(o.Path + ".lock"); err != nil {
			return err
		}
		if err := private(o.Path); err != nil {
			return err
		}
		s.write, err = sql.Open("sqlite", dsn(o.Path, "journal_mode(WAL)", "synchronous(FULL)", "busy_timeout(10000)",
			fmt.Sprintf("wal_autocheckpoint(%d)", writeBackLimit), "cache_size(-65536)", "secure_delete(ON)", "journal_size_limit(67108864)", "temp_store(MEMORY)"))
		if err != nil {
			return err
		}
		s.write.SetMaxOpenConns(1)
		if err := migrate(ctx, s.write); err != nil {
			return err
		}
	}
	s.read, err = sql.Open("sqlite", dsn(o.Path, "query_only(1)", "busy_timeout(10000)", "cache_size(-32768)", "mmap_size(268435456)", "temp_store(MEMORY)"))
	if err != nil {
		return err
	}
	if err := upgraded(ctx, s.read); err != nil { // for reading only nothing was migrated
		return err
	}
	n := o.Readers
	if n == 0 {
		n = 4
	}
	s.read.SetMaxOpenConns(n)
	s.read.SetMaxIdleConns(n)
	if err := s.prepare(ctx); err != nil {
		return err
	}
	if s.origin, err = s.Meta(ctx, originName); err != nil && !errors.Is(err, casework.ErrNotFound) {
		return err
	}
	return s.tally.load(ctx, s)
}

// private makes a new database file that only its owner may read; SQLite gives its log the same mode.
func private(path string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	return f.Close()
}

func dsn(path string, pragmas ...string) string {
	q := url.Values{}
	for _, p := range pragmas {
		q.Add("_pragma", p)
	}
	return "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + q.Encode()
}

// prepare prepares every query that reads, so that a wrong one fails at start and not in use.
func (s *Store) prepare(ctx context.Context) error {
	s.reads = make(map[string]*sql.Stmt)
	for name, q := range s.queries {
		if !strings.HasPrefix(q, "SELECT") && !strings.HasPrefix(q, "WITH") {
			continue
		}
		st, err := s.read.PrepareContext(ctx, q)
		if err != nil {
			return fmt.Errorf("query %s: %w", name, err)
		}
		s.reads[name] = st
	}
	return nil
}

// Close ends the committer after what it has begun, and frees the file.
func (s *Store) Close() error {
	if s.committer != nil {
		s.committer.close()
	}
	var errs []error
	for _, st := range s.reads {
		errs = append(errs, st.Close())
	}
	for _, db := range []*sql.DB{s.read, s.write} {
		if db != nil {
			errs = append(errs, db.Close())
		}
	}
	if s.lock != nil {
		errs = append(errs, s.lock.Close())
		s.lock = nil
	}
	return errors.Join(errs...)
}

// Seal makes the store ready for changes: it loads the log's right edge, recomputes the head and refuses
// to go on when the newest checkpoint does not match it or covers more entries than there are.
func (s *Store) Seal(ctx context.Context, key *ledger.Key) error {
	switch s.origin {
	case key.Name():
	case "":
		if _, err := s.write.ExecContext(ctx, s.queries["meta-put"], originName, key.Name()); err != nil {
			return mapError(err)
		}
		s.origin = key.Name()
	default:
		return fmt.Errorf("the key belongs to log %q, the database to log %q: name the right key file", key.Name(), s.origin)
	}
	c, err := newCommitter(ctx, s, key)
	if err != nil {
		return err
	}
	s.committer = c
	return nil
}

// originName is the setting that keeps the log's origin.
const originName = "log-origin"

func lockFile(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		f.Close()
		return nil, errInUse
	}
	return f, nil
}

var errInUse = errors.New("another process is writing to this database; stop it first (only one process may write to a SQLite file)")

// explain adds the file and what to do.
func explain(path string, err error) error {
	var e *driver.Error
	if errors.As(err, &e) {
		switch e.Code() & 0xff {
		case sqlite3.SQLITE_NOTADB:
			return fmt.Errorf("%s is not a SQLite database; name another file: %w", path, err)
		case sqlite3.SQLITE_CANTOPEN:
			return fmt.Errorf("%s cannot be opened; does its folder exist and may you write there? %w", path, err)
		}
	}
	if errors.Is(err, os.ErrNotExist) || errors.Is(err, os.ErrPermission) {
		return fmt.Errorf("%s cannot be opened; does it exist, or does its folder exist, and may you read and write there? %w", path, err)
	}
	return fmt.Errorf("%s: %w", path, mapError(err))
}

// mapError turns the driver's errors into those casework knows.
func mapError(err error) error {
	if err == nil {
		return nil
	}
	if errors.Is(err, sql.ErrNoRows) {
		return casework.ErrNotFound
	}
	var e *driver.Error
	if errors.As(err, &e) {
		switch e.Code() & 0xff {
		case sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY:
			return fmt.Errorf("%w: %w", casework.ErrFull, err)
		}
	}
	return err
}
