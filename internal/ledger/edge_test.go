package ledger

import (
	"errors"
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/mod/sumdb/tlog"
	"pgregory.net/rapid"
)

// Every size up to 2,000: head, proofs and reloaded edge against tlog alone.
func TestEverySizeAgreesWithTlog(t *testing.T) {
	l := newTestLog(t)
	rng := rand.New(rand.NewPCG(1, 2))
	for size := int64(1); size <= 2000; size++ {
		l.grow(1)
		want := l.wantRoot(size)
		if got := l.edge.Root(); got != want {
			t.Fatalf("size %d: edge root differs", size)
		}
		loaded, err := LoadEdge(t.Context(), size, l)
		if err != nil {
			t.Fatal(err)
		}
		if loaded.Root() != want || loaded.Size() != size {
			t.Fatalf("size %d: reloaded edge differs", size)
		}
		checkProofs(t, l, size, sample(rng, size))
	}
}

// sample returns all indexes of small trees, and of larger ones the borders and
// some at random.
func sample(rng *rand.Rand, size int64) []int64 {
	var indexes []int64
	if size <= 64 {
		for i := range size {
			indexes = append(indexes, i)
		}
		return indexes
	}
	return append(indexes, 0, size-1, (size-1)&^255, rng.Int64N(size), rng.Int64N(size))
}

func checkProofs(t *testing.T, l *testLog, size int64, indexes []int64) {
	t.Helper()
	root := l.wantRoot(size)
	if got, err := RootAt(t.Context(), size, l); err != nil || got != root {
		t.Fatalf("RootAt(%d) = %v, %v", size, got, err)
	}
	prover := NewProver(size, l)
	for _, i := range indexes {
		got, err := prover.Prove(t.Context(), i)
		if err != nil {
			t.Fatal(err)
		}
		want, err := tlog.ProveRecord(size, i, l.oracle())
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("proof of %d in %d (-tlog +got):\n%s", i, size, diff)
		}
		if err := tlog.CheckRecord(got, size, root, i, l.leaves[i]); err != nil {
			t.Fatalf("proof of %d in %d: %v", i, size, err)
		}
		checkConsistencyProof(t, l, i+1, size)
	}
}

func checkConsistencyProof(t *testing.T, l *testLog, old, size int64) {
	t.Helper()
	proof, err := ProveConsistency(t.Context(), old, size, l)
	if err != nil {
		t.Fatal(err)
	}
	if err := tlog.CheckTree(proof, size, l.wantRoot(size), old, l.wantRoot(old)); err != nil {
		t.Fatalf("consistency %d to %d: %v", old, size, err)
	}
}

// A store that has grown still proves every older tree, from full tiles where
// the older tree had partial ones.
func TestOlderTreesAreProvedFromAGrownStore(t *testing.T) {
	l := newTestLog(t)
	l.grow(2000)
	rng := rand.New(rand.NewPCG(3, 4))
	for size := int64(1); size <= 2000; size++ {
		checkProofs(t, l, size, []int64{size - 1, rng.Int64N(size)})
	}
}

func TestBatchesProveTheirLeavesWithoutReading(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		l := newTestLog(t)
		for range rapid.IntRange(1, 5).Draw(rt, "batches") {
			l.grow(rapid.IntRange(0, 700).Draw(rt, "batch"))
			before := l.edge.from
			root := l.wantRoot(l.size())
			if l.edge.Root() != root {
				rt.Fatalf("root differs at %d", l.size())
			}
			for i := before; i < l.size(); i++ {
				p, err := l.edge.Prove(i)
				if err != nil {
					rt.Fatal(err)
				}
				if err := tlog.CheckRecord(p, l.size(), root, i, l.leaves[i]); err != nil {
					rt.Fatalf("leaf %d of %d: %v", i, l.size(), err)
				}
			}
			if _, err := l.edge.Prove(before - 1); !errors.Is(err, ErrNotFound) {
				rt.Fatalf("leaf before the batch: %v", err)
			}
		}
		if l.reads != 0 {
			rt.Fatalf("%d tiles were read", l.reads)
		}
	})
}

// Levels 1 and 2: borders around 65,536 leaves.
func TestUpperTilesAtTheirBorders(t *testing.T) {
	l := newTestLog(t)
	rng := rand.New(rand.NewPCG(5, 6))
	for _, size := range []int64{65535, 65536, 65537, 65792, 66000, 131072, 131073} {
		for l.size() < size {
			l.grow(int(min(1000, size-l.size())))
		}
		loaded, err := LoadEdge(t.Context(), size, l)
		if err != nil {
			t.Fatal(err)
		}
		if loaded.Root() != l.wantRoot(size) {
			t.Fatalf("size %d: reloaded edge differs", size)
		}
		checkProofs(t, l, size, append(sample(rng, size), 65535-1))
		p, err := loaded.Prover(loaded.Size(), l).Prove(t.Context(), 1)
		if err != nil {
			t.Fatal(err)
		}
		if err := tlog.CheckRecord(p, size, l.wantRoot(size), 1, l.leaves[1]); err != nil {
			t.Fatal(err)
		}
	}
}

func TestEdgeProverReadsAFewTilesOnly(t *testing.T) {
	l := newTestLog(t)
	for range 60 {
		l.grow(1000)
	}
	prover := l.edge.Prover(l.edge.Size(), l)
	if _, err := prover.Prove(t.Context(), 12345); err != nil {
		t.Fatal(err)
	}
	if l.reads > 3 {
		t.Errorf("%d tiles read for one proof in 60,000 leaves", l.reads)
	}
}

// A receipt of an old entry is proved in the tree of its own transaction, also when what the edge holds of the
// upper tiles is longer by now.
func TestEdgeProverOfAnEarlierTree(t *testing.T) {
	l := newTestLog(t)
	for range 140 {
		l.grow(1000)
	}
	rng := rand.New(rand.NewPCG(7, 8))
	for _, size := range []int64{1, 255, 256, 257, 3000, 65535, 65536, 65537, 65792, 100_000, 131_072, 131_073, 139_999, 140_000} {
		p, want := l.edge.Prover(size, l), l.wantRoot(size)
		for _, index := range append(sample(rng, size), 0, size-1) {
			l.reads = 0
			proof, err := p.Prove(t.Context(), index)
			if err != nil {
				t.Fatal(err)
			}
			if err := tlog.CheckRecord(proof, size, want, index, l.leaves[index]); err != nil {
				t.Fatalf("leaf %d of %d: %v", index, size, err)
			}
			if l.reads > 4 {
				t.Errorf("%d tiles read for leaf %d of %d", l.reads, index, size)
			}
		}
	}
}

func TestCloneIsIndependent(t *testing.T) {
	l := newTestLog(t)
	l.grow(300)
	clone := l.edge.Clone()
	wrong := make([]tlog.Hash, 600)
	if _, err := clone.Append(wrong); err != nil {
		t.Fatal(err)
	}
	if clone.Size() != 900 || l.edge.Size() != 300 || l.edge.Root() != l.wantRoot(300) {
		t.Fatal("appending to the clone changed the original")
	}
	again := l.edge.Clone()
	l.grow(600)
	if again.Root() != l.wantRoot(300) || l.edge.Root() != l.wantRoot(900) {
		t.Fatal("appending to the original changed the clone")
	}
}

func TestLoadEdgeRefusesADamagedStore(t *testing.T) {
	for name, damage := range map[string]func(*testLog){
		"tile missing":   func(l *testLog) { delete(l.tiles, tileID{0, 1}) },
		"tile cut short": func(l *testLog) { l.tiles[tileID{0, 1}] = l.tiles[tileID{0, 1}][:8191] },
	} {
		t.Run(name, func(t *testing.T) {
			l := newTestLog(t)
			l.grow(600)
			damage(l)
			if _, err := LoadEdge(t.Context(), 600, l); err == nil {
				t.Error("accepted")
			}
		})
	}
	t.Run("tile changed gives another root", func(t *testing.T) {
		l := newTestLog(t)
		l.grow(600)
		l.tiles[tileID{0, 1}][777] ^= 1
		e, err := LoadEdge(t.Context(), 600, l)
		if err != nil {
			t.Fatal(err)
		}
		if e.Root() == l.wantRoot(600) {
			t.Error("same root")
		}
	})
	for _, size := range []int64{-1, maxSize + 1} {
		if _, err := LoadEdge(t.Context(), size, nil); err == nil {
			t.Errorf("size %d accepted", size)
		}
	}
}

func TestProofsBeyondTheLogAreNotFound(t *testing.T) {
	l := newTestLog(t)
	l.grow(10)
	for _, c := range [][2]int64{{10, 10}, {10, -1}, {0, 0}, {-1, 0}, {maxSize + 1, 0}} {
		if _, err := Prove(t.Context(), c[0], c[1], l); !errors.Is(err, ErrNotFound) {
			t.Errorf("Prove(size %d, index %d): %v", c[0], c[1], err)
		}
	}
	for _, c := range [][2]int64{{0, 10}, {11, 10}, {-1, 10}, {1, maxSize + 1}} {
		if _, err := ProveConsistency(t.Context(), c[0], c[1], l); !errors.Is(err, ErrNotFound) {
			t.Errorf("ProveConsistency(%d, %d): %v", c[0], c[1], err)
		}
	}
	if _, err := RootAt(t.Context(), -1, l); !errors.Is(err, ErrNotFound) {
		t.Errorf("RootAt(-1): %v", err)
	}
}

func TestProverServesConcurrently(t *testing.T) {
	l := newTestLog(t)
	l.grow(3000)
	root := l.wantRoot(3000)
	prover := NewProver(3000, l.frozen())
	var wg sync.WaitGroup
	for i := range int64(16) {
		wg.Go(func() {
			p, err := prover.Prove(t.Context(), i*187)
			if err != nil {
				t.Error(err)
				return
			}
			if err := tlog.CheckRecord(p, 3000, root, i*187, l.leaves[i*187]); err != nil {
				t.Error(err)
			}
			tile, err := prover.ServeTile(t.Context(), "tile/1/000.p/11")
			if err != nil || len(tile) != 11*tlog.HashSize {
				t.Errorf("%d bytes, %v", len(tile), err)
				return
			}
			clear(tile) // the caller's own
		})
	}
	wg.Wait()
	if got, err := prover.Root(t.Context()); err != nil || got != root {
		t.Errorf("root %v, %v", got, err)
	}
}
