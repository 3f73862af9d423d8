package sqlite

import (
	"context"
	"errors"
	"fmt"

	"luoshi/internal/casework"
	"luoshi/internal/ledger"

	"golang.org/x/mod/sumdb/tlog"
)

// Size implements casework.LogStore.
func (s *Store) Size(ctx context.Context) (int64, error) {
	var n int64
	err := s.reads["log-size"].QueryRowContext(ctx).Scan(&n)
	return n, mapError(err)
}

// Tile implements ledger.TileReader.
func (s *Store) Tile(ctx context.Context, level int, index int64) ([]byte, error) {
	var data []byte
	err := mapError(s.reads["tile-read"].QueryRowContext(ctx, level, index).Scan(&data))
	if errors.Is(err, casework.ErrNotFound) {
		return nil, fmt.Errorf("tile %d/%d: %w", level, index, ledger.ErrNotFound)
	}
	return data, err
}

// Leaves implements ledger.TileReader.
func (s *Store) Leaves(ctx context.Context, from, to int64) ([]tlog.Hash, error) {
	commitments, err := s.Commitments(ctx, from, to)
	if err != nil {
		return nil, err
	}
	out := make([]tlog.Hash, len(commitments))
	for i, c := range commitments {
		out[i] = ledger.LeafHash(s.origin, c)
	}
	return out, nil
}

// Commitments implements casework.LogStore.
func (s *Store) Commitments(ctx context.Context, from, to int64) ([]ledger.Hash, error) {
	rows, err := s.reads["commitments"].QueryContext(ctx, from, to)
	if err != nil {
		return nil, mapError(err)
	}
	defer rows.Close()
	out := make([]ledger.Hash, 0, to-from)
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
	return out, rows.Err()
}

// ServeTile implements casework.LogStore. The edge knows the partial upper tiles, which would otherwise have
// to be computed from up to 255 full ones for each that asks.
func (s *Store) ServeTile(ctx context.Context, path string) ([]byte, error) {
	if edge := s.edge.Load(); edge != nil {
		return edge.Prover(edge.Size(), s).ServeTile(ctx, path)
	}
	size, err := s.Size(ctx)
	if err != nil {
		return nil, err
	}
	return ledger.ServeTile(ctx, path, size, s)
}

// Prove implements casework.LogStore, like ServeTile with what the edge knows.
func (s *Store) Prove(ctx context.Context, size, index int64) (tlog.RecordProof, error) {
	if edge := s.edge.Load(); edge != nil && size <= edge.Size() {
		return edge.Prover(size, s).Prove(ctx, index)
	}
	return ledger.Prove(ctx, size, index, s)
}

// Checkpoint implements casework.LogStore.
func (s *Store) Checkpoint(ctx context.Context) ([]byte, error) {
	var signed []byte
	err := s.reads["checkpoint-newest"].QueryRowContext(ctx).Scan(&signed)
	return signed, mapError(err)
}

// CheckpointAfter implements casework.LogStore.
func (s *Store) CheckpointAfter(ctx context.Context, index int64) (int64, []byte, error) {
	var size int64
	var signed []byte
	err := s.reads["checkpoint-after"].QueryRowContext(ctx, index).Scan(&size, &signed)
	return size, signed, mapError(err)
}

// Origin is the log's origin, "" before the first Seal.
func (s *Store) Origin() string { return s.origin }
