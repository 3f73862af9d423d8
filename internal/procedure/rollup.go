package procedure

import (
	"fmt"
	"slices"
)

// How the parts of a matter count: Rollup.Rule.
const (
	RollWeighted = "weighted" // the mean of how far they have come, each by its weight
	RollAll      = "all"      // how many of them are done
	RollSum      = "sum"      // their numbers are added up and compared with the target
)

// Rollup says how far a matter has come, also one that is carried out in parts. Where there are no parts, what was
// reported last counts.
type Rollup struct {
	// Subs are the kinds of sub-matter that are parts, each of a procedure with a roll-up.
	Subs []string `yaml:"subs" json:"subs,omitempty"`
	Rule string   `yaml:"rule" json:"rule"` // weighted, all or sum
	// RuleField is a choice whose values are rules: the one that is given for a matter stands before Rule. Empty: none is.
	RuleField string   `yaml:"rule_field" json:"rule_field,omitempty"`
	Progress  string   `yaml:"progress" json:"progress"`       // whole number from 0 to 100: what is reported
	Weight    string   `yaml:"weight" json:"weight,omitempty"` // whole number: how much the matter counts in the one that it is part of
	Number    string   `yaml:"number" json:"number,omitempty"` // what is added up
	Target    string   `yaml:"target" json:"target,omitempty"` // what the sum is to reach
	Done      []string `yaml:"done" json:"done"`               // ends at which the matter is done; one that ended elsewhere does not count
}

// RuleFor is the rule by which the parts of a matter with these fields count.
func (r *Rollup) RuleFor(fields map[string]any) string {
	if given, ok := fields[r.RuleField].(string); ok && given != "" {
		return given
	}
	return r.Rule
}

func rollRules() []string { return []string{RollWeighted, RollAll, RollSum} }

func (c *checker) rollup() {
	r := c.p.Rollup
	if r == nil {
		return
	}
	for i, name := range r.Subs {
		c.sub(fmt.Sprintf("rollup.subs[%d]", i), name)
	}
	c.need("rollup", "rule", r.Rule == "")
	c.oneOf("rollup.rule", r.Rule, rollRules()...)
	c.need("rollup", "progress", r.Progress == "")
	c.need("rollup", "done", len(r.Done) == 0)
	for i, name := range r.Done {
		at := fmt.Sprintf("rollup.done[%d]", i)
		c.state(at, name)
		if s := c.p.states[name]; s != nil && !s.End {
			c.at(at, ruleRollup, "%q is no end: a matter is done where it has ended", name)
		}
	}
	c.rollFields(r)
	if f := c.rollField("rollup.rule_field", r.RuleField, TypeChoice); f != nil {
		for _, choice := range f.Choices {
			if !slices.Contains(rollRules(), choice.Value) {
				c.at("rollup.rule_field", ruleRollup, "the choice %q of the field %q is no rule; the rules are %v", choice.Value, f.Name, rollRules())
			}
		}
	}
}

// rollFields checks the numbers that are reported.
func (c *checker) rollFields(r *Rollup) {
	if f := c.rollField("rollup.progress", r.Progress, TypeInteger); f != nil {
		if f.Minimum == nil || *f.Minimum != 0 || f.Maximum == nil || *f.Maximum != 100 {
			c.at("rollup.progress", ruleRollup, "the field %q must have a minimum of 0 and a maximum of 100: it is reported in hundredths", f.Name)
		}
	}
	if f := c.rollField("rollup.weight", r.Weight, TypeInteger); f != nil && (f.Minimum == nil || *f.Minimum < 1) {
		c.at("rollup.weight", ruleRollup, "the field %q must have a minimum of 1 or more: a part without weight is no part", f.Name)
	}
	c.rollField("rollup.number", r.Number, TypeNumber, TypeInteger)
	c.rollField("rollup.target", r.Target, TypeNumber, TypeInteger)
	sums := r.Rule == RollSum
	if f := c.p.fields[r.RuleField]; f != nil {
		sums = sums || slices.ContainsFunc(f.Choices, func(x Choice) bool { return x.Value == RollSum })
	}
	if sums && (r.Number == "" || r.Target == "") {
		c.at("rollup", ruleRollup, "where numbers are added up, say under number which, and under target what they are to reach")
	}
}

// rollField finds a field of one of the types that all readers among staff may see; nil when it is left out or not so.
func (c *checker) rollField(path, name string, types ...string) *Field {
	f := c.p.fields[name]
	switch {
	case name == "":
		return nil
	case f == nil:
		c.at(path, ruleUnknownField, "no field %q is declared", name)
	case !slices.Contains(types, f.Type) || f.Class != ClassPlain || !f.ShownToAll():
		c.at(path, ruleRollup, "the field %q must be plain, of the type %v, and seen by all staff", name, types)
	default:
		return f
	}
	return nil
}
