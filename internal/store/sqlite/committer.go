package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"luoshi/internal/casework"
	"luoshi/internal/ledger"
	"luoshi/internal/number"

	"golang.org/x/mod/sumdb/tlog"
	driver "modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// maxBatch bounds how many changes share a transaction, so that the first of them does not wait long.
const maxBatch = 1000

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
	edge  *ledger.Edge // owned by run; the edge of what is committed

	mu     sync.RWMutex // guards closed against sends on queue
	closed bool
	queue  chan *request
	done   chan struct{}
}

// request is one caller waiting: a change, or a function to run in the writer's transaction.
type request struct {
	change *casework.Change
	doc    []byte // the matter as JSON, made by the caller so that the one writer need not
	run    func(ctx context.Context, w *batch) error
	answer chan answer
}

type answer struct {
	done casework.Committed
	err  error
}

func newCommitter(ctx context.Context, s *Store, key *ledger.Key) (*committer, error) {
	c := &committer{store: s, key: key, queue: make(chan *request, maxBatch), done: make(chan struct{}), stmts: map[string]*sql.Stmt{}}
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
	s.prover.Store(c.edge.Prover(s))
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
	doc, err := json.Marshal(ch.Matter)
	if err != nil {
		return casework.Committed{}, err
	}
	a := s.submit(ctx, &request{change: ch, doc: doc})
	return a.done, a.err
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
	c.mu.RLock()
	if c.closed {
		c.mu.RUnlock()
		return answer{err: errClosed}
	}
	c.queue <- r
	c.mu.RUnlock()
	// A caller that gives up must still learn the outcome: once queued, the change may be committed.
	return <-r.answer
}

func (c *committer) close() {
	c.mu.Lock()
	if !c.closed {
		c.closed = true
		close(c.queue)
	}
	c.mu.Unlock()
	<-c.done
	for _, st := range c.stmts {
		st.Close()
	}
	c.conn.Close()
}

func (c *committer) run() {
	defer close(c.done)
	for first := range c.queue {
		c.batch(c.gather(first))
	}
}

// gather takes what waits. Others that are about to ask are let run first, so that they share the transaction:
// each costs a sync, a signature and a segment of the index. Nobody who is alone waits for that.
func (c *committer) gather(first *request) []*request {
	reqs := []*request{first}
	for have := 0; have < len(reqs) && len(reqs) < maxBatch; {
		runtime.Gosched()
		have = len(reqs)
		reqs = c.drain(reqs)
	}
	return reqs
}

func (c *committer) drain(reqs []*request) []*request {
	for len(reqs) < maxBatch {
		select {
		case r, ok := <-c.queue:
			if !ok {
				return reqs
			}
			reqs = append(reqs, r)
		default:
			return reqs
		}
	}
	return reqs
}

// batch is one transaction of the writer.
type batch struct {
	c      *committer
	edge   *ledger.Edge
	tally  map[place]int64
	search map[int64]indexing // by row of the matter
	reqs   []*request         // changes that were written, in leaf order
	leaves []tlog.Hash
}

// indexing is what the full-text index shall hold for a matter after the batch.
type indexing struct {
	tokens  []string
	existed bool // before the batch, so that its old tokens must go
}

// batch writes the requests together. One that cannot be written for reasons of its own (conflict, key
// used) is answered alone; a fault of the database fails them all and nothing is kept.
func (c *committer) batch(reqs []*request) {
	ctx := context.Background()
	w := &batch{c: c, edge: c.edge.Clone(), tally: map[place]int64{}, search: map[int64]indexing{}}
	answers := make(map[*request]answer, len(reqs))
	err := c.transaction(ctx, func() error {
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
		c.store.prover.Store(c.edge.Prover(c.store))
		c.store.tally.add(w.tally)
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
}

func isOwn(err error) bool {
	return errors.Is(err, casework.ErrConflict) || errors.Is(err, casework.ErrKeyUsed) ||
		errors.Is(err, casework.ErrTaken) || errors.Is(err, casework.ErrNotFound)
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

func (w *batch) one(ctx context.Context, r *request) error {
	if r.run != nil {
		return r.run(ctx, w)
	}
	if err := w.write(ctx, r.change, r.doc); err != nil {
		return err
	}
	w.reqs = append(w.reqs, r)
	w.leaves = append(w.leaves, ledger.LeafHash(w.c.key.Name(), r.change.Entry.Commitment))
	return nil
}

func (w *batch) exec(ctx context.Context, name string, args ...any) error {
	_, err := w.c.stmts[name].ExecContext(ctx, args...)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// write finds what can be wrong with the change itself before or by its first statement, so that a refused
// change leaves no trace in the transaction.
func (w *batch) write(ctx context.Context, ch *casework.Change, doc []byte) error {
	id, err := matterID(ch.Matter.Number)
	if err != nil {
		return err
	}
	if err := w.checkKey(ctx, ch.Key); err != nil {
		return err
	}
	if ch.Expect == 0 {
		err = w.insert(ctx, id, ch, doc)
	} else {
		err = w.update(ctx, id, ch, doc)
	}
	if err != nil {
		return err
	}
	if err := w.entry(ctx, id, ch); err != nil {
		return err
	}
	for _, seq := range ch.Erase {
		if err := w.exec(ctx, "entry-erase", id, seq); err != nil {
			return err
		}
	}
	w.count(ch)
	w.index(id, ch)
	return nil
}

func (w *batch) checkKey(ctx context.Context, key []byte) error {
	if key == nil {
		return nil
	}
	var have int
	err := w.c.stmts["entry-request-known"].QueryRowContext(ctx, key).Scan(&have)
	switch {
	case err == nil:
		return casework.ErrKeyUsed
	case errors.Is(err, sql.ErrNoRows):
		return nil
	}
	return err
}

func bit(b bool) int {
	if b {
		return 1
	}
	return 0
}

func (w *batch) insert(ctx context.Context, id int64, ch *casework.Change, doc []byte) error {
	m := ch.Matter
	opened, err := time.Parse(casework.TimeFormat, m.Opened)
	if err != nil {
		return err
	}
	err = w.exec(ctx, "matter-insert", id, m.Procedure, m.State, bit(ch.Open), m.Unit, m.Assignee, m.Version, opened.UnixMilli(), ch.Due, ch.Lapse, m.Title, doc)
	var e *driver.Error
	if errors.As(err, &e) && e.Code() == sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY {
		return casework.ErrTaken
	}
	return err
}

// update changes the row only if it has the version that the change was computed from.
func (w *batch) update(ctx context.Context, id int64, ch *casework.Change, doc []byte) error {
	m := ch.Matter
	r, err := w.c.stmts["matter-update"].ExecContext(ctx, m.State, bit(ch.Open), m.Unit, m.Assignee, m.Version, ch.Due, ch.Lapse, m.Title, doc, id, ch.Expect)
	if err != nil {
		return fmt.Errorf("matter-update: %w", err)
	}
	if n, err := r.RowsAffected(); n == 1 || err != nil {
		return err
	}
	var have int
	err = w.c.stmts["matter-version"].QueryRowContext(ctx, id).Scan(&have)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return casework.ErrNotFound
	case err != nil:
		return err
	}
	return casework.ErrConflict
}

func (w *batch) entry(ctx context.Context, id int64, ch *casework.Change) error {
	e := ch.Entry
	var contentSalt []byte
	if e.ContentSalt != nil {
		contentSalt = e.ContentSalt[:]
	}
	index := w.c.edge.Size() + int64(len(w.leaves))
	return w.exec(ctx, "entry-insert", index, id, e.Act.Seq, e.ActBytes, e.Salt[:], e.ContentBytes, contentSalt, e.Commitment[:], ch.Key)
}

// index notes the tokens for the end of the batch.
func (w *batch) index(id int64, ch *casework.Change) {
	if ch.Tokens == nil {
		return
	}
	existed := ch.Expect != 0
	if earlier, ok := w.search[id]; ok {
		existed = earlier.existed
	}
	w.search[id] = indexing{ch.Tokens, existed}
}

// writeIndex writes the tokens of the whole batch in the order of the rows: FTS5 keeps what is new in memory
// until the commit only as long as rows ascend, and otherwise writes out a segment for every step back.
func (w *batch) writeIndex(ctx context.Context) error {
	for _, id := range slices.Sorted(maps.Keys(w.search)) {
		i := w.search[id]
		if i.existed {
			if err := w.exec(ctx, "search-delete", id); err != nil {
				return err
			}
		}
		if err := w.exec(ctx, "search-insert", id, strings.Join(i.tokens, " ")); err != nil {
			return err
		}
	}
	return nil
}

func (w *batch) count(ch *casework.Change) {
	m := ch.Matter
	if b := ch.Before; b != nil {
		w.tally[place{b.Unit, b.Procedure, b.State, b.Open}]--
	}
	w.tally[place{m.Unit, m.Procedure, m.State, ch.Open}]++
}

// seal writes the index, counts, tiles and the checkpoint, and prepares every answer. It runs last in the
// transaction; the answers are given only after the commit.
func (w *batch) seal(ctx context.Context, answers map[*request]answer) error {
	if err := w.writeIndex(ctx); err != nil {
		return err
	}
	for p, n := range w.tally {
		if n == 0 {
			continue
		}
		if err := w.exec(ctx, "tally-add", p.unit, p.procedure, p.state, p.open, n); err != nil {
			return err
		}
	}
	if len(w.leaves) == 0 {
		return nil
	}
	first := w.edge.Size()
	full, err := w.edge.Append(w.leaves)
	if err != nil {
		return err
	}
	for _, t := range full {
		if err := w.exec(ctx, "tile-insert", t.Level, t.Index, t.Data); err != nil {
			return err
		}
	}
	signed, err := w.c.key.SignCheckpoint(w.c.key.Name(), w.edge.Size(), w.edge.Root())
	if err != nil {
		return err
	}
	if err := w.exec(ctx, "checkpoint-insert", w.edge.Size(), signed); err != nil {
		return err
	}
	for i, r := range w.reqs {
		proof, err := w.edge.Prove(first + int64(i))
		if err != nil {
			return err
		}
		answers[r] = answer{done: casework.Committed{Index: first + int64(i), Checkpoint: signed, Proof: proof}}
	}
	return nil
}

// matterID is the row of a matter: year*10^8 + serial, read from its number.
func matterID(num string) (int64, error) {
	year, serial, err := number.Split(num)
	if err != nil {
		return 0, err
	}
	return int64(year)*1e8 + int64(serial), nil
}

func matterNumber(id int64) string {
	s, err := number.Format(int(id/1e8), int(id%1e8))
	if err != nil {
		return ""
	}
	return s
}
