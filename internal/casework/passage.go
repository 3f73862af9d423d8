package casework

import (
	"context"
	"slices"

	"luoshi/internal/procedure"
)

// Onward is what a step is told about the procedure in which the matter goes on with it.
type Onward struct {
	Unit    string         `json:"unit,omitempty"`    // that gets the matter, where the procedure has one chosen
	Fields  map[string]any `json:"fields,omitempty"`  // of the other procedure, that it asks for and the matter has no value for
	Parties []Party        `json:"parties,omitempty"` // whom the other procedure asks for and the matter does not have
}

// Passage is what an act says of a matter's way from one procedure into another. It names nothing that is personal.
// Members stand in the order of their JSON names.
type Passage struct {
	Fields   map[string]string `json:"fields,omitempty"`  // the values taken along: theirs by name, ours as value
	From     string            `json:"from"`              // id@version
	FromHash string            `json:"from_sha256"`       // of its text
	Parties  map[string]string `json:"parties,omitempty"` // roles there, by those here
}

// Wanted is what the procedure in which a matter would go on asks for with the step.
type Wanted struct {
	Rules   *Rules // by which it would go on
	Unit    string // that would get it; "" where one is chosen
	Choose  bool   // a unit is chosen
	Fields  []procedure.FieldUse
	Parties []procedure.PartyRole // of whom more are needed than the matter has
}

// wayOn is a matter about to go on in another procedure.
type wayOn struct {
	Wanted
	brought map[string]string // fields: theirs by name, ours as value
	parties []Party           // the matter's own, with their roles there
	roles   []PartyRef
}

// wayOn works out how a matter goes on with a step; fields are those given with it. The other procedure must be
// published.
func (s *Service) wayOn(m *Matter, rules *Rules, st *procedure.Step, fields map[string]any, chosen string) wayOn {
	n := st.Continues
	w := wayOn{brought: map[string]string{}, Wanted: Wanted{Rules: s.Rules(n.Procedure), Choose: n.Unit == procedure.OpensAtChosen}}
	w.Unit = s.unitFor(m, n.Unit, chosen)
	theirs := w.Rules.Procedure
	for _, use := range theirs.AsksWhenOpening() {
		ours := n.Fields[use.Name]
		value, ok := fields[ours]
		if !ok {
			value, ok = m.Fields[ours]
		}
		if ok && fits(rules.Procedure, ours, theirs, use.Name, value) {
			w.brought[use.Name] = ours
		}
	}
	w.Fields = theirs.AsksToContinue(func(name string) bool { return w.brought[name] != "" })
	count := map[string]int{}
	for _, r := range m.Roles {
		if role := n.Role(r.Role); role != "" {
			if there := theirs.PartyRole(role); there == nil || !there.Sees {
				r.Code = "" // whoever may not follow a matter there cannot do so with the code they had here
			}
			w.roles = append(w.roles, PartyRef{Role: role, Code: r.Code})
			count[role]++
		}
	}
	for _, p := range m.Parties {
		if role := n.Role(p.Role); role != "" {
			p.Role = role
			w.parties = append(w.parties, p)
		}
	}
	for _, r := range theirs.Parties {
		if count[r.Role] < r.Min {
			w.Parties = append(w.Parties, r)
		}
	}
	return w
}

// fits reports whether a value of one procedure is one of a field of another.
func fits(ours *procedure.Procedure, from string, theirs *procedure.Procedure, to string, value any) bool {
	a, b := ours.Field(from), theirs.Field(to)
	if a == nil || b == nil || a.Type != b.Type {
		return false
	}
	_, err := theirs.CheckFields([]procedure.FieldUse{{Name: to}}, map[string]any{to: recorded(b, value)})
	return err == nil
}

// noWayOn says why a matter cannot go on in the procedure that a step names; nil when it can.
func (s *Service) noWayOn(rules *Rules, m *Matter, st *procedure.Step) error {
	n := st.Continues
	if s.Rules(n.Procedure) == nil {
		return fail(NotAllowed, "onward-not-published", "“"+st.Title.In("zh")+"”要转入的规程 "+n.Procedure+" 还没有发布，请联系管理员。",
			"The procedure "+n.Procedure+", in which “"+st.Title.In("en")+"” goes on, is not published yet; have it published first.")
	}
	w := s.wayOn(m, rules, st, nil, "")
	if w.Choose {
		return nil
	}
	var bad error
	s.checkUnit(func(_, _, _, _ string) {
		bad = fail(NotAllowed, "no-unit-onward", "没有可以接着办理“"+w.Rules.Procedure.Title.In("zh")+"”的单位。",
			"There is no office here that could go on with “"+w.Rules.Procedure.Title.In("en")+"”.")
	}, w.Rules, w.Unit)
	return bad
}

// Wanted says what a lawful step that goes on in another procedure asks for beside its own fields; nil for another step.
func (f *File) Wanted(st *procedure.Step) *Wanted {
	if st.Continues == nil {
		return nil
	}
	return f.wanted(st)
}

func (s *Service) wanted(m *Matter, rules *Rules, st *procedure.Step) *Wanted {
	if s.Rules(st.Continues.Procedure) == nil {
		return nil
	}
	w := s.wayOn(m, rules, st, nil, "")
	return &w.Wanted
}

// goingOn fills in what a step that continues in another procedure makes of act and content, and says what is wrong with
// what was given for it, by the member of the step where it can be put right.
func (s *Service) goingOn(act *Act, content *Content, m *Matter, rules *Rules, st *procedure.Step, given *Onward) []FieldError {
	if st.Continues == nil {
		if given == nil {
			return nil
		}
		return []FieldError{{Field: "onward", Code: "not-asked", Text: text("这个环节不转入其他规程。", "This step does not go on in another procedure.")}}
	}
	if given == nil {
		given = &Onward{}
	}
	var bad []FieldError
	reject := func(field, code, zh, en string) {
		bad = append(bad, FieldError{Field: "onward." + field, Code: code, Text: text(zh, en)})
	}
	w := s.wayOn(m, rules, st, content.Fields, given.Unit)
	theirs := w.Rules.Procedure
	if given.Unit != "" && !w.Choose {
		reject("unit", "not-asked", "单位由规程确定，不能选择。", "The procedure says which office gets it; it cannot be chosen.")
	}
	s.checkUnit(reject, w.Rules, w.Unit)
	opening, err := theirs.CheckFields(w.Fields, given.Fields)
	for _, f := range fieldErrors(err) {
		f.Field = "onward." + f.Field
		bad = append(bad, f)
	}
	for _, p := range given.Parties {
		if !slices.ContainsFunc(w.Parties, func(r procedure.PartyRole) bool { return r.Role == p.Role }) {
			reject("parties", "not-asked", "这位当事人不用填写。", "This party is not asked for.")
		}
	}
	checkParties(reject, theirs, slices.Concat(w.asParties(), given.Parties))
	if len(bad) > 0 {
		return bad
	}
	content.Opening, content.Parties = opening, given.Parties
	for _, p := range given.Parties {
		w.roles = append(w.roles, PartyRef{Role: p.Role})
	}
	act.Continues = &Passage{Fields: w.brought, From: m.Procedure, FromHash: rules.Procedure.Hash, Parties: st.Continues.Parties}
	act.Procedure, act.Declared, act.State = theirs.Key(), theirs.Hash, theirs.Open.To
	act.Unit, act.Assignee, act.Parties = w.Unit, "", w.roles
	return nil
}

// foundOnward is what a step is told with the files that it names; see found.
func (s *Service) foundOnward(ctx context.Context, m *Matter, st *procedure.Step, given *Onward) (*Onward, error) {
	if given == nil || st == nil || st.Continues == nil || s.Rules(st.Continues.Procedure) == nil {
		return given, nil
	}
	fields, err := s.found(ctx, s.Rules(st.Continues.Procedure).Procedure, m, given.Fields)
	return &Onward{Unit: given.Unit, Fields: fields, Parties: given.Parties}, err
}

// asParties are the parties that come along. What they said of themselves may be erased; they still count.
func (w *wayOn) asParties() []Party {
	parties := make([]Party, len(w.roles))
	for i, r := range w.roles {
		parties[i] = Party{Role: r.Role, Name: r.Role}
	}
	return parties
}

// passageClocks are the operations of a step that continues in another procedure: the clocks of this one stop, and those
// begin that begin with a matter there.
func (s *Service) passageClocks(m *Matter, st *procedure.Step, at string) ([]ClockOp, error) {
	var ops []ClockOp
	for i := range m.Clocks {
		if c := &m.Clocks[i]; c.Open() {
			ops = append(ops, ClockOp{Op: "stop", Clock: c.Name})
		}
	}
	to := s.Rules(st.Continues.Procedure)
	if to == nil {
		return ops, nil // hindered says so
	}
	more, err := to.clockOps(&Matter{Procedure: to.Procedure.Key()}, procedure.EventOpen, to.Procedure.Open.To, at, at, "")
	return append(ops, more...), err
}
