package diagram

import (
	"slices"

	"luoshi/internal/procedure"
)

// arrow is one event that moves a matter: a step taken, a clock lapsed, or the last sub-matter ended. All of
// from lie on the same side of to.
type arrow struct {
	event string // as in procedure.Move
	step  *procedure.Step
	clock *procedure.Clock // that lapses; nil: no lapse
	sub   *procedure.Sub   // that ended; nil: none
	from  []string
	to    string
	back  bool // leads to a state that comes before
	stays bool // the state remains
}

// system tells whether the system alone makes the move.
func (a *arrow) system() bool { return a.clock != nil || a.sub != nil || systemOnly(a.step) }

func systemOnly(s *procedure.Step) bool {
	return !slices.ContainsFunc(s.By, func(w procedure.Who) bool { return w.Relation != procedure.RelationSystem })
}

// arrows are all moves of the procedure in declared order, each step split into those that stay, those that
// lead on and those that lead back.
func arrows(p *procedure.Procedure, runs map[*procedure.Clock]map[string]bool) []arrow {
	sides := sidesOf(p)
	var all []arrow
	add := func(a arrow, from []string) {
		var parts [3][]string
		for _, f := range from {
			parts[sides(f, target(a.step, f))] = append(parts[sides(f, target(a.step, f))], f)
		}
		for side, from := range parts {
			if len(from) == 0 {
				continue
			}
			part := a
			part.from, part.to, part.back, part.stays = from, target(a.step, from[0]), side == backward, side == staying
			all = append(all, part)
		}
	}
	automatic := map[string][]arrow{} // by step
	for i := range p.Clocks {
		if c := &p.Clocks[i]; p.Step(c.Lapse) != nil {
			automatic[c.Lapse] = append(automatic[c.Lapse], arrow{event: "lapse " + c.Name, clock: c, step: p.Step(c.Lapse)})
		}
	}
	for i := range p.Subs {
		if s := &p.Subs[i]; p.Step(s.Done) != nil {
			automatic[s.Done] = append(automatic[s.Done], arrow{event: "ended " + s.Name, sub: s, step: p.Step(s.Done)})
		}
	}
	for i := range p.Steps {
		s := &p.Steps[i]
		left := slices.Clone(s.From)
		for _, a := range automatic[s.Name] {
			from := s.From
			if a.clock != nil {
				from = slices.DeleteFunc(slices.Clone(from), func(f string) bool { return !runs[a.clock][f] || p.Suspended(a.clock, f) })
			}
			add(a, from)
			if systemOnly(s) {
				left = slices.DeleteFunc(left, func(f string) bool { return slices.Contains(from, f) })
			}
		}
		add(arrow{event: s.Name, step: s}, left)
	}
	return all
}

// target is where a step taken from a state leads.
func target(s *procedure.Step, from string) string {
	if s.To == "" {
		return from
	}
	return s.To
}

// stepsFrom lists the steps by the states they can be taken from, in declared order.
func stepsFrom(p *procedure.Procedure) map[string][]*procedure.Step {
	next := map[string][]*procedure.Step{}
	for i := range p.Steps {
		for _, f := range p.Steps[i].From {
			next[f] = append(next[f], &p.Steps[i])
		}
	}
	return next
}

// The sides a move can lead to.
const (
	staying = iota
	onward
	backward
)

// sidesOf walks the states depth first from the opening, in declared order. A move to a state that lies on the
// way walked so far leads back; without these the procedure has no circle, so its states can be put in layers.
func sidesOf(p *procedure.Procedure) func(from, to string) int {
	const (
		open = 1 + iota
		closed
	)
	mark := map[string]int{}
	back := map[[2]string]bool{}
	next := stepsFrom(p)
	var walk func(state string)
	walk = func(state string) {
		mark[state] = open
		for _, s := range next[state] {
			to := target(s, state)
			switch mark[to] {
			case open:
				back[[2]string{state, to}] = true
			case 0:
				walk(to)
			}
		}
		mark[state] = closed
	}
	walk(p.Open.To)
	for i := range p.States {
		if mark[p.States[i].Name] == 0 {
			walk(p.States[i].Name)
		}
	}
	return func(from, to string) int {
		switch {
		case from == to:
			return staying
		case back[[2]string{from, to}]:
			return backward
		}
		return onward
	}
}

// running tells by clock in which states it can be open.
func running(p *procedure.Procedure) map[*procedure.Clock]map[string]bool {
	all := map[*procedure.Clock]map[string]bool{}
	for i := range p.Clocks {
		all[&p.Clocks[i]] = runsIn(p, &p.Clocks[i])
	}
	return all
}

// runsIn are the states in which a clock can be open, running or suspended, on some way; conditions of steps are
// not looked at. The office's clocks stop at an end.
func runsIn(p *procedure.Procedure, c *procedure.Clock) map[string]bool {
	type situation struct {
		state string
		open  bool
	}
	after := func(s situation, event, to string) situation {
		open := s.open && !slices.Contains(c.Stops, event) || slices.Contains(c.Starts, event)
		st := p.State(to)
		if st != nil && st.End && c.Responsible != procedure.ResponsibleParty || event == c.Lapse && systemOnly(p.Step(event)) {
			open = false
		}
		return situation{to, open}
	}
	next := stepsFrom(p)
	queue := []situation{after(situation{}, procedure.EventOpen, p.Open.To)}
	seen := map[situation]bool{queue[0]: true}
	runs := map[string]bool{}
	for ; len(queue) > 0; queue = queue[1:] {
		now := queue[0]
		if now.open {
			runs[now.state] = true
		}
		for _, s := range next[now.state] {
			if then := after(now, s.Name, target(s, now.state)); !seen[then] {
				seen[then] = true
				queue = append(queue, then)
			}
		}
	}
	return runs
}
