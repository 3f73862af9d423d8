package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"golang.org/x/mod/sumdb/tlog"

	"luoshi/internal/ledger"
)

const (
	lease      = "2 s"
	renewAfter = 500 * time.Millisecond
	lookAfter  = 20 * time.Millisecond // without news, for a notification may be lost
)

// elect makes this node the sequencer if it is or if the lease has run out.
//
// The lease only spares nodes from working against each other. What keeps the log right is that a run's place
// is a primary key: of two that believe themselves elected one is refused.
func (o *outbox) elect(ctx context.Context) (bool, error) {
	tag, err := o.order.Exec(ctx, renew, o.Node)
	return tag.RowsAffected() == 1, err
}

const renew = `UPDATE leader SET holder = $1, until = clock_timestamp() + interval '` + lease + `'
	WHERE log = 1 AND (holder = $1 OR until < clock_timestamp())`

// nodeRun is a run of one node's entries with consecutive numbers.
type nodeRun struct {
	node, seq int64
	leaves    []tlog.Hash
}

// lead sequences until another node has taken over.
func (o *outbox) lead(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	news, err := o.listen(ctx, "entries")
	if err != nil {
		return err
	}
	if err := o.catchUp(ctx); err != nil {
		return err
	}
	o.leads.Store(true)
	defer o.leads.Store(false)
	look, renewed := true, time.Now()
	for {
		runs, err := o.collect(ctx, look)
		if err != nil {
			return fmt.Errorf("reading the outbox: %w", err)
		}
		extend := time.Since(renewed) > renewAfter
		if len(runs) > 0 || extend {
			kept, err := o.sequence(ctx, runs, extend)
			if err != nil || !kept {
				return err
			}
		}
		if extend {
			renewed = time.Now()
		}
		look = o.rest(ctx, news, len(runs) > 0)
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
}

// rest waits for something to sequence and reports whether other nodes may have written it. Who has just been
// busy looks again without waiting.
func (o *outbox) rest(ctx context.Context, news <-chan struct{}, busy bool) (others bool) {
	select {
	case <-news:
		return true
	default:
	}
	if busy {
		if _, own := o.waiting.ready(); len(own) > 0 {
			return false
		}
	}
	select {
	case <-news:
		return true
	case <-time.After(lookAfter):
		return true
	case <-o.own:
		return false
	case <-ctx.Done():
		return false
	}
}

// collect returns what is committed and has no place: the own entries from memory, those of other nodes from
// the database when there may be any.
func (o *outbox) collect(ctx context.Context, others bool) (runs []nodeRun, err error) {
	if seq, leaves := o.waiting.ready(); len(leaves) > 0 {
		runs = append(runs, nodeRun{node: int64(o.Node), seq: seq, leaves: leaves})
	}
	if !others {
		return runs, nil
	}
	rows, err := o.order.Query(ctx, unsequenced, o.Node)
	if err != nil {
		return nil, err
	}
	found, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (r nodeRun, err error) {
		var commitments []byte
		err = row.Scan(&r.node, &r.seq, &commitments)
		r.leaves = leafHashes(commitments)
		return r, err
	})
	for _, r := range found {
		if len(r.leaves) > 0 {
			runs = append(runs, r)
		}
	}
	return runs, err
}

const unsequenced = `SELECT n.node, n.sequenced, (
		SELECT string_agg(w.commitment, ''::bytea ORDER BY w.seq) FROM (
			SELECT e.seq, e.commitment FROM entry e
			WHERE e.log = 1 AND e.node = n.node AND e.seq >= n.sequenced ORDER BY e.seq LIMIT 1000) w)
	FROM node n WHERE n.log = 1 AND n.node <> $1`

// leafHashes splits commitments that were strung together.
func leafHashes(commitments []byte) []tlog.Hash {
	leaves := make([]tlog.Hash, 0, len(commitments)/tlog.HashSize)
	for ; len(commitments) >= tlog.HashSize; commitments = commitments[tlog.HashSize:] {
		leaves = append(leaves, ledger.LeafHash(origin, ledger.Hash(commitments[:tlog.HashSize])))
	}
	return leaves
}

// sequence gives the runs their places, in one round trip, and answers the own clients. It reports false when
// another node has become the sequencer.
func (o *outbox) sequence(ctx context.Context, runs []nodeRun, extend bool) (kept bool, err error) {
	edge := o.edge.Clone()
	var b pgx.Batch
	b.Queue("BEGIN")
	signed, err := queueRuns(&b, o.key, edge, runs)
	if err != nil {
		return false, err
	}
	kept = true
	if extend {
		b.Queue(renew, o.Node).Exec(func(tag pgconn.CommandTag) error {
			kept = tag.RowsAffected() == 1
			return nil
		})
	}
	b.Queue("COMMIT")
	if len(runs) > 1 || len(runs) == 1 && runs[0].node != int64(o.Node) {
		b.Queue("SELECT pg_notify($1, '')", o.channel("heads"))
	}
	err = o.order.SendBatch(ctx, &b).Close()
	var refused *pgconn.PgError
	if errors.As(err, &refused) && refused.Code == "23505" { // unique_violation
		_, err = o.order.Exec(ctx, "ROLLBACK")
		return false, err
	}
	if err != nil {
		return false, fmt.Errorf("writing the order: %w", err)
	}
	return kept, o.publish(edge, signed, runs)
}

func queueRuns(b *pgx.Batch, key *ledger.Key, edge *ledger.Edge, runs []nodeRun) (signed []byte, err error) {
	if len(runs) == 0 {
		return nil, nil
	}
	var places, nodes, seqs, counts []int64
	var leaves []tlog.Hash
	for _, r := range runs {
		places = append(places, edge.Size()+int64(len(leaves)))
		nodes, seqs, counts = append(nodes, r.node), append(seqs, r.seq), append(counts, int64(len(r.leaves)))
		leaves = append(leaves, r.leaves...)
	}
	b.Queue("INSERT INTO run (log, idx, node, seq, n) SELECT 1, * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[])",
		places, nodes, seqs, counts)
	b.Queue(`UPDATE node n SET sequenced = r.seq + r.n FROM unnest($1::bigint[], $2::bigint[], $3::bigint[]) r (node, seq, n)
		WHERE n.log = 1 AND n.node = r.node`, nodes, seqs, counts)
	return queueHead(b, key, edge, leaves)
}
