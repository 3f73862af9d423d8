package calendar

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
)

// Lay returns base with the days of over laid on it: over alone says which days are off in the years that it
// knows, and about every single day that it lists; all else stays as base has it. The result has base's name.
func Lay(base, over *Calendar) (*Calendar, error) {
	b := newBuilder(base.name)
	b.every, b.civil = base.every || over.every, base.civil
	if err := b.take(over, func(Date) bool { return true }); err != nil {
		return nil, err
	}
	below := func(d Date) bool { return !over.Known(d.Year()) && over.at(d)&(markOff|markWork) == 0 }
	if err := b.take(base, below); err != nil {
		return nil, err
	}
	return b.calendar(), nil
}

// take takes over the known years of c, and those of its listed days that keep says.
func (b *builder) take(c *Calendar, keep func(Date) bool) error {
	for i, m := range c.marks {
		d := c.first.AddDays(i)
		if m&markKnown != 0 {
			b.years[d.Year()] = true
		}
		if m&(markOff|markWork) == 0 || !keep(d) {
			continue
		}
		n := c.names[m>>nameShift]
		if err := b.list(d, m&markOff != 0, n.own); err != nil {
			return err
		}
		if at := b.numbers[n.own]; n.english != "" {
			b.names[at].english = n.english
		}
	}
	return nil
}

// Missing tells whether c lacks a year that from knows.
func (c *Calendar) Missing(from *Calendar) bool {
	missing := from.every && !c.every
	from.eachYear(func(first, last int) {
		for y := first; y <= last; y++ {
			missing = missing || !c.Known(y)
		}
	})
	return missing
}

// Read reads a file of days off under a name, in whichever of three forms it has: an iCalendar file (ParseICS), a
// year as JSON (ParseYear) or the project's own text (ParseText).
func Read(r io.Reader, name string) (*Calendar, error) {
	file, err := io.ReadAll(io.LimitReader(r, MaxFile+1))
	if err != nil {
		return nil, err
	}
	if len(file) > MaxFile {
		return nil, fmt.Errorf("calendar %.80s: the file is larger than %d MiB", name, MaxFile>>20)
	}
	file = bytes.TrimPrefix(file, []byte("\uFEFF"))
	switch start := bytes.TrimSpace(file); {
	case bytes.HasPrefix(start, []byte("{")):
		return ParseYear(file, name)
	case len(start) >= 15 && bytes.EqualFold(start[:15], []byte("BEGIN:VCALENDAR")):
		return ParseICS(bytes.NewReader(file), name)
	}
	c, err := ParseText(string(file), name)
	if err == nil && len(c.Years()) == 0 {
		err = fmt.Errorf("calendar %.80s: the file names no known year; write a line such as `known 2027 2027`", name)
	}
	return c, err
}

// ParseYear reads the days off of one year as JSON: {"year":2027,"days":[{"name":"元旦","date":"2027-01-01",
// "isOffDay":true}, …]}, the form of the holiday-cn collection. Days may lie in a year beside it. A year without
// days has not been published and is refused.
func ParseYear(file []byte, name string) (*Calendar, error) {
	var year struct {
		Year int
		Days []struct {
			Name, Date string
			IsOffDay   *bool
		}
	}
	fail := func(format string, args ...any) (*Calendar, error) {
		return nil, fmt.Errorf("calendar %.80s: %w", name, fmt.Errorf(format, args...))
	}
	if err := json.Unmarshal(file, &year); err != nil {
		return fail("not a year in JSON: %w", err)
	}
	if year.Year <= MinDate.Year() || year.Year >= MaxDate.Year() {
		return fail("member year is %d; it must be from 1901 to 9998", year.Year)
	}
	if len(year.Days) == 0 {
		return fail("the year %d has no days: its holidays have not been published", year.Year)
	}
	b := newBuilder(name)
	b.civil = name == chinaName
	b.years[year.Year] = true
	for i, day := range year.Days {
		d, err := ParseDate(day.Date)
		switch {
		case err != nil:
			return fail("days[%d]: %w", i, err)
		case day.IsOffDay == nil:
			return fail("days[%d]: say with isOffDay whether %v is off", i, d)
		case d.Year() < year.Year-1 || d.Year() > year.Year+1:
			return fail("days[%d]: %v does not belong to the year %d", i, d, year.Year)
		}
		if err := b.list(d, *day.IsOffDay, day.Name); err != nil {
			return fail("days[%d]: %w", i, err)
		}
	}
	return b.calendar(), nil
}
