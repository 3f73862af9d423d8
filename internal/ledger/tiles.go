package ledger

import (
	"bytes"
	"context"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"

	"filippo.io/torchwood"
)

// ServeTile returns the bytes of a hash tile for the tlog-tiles reading API.
// Path is relative to the log's prefix: "tile/1/x001/002" is full,
// "tile/0/005.p/7" the first seven hashes. The log has size leaves. A malformed
// path, an entry bundle, or a tile beyond the log answers [ErrNotFound]. A server
// that keeps a [Prover] for its newest head uses [Prover.ServeTile].
func ServeTile(ctx context.Context, path string, size int64, r TileReader) ([]byte, error) {
	return NewProver(size, r).ServeTile(ctx, path)
}

// ServeTile is the function [ServeTile] with the partial upper tiles at hand.
// The bytes are the caller's.
func (p *Prover) ServeTile(ctx context.Context, path string) ([]byte, error) {
	t, err := tileAt(path, p.size)
	if err != nil {
		return nil, err
	}
	if t.L < 0 {
		return nil, fmt.Errorf("%q is not a hash tile: %w", path, ErrNotFound)
	}
	data, err := (&nodeReader{ctx: ctx, tree: p}).tile(t.L, t.N)
	if err != nil {
		return nil, err
	}
	return bytes.Clone(data[:t.W*tlog.HashSize]), nil
}

// ServeEntries returns an entry bundle for the tlog-tiles reading API: the leaf
// records of the log named origin, each after its length in two bytes. Path is
// relative to the log's prefix: "tile/entries/000", "tile/entries/000.p/7".
// commitments returns the leaf commitments [from, to), at most 256. A malformed
// path, a hash tile, or a bundle beyond the log answers [ErrNotFound].
func ServeEntries(ctx context.Context, path string, size int64, origin string,
	commitments func(ctx context.Context, from, to int64) ([]Hash, error),
) ([]byte, error) {
	t, err := tileAt(path, size)
	if err != nil {
		return nil, err
	}
	if t.L >= 0 {
		return nil, fmt.Errorf("%q is not an entry bundle: %w", path, ErrNotFound)
	}
	from, to := t.N*tileWidth, t.N*tileWidth+int64(t.W)
	hashes, err := commitments(ctx, from, to)
	if err != nil {
		return nil, err
	}
	if len(hashes) != t.W {
		return nil, fmt.Errorf("leaves %d to %d are damaged: %d stored, want %d", from, to-1, len(hashes), t.W)
	}
	var bundle []byte
	for _, h := range hashes {
		if bundle, err = torchwood.AppendTileEntry(bundle, Record(origin, h)); err != nil {
			return nil, err
		}
	}
	return bundle, nil
}

// tileAt parses a tile path and refuses what the log of that size does not have.
func tileAt(path string, size int64) (tlog.Tile, error) {
	t, err := torchwood.ParseTilePath(path)
	// Parsing takes some spellings that other schemes use, such as "tile/data/000";
	// a path has one spelling here.
	if err != nil || torchwood.TilePath(t) != path {
		return tlog.Tile{}, fmt.Errorf("%.100q is not a tile path: %w", path, ErrNotFound)
	}
	if size < 0 || size > maxSize || t.W > NewProver(size, nil).width(max(t.L, 0), t.N) {
		return tlog.Tile{}, fmt.Errorf("%.100q of a log of %d leaves: %w", path, size, ErrNotFound)
	}
	return t, nil
}
