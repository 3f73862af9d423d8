package main

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
	"golang.org/x/mod/sumdb/tlog"

	"luoshi/internal/ledger"
)

// lock is the design in which a node holds the row of the log's head from reading it to committing the next
// one: two round trips for each batch.
type lock struct {
	*node
	conn *pgx.Conn
	edge *ledger.Edge // of what is committed, as far as this node knows
}

func (l *lock) serve(ctx context.Context) error {
	for {
		entries := l.gather()
		edge, err := l.begin(ctx)
		if err != nil {
			return fmt.Errorf("taking the head: %w", err)
		}
		first := edge.Size()
		signed, err := l.commit(ctx, edge, entries)
		if err != nil {
			return fmt.Errorf("writing %d entries: %w", len(entries), err)
		}
		l.edge = edge
		for i, e := range entries {
			e.answer <- answer{index: first + int64(i), edge: edge, checkpoint: signed}
		}
	}
}

// catchUpMost bounds how far a node reads on. PostgreSQL takes a range with two ends for a small part of the
// table and reads it from the index, whatever it believes the table's size to be.
const catchUpMost = 1 << 20

// begin takes the lock and returns an edge that has what other nodes have committed. Each statement of the
// transaction sees what was committed before it began, so the second reads after the lock was given.
func (l *lock) begin(ctx context.Context) (*ledger.Edge, error) {
	edge := l.edge.Clone()
	var size int64
	var leaves []tlog.Hash
	var b pgx.Batch
	b.Queue("BEGIN")
	b.Queue("SELECT size FROM log WHERE log = 1 FOR UPDATE").QueryRow(func(row pgx.Row) error { return row.Scan(&size) })
	b.Queue("SELECT commitment FROM entry WHERE log = 1 AND idx >= $1 AND idx < $2 ORDER BY idx", edge.Size(), edge.Size()+catchUpMost).
		Query(func(rows pgx.Rows) (err error) {
			leaves, err = pgx.CollectRows(rows, scanLeaf)
			return err
		})
	if err := l.conn.SendBatch(ctx, &b).Close(); err != nil {
		return nil, err
	}
	if edge.Size()+int64(len(leaves)) != size {
		return nil, fmt.Errorf("%d entries after %d, but the head says %d", len(leaves), edge.Size(), size)
	}
	_, err := edge.Append(leaves) // whoever wrote the entries wrote their tiles
	return edge, err
}

func scanLeaf(row pgx.CollectableRow) (tlog.Hash, error) {
	var commitment []byte
	if err := row.Scan(&commitment); err != nil {
		return tlog.Hash{}, err
	}
	return ledger.LeafHash(origin, ledger.Hash(commitment)), nil
}

// commit writes the entries at the end of the log with tiles, checkpoint and head.
func (l *lock) commit(ctx context.Context, edge *ledger.Edge, entries []*entry) (signed []byte, err error) {
	c := columnsOf(entries, edge.Size())
	var b pgx.Batch
	b.Queue(insertLock, c.places, c.ids, c.acts, c.salts, c.commitments)
	if signed, err = queueHead(&b, l.key, edge, leavesOf(entries)); err != nil {
		return nil, err
	}
	b.Queue("COMMIT")
	return signed, l.conn.SendBatch(ctx, &b).Close()
}

const insertLock = `INSERT INTO entry (log, idx, id, act, salt, commitment)
	SELECT 1, * FROM unnest($1::bigint[], $2::bigint[], $3::bytea[], $4::bytea[], $5::bytea[])`

// queueHead appends the leaves to the edge and queues what follows from them: full tiles, checkpoint, head.
func queueHead(b *pgx.Batch, key *ledger.Key, edge *ledger.Edge, leaves []tlog.Hash) (signed []byte, err error) {
	tiles, err := edge.Append(leaves)
	if err != nil {
		return nil, err
	}
	for _, t := range tiles {
		b.Queue("INSERT INTO tile (log, level, idx, data) VALUES (1, $1, $2, $3)", t.Level, t.Index, t.Data)
	}
	if signed, err = key.SignCheckpoint(origin, edge.Size(), edge.Root()); err != nil {
		return nil, err
	}
	b.Queue("INSERT INTO checkpoint (log, size, signed) VALUES (1, $1, $2)", edge.Size(), signed)
	b.Queue("UPDATE log SET size = $1 WHERE log = 1", edge.Size())
	return signed, nil
}
