package calendar

import (
	"fmt"
	"time"
)

// span is one suspension, or several that touch, and what it took out of the count.
type span struct {
	from, to time.Time // to is not part of it
	open     bool      // no end yet; to and next mean nothing
	first    Date      // the first day it takes out
	next     Date      // the first day that counts again
	records  int       // how many suspensions it joins
	daysOut  int       // days left out of a count of days
	timeOut  time.Duration
}

// leave returns the last suspended day, counting the days that s takes out after pos.
func (s *span) leave(pos Date) Date {
	s.daysOut += int(s.next - max(s.first, pos+1))
	return s.next - 1
}

// merge returns the suspensions in order, joined where they overlap or touch, in the memory of into, which
// has room for all.
func merge(given []Span, loc *time.Location, into []span) ([]span, error) {
	for i, g := range given {
		open := g.To.IsZero()
		switch {
		case g.From.IsZero():
			return nil, fmt.Errorf("suspension %d: say when it begins", i+1)
		case !open && g.To.Before(g.From):
			return nil, fmt.Errorf("suspension %d: it ends before it begins; exchange the two", i+1)
		case !inYears(g.From) || !open && !inYears(g.To):
			return nil, fmt.Errorf("suspension %d: it must lie in the years 1900 to 9999", i+1)
		case g.To.Equal(g.From):
			continue
		}
		s := span{from: g.From.In(loc), to: g.To, open: open, records: 1}
		at := len(into)
		into = append(into, s)
		for ; at > 0 && into[at-1].from.After(s.from); at-- {
			into[at] = into[at-1]
		}
		into[at] = s
	}
	joined := into[:0]
	for _, s := range into {
		if n := len(joined); n > 0 && (joined[n-1].open || !s.from.After(joined[n-1].to)) {
			joined[n-1].join(s)
			continue
		}
		joined = append(joined, s)
	}
	for i := range joined {
		joined[i].days(loc)
	}
	return joined, nil
}

// join takes o, which begins inside s or where s ends, into s.
func (s *span) join(o span) {
	s.records += o.records
	s.open = s.open || o.open
	if o.to.After(s.to) {
		s.to = o.to
	}
}

// days sets the civil days: from the day it begins up to but not including the day it ends.
func (s *span) days(loc *time.Location) {
	s.first, s.next = DateOf(s.from), MaxDate+1
	if !s.open {
		s.to = s.to.In(loc)
		s.next = DateOf(s.to)
	}
}
