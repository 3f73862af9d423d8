package procedure

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"
)

// MaxTitle is the greatest length of a matter's title in code points. Every matter has one.
const MaxTitle = 200

// example checks the example of a body for lodging: whoever copies it must succeed.
func (c *checker) example() {
	body := c.p.Example
	if body == nil {
		c.need("", "example", true)
		return
	}
	c.only("example", body, "procedure", "unit", "title", "channel", "fields", "parties")
	if id, _ := body["procedure"].(string); id != c.p.ID {
		c.at("example.procedure", ruleExample, "write `procedure: %s`, without the version", c.p.ID)
	}
	title, _ := body["title"].(string)
	if strings.TrimSpace(title) == "" || utf8.RuneCountInString(title) > MaxTitle {
		c.at("example.title", ruleExample, "a title of 1 to %d characters is needed", MaxTitle)
	}
	if channel, given := body["channel"]; given && !slices.Contains(c.p.Open.Channels, fmt.Sprint(channel)) {
		c.at("example.channel", ruleExample, "%v is not among the channels of open", channel)
	}
	if unit, given := body["unit"]; given {
		if _, ok := unit.(string); !ok {
			c.at("example.unit", ruleExample, "unit must be text; leave it out to have it filled in")
		}
	}
	c.exampleFields(body["fields"])
	c.exampleParties(body["parties"])
}

func (c *checker) only(path string, m map[string]any, known ...string) {
	for _, name := range slices.Sorted(maps.Keys(m)) {
		if !slices.Contains(known, name) {
			c.at(join(path, name), ruleExample, "%q is not a member here; there are: %s", name, strings.Join(known, ", "))
		}
	}
}

func (c *checker) exampleFields(given any) {
	values, ok := given.(map[string]any)
	if !ok && given != nil {
		c.at("example.fields", ruleExample, "fields must be a mapping of field names to values")
		return
	}
	uses := slices.Clone(c.p.AsksWhenOpening())
	for i := range uses {
		if f := c.p.fields[uses[i].Name]; f != nil && f.Type == TypeFile {
			uses[i].Required = false // a file is sent first, so no text can have one
		}
	}
	_, err := c.p.CheckFields(uses, values)
	var faults *FieldErrors
	if !errors.As(err, &faults) {
		return
	}
	for _, f := range *faults {
		c.at(join("example.fields", f.Field), ruleExample, "%s: %s", f.Field, f.Text.In("en"))
	}
}

func (c *checker) exampleParties(given any) {
	list, ok := given.([]any)
	if !ok && given != nil {
		c.at("example.parties", ruleExample, "parties must be a list")
		return
	}
	count := map[string]int{}
	for i, item := range list {
		path := fmt.Sprintf("example.parties[%d]", i)
		party, ok := item.(map[string]any)
		if !ok {
			c.at(path, ruleExample, "a party is a mapping with role and name")
			continue
		}
		c.only(path, party, "role", "name", "phone", "address")
		for _, member := range slices.Sorted(maps.Keys(party)) {
			if _, ok := party[member].(string); !ok {
				c.at(join(path, member), ruleExample, "%s must be text; put a number into quotes", member)
			}
		}
		if name, _ := party["name"].(string); strings.TrimSpace(name) == "" {
			c.at(path, ruleExample, "a party needs a name")
		}
		role, _ := party["role"].(string)
		if c.p.parties[role] == nil {
			c.at(path, ruleUnknownParty, "no party has the role %q", role)
		}
		count[role]++
	}
	for _, r := range c.p.Parties {
		if n := count[r.Role]; n < r.Min || r.Max > 0 && n > r.Max {
			c.at("example.parties", ruleExample, "%d parties have the role %q; at least %d, at most %d (0: no limit)", n, r.Role, r.Min, r.Max)
		}
	}
}
