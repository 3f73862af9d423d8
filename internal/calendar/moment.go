package calendar

import (
	"fmt"
	"strings"
	"time"
)

// Moment is when a period ends: a civil day, over at its 24:00, or for periods that end by the hour an
// instant. The zero value is no moment.
type Moment struct {
	form form
	day  Date           // of a day
	at   time.Time      // of an instant, in its location
	loc  *time.Location // of a day
}

type form uint8

const (
	nothing form = iota
	civilDay
	instant
)

// DayMoment returns the day d in loc; a nil loc is UTC.
func DayMoment(d Date, loc *time.Location) Moment {
	if loc == nil {
		loc = time.UTC
	}
	return Moment{form: civilDay, day: d, loc: loc}
}

// InstantMoment returns the instant t, shown in t's location.
func InstantMoment(t time.Time) Moment { return Moment{form: instant, at: t.Round(0)} }

// ParseMoment reads what String writes. A day is a day in loc, an instant is shown in loc; a nil loc is UTC.
func ParseMoment(s string, loc *time.Location) (Moment, error) {
	if !strings.Contains(s, "T") {
		d, err := ParseDate(s)
		if err != nil {
			return Moment{}, err
		}
		return DayMoment(d, loc), nil
	}
	t, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		return Moment{}, fmt.Errorf("moment %.40q: write a day (2026-02-20) or an RFC 3339 time (2026-02-20T15:04:00+08:00)", s)
	}
	if loc == nil {
		loc = time.UTC
	}
	if d := DateOf(t.In(loc)); d < MinDate || d > MaxDate {
		return Moment{}, fmt.Errorf("moment %.40q: the year must be from 1900 to 9999", s)
	}
	return InstantMoment(t.In(loc)), nil
}

// IsZero tells whether m is no moment at all.
func (m Moment) IsZero() bool { return m.form == nothing }

// IsInstant tells whether m is a time of day rather than a whole day.
func (m Moment) IsInstant() bool { return m.form == instant }

// Date returns the civil day of m in its location.
func (m Moment) Date() Date {
	if m.form == instant {
		return DateOf(m.at)
	}
	return m.day
}

// End returns the instant from which m is over: the instant itself, or the midnight that ends the day. It
// is exclusive: an act just before it is in time.
func (m Moment) End() time.Time {
	if m.form == civilDay {
		return (m.day + 1).Start(m.loc)
	}
	return m.at
}

// Equal tells whether m and n are the same day, or the same instant. Locations do not matter.
func (m Moment) Equal(n Moment) bool {
	return m.form == n.form && m.day == n.day && m.at.Equal(n.at)
}

// In returns m placed in loc: a day becomes the same day there, an instant the same instant shown there. It
// restores the location that text does not carry.
func (m Moment) In(loc *time.Location) Moment {
	switch m.form {
	case civilDay:
		m.loc = loc
	case instant:
		m.at = m.at.In(loc)
	}
	return m
}

// String returns "2026-02-20" for a day, RFC 3339 for an instant, "" for the zero value.
func (m Moment) String() string {
	switch m.form {
	case civilDay:
		return m.day.String()
	case instant:
		return m.at.Format(time.RFC3339Nano)
	}
	return ""
}

// MarshalText returns String.
func (m Moment) MarshalText() ([]byte, error) { return []byte(m.String()), nil }

// UnmarshalText reads what MarshalText wrote. Text carries no location, so a day is a day in UTC until In
// says where.
func (m *Moment) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*m = Moment{}
		return nil
	}
	parsed, err := ParseMoment(string(text), nil)
	if err != nil {
		return err
	}
	*m = parsed
	return nil
}
