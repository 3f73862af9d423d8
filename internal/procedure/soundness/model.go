package soundness

import (
	"slices"
	"strings"

	"luoshi/internal/procedure"
)

// model is the procedure as a machine over keys: only what can make a difference in this procedure is a dimension.
type model struct {
	p    *procedure.Procedure
	most int  // situations to walk
	over bool // one step alone leads to more

	state    dim // after those declared comes one for all matters that went on in another procedure
	assignee dim // nobody, somebody, somebody with the role labels[i-2]
	labels   []string
	referral dim // from nowhere, from one unit, from several in a row
	kinds    *kindClasses
	issuers  []kindClass // of the units that may issue it
	owner    dim         // class of the kind of the responsible unit
	referrer dim         // class of the kind of the unit that referred it last
	channel  dim
	channels []string

	clocks  []clock
	subs    []sub
	fields  []field
	taken   []counted // of steps
	parties []counted // of party roles

	steps   []step
	from    [][]int     // state → steps, in declared order
	imports bool        // the program takes steps when it brings in matters from another system
	actors  []existence // scratch: by label + 1, who could take the step that is looked at

	// By state, clocks as bits.
	suspended []uint64
	ends      []bool
	// Clocks as bits.
	ofOwner uint64 // a unit answers for them: the responsible one, or the one that issued the matter
	lapsing uint64 // a step is taken at lapse
	passive uint64 // nothing depends on whether they are open, but that the fewer are open, the worse
}

// counted is a number that guards compare, cut off where they can no longer tell: values[i] stands for index i,
// the last also for all above.
type counted struct {
	dim
	name   string
	lowest int
	exact  bool // there can be no more
}

// step is a declared step with its names resolved.
type step struct {
	*procedure.Step
	i             int
	to            int // state; -1: stays
	starts, stops uint64
	extends       int   // clock; -1: none
	opens         int   // sub; -1: none
	mayEnd        []int // subs; see told
	waits         []int
	guard         *guard
	sets          []setting
	taken         int  // in model.taken; -1: nobody asks
	acts          bool // it does more than extend a clock
	moves         bool // it leads to a situation that is told apart
	blind         bool // asks for something that the program cannot give: a required field or note, a choice
}

// setting is a tracked field that a step asks for.
type setting struct {
	field    int
	required bool
}

// newModel returns nil when the dimensions do not fit into a key. There are at most mostClocks clocks.
func newModel(p *procedure.Procedure, o Options) *model {
	m := &model{p: p, most: o.most()}
	l := &layout{}
	reads := allReads(p)
	m.state = l.dim(len(p.States) + 1)
	m.people(l, reads)
	m.places(l, reads, o.Kinds)
	m.values(l, reads)
	m.history(l, reads)
	m.timing(l, reads)
	m.outstanding(l, reads)
	m.stepsOf(reads, o.Find)
	if l.full {
		return nil
	}
	return m
}

// allReads merges how the guards look at things.
func allReads(p *procedure.Procedure) map[procedure.GuardUse]procedure.GuardRead {
	all := map[procedure.GuardUse]procedure.GuardRead{}
	for i := range p.Steps {
		if p.Steps[i].Guard == nil {
			continue
		}
		for _, r := range p.Steps[i].Guard.Reads() {
			was := all[r.GuardUse]
			r.Present = r.Present || was.Present
			r.Value = r.Value || was.Value
			r.Free = r.Free || was.Free
			r.Texts = slices.Concat(was.Texts, r.Texts)
			r.Numbers = slices.Concat(was.Numbers, r.Numbers)
			all[r.GuardUse] = r
		}
	}
	return all
}

// eachWho calls f with everybody who may take some step.
func eachWho(p *procedure.Procedure, f func(s *procedure.Step, w procedure.Who)) {
	for i := range p.Steps {
		for _, w := range p.Steps[i].By {
			f(&p.Steps[i], w)
		}
	}
}

// people lays out whether the matter is assigned. Somebody assigned is told apart by role where a step needs an
// assigned person with a role.
func (m *model) people(l *layout, reads map[procedure.GuardUse]procedure.GuardRead) {
	_, asked := reads[procedure.GuardUse{Function: "assigned"}]
	eachWho(m.p, func(_ *procedure.Step, w procedure.Who) {
		if w.Relation != procedure.RelationAssigned {
			return
		}
		asked = true
		if w.Role != "" && !slices.Contains(m.labels, w.Role) {
			m.labels = append(m.labels, w.Role)
		}
	})
	m.assignee = dim{size: 1}
	if asked {
		m.assignee = l.dim(2 + len(m.labels))
	}
}

// label is how somebody with the role is told apart.
func (m *model) label(role string) int {
	if i := slices.Index(m.labels, role); i >= 0 {
		return 2 + i
	}
	return 1
}

// places lays out whence the matter was referred, and whose it is.
func (m *model) places(l *layout, reads map[procedure.GuardUse]procedure.GuardRead, kinds *procedure.Kinds) {
	_, asked := reads[procedure.GuardUse{Function: "referred"}]
	back := false
	for i := range m.p.Steps {
		s := &m.p.Steps[i]
		back = back || s.Refer == procedure.ReferBack || s.Opens != nil && s.Opens.Unit == relationReferrer ||
			s.Continues != nil && s.Continues.Unit == relationReferrer
	}
	eachWho(m.p, func(_ *procedure.Step, w procedure.Who) { back = back || w.Relation == relationReferrer })
	m.referral = dim{size: 1}
	if asked || back {
		m.referral = l.dim(3)
	}
	m.kinds = classesOf(m.p, kinds)
	for _, kind := range m.p.Open.Issuers {
		m.issuers = append(m.issuers, classOf(rolesNamed(m.p), kind, kinds))
	}
	m.owner, m.referrer = l.dim(len(m.kinds.list)), dim{size: 1}
	if back {
		m.referrer = l.dim(len(m.kinds.list))
	}
}

// Relations of Who and values of Opens.Unit.
const (
	relationSuperior = "superior"
	relationReferrer = "referrer"
)

// history lays out how often steps were taken, how many parties there are and how the matter came, where a guard
// or somebody who acts depends on it.
func (m *model) history(l *layout, reads map[procedure.GuardUse]procedure.GuardRead) {
	m.channel = dim{size: 1}
	if _, asked := reads[procedure.GuardUse{Function: "channel"}]; asked {
		m.channels = m.p.Open.Channels
		m.channel = l.dim(len(m.channels))
	}
	for i := range m.p.Steps {
		name := m.p.Steps[i].Name
		if r, asked := reads[procedure.GuardUse{Function: "taken", Argument: name}]; asked {
			if top, ok := topOf(r); ok {
				m.taken = append(m.taken, counted{dim: l.dim(top + 1), name: name})
			}
		}
	}
	for _, r := range m.p.Parties {
		read, asked := reads[procedure.GuardUse{Function: "parties", Argument: r.Role}]
		if !asked && (r.Min > 0 || !m.acts(r.Role)) {
			continue
		}
		top, ok := topOf(read)
		if !ok {
			top = min(max(r.Max, 1), mostCounted)
		}
		top = max(top, 1, r.Min)
		if r.Max > 0 {
			top = min(top, r.Max)
		}
		m.parties = append(m.parties, counted{dim: l.dim(top - r.Min + 1), name: r.Role, lowest: r.Min, exact: top == r.Max})
	}
}

// mostCounted is how far guards are followed in counting; who compares with more is not proved.
const mostCounted = 15

// topOf is the count at which the guards can tell no more apart; false if there is none.
func topOf(r procedure.GuardRead) (top int, ok bool) {
	if r.Free {
		return 0, false
	}
	for _, n := range r.Numbers {
		if n > mostCounted-1 {
			return 0, false
		}
		top = max(top, int(n)+1)
	}
	return top, true
}

// acts tells whether a party of the role is named as somebody who may take a step.
func (m *model) acts(role string) (acts bool) {
	eachWho(m.p, func(_ *procedure.Step, w procedure.Who) {
		acts = acts || w.Relation == procedure.RelationParty || w.Relation == procedure.RelationParty+":"+role
	})
	return acts
}

// stepsOf resolves the steps; everything else is laid out.
func (m *model) stepsOf(reads map[procedure.GuardUse]procedure.GuardRead, find func(id string) *procedure.Procedure) {
	p := m.p
	state := map[string]int{}
	n := m.state.size
	m.ends, m.suspended, m.from = make([]bool, n), make([]uint64, n), make([][]int, n)
	m.ends[m.beyond()] = true
	for i, s := range p.States {
		state[s.Name], m.ends[i] = i, s.End
		for j := range p.Clocks {
			if p.Suspended(&p.Clocks[j], s.Name) {
				m.suspended[i] |= 1 << j
			}
		}
	}
	m.actors = make([]existence, len(m.labels)+3)
	m.imports = slices.Contains(p.Open.Channels, "import") &&
		slices.ContainsFunc(p.Open.By, func(w procedure.Who) bool { return w.Relation == procedure.RelationSystem })
	for i := range p.Steps {
		s := step{Step: &p.Steps[i], i: i, to: -1, extends: -1, opens: -1, taken: -1}
		if s.To != "" {
			s.to = state[s.To]
		}
		if s.Continues != nil {
			s.to = m.beyond()
		}
		for j := range p.Clocks {
			if slices.Contains(p.Clocks[j].Starts, s.Name) {
				s.starts |= 1 << j
			}
			if slices.Contains(p.Clocks[j].Stops, s.Name) {
				s.stops |= 1 << j
			}
			if p.Clocks[j].Name == s.Extend {
				s.extends = j
			}
		}
		for j := range p.Subs {
			if s.Opens != nil && s.Opens.Sub == p.Subs[j].Name {
				s.opens = j
			}
			if slices.Contains(s.Waits, p.Subs[j].Name) {
				s.waits = append(s.waits, j)
			}
		}
		s.mayEnd = m.mayEnd(s.Step, find)
		s.sets = m.settings(s.Fields)
		s.taken = slices.IndexFunc(m.taken, func(c counted) bool { return c.name == s.Name })
		s.acts = !m.onlyExtends(s.Step)
		s.moves = s.acts || m.passive>>s.extends&1 == 0
		s.blind = s.Note == procedure.NoteRequired || s.Assign == procedure.AssignChoose || s.Refer == procedure.ReferChoose ||
			s.Opens != nil && (s.Opens.Unit == procedure.OpensAtChosen || s.Opens.Unit == procedure.OpensAtSeveral) || s.Continues != nil && s.Continues.Unit == "choose" || slices.ContainsFunc(s.Fields, func(u procedure.FieldUse) bool { return u.Required })
		if s.Guard != nil {
			s.guard = m.newGuard(s.Guard, reads)
		}
		m.steps = append(m.steps, s)
		for _, from := range s.From {
			m.from[state[from]] = append(m.from[state[from]], i)
		}
	}
}

// beyond is where a matter stands that went on in another procedure. For this one that is an end.
func (m *model) beyond() int { return len(m.p.States) }

// settings are the tracked ones of the fields asked for.
func (m *model) settings(uses []procedure.FieldUse) (sets []setting) {
	for _, u := range uses {
		if i := slices.IndexFunc(m.fields, func(f field) bool { return f.name == u.Name }); i >= 0 {
			sets = append(sets, setting{i, u.Required})
		}
	}
	return sets
}

// partyRole is the role in a relation party:<role>; "" for party.
func partyRole(relation string) (role string, ok bool) {
	rest, ok := strings.CutPrefix(relation, procedure.RelationParty)
	return strings.TrimPrefix(rest, ":"), ok
}
