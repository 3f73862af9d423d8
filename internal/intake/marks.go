package intake

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"strconv"

	"luoshi/internal/casework"
)

// marks are kept in the database to make starting again cheap: one for each chunk of rows that is done as a
// whole, naming its content. A chunk whose mark is there need not be looked up row by row. A mark is written
// only after every row of its chunk is durable, so one that is missing costs time and nothing else; one over
// other rows or another mapping does not match.
type marks struct {
	store   casework.Store
	mapping string // system and digest of the mapping
}

func (k marks) name(first int) string { return "import " + k.mapping + " " + strconv.Itoa(first) }

// known reports whether the rows of a chunk that begins with row number seq were all done before.
func (k marks) known(ctx context.Context, first int, sum string) bool {
	have, err := k.store.Meta(ctx, k.name(first))
	return err == nil && have == sum
}

func (k marks) put(ctx context.Context, first int, sum string) error {
	return k.store.PutMeta(ctx, k.name(first), sum)
}

// summary adds up the content of the rows of a chunk.
type summary struct{ h hash.Hash }

func newSummary() summary { return summary{sha256.New()} }

func (s summary) add(r Row) {
	fmt.Fprintf(s.h, "%d,%d,%s;", r.Number, len(r.Cells), r.Fault)
	writeCells(s.h, r.Cells)
}

func (s summary) sum() string { return hex.EncodeToString(s.h.Sum(nil)[:16]) }
