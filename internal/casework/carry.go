package casework

import (
	"fmt"
	"slices"
)

// carrying says what becomes of a matter's clocks when it comes under another version of its procedure.
type carrying struct {
	to     *Rules
	name   func(old string) string // the new name of an open clock; "": it stops
	starts func(state string) []string
}

func (p *Plan) carrying() carrying {
	return carrying{to: p.To, name: p.Map.Clock, starts: p.Map.Starts}
}

// extendedTooOften is a clock that was extended more often than the rule of the new version allows.
type extendedTooOften struct{ clock string }

func (e *extendedTooOften) Error() string { return "the clock " + e.clock + " was extended too often" }

// ops are the operations on the clocks of a matter that stands at state under the new version: those that stop,
// those that go on with the time at which they began, then what follows from the state, then those that start.
// A clock that goes on is computed by the rule of the new version that was in force on the day it began; where
// that gives another date, the operation names the former one.
func (c carrying) ops(m *Matter, state, at string) ([]ClockOp, error) {
	var stops, carries, rest []ClockOp
	for i := range m.Clocks {
		k := m.Clocks[i]
		if !k.Open() {
			continue
		}
		name := c.name(k.Name)
		if name == "" {
			stops = append(stops, ClockOp{Op: "stop", Clock: k.Name})
			continue
		}
		more, err := c.carry(k, name, state, at)
		if err != nil {
			return nil, err
		}
		carries, rest = append(carries, more[0]), append(rest, more[1:]...)
	}
	for _, name := range c.starts(state) {
		more, err := c.start(name, state, at)
		if err != nil {
			return nil, err
		}
		rest = append(rest, more...)
	}
	return slices.Concat(stops, carries, rest), nil
}

// carry takes one clock on, and lets it rest or run as the new state says.
func (c carrying) carry(k Clock, name, state, at string) ([]ClockOp, error) {
	declared := c.to.Procedure.Clock(name)
	if declared == nil {
		return nil, fmt.Errorf("no clock %s in %s", name, c.to.Procedure.Key())
	}
	if rule := c.to.InForce(declared, &k); k.Extensions > 0 && (rule.Extension == nil || k.Extensions > rule.Extension.Max) {
		return nil, &extendedTooOften{clock: name}
	}
	op := ClockOp{Op: "carry", Clock: k.Name, To: name, Calendar: c.to.Calendar.Version()}
	if k.Status == Running {
		d, err := c.to.Deadline(declared, &k)
		if err != nil {
			return nil, err
		}
		op.Target, op.Due, op.Provisional = d.Target.String(), d.Due.String(), d.Provisional
		if op.Due != k.Due {
			op.WasDue = k.Due
		}
		if op.Warn, err = c.to.warning(declared, &k, d.Due, false, at); err != nil {
			return nil, err
		}
		if op.WasDue == "" && k.Warned != "" {
			op.Warn = k.Warn
		}
	}
	apply(&k, op, at)
	return c.settle([]ClockOp{op}, k, state, at)
}

func (c carrying) start(name, state, at string) ([]ClockOp, error) {
	if c.to.Procedure.Clock(name) == nil {
		return nil, fmt.Errorf("no clock %s in %s", name, c.to.Procedure.Key())
	}
	k := Clock{Name: name, From: at}
	op, err := c.to.op("start", k, at)
	if err != nil {
		return nil, err
	}
	apply(&k, op, at)
	return c.settle([]ClockOp{op}, k, state, at)
}

// settle adds what follows for the clock from the state.
func (c carrying) settle(ops []ClockOp, k Clock, state, at string) ([]ClockOp, error) {
	rests := c.to.Procedure.Suspended(c.to.Procedure.Clock(k.Name), state)
	kind := ""
	switch {
	case rests && k.Status == Running:
		kind = "suspend"
	case !rests && k.Status == Suspended:
		kind = "resume"
	default:
		return ops, nil
	}
	op, err := c.to.op(kind, k, at)
	return append(ops, op), err
}

// carried is what an act of migration says became of the clocks, so that audit can compute the same again.
func carried(to *Rules, act *Act) carrying {
	names, starts := map[string]string{}, []string{}
	for _, op := range act.Clocks {
		switch op.Op {
		case "carry":
			names[op.Clock] = op.To
		case "start":
			starts = append(starts, op.Clock)
		}
	}
	return carrying{to: to, name: func(old string) string { return names[old] }, starts: func(string) []string { return starts }}
}

// sameDates is the operation without what another version of the calendar may have given differently.
func (op ClockOp) sameDates(other ClockOp) ClockOp {
	if op.Calendar != other.Calendar {
		op.Calendar, op.Target, op.Due, op.WasDue, op.Warn, op.Provisional = "", "", "", "", "", false
	}
	return op
}

// auditEntry checks that an act is lawful under the rules in force, and gives those in force after it; nil when these
// are not published. m is the matter before the act.
func (s *Service) auditEntry(m *Matter, act *Act, rules *Rules, fault func(kind, text string)) *Rules {
	switch {
	case act.Kind == Migrated:
		return s.auditMigration(m, act, rules, fault)
	case act.Continues != nil:
		return s.auditPassage(m, act, rules, fault)
	}
	s.auditAct(m, act, rules, fault)
	return rules
}

// auditMigration checks that a matter comes under another version as the act says, and gives the rules by which
// it goes on; nil when these are not published. m is the matter before the act.
func (s *Service) auditMigration(m *Matter, act *Act, from *Rules, fault func(kind, text string)) *Rules {
	to := s.version(act.Procedure)
	if to == nil {
		fault("fold", "no published procedure "+act.Procedure)
		return nil
	}
	by := act.Migration
	st := to.Procedure.State(act.State)
	switch {
	case by == nil:
		fault("step", "a migration that does not say from where")
		return to
	case by.From != m.Procedure || by.FromHash != from.Procedure.Hash || act.Declared != to.Procedure.Hash:
		fault("step", "the texts of the procedure are not those that the migration names")
	case m.Ended != "" || st == nil || st.End || act.Unit != m.Unit || act.Assignee != m.Assignee:
		fault("step", fmt.Sprintf("a migration from %s to %s cannot lead to %s", m.State, to.Procedure.Key(), act.State))
	}
	want, err := carried(to, act).ops(m, act.State, act.Time)
	if err != nil || len(want) != len(act.Clocks) {
		fault("clock", "the clocks after the migration are not what the new version gives")
		return to
	}
	for i, op := range act.Clocks {
		if op.sameDates(want[i]) != want[i].sameDates(op) {
			fault("clock", fmt.Sprintf("clock %s: recorded target %s due %s, computed target %s due %s", op.Clock, op.Target, op.Due, want[i].Target, want[i].Due))
		}
	}
	return to
}
