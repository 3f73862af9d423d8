package procedure

import "cel.dev/cel-go/cel"

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
	ReferNot   string     `yaml:"refer_not" json:"refer_not,omitempty"`     // "" or referrer: to whom it may not be referred
	Extend     string     `yaml:"extend" json:"extend,omitempty"`           // the clock this step extends
	Adverse    bool       `yaml:"adverse" json:"adverse,omitempty"`
	Remedy     Text       `yaml:"remedy" json:"remedy,omitempty"` // what the party can do about an adverse step
	Guard      *Guard     `yaml:"guard" json:"guard,omitempty"`
	Opens      *Opens     `yaml:"opens" json:"opens,omitempty"`         // the sub-matter this step opens
	Waits      []string   `yaml:"waits" json:"waits,omitempty"`         // subs of which none may be outstanding
	Continues  *Continues `yaml:"continues" json:"continues,omitempty"` // the other procedure in which the matter goes on
	Tells      []Tell     `yaml:"tells" json:"tells,omitempty"`         // what the system then does in sub-matters
	Told       bool       `yaml:"told" json:"told,omitempty"`           // the matter that this one is part of may have the system take it
	Notices    []string   `yaml:"notices" json:"notices,omitempty"`     // sent when the step is taken
	Documents  []string   `yaml:"documents" json:"documents,omitempty"` // issued when the step is taken
	Visible    string     `yaml:"visible" json:"visible"`               // parties (default): entry and its content shown to parties; office: only that it happened
	Terminal   bool       `yaml:"-" json:"terminal,omitempty"`          // To is an end state; set by Load
}

// Guard is a condition on a step beyond state and actor, in CEL (cel.dev) over the declared fields and the
// matter's history; doc/procedures.md lists what it may name. In YAML either the expression alone or a mapping.
type Guard struct {
	When string `yaml:"when" json:"when"`
	Else Text   `yaml:"else" json:"else,omitempty"` // why the step cannot be taken, for who asks; empty: general words

	program cel.Program // made by Load
	partial cel.Program // the same, for when not everything is known
	uses    []GuardUse
	reads   []GuardRead
}

// Opens says which sub-matter a step opens.
type Opens struct {
	Sub  string `yaml:"sub" json:"sub"`
	Unit string `yaml:"unit" json:"unit"` // owner, referrer, superior (the unit right above), choose or several (named with the step)
	// Fields says from which field of this matter each of the sub-matter's takes its value: theirs by name, ours as value.
	Fields map[string]string `yaml:"fields" json:"fields,omitempty"`
	// Parties says, by role in the sub-matter, which role of this matter its parties have here.
	Parties map[string]string `yaml:"parties" json:"parties,omitempty"`
	// Within is a clock of this matter: no day given for a clock of the sub-matter may lie after its end.
	Within string `yaml:"within" json:"within,omitempty"`
}

// Tell says which step the system takes, together with a step of this matter, in each outstanding sub-matter of a kind
// in which that is lawful then.
type Tell struct {
	Sub  string `yaml:"sub" json:"sub"`
	Step string `yaml:"step" json:"step"` // of the sub-matter's procedure, which has it Told
	// Fields says from which field of this matter each that the step there asks for takes its value: theirs by name, ours
	// as value.
	Fields map[string]string `yaml:"fields" json:"fields,omitempty"`
}

// Sub is a kind of sub-matter: one of another procedure that steps of this one open and may wait for.
type Sub struct {
	Name      string `yaml:"name" json:"name"`
	Title     Text   `yaml:"title" json:"title"`
	Procedure string `yaml:"procedure" json:"procedure"` // id; its newest version when it is opened
	Max       int    `yaml:"max" json:"max,omitempty"`   // how many may be outstanding at once; 0: no limit
	// Once: an office that has one which has not ended gets no second.
	Once bool `yaml:"once" json:"once,omitempty"`
	// Done is a step of this matter that the system takes when the last outstanding one has ended; empty: none.
	Done string `yaml:"done" json:"done,omitempty"`
	// Detached sub-matters go on when this matter ends; others must have ended before.
	Detached bool `yaml:"detached" json:"detached,omitempty"`
	// Shows are fields of this matter that those who may read such a sub-matter with its content see there, as they are
	// now. No party sees them there.
	Shows []string `yaml:"shows" json:"shows,omitempty"`
}
