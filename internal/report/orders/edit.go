package orders

import (
	"slices"
	"strings"
)

// Merge joins an item to the one before it that was not dropped; false when there is none.
func (l *List) Merge(id int) bool {
	i := l.at(id)
	to := i - 1
	for to >= 0 && l.Items[to].Dropped {
		to--
	}
	if i < 0 || to < 0 || l.Items[i].Dropped {
		return false
	}
	a, b := &l.Items[to], l.Items[i]
	a.Places = append(a.Places, b.Places...)
	a.Inner = slices.Concat(a.parts(), b.parts())
	a.Task = strings.TrimSpace(a.Task + "\n" + b.Task)
	a.Measure = strings.TrimSpace(a.Measure + "\n" + b.Measure)
	for _, x := range []struct{ to, from *string }{{&a.Unit, &b.Unit}, {&a.Due, &b.Due}, {&a.Period, &b.Period}, {&a.Reaches, &b.Reaches}, {&a.Target, &b.Target}} {
		if *x.to == "" {
			*x.to = *x.from
		}
	}
	for _, h := range b.Helpers {
		if !slices.Contains(a.Helpers, h) {
			a.Helpers = append(a.Helpers, h)
		}
	}
	a.Said = Said{Lead: both(a.Said.Lead, b.Said.Lead), Support: both(a.Said.Support, b.Said.Support),
		Due: both(a.Said.Due, b.Said.Due), Amounts: both(a.Said.Amounts, b.Said.Amounts)}
	l.Items = slices.Delete(l.Items, i, i+1)
	return true
}

// parts are the points within an item, or the item itself.
func (it *Item) parts() []Span {
	if len(it.Inner) > 0 {
		return it.Inner
	}
	return it.Places
}

func both(a, b []string) []string {
	out := slices.Clone(a)
	for _, s := range b {
		if !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

// Split makes several items of one: by the points that it has in the text, otherwise by sentences and then by
// semicolons. It answers how many there are then; 1 when it cannot be split. What was set for the item holds for each.
func (l *List) Split(id int) int {
	i := l.at(id)
	if i < 0 || l.Items[i].Dropped {
		return 0
	}
	it := l.Items[i]
	places := it.Inner
	if len(places) < 2 {
		places = nil
		for _, p := range it.Places {
			places = append(places, l.sentences(p)...)
		}
	}
	if len(places) < 2 {
		return 1
	}
	l.Items = slices.Delete(l.Items, i, i+1)
	for n, p := range places {
		one := it
		one.Places, one.Inner, one.Title = []Span{p}, nil, ""
		one.Helpers = slices.Clone(it.Helpers)
		one.Task = withoutOrdinal(l.Words(p))
		l.put(one, i+n)
	}
	return len(places)
}

// sentences cuts a place at full stops, or when it has one sentence at semicolons.
func (l *List) sentences(p Span) []Span {
	runes := []rune(l.Words(p))
	for _, marks := range []string{"。！\n", "；;"} {
		var out []Span
		start := 0
		for i, r := range runes {
			if i+1 == len(runes) || strings.ContainsRune(marks, r) {
				if strings.Trim(string(runes[start:i+1]), " 　\n。！；;") != "" {
					out = append(out, Span{p.Start + start, p.Start + i + 1})
				}
				start = i + 1
			}
		}
		if len(out) > 1 {
			return out
		}
	}
	return []Span{p}
}

// withoutOrdinal takes the spaces around a task away and its mark at the end of a list.
func withoutOrdinal(words string) string {
	return strings.TrimSpace(strings.TrimRight(strings.TrimSpace(words), "；;"))
}

// Drop leaves an item out, or takes it in again.
func (l *List) Drop(id int, dropped bool) {
	if it := l.Find(id); it != nil {
		it.Dropped = dropped
	}
}

// Add begins an item of which the text says nothing.
func (l *List) Add() int {
	l.put(Item{Report: "end", Count: "all"}, len(l.Items))
	return l.Next - 1
}

// Piece is a stretch of the text that belongs to the same items.
type Piece struct {
	Text  string
	Items []int // IDs, in the order of the list; none: it belongs to no item
	First bool  // the first piece of the item that Items begins with
}

// Pieces cuts the text into stretches by the items that are open.
func (l *List) Pieces() []Piece {
	runes := []rune(l.Text)
	cuts := []int{0, len(runes)}
	for _, it := range l.Open() {
		for _, p := range it.Places {
			cuts = append(cuts, min(max(p.Start, 0), len(runes)), min(max(p.End, 0), len(runes)))
		}
	}
	slices.Sort(cuts)
	cuts = slices.Compact(cuts)
	seen := map[int]bool{}
	var out []Piece
	for i := 0; i+1 < len(cuts); i++ {
		piece := Piece{Text: string(runes[cuts[i]:cuts[i+1]])}
		for _, it := range l.Open() {
			if slices.ContainsFunc(it.Places, func(p Span) bool { return p.Start <= cuts[i] && cuts[i+1] <= p.End }) {
				piece.Items = append(piece.Items, it.ID)
			}
		}
		if len(piece.Items) > 0 && !seen[piece.Items[0]] {
			piece.First, seen[piece.Items[0]] = true, true
		}
		out = append(out, piece)
	}
	return out
}
