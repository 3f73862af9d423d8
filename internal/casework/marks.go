package casework

import (
	"slices"

	"luoshi/internal/procedure"
)

// Mark is the last step that asked for a field. It holds nothing personal: it is told by the act alone, and stays when
// what was given is erased.
type Mark struct {
	Seq  int    `json:"seq"`
	Step string `json:"step"`
	Time string `json:"time"`
	Was  string `json:"was,omitempty"` // of a day on which a clock ends: the day before it
}

// watched are the fields of which a matter notes when they were last given: of a procedure with a roll-up the progress,
// and the days on which clocks end. A board of thousands of matters says them without reading a history.
func watched(p *procedure.Procedure) []string {
	if p.Rollup == nil {
		return nil
	}
	names := []string{p.Rollup.Progress}
	for i := range p.Clocks {
		if day := p.Clocks[i].Until; day != "" {
			names = append(names, day)
		}
	}
	return names
}

// mark notes which watched fields a step asks for. That follows from the procedure too, so it is done beside the fold,
// before it: p is the procedure by which the step was taken.
func (m *Matter) mark(a *Act, p *procedure.Procedure) {
	if p.Rollup == nil || a.Kind != Stepped || a.Continues != nil {
		return
	}
	st := p.Step(a.Step)
	if st == nil { // audit tells
		return
	}
	for _, name := range watched(p) {
		if !slices.ContainsFunc(st.Fields, func(u procedure.FieldUse) bool { return u.Name == name }) {
			continue
		}
		if m.Marks == nil {
			m.Marks = map[string]Mark{}
		}
		m.Marks[name] = Mark{Seq: a.Seq, Step: a.Step, Time: a.Time, Was: m.dayBefore(p, name)}
	}
}

// dayBefore is the day on which the clock of that field ends until now.
func (m *Matter) dayBefore(p *procedure.Procedure, field string) string {
	for i := range p.Clocks {
		if p.Clocks[i].Until == field {
			if c := m.clock(p.Clocks[i].Name); c != nil {
				return c.Until
			}
		}
	}
	return ""
}

// LastReport is the last report of progress; false when there was none.
func (b *Branch) LastReport() (Mark, bool) {
	if b.Rules.Procedure.Rollup == nil {
		return Mark{}, false
	}
	mark, ok := b.Matter.Marks[b.Rules.Procedure.Rollup.Progress]
	return mark, ok
}

// Slip is a last day that was passed, or that was set anew.
type Slip struct {
	Step     string // by which another day was set; "" when the time ran out
	Clock    string // which clock
	At       string // when that was recorded
	Was, Day string // the day before, and the one that holds; of a time that ran out only Day, which may be a moment
}

// Slips are what happened to the times of the unit that has the matter since a moment, the newest of each kind alone.
func (b *Branch) Slips(since int64) []Slip {
	var slips []Slip
	p := b.Rules.Procedure
	for i := range b.Matter.Clocks {
		c := &b.Matter.Clocks[i]
		if !c.duty() || b.Matter.Foreign(c) {
			continue
		}
		if c.Lapsed != "" && millis(c.Lapsed) > since {
			slips = append(slips, Slip{Clock: c.Name, At: c.Lapsed, Day: c.Due})
		}
		declared := p.Clock(c.Name)
		if declared == nil || declared.Until == "" {
			continue
		}
		if mark, ok := b.Matter.Marks[declared.Until]; ok && millis(mark.Time) > since && mark.Was != c.Until {
			slips = append(slips, Slip{Step: mark.Step, Clock: c.Name, At: mark.Time, Was: mark.Was, Day: c.Until})
		}
	}
	return slips
}
