package casework

import (
	"context"

	"luoshi/internal/office"
)

// Recompute computes the provisional dates of a matter's running clocks again, with the calendar in force, and
// records those that change. It answers nil when none do; then the matter's row notes that it was looked at.
func (s *Service) Recompute(ctx context.Context, num string) (*Outcome, error) {
	return s.rerun(func() (*Outcome, error) {
		m, _, err := s.load(ctx, office.Actor{System: true}, num)
		if err != nil {
			return nil, err
		}
		out, rules, err := s.recompute(ctx, m)
		if out == nil && err == nil {
			err = s.Store.Checked(ctx, m.Number, m.Version, rules.looked(m))
		}
		return out, err
	})
}

// recompute also answers the rules with the calendar in force. That is asked for after the matter was read: a node
// that has not heard of a newer calendar yet cannot put older dates in the place of newer ones, because whoever
// wrote those raised the matter's version.
func (s *Service) recompute(ctx context.Context, m *Matter) (*Outcome, *Rules, error) {
	if err := s.refreshCalendars(ctx); err != nil {
		return nil, nil, err
	}
	rules, err := s.rulesOf(ctx, m)
	if err != nil {
		return nil, nil, err
	}
	act := s.upkeepAct(office.Actor{System: true}, m, Recomputed, s.Now())
	if act.Clocks, err = rules.recomputed(m, act.Time); err != nil || len(act.Clocks) == 0 {
		return nil, rules, err
	}
	e, err := NewEntry(act, Content{})
	if err != nil {
		return nil, nil, err
	}
	c := s.change(m, e, rules, nil)
	c.Provisional = rules.looked(c.Matter)
	out, err := s.commit(ctx, c)
	return out, rules, err
}

// looked is the key of the calendar in force when some date is still provisional, now that all were looked at.
func (r *Rules) looked(m *Matter) string {
	if len(r.unsure(m)) == 0 {
		return ""
	}
	return calendarKey(r.Calendar)
}

// Unsure reports whether a clock's dates may still change: they rest on a year that was not known, and the calendar
// in force does not show yet that they are right.
func (r *Rules) Unsure(c *Clock) bool {
	if !c.Provisional || c.Status != Running || c.Calendar == r.Calendar.Version() {
		return c.Provisional
	}
	d, err := r.Deadline(r.Procedure.Clock(c.Name), c)
	return err != nil || d.Provisional || d.Due.String() != c.Due || d.Target.String() != c.Target
}

// recomputed are the operations on those clocks whose dates change.
func (r *Rules) recomputed(m *Matter, at string) ([]ClockOp, error) {
	var ops []ClockOp
	for _, c := range m.Clocks {
		if c.Status != Running || !c.Provisional || c.Calendar == r.Calendar.Version() {
			continue
		}
		op, err := r.op("recompute", c, at)
		if err != nil {
			return nil, err
		}
		if op.Due != c.Due || op.Target != c.Target {
			ops = append(ops, op)
		}
	}
	return ops, nil
}

// Stale returns the numbers of matters with provisional dates that were computed before a newer calendar came.
func (s *Service) Stale(ctx context.Context, limit int) ([]string, error) {
	if err := s.refreshCalendars(ctx); err != nil {
		return nil, err
	}
	var out []string
	for _, key := range s.Calendars().before() {
		more, err := s.Store.Provisional(ctx, key, limit-len(out))
		if err != nil {
			return nil, err
		}
		if out = append(out, more...); len(out) >= limit {
			break
		}
	}
	return out, nil
}
