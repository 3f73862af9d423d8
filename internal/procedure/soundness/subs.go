package soundness

import (
	"fmt"
	"maps"
	"slices"

	"luoshi/internal/procedure"
)

// subMatters checks sub-matters against the procedures they are of.
func (c *checker) subMatters() {
	for i := range c.p.Subs {
		s := &c.p.Subs[i]
		path := fmt.Sprintf("subs[%d].procedure", i)
		if c.o.Find == nil {
			c.warn(path, ruleUnknownSub, nil, say(
				"没有看到规程“%[1]s”，所以没有证明这种子事项会办完", "the procedure %[1]q was not looked at, so it is not proved that such a sub-matter ends", s.Procedure))
			continue
		}
		q := c.p
		if s.Procedure != c.p.ID {
			q = c.o.Find(s.Procedure)
		}
		if q == nil {
			c.error(path, ruleUnknownSub, nil, say("没有规程“%[1]s”", "there is no procedure %[1]q", s.Procedure))
			continue
		}
		for j := range c.p.Steps {
			if o := c.p.Steps[j].Opens; o != nil && o.Sub == s.Name {
				c.subOpening(fmt.Sprintf("steps[%d].opens", j), o, q)
			}
			for n := range c.p.Steps[j].Tells {
				if t := &c.p.Steps[j].Tells[n]; t.Sub == s.Name {
					c.telling(fmt.Sprintf("steps[%d].tells[%d]", j, n), s, t, q)
				}
			}
		}
	}
}

// subOpening checks that a step gives a sub-matter all that its procedure asks for when a matter begins.
func (c *checker) subOpening(path string, o *procedure.Opens, q *procedure.Procedure) {
	fail := func(at, zh, en string, args ...any) { c.error(at, ruleSubOpening, nil, say(zh, en, args...)) }
	required := slices.Clone(q.State(q.Open.To).Requires)
	for _, u := range q.Open.Fields {
		if u.Required {
			required = append(required, u.Name)
		}
	}
	slices.Sort(required)
	for _, name := range slices.Compact(required) {
		if o.Fields[name] == "" {
			fail(path, "规程“%[1]s”登记时要填写“%[2]s”，这里没有给", "the procedure %[1]q asks for the field %[2]q when a matter begins, and it is not given here", q.ID, name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(o.Fields)) {
		theirs, ours := q.Field(name), c.p.Field(o.Fields[name])
		switch asked := slices.ContainsFunc(q.Open.Fields, func(u procedure.FieldUse) bool { return u.Name == name }); {
		case theirs == nil || !asked && !slices.Contains(required, name):
			fail(path+".fields."+name, "规程“%[1]s”登记时没有“%[2]s”这一项", "the procedure %[1]q asks for no field %[2]q when a matter begins", q.ID, name)
		case ours != nil && ours.Type != theirs.Type:
			fail(path+".fields."+name, "“%[1]s”的类型是 %[2]s，子事项要 %[3]s", "%[1]q is of type %[2]s, and the sub-matter asks for %[3]s", ours.Name, ours.Type, theirs.Type)
		}
	}
	for _, r := range q.Parties {
		if r.Min > 0 && o.Parties[r.Role] == "" {
			fail(path, "规程“%[1]s”要有当事人“%[2]s”，这里没有给", "the procedure %[1]q needs a party %[2]q, and none is given here", q.ID, r.Role)
		}
	}
	for _, role := range slices.Sorted(maps.Keys(o.Parties)) {
		if q.PartyRole(role) == nil {
			fail(path+".parties."+role, "规程“%[1]s”没有当事人“%[2]s”", "the procedure %[1]q has no party %[2]q", q.ID, role)
		}
	}
	if len(q.Open.Issuers) > 0 && !slices.ContainsFunc(ownerKinds(c.p), func(kind string) bool { return slices.Contains(q.Open.Issuers, kind) }) {
		fail(path, "规程“%[1]s”的交办单位不能是办理本事项的单位", "no unit that may have this matter may issue one of the procedure %[1]q", q.ID)
	}
	if o.Unit == relationOwner {
		for _, kind := range ownerKinds(c.p) {
			if !slices.Contains(q.Open.Units, kind) {
				fail(path+".unit", "子事项由同一单位受理，而规程“%[1]s”不由“%[2]s”受理", "the sub-matter goes to the same unit, and the procedure %[1]q is not received by the kind %[2]q", q.ID, kind)
			}
		}
	}
}
