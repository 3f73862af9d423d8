package soundness

import (
	"slices"

	"luoshi/internal/procedure"
)

// guard is a condition with the dimensions it depends on. It is evaluated once for each of their values.
type guard struct {
	*procedure.Guard
	m       *model
	mask    key
	unknown []procedure.GuardUse // what cannot be enumerated
	vague   []int                // fields that are unknown when they have a value
	known   map[key]procedure.Outcome
}

func (m *model) newGuard(declared *procedure.Guard, reads map[procedure.GuardUse]procedure.GuardRead) *guard {
	g := &guard{Guard: declared, m: m, known: map[key]procedure.Outcome{}}
	for _, r := range declared.Reads() {
		d, enumerated := m.dimOf(r.GuardUse, reads[r.GuardUse])
		for _, d := range d {
			if d.size > 1 {
				g.mask[d.word] |= d.mask() << d.shift
			}
		}
		if i := m.fieldIndex(r.Field); i >= 0 && m.fields[i].vague && r.Value {
			g.vague = append(g.vague, i)
		} else if !enumerated {
			g.unknown = append(g.unknown, r.GuardUse)
		}
	}
	return g
}

func (m *model) fieldIndex(name string) int {
	return slices.IndexFunc(m.fields, func(f field) bool { return f.name == name && name != "" })
}

// dimOf finds the dimension of what a guard asks; false if its values cannot be enumerated.
func (m *model) dimOf(u procedure.GuardUse, r procedure.GuardRead) ([]dim, bool) {
	named := func(list []counted) ([]dim, bool) {
		if i := slices.IndexFunc(list, func(c counted) bool { return c.name == u.Argument }); i >= 0 {
			_, ok := topOf(r)
			return []dim{list[i].dim}, ok || list[i].exact
		}
		return nil, false
	}
	switch u.Function {
	case "":
		if i := m.fieldIndex(u.Field); i >= 0 {
			return []dim{m.fields[i].dim}, true
		}
	case "channel":
		return []dim{m.channel}, true
	case "assigned":
		return []dim{m.assignee}, true
	case "referred":
		return []dim{m.referral}, true
	case "taken":
		return named(m.taken)
	case "parties":
		return named(m.parties)
	case "late", "extensions":
		for i := range m.clocks {
			if c := &m.clocks[i]; c.Name == u.Argument {
				return []dim{c.late, c.extensions}, u.Function == "late" || c.most <= mostCounted
			}
		}
	case "outstanding":
		for i := range m.subs {
			if s := &m.subs[i]; s.Name == u.Argument {
				_, ok := topOf(r)
				return []dim{s.dim}, ok || s.exact
			}
		}
	}
	return nil, false
}

// holds evaluates the guard in a situation.
func (g *guard) holds(k *key) procedure.Outcome {
	seen := *k
	for i := range seen {
		seen[i] &= g.mask[i]
	}
	if o, ok := g.known[seen]; ok {
		return o
	}
	unknown := slices.Clone(g.unknown)
	for _, i := range g.vague {
		if g.m.fields[i].get(k) > 0 {
			unknown = append(unknown, procedure.GuardUse{Field: g.m.fields[i].name})
		}
	}
	o := g.Weigh(g.m.facts(k), unknown)
	g.known[seen] = o
	return o
}

// asks are the things it asks whose values cannot be enumerated, as they stand in the expression.
func (g *guard) asks() (out []string) {
	for _, i := range g.vague {
		out = append(out, "fields."+g.m.fields[i].name)
	}
	for _, u := range g.unknown {
		text := "matter." + u.Function + "()"
		if u.Argument != "" {
			text = "matter." + u.Function + "(\"" + u.Argument + "\")"
		}
		out = append(out, text)
	}
	return out
}
