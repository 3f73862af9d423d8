package soundness

import "luoshi/internal/procedure"

// observer is told what is seen while a situation is expanded.
type observer interface {
	// weighed: a step was looked at, with who could take it, and why it cannot be taken.
	weighed(s *step, who existence, o procedure.Outcome, h hindrance)
	// blocked: the program cannot take the step of a clock or sub, or perhaps cannot.
	blocked(rule string, i int, sure bool, why procedure.Text)
}

// expand calls each with every move out of a situation.
func (m *model) expand(k *key, see observer, each func(move)) {
	state := m.state.get(k)
	if m.ends[state] {
		return
	}
	for _, i := range m.from[state] {
		m.expandStep(k, &m.steps[i], see, each)
	}
	for i := range m.clocks {
		m.expandLapse(k, i, state, see, each)
	}
	for i := range m.subs {
		m.expandEnded(k, i, state, see, each)
	}
}

func (m *model) expandStep(k *key, s *step, see observer, each func(move)) {
	who, onlyAssigned := absent, true
	clear(m.actors)
	for _, w := range s.By {
		e := m.takesIt(k, s, w)
		who = max(who, e)
		if e == present && w.Relation != procedure.RelationAssigned {
			onlyAssigned = false
		}
		label := &m.actors[1+m.actorLabel(k, s, w)]
		*label = max(*label, e)
	}
	o, h := m.weigh(k, s)
	see.weighed(s, who, o, h)
	if who == absent || o == procedure.Never || o == procedure.Fails || !s.moves {
		return
	}
	sure := m.sure(k, s)
	for i, e := range m.actors {
		if e == absent {
			continue
		}
		for _, to := range m.after(*k, s, i-1, false) {
			each(move{to, m.eventStep(s.i), how{sure: o == procedure.Always, acts: s.acts, takes: true,
				certain: e == present && sure, assigned: onlyAssigned}})
		}
	}
}

// actorLabel is how somebody who takes on the matter is told apart; -1 when it does not matter who acts.
func (m *model) actorLabel(k *key, s *step, w procedure.Who) int {
	if s.Assign != procedure.AssignActor {
		return -1
	}
	switch {
	case w.Relation == procedure.RelationAssigned && w.Role == "":
		return m.assignee.get(k)
	case w.Relation == relationReferrer || w.Role == "":
		return 1
	}
	return m.label(w.Role)
}

// expandLapse lets a running clock run out. Its step is taken if the program can take it now; otherwise, and when
// none is declared, the lateness is recorded.
func (m *model) expandLapse(k *key, i, state int, see observer, each func(move)) {
	c, bit := &m.clocks[i], uint64(1)<<i
	if c.late.size < 2 || k[0]&bit == 0 || m.suspended[state]&bit != 0 || c.late.get(k) > 0 {
		return
	}
	late := *k // first the lateness is recorded, then the step is taken: its guard sees it
	c.late.set(&late, 1)
	event := m.eventLapse(i)
	if c.Lapse == "" {
		each(move{late, event, how{sure: true, certain: true}})
		return
	}
	s := &m.steps[m.stepNamed(c.Lapse)]
	o, why := m.byProgram(&late, s, state)
	if why != nil {
		see.blocked(ruleLapseBlocked, i, o != procedure.Perhaps, why)
		each(move{late, event, how{sure: o != procedure.Perhaps, certain: true}})
	}
	if o == procedure.Never {
		return
	}
	see.weighed(s, present, o, 0)
	for _, to := range m.after(late, s, 0, true) {
		each(move{to, event, how{sure: o == procedure.Always, certain: true, acts: true, takes: true}})
	}
}

// byProgram says whether the program can take the step, and if it may be that it cannot, why.
func (m *model) byProgram(k *key, s *step, state int) (procedure.Outcome, procedure.Text) {
	from := false
	for _, i := range m.from[state] {
		from = from || i == s.i
	}
	if !from {
		return procedure.Never, say("这一步不能从那里做", "the step cannot be taken from there")
	}
	o, h := m.weigh(k, s)
	switch {
	case h != 0:
		return procedure.Never, hindranceWords(h)
	case m.programBlocked(k, s) != nil:
		return procedure.Never, m.programBlocked(k, s)
	case o == procedure.Perhaps:
		return o, hindranceWords(hindGuard)
	case !m.sure(k, s):
		return o, hindranceWords(hindSpent)
	}
	return o, nil
}

// expandEnded lets a sub-matter end.
func (m *model) expandEnded(k *key, i, state int, see observer, each func(move)) {
	b := &m.subs[i]
	n := b.get(k)
	if n == 0 {
		return
	}
	event := m.eventEnded(i)
	if n == b.size-1 && !b.exact { // many: there may be as many again
		each(move{*k, event, how{sure: true, certain: true, acts: true}})
	}
	after := *k
	b.set(&after, n-1)
	if n > 1 || b.done < 0 {
		each(move{after, event, how{sure: true, certain: true, acts: true}})
		return
	}
	s := &m.steps[b.done]
	o, why := m.byProgram(&after, s, state)
	if why != nil {
		see.blocked(ruleDoneBlocked, i, o != procedure.Perhaps, why)
		each(move{after, event, how{sure: o != procedure.Perhaps, certain: true, acts: true}})
	}
	if o == procedure.Never {
		return
	}
	see.weighed(s, present, o, 0)
	for _, to := range m.after(after, s, 0, true) {
		each(move{to, event, how{sure: o == procedure.Always, certain: true, acts: true, takes: true}})
	}
}
