package casework

import (
	"maps"
	"slices"
	"strings"

	"luoshi/internal/procedure"
)

// goOn folds a step by which the matter goes on in another procedure: what it was stays in its entries, and what the
// other procedure knows of it is what was taken along and what was asked for. Operations on clocks come in the order:
// those of the old procedure, of which none stays open, then those that start.
func (m *Matter) goOn(a *Act, c *Content) {
	old, by := m.Procedure, a.Continues
	m.Procedure = a.Procedure
	m.Former = append(slices.Clip(m.Former), Pin{Procedure: old, Until: a.Seq, Parties: renamedParties(by.Parties)})
	m.takeAlong(by, a, c)
	m.Taken, m.Marks = nil, nil
	starts := slices.IndexFunc(a.Clocks, func(op ClockOp) bool { return op.Op == "start" })
	if starts < 0 {
		starts = len(a.Clocks)
	}
	for _, op := range a.Clocks[:starts] {
		for i := range m.Clocks {
			if k := &m.Clocks[i]; k.Name == op.Clock && k.Open() && k.Procedure == "" {
				apply(k, op, a.Time)
			}
		}
	}
	for i := range m.Clocks {
		if k := &m.Clocks[i]; k.Procedure == "" {
			k.Procedure = old
		}
	}
	for i := range m.Subs {
		if p := &m.Subs[i]; p.Procedure == "" {
			p.Procedure = old
		}
	}
	m.Unit, m.Referred = a.Unit, nil
	for _, op := range a.Clocks[starts:] {
		m.applyClock(op, a.Time)
	}
}

// takeAlong leaves of fields and parties those that the other procedure has, under their names there, and adds what was
// asked for.
func (m *Matter) takeAlong(by *Passage, a *Act, c *Content) {
	before := maps.Clone(m.Fields)
	if before == nil && len(c.Fields) > 0 {
		before = map[string]any{}
	}
	maps.Copy(before, c.Fields)
	m.Fields = nil
	set := func(name string, v any) {
		if m.Fields == nil {
			m.Fields = map[string]any{}
		}
		m.Fields[name] = v
	}
	for theirs, ours := range by.Fields {
		if v, ok := before[ours]; ok {
			set(theirs, v)
		}
	}
	for name, v := range c.Opening {
		set(name, v)
	}
	n := procedure.Continues{Parties: by.Parties}
	var parties []Party
	for _, p := range m.Parties {
		if role := n.Role(p.Role); role != "" {
			p.Role = role
			parties = append(parties, p)
		}
	}
	m.Parties, m.Roles = append(parties, c.Parties...), a.Parties
}

// renamedParties are the roles that have another name in the other procedure: new names by old ones.
func renamedParties(parties map[string]string) map[string]string {
	var out map[string]string
	for theirs, ours := range parties {
		if theirs != ours {
			if out == nil {
				out = map[string]string{}
			}
			out[ours] = theirs
		}
	}
	return out
}

// Foreign reports whether a clock is one of another procedure than the matter is in now.
func (m *Matter) Foreign(c *Clock) bool {
	return c.Procedure != "" && procedureID(c.Procedure) != procedureID(m.Procedure)
}

// procedureID is the id of an id@version.
func procedureID(key string) string {
	id, _, _ := strings.Cut(key, "@")
	return id
}
