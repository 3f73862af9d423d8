package intake

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	yaml "github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// Format is the value of a mapping's `format` member that this package reads.
const Format = "luoshi-import/1"

// Clocks of imported matters: where they start.
const (
	ClockRecorded = "recorded" // when the row is recorded here
	ClockSource   = "source"   // at the time the source states
)

// Mapping says which column of a CSV file is what. doc/import.md specifies the written form. Texts are
// templates over the columns where the comment says so.
type Mapping struct {
	Format  string `yaml:"format"`
	System  string `yaml:"system"`  // name of the source; part of every row's identity
	Account string `yaml:"account"` // who imports; default "import"
	Channel string `yaml:"channel"` // default "import"
	Clock   string `yaml:"clock"`   // ClockRecorded (default) or ClockSource

	ID   string     `yaml:"id"` // column with the row's identity; empty: row number and content
	Time SourceTime `yaml:"time"`
	Skip []When     `yaml:"skip"`

	Title string `yaml:"title"` // template
	Case  `yaml:",inline"`
	Kinds []Kind `yaml:"kinds"` // rows that go by another procedure; the first that fits

	Places Places `yaml:"places"`
}

// SourceTime is where the source says when the matter was brought there.
type SourceTime struct {
	Column  string   `yaml:"column"`
	Formats []string `yaml:"formats"` // such as YYYY-MM-DDTHH:mm, tried in order
	Zone    string   `yaml:"zone"`    // IANA name
}

// When holds for rows whose cell is one of the values. Space around a cell does not count.
type When struct {
	Column string   `yaml:"column"`
	Values []string `yaml:"values"`
}

// Case is what a row becomes under one procedure.
type Case struct {
	Procedure string            `yaml:"procedure"`
	Fields    map[string]string `yaml:"fields"` // field of the procedure → template; empty results are left out
	Parties   []Person          `yaml:"parties"`
	Walks     []Walk            `yaml:"walks"` // the first that fits
}

// Kind is a case for the rows it fits.
type Kind struct {
	When When `yaml:"when"`
	Case `yaml:",inline"`
}

// Person is a party; a row where the name is empty has none. All but Role are templates.
type Person struct {
	Role    string `yaml:"role"`
	Name    string `yaml:"name"`
	Phone   string `yaml:"phone"`
	Address string `yaml:"address"`
}

// Walk takes steps, in order, with the matters of the rows it fits.
type Walk struct {
	When  When     `yaml:"when"`
	Steps []Stride `yaml:"steps"`
}

// Stride is one step. Note and the values of Fields are templates.
type Stride struct {
	Step   string            `yaml:"step"`
	Fields map[string]string `yaml:"fields"`
	Note   string            `yaml:"note"`
}

// Places says which office a row goes to: the root, or one below it for each level.
type Places struct {
	Root   Root    `yaml:"root"`
	Levels []Level `yaml:"levels"`
}

// Root is the office above all imported ones. It is made when it is not there; one that exists is used as
// it is.
type Root struct {
	Code   string            `yaml:"code"`
	Name   map[string]string `yaml:"name"` // by language
	Kind   string            `yaml:"kind"`
	Parent string            `yaml:"parent"` // code of an existing office; empty: none
}

// Level makes one office below the last for every value of a column.
type Level struct {
	Column string            `yaml:"column"`
	Kind   string            `yaml:"kind"`
	Name   map[string]string `yaml:"name"` // by language, templates; default the value
	// Names are the values in other languages: language → value → name. The templates of Name see them.
	Names    map[string]map[string]string `yaml:"names"`
	Aliases  map[string]string            `yaml:"aliases"`  // value → the value it means; "" counts as an empty cell
	Units    map[string]string            `yaml:"units"`    // value → code of an existing office
	Closed   bool                         `yaml:"closed"`   // a value that is not in Units is rejected
	Required bool                         `yaml:"required"` // an empty cell is rejected; otherwise the row stays a level above
}

// MappingError is everything wrong with a mapping, or with a mapping over this file and this installation.
// Each line says where.
type MappingError struct{ Problems []string }

func (e *MappingError) Error() string { return strings.Join(e.Problems, "\n") }

// Source is a mapping as written, with what is needed to say where something stands in it.
type Source struct {
	Mapping
	name string
	file *ast.File
	sum  string // digest of the text
	bad  []string
}

// Load reads a mapping; name is the file it came from. The error is a *MappingError.
func Load(name string, src []byte) (*Source, error) {
	s := &Source{name: name, sum: digest([]string{string(src)})}
	var err error
	if s.file, err = parser.ParseBytes(src, 0); err == nil {
		err = yaml.NewDecoder(bytes.NewReader(src), yaml.Strict()).Decode(&s.Mapping)
	}
	if errors.Is(err, io.EOF) {
		err = fmt.Errorf("the file is empty; begin with `format: %s`", Format)
	}
	if err != nil {
		return nil, s.unreadable(err)
	}
	if s.Format != Format {
		s.report(fmt.Sprintf("the format is %q; this program reads %s", s.Format, Format), "format")
		return nil, s.fault()
	}
	s.complete()
	s.check()
	return s, s.fault()
}

func (s *Source) unreadable(err error) error {
	at, text := position{1, 1}, err.Error()
	var fault yaml.Error
	if errors.As(err, &fault) {
		at, text = placeOf(fault.GetToken()), fault.GetMessage()
	}
	return &MappingError{[]string{s.line(at, text)}}
}

func (s *Source) complete() {
	set := func(v *string, value string) {
		if *v == "" {
			*v = value
		}
	}
	set(&s.Account, "import")
	set(&s.Channel, "import")
	set(&s.Clock, ClockRecorded)
	for i := range s.Kinds { // a kind says only what differs
		k := &s.Kinds[i]
		if k.Fields == nil {
			k.Fields = s.Fields
		}
		if k.Parties == nil {
			k.Parties = s.Parties
		}
		if k.Walks == nil {
			k.Walks = s.Walks
		}
	}
}

// check finds what is missing or wrong whatever the file and the installation.
func (s *Source) check() {
	need := func(value string, path ...any) {
		if value == "" {
			s.report(fmt.Sprintf("%q is missing", strings.TrimPrefix(pathText(path), ".")), path...)
		}
	}
	need(s.System, "system")
	need(s.Title, "title")
	need(s.Procedure, "procedure")
	need(s.Places.Root.Code, "places", "root", "code")
	need(s.Places.Root.Kind, "places", "root", "kind")
	if len(s.Places.Root.Name) == 0 {
		need("", "places", "root", "name")
	}
	if s.Clock != ClockRecorded && s.Clock != ClockSource {
		s.report("write clock: recorded or clock: source", "clock")
	}
	switch {
	case s.Time.Column != "":
		need(s.Time.Zone, "time", "zone")
		if len(s.Time.Formats) == 0 {
			need("", "time", "formats")
		}
	case s.Clock == ClockSource:
		s.report("clock: source needs the time of the source: say in `time` which column it is", "clock")
	}
	for i, w := range s.Skip {
		need(w.Column, "skip", i, "column")
	}
	for i, k := range s.Kinds {
		need(k.Procedure, "kinds", i, "procedure")
		need(k.When.Column, "kinds", i, "when", "column")
	}
	for i, l := range s.Places.Levels {
		need(l.Column, "places", "levels", i, "column")
		need(l.Kind, "places", "levels", i, "kind")
	}
}

// position is a line and a column, counted from 1.
type position struct{ line, column int }

func placeOf(t *token.Token) position {
	if t == nil || t.Position == nil {
		return position{1, 1}
	}
	return position{t.Position.Line, t.Position.Column}
}

func (s *Source) line(at position, text string) string {
	return fmt.Sprintf("%s:%d:%d: %s", s.name, at.line, at.column, text)
}

// report notes a problem with the member at path, or where it is missing with the nearest one above.
func (s *Source) report(text string, path ...any) {
	s.bad = append(s.bad, s.line(s.at(path), text))
}

func (s *Source) at(path []any) position {
	for ; len(path) > 0; path = path[:len(path)-1] {
		b := (&yaml.PathBuilder{}).Root()
		for _, p := range path {
			switch p := p.(type) {
			case int:
				b = b.Index(uint(p))
			case string:
				b = b.Child(p)
			}
		}
		if n, err := b.Build().FilterFile(s.file); err == nil && n != nil {
			return placeOf(n.GetToken())
		}
	}
	return position{1, 1}
}

// fault is what was reported so far, or nil.
func (s *Source) fault() error {
	if len(s.bad) == 0 {
		return nil
	}
	return &MappingError{s.bad}
}

func pathText(path []any) string {
	var b strings.Builder
	for _, p := range path {
		if i, ok := p.(int); ok {
			fmt.Fprintf(&b, "[%d]", i)
			continue
		}
		fmt.Fprintf(&b, ".%s", p)
	}
	return b.String()
}
