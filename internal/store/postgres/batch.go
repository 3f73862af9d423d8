package postgres

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"luoshi/internal/casework"
	"luoshi/internal/ledger"
	"luoshi/internal/store/listing"
	"luoshi/internal/store/transfer"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"golang.org/x/mod/sumdb/tlog"
)

// batch is one transaction of the committer.
type batch struct {
	c    *committer
	reqs []*request

	edge   *ledger.Edge // of the log as it is when the batch has the head, then as the batch leaves it
	signed []byte       // the checkpoint over edge

	versions map[int64]int   // of the matters in question that exist
	used     map[string]bool // idempotency keys in question that are used
	free     map[string]bool // files in question that an entry may name
	changed  map[int64]bool  // matters that this batch changes

	written []*request // with changes, in leaf order
	changes []*part    // theirs
	writes  []statement
	tally   listing.Delta
	news    casework.News
	erased  bool
	words   int // matters whose words are written
	answers map[*request]answer
	later   []*request // that must wait for the next transaction
}

func (c *committer) newBatch(reqs []*request) *batch {
	return &batch{c: c, reqs: reqs, edge: c.edge, signed: c.signed, versions: map[int64]int{}, used: map[string]bool{}, free: map[string]bool{},
		changed: map[int64]bool{}, tally: listing.Delta{}, answers: map[*request]answer{}}
}

// transaction runs the batch. After an error nothing was recorded, unless it is casework.ErrUnknown.
func (w *batch) transaction() error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	conn, err := w.c.store.write.Acquire(ctx)
	if err != nil {
		return mapWrite(err)
	}
	defer conn.Release() // closes it when the transaction is not at its end
	if err := w.read(ctx, conn); err != nil {
		w.rollback(ctx, conn)
		return mapWrite(err)
	}
	w.decide()
	if len(w.changes)+len(w.writes) == 0 {
		w.rollback(ctx, conn)
		return nil
	}
	if err := w.extend(); err != nil {
		w.rollback(ctx, conn)
		return err
	}
	err = w.write(ctx, conn)
	switch code := stateOf(err); {
	case err == nil:
		return nil
	case code != "" && !away(code): // the server has refused it
		w.rollback(ctx, conn)
		return mapWrite(err)
	}
	_ = conn.Conn().Close(ctx) // so that a server that still hears us ends it now
	return w.settle(err)
}

func (w *batch) rollback(ctx context.Context, conn *pgxpool.Conn) {
	_, _ = conn.Exec(ctx, "ROLLBACK") // if it fails the connection is closed, which does the same
}

// read is the first round trip: it waits for the head of the log, and then reads what the batch depends on.
// Each statement sees what was committed before it began, so those after the first see all that other nodes
// have written.
func (w *batch) read(ctx context.Context, conn *pgxpool.Conn) error {
	s := w.c.store
	var b pgx.Batch
	queue := func(name string, args ...any) *pgx.QueuedQuery { return b.Queue(s.queries[name], s.args(args)...) }
	var origin string
	var size int64
	var next []ledger.Hash
	from := w.edge.Size()

	b.Queue("BEGIN")
	queue("log-lock").QueryRow(func(r pgx.Row) error { return r.Scan(&origin, &size) })
	marks := map[string]string{}
	queue("meta-several", transfer.Closing()).Query(scanSettings(marks))
	queue("checkpoint-newest").QueryRow(optional(&w.signed))
	queue("commitments", from, from+maxGrow).Query(func(rows pgx.Rows) (err error) {
		next, err = scanCommitments(rows, from)
		return err
	})
	w.question(queue)
	if err := conn.SendBatch(ctx, &b).Close(); err != nil {
		return err
	}
	if origin != w.c.key.Name() {
		return fmt.Errorf("the log of this database is now %q and no longer %q: something else was restored into it; nothing was recorded", origin, w.c.key.Name())
	}
	if err := transfer.Closed(marks); err != nil {
		return fmt.Errorf("%w: %w", casework.ErrClosed, err)
	}
	return w.catchUp(ctx, conn, size, leaves(origin, next))
}

// optional scans one value if there is a row.
func optional[T any](v *T) func(pgx.Row) error {
	return func(r pgx.Row) error {
		if err := r.Scan(v); !errors.Is(err, pgx.ErrNoRows) {
			return err
		}
		return nil
	}
}

// question asks for the versions of the matters, for the keys that are used and for the files that are free.
func (w *batch) question(queue func(name string, args ...any) *pgx.QueuedQuery) {
	var ids []int64
	var keys [][]byte
	var files []string
	for _, r := range w.reqs {
		for _, p := range r.parts {
			ids = append(ids, p.id)
			files = append(files, p.change.Fresh...)
			if p.change.Key != nil {
				keys = append(keys, p.change.Key)
			}
		}
	}
	if len(ids) > 0 {
		queue("matter-versions", ids).Query(func(rows pgx.Rows) error {
			var id int64
			var version int
			_, err := pgx.ForEachRow(rows, []any{&id, &version}, func() error { w.versions[id] = version; return nil })
			return err
		})
	}
	if len(files) > 0 {
		queue("file-free", files).Query(func(rows pgx.Rows) error {
			var id string
			_, err := pgx.ForEachRow(rows, []any{&id}, func() error { w.free[id] = true; return nil })
			return err
		})
	}
	if len(keys) > 0 {
		queue("entry-requests", keys).Query(func(rows pgx.Rows) error {
			var key []byte
			_, err := pgx.ForEachRow(rows, []any{&key}, func() error { w.used[string(key)] = true; return nil })
			return err
		})
	}
}

// catchUp takes over what other nodes have written, and compares it with what they have signed.
func (w *batch) catchUp(ctx context.Context, conn *pgxpool.Conn, size int64, next []tlog.Hash) (err error) {
	have := w.edge.Size()
	switch {
	case size == have && bytes.Equal(w.signed, w.c.signed):
		return nil
	case size < have:
		return fmt.Errorf("the log has %d entries, of %d that this node knows: an older copy was restored into the database; nothing was recorded. Restore a newer one, or see with `luoshi audit --since` what is lost and start again", size, have)
	case size > have+maxGrow:
		w.edge, err = ledger.LoadEdge(ctx, size, tree{w.c.store, conn, w.c.key.Name()})
	default:
		w.edge, err = appended(w.edge, next, size)
	}
	if err != nil {
		return err
	}
	return checkHead(w.edge, w.signed, w.c.key)
}

// decide answers the requests that cannot be written, and sorts the others. What is refused leaves no trace.
func (w *batch) decide() {
	for _, r := range w.reqs {
		if len(r.parts) == 0 {
			w.writes = append(w.writes, r.writes...)
			w.news = w.news.Merge(r.news)
			w.answers[r] = answer{}
			continue
		}
		err, wait := w.refuseAny(r.parts)
		switch {
		case err != nil:
			w.answers[r] = answer{err: err}
		case wait:
			w.later = append(w.later, r)
		default:
			w.written = append(w.written, r)
			for _, p := range r.parts {
				w.accept(p)
			}
		}
	}
}

// refuseAny says why one of the changes cannot be written, or that one builds on a change of this very batch.
func (w *batch) refuseAny(parts []*part) (err error, wait bool) {
	for _, p := range parts {
		err, later := w.refuse(p)
		if err != nil {
			return err, false
		}
		wait = wait || later
	}
	return nil, wait
}

func (w *batch) refuse(r *part) (err error, wait bool) {
	ch := r.change
	version, exists := w.versions[r.id]
	switch {
	case ch.Key != nil && w.used[string(ch.Key)]:
		return casework.ErrKeyUsed, false
	case ch.Expect == 0 && exists:
		return casework.ErrTaken, false
	case ch.Expect != 0 && !exists:
		return casework.ErrNotFound, false
	case ch.Expect != 0 && ch.Expect != version:
		return casework.ErrConflict, false
	case slices.ContainsFunc(ch.Fresh, func(id string) bool { return !w.free[id] }):
		return casework.ErrFileUsed, false
	}
	return nil, w.changed[r.id]
}

func (w *batch) accept(r *part) {
	ch := r.change
	w.versions[r.id] = ch.Matter.Version
	w.changed[r.id] = true
	for _, id := range ch.Fresh {
		delete(w.free, id)
	}
	if ch.Key != nil {
		w.used[string(ch.Key)] = true
	}
	w.changes = append(w.changes, r)
	w.tally.Count(ch)
	w.erased = w.erased || len(ch.Erase) > 0
}

// write is the second round trip: everything, and the commit.
func (w *batch) write(ctx context.Context, conn *pgxpool.Conn) error {
	s := w.c.store
	var b pgx.Batch
	for _, st := range w.writes {
		b.Queue(s.queries[st.name], s.args(st.args)...)
	}
	// A transaction that notifies holds a lock of the whole server until it is on disk, and all logs would wait
	// for each other. So what is told of matters follows the commit; if it gets lost in between, who listens
	// finds out by the size of the log. Units, accounts and procedures change rarely and are not in the log.
	before, after := w.sizes()
	later := casework.News{Units: w.news.Units}
	if w.news.All || w.news.Staff || w.news.Procedures || w.news.Calendars {
		s.queueNews(&b, w.news, before, after)
		later = casework.News{}
	}
	committed := false
	b.Queue("COMMIT").Exec(func(tag pgconn.CommandTag) error {
		if committed = tag.String() == "COMMIT"; !committed {
			return fmt.Errorf("the database answered %s to COMMIT", tag)
		}
		return nil
	})
	s.queueNews(&b, later, before, after)
	err := conn.SendBatch(ctx, &b).Close()
	if !committed {
		return err
	}
	if err != nil {
		s.tellAll(before, after)
	}
	return nil
}

// sizes are those of the log before and after the batch.
func (w *batch) sizes() (before, after int64) {
	after = w.edge.Size()
	return after - int64(len(w.changes)), after
}

// settle finds out what became of a commit that was not answered: with the head of the log in hand, the
// transaction has ended, and either its checkpoint is there or nothing of it. cause is what went wrong.
func (w *batch) settle(cause error) error {
	ctx, cancel := context.WithTimeout(context.Background(), w.c.settle)
	defer cancel()
	for len(w.changes) > 0 {
		there, err := w.committed(ctx)
		if err == nil && there {
			w.c.store.tellAll(w.sizes())
			return nil
		}
		if err == nil {
			return fmt.Errorf("%w: %w", casework.ErrAway, cause)
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("%w: %w", casework.ErrUnknown, cause)
		case <-time.After(200 * time.Millisecond):
		}
	}
	return fmt.Errorf("%w: %w", casework.ErrUnknown, cause) // statements alone leave no mark
}

// committed reports whether the batch's checkpoint is stored.
func (w *batch) committed(ctx context.Context) (there bool, err error) {
	s := w.c.store
	err = pgx.BeginFunc(ctx, s.write, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, s.queries["log-lock"], s.log); err != nil {
			return err
		}
		var signed []byte
		err := optional(&signed)(tx.QueryRow(ctx, s.queries["checkpoint-at"], s.log, w.edge.Size()))
		there = bytes.Equal(signed, w.signed)
		return err
	})
	return there, err
}
