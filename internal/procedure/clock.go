package procedure

import (
	"slices"

	"luoshi/internal/calendar"
)

// Clock is a statutory period. When an end state is reached the clocks of the owner stop; a clock of the party
// goes on unless a step stopped it, because the party's right does not end with the office's work.
type Clock struct {
	Name        string       `yaml:"name" json:"name"`
	Title       Text         `yaml:"title" json:"title"`
	Starts      []string     `yaml:"starts" json:"starts"` // "open" or step names; starting again restarts it
	Stops       []string     `yaml:"stops" json:"stops"`   // step names
	SuspendedIn []Suspension `yaml:"suspended_in" json:"suspended_in,omitempty"`
	Responsible string       `yaml:"responsible" json:"responsible"` // owner (the unit that has the matter), issuer (the unit that issued it) or party
	Lapse       string       `yaml:"lapse" json:"lapse,omitempty"`   // step the system takes at lapse; empty: lateness is only recorded

	// Until is a field with the day on which the clock ends, given with each event that starts or extends it; empty: the
	// period of its rule is counted.
	Until string `yaml:"until" json:"until,omitempty"`

	// Rule is the one rule of a clock that knows no other; its members stand beside the name. After Load it is
	// the newest of Rules.
	Rule `yaml:",inline"`
	// Rules are all rules, oldest first; Load makes one of Rule when none are listed.
	Rules []Rule `yaml:"rules" json:"rules,omitempty"`
}

// Rule is how long a clock runs by the law in force from ValidFrom to ValidTo, both included and as 2006-01-02;
// an empty date is open on that side. A clock keeps the rule in force on the day it began.
type Rule struct {
	PeriodText string          `yaml:"period" json:"period,omitempty"`
	Period     calendar.Period `yaml:"-" json:"-"`
	Roll       *bool           `yaml:"roll" json:"roll,omitempty"` // nil: by the unit of the period
	Extension  *Extension      `yaml:"extension" json:"extension,omitempty"`
	Warn       string          `yaml:"warn" json:"warn,omitempty"` // period before the end at which it shows as soon due
	Warning    calendar.Period `yaml:"-" json:"-"`
	Basis      Basis           `yaml:"basis" json:"basis"`
	ValidFrom  string          `yaml:"valid_from" json:"valid_from,omitempty"`
	ValidTo    string          `yaml:"valid_to" json:"valid_to,omitempty"`
}

// Suspension is a state in which a clock does not run, why, and which field proves it. In YAML either the name
// of the state alone or a mapping.
type Suspension struct {
	State  string `yaml:"state" json:"state"`
	Reason Text   `yaml:"reason" json:"reason,omitempty"`
	Proof  string `yaml:"proof" json:"proof,omitempty"` // field that every step into the state requires
}

// Extension says how often and by how much a clock may be extended. Who approves is the By of the step. A clock with
// Until has no period of extension: the step gives another day.
type Extension struct {
	PeriodText string          `yaml:"period" json:"period"`
	Period     calendar.Period `yaml:"-" json:"-"`
	Max        int             `yaml:"max" json:"max"`
	Reason     string          `yaml:"reason" json:"reason,omitempty"` // field with the reason told to the party; each step that extends requires it
}

// Length says in words, in zh or en, how long the clock runs by a rule.
func (c *Clock) Length(p *Procedure, r *Rule, lang string) string {
	if c.Until == "" {
		return r.Period.In(lang)
	}
	title := c.Until
	if f := p.Field(c.Until); f != nil {
		title = f.Title.In(lang)
	}
	return Text{"zh": "到“" + title + "”所写的日子", "en": "until the day given as “" + title + "”"}.In(lang)
}

// On is the rule in force on a day (2006-01-02). On a day before the first or after the last rule that is the
// first or the last one.
func (c *Clock) On(day string) *Rule {
	for i := range c.Rules {
		if r := &c.Rules[i]; r.ValidTo == "" || day <= r.ValidTo {
			return r
		}
	}
	return &c.Rules[len(c.Rules)-1]
}

// extensible tells whether some rule of the clock can be extended.
func (c *Clock) extensible() bool {
	return slices.ContainsFunc(c.Rules, func(r Rule) bool { return r.Extension != nil })
}
