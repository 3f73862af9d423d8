package soundness

import (
	"slices"

	"luoshi/internal/procedure"
)

// field is a field whose value guards ask for, or that must be known where the program leads the matter. Index 0
// is: without a value.
type field struct {
	dim
	name   string
	values []any // values[i-1] for index i
	vague  bool  // the values cannot be enumerated: 1 stands for any
}

// values lays out the fields.
func (m *model) values(l *layout, reads map[procedure.GuardUse]procedure.GuardRead) {
	needed := m.neededByProgram()
	for i := range m.p.Fields {
		declared := &m.p.Fields[i]
		r, asked := reads[procedure.GuardUse{Field: declared.Name}]
		if !asked && !needed[declared.Name] {
			continue
		}
		f := field{name: declared.Name}
		f.values, f.vague = domain(declared, r)
		f.dim = l.dim(1 + len(f.values))
		m.fields = append(m.fields, f)
	}
}

// neededByProgram are the fields that a state requires into which a step of the program leads.
func (m *model) neededByProgram() map[string]bool {
	needed := map[string]bool{}
	automatic := map[string]bool{}
	for i := range m.p.Clocks {
		automatic[m.p.Clocks[i].Lapse] = true
	}
	for i := range m.p.Subs {
		automatic[m.p.Subs[i].Done] = true
	}
	for i := range m.p.Steps {
		if s := &m.p.Steps[i]; automatic[s.Name] && s.To != "" {
			for _, name := range m.p.State(s.To).Requires {
				needed[name] = true
			}
		}
	}
	return needed
}

// domain is the values that guards can tell apart. Of choices that are only compared, those that no guard names
// are one.
func domain(f *procedure.Field, r procedure.GuardRead) (values []any, vague bool) {
	switch {
	case !r.Value:
		return []any{example(f)}, false
	case f.Type == "boolean":
		return []any{false, true}, false
	case f.Type != "choice":
		return []any{example(f)}, true
	}
	other := false
	for _, c := range f.Choices {
		if r.Free || slices.Contains(r.Texts, c.Value) || !other {
			values = append(values, c.Value)
			other = other || !slices.Contains(r.Texts, c.Value)
		}
	}
	return values, false
}

// example is some value of the field's type, for guards that ask only whether it has one.
func example(f *procedure.Field) any {
	switch f.Type {
	case "boolean":
		return true
	case "integer", "file": // of files, how many there are
		return int64(1)
	case "number":
		return 1.0
	case "choice":
		return f.Choices[0].Value
	}
	return "x"
}

// facts are what a guard is asked with in a situation.
func (m *model) facts(k *key) *procedure.Facts {
	f := &procedure.Facts{Fields: map[string]any{}, Taken: map[string]int{}, Parties: map[string]int{},
		Extensions: map[string]int{}, Late: map[string]bool{}, Outstanding: map[string]int{},
		Assigned: m.assignee.get(k) > 0, Referred: m.referral.get(k) > 0}
	if len(m.channels) > 0 {
		f.Channel = m.channels[m.channel.get(k)]
	}
	for i := range m.fields {
		if v := m.fields[i].get(k); v > 0 {
			f.Fields[m.fields[i].name] = m.fields[i].values[v-1]
		}
	}
	for i := range m.taken {
		f.Taken[m.taken[i].name] = m.taken[i].get(k)
	}
	for i := range m.parties {
		f.Parties[m.parties[i].name] = m.parties[i].lowest + m.parties[i].get(k)
	}
	for i := range m.clocks {
		f.Extensions[m.clocks[i].Name] = m.clocks[i].extensions.get(k)
		f.Late[m.clocks[i].Name] = m.clocks[i].late.get(k) > 0
	}
	for i := range m.subs {
		f.Outstanding[m.subs[i].Name] = m.subs[i].get(k)
	}
	return f
}
