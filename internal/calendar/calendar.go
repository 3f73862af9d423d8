package calendar

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"sync"
	"time"
)

// mark is what a calendar says about one day: three flags and, above them, the number of a name.
type mark uint16

const (
	markOff   mark   = 1 << iota // off, whatever the weekday
	markWork                     // working, whatever the weekday
	markKnown                    // the day's year is known
	nameShift = iota             // the name's number lies above the flags
	maxNames  = 1 << (16 - nameShift)
)

// name is how people call a day off, in the calendar's own language and in English.
type name struct{ own, english string }

// Calendar says which days are off. A day it does not list is off on Saturday and Sunday. It is immutable
// and safe for concurrent use.
type Calendar struct {
	name    string
	version string
	every   bool   // every year is known
	civil   bool   // the law of counting is the Civil Code of China, so explanations may cite it
	first   Date   // the day of marks[0]
	marks   []mark // one per day, from the first day listed or known to the last
	names   []name // names[0] is empty
}

// Name returns the name of the calendar: "cn", "weekend", or what was given to ParseICS.
func (c *Calendar) Name() string { return c.name }

// Version names the content of the calendar: equal content has an equal version, a changed day or year
// another one. A computation that is recorded should record it. It is 16 hexadecimal digits.
func (c *Calendar) Version() string { return c.version }

// WorkingDay tells whether offices work on d.
func (c *Calendar) WorkingDay(d Date) bool {
	working, _ := c.day(d)
	return working
}

// DayOff tells whether d is off and, for a listed day, the name of the holiday. A listed make-up working
// day is not off but carries the name of the holiday it makes up for. Ordinary weekends have no name.
func (c *Calendar) DayOff(d Date) (name string, off bool) {
	return c.names[c.at(d)>>nameShift].own, !c.WorkingDay(d)
}

// Known tells whether the days off of the year have been published. What is computed over other years rests
// on weekends alone and is provisional.
func (c *Calendar) Known(year int) bool {
	return c.every || c.at(dateOf(year, time.January, 1))&markKnown != 0
}

// at returns the mark of d, zero when nothing is said about it.
func (c *Calendar) at(d Date) mark {
	if i := int(d) - int(c.first); i >= 0 && i < len(c.marks) {
		return c.marks[i]
	}
	return 0
}

// day is the look-up that every computation uses.
func (c *Calendar) day(d Date) (working, known bool) {
	m := c.at(d)
	known = c.every || m&markKnown != 0
	switch {
	case m&markWork != 0:
		return true, known
	case m&markOff != 0:
		return false, known
	}
	return !isWeekend(d), known
}

// holiday returns the name of the listed day in lang, or "".
func (c *Calendar) holiday(d Date, lang string) string {
	n := c.names[c.at(d)>>nameShift]
	if lang == "zh" || n.english == "" {
		return n.own
	}
	return n.english
}

// Weekend returns the calendar "weekend": Saturdays and Sundays are off, every year is known.
func Weekend() *Calendar { return weekend() }

var weekend = sync.OnceValue(func() *Calendar {
	b := newBuilder("weekend")
	b.every = true
	return b.calendar()
})

// ByName returns the built-in calendar "cn" or "weekend".
func ByName(name string) (*Calendar, error) {
	switch name {
	case "cn":
		return China(), nil
	case "weekend":
		return Weekend(), nil
	}
	return nil, fmt.Errorf("calendar %.40q is not built in: use cn or weekend, or an iCalendar file", name)
}

// listing is one day that a source lists.
type listing struct {
	off  bool
	name int
}

// builder collects what a source says and makes the immutable calendar of it.
type builder struct {
	name         string
	every, civil bool
	years        map[int]bool
	days         map[Date]listing
	names        []name
	numbers      map[string]int // by the name's own form
}

func newBuilder(calendar string) *builder {
	return &builder{
		name:    calendar,
		years:   map[int]bool{},
		days:    map[Date]listing{},
		names:   []name{{}},
		numbers: map[string]int{"": 0},
	}
}

// call returns the number of the name with that own form, adding it when new.
func (b *builder) call(own string) (int, error) {
	own = strings.Join(strings.Fields(own), " ") // a name is one line of text
	n, ok := b.numbers[own]
	if !ok {
		n = len(b.names)
		if n == maxNames {
			return 0, fmt.Errorf("more than %d different names of days: shorten the calendar", maxNames-1)
		}
		b.names = append(b.names, name{own: own})
		b.numbers[own] = n
	}
	return n, nil
}

// list says that d is off or a make-up working day. The first name of a day stays.
func (b *builder) list(d Date, off bool, own string) error {
	if d < MinDate || d > MaxDate {
		return fmt.Errorf("%v: days must lie from 1900 to 9999", d)
	}
	if was, ok := b.days[d]; ok {
		if was.off != off {
			return fmt.Errorf("%v is listed both as a day off and as a working day: remove one", d)
		}
		return nil
	}
	n, err := b.call(own)
	b.days[d] = listing{off, n}
	return err
}

// bounds returns the first and the last day that is listed or in a known year; last < first when none is.
func (b *builder) bounds() (first, last Date) {
	first, last = MaxDate, MinDate
	for d := range b.days {
		first, last = min(first, d), max(last, d)
	}
	for y := range b.years {
		first, last = min(first, dateOf(y, time.January, 1)), max(last, dateOf(y, time.December, 31))
	}
	return first, last
}

// calendar makes the calendar. Its version is the hash of one line per known year and listed day.
func (b *builder) calendar() *Calendar {
	c := &Calendar{name: b.name, every: b.every, civil: b.civil, names: b.names}
	first, last := b.bounds()
	var text strings.Builder
	fmt.Fprintf(&text, "every %t\n", b.every)
	if first <= last {
		c.first, c.marks = first, make([]mark, last-first+1)
	}
	year, known := 0, false
	for i := range c.marks {
		d := first.AddDays(i)
		if y := d.Year(); y != year {
			year, known = y, b.years[y]
			fmt.Fprintf(&text, "year %d %t\n", year, known)
		}
		if known {
			c.marks[i] |= markKnown
		}
		day, ok := b.days[d]
		if !ok {
			continue
		}
		flag := markWork
		if day.off {
			flag = markOff
		}
		c.marks[i] |= flag | mark(day.name)<<nameShift
		fmt.Fprintf(&text, "%v %t %q\n", d, day.off, b.names[day.name])
	}
	sum := sha256.Sum256([]byte(text.String()))
	c.version = hex.EncodeToString(sum[:8])
	return c
}

// dateOf returns the day of a year, month and day of month that exist.
func dateOf(year int, month time.Month, day int) Date {
	return DateOf(time.Date(year, month, day, 0, 0, 0, 0, time.UTC))
}

// isWeekend tells whether d is a Saturday or Sunday.
func isWeekend(d Date) bool {
	w := d.Weekday()
	return w == time.Saturday || w == time.Sunday
}
