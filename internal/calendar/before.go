package calendar

import (
	"fmt"
	"time"
)

// Before returns the moment that lies p before m and so leaves exactly p until m is over. It is what Compute does,
// backwards: five working days before a day is the end of the latest day after which five working days are left,
// the day itself among them. Of an instant whole days keep the time of day. A month before is the corresponding
// day, or the last one of a month that has no such day. Nothing is suspended and nothing rolls.
func Before(m Moment, p Period, c *Calendar, loc *time.Location) (Moment, error) {
	if m.IsZero() {
		return Moment{}, fmt.Errorf("before: say which moment it shall be before")
	}
	if err := p.check(); err != nil {
		return Moment{}, err
	}
	switch p.Unit {
	case AtOnce:
		return m.In(loc), nil
	case Hour:
		at := m.In(loc).End().Add(-time.Duration(p.N) * time.Hour)
		if !inYears(at) {
			return Moment{}, errTooEarly(m, p)
		}
		return InstantMoment(at.In(loc)), nil
	}
	d := daysBefore(m.In(loc).Date(), p, c)
	if d < MinDate {
		return Moment{}, errTooEarly(m, p)
	}
	if m.IsInstant() {
		at := m.at.In(loc)
		year, month, day := d.utc().Date()
		hour, minute, second := at.Clock()
		return InstantMoment(time.Date(year, month, day, hour, minute, second, at.Nanosecond(), loc)), nil
	}
	return DayMoment(d, loc), nil
}

// daysBefore returns the day that lies p, whole days or longer, before d; one before MinDate when there is none.
func daysBefore(d Date, p Period, c *Calendar) Date {
	switch p.Unit {
	case Day:
		return d.AddDays(-p.N)
	case WorkingDay:
		for n := p.N; n > 0 && d >= MinDate; d-- {
			if c.WorkingDay(d) {
				n--
			}
		}
		return d
	}
	if p.months() > 12*(9999-1900) {
		return MinDate - 1
	}
	return d.AddMonths(-p.months())
}

func errTooEarly(m Moment, p Period) error {
	return fmt.Errorf("%s before %s lies before the year 1900; shorten it", p, m)
}
