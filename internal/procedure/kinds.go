package procedure

import (
	"fmt"
	"slices"
)

// KindsFormat is the value of the `format` member of a file of kinds.
const KindsFormat = "luoshi-kinds/1"

// ruleUnknownKind is the rule that a kind is declared; package soundness has it for procedures.
const ruleUnknownKind = "unknown-kind"

// Kinds are the kinds of unit that an installation has, and which roles people can hold for a unit of each. They
// are immutable after LoadKinds.
type Kinds struct {
	Format string `yaml:"format" json:"format"`
	List   []Kind `yaml:"kinds" json:"kinds"`
}

// Kind is one kind of unit.
type Kind struct {
	Name  string `yaml:"name" json:"name"`
	Title Text   `yaml:"title" json:"title"`
	// Roles can be held for such a unit, by its own staff or by staff of a unit above.
	Roles []string `yaml:"roles" json:"roles"`
	// Under are the kinds that can stand right above; empty: nothing stands above.
	Under []string `yaml:"under" json:"under,omitempty"`
}

// Kind returns the kind of that name, or nil.
func (k *Kinds) Kind(name string) *Kind {
	for i := range k.List {
		if k.List[i].Name == name {
			return &k.List[i]
		}
	}
	return nil
}

// Above are the names of all kinds that can stand above a kind, right above or higher.
func (k *Kinds) Above(name string) []string {
	var above []string
	var climb func(string)
	climb = func(name string) {
		if kind := k.Kind(name); kind != nil {
			for _, up := range kind.Under {
				if !slices.Contains(above, up) {
					above = append(above, up)
					climb(up)
				}
			}
		}
	}
	climb(name)
	return above
}

// LoadKinds reads a file of kinds; name stands in findings. The error is *Errors with everything found wrong.
func LoadKinds(name string, src []byte) (*Kinds, error) {
	r := &reader{file: name, places: map[string]place{}, bad: map[string]bool{}}
	k := new(Kinds)
	if r.source(src, KindsFormat, k) {
		c := &checker{reader: r, p: &Procedure{}}
		c.kinds(k)
	}
	if len(r.found) > 0 {
		found := r.found.sorted()
		return nil, &found
	}
	return k, nil
}

func (c *checker) kinds(k *Kinds) {
	if k.Format != KindsFormat {
		c.at("format", ruleFormat, "this program reads %s; write `format: %s` first", KindsFormat, KindsFormat)
	}
	c.need("", "kinds", len(k.List) == 0)
	c.unique("kinds", "name", names(k.List, func(k Kind) string { return k.Name }))
	for i, kind := range k.List {
		path := fmt.Sprintf("kinds[%d]", i)
		c.need(path, "name", kind.Name == "")
		c.named(path+".name", kind.Name, nameForm)
		c.need(path, "title", len(kind.Title) == 0)
		c.need(path, "roles", len(kind.Roles) == 0)
		for j, role := range kind.Roles {
			c.named(fmt.Sprintf("%s.roles[%d]", path, j), role, nameForm)
		}
		for j, up := range kind.Under {
			if k.Kind(up) == nil {
				c.at(fmt.Sprintf("%s.under[%d]", path, j), ruleUnknownKind, "no kind %q is declared", up)
			}
		}
	}
}
