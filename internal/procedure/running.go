package procedure

import "slices"

// Running tells for every clock in which states it can be open, running or suspended, on some way from the
// opening. Conditions of steps are left aside, so it can be more than really happens and never less. Clocks of the
// office stop at an end.
func (p *Procedure) Running() map[*Clock]map[string]bool {
	all := make(map[*Clock]map[string]bool, len(p.Clocks))
	for i := range p.Clocks {
		all[&p.Clocks[i]] = p.runs(&p.Clocks[i])
	}
	return all
}

func (p *Procedure) runs(c *Clock) map[string]bool {
	type situation struct {
		state string
		open  bool
	}
	after := func(s situation, event, to string) situation {
		open := s.open && !slices.Contains(c.Stops, event) || slices.Contains(c.Starts, event)
		if st := p.states[to]; st != nil && st.End && c.Responsible != ResponsibleParty {
			open = false
		}
		if event == c.Lapse && p.steps[event].BySystemOnly() {
			open = false // it has lapsed
		}
		return situation{to, open}
	}
	queue := []situation{after(situation{}, EventOpen, p.Open.To)}
	seen := map[situation]bool{queue[0]: true}
	runs := map[string]bool{}
	for ; len(queue) > 0; queue = queue[1:] {
		now := queue[0]
		if now.open {
			runs[now.state] = true
		}
		for _, s := range p.stepsFrom[now.state] {
			if s.Continues != nil {
				continue // all clocks stop
			}
			if then := after(now, s.Name, s.Target(now.state)); !seen[then] {
				seen[then] = true
				queue = append(queue, then)
			}
		}
	}
	return runs
}

// BySystemOnly tells whether nobody but the system can take the step.
func (s *Step) BySystemOnly() bool {
	return !slices.ContainsFunc(s.By, func(w Who) bool { return w.Relation != RelationSystem })
}

// From returns the steps that can be taken where a matter stands at state, in declared order.
func (p *Procedure) From(state string) []*Step { return p.stepsFrom[state] }

// Target is the state to which the step leads from a state. A step by which the matter goes on in another procedure has
// none here and gives the state it is taken from.
func (s *Step) Target(from string) string {
	if s.To == "" {
		return from
	}
	return s.To
}
