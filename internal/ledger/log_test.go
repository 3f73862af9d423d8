package ledger

import (
	"context"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"slices"
	"testing"

	"golang.org/x/mod/sumdb/tlog"
)

const testOrigin = "log.example/test"

// testLog is a log in memory that stores what a database would, and beside it
// every hash of the tree as tlog alone computes it, to compare with.
type testLog struct {
	t       testing.TB
	origin  string
	edge    *Edge
	leaves  []tlog.Hash
	commits []Hash
	tiles   map[tileID][]byte
	all     []tlog.Hash // tlog's own stored hashes
	reads   int
}

func newTestLog(t testing.TB) *testLog {
	edge, err := LoadEdge(context.Background(), 0, nil)
	if err != nil {
		t.Fatal(err)
	}
	return &testLog{t: t, origin: testOrigin, edge: edge, tiles: make(map[tileID][]byte)}
}

// add appends commitments as one batch and stores what the edge returns.
func (l *testLog) add(commitments ...Hash) {
	l.t.Helper()
	batch := make([]tlog.Hash, len(commitments))
	for i, c := range commitments {
		batch[i] = LeafHash(l.origin, c)
		more, err := tlog.StoredHashesForRecordHash(int64(len(l.leaves)+i), batch[i], l.oracle())
		if err != nil {
			l.t.Fatal(err)
		}
		l.all = append(l.all, more...)
	}
	full, err := l.edge.Append(batch)
	if err != nil {
		l.t.Fatal(err)
	}
	l.leaves, l.commits = append(l.leaves, batch...), append(l.commits, commitments...)
	for _, tile := range full {
		id := tileID{tile.Level, tile.Index}
		if _, ok := l.tiles[id]; ok {
			l.t.Fatalf("tile %v was given out twice", id)
		}
		l.tiles[id] = tile.Data
	}
}

// grow appends n synthetic leaves in one batch.
func (l *testLog) grow(n int) {
	l.t.Helper()
	commitments := make([]Hash, n)
	for i := range commitments {
		binary.BigEndian.PutUint64(commitments[i][:], uint64(len(l.leaves)+i))
	}
	l.add(commitments...)
}

func (l *testLog) size() int64 { return int64(len(l.leaves)) }

// oracle reads tlog's own hashes.
func (l *testLog) oracle() tlog.HashReader {
	return tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		out := make([]tlog.Hash, len(indexes))
		for i, index := range indexes {
			out[i] = l.all[index]
		}
		return out, nil
	})
}

func (l *testLog) wantRoot(size int64) tlog.Hash {
	h, err := tlog.TreeHash(size, l.oracle())
	if err != nil {
		l.t.Fatal(err)
	}
	return h
}

// Tile implements TileReader.
func (l *testLog) Tile(_ context.Context, level int, index int64) ([]byte, error) {
	l.reads++
	data, ok := l.tiles[tileID{level, index}]
	if !ok {
		return nil, fmt.Errorf("no tile row %d/%d: %w", level, index, ErrNotFound)
	}
	return slices.Clone(data), nil
}

// Leaves implements TileReader and holds callers to its contract.
func (l *testLog) Leaves(_ context.Context, from, to int64) ([]tlog.Hash, error) {
	if from < l.size()/tileWidth*tileWidth || to > l.size() || to-from > 255 {
		l.t.Errorf("leaves [%d,%d) asked of a log of %d", from, to, l.size())
	}
	return slices.Clone(l.leaves[from:to]), nil
}

// frozen is the log for concurrent readers: it does not count reads.
func (l *testLog) frozen() TileReader { return frozenLog{l} }

type frozenLog struct{ l *testLog }

func (f frozenLog) Tile(_ context.Context, level int, index int64) ([]byte, error) {
	data, ok := f.l.tiles[tileID{level, index}]
	if !ok {
		return nil, ErrNotFound
	}
	return data, nil
}

func (f frozenLog) Leaves(ctx context.Context, from, to int64) ([]tlog.Hash, error) {
	return f.l.Leaves(ctx, from, to)
}

func (l *testLog) commitments(_ context.Context, from, to int64) ([]Hash, error) {
	return slices.Clone(l.commits[from:to]), nil
}

// fixture is one recorded entry in a small signed log, with everything fixed.
type fixture struct {
	log      *testLog
	key      *Key
	act      []byte
	content  []byte
	signed   []byte
	recorded Recorded
}

// newFixture logs one entry at the index among others and signs the head.
func newFixture(t testing.TB, before, after int) fixture {
	t.Helper()
	key, err := NewKey(testOrigin)
	if err != nil {
		t.Fatal(err)
	}
	return fixtureWith(t, key, before, after)
}

func fixtureWith(t testing.TB, key *Key, before, after int) fixture {
	t.Helper()
	f := fixture{log: newTestLog(t), key: key}
	actSalt, contentSalt := Salt{2: 7}, Salt{5: 9}
	f.content = canonical(t, map[string]any{"title": "漏水 between floors", "fields": map[string]any{"floor": 3, "paid": false, "note": nil, "days": []int{1, 2}}})
	commitment := ContentCommitment(contentSalt, f.content)
	f.act = canonical(t, map[string]any{
		"matter": "TJ-2026-000017-X", "seq": 1, "time": "2026-02-05T15:04:05+08:00", "kind": "lodged",
		"state": "received", "unit": "120101001", "content": hexOf(commitment),
	})
	f.log.grow(before)
	f.log.add(LeafCommitment(actSalt, EntryHash(f.act)))
	f.log.grow(after)
	proof, err := Prove(t.Context(), f.log.size(), int64(before), f.log)
	if err != nil {
		t.Fatal(err)
	}
	f.signed, err = key.SignCheckpoint(testOrigin, f.log.size(), f.log.edge.Root())
	if err != nil {
		t.Fatal(err)
	}
	f.recorded = Recorded{
		Act: f.act, ActSalt: actSalt, Content: f.content, ContentSalt: contentSalt,
		Index: int64(before), Proof: proof, Checkpoint: f.signed, Key: key.Name(),
	}
	return f
}

func hexOf(h Hash) string { return hex.EncodeToString(h[:]) }

func (f fixture) receipt(t testing.TB) *Receipt {
	t.Helper()
	r, err := NewReceipt(f.recorded)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func receiptJSON(t testing.TB, r *Receipt) []byte {
	t.Helper()
	b, err := r.JSON()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func canonical(t testing.TB, v any) []byte {
	t.Helper()
	b, err := Canonical(v)
	if err != nil {
		t.Fatal(err)
	}
	return b
}
