package story

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/goccy/go-yaml"

	"luoshi/internal/casework"
)

// Story is one life of a matter, as its file tells it.
type Story struct {
	Name      string            `yaml:"-"` // of the file, without ending
	Title     string            `yaml:"title"`
	Procedure string            `yaml:"procedure"`
	Main      bool              `yaml:"main"` // tried through the pages in both languages
	Zone      string            `yaml:"zone"` // IANA name; empty: Asia/Shanghai
	People    map[string]Person `yaml:"people"`
	Watch     []string          `yaml:"watch"` // accounts of whom the golden text says what they see
	Acts      []Act             `yaml:"acts"`
	LeavesOut LeavesOut         `yaml:"leaves_out"`

	Location *time.Location `yaml:"-"`
}

// Person is somebody without an account. Without a role they know at most the number of the matter.
type Person struct {
	Role    string `yaml:"role"`
	Name    string `yaml:"name"`
	Phone   string `yaml:"phone"`
	Address string `yaml:"address"`
}

// Act is what somebody does, or only that time passes until At.
type Act struct {
	At     string  `yaml:"at"`     // 2026-03-02 09:00, or a day for nine in the morning of it
	By     string  `yaml:"by"`     // of People, or an account: role@unit
	Matter string  `yaml:"matter"` // of a sub-matter, by the name of the sub; empty: the one lodged first
	Lodge  *Lodge  `yaml:"lodge"`
	Step   string  `yaml:"step"`
	Code   string  `yaml:"code"` // the person who is given a query code
	Expect *Expect `yaml:"expect"`

	// With Step.
	Fields   map[string]any       `yaml:"fields"`
	Note     string               `yaml:"note"`
	Unit     string               `yaml:"unit"`
	Files    map[string][]string  `yaml:"files"` // field: names of files, of which Sample makes the content
	Assignee string               `yaml:"assignee"`
	Sub      *casework.SubOpening `yaml:"sub"`
	Onward   *casework.Onward     `yaml:"onward"`

	Time time.Time `yaml:"-"` // that At names
}

// Lodge begins a matter.
type Lodge struct {
	Unit    string              `yaml:"unit"`
	Issuer  string              `yaml:"issuer"`  // of a procedure whose matters are issued
	Channel string              `yaml:"channel"` // empty: web
	Title   string              `yaml:"title"`
	Fields  map[string]any      `yaml:"fields"`
	Files   map[string][]string `yaml:"files"`
	Parties []string            `yaml:"parties"` // of People, in the order in which they are named
}

// Expect is what a person worked out beforehand. Members that are left out expect nothing.
type Expect struct {
	State   string              `yaml:"state"`
	Unit    string              `yaml:"unit"`
	Due     map[string]string   `yaml:"due"`     // clock: a day, a day with the hour, stopped, suspended or none
	Late    []string            `yaml:"late"`    // clocks whose lateness is recorded
	Refused string              `yaml:"refused"` // code of the refusal, or of what is wrong with one of the members
	Told    map[string][]string `yaml:"told"`    // person or account: notices of this act that they can read
	Sees    map[string][]string `yaml:"sees"`    // person or account: fields that they can read
	Hides   map[string][]string `yaml:"hides"`   // person or account: fields that they cannot; all: the whole matter
	May     map[string][]string `yaml:"may"`     // person or account: steps that they are offered
	MayNot  map[string][]string `yaml:"may_not"` // person or account: steps that they are not offered
	System  []string            `yaml:"system"`  // what the system did since the act before, as "warned: acceptance", "close"
}

// LeavesOut are steps and clocks of the procedure that no story tries, with the reason.
type LeavesOut struct {
	Steps  map[string]string `yaml:"steps"`
	Clocks map[string]string `yaml:"clocks"`
}

// Load reads one file.
func Load(file string) (*Story, error) {
	src, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	s := &Story{Name: strings.TrimSuffix(filepath.Base(file), ".yaml")}
	if err := yaml.UnmarshalWithOptions(src, s, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	if err := s.settle(); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return s, nil
}

// LoadAll reads the stories of a folder, by name.
func LoadAll(dir string) ([]*Story, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.yaml"))
	if err != nil {
		return nil, err
	}
	var all []*Story
	var errs []error
	for _, file := range files {
		s, err := Load(file)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		all = append(all, s)
	}
	return all, errors.Join(errs...)
}

// settle reads the times, brings values into the form in which they come from outside, and says what cannot be played.
func (s *Story) settle() error {
	if s.Title == "" || s.Procedure == "" || len(s.Acts) == 0 {
		return errors.New("a story has a title, a procedure and acts")
	}
	if s.Zone == "" {
		s.Zone = "Asia/Shanghai"
	}
	var err error
	if s.Location, err = time.LoadLocation(s.Zone); err != nil {
		return err
	}
	before := time.Time{}
	for i := range s.Acts {
		if err := s.Acts[i].settle(s); err != nil {
			return fmt.Errorf("act %d: %w", i+1, err)
		}
		if s.Acts[i].Time.Before(before) {
			return fmt.Errorf("act %d: it happens before the act above", i+1)
		}
		before = s.Acts[i].Time
	}
	return nil
}

func (a *Act) settle(s *Story) error {
	at := a.At
	if len(at) == len(time.DateOnly) {
		at += " 09:00"
	}
	var err error
	if a.Time, err = time.ParseInLocation("2006-01-02 15:04", at, s.Location); err != nil {
		return err
	}
	verbs := 0
	for _, said := range []bool{a.Lodge != nil, a.Step != "", a.Code != ""} {
		if said {
			verbs++
		}
	}
	switch {
	case verbs > 1:
		return errors.New("one act is one of lodge, step and code")
	case verbs == 1 && a.By == "":
		return errors.New("by says who does it")
	case verbs == 0 && a.By != "":
		return errors.New("say what is done: lodge, step or code")
	}
	if a.Lodge != nil {
		for _, who := range a.Lodge.Parties {
			if s.People[who].Role == "" {
				return fmt.Errorf("the party %s has no role in people", who)
			}
		}
		if a.Lodge.Fields, err = asSent(a.Lodge.Fields); err != nil {
			return err
		}
	}
	if a.Onward != nil {
		if a.Onward.Fields, err = asSent(a.Onward.Fields); err != nil {
			return err
		}
	}
	a.Fields, err = asSent(a.Fields)
	return err
}

// asSent are values as JSON gives them.
func asSent(fields map[string]any) (map[string]any, error) {
	b, err := json.Marshal(fields)
	if err != nil || fields == nil {
		return nil, err
	}
	var out map[string]any
	return out, json.Unmarshal(b, &out)
}

// Is names the matter of an act for people.
func (a *Act) Is() string {
	if a.Matter == "" {
		return Main
	}
	return a.Matter
}

// Main is the matter that is lodged first.
const Main = "main"

// Lodging is the command for an act that begins a matter.
func (s *Story) Lodging(l *Lodge) casework.Lodging {
	out := casework.Lodging{Procedure: s.Procedure, Unit: l.Unit, Issuer: l.Issuer, Channel: l.Channel, Title: l.Title, Fields: l.Fields}
	if out.Channel == "" {
		out.Channel = "web"
	}
	for _, who := range l.Parties {
		p := s.People[who]
		out.Parties = append(out.Parties, casework.Party{Role: p.Role, Name: p.Name, Phone: p.Phone, Address: p.Address})
	}
	return out
}
