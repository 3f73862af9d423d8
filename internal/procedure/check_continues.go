package procedure

import (
	"fmt"
	"maps"
	"slices"
)

// continuations checks what steps say of the procedure in which the matter goes on. Whether that procedure takes what
// it is given is for those to check who know it.
func (c *checker) continuations() {
	for i := range c.p.Steps {
		if s := &c.p.Steps[i]; s.Continues != nil {
			c.continuation(fmt.Sprintf("steps[%d].continues", i), s)
		}
	}
}

func (c *checker) continuation(path string, s *Step) {
	n := s.Continues
	c.need(path, "procedure", n.Procedure == "")
	c.named(path+".procedure", n.Procedure, nameForm)
	c.need(path, "unit", n.Unit == "")
	c.oneOf(path+".unit", n.Unit, OpensAtOwner, OpensAtReferrer, OpensAtSuperior, OpensAtChosen)
	if n.Procedure != "" && n.Procedure == c.p.ID {
		c.at(path+".procedure", ruleContinues, "the matter is in %q already; name another procedure", n.Procedure)
	}
	for member, given := range map[string]bool{"to": s.To != "", "assign": s.Assign != "", "refer": s.Refer != "",
		"extend": s.Extend != "", "opens": s.Opens != nil, "tells": len(s.Tells) > 0} {
		if given {
			c.at(path, ruleContinues, "%q leads into another procedure and cannot have %q too: state, office, person and clocks are those of the other", s.Name, member)
		}
	}
	for i := range c.p.Clocks {
		if slices.Contains(c.p.Clocks[i].Starts, s.Name) {
			c.at(fmt.Sprintf("clocks[%d].starts", i), ruleContinues, "%q leads into another procedure; no clock of this one can start with it", s.Name)
		}
	}
	for _, theirs := range slices.Sorted(maps.Keys(n.Fields)) {
		at := join(path+".fields", theirs)
		c.named(at, theirs, fieldForm)
		if ours := n.Fields[theirs]; c.p.fields[ours] == nil {
			c.at(at, ruleUnknownField, "no field %q is declared", ours)
		}
	}
	seen := map[string]string{}
	for _, theirs := range slices.Sorted(maps.Keys(n.Parties)) {
		at, ours := join(path+".parties", theirs), n.Parties[theirs]
		c.named(at, theirs, nameForm)
		if c.p.parties[ours] == nil {
			c.at(at, ruleUnknownParty, "no party has the role %q", ours)
		}
		if first := seen[ours]; first != "" {
			c.at(at, ruleContinues, "the party %q would become both %q and %q; it can be one of them", ours, first, theirs)
		}
		seen[ours] = theirs
	}
}
