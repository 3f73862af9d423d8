package listing

import (
	"context"
	"slices"
)

// What reading costs, in microseconds on a machine of 2025. Only their proportions matter.
const (
	beginCost = 30 // to begin reading a place
	rowCost   = 8  // to read a row that is shown or compared
	skipCost  = 2  // to come past a row that does not match
)

// narrow reports whether reading place by place is cheaper than coming past everything.
func (l *Listing) narrow(places int, matching, all int64) bool {
	wanted := min(int64(l.Limit+1), matching)
	placeByPlace := int64(places)*(beginCost+rowCost*int64(l.portion(places))) + rowCost*wanted
	wide := rowCost*wanted + skipCost*(all/matching)*wanted
	return placeByPlace < wide
}

// span is how many numbers a walk comes past before it is clear that what is asked for stands elsewhere: several times
// what filling the page takes if it is spread evenly.
func (l *Listing) span(matching, all int64) int64 {
	return max(8*(all/matching)*int64(l.Limit+1), 1000)
}

// portion is how many rows of a place are read at once: twice its share of the page.
func (l *Listing) portion(places int) int {
	return min(l.Limit+1, 2+2*l.Limit/max(places, 1))
}

// stretch is one place, and how far it has been read.
type stretch struct {
	Place
	last Cursor
	more bool // rows may follow last
}

// Merge reads a few rows of every place and goes on with those places alone whose rows could still belong to
// the page, until none can. It gives the page in order, and one row more if there is one.
func (l *Listing) Merge(ctx context.Context, places map[Place]int64, r Reader) ([]Found, error) {
	stretches := make([]stretch, 0, len(places))
	for p := range places {
		stretches = append(stretches, stretch{p, l.After, true})
	}
	var all []Found
	for {
		var asked []*stretch
		for i := range stretches {
			st := &stretches[i]
			if st.more && (len(all) <= l.Limit || l.Compare(st.last, all[l.Limit].At) < 0) {
				asked = append(asked, st)
			}
		}
		if len(asked) == 0 {
			return all, nil
		}
		rows, err := l.read(ctx, asked, l.portion(len(places)), r)
		if err != nil {
			return nil, err
		}
		all = append(all, rows...)
		slices.SortFunc(all, func(a, b Found) int { return l.Compare(a.At, b.At) })
		all = all[:min(len(all), l.Limit+1)]
	}
}

// read reads the next n rows of each stretch.
func (l *Listing) read(ctx context.Context, asked []*stretch, n int, r Reader) ([]Found, error) {
	portions := make([]Portion, len(asked))
	for i, st := range asked {
		portions[i] = Portion{st.Place, st.last}
	}
	got, err := r.Portions(ctx, l, portions, n)
	if err != nil {
		return nil, err
	}
	var all []Found
	for i, rows := range got {
		if len(rows) > 0 {
			asked[i].last = rows[len(rows)-1].At
		}
		asked[i].more = len(rows) == n
		all = append(all, rows...)
	}
	return all, nil
}
