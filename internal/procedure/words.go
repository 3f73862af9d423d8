package procedure

import "luoshi/internal/calendar"

// Notice is a message that a step sends. Subject and Body may hold placeholders: {number}, {procedure},
// {state}, {unit}, {due.<clock>}, {note}, and {fields.<name>}.
type Notice struct {
	Name    string   `yaml:"name" json:"name"`
	To      []string `yaml:"to" json:"to"` // parties, party:<role>, assigned, owner, referrer, issuer
	Subject Text     `yaml:"subject" json:"subject"`
	Body    Text     `yaml:"body" json:"body"`
}

// Document is a text that a step issues, filled in from the matter; placeholders as in a Notice.
type Document struct {
	Name  string `yaml:"name" json:"name"`
	Title Text   `yaml:"title" json:"title"`
	Body  Text   `yaml:"body" json:"body"`
}

// Public is what anybody who knows a matter's number may see of it, beside procedure, state and clocks.
type Public struct {
	Fields []string `yaml:"fields" json:"fields,omitempty"`
	Unit   bool     `yaml:"unit" json:"unit,omitempty"` // which office has it
	When   string   `yaml:"when" json:"when,omitempty"` // a condition as in a guard: else nothing of the matter is public

	shown *Guard // made by Load of When
}

// Retention says how long the personal content of an ended matter is kept. Then the system erases it and names
// the basis; acts and leaves stay.
type Retention struct {
	PeriodText string          `yaml:"period" json:"period"`
	Period     calendar.Period `yaml:"-" json:"-"`
	Basis      Basis           `yaml:"basis" json:"basis"`
}

// Shown tells whether anything of a matter is public now. A condition without a value does not hold.
func (p *Public) Shown(f *Facts) bool {
	if p == nil {
		return false
	}
	if p.shown == nil {
		return true
	}
	held, err := p.shown.Holds(f)
	return err == nil && held
}
