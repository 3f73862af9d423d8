package listing

import (
	"math"

	"luoshi/internal/casework"
)

// spare is how much more is read than was asked for, so that a year by weeks finds what a year by months had read.
const spare = 62 * 24 * 60 * 60 * 1000

// Since is from when on a survey looks at matters that have ended.
func Since(q casework.Survey) int64 {
	if len(q.Periods) == 0 {
		return math.MaxInt64
	}
	return q.Periods[0]
}

// Survey counts, as casework.MatterStore promises, over a board that is Ready from the first period on.
func (b *Board) Survey(q casework.Survey) *casework.Standing {
	b.mu.RLock()
	defer b.mu.RUnlock()
	s := newSurvey(q, b.cards)
	for _, chunk := range b.cards.chunks {
		for i := range chunk {
			s.count(&chunk[i])
		}
	}
	return s.standing()
}

// survey counts by small numbers, which cost no look-up.
type survey struct {
	casework.Survey
	*cards
	areas  names
	area   []int32 // of each unit; -1 when it is not counted
	people []bool  // of each unit

	byArea, byProcedure []casework.Load
	bySeat              map[[2]int32]casework.Load // unit, person
	flow                []casework.Flow
	periods             periods
}

func newSurvey(q casework.Survey, c *cards) *survey {
	s := &survey{Survey: q, cards: c, area: make([]int32, len(c.units.list)), people: make([]bool, len(c.units.list)),
		byProcedure: make([]casework.Load, len(c.procedures.list)), bySeat: map[[2]int32]casework.Load{}, periods: newPeriods(q.Periods)}
	inside := Inside(q.Scope)
	for i, unit := range c.units.list {
		s.area[i] = -1
		if area, counted := q.Area(unit); counted && inside(unit) {
			s.area[i], s.people[i] = s.areas.of(area), q.People(unit)
		}
	}
	s.byArea = make([]casework.Load, len(s.areas.list))
	s.flow = make([]casework.Flow, len(s.periods.starts)) // the last takes up what is in no period
	return s
}

func (s *survey) count(c *card) {
	area := s.area[c.unit]
	if area < 0 {
		return
	}
	if len(s.flow) > 0 {
		s.flow[s.periods.of(c.opened)].Opened++
		if c.ended != 0 {
			s.flow[s.periods.of(c.ended)].Ended++
		}
		if c.late != 0 {
			s.flow[s.periods.of(c.late)].Late++
		}
	}
	if !c.open {
		return
	}
	one := casework.Load{Open: 1}
	if s.Late.Holds(c.due) {
		one.Late = 1
	}
	if s.Today.Holds(c.due) {
		one.Today = 1
	}
	if s.Week.Holds(c.due) {
		one.Week = 1
	}
	if nobody := s.cards.people.list[c.assignee] == ""; nobody {
		one.Unassigned = 1
	} else if s.people[c.unit] {
		seat := [2]int32{c.unit, c.assignee}
		s.bySeat[seat] = s.bySeat[seat].Plus(one)
	}
	s.byArea[area] = s.byArea[area].Plus(one)
	s.byProcedure[c.procedure] = s.byProcedure[c.procedure].Plus(one)
}

func (s *survey) standing() *casework.Standing {
	out := &casework.Standing{Areas: map[string]casework.Load{}, Procedures: map[string]casework.Load{}, People: map[casework.Seat]casework.Load{}}
	for i, l := range s.byArea {
		if l.Open > 0 {
			out.Areas[s.areas.list[i]] = l
		}
	}
	for i, l := range s.byProcedure {
		if l.Open > 0 {
			out.Procedures[s.procedures.list[i]] = l
		}
	}
	for seat, l := range s.bySeat {
		out.People[casework.Seat{Unit: s.units.list[seat[0]], Login: s.cards.people.list[seat[1]]}] = l
	}
	if n := len(s.flow); n > 0 {
		out.Flow = s.flow[:n-1]
	}
	return out
}

// periods finds the period of a moment by the hour.
type periods struct {
	starts []uint32 // seconds; the last is the end
	hours  []uint8  // since the first start: the period in which the hour begins
}

func newPeriods(ms []int64) periods {
	p := periods{starts: make([]uint32, len(ms))}
	for i, at := range ms {
		p.starts[i] = seconds(at)
	}
	if len(p.starts) < 2 {
		return p
	}
	period := 0
	for at := p.starts[0]; at < p.starts[len(ms)-1]; at += 3600 {
		for at >= p.starts[period+1] {
			period++
		}
		p.hours = append(p.hours, uint8(period))
	}
	return p
}

// of is the number of the period, or that of the last start when the moment is in none.
func (p *periods) of(at uint32) int {
	last := len(p.starts) - 1
	if at < p.starts[0] || at >= p.starts[last] {
		return last
	}
	i := int(p.hours[(at-p.starts[0])/3600])
	for at >= p.starts[i+1] { // a period that begins within the hour
		i++
	}
	return i
}
