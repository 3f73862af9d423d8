package postgres

import (
	"context"
	"slices"

	"luoshi/internal/number"
	"luoshi/internal/store/listing"
)

// When the words lead, a search reads ranges of numbers, newest first, each so large that it should fill the
// page. A hit costs a look at its matter; when hardly any hit is such as asked for, matters lead from there on.
const (
	firstRange = 1024    // numbers in the first range, of those in the units looked at
	maxRange   = 1 << 20 // naming the places of a larger range does not pay: all that is left is read
	maxHits    = 4000    // that are read at once
	maxLook    = 1000    // matters that are looked at at once
	enoughSeen = 256     // matters, after which it is known how many are such as asked for
	fruitless  = 20      // hardly any means fewer than one in so many
	lookCost   = 3       // a look at a matter costs so many times what collecting its number does
)

// search is how far a search has come.
type search struct {
	reader
	l      *listing.Listing
	among  listing.Among
	high   int64           // every matter from here on has been looked at, or is collected
	found  []listing.Found // at most a page and one more
	looked int             // matters that had the words
}

// Search implements listing.Reader.
func (r reader) Search(ctx context.Context, l *listing.Listing, among listing.Among) ([]listing.Found, error) {
	s := &search{reader: r, l: l, among: among, high: l.After.ID}
	var err error
	if l.Assignee != "" || among.Few() {
		err = s.byMatters(ctx)
	} else {
		err = s.byWords(ctx)
	}
	return s.found, err
}

// byWords looks at the matters that have the words.
func (s *search) byWords(ctx context.Context) error {
	units, span := s.among.UnitTokens(), float64(firstRange)
	if units != nil { // a range holds fewer matters of theirs
		span *= float64(s.among.All) / float64(s.among.Within)
	}
	passed := int64(0) // numbers
	for s.missing() > 0 {
		more, err := s.begin(ctx)
		if err != nil || !more {
			return err
		}
		low := s.low(span)
		ids, err := s.numbers(ctx, "list-search", maxHits, s.l.Tokens, s.places(low, s.high), low, s.high, units)
		if err != nil {
			return err
		}
		if len(ids) == maxHits {
			low = ids[maxHits-1]
		}
		for portion := range slices.Chunk(ids, s.portion()) {
			if err := s.look(ctx, portion); err != nil || s.missing() == 0 {
				return err
			}
			if last := portion[len(portion)-1]; s.vain(passed + s.high - last) {
				s.high = last
				return s.byMatters(ctx)
			}
		}
		passed += s.high - max(low, yearOf(s.high-1))
		s.high = low
		span *= s.growth(len(ids))
	}
	return nil
}

// vain reports, after so many numbers, that looking at hits finds hardly any that is such as asked for, and that
// such matters are not much more frequent than the hits: then collecting them costs less.
func (s *search) vain(passed int64) bool {
	hits, matters := float64(s.looked)/float64(passed), float64(s.among.Matching)/float64(s.among.All)
	return s.looked >= enoughSeen && len(s.found)*fruitless < s.looked && s.among.Matching < s.among.Within && lookCost*hits > matters
}

// begin comes down to the newest matter that is left, over the numbers of a year that are not used.
func (s *search) begin(ctx context.Context) (more bool, err error) {
	if s.high == 0 || s.high != yearOf(s.high) && s.high != s.l.After.ID {
		return s.high > 0, nil
	}
	top, err := s.numbers(ctx, "list-top", 1, s.high)
	if err != nil || len(top) == 0 {
		return false, err
	}
	s.high = top[0] + 1
	return true, nil
}

// low is where a range of so many numbers begins: at the border of a place, and not in the year before; or at
// the end.
func (s *search) low(span float64) int64 {
	if span > maxRange {
		return 0
	}
	return max(floor(s.high-int64(span)), yearOf(s.high-1))
}

// yearOf is where the numbers of an ID's year begin.
func yearOf(id int64) int64 { return id - id%number.FirstID(1) }

// places are those of a range, or nil when it is so large that they do not help.
func (s *search) places(low, high int64) []string {
	if high-low > 2*maxRange {
		return nil
	}
	return places(s.store.log, low, high)
}

// look reads those of the matters that are such as asked for.
func (s *search) look(ctx context.Context, ids []int64) error {
	rows, err := s.rows(ctx, "list-search-look", s.store.log, s.missing(), ids, s.l.State, s.l.Procedure, s.l.Open, units(s.l), s.l.Assignee,
		s.l.Within().After, s.l.Within().Until, s.l.Unassigned)
	s.found = append(s.found, rows...)
	s.looked += len(ids)
	return err
}

// missing is how many rows are still wanted.
func (s *search) missing() int { return s.l.Limit + 1 - len(s.found) }

// wanted is how many hits should fill the page, going by how many were such as asked for up to now.
func (s *search) wanted() float64 {
	return 1.2 * float64(s.missing()) * float64(s.looked+1) / float64(len(s.found)+1)
}

// portion is how many hits are looked at at once.
func (s *search) portion() int { return max(s.missing(), min(int(s.wanted()), maxLook)) }

// growth makes the next range such that it should fill the page, going by the hits of the last one.
func (s *search) growth(hits int) float64 {
	const most = 16
	if hits == 0 {
		return most
	}
	return max(1, min(s.wanted()/float64(hits), float64(maxHits)/2/float64(hits), most))
}
