package calendar

// trace records what a computation did, for people. All its methods do nothing on a nil trace, so the
// computation is written once.
type trace struct {
	start    Moment
	until    Date // the day that was set; zero: a period is counted
	parts    []part
	waiting  []Period // extensions not reached because a suspension goes on
	spans    []span
	rolled   bool // rolling was looked at
	lastDay  Date // the last day before rolling
	movedTo  Date // the last day after rolling
	unknowns int
	unknown1 Date // first day looked at in an unknown year
	unknownN Date // last such day
}

// part is the period or one extension, with the months or years counted together with it.
type part struct {
	period  Period
	joined  []Period // further extensions in months or years
	first   Date     // of a part in months: the day the months run from
	nominal Date     // and the corresponding day; zero for other units
	end     Moment
	off     []run  // listed days off that a count of working days passed over
	makeUp  []Date // make-up working days that it counted
	weekend int    // ordinary weekend days that it passed over
	more    int    // runs and make-up days beyond maxRuns
}

// run is a row of days off with one name.
type run struct {
	first, last Date
	name        mark
}

// maxRuns bounds what an explanation lists; a period of many years would fill pages.
const maxRuns = 24

func (t *trace) begin(start Moment) {
	if t != nil {
		t.start = start
	}
}

// set records the day that was set.
func (t *trace) set(day Date) {
	if t != nil {
		t.until = day
	}
}

// leg opens the part for p.
func (t *trace) leg(p Period, at Moment) {
	if t != nil {
		t.parts = append(t.parts, part{period: p, end: at})
	}
}

// join adds p, months or years, to the part that is open.
func (t *trace) join(p Period) {
	if t != nil {
		last := t.last()
		last.joined = append(last.joined, p)
	}
}

// wait records an extension that the count has not reached.
func (t *trace) wait(p Period) {
	if t != nil {
		t.waiting = append(t.waiting, p)
	}
}

// reach closes the part that is open.
func (t *trace) reach(end Moment) {
	if t != nil {
		t.last().end = end
	}
}

func (t *trace) nominal(first, day Date) {
	if t != nil {
		t.last().first, t.last().nominal = first, day
	}
}

func (t *trace) last() *part { return &t.parts[len(t.parts)-1] }

// look records one day of a count of working days.
func (t *trace) look(d Date, c *Calendar) {
	if t == nil {
		return
	}
	p, m := t.last(), c.at(d)
	switch {
	case m&markOff != 0:
		p.passOver(d, m>>nameShift)
	case c.WorkingDay(d):
		if m&markWork != 0 && isWeekend(d) {
			p.countMakeUp(d)
		}
	default:
		p.weekend++
	}
}

func (p *part) passOver(d Date, name mark) {
	if n := len(p.off); n > 0 && p.off[n-1].last == d-1 && p.off[n-1].name == name {
		p.off[n-1].last = d
		return
	}
	if len(p.off) == maxRuns {
		p.more++
		return
	}
	p.off = append(p.off, run{d, d, name})
}

func (p *part) countMakeUp(d Date) {
	if len(p.makeUp) == maxRuns {
		p.more++
		return
	}
	p.makeUp = append(p.makeUp, d)
}

func (t *trace) roll(target, to Date) {
	if t != nil {
		t.rolled, t.lastDay, t.movedTo = true, target, to
	}
}

func (t *trace) unknown(d Date) {
	if t == nil {
		return
	}
	if t.unknowns == 0 {
		t.unknown1 = d
	}
	t.unknowns++
	t.unknownN = d
}
