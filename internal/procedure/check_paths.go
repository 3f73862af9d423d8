package procedure

import (
	"fmt"
	"slices"
)

// Bounds of following all ways through a procedure; beyond them it is refused, never half checked.
const (
	maxClocks     = 64
	maxSituations = 100_000
)

// paths follows every way through the procedure.
func (c *checker) paths() {
	reached := c.reach([]string{c.p.Open.To}, func(s *Step, from string) (string, string) { return from, target(s, from) })
	var ends []string
	for i, s := range c.p.States {
		if s.End {
			ends = append(ends, s.Name)
		}
		if !reached[s.Name] {
			c.at(fmt.Sprintf("states[%d].name", i), ruleUnreachable, "no way leads to the state %q", s.Name)
		}
	}
	leaving := c.reach(ends, func(s *Step, from string) (string, string) { return target(s, from), from })
	for i, s := range c.p.States {
		if reached[s.Name] && !leaving[s.Name] {
			c.at(fmt.Sprintf("states[%d].name", i), ruleNoWayOut, "from the state %q no end can be reached", s.Name)
		}
	}
	c.coverage()
}

// target is where a step taken from a state leads.
func target(s *Step, from string) string {
	if s.To == "" {
		return from
	}
	return s.To
}

// reach returns the states that can be reached from begin along edges that edge reads off a step.
func (c *checker) reach(begin []string, edge func(s *Step, from string) (string, string)) map[string]bool {
	next := map[string][]string{}
	for i := range c.p.Steps {
		for _, from := range c.p.Steps[i].From {
			a, b := edge(&c.p.Steps[i], from)
			next[a] = append(next[a], b)
		}
	}
	reached := map[string]bool{}
	queue := slices.Clone(begin)
	for len(queue) > 0 {
		state := queue[0]
		queue = queue[1:]
		if !reached[state] {
			reached[state] = true
			queue = append(queue, next[state]...)
		}
	}
	return reached
}

// situation is a state together with the set of clocks, by bit, that were started and not stopped.
type situation struct {
	state string
	open  uint64
}

// coverage checks that on every way into a state that is no end some clock is open: running, or suspended
// there. A matter without one could lie for ever and nobody would see that it is late.
func (c *checker) coverage() {
	if len(c.p.Clocks) > maxClocks {
		c.at("clocks", ruleTooLarge, "there are %d clocks, more than %d; split the procedure", len(c.p.Clocks), maxClocks)
		return
	}
	bit := map[*Clock]uint64{}
	for i := range c.p.Clocks {
		bit[&c.p.Clocks[i]] = 1 << i
	}
	after := func(s situation, event, state string) situation {
		for _, k := range c.p.stops[event] {
			s.open &^= bit[k]
		}
		for _, k := range c.p.starts[event] {
			s.open |= bit[k]
		}
		return situation{state, s.open}
	}
	queue := []situation{after(situation{}, EventOpen, c.p.Open.To)}
	seen := map[situation]bool{queue[0]: true}
	bare := map[string]bool{}
	for ; len(queue) > 0; queue = queue[1:] {
		now := queue[0]
		if state := c.p.states[now.state]; !state.End && now.open == 0 {
			bare[now.state] = true
		}
		for _, step := range c.p.stepsFrom[now.state] {
			then := after(now, step.Name, target(step, now.state))
			if !seen[then] {
				seen[then] = true
				queue = append(queue, then)
			}
		}
		if len(seen) > maxSituations {
			c.at("clocks", ruleTooLarge, "states and clocks combine in more than %d ways; split the procedure", maxSituations)
			return
		}
	}
	for i, s := range c.p.States {
		if bare[s.Name] {
			c.at(fmt.Sprintf("states[%d].name", i), ruleNoClock, "a matter can stand at %q with no clock running; start one on every way there", s.Name)
		}
	}
}
