// Package procedure is the language in which an office declares its rules: states, steps, who may take them,
// fields, clocks, assignment, referral and what parties see. It loads a declaration, says what is wrong with
// it and where, and answers which steps are lawful in a situation. It is pure: it never reads a store, a
// clock or the network, and it knows no country. The written form is specified in doc/procedures.md.
package procedure

import (
	"maps"
	"slices"
)

// Format is the value of a declaration's `format` member that this package reads.
const Format = "luoshi-procedure/1"

// Text is one text in several languages, keyed by BCP 47 language tag ("zh", "en").
type Text map[string]string

// In returns the text in the language that Lang gives.
func (t Text) In(lang string) string { return t[t.Lang(lang)] }

// Lang is lang, or when the text does not have it the first of en, zh, then all others by their tags, that it has; ""
// for a text without words.
func (t Text) Lang(lang string) string {
	for _, l := range []string{lang, "en", "zh"} {
		if _, ok := t[l]; ok {
			return l
		}
	}
	if len(t) == 0 {
		return ""
	}
	return slices.Min(slices.Collect(maps.Keys(t)))
}

// Basis is the rule of law something rests on. Status is "verified", "weak" or "memory"; the last two are
// shown as "to be confirmed". An empty Law means that openly no rule of law exists and Note says why.
type Basis struct {
	Law     string `yaml:"law" json:"law,omitempty"`
	Article string `yaml:"article" json:"article,omitempty"`
	Status  string `yaml:"status" json:"status,omitempty"`
	Note    Text   `yaml:"note" json:"note,omitempty"`
}

// Procedure is one declared procedure at one version. It is immutable after Load.
type Procedure struct {
	Format  string `yaml:"format" json:"format"`
	ID      string `yaml:"id" json:"id"`
	Version int    `yaml:"version" json:"version"`
	Title   Text   `yaml:"title" json:"title"`
	Summary Text   `yaml:"summary" json:"summary"`
	// Need says in everyday words with what somebody comes ("I have a dispute with somebody"); the start page offers
	// procedures of the same need together. Words are those by which people who do not know its name look for it.
	// Both may be left out.
	Need  Text `yaml:"need" json:"need,omitempty"`
	Words Text `yaml:"words" json:"words,omitempty"`
	// Bring is what somebody should have at hand who comes with it, and Disagree what they can do who do not agree with
	// how it ends, by name of law and article. Both are for the catalogue of services and may be left out.
	Bring     []Bring  `yaml:"bring" json:"bring,omitempty"`
	Disagree  Text     `yaml:"disagree" json:"disagree,omitempty"`
	Languages []string `yaml:"languages" json:"languages"`
	Calendar  string   `yaml:"calendar" json:"calendar"`   // name of a calendar, e.g. "cn"
	TimeZone  string   `yaml:"time_zone" json:"time_zone"` // IANA name, e.g. "Asia/Shanghai"
	Basis     []Basis  `yaml:"basis" json:"basis"`

	Open      Opening     `yaml:"open" json:"open"`
	Parties   []PartyRole `yaml:"parties" json:"parties"`
	Fields    []Field     `yaml:"fields" json:"fields"`
	States    []State     `yaml:"states" json:"states"`
	Steps     []Step      `yaml:"steps" json:"steps"`
	Clocks    []Clock     `yaml:"clocks" json:"clocks"`
	Subs      []Sub       `yaml:"subs" json:"subs,omitempty"`
	Notices   []Notice    `yaml:"notices" json:"notices,omitempty"`
	Documents []Document  `yaml:"documents" json:"documents,omitempty"`
	Rollup    *Rollup     `yaml:"rollup" json:"rollup,omitempty"` // nil: nothing is said of how far a matter has come
	Public    *Public     `yaml:"public" json:"public,omitempty"` // nil: nothing is shown to those who only know the number
	Retention *Retention  `yaml:"retention" json:"retention,omitempty"`

	// Example is a complete body for lodging, with every required field.
	Example map[string]any `yaml:"example" json:"example"`

	// Hash is the lower-case hex SHA-256 of the source text.
	Hash string `yaml:"-" json:"hash"`

	index // look-up tables made by Load
}

// Bring is one thing to have at hand.
type Bring struct {
	Title    Text  `yaml:"title" json:"title"`
	Required *bool `yaml:"required" json:"required,omitempty"` // left out: yes
}

// Needed reports whether the matter cannot be brought without it.
func (b *Bring) Needed() bool { return b.Required == nil || *b.Required }

// Opening says who may begin a matter, how, and where it stands then.
type Opening struct {
	By       []Who      `yaml:"by" json:"by"`             // "resident" relation means anyone, without an account
	Channels []string   `yaml:"channels" json:"channels"` // web, api, phone, walk-in, letter, import
	Fields   []FieldUse `yaml:"fields" json:"fields"`     // asked when lodging, in this order
	To       string     `yaml:"to" json:"to"`             // first state
	Units    []string   `yaml:"units" json:"units"`       // kinds of unit that may receive it
	// Issuers are kinds of unit that may issue it: then each matter is issued by a unit, which is the one that receives it or
	// lies above it. Empty: matters are not issued.
	Issuers []string `yaml:"issuers" json:"issuers,omitempty"`
}

// ForPeople are the channels that people use; programs have others.
func (o *Opening) ForPeople() []string {
	return slices.DeleteFunc(slices.Clone(o.Channels), func(c string) bool { return c == "api" || c == "import" })
}
