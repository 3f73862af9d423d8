package casework

import (
	"maps"
	"slices"

	"luoshi/internal/procedure"
)

// auditPassage checks that a matter goes on in another procedure as the act says, and gives the rules by which it goes
// on; nil when these are not published. m is the matter before the act.
func (s *Service) auditPassage(m *Matter, act *Act, rules *Rules, fault func(kind, text string)) *Rules {
	to := s.version(act.Procedure)
	if to == nil {
		fault("fold", "no published procedure "+act.Procedure)
		return nil
	}
	by, st := act.Continues, rules.Procedure.Step(act.Step)
	switch {
	case act.Kind != Stepped || st == nil || st.Continues == nil || !slices.Contains(st.From, m.State):
		fault("step", "step "+act.Step+" from "+m.State+" does not go on in another procedure")
		return to
	case by.From != m.Procedure || by.FromHash != rules.Procedure.Hash || act.Declared != to.Procedure.Hash:
		fault("step", "the texts of the procedures are not those that the act names")
	case st.Continues.Procedure != to.Procedure.ID || !maps.Equal(by.Parties, st.Continues.Parties) || !within(by.Fields, st.Continues.Fields):
		fault("step", "the act does not go on as the step "+act.Step+" declares")
	case act.State != to.Procedure.Open.To || act.Assignee != "" || st.Continues.Unit == procedure.OpensAtOwner && act.Unit != m.Unit:
		fault("step", "the matter does not stand where "+to.Procedure.Key()+" lets matters begin")
	}
	auditSubs(m, act, st, rules, fault)
	s.auditPassageClocks(m, act, rules, to, fault)
	return to
}

// within reports whether every member of a is one of b.
func within(a, b map[string]string) bool {
	for k, v := range a {
		if b[k] != v {
			return false
		}
	}
	return true
}

func (s *Service) auditPassageClocks(m *Matter, act *Act, from, to *Rules, fault func(kind, text string)) {
	old, fresh := m.clone(), &Matter{Procedure: act.Procedure}
	var started []string
	for _, op := range act.Clocks {
		rules, scratch := from, old
		if len(started) > 0 || op.Op == "start" {
			rules, scratch = to, fresh
		}
		c := Clock{Name: op.Clock, From: op.From}
		if op.Op == "start" {
			started = append(started, op.Clock)
		} else if have := scratch.clock(op.Clock); have != nil {
			c = *have
		}
		if text := rules.auditClock(c, op, act, m.Unit); text != "" {
			fault("clock", "clock "+op.Clock+": "+text)
			continue
		}
		scratch.applyClock(op, act.Time)
	}
	if slices.ContainsFunc(old.Clocks, func(c Clock) bool { return c.Open() }) {
		fault("clock", "a clock of the procedure that the matter left goes on")
	}
	var want []string
	for _, c := range to.Procedure.ClocksStartedBy(procedure.EventOpen) {
		want = append(want, c.Name)
	}
	if !slices.Equal(started, want) {
		fault("clock", "the clocks that started are not those that begin with a matter in "+to.Procedure.Key())
	}
}
