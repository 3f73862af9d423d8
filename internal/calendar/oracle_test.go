package calendar

import (
	"time"
)

// The oracle answers what Compute answers by walking single days with time.Time and a plain map of facts. It
// shares no code with the package beyond the types of its question and answer, and is as slow as it is plain.

type oracleDays struct {
	off, work map[string]bool
	known     func(year int) bool
	unknown   bool // a day of an unknown year was looked at
}

func (o *oracleDays) working(day time.Time) bool {
	if !o.known(day.Year()) {
		o.unknown = true
	}
	key := day.Format("2006-01-02")
	if o.off[key] {
		return false
	}
	if o.work[key] {
		return true
	}
	return day.Weekday() != time.Saturday && day.Weekday() != time.Sunday
}

// noon stands for a civil day, so that no clock change can move it to another one.
func noon(t time.Time) time.Time {
	y, m, d := t.Date()
	return time.Date(y, m, d, 12, 0, 0, 0, time.UTC)
}

// suspendedDay: some suspension begins on or before the day and does not end on or before it.
func suspendedDay(day time.Time, spans []Span, loc *time.Location) (suspended, forever bool) {
	for _, s := range spans {
		if !s.To.IsZero() && !s.To.After(s.From) || noon(s.From.In(loc)).After(day) {
			continue
		}
		if s.To.IsZero() {
			return true, true
		}
		if noon(s.To.In(loc)).After(day) {
			suspended = true
		}
	}
	return suspended, false
}

type oracleAnswer struct {
	target, due            string
	provisional, suspended bool
}

const oracleTime = "2006-01-02T15:04:05Z07:00"

// oracle answers for whole-minute starts and suspensions.
func oracle(r Request, days oracleDays) oracleAnswer {
	loc := r.Location
	at := r.From.In(loc)
	day, clock := noon(at), true // the count stands on day, and at the instant at while clock is set
	answer := func() oracleAnswer { return oracleAnswer{"", "", days.unknown, true} }
	periods := append([]Period{r.Period}, r.Extensions...)
	for i := 0; i < len(periods); i++ {
		left, months := periods[i].N, 0
		switch periods[i].Unit {
		case Hour:
			if !clock {
				at = firstInstant(day.AddDate(0, 0, 1), loc)
			}
			end, ok := oracleMinutes(at, left*60, r.Suspensions)
			if !ok {
				return answer()
			}
			at, clock, day = end, true, noon(end.In(loc))
			continue
		case AtOnce:
			continue
		case Month, Year:
			j := i
			for ; j < len(periods) && (periods[j].Unit == Month || periods[j].Unit == Year); j++ {
				if periods[j].Unit == Year {
					months += 11 * periods[j].N
				}
				months += periods[j].N
			}
			i = j - 1
			left = 0
			for d, end := day, corresponding(day, months); d.Before(end); d = d.AddDate(0, 0, 1) {
				left++
			}
		}
		for left > 0 {
			day = day.AddDate(0, 0, 1)
			suspended, forever := suspendedDay(day, r.Suspensions, loc)
			if forever {
				return answer()
			}
			if suspended || periods[i].Unit == WorkingDay && !days.working(day) {
				continue
			}
			left--
		}
		clock = false
	}
	unit := periods[len(periods)-1].Unit
	due := day
	if r.Roll == RollYes || r.Roll == RollByUnit && (unit == Day || unit == Month || unit == Year) {
		for !days.working(due) {
			due = due.AddDate(0, 0, 1)
		}
	}
	a := oracleAnswer{day.Format("2006-01-02"), due.Format("2006-01-02"), days.unknown, false}
	if unit == Hour {
		a.target, a.due = at.In(loc).Format(oracleTime), at.In(loc).Format(oracleTime)
		if due != day {
			local := at.In(loc)
			moved := time.Date(due.Year(), due.Month(), due.Day(), local.Hour(), local.Minute(), local.Second(), 0, loc)
			a.due = moved.Format(oracleTime)
		}
	}
	return a
}

// oracleMinutes walks minute by minute over unsuspended time.
func oracleMinutes(at time.Time, minutes int, spans []Span) (time.Time, bool) {
	for minutes > 0 {
		stopped := false
		for _, s := range spans {
			if s.From.After(at) || !s.To.IsZero() && !s.To.After(at) {
				continue
			}
			if s.To.IsZero() {
				return at, false
			}
			at, stopped = s.To, true
		}
		if !stopped {
			at = at.Add(time.Minute)
			minutes--
		}
	}
	return at, true
}

// corresponding walks month by month to the month wanted and back from a day that it does not have.
func corresponding(day time.Time, months int) time.Time {
	first := time.Date(day.Year(), day.Month(), 1, 12, 0, 0, 0, time.UTC)
	for range months {
		first = first.AddDate(0, 1, 0)
	}
	d := first
	for d.Day() < day.Day() && d.AddDate(0, 0, 1).Month() == first.Month() {
		d = d.AddDate(0, 0, 1)
	}
	return d
}

// firstInstant searches the first minute of a civil day from well before it.
func firstInstant(day time.Time, loc *time.Location) time.Time {
	want := day.Format("2006-01-02")
	for t := day.Add(-48 * time.Hour); ; t = t.Add(time.Minute) {
		if t.In(loc).Format("2006-01-02") >= want {
			return t
		}
	}
}
