package procedure

import (
	"fmt"
	"slices"
)

// suspensions checks the states in which clocks do not run, and that each entry into one is proved where a proof
// is asked for.
func (c *checker) suspensions() {
	for i := range c.p.Clocks {
		k := &c.p.Clocks[i]
		for j, x := range k.SuspendedIn {
			path := fmt.Sprintf("clocks[%d].suspended_in[%d]", i, j)
			c.need(path, "state", x.State == "")
			if slices.IndexFunc(k.SuspendedIn, func(y Suspension) bool { return y.State == x.State }) < j {
				c.at(path, ruleDuplicateName, "%q is listed twice", x.State)
			}
			if x.Proof == "" {
				continue
			}
			if c.p.fields[x.Proof] == nil {
				c.at(path+".proof", ruleUnknownField, "no field %q is declared", x.Proof)
				continue
			}
			c.proof(path, k, x)
		}
	}
}

// proof checks that every step into a suspending state, from where the clock runs, requires the proof.
func (c *checker) proof(path string, k *Clock, x Suspension) {
	if c.p.Open.To == x.State && !mustGive(c.p.Open.Fields, x.Proof) {
		c.at(path+".proof", ruleSuspensionProof, "a matter begins at %q, so open must require the field %q", x.State, x.Proof)
	}
	for i := range c.p.Steps {
		s := &c.p.Steps[i]
		running := func(from string) bool { return !c.p.Suspended(k, from) }
		if s.To == x.State && slices.ContainsFunc(s.From, running) && !mustGive(s.Fields, x.Proof) {
			c.at(path+".proof", ruleSuspensionProof, "the step %q leads to %q, so it must require the field %q", s.Name, x.State, x.Proof)
		}
	}
}

// extensionReasons checks that who extends a clock gives the reason that parties are told.
func (c *checker) extensionReasons() {
	for i := range c.p.Clocks {
		k := &c.p.Clocks[i]
		_, listed := c.places[fmt.Sprintf("clocks[%d].rules", i)]
		for j := range k.Rules {
			path := fmt.Sprintf("clocks[%d]", i)
			if listed {
				path = fmt.Sprintf("%s.rules[%d]", path, j)
			}
			if x := k.Rules[j].Extension; x != nil && x.Reason != "" {
				c.extensionReason(path+".extension.reason", k, x.Reason)
			}
		}
	}
}

func (c *checker) extensionReason(path string, k *Clock, reason string) {
	f := c.p.fields[reason]
	if f == nil {
		c.at(path, ruleUnknownField, "no field %q is declared", reason)
		return
	}
	if !slices.Contains(f.SeenBy, ViewerParties) {
		c.at(path, ruleExtensionReason, "parties are told the reason, so the field %q must be seen by parties", reason)
	}
	for i := range c.p.Steps {
		s, at := &c.p.Steps[i], fmt.Sprintf("steps[%d].extend", i)
		if s.Extend != k.Name {
			continue
		}
		if !mustGive(s.Fields, reason) {
			c.at(at, ruleExtensionReason, "the step %q extends %q, so it must require the field %q", s.Name, k.Name, reason)
		}
		if s.Visible == VisibleOffice {
			c.at(at, ruleExtensionReason, "parties are told the reason, so the step %q cannot be visible to the office only", s.Name)
		}
	}
}

// mustGive tells whether the field is among those asked for, and required.
func mustGive(uses []FieldUse, name string) bool {
	return slices.Contains(uses, FieldUse{Name: name, Required: true})
}
