package procedure

import (
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// Values of members that know a few words only.
const (
	VisibleParties = "parties" // the entry and its content are shown to parties
	VisibleOffice  = "office"  // parties see only that it happened

	NoteNone     = "none"
	NoteOptional = "optional"
	NoteRequired = "required"

	AssignActor  = "actor"
	AssignNone   = "none"
	AssignChoose = "choose"

	ReferChoose = "choose"
	ReferBack   = "back"

	ClassPersonal  = "personal"
	ClassSensitive = "sensitive" // of the special categories of PIPL, art. 28
	ClassPlain     = "plain"

	ResponsibleOwner  = "owner"
	ResponsibleParty  = "party"
	ResponsibleIssuer = "issuer"

	StatusVerified = "verified"
	StatusWeak     = "weak"
	StatusMemory   = "memory"
)

// Relations an actor can have to a matter; RelationParty followed by ":" and a party role is narrower.
const (
	RelationParty    = "party"
	RelationAssigned = "assigned"
	RelationOwner    = "owner"
	RelationSuperior = "superior"
	RelationReferrer = "referrer"
	RelationIssuer   = "issuer"
	RelationResident = "resident"
	RelationSystem   = "system"
)

var (
	// Names of fields may have underscores, as data from elsewhere has.
	nameForm     = regexp.MustCompile(`^[a-z][a-z0-9-]{0,63}$`)
	fieldForm    = regexp.MustCompile(`^[a-z][a-z0-9_-]{0,63}$`)
	languageForm = regexp.MustCompile(`^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?$`)
	zoneForm     = regexp.MustCompile(`^([A-Z][A-Za-z]+(/[A-Z][A-Za-z_+-]*[A-Za-z0-9]*)+|UTC)$`)
)

// checker holds a declaration that could be read against the rules.
type checker struct {
	*reader
	p *Procedure
}

// check runs all rules.
func (c *checker) check() {
	c.head()
	c.texts(reflect.ValueOf(c.p).Elem(), "")
	c.opening()
	c.parties()
	c.fields()
	c.states()
	c.steps()
	c.subs()
	c.tellings()
	c.continuations()
	c.parsePeriods()
	c.clocks()
	c.suspensions()
	c.untils()
	c.extensionReasons()
	c.notices()
	c.documents()
	c.public()
	c.retention()
	c.guards()
	c.rollup()
	c.example()
}

// at reports at the member of that path, or at the nearest one around it. Members that could not be read
// were reported already.
func (c *checker) at(path, rule, format string, args ...any) {
	for around := path; ; around = parent(around) {
		if c.bad[around] {
			return
		}
		if p, ok := c.places[around]; ok {
			c.report(p, rule, format, args...)
			return
		}
	}
}

func parent(path string) string {
	return path[:max(0, strings.LastIndexAny(path, ".["))]
}

// need reports a member that is not there or empty.
func (c *checker) need(path, name string, empty bool) {
	if empty {
		c.at(join(path, name), ruleMissing, "%q must be given here", name)
	}
}

// oneOf reports a word that is not known; empty means left out.
func (c *checker) oneOf(path, value string, words ...string) {
	if value != "" && !slices.Contains(words, value) {
		c.at(path, ruleValue, "%q is not one of: %s", value, strings.Join(words, ", "))
	}
}

func (c *checker) named(path, name string, form *regexp.Regexp) {
	if name != "" && !form.MatchString(name) {
		c.at(path, ruleName, "%q is not a name: begin with a small letter, go on with small letters, digits and hyphens (fields: also _), at most 64", name)
	}
}

// unique reports names that come twice in a list of declarations.
func (c *checker) unique(list, member string, names []string) {
	seen := map[string]bool{}
	for i, name := range names {
		if name != "" && seen[name] {
			c.at(join(fmt.Sprintf("%s[%d]", list, i), member), ruleDuplicateName, "%q is declared twice in %s", name, list)
		}
		seen[name] = true
	}
}

func names[T any](list []T, name func(T) string) []string {
	out := make([]string, len(list))
	for i, item := range list {
		out[i] = name(item)
	}
	return out
}

// head checks what stands above the lists.
func (c *checker) head() {
	p := c.p
	if p.Format != Format {
		c.at("format", ruleFormat, "this program reads %s; write `format: %s` first", Format, Format)
	}
	c.need("", "id", p.ID == "")
	c.named("id", p.ID, nameForm)
	if p.Version < 1 {
		c.at("version", ruleValue, "version must be 1 or more, and grows with every change")
	}
	c.need("", "title", len(p.Title) == 0)
	c.need("", "summary", len(p.Summary) == 0)
	c.languages()
	c.atMost("need", p.Need, MaxNeed)
	c.atMost("words", p.Words, MaxWords)
	for i, b := range p.Bring {
		path := fmt.Sprintf("bring[%d]", i)
		c.need(path, "title", len(b.Title) == 0)
		c.atMost(path+".title", b.Title, MaxBring)
	}
	c.atMost("disagree", p.Disagree, MaxDisagree)
	c.need("", "calendar", p.Calendar == "")
	c.named("calendar", p.Calendar, nameForm)
	c.need("", "time_zone", p.TimeZone == "")
	if p.TimeZone != "" && !zoneForm.MatchString(p.TimeZone) {
		c.at("time_zone", ruleValue, "%q is not a time zone; write it like Asia/Shanghai", p.TimeZone)
	}
	c.need("", "basis", len(p.Basis) == 0)
	for i, b := range p.Basis {
		c.basis(fmt.Sprintf("basis[%d]", i), b)
	}
}

// Lengths of what the start page and the catalogue of services show and search, in code points.
const (
	MaxNeed     = 60
	MaxWords    = 2000
	MaxBring    = 200
	MaxDisagree = 1000
)

// atMost bounds a text in each of its languages.
func (c *checker) atMost(path string, text Text, limit int) {
	for _, lang := range slices.Sorted(maps.Keys(text)) {
		if n := utf8.RuneCountInString(text[lang]); n > limit {
			c.at(join(path, lang), ruleValue, "this has %d characters; write at most %d", n, limit)
		}
	}
}

func (c *checker) languages() {
	c.need("", "languages", len(c.p.Languages) == 0)
	for i, lang := range c.p.Languages {
		path := fmt.Sprintf("languages[%d]", i)
		if !languageForm.MatchString(lang) {
			c.at(path, ruleLanguages, "%q is not a language tag; write zh or en", lang)
		}
		if slices.Index(c.p.Languages, lang) < i {
			c.at(path, ruleLanguages, "%q is listed twice", lang)
		}
	}
}

// basis checks that a rule of law is named with how sure it is, or that openly there is none.
func (c *checker) basis(path string, b Basis) {
	c.oneOf(path+".status", b.Status, StatusVerified, StatusWeak, StatusMemory)
	switch {
	case b.Law == "" && (b.Article != "" || b.Status != ""):
		c.at(path, ruleBasis, "an article or status needs the law it belongs to")
	case b.Law == "" && len(b.Note) == 0:
		c.at(path, ruleBasis, "name the law, or say in a note why there is none")
	case b.Law != "" && b.Status == "":
		c.at(path, ruleBasis, "say how sure %q is: status verified, weak or memory", b.Law)
	}
}

// texts checks every Text below v: each declared language, and no other, has words.
func (c *checker) texts(v reflect.Value, path string) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			c.texts(v.Elem(), path)
		}
	case reflect.Slice:
		for i := range v.Len() {
			c.texts(v.Index(i), fmt.Sprintf("%s[%d]", path, i))
		}
	case reflect.Struct:
		members, order := membersOf(v)
		for _, name := range order {
			c.texts(members[name], join(path, name))
		}
	case reflect.Map:
		if text, ok := v.Interface().(Text); ok && text != nil {
			c.text(path, text)
		}
	}
}

func (c *checker) text(path string, text Text) {
	for _, lang := range c.p.Languages {
		if words, ok := text[lang]; !ok {
			c.at(path, ruleTextMissing, "%s has no words in %q", path, lang)
		} else if strings.TrimSpace(words) == "" {
			c.at(join(path, lang), ruleTextMissing, "%s is empty in %q", path, lang)
		}
	}
	for lang := range text {
		if !slices.Contains(c.p.Languages, lang) {
			c.at(join(path, lang), ruleTextLanguage, "%q is not among the languages of this procedure", lang)
		}
	}
}
