package listing

import (
	"context"

	"luoshi/internal/casework"
)

// Unknown is the number of a list that the board cannot count.
const Unknown = -1

// Numbers answers how many matters each list has, as casework.MatterStore promises, over the board that board gives.
func Numbers(ctx context.Context, queries []casework.Query, board func(ctx context.Context, since int64) (*Board, error)) ([]int64, error) {
	numbers, lists := make([]int64, len(queries)), make([]*Listing, len(queries))
	since, any := int64(0), false
	for i, q := range queries {
		q.Cursor = ""
		l, err := New(q)
		if err != nil {
			return nil, err
		}
		if numbers[i] = Unknown; !l.countable() {
			continue
		}
		if lists[i], numbers[i] = l, 0; !any || l.since() < since {
			since, any = l.since(), true
		}
	}
	if !any {
		return numbers, nil
	}
	b, err := board(ctx, since)
	if err != nil {
		return nil, err
	}
	b.count(lists, numbers)
	return numbers, nil
}

// countable reports whether the cards say all that the list asks for: of matters that have ended they say little.
func (l *Listing) countable() bool {
	open := l.Open != nil && *l.Open
	timed := l.Happened != casework.Happened{} && l.Procedure == "" && l.State == "" && l.Assignee == ""
	return l.Tokens == nil && l.Scope.Matter() == "" && (open || timed)
}

// count goes over the cards once for all lists; nil asks for nothing.
func (b *Board) count(lists []*Listing, numbers []int64) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	var all []asked
	var place []int
	for i, l := range lists {
		if l != nil && !l.none {
			all, place = append(all, l.ask(b.cards)), append(place, i)
		}
	}
	for _, chunk := range b.cards.chunks {
		for i := range chunk {
			for k := range all {
				if all[k].holds(&chunk[i]) {
					numbers[place[k]]++
				}
			}
		}
	}
}
