package casework

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"luoshi/internal/office"
	"luoshi/internal/procedure"
)

// errSettled says that sub-matters have ended while what had fallen due in them was recorded, so that the matter whose step
// would tell them something has changed too.
var errSettled = fmt.Errorf("what had fallen due in sub-matters changed the matter: %w", ErrConflict)

// tellEach is what a step brings about in the sub-matters that it tells of it: in each outstanding one the step that is told
// there, if the system may take it there then, and nothing otherwise. It notes in the act those that end with it. What had
// fallen due in them is recorded before.
func (s *Service) tellEach(ctx context.Context, m *Matter, rules *Rules, st *procedure.Step, act *Act, content Content) ([]*Change, error) {
	numbers := map[string][]string{} // by kind
	var all []string
	for i := range m.Subs {
		if part := &m.Subs[i]; part.Ended == "" && part.Procedure == "" && (act.Ended == nil || act.Ended.Matter != part.Number) {
			numbers[part.Name] = append(numbers[part.Name], part.Number)
		}
	}
	for i := range st.Tells {
		all = append(all, numbers[st.Tells[i].Sub]...)
	}
	if len(all) == 0 {
		return nil, nil
	}
	parts, err := s.Store.Matters(ctx, all)
	if err != nil {
		return nil, err
	}
	var told []*Change
	for i := range st.Tells {
		t := &telling{Tell: &st.Tells[i], step: st, m: m, rules: rules, act: act, content: content}
		for _, number := range numbers[t.Sub] {
			c, err := s.tell(ctx, t, number, parts[number])
			if err != nil {
				return nil, err
			}
			if c != nil {
				told = append(told, c)
			}
		}
	}
	return told, nil
}

// Told is the step that the system takes in a sub-matter of the kind that is told something, by the newest version of its
// procedure; nil if that has none.
func (s *Service) Told(sub *procedure.Sub, t *procedure.Tell) *procedure.Step {
	if rules := s.Rules(sub.Procedure); rules != nil {
		if st := rules.Procedure.Step(t.Step); st != nil && st.Told {
			return st
		}
	}
	return nil
}

// telling is one thing that a step tells the sub-matters of one kind.
type telling struct {
	*procedure.Tell
	step    *procedure.Step // of the whole
	m       *Matter         // the whole, before the step
	rules   *Rules          // of the whole
	act     *Act
	content Content
}

// tell is the change of one sub-matter, nil where the step is not lawful.
func (s *Service) tell(ctx context.Context, t *telling, number string, part *Matter) (*Change, error) {
	if part == nil {
		return nil, fmt.Errorf("the matter %s, a part of %s, is not there: run `luoshi audit`", number, t.m.Number)
	}
	theirs, err := s.rulesOf(ctx, part)
	if err != nil {
		return nil, err
	}
	if part, theirs, err = s.settle(ctx, part, theirs); err != nil {
		return nil, err
	}
	if part.Ended != "" {
		return nil, errSettled
	}
	st := theirs.Procedure.Step(t.Step)
	if st == nil || !st.Told {
		return nil, nil
	}
	cmd := StepCommand{Step: st.Name, Fields: t.fields(part, theirs, st)}
	act, content, err := s.stepAct(office.Actor{System: true}, part, theirs, cmd)
	if err != nil {
		return nil, t.faults(err)
	}
	e, err := NewEntry(act, content)
	if err != nil {
		return nil, err
	}
	c := s.change(part, e, theirs, nil)
	c.Fresh = nil // the entry of the whole is the first that names them
	if c.ends() {
		t.act.EndedEach = append(t.act.EndedEach, Link{Matter: number, Sub: t.Sub})
	}
	return c, nil
}

// fields are the values of the whole, after its step, that the step there asks for.
func (t *telling) fields(part *Matter, theirs *Rules, st *procedure.Step) map[string]any {
	fields := map[string]any{}
	for _, use := range theirs.Procedure.Asks(st, part.State, part.Knows) {
		ours, mapped := t.Fields[use.Name]
		value, ok := t.content.Fields[ours]
		if !ok {
			value, ok = t.m.Fields[ours]
		}
		if mapped && ok {
			fields[use.Name] = recorded(theirs.Procedure.Field(use.Name), value)
		}
	}
	return fields
}

// faults makes of the reason why the step cannot be taken there what is wrong with the step of the whole: the values that
// come from there, by the field where somebody can put it right. Nil when nothing is to happen there.
func (t *telling) faults(err error) error {
	switch {
	case KindOf(err) == Internal:
		return err
	case KindOf(err) != Invalid || t.act.Actor.As == "system":
		return nil
	}
	var bad []FieldError
	title := t.rules.Procedure.Sub(t.Sub).Title
	for _, f := range AsError(err).Fields {
		name, _ := strings.CutPrefix(f.Field, "fields.")
		ours := t.Fields[name]
		if ours == "" {
			return nil // the whole has nothing to give for it
		}
		field := "sub." + f.Field
		if slices.ContainsFunc(t.step.Fields, func(u procedure.FieldUse) bool { return u.Name == ours }) {
			field = "fields." + ours
		}
		bad = append(bad, FieldError{Field: field, Code: f.Code,
			Text: text(title.In("zh")+"："+f.Text.In("zh"), title.In("en")+": "+f.Text.In("en"))})
	}
	if len(bad) == 0 {
		return err
	}
	return invalidInput(bad)
}
