package main

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"

	"github.com/jackc/pgx/v5"
	"golang.org/x/mod/sumdb/tlog"

	"luoshi/internal/ledger"
)

// outbox is the design in which every node commits its entries without an order, and one of them, elected,
// gives them their places. A node is at any time the sequencer or follows it.
type outbox struct {
	*node
	write *pgx.Conn // commits entries; owned by commit
	order *pgx.Conn // reads or writes the order; owned by serve, with edge
	edge  *ledger.Edge

	waiting waiting
	leads   atomic.Bool
	own     chan struct{} // own entries were committed
}

func openOutbox(ctx context.Context, n *node, write *pgx.Conn) (func(context.Context) error, error) {
	order, err := connect(ctx, n.URL, n.Schema)
	if err != nil {
		return nil, err
	}
	if _, err := order.Exec(ctx, "INSERT INTO node (log, node, sequenced) VALUES (1, $1, 0)", n.Node); err != nil {
		return nil, err
	}
	edge, err := ledger.LoadEdge(ctx, 0, nil)
	o := &outbox{node: n, write: write, order: order, edge: edge, own: make(chan struct{}, 1)}
	return o.serve, err
}

func (o *outbox) serve(ctx context.Context) error {
	ctx, cancel := context.WithCancelCause(ctx)
	go func() { cancel(o.commit(ctx)) }()
	for {
		leads, err := o.elect(ctx)
		if err == nil && leads {
			err = o.lead(ctx)
		} else if err == nil {
			err = o.follow(ctx)
		}
		if cause := context.Cause(ctx); cause != nil {
			return cause
		}
		if err != nil {
			return err
		}
	}
}

// commit is the group commit of the node's entries.
func (o *outbox) commit(ctx context.Context) error {
	for {
		entries := o.gather()
		c := columnsOf(entries, o.waiting.add(entries))
		var b pgx.Batch
		b.Queue("BEGIN")
		b.Queue(insertOutbox, o.Node, c.places, c.ids, c.acts, c.salts, c.commitments)
		b.Queue("COMMIT")
		if !o.leads.Load() {
			// After the commit, in the same round trip: within it, NOTIFY would hold a lock that all
			// notifying transactions of the server share until this one is on the disk.
			b.Queue("SELECT pg_notify($1, '')", o.channel("entries"))
		}
		if err := o.write.SendBatch(ctx, &b).Close(); err != nil {
			return fmt.Errorf("writing %d entries: %w", len(entries), err)
		}
		o.waiting.committed(len(entries))
		wake(o.own)
	}
}

const insertOutbox = `INSERT INTO entry (log, node, seq, id, act, salt, commitment)
	SELECT 1, $1, * FROM unnest($2::bigint[], $3::bigint[], $4::bytea[], $5::bytea[], $6::bytea[])`

// channel is the name of a NOTIFY channel: "entries" for the sequencer, "heads" for those who follow it.
func (o *outbox) channel(name string) string { return o.Schema + "_" + name }

// listen has the channel's notifications wake the receiver, until the context ends.
func (o *outbox) listen(ctx context.Context, name string) (<-chan struct{}, error) {
	conn, err := connect(ctx, o.URL, o.Schema)
	if err != nil {
		return nil, err
	}
	if _, err := conn.Exec(ctx, "LISTEN "+o.channel(name)); err != nil {
		return nil, err
	}
	news := make(chan struct{}, 1)
	go func() {
		defer conn.Close(context.WithoutCancel(ctx))
		for {
			if _, err := conn.WaitForNotification(ctx); err != nil {
				return // who waits also looks by itself now and then
			}
			wake(news)
		}
	}()
	return news, nil
}

// wake leaves one token; a receiver that has one already will look anyway.
func wake(c chan<- struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// waiting are the node's entries that have no place in the log yet, in the order of their numbers within the
// node.
type waiting struct {
	mu      sync.Mutex
	first   int64 // number of entries[0]
	durable int64 // entries before this number are committed
	entries []*entry
}

// add is called before the entries are committed, since the sequencer may be faster than the answer.
func (w *waiting) add(entries []*entry) (first int64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	first = w.first + int64(len(w.entries))
	w.entries = append(w.entries, entries...)
	return first
}

func (w *waiting) committed(n int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.durable += int64(n)
}

// ready are the leaves of what is committed.
func (w *waiting) ready() (first int64, leaves []tlog.Hash) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.first, leavesOf(w.entries[:max(w.durable-w.first, 0)])
}

// take removes and returns the oldest n, whose numbers begin with first.
func (w *waiting) take(first, n int64) ([]*entry, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if first != w.first || n > int64(len(w.entries)) {
		return nil, fmt.Errorf("entries %d to %d were sequenced, but %d to %d wait", first, first+n-1, w.first, w.first+int64(len(w.entries))-1)
	}
	taken := w.entries[:n:n]
	w.entries = w.entries[n:]
	w.first += n
	return taken, nil
}

// peek returns the leaves that take would.
func (w *waiting) peek(first, n int64) ([]tlog.Hash, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	from := first - w.first
	if from < 0 || from+n > int64(len(w.entries)) {
		return nil, fmt.Errorf("entries %d to %d were sequenced but do not wait", first, first+n-1)
	}
	return leavesOf(w.entries[from : from+n]), nil
}
