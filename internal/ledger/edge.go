package ledger

import (
	"context"
	"fmt"
	"slices"

	"golang.org/x/mod/sumdb/tlog"

	"filippo.io/torchwood"
)

const (
	tileHeight = torchwood.TileHeight
	tileWidth  = torchwood.TileWidth
	tileBytes  = tileWidth * tlog.HashSize

	// maxSize bounds a tree. tlog does not end on sizes above 2^62, and sizes
	// arrive from outside in checkpoints that nobody has verified yet.
	maxSize = 1 << 48
	// maxLevel is the level of the highest subtree in a tree of maxSize.
	maxLevel = 48
)

// Tile is one full tile: 256 hashes of tree level 8×Level, those with the
// numbers Index×256 to Index×256+255.
type Tile struct {
	Level int
	Index int64
	Data  []byte // 8,192 bytes
}

// Edge is the right edge of a growing tree, in memory: what a store's committer
// needs to append and to prove without reading. Not safe for concurrent use.
type Edge struct {
	size int64
	// from is the size before the last Append; leaves from there on can be proved.
	from int64
	// levels[k] holds the complete subtree hashes of tree level k, contiguous up
	// to the newest, from the first one inside the tile where from lies.
	levels [maxLevel + 1]run
}

// run is a contiguous range of the hashes of one tree level.
type run struct {
	first  int64 // number of hashes[0] within its level
	hashes []tlog.Hash
}

// LoadEdge reads the right edge of a tree of the given size. For size 0 the
// reader is not used and may be nil. Errors name the tile or leaves that are
// missing or of a wrong length; whether the hashes are right shows when the
// caller compares [Edge.Root] with the signed checkpoint.
func LoadEdge(ctx context.Context, size int64, r TileReader) (*Edge, error) {
	if size < 0 || size > maxSize {
		return nil, fmt.Errorf("a log of %d leaves is not possible", size)
	}
	e := &Edge{size: size, from: size}
	nodes := &nodeReader{ctx: ctx, tree: NewProver(size, r)}
	for level := 0; size>>(tileHeight*level) > 0; level++ {
		index := size >> (tileHeight * (level + 1))
		width := nodes.tree.width(level, index)
		if width == 0 {
			e.start(level, index)
			continue
		}
		data, err := nodes.tile(level, index)
		if err != nil {
			return nil, fmt.Errorf("reading the right edge of the log: %w", err)
		}
		if err := e.fill(level, index, width, data); err != nil {
			return nil, err
		}
	}
	return e, nil
}

// start positions the runs of one tile level at the beginning of a tile.
func (e *Edge) start(level int, index int64) {
	for k := 0; k < tileHeight && level*tileHeight+k <= maxLevel; k++ {
		e.levels[level*tileHeight+k] = run{first: index * tileWidth >> k}
	}
}

// fill sets the runs of one tile level from the tile's lowest hashes.
func (e *Edge) fill(level int, index int64, width int, data []byte) error {
	e.start(level, index)
	t := tlog.Tile{H: tileHeight, L: level, N: index, W: width}
	for k := 0; k < tileHeight && width>>k > 0; k++ {
		run := &e.levels[level*tileHeight+k]
		for i := range int64(width >> k) {
			h, err := tlog.HashFromTile(t, data, tlog.StoredHashIndex(level*tileHeight+k, run.first+i))
			if err != nil {
				return fmt.Errorf("tile %d/%d of the log: %w", level, index, err)
			}
			run.hashes = append(run.hashes, h)
		}
	}
	return nil
}

// Size is the number of leaves.
func (e *Edge) Size() int64 { return e.size }

// Root is the head of the tree: the hash that a checkpoint signs.
func (e *Edge) Root() tlog.Hash {
	h, err := tlog.TreeHash(e.size, e)
	if err != nil {
		panic("ledger: the edge lost its own right edge: " + err.Error())
	}
	return h
}

// Append adds leaf hashes and returns the tiles that became full, at all levels,
// lowest level first within each leaf. The caller stores them in the transaction
// that stores the leaves; when that fails it drops this edge for the [Edge.Clone]
// it made before. After an error the edge must be dropped too.
func (e *Edge) Append(leaves []tlog.Hash) (full []Tile, err error) {
	if int64(len(leaves)) > maxSize-e.size {
		return nil, fmt.Errorf("the log is full at %d leaves", int64(maxSize))
	}
	e.trim()
	for _, leaf := range leaves {
		hashes, err := tlog.StoredHashesForRecordHash(e.size, leaf, e)
		if err != nil {
			return nil, err
		}
		for k, h := range hashes {
			e.levels[k].hashes = append(e.levels[k].hashes, h)
		}
		e.size++
		full = e.completed(full)
	}
	return full, nil
}

// completed appends the tiles that the newest leaf made full.
func (e *Edge) completed(full []Tile) []Tile {
	for level := 0; e.size&(1<<(tileHeight*(level+1))-1) == 0; level++ {
		index := e.size>>(tileHeight*(level+1)) - 1
		run := e.levels[level*tileHeight]
		at := index*tileWidth - run.first
		data := make([]byte, 0, tileBytes)
		for _, h := range run.hashes[at : at+tileWidth] {
			data = append(data, h[:]...)
		}
		full = append(full, Tile{Level: level, Index: index, Data: data})
	}
	return full
}

// trim forgets what leaves from the present size on cannot need: all tiles
// before the one where the next hash of the level goes.
func (e *Edge) trim() {
	e.from = e.size
	for k := range e.levels {
		level, sub := k/tileHeight, k%tileHeight
		first := e.size >> (tileHeight * (level + 1)) << (tileHeight - sub)
		run := &e.levels[k]
		if drop := first - run.first; drop > 0 {
			kept := copy(run.hashes, run.hashes[drop:])
			run.hashes = run.hashes[:kept]
			run.first = first
		}
	}
}

// Clone returns an independent copy, to go back to when a transaction fails.
func (e *Edge) Clone() *Edge {
	c := *e
	for k := range c.levels {
		c.levels[k].hashes = slices.Clone(c.levels[k].hashes)
	}
	return &c
}

// Prove returns the inclusion proof of a leaf of the last Append in the present
// tree. It reads nothing; older leaves need [Edge.Prover] or [Prove].
func (e *Edge) Prove(index int64) (tlog.RecordProof, error) {
	if index < e.from || index >= e.size {
		return nil, fmt.Errorf("leaf %d was not in the last batch (%d to %d): %w", index, e.from, e.size-1, ErrNotFound)
	}
	return tlog.ProveRecord(e.size, index, e)
}

// ReadHashes makes the edge a [tlog.HashReader] over what it holds.
func (e *Edge) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		k, n := tlog.SplitStoredHashIndex(index)
		if k > maxLevel {
			return nil, fmt.Errorf("tree level %d: %w", k, ErrNotFound)
		}
		run := e.levels[k]
		if n < run.first || n-run.first >= int64(len(run.hashes)) {
			return nil, fmt.Errorf("hash %d of tree level %d is not at the edge: %w", n, k, ErrNotFound)
		}
		out[i] = run.hashes[n-run.first]
	}
	return out, nil
}

// Prover returns a prover for the tree of the first size leaves, at most the
// present size. It has the partial upper tiles of the present tree at hand, with
// which those of every earlier tree begin. It is a snapshot: later appends to the
// edge do not touch it, and it is safe for concurrent use when r is.
func (e *Edge) Prover(size int64, r TileReader) *Prover {
	p, present := NewProver(size, r), NewProver(e.size, r)
	for level := 1; e.size>>(tileHeight*level) > 0; level++ {
		index := e.size >> (tileHeight * (level + 1))
		width := present.width(level, index)
		if width == 0 {
			continue
		}
		run := e.levels[level*tileHeight]
		at := index*tileWidth - run.first
		data := make([]byte, 0, width*tlog.HashSize)
		for _, h := range run.hashes[at : at+int64(width)] {
			data = append(data, h[:]...)
		}
		p.partial[tileID{level, index}] = data
	}
	return p
}
