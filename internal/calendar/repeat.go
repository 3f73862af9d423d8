package calendar

import (
	"fmt"
	"strconv"
	"strings"
)

// repeat is a yearly recurrence rule; the zero value means that an event happens once.
type repeat struct {
	every int  // years between occurrences; 0: once
	count int  // number of occurrences; 0: not limited so
	until Date // last day on which one may begin; 0 with limited false: not limited so
	limit bool // until is meant
}

func (r repeat) endless() bool { return r.every > 0 && r.count == 0 && !r.limit }

// readRepeat reads the value of an RRULE for an event that begins on start: FREQ=YEARLY with INTERVAL and
// COUNT or UNTIL. BYMONTH and BYMONTHDAY are taken when they only say again what start says.
func readRepeat(rule string, start Date) (repeat, error) {
	if rule == "" {
		return repeat{}, nil
	}
	r := repeat{every: 1}
	yearly := false
	for part := range strings.SplitSeq(rule, ";") {
		key, value, _ := strings.Cut(strings.ToUpper(part), "=")
		ok := true
		switch key {
		case "FREQ":
			yearly = value == "YEARLY"
		case "INTERVAL":
			r.every, ok = positive(value)
		case "COUNT":
			r.count, ok = positive(value)
		case "UNTIL":
			day, _, _ := strings.Cut(value, "T")
			until, err := icsDate(day)
			r.until, r.limit, ok = until, true, err == nil
		case "BYMONTH":
			n, isNumber := positive(value)
			ok = isNumber && n == int(start.utc().Month())
		case "BYMONTHDAY":
			n, isNumber := positive(value)
			ok = isNumber && n == start.utc().Day()
		case "WKST":
		default:
			ok = false
		}
		if !ok {
			return r, fmt.Errorf("RRULE part %.40q is not supported; write each day as its own event", part)
		}
	}
	if !yearly || r.count > 0 && r.limit {
		return r, fmt.Errorf("RRULE %.60q: only FREQ=YEARLY, with INTERVAL and either COUNT or UNTIL, is supported", rule)
	}
	return r, nil
}

// positive reads a number from 1 to 9999.
func positive(s string) (int, bool) {
	n, err := strconv.ParseUint(s, 10, 16)
	return int(n), err == nil && n >= 1 && n <= 9999
}

// days calls yield for every day of every occurrence that begins up to last. A year without the event's
// day, 29 February, has no occurrence.
func (e *event) days(last Date, yield func(Date) error) error {
	year, month, day := e.start.utc().Date()
	for done := 0; ; year += e.repeat.every {
		start := dateOf(year, month, day)
		if start > last || e.repeat.limit && start > e.repeat.until {
			return nil
		}
		if start.utc().Day() == day {
			for i := range e.length {
				if err := yield(start.AddDays(i)); err != nil {
					return err
				}
			}
			done++
		}
		if e.repeat.every == 0 || done == e.repeat.count && done > 0 {
			return nil
		}
	}
}
