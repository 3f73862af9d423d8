package casework

import (
	"fmt"
	"slices"
	"strings"

	"luoshi/internal/procedure"
)

// auditAct checks that the act follows from the procedure and that its clocks are what the deadline function gives,
// each by the version of the calendar that it names. m is the matter before the act.
func (s *Service) auditAct(m *Matter, act *Act, rules *Rules, fault func(kind, text string)) {
	var st *procedure.Step
	if act.Kind == Stepped {
		st = rules.Procedure.Step(act.Step)
		if st == nil || !slices.Contains(st.From, m.State) || st.To != "" && st.To != act.State {
			fault("step", fmt.Sprintf("step %s from %s to %s is not in the procedure", act.Step, m.State, act.State))
		}
	}
	if act.On && !goesOn(m, act, st) {
		fault("step", fmt.Sprintf("step %s did not refer the matter on to the unit that referred it", act.Step))
	}
	auditSubs(m, act, st, rules, fault)
	if end := rules.expiry(m); act.Kind == Erased && act.Actor.As == "system" && (end.IsZero() || FormatTime(end) > act.Time) {
		fault("step", "the system erased content that the procedure still keeps")
	}
	scratch := m.clone()
	for _, op := range act.Clocks {
		c := Clock{Name: op.Clock, From: op.From, Until: op.Until}
		if have := scratch.clock(op.Clock); have != nil && op.Op != "start" {
			c = *have
			if op.Op == "extend" && op.Until != "" {
				c.Until = op.Until
			}
		}
		if text := rules.auditClock(c, op, act, m.Responsible(&c)); text != "" {
			fault("clock", "clock "+op.Clock+": "+text)
		}
		scratch.applyClock(op, act.Time)
	}
}

// goesOn tells whether a step may have referred the matter on to the unit that referred it last.
func goesOn(m *Matter, act *Act, st *procedure.Step) bool {
	n := len(m.Referred)
	return st != nil && st.Refer == procedure.ReferChoose && n > 0 && m.Referred[n-1] == act.Unit
}

// auditClock says what is wrong with an operation on a clock, or "". c is the clock before it, unit the unit that
// was responsible then.
func (r *Rules) auditClock(c Clock, op ClockOp, act *Act, unit string) string {
	if r.Procedure.Clock(op.Clock) == nil {
		return "it is not in the procedure"
	}
	then := r
	if op.Calendar != "" {
		if then = r.by(op.Calendar); then == nil {
			return fmt.Sprintf("version %.40s of the calendar %s is not kept here, so its dates cannot be computed again", op.Calendar, r.Calendar.Name())
		}
	}
	want, err := then.op(op.Op, c, act.Time)
	if op.Op == "lapse" || op.Op == "warn" {
		want.Unit = unit
		if text := then.auditMoment(&c, op.Op, act); text != "" {
			return text
		}
	}
	if act.V < 2 { // these did not say it yet
		want.At, want.Warn = "", ""
	}
	if err != nil || want != op {
		return fmt.Sprintf("recorded target %s due %s %s, computed target %s due %s %s", op.Target, op.Due, op.At+op.Warn, want.Target, want.Due, want.At+want.Warn)
	}
	return kindOfOperation(op.Op, act)
}

// auditMoment says what is wrong with when a warning or lapse was recorded, or "".
func (r *Rules) auditMoment(c *Clock, op string, act *Act) string {
	fell := r.lapsePending(c)
	if op == "warn" {
		fell = r.warningPending(c)
	}
	switch {
	case act.Actor.As != "system":
		return "the system records a " + op + ", nobody else"
	case fell.IsZero():
		return "a " + op + " is recorded twice, or of a clock that does not run"
	case FormatTime(fell) > act.Time:
		return "a " + op + " is recorded before it fell due"
	}
	return ""
}

// kindOfOperation says that an entry of this kind has no such operation, or "".
func kindOfOperation(op string, act *Act) string {
	only := map[Kind]string{Warned: "warn", Lapsed: "lapse", Recomputed: "recompute"}[act.Kind]
	alone := op == "warn" || op == "recompute"
	if only != op && (only != "" || alone) {
		return fmt.Sprintf("an entry of kind %s has no operation %s", act.Kind, op)
	}
	return ""
}

// mayStand tells whether a matter's row may name that key: none without provisional dates, else that of a version
// of its calendar. Which one is the worker's note of what it has looked at.
func (r *Rules) mayStand(key string, m *Matter) bool {
	if len(r.unsure(m)) == 0 {
		return key == ""
	}
	version, ok := strings.CutPrefix(key, r.Calendar.Name()+" ")
	return ok && r.calendars.At(r.Calendar.Name(), version) != nil
}
