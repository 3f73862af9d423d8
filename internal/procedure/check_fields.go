package procedure

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
)

func (c *checker) parties() {
	// What an office orders or calls together has no party; what anybody may bring has one.
	c.need("", "parties", len(c.p.Parties) == 0 && slices.Contains(c.p.Open.By, Who{Relation: RelationResident}))
	c.unique("parties", "role", names(c.p.Parties, func(r PartyRole) string { return r.Role }))
	for i, r := range c.p.Parties {
		path := fmt.Sprintf("parties[%d]", i)
		c.need(path, "role", r.Role == "")
		c.named(path+".role", r.Role, nameForm)
		c.need(path, "title", len(r.Title) == 0)
		if r.Min < 0 || r.Max < 0 || r.Max > 0 && r.Max < r.Min {
			c.at(path, rulePartyCount, "min and max must not be negative, and max, unless 0 for no limit, not below min")
		}
	}
}

func (c *checker) fields() {
	c.unique("fields", "name", names(c.p.Fields, func(f Field) string { return f.Name }))
	for i := range c.p.Fields {
		f, path := &c.p.Fields[i], fmt.Sprintf("fields[%d]", i)
		c.need(path, "name", f.Name == "")
		c.named(path+".name", f.Name, fieldForm)
		c.need(path, "title", len(f.Title) == 0)
		c.need(path, "type", f.Type == "")
		c.oneOf(path+".type", f.Type, TypeString, TypeText, TypeInteger, TypeNumber, TypeBoolean, TypeDate, TypeChoice, TypeFile)
		c.need(path, "class", f.Class == "")
		c.oneOf(path+".class", f.Class, ClassPlain, ClassPersonal, ClassSensitive)
		c.need(path, "seen_by", len(f.SeenBy) == 0)
		for j, viewer := range f.SeenBy {
			c.viewer(fmt.Sprintf("%s.seen_by[%d]", path, j), viewer)
		}
		c.limits(path, f)
		c.choices(path, f)
		c.files(path, f)
		c.checksum(path, f)
		c.forbidden(path, f)
	}
}

// viewer checks one of those who may see a field.
func (c *checker) viewer(path, viewer string) {
	kind, role, narrowed := strings.Cut(viewer, ":")
	switch {
	case kind == RelationParty && narrowed:
		if c.p.parties[role] == nil {
			c.at(path, ruleUnknownParty, "no party has the role %q", role)
		}
	case kind == viewerRole && narrowed:
		c.need(path, "role", role == "")
		c.named(path, role, nameForm)
	default:
		c.oneOf(path, viewer, ViewerStaff, ViewerParties, RelationParty+":<role>", viewerRole+":<role>", ViewerAssigned)
	}
}

// limits checks that the bounds of a field fit its type.
func (c *checker) limits(path string, f *Field) {
	written := f.Type == TypeString || f.Type == TypeText
	if f.MaxLength < 0 {
		c.at(path+".max_length", ruleFieldLimits, "max_length must be more than 0")
	}
	if f.MaxLength != 0 && !written {
		c.at(path+".max_length", ruleFieldLimits, "max_length is for fields of type string and text")
	}
	if (f.Minimum != nil || f.Maximum != nil) && f.Type != TypeInteger && f.Type != TypeNumber {
		c.at(path, ruleFieldLimits, "minimum and maximum are for fields of type integer and number")
	}
	if f.Minimum != nil && f.Maximum != nil && *f.Minimum > *f.Maximum {
		c.at(path+".minimum", ruleFieldLimits, "minimum is above maximum: no value can be right")
	}
	if f.Pattern == "" {
		return
	}
	if !written {
		c.at(path+".pattern", ruleFieldLimits, "pattern is for fields of type string and text")
		return
	}
	compiled, err := compilePattern(f.Pattern)
	if err != nil {
		c.at(path+".pattern", ruleFieldLimits, "the pattern cannot be read: %s", err)
		return
	}
	c.p.patterns[f.Name] = compiled
}

func (c *checker) choices(path string, f *Field) {
	if f.Type != TypeChoice {
		if len(f.Choices) > 0 {
			c.at(path+".choices", ruleChoices, "choices are for fields of type choice")
		}
		if f.Counted {
			c.at(path+".counted", ruleChoices, "only a field of type choice can be counted: its values are few and known")
		}
		return
	}
	if len(f.Choices) == 0 {
		c.at(path, ruleChoices, "a field of type choice needs choices")
	}
	if f.Counted && f.Class != ClassPlain {
		c.at(path+".counted", ruleChoices, "a %s field cannot be a dimension of statistics", f.Class)
	}
	seen := map[string]bool{}
	for i, choice := range f.Choices {
		at := fmt.Sprintf("%s.choices[%d]", path, i)
		c.need(at, "value", choice.Value == "")
		c.need(at, "title", len(choice.Title) == 0)
		if choice.Value != "" && seen[choice.Value] {
			c.at(at+".value", ruleChoices, "the value %q is given twice", choice.Value)
		}
		seen[choice.Value] = true
	}
}

// Attributes of persons that no procedure may ask for: ethnicity, religion, political opinion. Stems are
// looked for anywhere in a name or title, words only as whole words.
var (
	forbiddenStems = []string{
		"ethnic", "minzu", "religio", "zongjiao", "politic", "zhengzhi", "dangpai",
		"民族", "族别", "族裔", "种族", "宗教", "信仰", "教派", "政治", "政见", "党派", "党员",
	}
	forbiddenWords = []string{"nation", "race", "racial", "tribe", "faith", "creed", "belief", "beliefs", "party-membership"}
)

func forbiddenIn(s string) string {
	s = strings.ToLower(s)
	for _, stem := range forbiddenStems {
		if strings.Contains(s, stem) {
			return stem
		}
	}
	words := " " + strings.Join(strings.FieldsFunc(s, func(r rune) bool { return !unicode.IsLetter(r) }), " ") + " "
	for _, word := range forbiddenWords {
		if strings.Contains(words, " "+strings.ReplaceAll(word, "-", " ")+" ") {
			return word
		}
	}
	return ""
}

func (c *checker) forbidden(path string, f *Field) {
	const message = "%q: ethnicity, religion and political opinion of persons are never asked for; take the field out"
	if hit := forbiddenIn(f.Name); hit != "" {
		c.at(path+".name", ruleForbidden, message, hit)
	}
	for _, member := range []struct {
		name string
		text Text
	}{{"title", f.Title}, {"hint", f.Hint}} {
		for lang, words := range member.text {
			if hit := forbiddenIn(words); hit != "" {
				c.at(path+"."+member.name+"."+lang, ruleForbidden, message, hit)
			}
		}
	}
}
