package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"luoshi/internal/casework"
	"luoshi/internal/ledger"
	"luoshi/internal/number"
	"luoshi/internal/store/group"

	"golang.org/x/mod/sumdb/tlog"
)

const (
	// patience is how long a transaction may take, most of it waiting for other nodes.
	patience = 30 * time.Second
	// maxTries bounds how often a batch is tried of which is known that nothing was recorded.
	maxTries = 3
)

// State codes for what has waited too long for others.
const (
	lockTimeout = "55P03"
	canceled    = "57014" // by a limit of time, or an administrator
)

// committer is the one writer of this node. It takes whatever waits, without delay when nothing does, writes it
// in one transaction with the leaves, the full tiles and one signed checkpoint, and answers all after the commit.
//
// If the process dies before the commit nothing of the batch exists; if it dies after the commit and before an
// answer, a repeat with the same idempotency key finds the first answer, at any node.
type committer struct {
	store  *Store
	key    *ledger.Key
	edge   *ledger.Edge  // of what is committed, as far as this node knows; replaced by run, never changed
	signed []byte        // the checkpoint over edge
	settle time.Duration // how long to find out what became of a commit that was not answered

	queue  *group.Queue[*request]
	done   chan struct{}
	vacuum *vacuum
}

// request is one caller waiting: with a change and those that go with it, or with statements to run beside the
// others'.
type request struct {
	parts  []*part
	writes []statement
	news   casework.News
	answer chan answer
}

// part is the change of one matter.
type part struct {
	change *casework.Change
	id     int64     // of the matter; like the following made by the caller, so that the one writer need not
	opened int64     // of a new matter, in milliseconds since 1970
	doc    []byte    // the matter as JSON
	tokens string    // of the search index
	leaf   tlog.Hash // of the log
}

// statement is a named query that writes, with its parameters after the number of the log.
type statement struct {
	name string
	args []any
}

// answer is the outcome; the caller works out its proof from the edge, which nobody changes any more.
type answer struct {
	first  int64 // index of the leaf of the first part
	signed []byte
	edge   *ledger.Edge
	err    error
}

func newCommitter(s *Store, key *ledger.Key, edge *ledger.Edge, signed []byte) *committer {
	c := &committer{store: s, key: key, edge: edge, signed: signed, settle: 15 * time.Second,
		queue: group.NewQueue[*request](), done: make(chan struct{}), vacuum: newVacuum(s)}
	go c.run()
	return c
}

// Commit implements casework.Committer. A caller that gives up must still learn the outcome, for once queued
// the change may be committed: ctx does not end the wait.
func (s *Store) Commit(_ context.Context, ch *casework.Change) (casework.Committed, error) {
	changes, err := ch.Parts()
	if err != nil {
		return casework.Committed{}, err
	}
	r := &request{parts: make([]*part, len(changes))}
	for i, ch := range changes {
		if r.parts[i], err = s.newPart(ch); err != nil {
			return casework.Committed{}, err
		}
	}
	a := s.submit(r)
	if a.err != nil {
		return casework.Committed{}, a.err
	}
	return casework.Prove(a.first, len(r.parts), a.signed, a.edge.Prove)
}

func (s *Store) newPart(ch *casework.Change) (r *part, err error) {
	r = &part{change: ch, leaf: ledger.LeafHash(s.Origin(), ch.Entry.Commitment)}
	if r.id, err = number.ID(ch.Matter.Number); err != nil {
		return nil, err
	}
	if ch.Expect == 0 {
		opened, err := time.Parse(casework.TimeFormat, ch.Matter.Opened)
		if err != nil {
			return nil, err
		}
		r.opened = opened.UnixMilli()
	}
	if ch.Tokens != nil {
		r.tokens = searchTokens(s.log, r.id, ch.Tokens)
	}
	r.doc, err = ch.Matter.Encode()
	return r, err
}

// put runs statements that write, all or none, and tells the news when they are committed.
func (s *Store) put(news casework.News, writes ...statement) error {
	return s.submit(&request{writes: writes, news: news}).err
}

func (s *Store) submit(r *request) answer {
	c := s.committer
	if c == nil {
		return answer{err: errReadOnly}
	}
	r.answer = make(chan answer, 1)
	if !c.queue.Put(r) {
		return answer{err: errClosed}
	}
	return <-r.answer
}

func (c *committer) close() {
	c.queue.Close()
	<-c.done
	c.vacuum.close()
}

func (c *committer) run() {
	defer close(c.done)
	var later []*request
	for {
		if len(later) == 0 {
			first, open := <-c.queue.C()
			if !open {
				return
			}
			later = append(later, first)
		}
		later = c.commit(c.queue.Gather(later))
	}
}

// commit writes the requests together and answers them, but for those it gives back, which have to wait for the
// next transaction. What is wrong with a request alone (conflict, key used) is found before anything is written;
// when the database itself refuses one, each is tried alone, so that the others do not suffer for it.
func (c *committer) commit(reqs []*request) (later []*request) {
	w, err := c.try(reqs)
	if err == nil {
		for r, a := range w.answers {
			r.answer <- a
		}
		c.store.index.wrote(w.words)
		return w.later
	}
	if len(reqs) > 1 && !hitsAll(err) {
		for _, r := range reqs {
			later = append(later, c.commit([]*request{r})...)
		}
		return later
	}
	for _, r := range reqs {
		r.answer <- answer{err: err}
	}
	return nil
}

// hitsAll reports whether the error hits every request alike. One that has waited too long would be followed by
// as many others as there are requests.
func hitsAll(err error) bool {
	code := stateOf(err)
	return code == "" || code == lockTimeout || code == canceled || errors.Is(err, casework.ErrFull) || errors.Is(err, casework.ErrAway) || errors.Is(err, casework.ErrUnknown)
}

// try writes the requests in one transaction. One that failed without a trace, because the connection was lost
// or for the sake of another node's, is tried again.
func (c *committer) try(reqs []*request) (w *batch, err error) {
	for range maxTries {
		w = c.newBatch(reqs)
		err = w.transaction()
		if err == nil {
			c.took(w)
			return w, nil
		}
		switch {
		case errors.Is(err, casework.ErrAway):
			c.store.write.Reset() // other connections may be dead too
		case !again(stateOf(err)):
			return w, fmt.Errorf("writing to the log: %w", err)
		}
	}
	return w, fmt.Errorf("writing to the log: %w", err)
}

// took takes over, after the commit, what the batch has made of the log.
func (c *committer) took(w *batch) {
	c.edge, c.signed = w.edge, w.signed
	c.store.advance(c.edge)
	if w.erased {
		c.vacuum.ask()
	}
}
