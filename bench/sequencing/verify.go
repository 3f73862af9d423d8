package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"golang.org/x/mod/sumdb/tlog"

	"luoshi/internal/ledger"
)

// stored is the log as it was read back and computed again from its entries.
type stored struct {
	ids    []int64             // of the entries in order
	leaves []tlog.Hash         // of the same
	signed map[int64][]byte    // checkpoints by size
	roots  map[int64]tlog.Hash // computed, for each checkpoint's size
	tiles  map[[2]int64][]byte // computed, by level and index
}

// verify reads the whole log back and holds every answer against it: places without gap or repetition, every
// acknowledged entry once and nothing else, salts and commitments, tiles, every checkpoint a head that the one
// tree had, and the kept receipts under their checkpoints. It returns how many entries a checkpoint has brought
// on average, 0 without a log.
func verify(ctx context.Context, conn *pgx.Conn, design, keyFile string, results []result) (each float64, err error) {
	if _, err := conn.Exec(ctx, "ANALYZE", pgx.QueryExecModeSimpleProtocol); err != nil {
		return 0, err
	}
	s, err := readEntries(ctx, conn, design)
	if err != nil {
		return 0, err
	}
	if err := s.checkAnswers(ctx, conn, design, results); err != nil {
		return 0, err
	}
	if design == designBare {
		return 0, nil
	}
	key, err := ledger.LoadOrCreateKey(keyFile, origin)
	if err != nil {
		return 0, err
	}
	if err := s.checkHeads(ctx, conn, key.VerifierKey()); err != nil {
		return 0, err
	}
	if err := s.checkTiles(ctx, conn); err != nil {
		return 0, err
	}
	return float64(len(s.ids)) / float64(len(s.signed)), s.checkReceipts(results)
}

func readEntries(ctx context.Context, conn *pgx.Conn, design string) (*stored, error) {
	rows, err := conn.Query(ctx, ordered(design), pgx.QueryExecModeExec)
	if err != nil {
		return nil, err
	}
	s := &stored{signed: map[int64][]byte{}, roots: map[int64]tlog.Hash{}, tiles: map[[2]int64][]byte{}}
	var index, id int64
	var act, salt, commitment []byte
	_, err = pgx.ForEachRow(rows, []any{&index, &id, &act, &salt, &commitment}, func() error {
		if index != int64(len(s.ids)) {
			return fmt.Errorf("after entry %d comes %d", len(s.ids)-1, index)
		}
		s.ids = append(s.ids, id)
		if design == designBare {
			return nil
		}
		want := ledger.LeafCommitment(ledger.Salt(salt), ledger.EntryHash(act))
		if !bytes.Equal(commitment, want[:]) {
			return fmt.Errorf("entry %d does not match its commitment", index)
		}
		s.leaves = append(s.leaves, ledger.LeafHash(origin, want))
		return nil
	})
	return s, err
}

// checkAnswers: every client had ended, so what is stored and what was acknowledged are the same.
func (s *stored) checkAnswers(ctx context.Context, conn *pgx.Conn, design string, results []result) error {
	seen := make([]bool, len(s.ids))
	total := 0
	for _, r := range results {
		for _, a := range r.Answers {
			if a.Index < 0 || a.Index >= int64(len(s.ids)) || s.ids[a.Index] != a.ID {
				return fmt.Errorf("entry %x was acknowledged at %d and is not there", a.ID, a.Index)
			}
			if seen[a.Index] {
				return fmt.Errorf("place %d was given twice", a.Index)
			}
			seen[a.Index] = true
			total++
		}
	}
	var rows int
	if err := conn.QueryRow(ctx, "SELECT count(*) FROM entry", pgx.QueryExecModeExec).Scan(&rows); err != nil {
		return err
	}
	if total != len(s.ids) || total != rows {
		return fmt.Errorf("%d entries were acknowledged, %d are stored, %d have a place", total, rows, len(s.ids))
	}
	return nil
}

// checkHeads grows the tree from checkpoint to checkpoint and compares each.
func (s *stored) checkHeads(ctx context.Context, conn *pgx.Conn, vkey string) error {
	edge, err := ledger.LoadEdge(ctx, 0, nil)
	if err != nil {
		return err
	}
	rows, err := conn.Query(ctx, "SELECT size, signed FROM checkpoint ORDER BY size", pgx.QueryExecModeExec)
	if err != nil {
		return err
	}
	var size int64
	var signed []byte
	_, err = pgx.ForEachRow(rows, []any{&size, &signed}, func() error {
		if size <= edge.Size() || size > int64(len(s.leaves)) {
			return fmt.Errorf("a checkpoint of %d leaves after one of %d, in a log of %d", size, edge.Size(), len(s.leaves))
		}
		full, err := edge.Append(s.leaves[edge.Size():size])
		if err != nil {
			return err
		}
		for _, t := range full {
			s.tiles[[2]int64{int64(t.Level), t.Index}] = t.Data
		}
		head, err := ledger.OpenCheckpoint(signed, vkey)
		if err != nil {
			return err
		}
		if head.Size != size || head.Root != edge.Root() {
			return fmt.Errorf("the checkpoint of %d leaves signs another tree", size)
		}
		s.signed[size], s.roots[size] = bytes.Clone(signed), head.Root
		return nil
	})
	if err == nil && edge.Size() != int64(len(s.leaves)) {
		err = fmt.Errorf("the last checkpoint has %d leaves of %d", edge.Size(), len(s.leaves))
	}
	return err
}

func (s *stored) checkTiles(ctx context.Context, conn *pgx.Conn) error {
	rows, err := conn.Query(ctx, "SELECT level, idx, data FROM tile", pgx.QueryExecModeExec)
	if err != nil {
		return err
	}
	have := 0
	var level, index int64
	var data []byte
	_, err = pgx.ForEachRow(rows, []any{&level, &index, &data}, func() error {
		if have++; !bytes.Equal(data, s.tiles[[2]int64{level, index}]) {
			return fmt.Errorf("tile %d/%d is not the tree's", level, index)
		}
		return nil
	})
	if err == nil && have != len(s.tiles) {
		err = fmt.Errorf("%d tiles are stored of %d that are full", have, len(s.tiles))
	}
	return err
}

func (s *stored) checkReceipts(results []result) error {
	sizes := make(map[string]int64, len(s.signed))
	for size, signed := range s.signed {
		sizes[string(signed)] = size
	}
	checked := 0
	for _, r := range results {
		for _, receipt := range r.Receipts {
			size, ok := sizes[string(receipt.Checkpoint)]
			if !ok {
				return fmt.Errorf("entry %d was answered with a checkpoint that is not stored", receipt.Index)
			}
			if err := tlog.CheckRecord(receipt.Proof, size, s.roots[size], receipt.Index, receipt.Leaf); err != nil {
				return fmt.Errorf("receipt of entry %d under %d leaves: %w", receipt.Index, size, err)
			}
			if s.leaves[receipt.Index] != receipt.Leaf {
				return fmt.Errorf("entry %d has another leaf than its receipt", receipt.Index)
			}
			checked++
		}
	}
	if checked == 0 {
		return errors.New("no receipt was kept to be checked")
	}
	return nil
}
