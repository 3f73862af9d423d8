package storetest

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"luoshi/internal/casework"
	"luoshi/internal/ledger"

	"golang.org/x/mod/sumdb/tlog"
)

func entriesInOrder(t *testing.T, b *bench) {
	m := b.add(t, spec{title: "one"})
	b.add(t, spec{title: "a stranger"})
	var want []*casework.Entry
	for _, title := range []string{"two", "three", "four"} {
		c := step(t, m, spec{title: title})
		c.Entry.Index = b.commit(t, c).Index
		want = append(want, c.Entry)
		m = c.Matter
	}
	got, err := b.Entries(background(), m.Number)
	must(t, err)
	if len(got) != 4 || got[0].Content.Title != "one" {
		t.Fatalf("%d entries", len(got))
	}
	if d := cmp.Diff(want, got[1:]); d != "" {
		t.Error(d)
	}
	third, err := b.Entry(background(), m.Number, 3)
	must(t, err)
	if d := cmp.Diff(want[1], third); d != "" {
		t.Error(d)
	}
}

func entriesAbsent(t *testing.T, b *bench) {
	m := b.add(t, spec{})
	absent := lodge(t, 77, spec{}).Matter.Number
	for _, num := range []string{absent, "", "no number", "2026-00000001-9"} {
		_, err := b.Matter(background(), num)
		wantErr(t, err, casework.ErrNotFound)
		_, err = b.Entry(background(), num, 1)
		wantErr(t, err, casework.ErrNotFound)
		if got, err := b.Entries(background(), num); len(got) != 0 || err != nil && !errors.Is(err, casework.ErrNotFound) {
			t.Errorf("entries of %q: %d, %v", num, len(got), err)
		}
	}
	for _, seq := range []int{-1, 0, 2} {
		_, err := b.Entry(background(), m.Number, seq)
		wantErr(t, err, casework.ErrNotFound)
	}
}

// logReads compares what the store keeps of the log with the whole tree hashed anew.
func logReads(t *testing.T, b *bench) {
	changes := make([]*casework.Change, 600)
	for i := range changes {
		changes[i] = lodge(t, i+1, spec{})
	}
	done, errs := b.together(changes)
	leaves := make([]tlog.Hash, len(changes))
	commitments := make([]ledger.Hash, len(changes))
	for i := range changes {
		must(t, errs[i])
		commitments[done[i].Index] = changes[i].Entry.Commitment
		leaves[done[i].Index] = ledger.LeafHash(Origin, changes[i].Entry.Commitment)
	}
	b.checkReads(t, commitments, leaves)
	for _, i := range []int{0, 255, 256, 511, 599} {
		size, signed, err := b.CheckpointAfter(background(), done[i].Index)
		must(t, err)
		if string(signed) != string(done[i].Checkpoint) {
			t.Errorf("the checkpoint after leaf %d (size %d) is not the one it was answered with", done[i].Index, size)
		}
		proof, err := b.Prove(background(), size, done[i].Index)
		must(t, err)
		if d := cmp.Diff(done[i].Proof, proof); d != "" {
			t.Errorf("leaf %d: the proof made again differs: %s", done[i].Index, d)
		}
	}
}

func (b *bench) checkReads(t *testing.T, commitments []ledger.Hash, leaves []tlog.Hash) {
	n := int64(len(leaves))
	edge, err := ledger.LoadEdge(background(), 0, nil)
	must(t, err)
	full, err := edge.Append(leaves)
	must(t, err)
	for _, tile := range full {
		data, err := b.Tile(background(), tile.Level, tile.Index)
		must(t, err)
		if string(data) != string(tile.Data) {
			t.Errorf("tile %d/%d is not what the leaves give", tile.Level, tile.Index)
		}
	}
	signed, err := b.Checkpoint(background())
	must(t, err)
	cp, err := ledger.OpenCheckpoint(signed, b.key.VerifierKey())
	must(t, err)
	if cp.Size != n || cp.Root != edge.Root() || cp.Origin != Origin {
		t.Errorf("newest checkpoint: %s, %d entries", cp.Origin, cp.Size)
	}
	for _, r := range [][2]int64{{0, n}, {255, 257}, {n - 1, n}, {512, n}, {3, 3}} {
		got, err := b.Commitments(background(), r[0], r[1])
		must(t, err)
		if d := cmp.Diff(commitments[r[0]:r[1]], got); d != "" {
			t.Errorf("commitments %v: %s", r, d)
		}
	}
	got, err := b.Leaves(background(), 512, n)
	must(t, err)
	if d := cmp.Diff(leaves[512:], got); d != "" {
		t.Error(d)
	}
}

func logAbsent(t *testing.T, b *bench) {
	if n := b.size(t); n != 0 {
		t.Errorf("an empty log has %d entries", n)
	}
	_, err := b.Checkpoint(background())
	wantErr(t, err, casework.ErrNotFound)
	b.add(t, spec{})
	for _, tile := range [][2]int{{0, 0}, {0, 1}, {1, 0}, {-1, 0}} {
		_, err := b.Tile(background(), tile[0], int64(tile[1]))
		wantErr(t, err, ledger.ErrNotFound)
	}
	_, _, err = b.CheckpointAfter(background(), 1)
	wantErr(t, err, casework.ErrNotFound)
	got, err := b.Commitments(background(), 1, 10)
	must(t, err)
	if len(got) != 0 {
		t.Errorf("%d commitments beyond the end", len(got))
	}
}
