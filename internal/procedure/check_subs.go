package procedure

import (
	"fmt"
	"maps"
	"slices"
)

// subs checks the sub-matters of a procedure and what its steps say of them. Whether the other procedure takes what
// it is given is for those to check who know it.
func (c *checker) subs() {
	c.unique("subs", "name", names(c.p.Subs, func(s Sub) string { return s.Name }))
	for i := range c.p.Subs {
		s, path := &c.p.Subs[i], fmt.Sprintf("subs[%d]", i)
		c.need(path, "name", s.Name == "")
		c.named(path+".name", s.Name, nameForm)
		c.need(path, "title", len(s.Title) == 0)
		c.need(path, "procedure", s.Procedure == "")
		c.named(path+".procedure", s.Procedure, nameForm)
		if s.Max < 0 {
			c.at(path+".max", ruleValue, "max says how many may be outstanding at once: 1 or more, or left out for no limit")
		}
		c.subDone(path, s)
		c.subShows(path+".shows", s)
		if s.Name != "" && !slices.ContainsFunc(c.p.Steps, func(st Step) bool { return st.Opens != nil && st.Opens.Sub == s.Name }) {
			c.at(path+".name", ruleSubOpened, "no step opens a sub-matter %q", s.Name)
		}
	}
	for i := range c.p.Steps {
		s, path := &c.p.Steps[i], fmt.Sprintf("steps[%d]", i)
		for j, name := range s.Waits {
			at := fmt.Sprintf("%s.waits[%d]", path, j)
			c.sub(at, name)
			if slices.Index(s.Waits, name) < j {
				c.at(at, ruleDuplicateName, "%q is listed twice", name)
			}
		}
		if s.Opens != nil {
			c.opens(path+".opens", s)
		}
	}
}

// sub checks that a name leads to a declared sub; empty means left out.
func (c *checker) sub(path, name string) {
	if name != "" && c.p.subs[name] == nil {
		c.at(path, ruleUnknownSub, "no sub-matter %q is declared under subs", name)
	}
}

// subDone checks that the step which the system takes when the last one has ended is one that it can take.
func (c *checker) subDone(path string, s *Sub) {
	path += ".done"
	c.step(path, s.Done)
	step := c.p.steps[s.Done]
	if step == nil {
		return
	}
	if !slices.Contains(step.By, Who{Relation: RelationSystem}) {
		c.at(path, ruleSubDone, "the step %q is not for the system; add `system` to its by", s.Done)
	}
	asks := step.asksPeople()
	if asks || slices.ContainsFunc(step.Fields, func(u FieldUse) bool { return u.Required }) {
		c.at(path, ruleSubDone, "the step %q asks for something, which nobody is there to give when the system takes it", s.Done)
	}
}

// subShows checks the fields that are seen in a sub-matter: whoever reads that need not be one who may see all here.
func (c *checker) subShows(path string, s *Sub) {
	for i, name := range s.Shows {
		at := fmt.Sprintf("%s[%d]", path, i)
		f := c.p.fields[name]
		switch {
		case f == nil:
			c.at(at, ruleUnknownField, "no field %q is declared", name)
		case f.Class == ClassSensitive:
			c.at(at, ruleSubShows, "the field %q is sensitive: only those who may read this matter see it", name)
		case !f.ShownToAll():
			c.at(at, ruleSubShows, "the staff of a sub-matter would see the field %q, which not all staff see here: its seen_by has no `staff`", name)
		}
		if slices.Index(s.Shows, name) < i {
			c.at(at, ruleDuplicateName, "%q is listed twice", name)
		}
	}
}

// opens checks what a step says of the sub-matter that it opens.
func (c *checker) opens(path string, s *Step) {
	o := s.Opens
	c.need(path, "sub", o.Sub == "")
	c.sub(path+".sub", o.Sub)
	c.need(path, "unit", o.Unit == "")
	c.oneOf(path+".unit", o.Unit, OpensAtOwner, OpensAtReferrer, OpensAtSuperior, OpensAtChosen, OpensAtSeveral)
	c.clock(path+".within", o.Within)
	for _, theirs := range slices.Sorted(maps.Keys(o.Fields)) {
		at := join(path+".fields", theirs)
		c.named(at, theirs, fieldForm)
		if ours := o.Fields[theirs]; c.p.fields[ours] == nil {
			c.at(at, ruleUnknownField, "no field %q is declared", ours)
		}
	}
	for _, theirs := range slices.Sorted(maps.Keys(o.Parties)) {
		at := join(path+".parties", theirs)
		c.named(at, theirs, nameForm)
		if ours := o.Parties[theirs]; c.p.parties[ours] == nil {
			c.at(at, ruleUnknownParty, "no party has the role %q", ours)
		}
	}
	if sub := c.p.subs[o.Sub]; sub != nil && s.Leaves() && !sub.Detached {
		c.at(path, ruleOpensAtEnd, "%q ends the matter, and the sub-matter %q would have to end before; make it detached", s.Name, o.Sub)
	}
}
