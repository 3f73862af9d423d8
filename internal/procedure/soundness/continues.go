package soundness

import (
	"fmt"
	"maps"
	"slices"

	"luoshi/internal/procedure"
)

// continuations checks the steps by which a matter goes on in another procedure against that one.
func (c *checker) continuations() {
	for i := range c.p.Steps {
		s := &c.p.Steps[i]
		if s.Continues == nil {
			continue
		}
		path := fmt.Sprintf("steps[%d].continues", i)
		if c.o.Find == nil {
			c.warn(path+".procedure", ruleUnknownSub, nil, say(
				"没有看到规程“%[1]s”，所以没有证明转入以后会办完", "the procedure %[1]q was not looked at, so it is not proved that a matter ends there", s.Continues.Procedure))
			continue
		}
		q := c.o.Find(s.Continues.Procedure)
		if q == nil {
			c.error(path+".procedure", ruleUnknownSub, nil, say("没有规程“%[1]s”", "there is no procedure %[1]q", s.Continues.Procedure))
			continue
		}
		into := continuation{checker: c, step: s, n: s.Continues, to: q, path: path}
		into.fields()
		into.parties()
		into.units()
		c.circle(path+".procedure", q)
	}
}

// continuation is one step and the procedure that it leads into.
type continuation struct {
	*checker
	step *procedure.Step
	n    *procedure.Continues
	to   *procedure.Procedure
	path string
}

func (c *continuation) fail(at, zh, en string, args ...any) {
	c.error(c.path+at, ruleContinuation, nil, say(zh, en, args...))
}

// fields: those taken along are asked for there and of the same type; what the program has to take along by itself has
// a value.
func (c *continuation) fields() {
	asked := c.to.AsksWhenOpening()
	for _, name := range slices.Sorted(maps.Keys(c.n.Fields)) {
		theirs, ours := c.to.Field(name), c.p.Field(c.n.Fields[name])
		switch {
		case theirs == nil || !slices.ContainsFunc(asked, func(u procedure.FieldUse) bool { return u.Name == name }):
			c.fail(".fields."+name, "规程“%[1]s”登记时没有“%[2]s”这一项", "the procedure %[1]q asks for no field %[2]q when a matter begins", c.to.ID, name)
		case ours != nil && ours.Type != theirs.Type:
			c.fail(".fields."+name, "“%[1]s”的类型是 %[2]s，转入的规程要 %[3]s", "%[1]q is of type %[2]s, and the other procedure asks for %[3]s", ours.Name, ours.Type, theirs.Type)
		}
	}
	if !c.automatic() {
		return // a person fills in what is missing
	}
	for _, u := range asked {
		if u.Required && !c.known(c.n.Fields[u.Name]) {
			c.fail("", "“%[1]s”由系统转入，而规程“%[2]s”要填的“%[3]s”不一定有", "the program takes %[1]q by itself, and the field %[3]q that %[2]q asks for may have no value", c.step.Name, c.to.ID, u.Name)
		}
	}
}

// automatic reports whether the program takes the step by itself.
func (c *continuation) automatic() bool {
	return slices.ContainsFunc(c.p.Clocks, func(k procedure.Clock) bool { return k.Lapse == c.step.Name }) ||
		slices.ContainsFunc(c.p.Subs, func(s procedure.Sub) bool { return s.Done == c.step.Name })
}

// known reports whether a field certainly has a value when the step is taken.
func (c *continuation) known(name string) bool {
	if slices.ContainsFunc(c.p.AsksWhenOpening(), func(u procedure.FieldUse) bool { return u.Name == name && u.Required }) {
		return true
	}
	return !slices.ContainsFunc(c.step.From, func(from string) bool {
		s := c.p.State(from)
		return s == nil || !slices.Contains(s.Requires, name)
	})
}

// parties: the roles are there, none is mistaken for another, and somebody who follows the matter still can.
func (c *continuation) parties() {
	followed, follows := false, false
	for _, r := range c.p.Parties {
		role := c.n.Role(r.Role)
		there := c.to.PartyRole(role)
		followed = followed || r.Sees
		follows = follows || r.Sees && there != nil && there.Sees
		if role == "" && c.to.PartyRole(r.Role) != nil && c.n.Parties[r.Role] == "" {
			c.fail("", "两个规程都有当事人“%[1]s”，请写明这里的“%[1]s”是不是那里的", "both procedures have a party %[1]q; say under parties who it is there", r.Role)
		}
	}
	if followed && !follows {
		c.warn(c.path, ruleContinuation, nil, say("转入规程“%[1]s”以后，原来能查询的当事人都不能再查询", "in the procedure %[1]q no party can follow the matter who could before", c.to.ID))
	}
	for _, role := range slices.Sorted(maps.Keys(c.n.Parties)) {
		if c.to.PartyRole(role) == nil {
			c.fail(".parties."+role, "规程“%[1]s”没有当事人“%[2]s”", "the procedure %[1]q has no party %[2]q", c.to.ID, role)
		}
	}
	for _, r := range c.to.Parties {
		ours := c.p.PartyRole(c.n.Parties[r.Role])
		if r.Min > 0 && c.automatic() && (ours == nil || ours.Min < r.Min) {
			c.fail("", "“%[1]s”由系统转入，而规程“%[2]s”要有的当事人“%[3]s”不一定有", "the program takes %[1]q by itself, and there need not be the party %[3]q that %[2]q asks for", c.step.Name, c.to.ID, r.Role)
		}
		if ours != nil && r.Max > 0 && (ours.Max == 0 || ours.Max > r.Max) {
			c.warn(c.path+".parties."+r.Role, ruleContinuation, nil, say("规程“%[1]s”的当事人“%[2]s”最多 %[3]d 名，人数更多的事项不能转入",
				"the procedure %[1]q has at most %[3]d of the party %[2]q; a matter with more cannot go on there", c.to.ID, r.Role, r.Max))
		}
	}
}

// units: the office that gets the matter is one that receives such matters.
func (c *continuation) units() {
	fail := func(kind string) {
		c.fail(".unit", "规程“%[1]s”不由“%[2]s”受理", "the procedure %[1]q is not received by the kind %[2]q", c.to.ID, kind)
	}
	if unknown := c.unknownChannel(); unknown != "" {
		c.fail("", "规程“%[1]s”的条件问到渠道，而这里的事项可能来自它没有的“%[2]s”", "a guard of %[1]q asks for the channel, and a matter may come from here by %[2]q, which it does not have", c.to.ID, unknown)
	}
	for _, kind := range ownerKinds(c.p) {
		switch c.n.Unit {
		case relationOwner:
			if !slices.Contains(c.to.Open.Units, kind) {
				fail(kind)
			}
		case relationSuperior:
			if k := c.kind(kind); k != nil && len(k.Under) > 0 && !slices.ContainsFunc(k.Under, func(up string) bool { return slices.Contains(c.to.Open.Units, up) }) {
				fail(k.Under[0])
			}
		}
	}
}

// unknownChannel is a channel by which matters come here and that guards of the other procedure were not proved for.
func (c *continuation) unknownChannel() string {
	if _, asked := allReads(c.to)[procedure.GuardUse{Function: "channel"}]; !asked {
		return ""
	}
	for _, channel := range c.p.Open.Channels {
		if !slices.Contains(c.to.Open.Channels, channel) {
			return channel
		}
	}
	return ""
}

func (c *checker) kind(name string) *procedure.Kind {
	if c.o.Kinds == nil {
		return nil
	}
	return c.o.Kinds.Kind(name)
}

// circle reports a way of continuations that leads back into this procedure, or on and on without an end.
func (c *checker) circle(path string, q *procedure.Procedure) {
	find := func(id string) *procedure.Procedure {
		if id == c.p.ID {
			return c.p
		}
		return c.o.Find(id)
	}
	seen, ends := map[string]bool{c.p.ID: true}, hasEnd(c.p)
	back := false
	var walk func(p *procedure.Procedure)
	walk = func(p *procedure.Procedure) {
		seen[p.ID] = true
		ends = ends || hasEnd(p)
		for i := range p.Steps {
			n := p.Steps[i].Continues
			if n == nil {
				continue
			}
			back = back || n.Procedure == c.p.ID
			if next := find(n.Procedure); next != nil && !seen[next.ID] {
				walk(next)
			}
		}
	}
	walk(q)
	switch {
	case !ends:
		c.error(path, ruleCircle, nil, say("从这里一直转入其他规程，没有一个有终点", "from here the matter only goes on in other procedures, and none of them has an end"))
	case back:
		c.warn(path, ruleCircle, nil, say("转入“%[1]s”的事项可以再转回来，来回没有限制", "a matter that goes on in %[1]q can come back here, any number of times", q.ID))
	}
}

func hasEnd(p *procedure.Procedure) bool {
	return slices.ContainsFunc(p.States, func(s procedure.State) bool { return s.End })
}
