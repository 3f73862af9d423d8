package casework

import (
	"cmp"
	"slices"

	"luoshi/internal/procedure"
)

// Pin says by which version of which procedure a matter ran, and up to which entry.
type Pin struct {
	Procedure string            `json:"procedure"`         // id@version
	Until     int               `json:"until"`             // seq of the last entry under it
	Parties   map[string]string `json:"parties,omitempty"` // the roles that had another name under it: new names by old ones
}

// Migration is what an act says of a matter's way from one version of its procedure to another. It is the same
// in every matter of one migration, and names nothing that is personal. Members stand in the order of their
// JSON names.
type Migration struct {
	Dropped  []string          `json:"dropped,omitempty"` // fields that the matter no longer shows
	Fields   map[string]string `json:"fields,omitempty"`  // new names by old ones
	From     string            `json:"from"`              // id@version
	FromHash string            `json:"from_sha256"`       // of its text
	Map      string            `json:"map_sha256,omitempty"`
	Parties  map[string]string `json:"parties,omitempty"`
	Reason   procedure.Text    `json:"reason"`
	Steps    map[string]string `json:"steps,omitempty"`
}

// RulesAt is the version, id@version, by which an entry was recorded. A migration belongs to the new one, a step
// that continues in another procedure to the one that declares it.
func (m *Matter) RulesAt(seq int) string {
	for _, p := range m.Former {
		if seq <= p.Until {
			return p.Procedure
		}
	}
	return m.Procedure
}

// RoleAt is what a party's role of now was called when an entry was recorded.
func (m *Matter) RoleAt(seq int, role string) string {
	for _, p := range slices.Backward(m.Former) {
		if seq > p.Until {
			break
		}
		for old, now := range p.Parties {
			if now == role {
				role = old
				break
			}
		}
	}
	return role
}

// RulesOf is the version, id@version, by which one of the matter's clocks runs, or ran until it stopped.
func (m *Matter) RulesOf(c *Clock) string { return cmp.Or(c.Procedure, m.Procedure) }

// migrate folds what a migration changes: the pin, names, and the clocks, of which those that have stopped stay
// with the version they ran by. Operations name clocks as the old version does where they stop or carry them on,
// and as the new one where they follow on that.
func (m *Matter) migrate(a *Act) {
	old := m.Procedure
	pin := Pin{Procedure: old, Until: a.Seq - 1}
	m.Procedure = a.Procedure
	if a.Migration != nil {
		m.rename(a.Migration)
		pin.Parties = a.Migration.Parties
	}
	m.Former = append(slices.Clip(m.Former), pin)
	carried := map[string]bool{}
	for i := range m.Clocks {
		c := &m.Clocks[i]
		was := c.Name
		for _, op := range a.Clocks {
			if op.Clock == was && c.Open() && (op.Op == "stop" || op.Op == "carry") {
				apply(c, op, a.Time)
				break
			}
		}
		if c.Open() {
			carried[c.Name] = true
		} else {
			c.Procedure = cmp.Or(c.Procedure, old)
		}
	}
	m.Clocks = slices.DeleteFunc(m.Clocks, func(c Clock) bool { return !c.Open() && carried[c.Name] && !m.Foreign(&c) })
	for _, op := range a.Clocks {
		if op.Op != "stop" && op.Op != "carry" {
			m.applyClock(op, a.Time)
		}
	}
}

// rename gives fields, parties and steps that were taken their new names.
func (m *Matter) rename(by *Migration) {
	fields := make(map[string]any, len(m.Fields))
	for name, v := range m.Fields {
		if !slices.Contains(by.Dropped, name) {
			fields[cmp.Or(by.Fields[name], name)] = v
		}
	}
	if m.Fields != nil {
		m.Fields = fields
	}
	m.Parties = slices.Clone(m.Parties) // they are shared with the entry that named them
	if m.Taken != nil {
		taken := make(map[string]int, len(m.Taken))
		for step, n := range m.Taken {
			taken[cmp.Or(by.Steps[step], step)] += n
		}
		m.Taken = taken
	}
	for i := range m.Parties {
		m.Parties[i].Role = cmp.Or(by.Parties[m.Parties[i].Role], m.Parties[i].Role)
	}
}

// RulesAt are the rules by which an entry was recorded: those in force then.
func (f *File) RulesAt(seq int) *Rules { return f.rulesBy(f.Matter.RulesAt(seq)) }

// RulesAfter are the rules by which the matter stood after an entry.
func (f *File) RulesAfter(e *Entry) *Rules {
	if e.Act.Continues != nil {
		return f.rulesBy(e.Act.Procedure)
	}
	return f.RulesAt(e.Act.Seq)
}

// RulesOfPart are the rules by which the i-th sub-matter was opened.
func (f *File) RulesOfPart(i int) *Rules { return f.rulesBy(f.Matter.Subs[i].Procedure) }

// RulesOf are the rules by which one of the matter's clocks runs, or ran until it stopped.
func (f *File) RulesOf(c *Clock) *Rules { return f.rulesBy(f.Matter.RulesOf(c)) }

// viewerAt is the reader under the name that the role of a party had when an entry was recorded.
func (f *File) viewerAt(seq int) procedure.Viewer {
	v := f.Viewer
	v.Party = f.Matter.RoleAt(seq, v.Party)
	return v
}

func (f *File) rulesBy(key string) *Rules {
	if r := f.former[key]; r != nil {
		return r
	}
	return f.Rules
}

// formerRules are the rules of the versions that the matter ran by before.
func (s *Service) formerRules(m *Matter) map[string]*Rules {
	if len(m.Former) == 0 {
		return nil
	}
	former := make(map[string]*Rules, len(m.Former))
	for _, p := range m.Former {
		former[p.Procedure] = s.Rules(p.Procedure)
	}
	return former
}
