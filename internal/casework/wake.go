package casework

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"luoshi/internal/calendar"
	"luoshi/internal/office"
)

// Wake is the next instant at which the worker has something to do for the matter, in milliseconds since 1970, or
// NoDue: a warning or a lapse that is not recorded, also of a party's clock that goes on after the end, or the day
// until which an ended matter's content is kept.
func (r *Rules) Wake(m *Matter) int64 {
	wake := NoDue
	for i := range m.Clocks {
		for _, t := range []time.Time{r.warningPending(&m.Clocks[i]), r.lapsePending(&m.Clocks[i])} {
			if !t.IsZero() {
				wake = min(wake, t.UnixMilli())
			}
		}
	}
	if t := r.KeptUntil(m); !t.IsZero() {
		wake = min(wake, t.UnixMilli())
	}
	return wake
}

// KeptUntil is the instant until which the content of an ended matter is kept by its procedure; zero when that
// says nothing, the matter has not ended or holds no content any more. Days off do not matter for it.
func (r *Rules) KeptUntil(m *Matter) time.Time {
	if m.Title == "" && len(m.Fields) == 0 && len(m.Parties) == 0 {
		return time.Time{}
	}
	return r.expiry(m)
}

// LastDay is the last day, as 2006-01-02 where the procedure is at home, of what is over at the instant t.
func (r *Rules) LastDay(t time.Time) string {
	return t.Add(-time.Nanosecond).In(r.Location).Format(time.DateOnly)
}

// expiry is when the time for which the procedure keeps content has passed since the end; zero as in KeptUntil.
func (r *Rules) expiry(m *Matter) time.Time {
	if r.Procedure.Retention == nil || m.Ended == "" {
		return time.Time{}
	}
	ended, err := time.Parse(TimeFormat, m.Ended)
	if err != nil { // only in a damaged database; audit tells
		return time.Time{}
	}
	d, err := calendar.Compute(calendar.Request{From: ended, Period: r.Procedure.Retention.Period, Roll: calendar.RollNo,
		Calendar: calendar.Weekend(), Location: r.Location})
	if err != nil { // longer than time is counted
		return time.Time{}
	}
	return d.Due.End()
}

// Wake records what has fallen due for a matter by itself, in one entry: warnings, or clocks that ran out with the
// step that the procedure declares for it, or that its content is erased. The system does it, not the late office.
// Each warning and lapse is recorded once, because the entry marks it and the version of the matter decides who of
// several writes it. It answers nil when nothing has fallen due.
func (s *Service) Wake(ctx context.Context, num string) (*Outcome, error) {
	return s.rerun(func() (*Outcome, error) {
		m, rules, err := s.load(ctx, office.Actor{System: true}, num)
		if err != nil {
			return nil, err
		}
		return s.wake(ctx, m, rules)
	})
}

func (s *Service) wake(ctx context.Context, m *Matter, rules *Rules) (*Outcome, error) {
	now := s.Now()
	if rules.Wake(m) > now.UnixMilli() {
		return nil, nil
	}
	if len(rules.unsure(m)) > 0 { // what falls due by dates that a newer calendar changes does not
		out, newer, err := s.recompute(ctx, m)
		if out != nil || err != nil {
			return out, err
		}
		rules = newer
	}
	warn, lapse := rules.pending(m, now)
	switch {
	case len(warn) > 0:
		act := s.upkeepAct(office.Actor{System: true}, m, Warned, now)
		return s.record(ctx, m, rules, act, "warn", warn)
	case len(lapse) > 0:
		return s.lapse(ctx, m, rules, lapse)
	}
	return s.expire(ctx, m, rules)
}

// settle records what has fallen due for a matter before somebody acts on it, so that it is not missed because the
// act came before the worker.
func (s *Service) settle(ctx context.Context, m *Matter, rules *Rules) (*Matter, *Rules, error) {
	for {
		out, err := s.wake(ctx, m, rules)
		if out == nil || err != nil {
			return m, rules, err
		}
		if m = out.Matter; m.Procedure != rules.Procedure.Key() { // it went on in another procedure
			if rules, err = s.rulesOf(ctx, m); err != nil {
				return m, rules, err
			}
		}
	}
}

// upToDate refuses an act by somebody who saw an older version, unless all that came since is the system's own
// reminders and dates.
func (s *Service) upToDate(ctx context.Context, m *Matter, seen int) error {
	if seen == 0 || seen == m.Version {
		return nil
	}
	if seen < 0 || seen > m.Version {
		return errStale(m)
	}
	history, err := s.Store.Entries(ctx, m.Number)
	if err != nil {
		return err
	}
	for _, e := range history[min(seen, len(history)):] {
		if e.Act.Kind != Warned && e.Act.Kind != Recomputed {
			return errStale(m)
		}
	}
	return nil
}

// record writes act with the operation on each of the clocks, before what the act itself does to them.
func (s *Service) record(ctx context.Context, m *Matter, rules *Rules, act Act, kind string, clocks []Clock) (*Outcome, error) {
	var ops []ClockOp
	for _, c := range clocks {
		op, err := rules.op(kind, c, act.Time)
		if err != nil {
			return nil, err
		}
		op.Unit = m.Responsible(&c)
		ops = append(ops, op)
	}
	act.Clocks = append(ops, act.Clocks...)
	c, err := s.sealed(ctx, m, rules, act, Content{}, nil, nil)
	if err != nil {
		return nil, err
	}
	return s.commit(ctx, c)
}

// lapse records clocks that ran out, in the order in which they did. One that has a step for that gets an entry of its
// own: when several ran out during downtime the step of each is taken, as if the worker had been there. Those that
// the step stops, or starts anew, ran out before and are recorded with it.
func (s *Service) lapse(ctx context.Context, m *Matter, rules *Rules, lapsed []Clock) (*Outcome, error) {
	slices.SortStableFunc(lapsed, func(a, b Clock) int { return a.DueAt(rules.Location).Compare(b.DueAt(rules.Location)) })
	step := func(c Clock) string { return rules.Procedure.Clock(c.Name).Lapse }
	n := slices.IndexFunc(lapsed, func(c Clock) bool { return step(c) != "" })
	switch n {
	case -1:
		n = len(lapsed)
	case 0:
		n = 1
	}
	act, err := s.lapseAct(m, rules, step(lapsed[0]))
	if err != nil {
		return nil, err
	}
	marked := lapsed[:n:n]
	for _, c := range lapsed[n:] {
		if slices.ContainsFunc(act.Clocks, func(op ClockOp) bool { return op.Clock == c.Name }) {
			marked = append(marked, c)
		}
	}
	return s.record(ctx, m, rules, act, "lapse", marked)
}

// lapseAct is the declared step if it is lawful now, or an act that only records.
func (s *Service) lapseAct(m *Matter, rules *Rules, step string) (Act, error) {
	system := office.Actor{System: true}
	if step != "" {
		act, _, err := s.stepAct(system, m, rules, StepCommand{Step: step})
		if err == nil || KindOf(err) == Internal {
			return act, err
		}
	}
	return s.upkeepAct(system, m, Lapsed, s.Now()), nil
}

// expire erases the content of a matter whose time is over, naming the rule that says so.
func (s *Service) expire(ctx context.Context, m *Matter, rules *Rules) (*Outcome, error) {
	act := s.upkeepAct(office.Actor{System: true}, m, "", s.Now())
	if err := s.erasure(ctx, m, &act, retentionRule(rules)); err != nil {
		return nil, err
	}
	if len(act.Names) == 0 {
		return nil, errors.New("matter " + m.Number + " has a title and no content; audit it")
	}
	e, err := NewEntry(act, Content{})
	if err != nil {
		return nil, err
	}
	c := s.change(m, e, rules, nil)
	if err := s.erase(ctx, c, act.Names); err != nil {
		return nil, err
	}
	return s.commit(ctx, c)
}

// retentionRule names law and article, or where there is none the procedure that says so.
func retentionRule(r *Rules) string {
	b := r.Procedure.Retention.Basis
	rule := strings.TrimSpace(b.Law + " " + b.Article)
	if b.Law == "" {
		rule = r.Procedure.Key() + ", retention"
	}
	for len(rule) > maxRule {
		_, n := utf8.DecodeLastRuneInString(rule)
		rule = rule[:len(rule)-n]
	}
	return rule
}

// provisional is the key of the calendar by which the dates of some open clock were computed that rest on an
// unknown year, one that is not in force before the one that is; "" when none do.
func (r *Rules) provisional(m *Matter) string {
	versions := r.unsure(m)
	if len(versions) == 0 {
		return ""
	}
	i := max(0, slices.IndexFunc(versions, func(v string) bool { return v != r.Calendar.Version() }))
	return r.Calendar.Name() + " " + versions[i]
}

// unsure are the versions of the calendar by which provisional dates of running clocks were computed.
func (r *Rules) unsure(m *Matter) []string {
	var versions []string
	for i := range m.Clocks {
		if c := &m.Clocks[i]; c.Status == Running && c.Provisional {
			versions = append(versions, c.Calendar)
		}
	}
	return versions
}
