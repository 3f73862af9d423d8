package postgres

import (
	"context"
	"errors"
	"fmt"

	"luoshi/internal/casework"
	"luoshi/internal/ledger"

	"github.com/jackc/pgx/v5"
	"golang.org/x/mod/sumdb/tlog"
)

// tree reads the log's tree over a pool, or within a transaction. It implements ledger.TileReader.
type tree struct {
	s      *Store
	q      querier
	origin string
}

func (s *Store) tree() tree { return tree{s, reads{s}, s.Origin()} }

// reads asks over any connection.
type reads struct{ s *Store }

// Query implements querier.
func (r reads) Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error) {
	return r.s.pool.Query(ctx, sql, args...)
}

// QueryRow implements querier.
func (r reads) QueryRow(ctx context.Context, sql string, args ...any) pgx.Row {
	return row{ctx, r.s, sql, args}
}

func (r tree) row(ctx context.Context, name string, args ...any) pgx.Row {
	return r.q.QueryRow(ctx, r.s.queries[name], r.s.args(args)...)
}

// Tile implements ledger.TileReader.
func (r tree) Tile(ctx context.Context, level int, index int64) ([]byte, error) {
	var data []byte
	err := mapError(r.row(ctx, "tile-read", level, index).Scan(&data))
	if errors.Is(err, casework.ErrNotFound) {
		return nil, fmt.Errorf("tile %d/%d: %w", level, index, ledger.ErrNotFound)
	}
	return data, err
}

// Leaves implements ledger.TileReader.
func (r tree) Leaves(ctx context.Context, from, to int64) ([]tlog.Hash, error) {
	commitments, err := r.commitments(ctx, from, to)
	if err != nil {
		return nil, err
	}
	return leaves(r.origin, commitments), nil
}

func leaves(origin string, commitments []ledger.Hash) []tlog.Hash {
	out := make([]tlog.Hash, len(commitments))
	for i, c := range commitments {
		out[i] = ledger.LeafHash(origin, c)
	}
	return out
}

func (r tree) commitments(ctx context.Context, from, to int64) ([]ledger.Hash, error) {
	rows, err := r.q.Query(ctx, r.s.queries["commitments"], r.s.log, from, to)
	if err != nil {
		return nil, mapError(err)
	}
	return scanCommitments(rows, from)
}

func scanCommitments(rows pgx.Rows, from int64) ([]ledger.Hash, error) {
	defer rows.Close()
	out := []ledger.Hash{}
	for rows.Next() {
		var c []byte
		if err := rows.Scan(&c); err != nil {
			return nil, err
		}
		if len(c) != len(ledger.Hash{}) {
			return nil, fmt.Errorf("commitment %d has %d bytes", from+int64(len(out)), len(c))
		}
		out = append(out, ledger.Hash(c))
	}
	return out, mapError(rows.Err())
}

// checkpoint is the newest signed checkpoint.
func (r tree) checkpoint(ctx context.Context) ([]byte, error) {
	var signed []byte
	err := r.row(ctx, "checkpoint-newest").Scan(&signed)
	return signed, mapError(err)
}

// maxGrow bounds how many entries an edge takes over one by one; beyond that it is read anew, which costs the
// same however far behind it is.
const maxGrow = 4096

// grown is the edge brought up to size: the same when it is there, else a new one.
func (r tree) grown(ctx context.Context, edge *ledger.Edge, size int64) (*ledger.Edge, error) {
	if edge != nil && edge.Size() == size {
		return edge, nil
	}
	if edge == nil || size < edge.Size() || size > edge.Size()+maxGrow {
		return ledger.LoadEdge(ctx, size, r)
	}
	next, err := r.Leaves(ctx, edge.Size(), size)
	if err != nil {
		return nil, err
	}
	return appended(edge, next, size)
}

func appended(edge *ledger.Edge, next []tlog.Hash, size int64) (*ledger.Edge, error) {
	if edge.Size()+int64(len(next)) != size {
		return nil, fmt.Errorf("the log has %d entries after the first %d, and its head says %d: run `luoshi audit`", len(next), edge.Size(), size-edge.Size())
	}
	edge = edge.Clone()
	_, err := edge.Append(next) // the full tiles are stored by who wrote the entries
	return edge, err
}

// checkHead refuses a log that is not the one that was signed: cut back by a bad restore, changed, or written
// to by two databases of which one was a copy.
func checkHead(edge *ledger.Edge, signed []byte, key *ledger.Key) error {
	if signed == nil && edge.Size() == 0 {
		return nil
	}
	head, err := ledger.OpenCheckpoint(signed, key.VerifierKey())
	if err != nil {
		return fmt.Errorf("the newest checkpoint: %w: run `luoshi audit`", err)
	}
	if head.Size != edge.Size() || head.Root != edge.Root() {
		return fmt.Errorf("the log does not match its newest signed checkpoint (it has %d entries, %d were signed): run `luoshi audit` and restore a backup", edge.Size(), head.Size)
	}
	return nil
}

// Size implements casework.LogStore.
func (s *Store) Size(ctx context.Context) (int64, error) {
	var n int64
	err := s.row(ctx, "log-size").Scan(&n)
	return n, mapError(err)
}

// Tile implements ledger.TileReader.
func (s *Store) Tile(ctx context.Context, level int, index int64) ([]byte, error) {
	return s.tree().Tile(ctx, level, index)
}

// Leaves implements ledger.TileReader.
func (s *Store) Leaves(ctx context.Context, from, to int64) ([]tlog.Hash, error) {
	return s.tree().Leaves(ctx, from, to)
}

// Commitments implements casework.LogStore.
func (s *Store) Commitments(ctx context.Context, from, to int64) (out []ledger.Hash, err error) {
	err = s.twice(ctx, s.pool, func() error {
		out, err = s.tree().commitments(ctx, from, to)
		return err
	})
	return out, err
}

// ServeTile implements casework.LogStore. The edge knows the partial upper tiles, which would otherwise have
// to be computed from up to 255 full ones for each that asks. It follows what other nodes have written.
func (s *Store) ServeTile(ctx context.Context, path string) ([]byte, error) {
	size, err := s.Size(ctx)
	if err != nil {
		return nil, err
	}
	edge, err := s.edgeAt(ctx, size)
	if err != nil {
		return nil, err
	}
	return edge.Prover(edge.Size(), s).ServeTile(ctx, path)
}

// Prove implements casework.LogStore, like ServeTile with what the edge knows.
func (s *Store) Prove(ctx context.Context, size, index int64) (tlog.RecordProof, error) {
	edge, err := s.edgeAt(ctx, size)
	if err != nil {
		return nil, err
	}
	return edge.Prover(size, s).Prove(ctx, index)
}

// edgeAt is the edge of the log at size or later.
func (s *Store) edgeAt(ctx context.Context, size int64) (*ledger.Edge, error) {
	if edge := s.edge.Load(); edge != nil && edge.Size() >= size {
		return edge, nil
	}
	s.growing.Lock()
	defer s.growing.Unlock()
	have := s.edge.Load()
	if have != nil && have.Size() >= size {
		return have, nil
	}
	edge, err := s.tree().grown(ctx, have, size)
	if err != nil {
		return nil, err
	}
	s.advance(edge)
	return edge, nil
}

// advance keeps the edge, unless a longer one is there already.
func (s *Store) advance(edge *ledger.Edge) {
	for {
		have := s.edge.Load()
		if have != nil && have.Size() >= edge.Size() || s.edge.CompareAndSwap(have, edge) {
			return
		}
	}
}

// Checkpoint implements casework.LogStore.
func (s *Store) Checkpoint(ctx context.Context) ([]byte, error) { return s.tree().checkpoint(ctx) }

// CheckpointAfter implements casework.LogStore.
func (s *Store) CheckpointAfter(ctx context.Context, index int64) (int64, []byte, error) {
	var size int64
	var signed []byte
	err := s.row(ctx, "checkpoint-after", index).Scan(&size, &signed)
	return size, signed, mapError(err)
}
