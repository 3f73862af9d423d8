package procedure

import (
	"fmt"
	"maps"
	"slices"
)

// tellings checks what steps tell sub-matters, and those that are told. Whether the other procedure has the step is for
// those to check who know it.
func (c *checker) tellings() {
	for i := range c.p.Steps {
		s, path := &c.p.Steps[i], fmt.Sprintf("steps[%d]", i)
		for j := range s.Tells {
			c.tell(fmt.Sprintf("%s.tells[%d]", path, j), s, j)
		}
		if s.Told {
			c.told(path+".told", s)
		}
	}
}

func (c *checker) tell(path string, s *Step, j int) {
	t := &s.Tells[j]
	c.need(path, "sub", t.Sub == "")
	c.sub(path+".sub", t.Sub)
	c.need(path, "step", t.Step == "")
	c.named(path+".step", t.Step, nameForm)
	if slices.IndexFunc(s.Tells, func(o Tell) bool { return o.Sub == t.Sub }) < j {
		c.at(path+".sub", ruleDuplicateName, "%q is listed twice", t.Sub)
	}
	for _, theirs := range slices.Sorted(maps.Keys(t.Fields)) {
		at := join(path+".fields", theirs)
		c.named(at, theirs, fieldForm)
		if ours := t.Fields[theirs]; c.p.fields[ours] == nil {
			c.at(at, ruleUnknownField, "no field %q is declared", ours)
		}
	}
}

// told checks a step that the system takes because the whole says so: nobody is there to give anything but fields, which
// the whole may have, and nothing follows from it in a third matter.
func (c *checker) told(path string, s *Step) {
	switch {
	case !slices.Contains(s.By, Who{Relation: RelationSystem}):
		c.at(path, ruleTells, "the step %q is not for the system; add `system` to its by", s.Name)
	case s.Opens != nil || s.Continues != nil || len(s.Tells) > 0:
		c.at(path, ruleTells, "the step %q is told by another matter; it cannot open, tell or go on itself", s.Name)
	case s.asksPeople():
		c.at(path, ruleTells, "the step %q asks for something, which nobody is there to give when the system takes it", s.Name)
	}
}
