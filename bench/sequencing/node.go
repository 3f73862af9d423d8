package main

import (
	"bufio"
	"context"
	"encoding/gob"
	"encoding/json"
	"fmt"
	"io"
	"runtime"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"luoshi/internal/ledger"
)

const (
	origin   = "sequencing.example/log"
	maxBatch = 1000 // entries in one transaction, as in the product
)

// nodeConfig is what the program tells a node on its standard input, in one line. Another line starts the
// load; the end of the input ends the node.
type nodeConfig struct {
	URL, Schema, Design, KeyFile string
	Node, Clients                int
	Warmup, Duration             time.Duration
}

// node is a process with a share of the clients, as one process of the product would be.
type node struct {
	nodeConfig
	key   *ledger.Key
	queue chan *entry
}

// entry is what a client wants in the log.
type entry struct {
	id         int64
	act        []byte
	salt       ledger.Salt
	commitment ledger.Hash
	leaf       tlog.Hash
	answer     chan answer
}

// answer comes after the commit. The client makes its proof from the edge, which nobody changes any more;
// without a log there is none.
type answer struct {
	index      int64
	edge       *ledger.Edge
	checkpoint []byte
}

// runNode is one node from its configuration to its result. It serves on after its own clients have ended,
// since other nodes may need it.
func runNode(ctx context.Context, in io.Reader, out io.Writer) error {
	lines := bufio.NewReader(in)
	n := &node{queue: make(chan *entry, maxBatch)}
	line, err := lines.ReadBytes('\n')
	if err != nil {
		return fmt.Errorf("a node is started by the program itself, not by hand: %w", err)
	}
	if err := json.Unmarshal(line, &n.nodeConfig); err != nil {
		return err
	}
	if n.key, err = ledger.LoadOrCreateKey(n.KeyFile, origin); err != nil {
		return err
	}
	serve, err := n.open(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintln(out, "ready")
	if _, err := lines.ReadBytes('\n'); err != nil {
		return err
	}
	failed := make(chan error, 1)
	go func() { failed <- serve(ctx) }()
	finished := make(chan error, 1)
	go func() {
		err := gob.NewEncoder(out).Encode(n.load())
		io.Copy(io.Discard, lines)
		finished <- err
	}()
	select {
	case err := <-failed:
		return fmt.Errorf("node %d, %s: %w", n.Node, n.Design, err)
	case err := <-finished:
		return err
	}
}

// open connects and returns the function that answers what is in the queue, until it fails.
func (n *node) open(ctx context.Context) (func(context.Context) error, error) {
	conn, err := connect(ctx, n.URL, n.Schema)
	if err != nil {
		return nil, err
	}
	switch n.Design {
	case designBare:
		return (&bare{node: n, conn: conn}).serve, nil
	case designLock:
		edge, err := ledger.LoadEdge(ctx, 0, nil)
		return (&lock{node: n, conn: conn, edge: edge}).serve, err
	case designOutbox:
		return openOutbox(ctx, n, conn)
	}
	return nil, fmt.Errorf("no design %q", n.Design)
}

// gather takes what waits. Others that are about to ask are let run first, so that they share the transaction;
// nobody who is alone waits for that.
func (n *node) gather() []*entry {
	batch := []*entry{<-n.queue}
	for have := 0; have < len(batch) && len(batch) < maxBatch; {
		runtime.Gosched()
		have = len(batch)
		batch = n.drain(batch)
	}
	return batch
}

func (n *node) drain(batch []*entry) []*entry {
	for len(batch) < maxBatch {
		select {
		case e := <-n.queue:
			batch = append(batch, e)
		default:
			return batch
		}
	}
	return batch
}

// columns are the entries as arrays, for unnest.
type columns struct {
	ids, places              []int64
	acts, salts, commitments [][]byte
}

// columnsOf numbers the entries from first on.
func columnsOf(entries []*entry, first int64) (c columns) {
	for i, e := range entries {
		c.ids = append(c.ids, e.id)
		c.places = append(c.places, first+int64(i))
		c.acts = append(c.acts, e.act)
		c.salts = append(c.salts, e.salt[:])
		c.commitments = append(c.commitments, e.commitment[:])
	}
	return c
}

func leavesOf(entries []*entry) []tlog.Hash {
	leaves := make([]tlog.Hash, len(entries))
	for i, e := range entries {
		leaves[i] = e.leaf
	}
	return leaves
}
