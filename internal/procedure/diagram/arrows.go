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
func (a *arrow) system() bool { return a.clock != nil || a.sub != nil || a.step.BySystemOnly() }

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
			if s.BySystemOnly() {
				left = slices.DeleteFunc(left, func(f string) bool { return slices.Contains(from, f) })
			}
		}
		add(arrow{event: s.Name, step: s}, left)
	}
	return all
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
	var walk func(state string)
	walk = func(state string) {
		mark[state] = open
		for _, s := range p.From(state) {
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

// target is where a step leads: a state, or beyond the procedure.
func target(s *procedure.Step, from string) string {
	if s.Continues != nil {
		return "goes-on-" + s.Continues.Procedure
	}
	return s.Target(from)
}

// statesOf are the states with, after them, an end for each procedure in which matters go on.
func statesOf(p *procedure.Procedure) []procedure.State {
	states := slices.Clone(p.States)
	for i := range p.Steps {
		s := &p.Steps[i]
		if s.Continues == nil || slices.ContainsFunc(states, func(x procedure.State) bool { return x.Name == target(s, "") }) {
			continue
		}
		states = append(states, procedure.State{Name: target(s, ""), End: true, Title: procedure.Text{
			"zh": say("zh", "goes-on", s.Continues.Procedure), "en": say("en", "goes-on", s.Continues.Procedure)}})
	}
	return states
}
