// Package guide is the language of guides: questions in plain words that lead somebody who does not know which way to
// take to a procedure that they can bring, or to a place outside, and say what else there is and how it differs.
//
// It is pure: it never reads a store, a clock or the network. A guide decides nothing and records nothing; what somebody
// answered is nobody's to keep. The written form is specified in doc/procedures.md.
package guide

import (
	"fmt"
	"io/fs"
	"slices"

	"luoshi/internal/procedure"
)

// Format is the value of a guide's `format` member that this package reads.
const Format = "luoshi-guide/1"

// Guide is one guide. It is immutable after Load.
type Guide struct {
	Format    string         `yaml:"format" json:"format"`
	ID        string         `yaml:"id" json:"id"`
	Title     procedure.Text `yaml:"title" json:"title"`
	Summary   procedure.Text `yaml:"summary" json:"summary"` // what it is for, on the way in
	Languages []string       `yaml:"languages" json:"languages"`
	First     string         `yaml:"first" json:"first"` // the question it begins with
	Questions []Question     `yaml:"questions" json:"questions"`
	Outcomes  []Outcome      `yaml:"outcomes" json:"outcomes"`
	Ways      []Way          `yaml:"ways" json:"ways"`

	Hash string `yaml:"-" json:"hash"` // lower-case hex SHA-256 of the text

	sheet     *procedure.Sheet
	questions map[string]*Question
	outcomes  map[string]*Outcome
	ways      map[string]*Way
}

// Question is asked on one screen.
type Question struct {
	Name    string         `yaml:"name" json:"name"`
	Ask     procedure.Text `yaml:"ask" json:"ask"`
	Hint    procedure.Text `yaml:"hint" json:"hint,omitempty"`
	Answers []Answer       `yaml:"answers" json:"answers"`
}

// Answer leads to another question or to an outcome, by name.
type Answer struct {
	Text procedure.Text `yaml:"text" json:"text"`
	Hint procedure.Text `yaml:"hint" json:"hint,omitempty"`
	To   string         `yaml:"to" json:"to"`
}

// Outcome is where the questions lead: the way that fits best, and others.
type Outcome struct {
	Name  string         `yaml:"name" json:"name"`
	Title procedure.Text `yaml:"title" json:"title"`
	Text  procedure.Text `yaml:"text" json:"text"` // what to do, in plain words
	Way   string         `yaml:"way" json:"way"`
	// Fields are choices that the form of the way's procedure begins with.
	Fields map[string]string `yaml:"fields" json:"fields,omitempty"`
	Others []string          `yaml:"others" json:"others,omitempty"` // other ways
	Basis  []procedure.Basis `yaml:"basis" json:"basis,omitempty"`   // beside that of the way
}

// Way is one way to settle something, with what tells it from others.
type Way struct {
	Name      string            `yaml:"name" json:"name"`
	Title     procedure.Text    `yaml:"title" json:"title"`
	Procedure string            `yaml:"procedure" json:"procedure,omitempty"` // id of one that can be brought here
	Where     procedure.Text    `yaml:"where" json:"where"`                   // where to go, also when it cannot be brought here
	Call      string            `yaml:"call" json:"call,omitempty"`           // telephone number
	Cost      procedure.Text    `yaml:"cost" json:"cost"`
	Time      procedure.Text    `yaml:"time" json:"time"` // by law
	Binding   procedure.Text    `yaml:"binding" json:"binding"`
	Fails     procedure.Text    `yaml:"fails" json:"fails"` // what there is when it comes to nothing
	Basis     []procedure.Basis `yaml:"basis" json:"basis"`
}

// Load reads a guide; name stands in findings. The error is *procedure.Errors with everything that is wrong with the text
// alone; Check holds it against procedures.
func Load(name string, src []byte) (*Guide, error) {
	g := &Guide{}
	sheet, err := procedure.ReadSheet(name, src, Format, g)
	if err != nil {
		return nil, err
	}
	g.sheet = sheet
	g.index()
	c := &checker{g: g}
	c.check()
	if len(c.found) > 0 {
		return nil, &c.found
	}
	g.Hash = procedure.HashOf(src)
	return g, nil
}

// LoadFS loads every guide in a folder of fsys, in order of name. The error is that of the first that does not load.
func LoadFS(fsys fs.FS, folder string) ([]*Guide, error) {
	names, err := fs.Glob(fsys, folder+"/*.yaml")
	if err != nil {
		return nil, err
	}
	var guides []*Guide
	for _, name := range names {
		src, err := fs.ReadFile(fsys, name)
		if err != nil {
			return nil, err
		}
		g, err := Load(name, src)
		if err != nil {
			return nil, fmt.Errorf("guide %s: %w", name, err)
		}
		guides = append(guides, g)
	}
	return guides, nil
}

func (g *Guide) index() {
	g.questions, g.outcomes, g.ways = map[string]*Question{}, map[string]*Outcome{}, map[string]*Way{}
	for i := range g.Questions {
		g.questions[g.Questions[i].Name] = &g.Questions[i]
	}
	for i := range g.Outcomes {
		g.outcomes[g.Outcomes[i].Name] = &g.Outcomes[i]
	}
	for i := range g.Ways {
		g.ways[g.Ways[i].Name] = &g.Ways[i]
	}
}

// Question returns the question of that name, or nil.
func (g *Guide) Question(name string) *Question { return g.questions[name] }

// Outcome returns the outcome of that name, or nil.
func (g *Guide) Outcome(name string) *Outcome { return g.outcomes[name] }

// Way returns the way of that name, or nil.
func (g *Guide) Way(name string) *Way { return g.ways[name] }

// Taken is an answer that was given.
type Taken struct {
	Question *Question
	Answer   *Answer
}

// Follow goes a way through the guide: to lists the names to which the answers lead, one after the other. It gives the
// answers, and where they end: a question still to be answered, or an outcome. False: there is no such way.
func (g *Guide) Follow(to []string) (given []Taken, q *Question, o *Outcome, ok bool) {
	q = g.questions[g.First]
	for _, name := range to {
		if q == nil {
			return nil, nil, nil, false
		}
		i := slices.IndexFunc(q.Answers, func(a Answer) bool { return a.To == name })
		if i < 0 {
			return nil, nil, nil, false
		}
		given = append(given, Taken{q, &q.Answers[i]})
		q, o = g.questions[name], g.outcomes[name]
	}
	return given, q, o, true
}
