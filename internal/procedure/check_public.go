package procedure

import (
	"fmt"
	"slices"
)

// public checks what is shown to those who only know the number: nothing personal.
func (c *checker) public() {
	if c.p.Public == nil {
		return
	}
	if c.p.Public.When != "" {
		c.p.Public.shown = &Guard{When: c.p.Public.When}
	}
	for i, name := range c.p.Public.Fields {
		path := fmt.Sprintf("public.fields[%d]", i)
		switch f := c.p.fields[name]; {
		case f == nil:
			c.at(path, ruleUnknownField, "no field %q is declared", name)
		case f.Type == TypeFile:
			c.at(path, rulePublic, "the field %q holds files, which are not shown to everybody", name)
		case f.Class != ClassPlain:
			c.at(path, rulePublic, "the field %q is %s: only plain fields are shown to everybody", name, f.Class)
		}
		if slices.Index(c.p.Public.Fields, name) < i {
			c.at(path, ruleDuplicateName, "%q is listed twice", name)
		}
	}
}

// retention checks how long personal content is kept; that it can be read as a period is seen to by parsePeriods.
func (c *checker) retention() {
	if c.p.Retention == nil {
		return
	}
	c.need("retention", "period", c.p.Retention.PeriodText == "")
	c.basis("retention.basis", c.p.Retention.Basis)
}
