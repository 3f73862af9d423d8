package soundness

import (
	"slices"

	"luoshi/internal/procedure"
)

// clock is a declared clock. That it is open is its bit in the first word of a key; whether it runs or stands
// still follows from the state.
type clock struct {
	*procedure.Clock
	late       dim // its lapse was recorded in the present run
	extensions dim // of the present run
	keepLate   bool
	keepCount  bool
	least      int // extensions that every rule allows
	most       int // extensions that some rule allows
}

// timing lays out the clocks: lateness where a lapse leads somewhere or a guard asks for it, extensions where a
// step that extends does more, or a guard asks for them.
func (m *model) timing(l *layout, reads map[procedure.GuardUse]procedure.GuardRead) {
	for i := range m.p.Clocks {
		c := clock{Clock: &m.p.Clocks[i], late: dim{size: 1}, extensions: dim{size: 1}}
		_, c.keepLate = reads[procedure.GuardUse{Function: "late", Argument: c.Name}]
		_, c.keepCount = reads[procedure.GuardUse{Function: "extensions", Argument: c.Name}]
		if c.Lapse != "" || c.keepLate {
			c.late = l.dim(2)
		}
		if c.Lapse != "" {
			m.lapsing |= 1 << i
		}
		if c.Responsible != procedure.ResponsibleParty {
			m.ofOwner |= 1 << i
		}
		c.least = 1 << 30
		for _, r := range c.Rules {
			n := 0
			if r.Extension != nil {
				n = r.Extension.Max
			}
			c.least, c.most = min(c.least, n), max(c.most, n)
		}
		// Extending a clock that is late lets it run once more, which is something else where lateness is told apart.
		moves := m.extensionMoves(c.Name, c.late.size > 1)
		if c.most > 0 && (c.keepCount || moves) {
			c.extensions = l.dim(min(c.most, mostCounted) + 1)
		}
		if c.Lapse == "" && !c.keepLate && !c.keepCount && !moves {
			m.passive |= 1 << i
		}
		m.clocks = append(m.clocks, c)
	}
}

// extensionMoves tells whether a step that extends the clock does anything else that is told apart; late, whether
// its lateness is.
func (m *model) extensionMoves(name string, late bool) bool {
	return slices.ContainsFunc(m.p.Steps, func(s procedure.Step) bool { return s.Extend == name && (late || !m.onlyExtends(&s)) })
}

// onlyExtends tells whether the step extends a clock and changes nothing else that is told apart.
func (m *model) onlyExtends(s *procedure.Step) bool {
	return s.Extend != "" && s.To == "" && s.Opens == nil && len(s.Tells) == 0 && s.Refer == "" && s.Assign == "" &&
		len(m.p.ClocksStartedBy(s.Name)) == 0 && len(m.p.ClocksStoppedBy(s.Name)) == 0 && len(m.settings(s.Fields)) == 0 &&
		!slices.ContainsFunc(m.taken, func(c counted) bool { return c.name == s.Name })
}

// sub is a kind of sub-matter with how many are outstanding: exactly, where few are allowed, otherwise none, one
// or many.
type sub struct {
	*procedure.Sub
	dim
	exact bool
	done  int // step; -1: none
}

func (m *model) outstanding(l *layout, reads map[procedure.GuardUse]procedure.GuardRead) {
	for i := range m.p.Subs {
		s := sub{Sub: &m.p.Subs[i], done: -1}
		top, ok := topOf(reads[procedure.GuardUse{Function: "outstanding", Argument: s.Name}])
		switch s.exact = s.Max > 0 && s.Max <= 3; {
		case s.exact:
			top = s.Max
		case !ok || top < 2:
			top = 2
		}
		s.dim = l.dim(top + 1)
		for j := range m.p.Steps {
			if m.p.Steps[j].Name == s.Done {
				s.done = j
			}
		}
		m.subs = append(m.subs, s)
	}
}
