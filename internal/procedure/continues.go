package procedure

import "slices"

// Continues says that a step lets the matter go on in another procedure: the same matter, with its number, its codes
// and its history. From then on it is pinned to the newest published version of that procedure and stands where that
// lets matters begin; the clocks of this procedure stop, and those begin there that begin with a matter.
type Continues struct {
	Procedure string `yaml:"procedure" json:"procedure"` // id; its newest version when the step is taken
	Unit      string `yaml:"unit" json:"unit"`           // as in Opens
	// Fields says from which field of this procedure each of the other's that is asked for at its opening takes its
	// value: theirs by name, ours as value. What is required there and has no value is asked for with the step.
	Fields map[string]string `yaml:"fields" json:"fields,omitempty"`
	// Parties says, by role in the other procedure, which role the party has here. A party that is not named is none
	// there.
	Parties map[string]string `yaml:"parties" json:"parties,omitempty"`
}

// Leaves reports whether the matter leaves the procedure with the step: it ends, or goes on in another one.
func (s *Step) Leaves() bool { return s.Terminal || s.Continues != nil }

// asksPeople reports whether the step asks for something beside fields that only a person can give.
func (s *Step) asksPeople() bool {
	return s.Note == NoteRequired || s.Refer == ReferChoose || s.Assign == AssignChoose ||
		s.Opens != nil && (s.Opens.Unit == OpensAtChosen || s.Opens.Unit == OpensAtSeveral) || s.Continues != nil && s.Continues.Unit == OpensAtChosen
}

// Role is the party's role in the other procedure, "" for one that is none there.
func (c *Continues) Role(ours string) string {
	for theirs, here := range c.Parties {
		if here == ours {
			return theirs
		}
	}
	return ""
}

// AsksToContinue are the fields that a matter still needs to begin in this procedure when it comes from another one:
// those required at the opening that it brings no value for. known tells which it brings.
func (p *Procedure) AsksToContinue(known func(field string) bool) []FieldUse {
	var asks []FieldUse
	for _, u := range p.AsksWhenOpening() {
		if u.Required && !known(u.Name) {
			asks = append(asks, u)
		}
	}
	return asks
}

// LeadsTo are the ids of the procedures of which this one opens matters or in which it goes on, in the order of its text.
func (p *Procedure) LeadsTo() []string {
	var ids []string
	add := func(id string) {
		if !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	for _, sub := range p.Subs {
		add(sub.Procedure)
	}
	for _, st := range p.Steps {
		if st.Continues != nil {
			add(st.Continues.Procedure)
		}
	}
	return ids
}
