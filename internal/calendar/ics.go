package calendar

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	ics "github.com/arran4/golang-ical"
)

const (
	maxICS      = 8 << 20 // bytes of a file
	maxEventLen = 366     // days of one event
	// openYears is how many years past the last known one a rule without an end is carried on.
	openYears = 50
	// propertyKnown is the calendar's own statement of its known years, "2024-2026" or "2026".
	propertyKnown = "X-LUOSHI-KNOWN"
)

// ParseICS reads a calendar of days off in the form of RFC 5545. All-day events are days off, of one day or
// more with DTEND exclusive; an event with the category WORKDAY, or whose summary says so, is a make-up
// working day. A yearly RRULE repeats an event. The years that events without an endless rule touch are
// known, or those that X-LUOSHI-KNOWN states. What it cannot take exactly it refuses, naming the event; the
// conventions are in doc/calendar.md.
func ParseICS(r io.Reader, name string) (*Calendar, error) {
	c, err := parseICS(r, name)
	if err != nil {
		return nil, fmt.Errorf("calendar %.80s: %w", name, err)
	}
	return c, nil
}

func parseICS(r io.Reader, name string) (*Calendar, error) {
	limited := &io.LimitedReader{R: r, N: maxICS + 1}
	accept := ics.WithUnknownPropertyHandler(ics.AcceptUnknownPropertyHandler)
	file, err := ics.ParseCalendarWithOptions(limited, accept)
	switch {
	case limited.N <= 0:
		return nil, fmt.Errorf("the file is larger than %d MiB", maxICS>>20)
	case err != nil:
		return nil, fmt.Errorf("not an iCalendar file: %w", err)
	}
	b := newBuilder(name)
	var events []event
	for _, v := range file.Events() {
		e, err := readEvent(v)
		if err != nil {
			return nil, err
		}
		if !e.cancelled {
			events = append(events, e)
		}
	}
	if err := b.knowFrom(file, events); err != nil {
		return nil, err
	}
	if err := b.listEvents(events); err != nil {
		return nil, err
	}
	return b.calendar(), nil
}

// knowFrom sets the known years: what the file states, else what its events touch.
func (b *builder) knowFrom(file *ics.Calendar, events []event) error {
	for _, p := range file.CalendarProperties {
		if strings.EqualFold(p.IANAToken, propertyKnown) {
			first, last, isRange := strings.Cut(p.Value, "-")
			if !isRange {
				last = first
			}
			if b.know(strings.TrimSpace(first), strings.TrimSpace(last)) != nil {
				return fmt.Errorf("%s:%.40s: write the first and the last known year, for example %s:2024-2026",
					propertyKnown, p.Value, propertyKnown)
			}
		}
	}
	if len(b.years) > 0 {
		return nil
	}
	for _, e := range events {
		if e.repeat.endless() {
			continue
		}
		err := e.days(MaxDate, func(d Date) error { b.years[d.Year()] = true; return nil })
		if err != nil {
			return err
		}
	}
	if len(b.years) == 0 {
		return fmt.Errorf("no all-day event with an end tells which years are known; add events or %s:2024-2026", propertyKnown)
	}
	return nil
}

// listEvents lists every day of every event.
func (b *builder) listEvents(events []event) error {
	last := 0
	for y := range b.years {
		last = max(last, y)
	}
	horizon := dateOf(min(last+openYears, MaxDate.Year()), 12, 31)
	for _, e := range events {
		limit := MaxDate
		if e.repeat.endless() {
			limit = horizon
		}
		err := e.days(limit, func(d Date) error { return b.list(d, !e.work, e.summary) })
		if err != nil {
			return fmt.Errorf("%s: %w", e.label, err)
		}
	}
	return nil
}

// event is one VEVENT.
type event struct {
	label     string // how a message names it
	summary   string
	start     Date
	length    int // in days
	work      bool
	cancelled bool
	repeat    repeat
}

// refused are the properties that would change which days are meant and are not supported.
var refused = [...]ics.ComponentProperty{
	ics.ComponentPropertyRdate, ics.ComponentPropertyExdate, ics.ComponentPropertyExrule, ics.ComponentPropertyRecurrenceId,
}

// readEvent reads v; its errors name it.
func readEvent(v *ics.VEvent) (event, error) {
	e := event{summary: value(v, ics.ComponentPropertySummary)}
	e.label = fmt.Sprintf("event %.60q of %.20s", e.summary, value(v, ics.ComponentPropertyDtStart))
	e.cancelled = strings.EqualFold(value(v, ics.ComponentPropertyStatus), "CANCELLED")
	for _, p := range refused {
		if v.HasProperty(p) {
			return e, fmt.Errorf("%s: %s is not supported; write each day as its own event", e.label, p)
		}
	}
	if n := len(v.GetProperties(ics.ComponentPropertyRrule)); n > 1 {
		return e, fmt.Errorf("%s: %d RRULEs; write one", e.label, n)
	}
	var err error
	if e.start, e.length, err = extent(v); err != nil {
		return e, fmt.Errorf("%s: %w", e.label, err)
	}
	if e.repeat, err = readRepeat(value(v, ics.ComponentPropertyRrule), e.start); err != nil {
		return e, fmt.Errorf("%s: %w", e.label, err)
	}
	e.work = saysWork(e.summary)
	for _, p := range v.GetProperties(ics.ComponentPropertyCategories) {
		for category := range strings.SplitSeq(p.Value, ",") {
			e.work = e.work || strings.EqualFold(strings.TrimSpace(category), "WORKDAY")
		}
	}
	return e, nil
}

// value returns the value of a property of v, "" when it has none.
func value(v *ics.VEvent, property ics.ComponentProperty) string {
	if p := v.GetProperty(property); p != nil {
		return p.Value
	}
	return ""
}

// saysWork tells whether a summary marks a make-up working day.
func saysWork(summary string) bool {
	mark := func(m string) bool { return strings.Contains(strings.ToUpper(summary), m) }
	return slices.ContainsFunc([]string{"WORKDAY", "补班", "(班)", "（班）"}, mark)
}

// extent returns the first day of v and its number of days.
func extent(v *ics.VEvent) (Date, int, error) {
	start, err := icsDate(value(v, ics.ComponentPropertyDtStart))
	if err != nil {
		return 0, 0, fmt.Errorf("DTSTART: %w", err)
	}
	length := 1
	end, duration := value(v, ics.ComponentPropertyDtEnd), value(v, ics.ComponentPropertyDuration)
	switch {
	case end != "" && duration != "":
		return 0, 0, errors.New("it has both DTEND and DURATION; write one")
	case end != "":
		next, err := icsDate(end)
		if err != nil {
			return 0, 0, fmt.Errorf("DTEND: %w", err)
		}
		length = int(next - start)
	case duration != "":
		if length, err = icsDays(duration); err != nil {
			return 0, 0, err
		}
	}
	if length < 1 || length > maxEventLen {
		return 0, 0, fmt.Errorf("it lasts %d days; an event lasts from 1 to %d (DTEND is the day after the last)", length, maxEventLen)
	}
	return start, length, nil
}

// icsDate reads the DATE form, "20260205".
func icsDate(s string) (Date, error) {
	if len(s) != 8 {
		return 0, fmt.Errorf("%.20q is not a whole day: only all-day events, written 20260205, are days off", s)
	}
	return ParseDate(s[:4] + "-" + s[4:6] + "-" + s[6:])
}

// icsDays reads a DURATION of whole days or weeks, "P3D" or "P1W".
func icsDays(s string) (int, error) {
	count, isPeriod := strings.CutPrefix(strings.TrimPrefix(s, "+"), "P")
	for suffix, days := range map[string]int{"D": 1, "W": 7} {
		digits, ok := strings.CutSuffix(count, suffix)
		if n, err := strconv.ParseUint(digits, 10, 16); ok && isPeriod && err == nil {
			return int(n) * days, nil
		}
	}
	return 0, fmt.Errorf("DURATION %.20q: write whole days or weeks, for example P3D", s)
}
