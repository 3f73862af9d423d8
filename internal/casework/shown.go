package casework

import (
	"context"
	"maps"
	"reflect"
	"slices"

	"luoshi/internal/office"
	"luoshi/internal/procedure"
)

// Shown is what a sub-matter shows of the matter that it is part of: what the procedure of the whole says under shows,
// as it is now. Who may read the sub-matter with its content sees it, whether or not they may read the whole.
type Shown struct {
	Rules   *Rules             // by which the whole runs
	State   *procedure.State   // where the whole stands
	Fields  []*procedure.Field // that are shown, in the order of the procedure
	Values  map[string]any     // theirs; a field without a value is left out
	Erased  bool               // the content of the whole was erased: what has no value may have had one
	Changed string             // when one of the fields last got another value; "" while none has one, and after an erasure
	Later   bool               // that was after staff of the office that has the sub-matter last took a step in it
}

// shown is what the actor sees in the file's matter of the whole that it is part of; nil for nothing. It is the one rule
// for it. What is personal among it is read with it, which is recorded of the whole before it is given out.
func (s *Service) shown(ctx context.Context, a office.Actor, f *File, whole *Matter) (*Shown, error) {
	m := f.Matter
	if whole == nil || a.Party != nil || !s.mayReadContent(a, m) {
		return nil, nil
	}
	rules, err := s.rulesOf(ctx, whole)
	if err != nil {
		return nil, err
	}
	sub := shownSub(rules, whole, m)
	if sub == nil {
		return nil, nil
	}
	out := &Shown{Rules: rules, State: rules.Procedure.State(whole.State), Values: map[string]any{}}
	personal := false
	for _, name := range sub.Shows {
		fd := rules.Procedure.Field(name)
		out.Fields = append(out.Fields, fd)
		if value, ok := whole.Fields[name]; ok {
			out.Values[name] = value
			personal = personal || fd.Class != procedure.ClassPlain
		}
	}
	if personal {
		if err := s.discloseIn(ctx, a, whole, m); err != nil {
			return nil, err
		}
	}
	history, err := s.Store.Entries(ctx, whole.Number)
	if err != nil {
		return nil, err
	}
	out.Erased = slices.ContainsFunc(history, func(e *Entry) bool { return e.Act.Kind == Erased })
	out.Changed = s.lastChange(history, sub.Shows)
	answered := f.answered()
	out.Later = answered != "" && out.Changed > answered
	return out, nil
}

// shownSub is what the whole calls the sub-matter when that shows something of it, or nil.
func shownSub(rules *Rules, whole, part *Matter) *procedure.Sub {
	i := slices.IndexFunc(whole.Subs, func(p Part) bool { return p.Number == part.Number })
	if i < 0 || whole.Subs[i].Procedure != "" { // of a procedure that the whole has left, with other fields
		return nil
	}
	if sub := rules.Procedure.Sub(whole.Subs[i].Name); sub != nil && len(sub.Shows) > 0 {
		return sub
	}
	return nil
}

// lastChange is when one of the fields that have a value last got another one, "" if none has one. A field that
// migrations have renamed is followed under its names.
func (s *Service) lastChange(history []*Entry, names []string) string {
	m := &Matter{}
	since := map[string]string{}
	for _, e := range history {
		before, was := maps.Clone(m.Fields), since
		m.add(&e.Act, &e.Content, s.ends)
		since = make(map[string]string, len(m.Fields))
		for name, value := range m.Fields {
			since[name] = e.Act.Time
			if old := e.Act.formerName(name); reflect.DeepEqual(before[old], value) {
				since[name] = was[old]
			}
		}
	}
	last := ""
	for _, name := range names {
		last = max(last, since[name])
	}
	return last
}

// formerName is what a field was called before the act.
func (a *Act) formerName(name string) string {
	switch {
	case a.Continues != nil:
		return a.Continues.Fields[name]
	case a.Migration != nil:
		for old, new := range a.Migration.Fields {
			if new == name {
				return old
			}
		}
	}
	return name
}

// answered is when staff of the office that has the matter last took a step, "" while they have not. A step that only
// others may take, such as the office that issued the matter, is none of theirs.
func (f *File) answered() string {
	for _, e := range slices.Backward(f.Entries) {
		if e.Act.Kind != Stepped || e.Act.Actor.As != "staff" {
			continue
		}
		st := f.RulesAt(e.Act.Seq).Procedure.Step(e.Act.Step)
		if st != nil && slices.ContainsFunc(st.By, procedure.Who.OfOwner) {
			return e.Act.Time
		}
	}
	return ""
}

// shownFile finds a file in what the file's matter shows of the whole that it is part of.
func (s *Service) shownFile(ctx context.Context, a office.Actor, f *File, id string) (procedure.File, bool, error) {
	if f.Matter.Parent == nil {
		return procedure.File{}, false, nil
	}
	all, err := s.Store.Matters(ctx, []string{f.Matter.Parent.Matter})
	if err != nil {
		return procedure.File{}, false, err
	}
	shown, err := s.shown(ctx, a, f, all[f.Matter.Parent.Matter])
	if shown == nil || err != nil {
		return procedure.File{}, false, err
	}
	files := filesIn(shown.Values)
	i := slices.IndexFunc(files, func(file procedure.File) bool { return file.ID == id })
	if i < 0 {
		return procedure.File{}, false, nil
	}
	return files[i], true, nil
}
