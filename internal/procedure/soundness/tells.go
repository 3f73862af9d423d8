package soundness

import (
	"maps"
	"slices"

	"luoshi/internal/procedure"
)

// telling checks that a step tells a sub-matter something that can be done there: a step that is told, with all that it
// asks for, and by which no chain begins.
func (c *checker) telling(path string, sub *procedure.Sub, t *procedure.Tell, q *procedure.Procedure) {
	fail := func(at, zh, en string, args ...any) { c.error(path+at, ruleTelling, nil, say(zh, en, args...)) }
	step := q.Step(t.Step)
	switch {
	case step == nil:
		fail(".step", "规程“%[1]s”没有步骤“%[2]s”", "the procedure %[1]q has no step %[2]q", q.ID, t.Step)
		return
	case !step.Told:
		fail(".step", "规程“%[1]s”的步骤“%[2]s”没有写 told: true，不由上面的事项带动", "the step %[2]q of the procedure %[1]q is not `told: true`", q.ID, t.Step)
		return
	case step.Terminal && sub.Done != "":
		fail(".step", "步骤“%[1]s”使子事项结束，所以“%[2]s”不能有 done：否则一件带动一件没有止境",
			"%[1]q ends the sub-matter, so %[2]q can have no done: one would lead to the other on and on", t.Step, sub.Name)
	}
	for _, name := range neededBy(step, q) {
		if t.Fields[name] == "" {
			fail("", "规程“%[1]s”的步骤“%[2]s”要填写“%[3]s”，这里没有给", "the step %[2]q of the procedure %[1]q asks for the field %[3]q, and it is not given here", q.ID, t.Step, name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(t.Fields)) {
		theirs, ours := q.Field(name), c.p.Field(t.Fields[name])
		switch {
		case theirs == nil || !slices.ContainsFunc(step.Fields, func(u procedure.FieldUse) bool { return u.Name == name }) && !slices.Contains(neededBy(step, q), name):
			fail(".fields."+name, "规程“%[1]s”的步骤“%[2]s”没有“%[3]s”这一项", "the step %[2]q of the procedure %[1]q asks for no field %[3]q", q.ID, t.Step, name)
		case ours != nil && ours.Type != theirs.Type:
			fail(".fields."+name, "“%[1]s”的类型是 %[2]s，子事项要 %[3]s", "%[1]q is of type %[2]s, and the sub-matter asks for %[3]s", ours.Name, ours.Type, theirs.Type)
		}
	}
}

// neededBy are the fields that a step requires, itself or for the state that it leads to when a matter that may stand
// before it need not have a value for them.
func neededBy(step *procedure.Step, q *procedure.Procedure) (names []string) {
	for _, u := range step.Fields {
		if u.Required {
			names = append(names, u.Name)
		}
	}
	to := q.State(step.To)
	if to == nil {
		return names
	}
	for _, name := range to.Requires {
		known := slices.ContainsFunc(q.AsksWhenOpening(), func(u procedure.FieldUse) bool { return u.Name == name && u.Required }) ||
			!slices.ContainsFunc(step.From, func(from string) bool {
				s := q.State(from)
				return s == nil || !slices.Contains(s.Requires, name)
			})
		if !known && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// mayEnd are the kinds of sub-matter, by their place, of which a step may end some or all: where the other procedure is
// not at hand, those of which nothing follows when they end.
func (m *model) mayEnd(s *procedure.Step, find func(id string) *procedure.Procedure) (subs []int) {
	for i := range m.subs {
		sub := &m.subs[i]
		for _, t := range s.Tells {
			if t.Sub != sub.Name {
				continue
			}
			ends := sub.Done == ""
			if q := m.procedureOf(sub.Procedure, find); q != nil {
				step := q.Step(t.Step)
				ends = step != nil && step.Told && step.Terminal
			}
			if ends {
				subs = append(subs, i)
			}
		}
	}
	return subs
}

func (m *model) procedureOf(id string, find func(id string) *procedure.Procedure) *procedure.Procedure {
	switch {
	case id == m.p.ID:
		return m.p
	case find == nil:
		return nil
	}
	return find(id)
}

// told are the situations after the sub-matters were told what a step tells them: those that end by it may be any number.
func (m *model) told(k key, s *step) []key {
	all := []key{k}
	for _, i := range s.mayEnd {
		b := &m.subs[i]
		all = m.spread(all, b.dim, upTo(b.get(&k)+1))
	}
	return all
}
