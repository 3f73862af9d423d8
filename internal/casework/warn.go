package casework

import (
	"time"

	"luoshi/internal/calendar"
	"luoshi/internal/procedure"
)

// warning is the moment at which the warning of a clock falls due, whose dates an act at that time sets: the
// rule's period before it runs out, by the calendar of the rules. It is "" when the rule knows no warning, when the
// whole period is no longer than its warning, so that who starts it knows, and when the clock has run out before
// anybody could be warned. Of a clock that goes on with less time left than that, it falls due at once.
func (r *Rules) warning(declared *procedure.Clock, c *Clock, due calendar.Moment, starts bool, at string) (string, error) {
	rule := r.InForce(declared, c)
	if rule.Warn == "" {
		return "", nil
	}
	acted, err := time.Parse(time.RFC3339, at)
	if err != nil {
		return "", err
	}
	from, err := time.Parse(time.RFC3339, c.From)
	if err != nil {
		return "", err
	}
	m, err := calendar.Before(due, rule.Warning, r.Calendar, r.Location)
	if err != nil || !due.End().After(acted) || starts && !m.End().After(from) { // so long a warning that no day lies before it
		return "", nil
	}
	if !starts && m.End().Before(acted) {
		m = calendar.InstantMoment(acted.In(r.Location))
	}
	return m.String(), nil
}

// pending are the warnings and lapses of a matter that have fallen due by now and are not recorded: those warnings
// that fell due before any of the lapses, or else those lapses that fell due before any further warning. Each is
// recorded in the order in which it fell due, also when many wait.
func (r *Rules) pending(m *Matter, now time.Time) (warn, lapse []Clock) {
	firstWarning, firstLapse := now.Add(1), now.Add(1)
	for _, c := range m.Clocks {
		if t := r.warningPending(&c); !t.IsZero() && t.Before(firstWarning) {
			firstWarning = t
		}
		if t := r.lapsePending(&c); !t.IsZero() && t.Before(firstLapse) {
			firstLapse = t
		}
	}
	for _, c := range m.Clocks {
		if t := r.warningPending(&c); !t.IsZero() && !t.After(now) && !t.After(firstLapse) {
			warn = append(warn, c)
		}
		if t := r.lapsePending(&c); !t.IsZero() && !t.After(now) && t.Before(firstWarning) {
			lapse = append(lapse, c)
		}
	}
	return warn, lapse
}

// warningPending is when the clock's warning falls due, zero when it is recorded or none comes.
func (r *Rules) warningPending(c *Clock) time.Time {
	if c.Warned != "" || c.Lapsed != "" {
		return time.Time{}
	}
	return c.WarnAt(r.Location)
}

// lapsePending is when the clock runs out, zero when that is recorded or does not come by itself.
func (r *Rules) lapsePending(c *Clock) time.Time {
	if c.Lapsed != "" {
		return time.Time{}
	}
	return c.DueAt(r.Location)
}
