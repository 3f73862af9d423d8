package procedure

import (
	"fmt"
	"slices"
)

// issued checks that matters are issued by somebody, where a member asks by whom.
func (c *checker) issued(path string) {
	if len(c.p.Open.Issuers) == 0 {
		c.at(path, ruleIssuer, "nobody issues these matters: list under open.issuers which kinds of unit do")
	}
}

// untils checks the clocks that run to a day given in a field: that whoever starts or extends one gives the day.
func (c *checker) untils() {
	for i := range c.p.Clocks {
		k, path := &c.p.Clocks[i], fmt.Sprintf("clocks[%d]", i)
		if k.Until == "" {
			continue
		}
		switch f := c.p.fields[k.Until]; {
		case f == nil:
			c.at(path+".until", ruleUnknownField, "no field %q is declared", k.Until)
			continue
		case f.Type != TypeDate || f.Class != ClassPlain:
			c.at(path+".until", ruleUntil, "the field %q is a %s %s; the day on which a clock ends is a plain date", f.Name, f.Class, f.Type)
		}
		if len(k.SuspendedIn) > 0 {
			c.at(path+".suspended_in", ruleUntil, "a clock that ends on a given day does not stand still; leave suspended_in out")
		}
		for j := range k.Rules {
			if k.Rules[j].PeriodText != "" || k.Rules[j].Extension != nil && k.Rules[j].Extension.PeriodText != "" {
				c.at(path+".until", ruleUntil, "the day is given in the field %q, so neither the rule nor its extension has a period", k.Until)
			}
		}
		c.dayGiven(path+".until", k)
	}
}

// dayGiven checks that every event that starts the clock, and every step that extends it, requires the day.
func (c *checker) dayGiven(path string, k *Clock) {
	if slices.Contains(k.Starts, EventOpen) && !mustGive(c.p.Open.Fields, k.Until) {
		c.at(path, ruleUntil, "the clock begins when a matter is opened, so open must require the field %q", k.Until)
	}
	for i := range c.p.Steps {
		s := &c.p.Steps[i]
		if (slices.Contains(k.Starts, s.Name) || s.Extend == k.Name) && !mustGive(s.Fields, k.Until) {
			c.at(path, ruleUntil, "the step %q starts or extends the clock, so it must require the field %q", s.Name, k.Until)
		}
	}
}
