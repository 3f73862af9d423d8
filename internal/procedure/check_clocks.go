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
		c.need(path, "period", k.PeriodText == "")
		c.need(path, "starts", len(k.Starts) == 0)
		for j, event := range k.Starts {
			if event != EventOpen {
				c.step(fmt.Sprintf("%s.starts[%d]", path, j), event)
			}
		}
		for j, event := range k.Stops {
			c.step(fmt.Sprintf("%s.stops[%d]", path, j), event)
		}
		for j, state := range k.SuspendedIn {
			c.state(fmt.Sprintf("%s.suspended_in[%d]", path, j), state)
		}
		c.need(path, "responsible", k.Responsible == "")
		c.oneOf(path+".responsible", k.Responsible, ResponsibleOwner, ResponsibleParty)
		c.basis(path+".basis", k.Basis)
		if k.ValidFrom != "" {
			if _, err := time.Parse(time.DateOnly, k.ValidFrom); err != nil {
				c.at(path+".valid_from", ruleValue, "%q is not a date; write it like 2026-01-31", k.ValidFrom)
			}
		}
		c.lapse(path, k)
		c.extension(path, k)
	}
}

func (c *checker) lapse(path string, k *Clock) {
	c.step(path+".lapse", k.Lapse)
	step := c.p.steps[k.Lapse]
	if step != nil && !slices.Contains(step.By, Who{Relation: RelationSystem}) {
		c.at(path+".lapse", ruleLapse, "the step %q is not for the system; add `system` to its by", k.Lapse)
	}
}

func (c *checker) extension(path string, k *Clock) {
	if k.Extension == nil {
		return
	}
	c.need(path+".extension", "period", k.Extension.PeriodText == "")
	if k.Extension.Max < 1 {
		c.at(path+".extension", ruleExtension, "max must say how many times, 1 or more")
	}
	if !slices.ContainsFunc(c.p.Steps, func(s Step) bool { return s.Extend == k.Name }) {
		c.at(path+".extension", ruleExtension, "no step extends the clock %q", k.Name)
	}
}
