package procedure

import (
	"encoding/json"
	"fmt"
	"slices"
)

// Additions says where a version does more than add to the one before, by the place in the new one: then its
// running matters need a mapping. Nothing is found when every state, step, field, party, clock and kind of
// sub-matter of the old version is there unchanged, titles and other words aside. A step may be possible from
// more states and be told, a choice may have more values, a field take more files and more kinds of them, a clock may start, stop and rest with steps and states that are new, and a sub-matter show more.
func Additions(old, new *Procedure) []Finding {
	c := &additions{old: old, new: new}
	compare(c, "states", old.States, new.States, func(s *State) string { return s.Name }, State.shape, nil)
	compare(c, "steps", old.Steps, new.Steps, func(s *Step) string { return s.Name }, Step.shape, func(a, b *Step) bool { return within(a.From, b.From) && (b.Told || !a.Told) })
	compare(c, "fields", old.Fields, new.Fields, func(f *Field) string { return f.Name }, Field.shape, func(a, b *Field) bool {
		return within(a.values(), b.values()) && within(a.Accept, b.Accept) && a.FileLimit() <= b.FileLimit()
	})
	compare(c, "parties", old.Parties, new.Parties, func(r *PartyRole) string { return r.Role }, PartyRole.shape, nil)
	compare(c, "clocks", old.Clocks, new.Clocks, func(k *Clock) string { return k.Name }, Clock.shape, func(a, b *Clock) bool {
		step, state := func(n string) bool { return old.steps[n] != nil }, func(n string) bool { return old.states[n] != nil }
		return grows(a.Starts, b.Starts, step) && grows(a.Stops, b.Stops, step) && grows(a.rests(), b.rests(), state)
	})
	compare(c, "subs", old.Subs, new.Subs, func(s *Sub) string { return s.Name }, Sub.shape, func(a, b *Sub) bool { return within(a.Shows, b.Shows) })
	for _, m := range []struct{ path, old, new string }{{"calendar", old.Calendar, new.Calendar}, {"time_zone", old.TimeZone, new.TimeZone}} {
		if m.old != m.new {
			c.differs(m.path, m.path, m.new)
		}
	}
	for i := range new.Parties { // a role that must be there would be missing in every running matter
		if r := &new.Parties[i]; r.Min > 0 && old.parties[r.Role] == nil {
			c.differs(fmt.Sprintf("parties[%d]", i), "parties", r.Role)
		}
	}
	return c.found.sorted()
}

type additions struct {
	old, new *Procedure
	found    Errors
}

// compare finds each declared thing of the old version in the new one; grown tells whether what may grow has
// lost nothing.
func compare[T any](c *additions, list string, old, new []T, name func(*T) string, shape func(T) T, grown func(a, b *T) bool) {
	for i := range old {
		a := &old[i]
		at := slices.IndexFunc(new, func(b T) bool { return name(&b) == name(a) })
		if at < 0 {
			c.missing(list, name(a))
			continue
		}
		if b := &new[at]; !alike(shape(*a), shape(*b)) || grown != nil && !grown(a, b) {
			c.differs(fmt.Sprintf("%s[%d]", list, at), list, name(a))
		}
	}
}

func alike[T any](a, b T) bool {
	x, err := json.Marshal(a)
	y, err2 := json.Marshal(b)
	return err == nil && err2 == nil && string(x) == string(y)
}

// within reports whether nothing of a is missing in b.
func within(a, b []string) bool {
	return !slices.ContainsFunc(a, func(s string) bool { return !slices.Contains(b, s) })
}

// grows reports whether nothing of a is missing in b, and what b has more was not known before.
func grows(a, b []string, known func(string) bool) bool {
	return within(a, b) && !slices.ContainsFunc(b, func(s string) bool { return known(s) && !slices.Contains(a, s) })
}

func (c *additions) missing(list, name string) {
	c.found = append(c.found, c.new.At(list, ruleMapNeeded, SeverityError, Text{
		"zh": list + " 里没有了旧版本的 " + name + "：迁移正在办理的事项需要一份对应表",
		"en": list + " has no " + name + " any more, as the old version had: running matters need a mapping"}))
}

func (c *additions) differs(path, list, name string) {
	c.found = append(c.found, c.new.At(path, ruleMapNeeded, SeverityError, Text{
		"zh": list + " 里的 " + name + " 与旧版本不同：迁移正在办理的事项需要一份对应表",
		"en": name + " of " + list + " is not what it was in the old version: running matters need a mapping"}))
}

// The shapes are what matters depend on: everything but words and what may grow.

func (s State) shape() State {
	s.Title, s.Public = nil, nil
	return s
}

func (s Step) shape() Step {
	s.Title, s.Help, s.Remedy, s.From, s.Notices, s.Documents, s.Told = nil, nil, nil, nil, nil, nil, false
	if s.Guard != nil {
		s.Guard = &Guard{When: s.Guard.When}
	}
	return s
}

func (f Field) shape() Field {
	f.Title, f.Hint, f.Choices, f.Accept, f.MaxFiles = nil, nil, nil, nil, 0
	return f
}

func (f Field) values() []string { return names(f.Choices, func(c Choice) string { return c.Value }) }

func (r PartyRole) shape() PartyRole {
	r.Title = nil
	return r
}

func (k Clock) shape() Clock {
	k.Title, k.Starts, k.Stops, k.SuspendedIn = nil, nil, nil, nil
	k.Rules = slices.Clone(k.Rules)
	for i := range k.Rules {
		k.Rules[i].Basis.Note = nil
	}
	k.Rule = Rule{} // it is the newest of Rules
	return k
}

func (k Clock) rests() []string {
	return names(k.SuspendedIn, func(s Suspension) string { return s.State })
}

func (s Sub) shape() Sub {
	s.Title, s.Shows = nil, nil
	return s
}
