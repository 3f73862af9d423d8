package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"golang.org/x/mod/sumdb/tlog"

	"luoshi/internal/ledger"
)

// follow answers the node's clients from what the sequencer writes, until this node is elected itself.
func (o *outbox) follow(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	news, err := o.listen(ctx, "heads")
	if err != nil {
		return err
	}
	tick := time.NewTicker(renewAfter)
	defer tick.Stop()
	for {
		if err := o.catchUp(ctx); err != nil {
			return fmt.Errorf("following the sequencer: %w", err)
		}
		select {
		case <-news:
		case <-tick.C:
			if leads, err := o.elect(ctx); leads || err != nil {
				return err
			}
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// catchUp brings the edge to the newest checkpoint and answers those who are under it.
func (o *outbox) catchUp(ctx context.Context) error {
	size, signed, runs, err := o.read(ctx)
	if err != nil || size == o.edge.Size() {
		return err
	}
	edge := o.edge.Clone()
	var leaves []tlog.Hash
	for i := range runs {
		if runs[i].node == int64(o.Node) {
			n := int64(len(runs[i].leaves))
			if runs[i].leaves, err = o.waiting.peek(runs[i].seq, n); err != nil {
				return err
			}
		}
		leaves = append(leaves, runs[i].leaves...)
	}
	if _, err := edge.Append(leaves); err != nil {
		return err
	}
	if edge.Size() != size {
		return fmt.Errorf("the runs end at %d, the checkpoint at %d", edge.Size(), size)
	}
	return o.publish(edge, signed, runs)
}

// read returns the newest checkpoint and the runs that it has more than the edge. The leaves of the own runs
// are not read again, only counted. The second statement may see runs of a newer checkpoint: these are left.
func (o *outbox) read(ctx context.Context) (size int64, signed []byte, runs []nodeRun, err error) {
	from := o.edge.Size()
	var b pgx.Batch
	b.Queue("SELECT size, signed FROM checkpoint WHERE log = 1 ORDER BY size DESC LIMIT 1").QueryRow(func(row pgx.Row) error {
		err := row.Scan(&size, &signed)
		if errors.Is(err, pgx.ErrNoRows) {
			return nil
		}
		return err
	})
	b.Queue(sequenced, from, from+catchUpMost, o.Node).Query(func(rows pgx.Rows) error {
		var idx, n int64
		var r nodeRun
		var commitments []byte
		_, err := pgx.ForEachRow(rows, []any{&idx, &r.node, &r.seq, &n, &commitments}, func() error {
			if idx >= size {
				return nil
			}
			r.leaves = leafHashes(commitments)
			if r.node == int64(o.Node) {
				r.leaves = make([]tlog.Hash, n)
			}
			runs = append(runs, r)
			return nil
		})
		return err
	})
	err = o.order.SendBatch(ctx, &b).Close()
	return size, signed, runs, err
}

const sequenced = `SELECT r.idx, r.node, r.seq, r.n, CASE WHEN r.node <> $3 THEN (
		SELECT string_agg(e.commitment, ''::bytea ORDER BY e.seq) FROM entry e
		WHERE e.log = 1 AND e.node = r.node AND e.seq >= r.seq AND e.seq < r.seq + r.n) END
	FROM run r WHERE r.log = 1 AND r.idx >= $1 AND r.idx < $2 ORDER BY r.idx`

// publish makes the edge the present one and answers the own entries among the runs that it has grown by.
func (o *outbox) publish(edge *ledger.Edge, signed []byte, runs []nodeRun) error {
	index := o.edge.Size()
	o.edge = edge
	for _, r := range runs {
		n := int64(len(r.leaves))
		if r.node == int64(o.Node) {
			entries, err := o.waiting.take(r.seq, n)
			if err != nil {
				return err
			}
			for i, e := range entries {
				e.answer <- answer{index: index + int64(i), edge: edge, checkpoint: signed}
			}
		}
		index += n
	}
	return nil
}
