package ledger

import (
	"fmt"
	"testing"

	"golang.org/x/mod/sumdb/tlog"
)

// One committer's work without the database: leaf, append, head, one signature
// for the batch, a proof and a receipt text for each. The log holds 100,000
// leaves before.
func BenchmarkCommitBatch(b *testing.B) {
	for _, batch := range []int{1, 64, 1000} {
		b.Run(fmt.Sprintf("batch=%d", batch), func(b *testing.B) {
			l := newTestLog(b)
			for range 100 {
				l.grow(1000)
			}
			key := newKey(b, testOrigin)
			act := canonical(b, map[string]any{"matter": "TJ-2026-000017-X", "kind": "lodged", "time": "2026-02-05T15:04:05+08:00", "seq": 1, "unit": "120101001"})
			edge := l.edge.Clone()
			for b.Loop() {
				commitOnce(b, edge.Clone(), key, act, batch)
			}
			b.ReportMetric(float64(b.N*batch)/b.Elapsed().Seconds(), "leaves/s")
		})
	}
}

func commitOnce(b *testing.B, edge *Edge, key *Key, act []byte, batch int) {
	leaves := make([]tlog.Hash, batch)
	salts := make([]Salt, batch)
	for i := range leaves {
		salts[i] = NewSalt()
		leaves[i] = LeafHash(testOrigin, LeafCommitment(salts[i], EntryHash(act)))
	}
	first := edge.Size()
	if _, err := edge.Append(leaves); err != nil {
		b.Fatal(err)
	}
	signed, err := key.SignCheckpoint(testOrigin, edge.Size(), edge.Root())
	if err != nil {
		b.Fatal(err)
	}
	for i := range leaves {
		proof, err := edge.Prove(first + int64(i))
		if err != nil {
			b.Fatal(err)
		}
		if _, err := NewReceipt(Recorded{Act: act, ActSalt: salts[i], Index: first + int64(i), Proof: proof, Checkpoint: signed, Key: testOrigin}); err != nil {
			b.Fatal(err)
		}
	}
}

// Proofs of any leaf of a stored log, as for showing a receipt again.
func BenchmarkProveStored(b *testing.B) {
	l := newTestLog(b)
	for range 100 {
		l.grow(1000)
	}
	b.Run("one prover", func(b *testing.B) {
		p := l.edge.Prover(l.edge.Size(), l)
		for i := int64(0); b.Loop(); i++ {
			if _, err := p.Prove(b.Context(), i*7919%l.size()); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("without prover", func(b *testing.B) {
		for i := int64(0); b.Loop(); i++ {
			if _, err := Prove(b.Context(), l.size(), i*7919%l.size(), l); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkVerify(b *testing.B) {
	f := newFixture(b, 50000, 50000)
	text := receiptJSON(b, f.receipt(b))
	for b.Loop() {
		if got := Verify(text, f.key.VerifierKey()); !got.Proved {
			b.Fatal(got.Reason)
		}
	}
}

func BenchmarkLoadEdge(b *testing.B) {
	l := newTestLog(b)
	for range 65 {
		l.grow(1000)
	}
	for b.Loop() {
		if _, err := LoadEdge(b.Context(), l.size(), l); err != nil {
			b.Fatal(err)
		}
	}
}
