package procedure

import (
	"fmt"
	"slices"
	"time"
)

func (c *checker) clocks() {
	c.unique("clocks", "name", names(c.p.Clocks, func(k Clock) string { return k.Name }))
	for i := range c.p.Clocks {
		k, path := &c.p.Clocks[i], fmt.Sprintf("clocks[%d]", i)
		c.need(path, "name", k.Name == "")
		c.named(path+".name", k.Name, nameForm)
		c.need(path, "title", len(k.Title) == 0)
		c.need(path, "starts", len(k.Starts) == 0)
		for j, event := range k.Starts {
			if event != EventOpen {
				c.step(fmt.Sprintf("%s.starts[%d]", path, j), event)
			}
		}
		for j, event := range k.Stops {
			c.step(fmt.Sprintf("%s.stops[%d]", path, j), event)
		}
		for j, x := range k.SuspendedIn {
			c.state(fmt.Sprintf("%s.suspended_in[%d]", path, j), x.State)
		}
		c.need(path, "responsible", k.Responsible == "")
		c.oneOf(path+".responsible", k.Responsible, ResponsibleOwner, ResponsibleParty, ResponsibleIssuer)
		if k.Responsible == ResponsibleIssuer {
			c.issued(path + ".responsible")
		}
		c.clockRules(path, k)
		c.lapse(path, k)
	}
}

// clockRules checks the rules of a clock: one beside its name, or a list from the oldest to the newest.
func (c *checker) clockRules(path string, k *Clock) {
	if _, listed := c.places[path+".rules"]; !listed {
		c.clockRule(path, k, &k.Rule)
		return
	}
	for _, member := range []string{"period", "roll", "extension", "warn", "basis", "valid_from", "valid_to"} {
		if _, ok := c.places[path+"."+member]; ok {
			c.at(path+"."+member, ruleClockRules, "%q belongs into each of the rules, since this clock lists rules", member)
		}
	}
	for i := range k.Rules {
		c.clockRule(fmt.Sprintf("%s.rules[%d]", path, i), k, &k.Rules[i])
	}
	for i := 1; i < len(k.Rules); i++ {
		c.follows(fmt.Sprintf("%s.rules[%d]", path, i), k.Rules[i-1].ValidTo, k.Rules[i].ValidFrom)
	}
}

// follows checks that a rule begins on the day after the one before it has ended.
func (c *checker) follows(path, ended, begins string) {
	last, err := time.Parse(time.DateOnly, ended)
	first, err2 := time.Parse(time.DateOnly, begins)
	switch {
	case ended == "" || begins == "":
		c.at(path, ruleClockRules, "say under valid_to when the rule before ended, and under valid_from when this one begins")
	case err == nil && err2 == nil && !last.AddDate(0, 0, 1).Equal(first):
		c.at(path+".valid_from", ruleClockRules, "the rule before holds until %s, so this one must begin on the day after, not on %s", ended, begins)
	}
}

// clockRule checks one rule.
func (c *checker) clockRule(path string, k *Clock, r *Rule) {
	c.need(path, "period", r.PeriodText == "" && k.Until == "")
	c.basis(path+".basis", r.Basis)
	c.date(path+".valid_from", r.ValidFrom)
	c.date(path+".valid_to", r.ValidTo)
	if r.ValidFrom != "" && r.ValidTo != "" && r.ValidTo < r.ValidFrom {
		c.at(path+".valid_to", ruleValue, "the rule ends on %s, before it begins on %s", r.ValidTo, r.ValidFrom)
	}
	c.extension(path, k, r)
}

func (c *checker) date(path, day string) {
	if day == "" {
		return
	}
	if _, err := time.Parse(time.DateOnly, day); err != nil {
		c.at(path, ruleValue, "%q is not a date; write it like 2026-01-31", day)
	}
}

func (c *checker) lapse(path string, k *Clock) {
	c.step(path+".lapse", k.Lapse)
	step := c.p.steps[k.Lapse]
	if step != nil && !slices.Contains(step.By, Who{Relation: RelationSystem}) {
		c.at(path+".lapse", ruleLapse, "the step %q is not for the system; add `system` to its by", k.Lapse)
	}
}

func (c *checker) extension(path string, k *Clock, r *Rule) {
	if r.Extension == nil {
		return
	}
	c.need(path+".extension", "period", r.Extension.PeriodText == "" && k.Until == "")
	if r.Extension.Max < 1 {
		c.at(path+".extension", ruleExtension, "max must say how many times, 1 or more")
	}
	if !slices.ContainsFunc(c.p.Steps, func(s Step) bool { return s.Extend == k.Name }) {
		c.at(path+".extension", ruleExtension, "no step extends the clock %q", k.Name)
	}
}
