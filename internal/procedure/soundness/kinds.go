package soundness

import (
	"fmt"
	"slices"

	"luoshi/internal/procedure"
)

// kindClasses are the kinds of unit that may have the matter; those that hold the same of the roles this
// procedure names are one class.
type kindClasses struct {
	list []kindClass
	of   map[string]int // kind → class
}

type kindClass struct {
	names    []string
	anyRole  bool     // nothing is known about the kind, or about kinds at all
	roles    []string // for a unit of the kind
	superior []string // for a unit above it
}

func (c *kindClass) holds(role string) bool {
	return c.anyRole || slices.Contains(c.roles, role)
}

func (c *kindClass) superiorHolds(role string) bool {
	return c.anyRole || slices.Contains(c.superior, role)
}

// ownerKinds are the kinds of unit that may have the matter, in the order of the text.
func ownerKinds(p *procedure.Procedure) []string {
	kinds := slices.Clone(p.Open.Units)
	for i := range p.Steps {
		kinds = append(kinds, p.Steps[i].ReferKinds...)
	}
	var out []string
	for _, k := range kinds {
		if !slices.Contains(out, k) {
			out = append(out, k)
		}
	}
	return out
}

// classesOf puts the kinds into classes; there is always one.
func classesOf(p *procedure.Procedure, kinds *procedure.Kinds) *kindClasses {
	c := &kindClasses{of: map[string]int{}}
	named := rolesNamed(p)
	for _, name := range ownerKinds(p) {
		class := classOf(named, name, kinds)
		i := slices.IndexFunc(c.list, func(x kindClass) bool {
			return x.anyRole == class.anyRole && slices.Equal(x.roles, class.roles) && slices.Equal(x.superior, class.superior)
		})
		if i < 0 {
			i, c.list = len(c.list), append(c.list, class)
		}
		c.list[i].names = append(c.list[i].names, name)
		c.of[name] = i
	}
	if len(c.list) == 0 {
		c.list = []kindClass{{anyRole: true}}
	}
	return c
}

// classOf is what a kind holds of the named roles; it has no names yet.
func classOf(named []string, kind string, kinds *procedure.Kinds) kindClass {
	if kinds == nil || kinds.Kind(kind) == nil {
		return kindClass{anyRole: true}
	}
	class := kindClass{roles: common(named, kinds.Kind(kind).Roles)}
	for _, up := range kinds.Above(kind) {
		class.superior = append(class.superior, kinds.Kind(up).Roles...)
	}
	class.superior = common(named, class.superior)
	return class
}

// rolesNamed are the roles of staff that the procedure names.
func rolesNamed(p *procedure.Procedure) (roles []string) {
	eachWho(p, func(s *procedure.Step, w procedure.Who) { roles = append(roles, w.Role, s.AssignRole) })
	for _, w := range p.Open.By {
		roles = append(roles, w.Role)
	}
	slices.Sort(roles)
	return slices.DeleteFunc(slices.Compact(roles), func(r string) bool { return r == "" })
}

func common(a, b []string) (out []string) {
	for _, x := range a {
		if slices.Contains(b, x) {
			out = append(out, x)
		}
	}
	return out
}

// classes are those of the kinds, each once.
func (c *kindClasses) classes(kinds []string) (out []int) {
	for _, k := range kinds {
		if i, ok := c.of[k]; ok && !slices.Contains(out, i) {
			out = append(out, i)
		}
	}
	return out
}

// kindsExist checks that the kinds of unit exist.
func (c *checker) kindsExist() {
	if c.o.Kinds == nil {
		return
	}
	check := func(path, kind string) {
		if c.o.Kinds.Kind(kind) == nil {
			c.error(path, ruleKind, nil, say(
				"没有“%[1]s”这种单位。单位种类在单位种类表里登记。",
				"there is no kind of unit %[1]q; the kinds are declared in the file of kinds", kind))
		}
	}
	for i, kind := range c.p.Open.Units {
		check(fmt.Sprintf("open.units[%d]", i), kind)
	}
	for i, kind := range c.p.Open.Issuers {
		check(fmt.Sprintf("open.issuers[%d]", i), kind)
	}
	for i := range c.p.Steps {
		for j, kind := range c.p.Steps[i].ReferKinds {
			check(fmt.Sprintf("steps[%d].refer_kinds[%d]", i, j), kind)
		}
	}
}
