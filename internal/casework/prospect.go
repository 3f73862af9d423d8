package casework

import (
	"slices"

	"luoshi/internal/procedure"
)

// Prospect is what a step would bring about if it were taken now, as far as that does not depend on what is written
// with it. The dates are those of the one deadline function.
type Prospect struct {
	State  string    // that it leads to; "" when the matter stays where it stands
	Onward *Rules    // of the procedure in which the matter goes on, of which State is one then; nil: it stays in its own
	Clocks []ClockOp // what happens to clocks, in the order in which it would be recorded
	Told   []string  // who gets a notice, as notices name them, each once
	Party  bool      // the parties see the entry with its content
}

// Prospect looks ahead for one of the lawful steps.
func (f *File) Prospect(st *procedure.Step) (Prospect, error) { return f.ahead(st) }

func (s *Service) prospect(m *Matter, rules *Rules, st *procedure.Step) (Prospect, error) {
	p := Prospect{Party: st.Visible != procedure.VisibleOffice}
	state := m.State
	if st.To != "" && st.To != m.State {
		p.State, state = st.To, st.To
	}
	for _, name := range st.Notices {
		for _, to := range rules.Procedure.Notice(name).To {
			if !slices.Contains(p.Told, to) {
				p.Told = append(p.Told, to)
			}
		}
	}
	now := actTime(s.Now(), m)
	var err error
	if st.Continues != nil {
		if p.Onward = s.Rules(st.Continues.Procedure); p.Onward != nil {
			p.State = p.Onward.Procedure.Open.To
		}
		p.Clocks, err = s.passageClocks(m, st, now)
		return p, err
	}
	p.Clocks, err = rules.clockOps(m.clone(), st.Name, state, now, now, st.Extend)
	if rules.dayToGive(st) { // until it is given there are no dates
		p.Clocks, err = nil, nil
	}
	return p, err
}
