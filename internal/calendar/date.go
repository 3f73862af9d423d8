package calendar

import (
	"fmt"
	"time"
)

// Date is a civil day: days since 1970-01-01 in the proleptic Gregorian calendar. It has no time of day and
// no zone. Its text form is ISO 8601, "2006-01-02".
type Date int32

const (
	secondsPerDay = 24 * 60 * 60

	// MinDate and MaxDate, 1900-01-01 and 9999-12-31, bound what is read and computed.
	MinDate Date = -25567
	MaxDate Date = 2932896
)

// ParseDate reads "2006-01-02" with a year from 1900 to 9999; the day must exist.
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return 0, fmt.Errorf("date %.40q: write an existing day as year-month-day, for example 2026-02-05", s)
	}
	d := DateOf(t)
	if d < MinDate || d > MaxDate {
		return 0, fmt.Errorf("date %.40q: the year must be from 1900 to 9999", s)
	}
	return d, nil
}

// DateOf returns the civil day of t in t's location.
func DateOf(t time.Time) Date {
	_, offset := t.Zone()
	local := t.Unix() + int64(offset)
	day := local / secondsPerDay
	if local%secondsPerDay < 0 {
		day--
	}
	return Date(day)
}

// utc returns midnight of d in UTC.
func (d Date) utc() time.Time { return time.Unix(int64(d)*secondsPerDay, 0).UTC() }

// Year returns the year of d.
func (d Date) Year() int { return d.utc().Year() }

// Weekday returns the day of the week of d.
func (d Date) Weekday() time.Weekday {
	// 1970-01-01 was a Thursday.
	w := (int(d) + int(time.Thursday)) % 7
	if w < 0 {
		w += 7
	}
	return time.Weekday(w)
}

// AddDays returns the day n days after d, or before it when n is negative.
func (d Date) AddDays(n int) Date { return d + Date(n) }

// AddMonths returns the corresponding day n months after d, or the last day of that month when it has no
// such day (Civil Code art. 202): 2025-12-31 and two months give 2026-02-28.
func (d Date) AddMonths(n int) Date {
	year, month, day := d.utc().Date()
	first := time.Date(year, month+time.Month(n), 1, 0, 0, 0, 0, time.UTC)
	next := time.Date(first.Year(), first.Month()+1, 1, 0, 0, 0, 0, time.UTC)
	return min(DateOf(first)+Date(day-1), DateOf(next)-1)
}

// Start returns the first instant of d in loc. Where the clock change skips midnight that is the moment of
// the change, and where it shows midnight twice the earlier one.
func (d Date) Start(loc *time.Location) time.Time {
	midnight := int64(d) * secondsPerDay
	const reach = 30 * 60 * 60 // further than any offset from UTC, so that both sides of a change are seen
	before := time.Unix(midnight-reach, 0).In(loc)
	after := time.Unix(midnight+reach, 0).In(loc)
	_, early := before.Zone()
	_, late := after.Zone()
	if early == late {
		return time.Unix(midnight-int64(early), 0).In(loc)
	}
	change, _ := after.ZoneBounds()
	candidates := [...]time.Time{
		time.Unix(midnight-int64(max(early, late)), 0).In(loc),
		change,
		time.Unix(midnight-int64(min(early, late)), 0).In(loc),
	}
	var first time.Time
	for _, t := range candidates {
		if DateOf(t) >= d && (first.IsZero() || t.Before(first)) {
			first = t
		}
	}
	return first
}

// String returns d as "2006-01-02".
func (d Date) String() string {
	if d < MinDate || d > MaxDate {
		return d.utc().Format(time.DateOnly)
	}
	year, month, day := d.utc().Date()
	digit := func(n int) byte { return byte('0' + n%10) }
	return string([]byte{digit(year / 1000), digit(year / 100), digit(year / 10), digit(year), '-',
		digit(int(month) / 10), digit(int(month)), '-', digit(day / 10), digit(day)})
}

// MarshalText returns d as "2006-01-02".
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what ParseDate reads.
func (d *Date) UnmarshalText(text []byte) error {
	parsed, err := ParseDate(string(text))
	if err != nil {
		return err
	}
	*d = parsed
	return nil
}
