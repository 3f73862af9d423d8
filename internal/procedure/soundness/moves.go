package soundness

import (
	"slices"

	"luoshi/internal/procedure"
)

// move is one event and the situation after it.
type move struct {
	to    key
	event int32
	how
}

// how a move comes about.
type how struct {
	sure     bool // no undecided guard is needed
	certain  bool // somebody who must exist does it, or the program
	acts     bool // it is an act, not only a record that time ran out
	takes    bool // the step of the event is taken
	assigned bool // only the assigned person does it
}

// events number what can happen: opening, steps, lapses, ends of sub-matters.
func (m *model) eventStep(i int) int32  { return int32(1 + i) }
func (m *model) eventLapse(i int) int32 { return int32(1 + len(m.steps) + i) }
func (m *model) eventEnded(i int) int32 { return int32(1 + len(m.steps) + len(m.clocks) + i) }

func (m *model) eventName(e int32) string {
	switch i := int(e) - 1; {
	case i < 0:
		return procedure.EventOpen
	case i < len(m.steps):
		return m.steps[i].Name
	case i < len(m.steps)+len(m.clocks):
		return "lapse " + m.clocks[i-len(m.steps)].Name
	default:
		return "ended " + m.subs[i-len(m.steps)-len(m.clocks)].Name
	}
}

// guardOf is the guard that decides over an event: that of the step, or of the step taken at a lapse or an end of
// sub-matters; -1 for none.
func (m *model) stepOf(e int32) int {
	switch i := int(e) - 1; {
	case i < 0:
		return -1
	case i < len(m.steps):
		return i
	case i < len(m.steps)+len(m.clocks):
		return m.stepNamed(m.clocks[i-len(m.steps)].Lapse)
	default:
		return m.subs[i-len(m.steps)-len(m.clocks)].done
	}
}

func (m *model) stepNamed(name string) int {
	return slices.IndexFunc(m.steps, func(s step) bool { return s.Name == name })
}

// opening are the situations in which a matter can begin.
func (m *model) opening() []key {
	var k key
	at := slices.IndexFunc(m.p.States, func(s procedure.State) bool { return s.Name == m.p.Open.To })
	m.state.set(&k, at)
	for i := range m.clocks {
		if slices.Contains(m.clocks[i].Starts, procedure.EventOpen) {
			k[0] |= 1 << i
		}
	}
	all := m.given([]key{k}, m.settings(m.p.Open.Fields), m.p.Open.To, false)
	all = m.spread(all, m.owner, m.kinds.classes(m.p.Open.Units))
	all = m.spread(all, m.channel, upTo(m.channel.size))
	for i := range m.parties {
		all = m.spread(all, m.parties[i].dim, upTo(m.parties[i].size))
	}
	return all
}

func upTo(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}

// spread makes of each situation one for each of the values.
func (m *model) spread(all []key, d dim, values []int) []key {
	switch {
	case d.size < 2 || len(values) == 0:
		return all
	case m.tooMany(len(all) * len(values)):
		return nil
	}
	out := make([]key, 0, len(all)*len(values))
	for _, k := range all {
		for _, v := range values {
			d.set(&k, v)
			out = append(out, k)
		}
	}
	return out
}

// tooMany notes when one step leads to more situations than are walked.
func (m *model) tooMany(n int) bool {
	m.over = m.over || n > m.most
	return m.over
}

// given spreads over the values that fields can have after they were asked for: any when required, any or what it
// was when not. What the state requires has a value then. The program gives nothing.
func (m *model) given(all []key, sets []setting, state string, program bool) []key {
	if program {
		return all
	}
	for _, s := range sets {
		var out []key
		d := m.fields[s.field].dim
		if m.tooMany(len(all) * d.size) {
			return nil
		}
		for _, k := range all {
			if !s.required {
				out = append(out, k)
			}
			for v := 1; v < d.size; v++ {
				if s.required || v != d.get(&k) {
					set := k
					d.set(&set, v)
					out = append(out, set)
				}
			}
		}
		all = out
	}
	for _, name := range m.p.State(state).Requires {
		i := m.fieldIndex(name)
		if i < 0 {
			continue
		}
		d := m.fields[i].dim
		var out []key
		for _, k := range all {
			if d.get(&k) > 0 {
				out = append(out, k)
				continue
			}
			out = append(out, m.spread([]key{k}, d, upTo(d.size)[1:])...)
		}
		all = out
	}
	return all
}

// after are the situations after a lawful step; label is to whom the matter is assigned if the actor takes it on.
func (m *model) after(k key, s *step, label int, program bool) []key {
	if s.Continues != nil {
		var gone key
		m.state.set(&gone, m.beyond())
		return []key{gone}
	}
	from := m.state.get(&k)
	to := from
	if s.to >= 0 {
		to = s.to
		m.state.set(&k, to)
	}
	m.runClocks(&k, s, from, to)
	if s.taken >= 0 {
		if t := &m.taken[s.taken]; t.get(&k) < t.size-1 {
			t.set(&k, t.get(&k)+1)
		}
	}
	var all []key
	for _, k := range m.told(k, s) {
		all = append(all, m.opened(k, s)...)
	}
	all = m.given(all, s.sets, m.p.States[to].Name, program)
	all = m.referred(all, s)
	if v, ok := m.assignment(s, label); ok {
		for i := range all {
			m.assignee.set(&all[i], v)
		}
	}
	return all
}

// opened are the situations after the sub-matters of a step were opened: one, or as many as there may be.
func (m *model) opened(k key, s *step) []key {
	if s.opens < 0 {
		return []key{k}
	}
	b := &m.subs[s.opens]
	first := min(b.get(&k)+1, b.size-1)
	if s.Opens.Unit != procedure.OpensAtSeveral {
		b.set(&k, first)
		return []key{k}
	}
	return m.spread([]key{k}, b.dim, upTo(b.size)[first:])
}

// runClocks does what casework does to the clocks of a matter.
func (m *model) runClocks(k *key, s *step, from, to int) {
	end := m.ends[to]
	closed := s.stops | s.starts
	if end {
		closed |= m.ofOwner
	}
	started := s.starts
	if end {
		started &^= m.ofOwner
	}
	was := k[0]
	k[0] = was&^closed | started
	for i := range m.clocks {
		c, bit := &m.clocks[i], uint64(1)<<i
		switch {
		case started&bit != 0:
			c.late.set(k, 0)
			c.extensions.set(k, 0)
		case closed&bit != 0 && was&bit != 0:
			if !c.keepLate {
				c.late.set(k, 0)
			}
			if !c.keepCount {
				c.extensions.set(k, 0)
			}
		case was&bit != 0:
			if s.extends == i {
				c.late.set(k, 0)
				if n := c.extensions.get(k); n < c.extensions.size-1 {
					c.extensions.set(k, n+1)
				}
			}
			if m.suspended[from]&bit != 0 && m.suspended[to]&bit == 0 {
				c.late.set(k, 0)
			}
		}
	}
}

// referred spreads over the units that a referral can go to.
func (m *model) referred(all []key, s *step) []key {
	switch s.Refer {
	case procedure.ReferChoose:
		kinds := s.ReferKinds
		if len(kinds) == 0 {
			kinds = m.p.Open.Units
		}
		for i := range all {
			k := &all[i]
			m.referrer.set(k, m.owner.get(k))
			m.referral.set(k, min(m.referral.get(k)+1, m.referral.size-1))
			m.assignee.set(k, 0)
		}
		return m.spread(all, m.owner, m.kinds.classes(kinds))
	case procedure.ReferBack:
		var out []key
		for _, k := range all {
			m.assignee.set(&k, 0)
			m.owner.set(&k, m.referrer.get(&k))
			m.referrer.set(&k, 0)
			if m.referral.get(&k) < 2 {
				m.referral.set(&k, 0)
				out = append(out, k)
				continue
			}
			// Of several units in a row the kinds are not remembered, only that there was one before.
			for _, left := range []int{1, 2} {
				m.referral.set(&k, left)
				out = append(out, m.spread([]key{k}, m.referrer, upTo(m.referrer.size))...)
			}
		}
		return out
	}
	return all
}

// assignment is to whom the step assigns the matter; false: unchanged.
func (m *model) assignment(s *step, label int) (int, bool) {
	switch s.Assign {
	case procedure.AssignNone:
		return 0, true
	case procedure.AssignChoose:
		return m.label(s.AssignRole), true
	case procedure.AssignActor:
		return label, label >= 0
	}
	return 0, false
}
