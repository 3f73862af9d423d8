package transfer

import (
	"context"
	"crypto/sha256"
	"fmt"
)

// Differing are the names of the loose tables whose rows are not the same in both: what two copies of one log
// can differ in although their newest checkpoint is the same. A backup is read to the end of its last table.
func Differing(ctx context.Context, src, other Source) (names []string, err error) {
	for _, t := range Tables() {
		var a, b [sha256.Size]byte
		if a, err = sumOf(ctx, src, t); err == nil && t.Loose {
			b, err = sumOf(ctx, other, t)
		}
		switch {
		case err != nil:
			return nil, fmt.Errorf("table %s: %w", t.Name, err)
		case t.Loose && a != b:
			names = append(names, t.Name)
		}
	}
	return names, nil
}

// sumOf is the hash of a loose table's rows. Others, whose content the log vouches for, are only read over.
func sumOf(ctx context.Context, src Source, t Table) (sum [sha256.Size]byte, err error) {
	h := sha256.New()
	var b []byte
	err = src.Rows(ctx, t, nil, func(row Row) error {
		if !t.Loose {
			return nil
		}
		b = encode(b[:0], t, row)
		_, err := h.Write(b)
		return err
	})
	h.Sum(sum[:0])
	return sum, err
}
