package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"luoshi/internal/casework"
	"luoshi/internal/ledger"
	"luoshi/internal/number"
	"luoshi/internal/store/group"
	"luoshi/internal/store/listing"

	"golang.org/x/mod/sumdb/tlog"
)

var errClosed = errors.New("the store is closing; nothing was recorded")

// committer is the one writer. It takes whatever waits, without delay when nothing does, writes it in one
// transaction with the leaves, the full tiles and one signed checkpoint, and answers all after the commit.
//
// If the process dies before the commit nothing of the batch exists; if it dies after the commit and
// before an answer, a repeat with the same idempotency key finds the first answer.
type committer struct {
	store *Store
	key   *ledger.Key
	conn  *sql.Conn // owned by run
	stmts map[string]*sql.Stmt
	edge  *ledger.Edge // of what is committed; replaced by run, never changed

	pending pendingIndex // owned by run
	untidy  bool         // the index may have segments to merge; owned by run
	keeper  *keeper      // of the write-ahead log
	erased  time.Time    // when to try again to empty the write-ahead log of what was erased; owned by run

	queue *group.Queue[*request]
	done  chan struct{}
}

// request is one caller waiting: a change with those that go with it, or a function to run in the writer's
// transaction.
type request struct {
	parts  []*part
	run    func(ctx context.Context, w *batch) error
	answer chan answer
}

// part is the change of one matter.
type part struct {
	change *casework.Change
	id     int64     // row of the matter; like what follows made by the caller, so that the one writer need not
	opened int64     // milliseconds since 1970; of a new matter
	doc    []byte    // the matter as JSON
	tokens string    // of the search index
	leaf   tlog.Hash // of the log
}

// answer is the outcome; the caller works out its proof from the edge, which nobody changes any more.
type answer struct {
	first  int64 // index of the leaf of the first part
	signed []byte
	edge   *ledger.Edge
	err    error
}

func newCommitter(ctx context.Context, s *Store, key *ledger.Key) (*committer, error) {
	c := &committer{store: s, key: key, queue: group.NewQueue[*request](), done: make(chan struct{}), stmts: map[string]*sql.Stmt{}}
	size, err := s.Size(ctx)
	if err != nil {
		return nil, err
	}
	if c.edge, err = ledger.LoadEdge(ctx, size, s); err != nil {
		return nil, fmt.Errorf("the log's right edge: %w", err)
	}
	if err := c.checkHead(ctx); err != nil {
		return nil, err
	}
	if c.conn, err = s.write.Conn(ctx); err != nil {
		return nil, err
	}
	for name, q := range s.queries {
		if c.stmts[name], err = c.conn.PrepareContext(ctx, q); err != nil {
			return nil, fmt.Errorf("query %s: %w", name, err)
		}
	}
	s.edge.Store(c.edge)
	if c.pending, err = s.loadPending(ctx); err != nil {
		return nil, fmt.Errorf("what waits for the search index: %w", err)
	}
	s.unindexed.Store(int64(len(c.pending.tokens)))
	if err := c.loadRequests(ctx); err != nil {
		return nil, fmt.Errorf("idempotency keys: %w", err)
	}
	if c.keeper, err = newKeeper(s.path); err != nil {
		return nil, err
	}
	c.untidy = true
	go c.run()
	return c, nil
}

// checkHead refuses a log that is not the one that was signed: cut back by a bad restore, or changed.
func (c *committer) checkHead(ctx context.Context) error {
	signed, err := c.store.Checkpoint(ctx)
	if errors.Is(err, casework.ErrNotFound) && c.edge.Size() == 0 {
		return nil
	}
	if err != nil {
		return err
	}
	head, err := ledger.OpenCheckpoint(signed, c.key.VerifierKey())
	if err != nil {
		return fmt.Errorf("the newest checkpoint: %w", err)
	}
	if head.Size != c.edge.Size() || head.Root != c.edge.Root() {
		return fmt.Errorf("the log does not match its newest signed checkpoint (it has %d entries, %d were signed): run `luoshi audit` and restore a backup", c.edge.Size(), head.Size)
	}
	return nil
}

// Commit implements casework.Committer.
func (s *Store) Commit(ctx context.Context, ch *casework.Change) (casework.Committed, error) {
	changes, err := ch.Parts()
	if err != nil {
		return casework.Committed{}, err
	}
	r := &request{parts: make([]*part, len(changes))}
	for i, ch := range changes {
		if r.parts[i], err = s.part(ch); err != nil {
			return casework.Committed{}, err
		}
	}
	a := s.submit(ctx, r)
	if a.err != nil {
		return casework.Committed{}, a.err
	}
	return casework.Prove(a.first, len(r.parts), a.signed, a.edge.Prove)
}

// part is what the writer needs of a change.
func (s *Store) part(ch *casework.Change) (*part, error) {
	id, err := number.ID(ch.Matter.Number)
	if err != nil {
		return nil, err
	}
	doc, err := ch.Matter.Encode()
	if err != nil {
		return nil, err
	}
	p := &part{change: ch, id: id, doc: doc, tokens: strings.Join(ch.Tokens, " "), leaf: ledger.LeafHash(s.origin, ch.Entry.Commitment)}
	if ch.Expect == 0 {
		opened, err := time.Parse(casework.TimeFormat, ch.Matter.Opened)
		if err != nil {
			return nil, err
		}
		p.opened = opened.UnixMilli()
		s.serials.used(id)
	}
	return p, nil
}

// inWriter runs f in the writer's transaction.
func (s *Store) inWriter(ctx context.Context, f func(ctx context.Context, w *batch) error) error {
	return s.submit(ctx, &request{run: f}).err
}

func (s *Store) submit(ctx context.Context, r *request) answer {
	c := s.committer
	if c == nil {
		return answer{err: errors.New("the store was opened for reading only")}
	}
	r.answer = make(chan answer, 1)
	if !c.queue.Put(r) {
		return answer{err: errClosed}
	}
	// A caller that gives up must still learn the outcome: once queued, the change may be committed.
	return <-r.answer
}

func (c *committer) close() {
	first := c.queue.Close()
	<-c.done
	if !first {
		return
	}
	c.keeper.close()
	for _, st := range c.stmts {
		st.Close()
	}
	c.conn.Close()
}

func (c *committer) run() {
	defer close(c.done)
	for {
		select {
		case first, open := <-c.queue.C():
			if !open {
				c.batch([]*request{flushRequest()}) // what cannot be written is made again at the next start
				return
			}
			c.batch(c.queue.Gather([]*request{first}))
		case <-c.rest():
			c.batch([]*request{c.upkeep()})
		}
	}
}

// batch writes the requests together. One that cannot be written for reasons of its own (conflict, key
// used) is answered alone; a fault of the database fails them all and nothing is kept.
func (c *committer) batch(reqs []*request) {
	ctx := context.Background()
	w := &batch{c: c, edge: c.edge.Clone(), tally: listing.Delta{}, search: map[int64]indexing{}, found: map[string]int64{}, requests: map[string]int64{}}
	answers := make(map[*request]answer, len(reqs))
	err := c.transaction(ctx, func() error {
		if err := w.lookUp(ctx, reqs); err != nil {
			return err
		}
		for _, r := range reqs {
			err := w.one(ctx, r)
			if isOwn(err) {
				answers[r] = answer{err: err}
			} else if err != nil {
				return err
			}
		}
		return w.seal(ctx, answers)
	})
	if err == nil {
		c.edge = w.edge
		c.store.edge.Store(c.edge)
		c.indexed(w)
		c.untidy = c.untidy || w.more
		if w.requestsWritten {
			c.store.requests.written(c.edge.Size())
		} else {
			c.store.requests.take(w.requests)
		}
		if w.erased {
			c.truncateLog(ctx)
		}
		c.store.tally.Add(w.tally)
		c.store.board.Put(len(w.parts), func(i int) listing.Card { return listing.CardOf(w.parts[i].id, w.parts[i].change) })
		c.store.watchers.committed(w.parts)
	} else if len(reqs) > 1 && !errors.Is(mapError(err), casework.ErrFull) {
		for _, r := range reqs { // one of them is at fault: the others shall not suffer for it
			c.batch([]*request{r})
		}
		return
	}
	for _, r := range reqs {
		if a := answers[r]; err == nil || a.err != nil && isOwn(a.err) {
			r.answer <- a
		} else {
			r.answer <- answer{err: mapError(err)}
		}
	}
	c.keeper.committed(ctx, c.conn)
	if !c.erased.IsZero() && time.Now().After(c.erased) {
		c.truncateLog(ctx)
	}
}

// truncateAgain is how long to wait before the write-ahead log is tried again, when it could not be emptied.
const truncateAgain = 5 * time.Second

// truncateLog empties the write-ahead log, which would otherwise keep what was erased until it is written
// over. A long reading, such as an audit, or the keeper at work hold it up; then it is tried again later, and
// nobody waits for it longer than a second.
func (c *committer) truncateLog(ctx context.Context) {
	_, _ = c.conn.ExecContext(ctx, "PRAGMA busy_timeout = 1000")
	defer c.conn.ExecContext(ctx, "PRAGMA busy_timeout = 10000")
	var busy, length, done int
	c.erased = time.Time{} // the erasure itself is committed
	if err := c.conn.QueryRowContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &length, &done); err != nil || busy != 0 {
		c.erased = time.Now().Add(truncateAgain)
	}
}

func isOwn(err error) bool {
	return errors.Is(err, casework.ErrConflict) || errors.Is(err, casework.ErrKeyUsed) ||
		errors.Is(err, casework.ErrTaken) || errors.Is(err, casework.ErrNotFound) || errors.Is(err, casework.ErrFileUsed)
}

func (c *committer) transaction(ctx context.Context, f func() error) error {
	if _, err := c.conn.ExecContext(ctx, "BEGIN IMMEDIATE"); err != nil {
		return err
	}
	err := f()
	if err == nil {
		_, err = c.conn.ExecContext(ctx, "COMMIT")
	}
	if err != nil {
		// After a full disk SQLite may have rolled back by itself; a second time does no harm.
		c.conn.ExecContext(ctx, "ROLLBACK")
	}
	return err
}
