package casework

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"luoshi/internal/office"
	"luoshi/internal/procedure"
)

// SubOpening is what a step is told about the sub-matter that it opens.
type SubOpening struct {
	Unit  string   `json:"unit,omitempty"`  // that gets it, where the procedure has one chosen
	Title string   `json:"title,omitempty"` // empty: that of the matter itself
	Units []string `json:"units,omitempty"` // each of which gets one, where the procedure has several chosen
	Each  []string `json:"each,omitempty"`  // likewise all of these kinds below the unit of the matter: township
}

// MaxSubs is how many sub-matters one step may open: more than there are townships in a province.
const MaxSubs = 3000

// hindered says why a step cannot be taken for the sake of sub-matters: one has to end first, or there is nowhere
// to open another. It is nil when nothing of the kind stands in the way.
func (s *Service) hindered(rules *Rules, m *Matter, st *procedure.Step) error {
	if why := rules.Procedure.Hindered(st, m.Outstanding()); why != nil {
		return notLawful(why)
	}
	if st.Continues != nil {
		return s.noWayOn(rules, m, st)
	}
	if st.Opens == nil {
		return nil
	}
	sub := rules.Procedure.Sub(st.Opens.Sub)
	switch {
	case s.Rules(sub.Procedure) == nil:
		return fail(NotAllowed, "sub-not-published", "“"+sub.Title.In("zh")+"”所用的规程 "+sub.Procedure+" 还没有发布，请联系管理员。",
			"The procedure "+sub.Procedure+" of “"+sub.Title.In("en")+"” is not published yet; have it published first.")
	case !s.mayIssue(s.Rules(sub.Procedure).Procedure, m.Unit):
		return fail(NotAllowed, "not-an-issuer", "本单位不能交办“"+sub.Title.In("zh")+"”。", "This office may not issue “"+sub.Title.In("en")+"”.")
	case !named(st) && len(s.subUnits(m, st, nil)) == 0:
		return fail(NotAllowed, "no-unit-for-sub", "没有可以承办“"+sub.Title.In("zh")+"”的单位：事项不是转来的，或者上面没有单位。",
			"There is no office that could take “"+sub.Title.In("en")+"”: the matter was not referred, or nothing lies above.")
	}
	return nil
}

// named reports whether whoever takes the step names the unit or units that get its sub-matters.
func named(st *procedure.Step) bool {
	return st.Opens.Unit == procedure.OpensAtChosen || st.Opens.Unit == procedure.OpensAtSeveral
}

// subUnits are the units that get the sub-matters of a step; nil if there is none.
func (s *Service) subUnits(m *Matter, st *procedure.Step, given *SubOpening) []string {
	chosen := ""
	if given != nil {
		chosen = given.Unit
	}
	if st.Opens.Unit == procedure.OpensAtSeveral {
		if given == nil {
			return nil
		}
		return s.each(m, s.Rules(s.Rules(m.Procedure).Procedure.Sub(st.Opens.Sub).Procedure), given)
	}
	if unit := s.unitFor(m, st.Opens.Unit, chosen); unit != "" {
		return []string{unit}
	}
	return nil
}

// unitFor is the unit that gets a sub-matter, or the matter itself when it goes on in another procedure; "" if there is
// none.
func (s *Service) unitFor(m *Matter, which, chosen string) string {
	switch which {
	case procedure.OpensAtOwner:
		return m.Unit
	case procedure.OpensAtReferrer:
		if n := len(m.Referred); n > 0 {
			return m.Referred[n-1]
		}
	case procedure.OpensAtSuperior:
		u, _ := s.Tree().Unit(m.Unit)
		return u.Parent
	case procedure.OpensAtChosen:
		return chosen
	}
	return ""
}

// subLodging is what a step lodges: taken over from the matter as it is before the step and from the fields given
// with it. What the other procedure does not ask for is not handed over.
func (s *Service) subLodging(m *Matter, rules *Rules, st *procedure.Step, unit string, fields map[string]any, given *SubOpening) (*Rules, Lodging) {
	theirs := s.Rules(rules.Procedure.Sub(st.Opens.Sub).Procedure)
	l := Lodging{Procedure: theirs.Procedure.ID, Unit: unit, Title: m.Title, Fields: map[string]any{}}
	if len(theirs.Procedure.Open.Issuers) > 0 {
		l.Issuer = m.Unit
	}
	if given != nil {
		l.Title = cmp.Or(given.Title, m.Title)
	}
	for _, use := range theirs.Procedure.Open.Fields {
		ours, mapped := st.Opens.Fields[use.Name]
		value, ok := fields[ours]
		if !ok {
			value, ok = m.Fields[ours]
		}
		if mapped && ok {
			l.Fields[use.Name] = recorded(theirs.Procedure.Field(use.Name), value)
		}
	}
	for _, party := range m.Parties {
		for _, role := range slices.Sorted(maps.Keys(st.Opens.Parties)) {
			if st.Opens.Parties[role] == party.Role {
				party := party
				party.Role = role
				l.Parties = append(l.Parties, party)
			}
		}
	}
	return theirs, l
}

// subFaults says what is wrong with the sub-matter that a step opens, by the member of the step where it can be put
// right: fields.<ours> for what the step asks for, sub.<member> for the rest.
func (s *Service) subFaults(m *Matter, rules *Rules, st *procedure.Step, fields map[string]any, given *SubOpening) []FieldError {
	if st.Opens == nil {
		if given == nil {
			return nil
		}
		return []FieldError{{Field: "sub", Code: "not-asked", Text: text("这个环节不开立子事项。", "This step opens no sub-matter.")}}
	}
	var bad []FieldError
	title := rules.Procedure.Sub(st.Opens.Sub).Title
	reject := func(field, code, zh, en string) {
		bad = append(bad, FieldError{Field: "sub." + field, Code: code, Text: text(title.In("zh")+"："+zh, title.In("en")+": "+en)})
	}
	if given != nil && (given.Unit != "" && st.Opens.Unit != procedure.OpensAtChosen || len(given.Units)+len(given.Each) > 0 && st.Opens.Unit != procedure.OpensAtSeveral) {
		reject("unit", "not-asked", "单位由规程确定，不能选择。", "The procedure says which office gets it; it cannot be chosen.")
	}
	s.unitFaults(reject, m, rules, st, given)
	theirs, l := s.subLodging(m, rules, st, "", fields, given)
	bad = append(bad, s.withinFaults(m, rules, st, theirs, l)...)
	checkLine(reject, "title", l.Title, MaxTitle, true)
	checkParties(reject, theirs.Procedure, l.Parties)
	values, err := theirs.Procedure.CheckFields(theirs.Procedure.Open.Fields, l.Fields)
	found := fieldErrors(err)
	if err == nil {
		found = theirs.dayFaults(&Matter{}, procedure.EventOpen, "", values, s.Now())
	}
	for _, f := range found {
		reject(f.Field, f.Code, f.Text.In("zh"), f.Text.In("en"))
		name, _ := strings.CutPrefix(f.Field, "fields.")
		ours := st.Opens.Fields[name]
		if slices.ContainsFunc(st.Fields, func(u procedure.FieldUse) bool { return u.Name == ours }) {
			bad[len(bad)-1].Field = "fields." + ours
		}
	}
	return bad
}

// unitFaults says what is wrong with the units that get the sub-matters of a step.
func (s *Service) unitFaults(reject func(field, code, zh, en string), m *Matter, rules *Rules, st *procedure.Step, given *SubOpening) {
	units := s.subUnits(m, st, given)
	sub := rules.Procedure.Sub(st.Opens.Sub)
	theirs := s.Rules(sub.Procedure)
	switch {
	case len(units) == 0 && st.Opens.Unit != procedure.OpensAtSeveral:
		s.checkUnit(reject, theirs, "")
	case len(units) == 0:
		reject("unit", "required", "请选择承办单位。", "Choose the office that gets it.")
	case len(units) > MaxSubs:
		reject("unit", "too-many", "一次交办的单位太多，请分几次。", "These are too many offices at once; split them.")
	case sub.Max > 0 && m.Outstanding()[sub.Name]+len(units) > sub.Max:
		reject("unit", "too-many", "同时办理的件数超过规程的规定。", "More would be open at once than the procedure allows.")
	}
	seen := map[string]bool{}
	for _, unit := range units {
		before := seen[unit]
		seen[unit] = true
		if before {
			reject("unit", "twice", "同一个单位写了两次："+unit+"。", "An office is named twice: "+unit+".")
			continue
		}
		s.checkUnit(reject, theirs, unit)
		if len(theirs.Procedure.Open.Issuers) > 0 {
			s.checkIssuer(reject, theirs, unit, m.Unit)
		}
		if unit == m.Unit && st.Opens.Unit == procedure.OpensAtSeveral {
			reject("unit", "same", "不能分解给本单位自己。", "An office cannot pass a part to itself.")
		}
	}
}

// hasOne refuses a second sub-matter at an office that has one which has not ended, where the procedure gives each only
// one at a time.
func (s *Service) hasOne(ctx context.Context, m *Matter, rules *Rules, st *procedure.Step, given *SubOpening) error {
	if st.Opens == nil || !rules.Procedure.Sub(st.Opens.Sub).Once {
		return nil
	}
	var numbers []string
	for _, part := range m.Subs {
		if part.Name == st.Opens.Sub && part.Ended == "" {
			numbers = append(numbers, part.Number)
		}
	}
	if len(numbers) == 0 {
		return nil
	}
	all, err := s.Store.Matters(ctx, numbers)
	if err != nil {
		return err
	}
	there := map[string]bool{}
	for _, part := range all {
		there[part.Unit] = true
	}
	var bad []FieldError
	for _, code := range s.subUnits(m, st, given) {
		if u, _ := s.Tree().Unit(code); there[code] {
			bad = append(bad, FieldError{Field: "sub.unit", Code: "has-one",
				Text: text("已经有一件在"+u.Label("zh")+"，没有办结以前不能再给。", u.Label("en")+" has one already; it gets no second until that has ended.")})
		}
	}
	if len(bad) > 0 {
		return invalidInput(bad)
	}
	return nil
}

// withinFaults says that a day given for a clock of the sub-matter lies after the end of the clock here within which
// it has to lie.
func (s *Service) withinFaults(m *Matter, rules *Rules, st *procedure.Step, theirs *Rules, l Lodging) []FieldError {
	here := m.clock(st.Opens.Within)
	if here == nil || here.Due == "" {
		return nil
	}
	last, _, _ := strings.Cut(here.Due, "T")
	var bad []FieldError
	for i := range theirs.Procedure.Clocks {
		field := theirs.Procedure.Clocks[i].Until
		if day, ok := l.Fields[field].(string); field != "" && ok && day > last {
			bad = append(bad, FieldError{Field: "fields." + st.Opens.Fields[field], Code: "after-the-whole",
				Text: text("不能晚于本件的最后一日 "+last+"。", "It may not lie after "+last+", the last day of this matter.")})
		}
	}
	return bad
}

// sealed is the change that a step makes: its entry and, when it opens sub-matters, the first entries of those, and then what
// it brings about in those that it tells of it.
func (s *Service) sealed(ctx context.Context, m *Matter, rules *Rules, act Act, content Content, given *SubOpening, r *request) (*Change, error) {
	var with []*Change
	st := rules.Procedure.Step(act.Step)
	if st != nil && st.Opens != nil {
		for _, unit := range s.subUnits(m, st, given) {
			sub, err := s.openSub(ctx, m, rules, st, unit, &act, content.Fields, given)
			if err != nil {
				return nil, err
			}
			with = append(with, sub)
		}
	}
	if st != nil && len(st.Tells) > 0 {
		told, err := s.tellEach(ctx, m, rules, st, &act, content)
		if err != nil {
			return nil, err
		}
		with = append(with, told...)
	}
	e, err := newEntry(act, content, r)
	if err != nil {
		return nil, err
	}
	c := s.change(m, e, rules, r)
	c.With = with
	return c, nil
}

// openSub begins the sub-matter of a step and has the step's act name it. No query code goes out with it: who may
// follow the matter need not be one who may follow the sub-matter.
func (s *Service) openSub(ctx context.Context, m *Matter, rules *Rules, st *procedure.Step, unit string, act *Act, fields map[string]any, given *SubOpening) (*Change, error) {
	theirs, l := s.subLodging(m, rules, st, unit, fields, given)
	values, err := theirs.Procedure.CheckFields(theirs.Procedure.Open.Fields, l.Fields)
	if err != nil {
		return nil, err // subFaults has found it before
	}
	num, err := s.nextNumber(ctx, s.Now().In(theirs.Location).Year())
	if err != nil {
		return nil, err
	}
	link := Link{Matter: num, Sub: st.Opens.Sub}
	if st.Opens.Unit == procedure.OpensAtSeveral {
		act.OpensEach = append(act.OpensEach, link)
	} else {
		act.Opens = &link
	}
	first := Act{Matter: num, Time: act.Time, Actor: act.Actor, Unit: l.Unit, Issuer: l.Issuer, Parties: make([]PartyRef, len(l.Parties)),
		Parent: &Link{Matter: m.Number, Sub: st.Opens.Sub}}
	for i, p := range l.Parties {
		first.Parties[i].Role = p.Role
	}
	c, err := s.first(theirs, first, Content{Title: l.Title, Fields: values, Parties: l.Parties}, act.Time, nil)
	if err != nil {
		return nil, err
	}
	c.Fresh = nil // the step's own entry is the first that names them
	return c, nil
}

// ends reports whether the matter ends with the change.
func (c *Change) ends() bool { return c.Before != nil && c.Before.Open && !c.Open }

// tellWhole adds to a change that ends a sub-matter what the matter has to record that it is part of, which may
// end with that in turn.
func (s *Service) tellWhole(ctx context.Context, c *Change) error {
	seen := map[string]bool{}
	for part := c; part.ends() && part.Matter.Parent != nil; {
		seen[part.Matter.Number] = true
		told, err := s.subEnded(ctx, part.Matter)
		if err != nil {
			return err
		}
		if seen[told.Matter.Number] {
			return fmt.Errorf("the matter %s is a part of itself", told.Matter.Number)
		}
		c.With = append(append(c.With, told), told.With...)
		told.With = nil
		part = told
	}
	return nil
}

// subEnded is what the matter records whose sub-matter has ended.
func (s *Service) subEnded(ctx context.Context, part *Matter) (*Change, error) {
	m, err := s.Store.Matter(ctx, part.Parent.Matter)
	if errors.Is(err, ErrNotFound) {
		return nil, fmt.Errorf("the matter %s, of which %s is a part, is not there: run `luoshi audit`", part.Parent.Matter, part.Number)
	}
	if err != nil {
		return nil, err
	}
	rules, err := s.rulesOf(ctx, m)
	if err != nil {
		return nil, err
	}
	if m, rules, err = s.settle(ctx, m, rules); err != nil {
		return nil, err
	}
	act, content, err := s.subEndedAct(m, rules, part)
	if err != nil {
		return nil, err
	}
	act.Ended = &Link{Matter: part.Number, Sub: part.Parent.Sub}
	return s.sealed(ctx, m, rules, act, content, nil, nil)
}

// subEndedAct is the declared step when the last outstanding one has ended and the step is lawful, or an act that only
// records.
func (s *Service) subEndedAct(m *Matter, rules *Rules, part *Matter) (Act, Content, error) {
	system := office.Actor{System: true}
	after := m.clone()
	ours := m.outstanding(&Link{Matter: part.Number, Sub: part.Parent.Sub})
	after.endSub(part.Number, part.Ended)
	sub := rules.Procedure.Sub(part.Parent.Sub)
	if sub != nil && ours != nil && ours.Procedure == "" && sub.Done != "" && after.Outstanding()[sub.Name] == 0 {
		act, content, err := s.stepAct(system, after, rules, StepCommand{Step: sub.Done})
		if err == nil || KindOf(err) == Internal {
			return act, content, err
		}
	}
	return s.upkeepAct(system, m, SubEnded, s.Now()), Content{}, nil
}
