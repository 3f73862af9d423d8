package postgres

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	"luoshi/internal/casework"
	"luoshi/internal/config"
	"luoshi/internal/ledger"
	"luoshi/internal/store/sqltext"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

//go:embed migrations/*.sql queries/*.sql
var files embed.FS

// Options says how to open a store.
type Options struct {
	// URL is postgres://USER:PASSWORD@HOST:PORT/DATABASE, with luoshi_log=N among its parameters where the
	// database holds more than one log, and any parameter that the driver knows.
	URL      string
	ReadOnly bool // for audit: no migration, no changes; reading rights are enough
	Readers  int  // connections for reading; 0: 8
}

// Store is one log in a PostgreSQL database. It implements casework.Store.
type Store struct {
	log     int32 // number of the log
	place   string
	queries map[string]string
	pool    *pgxpool.Pool // for reading
	write   *pgxpool.Pool // for the committer, and the few short writes beside it; nil for reading only
	tally   tally
	board   board
	notify  bool // the database passes notifications on; set by findNotify
	origin  atomic.Pointer[string]

	committer *committer // nil until Seal
	index     *index     // of words; nil until Seal

	growing sync.Mutex                  // one at a time brings edge up to the log
	edge    atomic.Pointer[ledger.Edge] // for serving tiles; may be behind the log; nil until needed
}

var _ casework.Store = (*Store)(nil)

// Open connects, and brings the schema forward as needed. Changes need Seal first. Errors say what to do, and
// never hold the password: the address is wrong, the server cannot be reached or is too old, password or
// database do not exist, rights are missing.
func Open(ctx context.Context, o Options) (*Store, error) {
	at, err := config.ParsePostgres(o.URL)
	if err != nil {
		return nil, err
	}
	s := &Store{log: at.Log, queries: sqltext.Queries(files)}
	s.origin.Store(new(string))
	if err := s.open(ctx, at.URL, o); err != nil {
		s.Close()
		return nil, explain(s.place, err)
	}
	return s, nil
}

func (s *Store) open(ctx context.Context, url string, o Options) error {
	c, err := pgxpool.ParseConfig(url)
	if err != nil {
		return errors.New("its address cannot be read: see that every parameter after the question mark is one that PostgreSQL knows")
	}
	s.place = fmt.Sprintf("PostgreSQL database %s on %s:%d", c.ConnConfig.Database, c.ConnConfig.Host, c.ConnConfig.Port)
	if c.MaxConns = 8; o.Readers > 0 {
		c.MaxConns = int32(o.Readers)
	}
	c.AfterConnect = begin(o.ReadOnly)
	if s.pool, err = pgxpool.NewWithConfig(ctx, c); err != nil {
		return err
	}
	if err := s.findNotify(ctx); err != nil {
		return err
	}
	if !o.ReadOnly {
		w := c.Copy()
		w.MaxConns = 4
		if s.write, err = pgxpool.NewWithConfig(ctx, w); err != nil {
			return err
		}
		if err := s.migrate(ctx); err != nil {
			return err
		}
	}
	if err := s.knownSchema(ctx); err != nil { // for reading only nothing was migrated
		return err
	}
	if err := s.checkRights(ctx, o.ReadOnly); err != nil {
		return err
	}
	return s.readOrigin(ctx)
}

// oldestServer is the first version of PostgreSQL that is supported.
const oldestServer = 15

// begin prepares each new connection.
func begin(readOnly bool) func(context.Context, *pgx.Conn) error {
	return func(ctx context.Context, c *pgx.Conn) error {
		if err := checkServer(c.PgConn().ParameterStatus("server_version")); err != nil {
			return err
		}
		if e := c.PgConn().ParameterStatus("server_encoding"); e != "" && e != "UTF8" {
			return fmt.Errorf("%w: the database keeps text as %s, which cannot hold every name; make it with CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0", errServer, e)
		}
		_, err := c.Exec(ctx, sessionSettings, readOnly)
		return err
	}
}

// sessionSettings are of the connection. Acknowledged means durable: a server or role set to answer before the
// commit is on disk is overruled. A node that stops in the middle of a transaction, holding the lock that all
// others wait for, is cut off. No other limit holds: one that a server or role sets for what people ask would end a
// batch for waiting its turn, or a move for its length (transaction_timeout is there from PostgreSQL 17 on).
// Queries are short, so that compiling them never pays. They are planned anew each time: a plan made while a table
// was still empty, when any way of reading it was as cheap, would be kept until the table is analysed, and by then
// a batch may read a hundred thousand rows for one.
const sessionSettings = `SELECT set_config('synchronous_commit',
    CASE WHEN current_setting('synchronous_commit') = 'off' THEN 'on' ELSE current_setting('synchronous_commit') END, false),
  set_config('idle_in_transaction_session_timeout', '10s', false),
  set_config('statement_timeout', '0', false),
  set_config('lock_timeout', '0', false),
  CASE WHEN current_setting('transaction_timeout', true) IS NOT NULL THEN set_config('transaction_timeout', '0', false) END,
  set_config('default_transaction_isolation', 'read committed', false),
  set_config('default_transaction_read_only', CASE WHEN $1::boolean THEN 'on' ELSE 'off' END, false),
  set_config('jit', 'off', false),
  set_config('plan_cache_mode', 'force_custom_plan', false)`

// checkServer refuses a server that is too old; version is its own word, such as "15.4 (Debian 15.4-1)".
func checkServer(version string) error {
	digits := version
	if i := strings.IndexFunc(version, func(r rune) bool { return r < '0' || r > '9' }); i >= 0 {
		digits = version[:i]
	}
	if n, err := strconv.Atoi(digits); err == nil && n >= oldestServer {
		return nil
	}
	return fmt.Errorf("%w: the server is PostgreSQL %s; version %d or newer is needed", errServer, version, oldestServer)
}

// Close ends the committer after what it has begun, and the connections.
func (s *Store) Close() error {
	if s.committer != nil {
		s.committer.close()
	}
	s.index.close()
	for _, p := range []*pgxpool.Pool{s.pool, s.write} {
		if p != nil {
			p.Close()
		}
	}
	return nil
}

// Origin is the log's origin, "" before the first Seal.
func (s *Store) Origin() string { return *s.origin.Load() }

func (s *Store) readOrigin(ctx context.Context) error {
	var origin string
	err := mapError(s.row(ctx, "log-origin").Scan(&origin))
	if errors.Is(err, casework.ErrNotFound) {
		return nil
	}
	s.origin.Store(&origin)
	return err
}

// Seal makes the store ready for changes: it loads the log's right edge, recomputes the head and refuses to go
// on when the newest checkpoint does not match it or covers more entries than there are, or when the log is
// just being filled or was moved away.
func (s *Store) Seal(ctx context.Context, key *ledger.Key) error {
	if s.write == nil {
		return errReadOnly
	}
	name := key.Name()
	edge, signed, err := s.sealed(ctx, key)
	if err != nil {
		return err
	}
	s.origin.Store(&name)
	s.edge.Store(edge)
	s.index = newIndex(s)
	s.committer = newCommitter(s, key, edge, signed)
	return nil
}

// sealed gives the log to the key if nobody has it yet, and reads its right edge while no node writes.
func (s *Store) sealed(ctx context.Context, key *ledger.Key) (edge *ledger.Edge, signed []byte, err error) {
	err = pgx.BeginFunc(ctx, s.write, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, s.queries["log-begin"], s.log, key.Name()); err != nil {
			return err
		}
		var origin string
		var size int64
		if err := tx.QueryRow(ctx, s.queries["log-lock"], s.log).Scan(&origin, &size); err != nil {
			return err
		}
		if origin != key.Name() {
			return fmt.Errorf("the key belongs to log %q, the database to log %q: name the right key file", key.Name(), origin)
		}
		if err := s.refuseClosed(ctx, tx); err != nil {
			return err
		}
		r := tree{s, tx, origin}
		if edge, err = ledger.LoadEdge(ctx, size, r); err != nil {
			return fmt.Errorf("the log's right edge: %w: run `luoshi audit` and restore a backup", err)
		}
		if signed, err = r.checkpoint(ctx); err != nil && !errors.Is(err, casework.ErrNotFound) {
			return err
		}
		return checkHead(edge, signed, key)
	})
	return edge, signed, mapError(err)
}

// querier is a pool, a connection or a transaction.
type querier interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
}

// row asks a named query for one row. The number of the log is every query's first parameter.
func (s *Store) row(ctx context.Context, name string, args ...any) pgx.Row {
	return row{ctx, s, s.queries[name], s.args(args)}
}

// row is a question not asked yet: Scan asks it.
type row struct {
	ctx   context.Context
	store *Store
	query string
	args  []any
}

// Scan implements pgx.Row.
func (r row) Scan(dest ...any) error {
	return r.store.twice(r.ctx, r.store.pool, func() error { return r.store.pool.QueryRow(r.ctx, r.query, r.args...).Scan(dest...) })
}

func (s *Store) args(args []any) []any { return append([]any{s.log}, args...) }

// listOf reads all rows of a named query.
func listOf[T any](ctx context.Context, s *Store, name string, scan pgx.RowToFunc[T], args ...any) (out []T, err error) {
	err = s.twice(ctx, s.pool, func() error {
		rows, err := s.pool.Query(ctx, s.queries[name], s.args(args)...)
		if err != nil {
			return err
		}
		out, err = pgx.CollectRows(rows, scan)
		return err
	})
	return out, mapError(err)
}

// twice runs f again when a connection turns out to be dead: after the server has started anew all that the
// pool keeps are, which shows only in their use. What f does must do no harm when it is done twice.
func (s *Store) twice(ctx context.Context, pool *pgxpool.Pool, f func() error) error {
	err := f()
	if ctx.Err() != nil || !lost(err) && stateOf(err) != shutDown {
		return err
	}
	pool.Reset()
	return f()
}
