package listing

import (
	"context"
	"math"
	"slices"

	"luoshi/internal/casework"
)

// byBoard reports whether no index leads to what the list asks for, but the board does.
func (l *Listing) byBoard() bool {
	return l.Tokens == nil && (l.Unassigned || l.Due != casework.Between{} || l.Happened != casework.Happened{})
}

// since is from when on the list needs matters that have ended: whatever happened to a matter, it ended later or not at
// all.
func (l *Listing) since() int64 {
	if l.Happened == (casework.Happened{}) {
		return math.MaxInt64
	}
	return l.Happened.From
}

// most is how many rows are read at once when many are left out.
const most = 1 << 13

// chosen reads the rows that the board says come next. A matter that has changed between the board and its row, and is
// not such as asked for any more, is left out, and so is one that has ended and whose row says what the board does not
// know of it; then the next ones are read, more at a time.
func (l *Listing) chosen(ctx context.Context, r Reader) ([]Found, error) {
	board, err := r.Board(ctx, l.since())
	if err != nil {
		return nil, err
	}
	var all []Found
	after := l.After
	for want := l.Limit + 1; ; want = min(8*want, most) {
		next := board.next(l, after, want)
		if len(next) == 0 {
			return all, nil
		}
		ids := make([]int64, len(next))
		for i, c := range next {
			ids[i] = c.ID
		}
		rows, err := r.These(ctx, ids)
		if err != nil {
			return nil, err
		}
		rows = slices.DeleteFunc(rows, func(f Found) bool { return !l.Shows(f.Row) })
		slices.SortFunc(rows, func(a, b Found) int { return l.Compare(a.At, b.At) })
		all = append(all, rows...)
		if len(all) > l.Limit || len(next) < want {
			return all[:min(len(all), l.Limit+1)], nil
		}
		after = next[len(next)-1]
	}
}

// next are the positions of the first n matters after one that are such as the list asks for, in its order.
func (b *Board) next(l *Listing, after Cursor, n int) []Cursor {
	b.mu.RLock()
	defer b.mu.RUnlock()
	c := b.cards
	unit, procedure, state := c.units.marks(l.inside), c.procedures.marks(l.governed), c.states.find(l.State)
	nobody, person, happened := c.people.find(""), c.people.find(l.Assignee), newHappened(l.Happened)
	var found []Cursor
	for _, chunk := range c.chunks {
		for i := range chunk {
			x := &chunk[i]
			if !unit[x.unit] || !happened.holds(x) || l.Open != nil && x.open != *l.Open {
				continue
			}
			if x.open && (!procedure[x.procedure] || l.State != "" && int32(x.state) != state || !l.Due.Holds(x.due) ||
				l.Assignee != "" && x.assignee != person || l.Unassigned && x.assignee != nobody) {
				continue
			}
			at := Cursor{x.due, x.id}
			if l.Compare(at, after) <= 0 {
				continue
			}
			if found = append(found, at); len(found) >= 8*n { // sorting now and then is enough
				found = l.first(found, n)
			}
		}
	}
	return l.first(found, n)
}

func (l *Listing) first(found []Cursor, n int) []Cursor {
	slices.SortFunc(found, l.Compare)
	return found[:min(n, len(found))]
}

// happened is a Happened in the seconds of a card.
type happened struct {
	what     string
	from, to uint32
}

func newHappened(h casework.Happened) happened {
	return happened{h.What, seconds(h.From), seconds(h.To)}
}

func (h happened) holds(c *card) bool {
	at := c.opened
	switch h.what {
	case "":
		return true
	case casework.Ended:
		at = c.ended
	case casework.BecameLate:
		at = c.late
	}
	return at != 0 && h.from <= at && at < h.to
}
