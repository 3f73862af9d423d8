// Package procedure is the language in which an office declares its rules: states, steps, who may take them,
// fields, clocks, assignment, referral and what parties see. It loads a declaration, says what is wrong with
// it and where, and answers which steps are lawful in a situation. It is pure: it never reads a store, a
// clock or the network, and it knows no country. The written form is specified in doc/procedures.md.
package procedure

import "luoshi/internal/calendar"

// Format is the value of a declaration's `format` member that this package reads.
const Format = "luoshi-procedure/1"

// Text is one text in several languages, keyed by BCP 47 language tag ("zh", "en").
type Text map[string]string

// In returns the text in lang, or in the first language of en, zh, then any, that it has.
func (t Text) In(lang string) string {
	for _, l := range []string{lang, "en", "zh"} {
		if s, ok := t[l]; ok {
			return s
		}
	}
	for _, s := range t {
		return s
	}
	return ""
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
	Format    string   `yaml:"format" json:"format"`
	ID        string   `yaml:"id" json:"id"`
	Version   int      `yaml:"version" json:"version"`
	Title     Text     `yaml:"title" json:"title"`
	Summary   Text     `yaml:"summary" json:"summary"`
	Languages []string `yaml:"languages" json:"languages"`
	Calendar  string   `yaml:"calendar" json:"calendar"`   // name of a calendar, e.g. "cn"
	TimeZone  string   `yaml:"time_zone" json:"time_zone"` // IANA name, e.g. "Asia/Shanghai"
	Basis     []Basis  `yaml:"basis" json:"basis"`

	Open    Opening     `yaml:"open" json:"open"`
	Parties []PartyRole `yaml:"parties" json:"parties"`
	Fields  []Field     `yaml:"fields" json:"fields"`
	States  []State     `yaml:"states" json:"states"`
	Steps   []Step      `yaml:"steps" json:"steps"`
	Clocks  []Clock     `yaml:"clocks" json:"clocks"`

	// Example is a complete body for lodging, with every required field.
	Example map[string]any `yaml:"example" json:"example"`

	// Hash is the lower-case hex SHA-256 of the source text.
	Hash string `yaml:"-" json:"hash"`

	index // look-up tables made by Load
}

// Opening says who may begin a matter, how, and where it stands then.
type Opening struct {
	By       []Who      `yaml:"by" json:"by"`             // "resident" relation means anyone, without an account
	Channels []string   `yaml:"channels" json:"channels"` // web, api, phone, walk-in, letter, import
	Fields   []FieldUse `yaml:"fields" json:"fields"`     // asked when lodging, in this order
	To       string     `yaml:"to" json:"to"`             // first state
	Units    []string   `yaml:"units" json:"units"`       // kinds of unit that may receive it
}

// Who names those who may act: staff with a role for the responsible unit, or those who stand in a
// relation to the matter, or (both given) staff with the role who also stand in the relation.
// In YAML either a mapping or the short form "role:mediator", "party:applicant", "party", "assigned",
// "resident", "system".
type Who struct {
	Role     string `yaml:"role" json:"role,omitempty"`
	Relation string `yaml:"relation" json:"relation,omitempty"` // party, party:<role>, assigned, resident, system
}

// PartyRole is a role a person can have in the matter.
type PartyRole struct {
	Role  string `yaml:"role" json:"role"`
	Title Text   `yaml:"title" json:"title"`
	Min   int    `yaml:"min" json:"min"`
	Max   int    `yaml:"max" json:"max"`   // 0: no limit
	Sees  bool   `yaml:"sees" json:"sees"` // may follow the matter with number and code
}

// Field is one declared datum.
type Field struct {
	Name      string   `yaml:"name" json:"name"`
	Title     Text     `yaml:"title" json:"title"`
	Hint      Text     `yaml:"hint" json:"hint,omitempty"`
	Type      string   `yaml:"type" json:"type"` // string, text, integer, boolean, date, choice
	Choices   []Choice `yaml:"choices" json:"choices,omitempty"`
	MaxLength int      `yaml:"max_length" json:"max_length,omitempty"` // in Unicode code points; default 200 (string), 20000 (text)
	Minimum   *int64   `yaml:"minimum" json:"minimum,omitempty"`
	Maximum   *int64   `yaml:"maximum" json:"maximum,omitempty"`
	Pattern   string   `yaml:"pattern" json:"pattern,omitempty"` // RE2, anchored
	Class     string   `yaml:"class" json:"class"`               // personal or plain
	SeenBy    []string `yaml:"seen_by" json:"seen_by"`           // staff, parties
	Counted   bool     `yaml:"counted" json:"counted,omitempty"` // a dimension of statistics; choice fields only
}

// Choice is one value of a field of type choice.
type Choice struct {
	Value string `yaml:"value" json:"value"`
	Title Text   `yaml:"title" json:"title"`
}

// FieldUse is a field asked for by a step or by the opening.
type FieldUse struct {
	Name     string `yaml:"name" json:"name"`
	Required bool   `yaml:"required" json:"required"`
}

// State is where a matter may stand.
type State struct {
	Name   string `yaml:"name" json:"name"`
	Title  Text   `yaml:"title" json:"title"`
	Public Text   `yaml:"public" json:"public"` // one sentence for the party: where it stands, what happens next
	End    bool   `yaml:"end" json:"end"`
}

// Step is a lawful act. Empty To keeps the state.
type Step struct {
	Name       string     `yaml:"name" json:"name"`
	Title      Text       `yaml:"title" json:"title"`
	Help       Text       `yaml:"help" json:"help,omitempty"`
	From       []string   `yaml:"from" json:"from"`
	To         string     `yaml:"to" json:"to,omitempty"`
	By         []Who      `yaml:"by" json:"by"`
	Fields     []FieldUse `yaml:"fields" json:"fields,omitempty"`
	Note       string     `yaml:"note" json:"note"`     // none, optional, required
	Assign     string     `yaml:"assign" json:"assign"` // "" keep, actor, none, choose (an account with AssignRole at the unit)
	AssignRole string     `yaml:"assign_role" json:"assign_role,omitempty"`
	Refer      string     `yaml:"refer" json:"refer"`                       // "" keep, choose (another unit), back (the unit that referred it)
	ReferKinds []string   `yaml:"refer_kinds" json:"refer_kinds,omitempty"` // kinds of unit it may be referred to; empty: Open.Units
	Extend     string     `yaml:"extend" json:"extend,omitempty"`           // the clock this step extends
	Adverse    bool       `yaml:"adverse" json:"adverse,omitempty"`
	Remedy     Text       `yaml:"remedy" json:"remedy,omitempty"` // what the party can do about an adverse step
	Visible    string     `yaml:"visible" json:"visible"`         // parties (default): entry and its content shown to parties; office: only that it happened
	Terminal   bool       `yaml:"-" json:"terminal,omitempty"`    // To is an end state; set by Load
}

// Clock is a statutory period. When an end state is reached the clocks of the owner stop; a clock of the party
// goes on unless a step stopped it, because the party's right does not end with the office's work.
type Clock struct {
	Name        string          `yaml:"name" json:"name"`
	Title       Text            `yaml:"title" json:"title"`
	Period      calendar.Period `yaml:"-" json:"-"`
	PeriodText  string          `yaml:"period" json:"period"`
	Roll        *bool           `yaml:"roll" json:"roll,omitempty"` // nil: by the unit of the period
	Starts      []string        `yaml:"starts" json:"starts"`       // "open" or step names; starting again restarts it
	Stops       []string        `yaml:"stops" json:"stops"`         // step names
	SuspendedIn []string        `yaml:"suspended_in" json:"suspended_in,omitempty"`
	Extension   *Extension      `yaml:"extension" json:"extension,omitempty"`
	Warn        string          `yaml:"warn" json:"warn,omitempty"`     // period before the end at which it shows as soon due
	Responsible string          `yaml:"responsible" json:"responsible"` // owner (the unit that has the matter) or party
	Lapse       string          `yaml:"lapse" json:"lapse,omitempty"`   // step the system takes at lapse; empty: lateness is only recorded
	Basis       Basis           `yaml:"basis" json:"basis"`
	ValidFrom   string          `yaml:"valid_from" json:"valid_from,omitempty"`
}

// Extension says how often and by how much a clock may be extended. Who approves is the By of the step.
type Extension struct {
	PeriodText string          `yaml:"period" json:"period"`
	Period     calendar.Period `yaml:"-" json:"-"`
	Max        int             `yaml:"max" json:"max"`
}
