package calendar

import (
	"errors"
	"time"
)

var errTooLate = errors.New("deadline: the period ends after the year 9999; shorten it")

// counter is one computation under way: pos is the last moment counted so far.
type counter struct {
	cal      *Calendar
	loc      *time.Location
	pos      Moment
	deadline Deadline
	trace    *trace // nil when nobody asks why

	few  [4]span // the suspensions, n of them, so that the plain cases stay off the heap
	n    int
	many []span // the suspensions when they are more
}

// suspended takes in the suspensions.
func (c *counter) suspended(given []Span) error {
	if len(given) > len(c.few) {
		many, err := merge(given, c.loc, make([]span, 0, len(given)))
		c.many = many
		return err
	}
	few, err := merge(given, c.loc, c.few[:0])
	c.n = len(few)
	return err
}

// spans returns the suspensions in order; they do not touch each other.
func (c *counter) spans() []span {
	if c.many != nil {
		return c.many
	}
	return c.few[:c.n]
}

// run is the one computation behind Compute and Explain. Nothing in it depends on t, which only records.
func (r *Request) run(t *trace) (Deadline, error) {
	if err := r.check(); err != nil {
		return Deadline{}, err
	}
	loc := r.Location
	if loc == nil {
		loc = r.From.Location()
	}
	c := counter{cal: r.Calendar, loc: loc, trace: t, pos: InstantMoment(r.From.In(loc))}
	if err := c.suspended(r.Suspensions); err != nil {
		return Deadline{}, err
	}
	t.begin(c.pos)
	if r.Until != 0 {
		return c.until(r.Until, r.Roll)
	}
	unit, err := c.legs(r.Period, r.Extensions)
	if err != nil {
		return Deadline{}, err
	}
	if t != nil {
		t.spans = append([]span(nil), c.spans()...) // slices.Clone would move c to the heap
	}
	if c.deadline.Suspended {
		return c.deadline, nil
	}
	if unit == AtOnce {
		c.pos = DayMoment(c.pos.Date(), loc)
	}
	c.deadline.Target, c.deadline.Due = c.pos, c.pos
	if r.Roll == RollYes || r.Roll == RollByUnit && unit != Hour && unit != WorkingDay && unit != AtOnce {
		c.deadline.Due, err = c.roll()
	}
	return c.deadline, err
}

// until ends the count on a day that was set.
func (c *counter) until(day Date, roll Roll) (Deadline, error) {
	c.trace.set(day)
	c.pos = DayMoment(day, c.loc)
	c.deadline.Target, c.deadline.Due = c.pos, c.pos
	var err error
	if roll == RollYes {
		c.deadline.Due, err = c.roll()
	}
	return c.deadline, err
}

// legs counts the period and then each extension from where the count stands. Months and years that follow
// one another are one length: a month extended by a month is two months from the start, so that the last
// day of a short month in between costs nothing. It returns the unit counted last.
func (c *counter) legs(p Period, extensions []Period) (Unit, error) {
	for i := 0; ; {
		unit := p.Unit
		months := p.months()
		c.trace.leg(p, c.pos)
		for months > 0 && i < len(extensions) && extensions[i].months() > 0 {
			months += extensions[i].months()
			c.trace.join(extensions[i])
			i++
		}
		if err := c.advance(p, months); err != nil {
			return unit, err
		}
		if c.deadline.Suspended {
			for _, e := range extensions[i:] {
				c.deadline.Remaining.add(e)
				c.trace.wait(e)
			}
			return unit, nil
		}
		c.trace.reach(c.pos)
		if i == len(extensions) {
			return unit, nil
		}
		p = extensions[i]
		i++
	}
}

// advance counts p, or months when it is not zero, from where the count stands.
func (c *counter) advance(p Period, months int) error {
	from := c.pos.Date()
	switch {
	case months > 12*(9999-1900):
		return errTooLate
	case months > 0:
		nominal := from.AddMonths(months)
		c.trace.nominal(from, nominal)
		return c.days(from, int(nominal-from))
	case p.Unit == Hour:
		return c.hours(p.N)
	case p.Unit == Day:
		return c.days(from, p.N)
	case p.Unit == WorkingDay:
		return c.workingDays(from, p.N)
	}
	return nil // at once
}

// days counts n calendar days after pos, leaving out suspended ones.
func (c *counter) days(pos Date, n int) error {
	spans := c.spans()
	for i := range spans {
		s := &spans[i]
		if s.next <= pos+1 {
			continue
		}
		free := int(s.first - pos - 1)
		if free >= n {
			break
		}
		n -= max(free, 0)
		if s.open {
			c.suspend(Remaining{Days: n})
			return nil
		}
		pos = s.leave(pos)
	}
	return c.endOn(pos + Date(n))
}

// workingDays counts n working days after pos, leaving out suspended ones.
func (c *counter) workingDays(pos Date, n int) error {
	spans := c.spans()
	for n > 0 {
		d := pos + 1
		for len(spans) > 0 && spans[0].next <= d {
			spans = spans[1:]
		}
		if len(spans) > 0 && spans[0].first <= d {
			if spans[0].open {
				c.suspend(Remaining{WorkingDays: n})
				return nil
			}
			pos = spans[0].leave(pos)
			continue
		}
		if d > MaxDate {
			return errTooLate
		}
		if c.working(d) {
			n--
		}
		c.trace.look(d, c.cal)
		pos = d
	}
	return c.endOn(pos)
}

// hours counts n exact hours, leaving out suspended time.
func (c *counter) hours(n int) error {
	pos, left := c.pos.End(), time.Duration(n)*time.Hour
	spans := c.spans()
	for i := range spans {
		s := &spans[i]
		if !s.open && !s.to.After(pos) {
			continue
		}
		free := s.from.Sub(pos)
		if free >= left {
			break
		}
		left -= max(free, 0)
		if s.open {
			c.suspend(Remaining{Time: left})
			return nil
		}
		s.timeOut += s.to.Sub(pos.Add(max(free, 0)))
		pos = s.to
	}
	c.pos = InstantMoment(pos.Add(left).In(c.loc))
	if c.pos.Date() > MaxDate {
		return errTooLate
	}
	return nil
}

// endOn moves the count to d.
func (c *counter) endOn(d Date) error {
	if d > MaxDate {
		return errTooLate
	}
	c.pos = DayMoment(d, c.loc)
	return nil
}

// suspend ends the count inside a suspension that still goes on.
func (c *counter) suspend(left Remaining) {
	c.deadline.Suspended, c.deadline.Remaining = true, left
}

// working looks d up and notes when the calendar does not know the year.
func (c *counter) working(d Date) bool {
	working, known := c.cal.day(d)
	if !known {
		c.deadline.Provisional = true
		c.trace.unknown(d)
	}
	return working
}

// roll returns the target moved to the first working day from it on. It looks at the calendar alone: the
// period has run out at the target and there is nothing left to suspend.
func (c *counter) roll() (Moment, error) {
	target := c.pos.Date()
	d := target
	for ; !c.working(d); d++ {
		if d == MaxDate {
			return Moment{}, errTooLate
		}
	}
	c.trace.roll(target, d)
	switch {
	case d == target:
		return c.pos, nil
	case c.pos.IsInstant():
		year, month, day := d.utc().Date()
		hour, minute, second := c.pos.at.Clock()
		at := time.Date(year, month, day, hour, minute, second, c.pos.at.Nanosecond(), c.loc)
		return InstantMoment(at), nil
	}
	return DayMoment(d, c.loc), nil
}
