package procedure

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// guards compiles the conditions of the steps.
func (c *checker) guards() {
	shown := c.p.Public != nil && c.p.Public.shown != nil
	if !shown && !slices.ContainsFunc(c.p.Steps, func(s Step) bool { return s.Guard != nil }) {
		return // the language of guards takes longer to set up than all else
	}
	env, err := guardEnv(c.p)
	if err != nil {
		c.at("steps", ruleGuard, "guards cannot be read: %s", err)
		return
	}
	if shown {
		if err := c.p.Public.shown.compile(env, c.p); err != nil {
			c.at("public.when", ruleGuard, "%s", oneLine(err))
		}
	}
	for i := range c.p.Steps {
		g, path := c.p.Steps[i].Guard, fmt.Sprintf("steps[%d].guard", i)
		if g == nil {
			continue
		}
		if _, long := c.places[path+".when"]; long || g.When == "" {
			path += ".when"
		}
		c.need(fmt.Sprintf("steps[%d].guard", i), "when", g.When == "")
		if g.When == "" {
			continue
		}
		if err := g.compile(env, c.p); err != nil {
			c.at(path, ruleGuard, "%s", oneLine(err))
		}
	}
}

// oneLine is a message of CEL without the picture of the place, which has lines of its own.
func oneLine(err error) string {
	var faults []string
	for line := range strings.Lines(err.Error()) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "|") {
			continue
		}
		faults = append(faults, celPlace.ReplaceAllString(line, "at $2: "))
	}
	return strings.Join(faults, "; ")
}

// celPlace is how CEL writes a place: "ERROR: <input>:1:15: ".
var celPlace = regexp.MustCompile(`^ERROR: <input>:(-?\d+):(\d+): `)
