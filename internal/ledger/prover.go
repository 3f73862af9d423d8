package ledger

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"golang.org/x/mod/sumdb/tlog"
)

// ErrNotFound is what a [TileReader] wraps for a tile it does not hold, and what
// reading answers for a tile or leaf beyond the log.
var ErrNotFound = errors.New("not in the log")

// TileReader is what a store offers for reading its tree.
type TileReader interface {
	// Tile returns a full tile, 8,192 bytes (see [Tile]), or an error wrapping
	// [ErrNotFound] when that tile is not full or not there.
	Tile(ctx context.Context, level int, index int64) ([]byte, error)
	// Leaves returns the leaf hashes [from, to). It is asked only for leaves
	// that are not in a full tile of level 0, so at most 255.
	Leaves(ctx context.Context, from, to int64) ([]tlog.Hash, error)
}

// Prover proves any leaf of the tree of one size. It keeps the partial upper
// tiles, which are never stored and cost up to 255 reads each to compute, so one
// prover for many proofs is far cheaper than [Prove] for each. Safe for
// concurrent use when its reader is.
type Prover struct {
	size int64
	r    TileReader

	mu      sync.Mutex
	partial map[tileID][]byte // right edge, levels ≥ 1; guarded by mu
}

type tileID struct {
	level int
	index int64
}

// NewProver returns a prover for the tree of the first size leaves. The store
// may hold more.
func NewProver(size int64, r TileReader) *Prover {
	return &Prover{size: size, r: r, partial: make(map[tileID][]byte)}
}

// Prove returns the inclusion proof of one leaf.
func (p *Prover) Prove(ctx context.Context, index int64) (tlog.RecordProof, error) {
	if index < 0 || index >= p.size || p.size > maxSize {
		return nil, fmt.Errorf("leaf %d of a log of %d leaves: %w", index, p.size, ErrNotFound)
	}
	return tlog.ProveRecord(p.size, index, &nodeReader{ctx: ctx, tree: p})
}

// Root returns the head of the tree.
func (p *Prover) Root(ctx context.Context) (tlog.Hash, error) {
	if p.size < 0 || p.size > maxSize {
		return tlog.Hash{}, fmt.Errorf("a log of %d leaves: %w", p.size, ErrNotFound)
	}
	return tlog.TreeHash(p.size, &nodeReader{ctx: ctx, tree: p})
}

// Prove returns the inclusion proof of leaf index in the tree of the first size
// leaves; size may be any up to what is stored. For many proofs use a [Prover].
func Prove(ctx context.Context, size, index int64, r TileReader) (tlog.RecordProof, error) {
	return NewProver(size, r).Prove(ctx, index)
}

// RootAt returns the head of the tree of the first size leaves.
func RootAt(ctx context.Context, size int64, r TileReader) (tlog.Hash, error) {
	return NewProver(size, r).Root(ctx)
}

// ProveConsistency proves that the tree of newSize leaves begins with the tree
// of oldSize leaves (RFC 6962 §2.1.2). Both must be at least 1.
func ProveConsistency(ctx context.Context, oldSize, newSize int64, r TileReader) (tlog.TreeProof, error) {
	if oldSize < 1 || oldSize > newSize || newSize > maxSize {
		return nil, fmt.Errorf("no consistency proof from %d to %d leaves: %w", oldSize, newSize, ErrNotFound)
	}
	return tlog.ProveTree(newSize, oldSize, &nodeReader{ctx: ctx, tree: NewProver(newSize, r)})
}

// width is how many hashes the tile has in this tree, 0 to 256.
func (p *Prover) width(level int, index int64) int {
	if level < 0 || level > maxLevel/tileHeight || index < 0 || index > p.size>>(tileHeight*(level+1)) {
		return 0
	}
	return int(min(p.size>>(tileHeight*level)-index*tileWidth, tileWidth))
}

// nodeReader answers tlog's questions for one call: it holds the call's context
// and the full tiles read so far.
type nodeReader struct {
	ctx  context.Context
	tree *Prover
	full map[tileID][]byte
}

// ReadHashes implements [tlog.HashReader].
func (n *nodeReader) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		t := tlog.TileForIndex(tileHeight, index)
		data, err := n.tile(t.L, t.N)
		if err != nil {
			return nil, err
		}
		t.W = len(data) / tlog.HashSize
		if out[i], err = tlog.HashFromTile(t, data, index); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// tile returns the tile as wide as it is in this tree, or the full tile of a
// store that has grown since.
func (n *nodeReader) tile(level int, index int64) ([]byte, error) {
	id := tileID{level, index}
	width := n.tree.width(level, index)
	if width == 0 {
		return nil, fmt.Errorf("tile %d/%d of a log of %d leaves: %w", level, index, n.tree.size, ErrNotFound)
	}
	if data, ok := n.full[id]; ok {
		return data, nil
	}
	if data, ok := n.tree.cached(id); ok {
		return data, nil
	}
	data, err := n.stored(level, index)
	if errors.Is(err, ErrNotFound) && width < tileWidth {
		return n.computed(id, width)
	}
	if err != nil {
		return nil, err
	}
	n.read(id, data)
	return data, nil
}

// read remembers a tile for the rest of the call.
func (n *nodeReader) read(id tileID, data []byte) {
	if n.full == nil {
		n.full = make(map[tileID][]byte)
	}
	n.full[id] = data
}

// stored reads a full tile from the store.
func (n *nodeReader) stored(level int, index int64) ([]byte, error) {
	data, err := n.tree.r.Tile(n.ctx, level, index)
	if err != nil {
		return nil, fmt.Errorf("tile %d/%d: %w", level, index, err)
	}
	if len(data) != tileBytes {
		return nil, fmt.Errorf("tile %d/%d is damaged: %d bytes stored, want %d", level, index, len(data), tileBytes)
	}
	return data, nil
}

// computed makes a partial tile from the leaves or from the full tiles below.
func (n *nodeReader) computed(id tileID, width int) ([]byte, error) {
	if id.level == 0 {
		return n.leaves(id.index, width)
	}
	data := make([]byte, 0, width*tlog.HashSize)
	for child := id.index * tileWidth; child < id.index*tileWidth+int64(width); child++ {
		below, err := n.stored(id.level-1, child)
		if err != nil {
			return nil, err
		}
		h, err := tileRoot(id.level-1, child, below)
		if err != nil {
			return nil, err
		}
		data = append(data, h[:]...)
	}
	n.tree.keep(id, data)
	return data, nil
}

// leaves makes the partial tile of level 0.
func (n *nodeReader) leaves(index int64, width int) ([]byte, error) {
	from := index * tileWidth
	leaves, err := n.tree.r.Leaves(n.ctx, from, from+int64(width))
	if err != nil {
		return nil, fmt.Errorf("leaves %d to %d: %w", from, from+int64(width)-1, err)
	}
	if len(leaves) != width {
		return nil, fmt.Errorf("leaves %d to %d are damaged: %d stored, want %d", from, from+int64(width)-1, len(leaves), width)
	}
	data := make([]byte, 0, width*tlog.HashSize)
	for _, h := range leaves {
		data = append(data, h[:]...)
	}
	n.read(tileID{0, index}, data)
	return data, nil
}

// tileRoot is the hash of the subtree that a full tile covers: the one hash that
// stands in the tile above and not in the tile itself.
func tileRoot(level int, index int64, data []byte) (tlog.Hash, error) {
	t := tlog.Tile{H: tileHeight, L: level, N: index, W: tileWidth}
	top := level*tileHeight + tileHeight - 1
	left, err := tlog.HashFromTile(t, data, tlog.StoredHashIndex(top, 2*index))
	if err != nil {
		return tlog.Hash{}, err
	}
	right, err := tlog.HashFromTile(t, data, tlog.StoredHashIndex(top, 2*index+1))
	if err != nil {
		return tlog.Hash{}, err
	}
	return tlog.NodeHash(left, right), nil
}

func (p *Prover) cached(id tileID) ([]byte, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	data, ok := p.partial[id]
	return data, ok
}

func (p *Prover) keep(id tileID, data []byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.partial[id] = data
}
