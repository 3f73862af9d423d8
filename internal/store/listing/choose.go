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
	asked := l.ask(c)
	var found []Cursor
	for _, chunk := range c.chunks {
		for i := range chunk {
			x := &chunk[i]
			at := Cursor{x.due, x.id}
			if !asked.holds(x) || l.Compare(at, after) <= 0 {
				continue
			}
			if found = append(found, at); len(found) >= 8*n { // sorting now and then is enough
				found = l.first(found, n)
			}
		}
	}
	return l.first(found, n)
}

// asked is what a list asks for, in the small numbers of the cards.
type asked struct {
	*Listing
	unit, procedure       []bool
	state, nobody, person int32
	happened              happened
}

func (l *Listing) ask(c *cards) asked {
	return asked{l, c.units.marks(l.inside), c.procedures.marks(l.governed), c.states.find(l.State), c.people.find(""), c.people.find(l.Assignee),
		newHappened(l.Happened)}
}

// holds reports whether a matter is such as the list asks for. Of one that has ended the card does not say by which
// procedure, in which state and whose it was: its row does.
func (a *asked) holds(x *card) bool {
	if !a.unit[x.unit] || !a.happened.holds(x) || a.Open != nil && x.open != *a.Open {
		return false
	}
	return !x.open || a.procedure[x.procedure] && (a.State == "" || int32(x.state) == a.state) && a.Due.Holds(x.due) &&
		(a.Assignee == "" || x.assignee == a.person) && (!a.Unassigned || x.assignee == a.nobody)
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
