package procedure

import "slices"

// Asks are the fields that a step asks for when it is taken from a state: its own, in their order, and then those
// that must have a value where it leads and have none yet, which are required. known tells which fields have one.
func (p *Procedure) Asks(step *Step, from string, known func(field string) bool) []FieldUse {
	if step.Continues != nil {
		return step.Fields // what the other procedure asks for it says itself
	}
	to := from
	if step.To != "" {
		to = step.To
	}
	return p.withRequired(step.Fields, to, known)
}

// AsksWhenOpening are the fields that lodging asks for.
func (p *Procedure) AsksWhenOpening() []FieldUse {
	return p.withRequired(p.Open.Fields, p.Open.To, func(string) bool { return false })
}

func (p *Procedure) withRequired(uses []FieldUse, state string, known func(field string) bool) []FieldUse {
	s := p.states[state]
	if s == nil || len(s.Requires) == 0 {
		return uses
	}
	uses = slices.Clone(uses)
	for _, name := range s.Requires {
		if known(name) || p.fields[name] == nil { // an unknown one is a finding of its own
			continue
		}
		if i := slices.IndexFunc(uses, func(u FieldUse) bool { return u.Name == name }); i >= 0 {
			uses[i].Required = true
		} else {
			uses = append(uses, FieldUse{Name: name, Required: true})
		}
	}
	return uses
}
