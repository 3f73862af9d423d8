package procedure

import "strconv"

// index holds the look-up tables that Load makes; the values point into the slices of the Procedure.
type index struct {
	fields  map[string]*Field
	states  map[string]*State
	steps   map[string]*Step
	clocks  map[string]*Clock
	parties map[string]*PartyRole
	subs    map[string]*Sub

	notices   map[string]*Notice
	documents map[string]*Document

	stepsFrom map[string][]*Step  // state → steps, in declared order
	starts    map[string][]*Clock // event → clocks
	stops     map[string][]*Clock
	patterns  map[string]matcher // field → its compiled pattern

	file   string           // name the declaration was loaded by
	places map[string]place // where each member stands in it, by path ("steps[3].to")
}

// At is a finding about the member of that path ("steps[3].to", "clocks[0].basis"), or about the nearest member
// around it that was written; words are by language and must have English.
func (p *Procedure) At(path, rule, severity string, words Text) Finding {
	return findingAt(p.file, p.places, path, Finding{Rule: rule, Severity: severity, Message: words["en"], Words: words})
}

// findingAt places a finding at the member of that path, or at the nearest one around it that was written.
func findingAt(file string, places map[string]place, path string, f Finding) Finding {
	f.File = file
	for around := path; ; around = parent(around) {
		if at, ok := places[around]; ok {
			f.Line, f.Col = at.line, at.col
			return f
		}
		if around == "" {
			return f
		}
	}
}

// matcher is the part of *regexp.Regexp that values are checked with.
type matcher interface{ MatchString(string) bool }

func byName[T any](list []T, name func(*T) string) map[string]*T {
	m := make(map[string]*T, len(list))
	for i := range list {
		if n := name(&list[i]); m[n] == nil {
			m[n] = &list[i]
		}
	}
	return m
}

// buildIndex fills the tables. Of two things with one name the first is kept; the checker reports the second.
func (p *Procedure) buildIndex() {
	p.index = index{
		file: p.file, places: p.places,
		fields:    byName(p.Fields, func(f *Field) string { return f.Name }),
		states:    byName(p.States, func(s *State) string { return s.Name }),
		steps:     byName(p.Steps, func(s *Step) string { return s.Name }),
		clocks:    byName(p.Clocks, func(c *Clock) string { return c.Name }),
		parties:   byName(p.Parties, func(r *PartyRole) string { return r.Role }),
		subs:      byName(p.Subs, func(s *Sub) string { return s.Name }),
		notices:   byName(p.Notices, func(n *Notice) string { return n.Name }),
		documents: byName(p.Documents, func(d *Document) string { return d.Name }),
		stepsFrom: map[string][]*Step{},
		starts:    map[string][]*Clock{},
		stops:     map[string][]*Clock{},
		patterns:  map[string]matcher{},
	}
	for i := range p.Steps {
		step := &p.Steps[i]
		for _, from := range step.From {
			p.stepsFrom[from] = append(p.stepsFrom[from], step)
		}
		if to := p.states[step.To]; to != nil {
			step.Terminal = to.End
		}
	}
	for i := range p.Clocks {
		clock := &p.Clocks[i]
		for _, event := range clock.Starts {
			p.starts[event] = append(p.starts[event], clock)
		}
		for _, event := range clock.Stops {
			p.stops[event] = append(p.stops[event], clock)
		}
	}
}

// Key names the procedure at its version, "people-mediation@1". A matter is pinned to it.
func (p *Procedure) Key() string { return p.ID + "@" + strconv.Itoa(p.Version) }

// Field returns the declared field, or nil.
func (p *Procedure) Field(name string) *Field { return p.fields[name] }

// State returns the declared state, or nil.
func (p *Procedure) State(name string) *State { return p.states[name] }

// Step returns the declared step, or nil.
func (p *Procedure) Step(name string) *Step { return p.steps[name] }

// Clock returns the declared clock, or nil.
func (p *Procedure) Clock(name string) *Clock { return p.clocks[name] }

// PartyRole returns the declared party role, or nil.
func (p *Procedure) PartyRole(role string) *PartyRole { return p.parties[role] }

// Notice returns the declared notice, or nil.
func (p *Procedure) Notice(name string) *Notice { return p.notices[name] }

// Document returns the declared document, or nil.
func (p *Procedure) Document(name string) *Document { return p.documents[name] }

// Sub returns the declared kind of sub-matter, or nil.
func (p *Procedure) Sub(name string) *Sub { return p.subs[name] }
