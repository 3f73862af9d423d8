package casework

import (
	"fmt"
	"time"

	"luoshi/internal/calendar"
	"luoshi/internal/procedure"
)

// Status of a clock.
const (
	Running   = "running"
	Suspended = "suspended"
	Stopped   = "stopped"
)

// ClockOp is a change to a clock, as an act records it. Target, Due and Warn are empty while suspended.
type ClockOp struct {
	At          string `json:"at,omitempty"`       // warn and lapse only: the moment it fell due; the act's time is when it was recorded
	Calendar    string `json:"calendar,omitempty"` // version of the calendar the dates were computed with
	Clock       string `json:"clock"`
	Due         string `json:"due,omitempty"`
	From        string `json:"from,omitempty"`  // start only: the start event's time
	Issuer      bool   `json:"issuer,omitzero"` // start only: the time is that of the unit that issued the matter
	Op          string `json:"op"`              // start, stop, suspend, resume, extend, recompute, warn, lapse, carry
	Party       bool   `json:"party,omitzero"`  // start only: the time is a party's, for something they may do
	Provisional bool   `json:"provisional,omitzero"`
	Target      string `json:"target,omitempty"`
	To          string `json:"to,omitempty"`           // carry only: the clock's name from then on
	Unit        string `json:"unit,omitempty"`         // warn and lapse only: the unit that was responsible
	Until       string `json:"until,omitempty"`        // start and extend only: the day on which it ends, where that is given and no period
	Warn        string `json:"warn,omitempty"`         // the moment at which its warning falls due, if one does
	WasCalendar string `json:"was_calendar,omitempty"` // recompute only: what was recorded before
	WasDue      string `json:"was_due,omitempty"`      // recompute, and carry when the new version gives another: the former due date
	WasTarget   string `json:"was_target,omitempty"`
}

// Span is one suspension of a clock; an empty To is still open.
type Span struct {
	From string `json:"from"`
	To   string `json:"to,omitempty"`
}

// Clock is one period of a matter: running, suspended or stopped. Every clock has a responsible unit, also
// when nobody is assigned: the unit that has the matter.
type Clock struct {
	Name        string `json:"name"`
	Status      string `json:"status"`
	From        string `json:"from"`
	Target      string `json:"target,omitempty"`
	Due         string `json:"due,omitempty"`
	Provisional bool   `json:"provisional,omitzero"`
	Calendar    string `json:"calendar"`
	Suspensions []Span `json:"suspensions,omitempty"`
	Extensions  int    `json:"extensions,omitzero"`
	Stopped     string `json:"stopped,omitempty"`
	Lapsed      string `json:"lapsed,omitempty"` // when its lateness was recorded
	Party       bool   `json:"party,omitzero"`   // a party's time, not a duty of the office
	Warn        string `json:"warn,omitempty"`   // the moment at which its warning falls due
	Warned      string `json:"warned,omitempty"` // when its warning was recorded
	// Procedure is the version by which a clock ran that had stopped when the matter came under another; empty:
	// the matter's own.
	Procedure string `json:"procedure,omitempty"`
	Until     string `json:"until,omitempty"` // the day on which it ends, where that was given and no period
	Issuer    bool   `json:"issuer,omitzero"` // a duty of the unit that issued the matter, not of the one that has it
}

// Open reports whether the clock still counts.
func (c *Clock) Open() bool { return c.Status == Running || c.Status == Suspended }

// duty reports whether the unit that has the matter answers for the clock.
func (c *Clock) duty() bool { return !c.Party && !c.Issuer }

// DueAt is the instant at which the clock runs out in loc, or the zero time while suspended.
func (c *Clock) DueAt(loc *time.Location) time.Time { return c.endOf(c.Due, loc) }

// WarnAt is the instant at which the clock's warning falls due in loc, or the zero time when none does.
func (c *Clock) WarnAt(loc *time.Location) time.Time { return c.endOf(c.Warn, loc) }

func (c *Clock) endOf(moment string, loc *time.Location) time.Time {
	if c.Status != Running || moment == "" {
		return time.Time{}
	}
	m, err := calendar.ParseMoment(moment, loc)
	if err != nil {
		return time.Time{}
	}
	return m.End()
}

// Rules computes deadlines for one procedure: the one place where a declared clock meets the one deadline
// function.
type Rules struct {
	Procedure *procedure.Procedure
	Calendar  *calendar.Calendar // in force
	Location  *time.Location
	By, At    string // who published the procedure, and when: see Published

	calendars *Calendars
}

// NewRules finds the calendar and time zone a procedure names. Without calendars it knows those that come with the
// program.
func NewRules(p *procedure.Procedure, calendars *Calendars) (*Rules, error) {
	var err error
	if calendars == nil {
		if calendars, err = newCalendars(nil); err != nil {
			return nil, err
		}
	}
	r := &Rules{Procedure: p, calendars: calendars}
	if r.Calendar, err = calendars.Find(p.Calendar); err != nil {
		return nil, err
	}
	if r.Location, err = time.LoadLocation(p.TimeZone); err != nil {
		return nil, err
	}
	return r, nil
}

// by is the rules with another version of their calendar, nil when nobody knows that version.
func (r *Rules) by(version string) *Rules {
	if version == r.Calendar.Version() {
		return r
	}
	c := r.calendars.At(r.Calendar.Name(), version)
	if c == nil {
		return nil
	}
	other := *r
	other.Calendar = c
	return &other
}

// InForce is the rule of law by which a clock runs: the one in force on the day it began.
func (r *Rules) InForce(declared *procedure.Clock, c *Clock) *procedure.Rule {
	from, err := time.Parse(time.RFC3339, c.From)
	if err != nil { // only in a damaged database; audit tells
		return declared.On("")
	}
	return declared.On(from.In(r.Location).Format(time.DateOnly))
}

// request is what the deadline function is asked for a clock as it stands.
func (r *Rules) request(declared *procedure.Clock, c *Clock) (calendar.Request, error) {
	from, err := time.Parse(time.RFC3339, c.From)
	if err != nil {
		return calendar.Request{}, err
	}
	rule := r.InForce(declared, c)
	req := calendar.Request{From: from, Period: rule.Period, Calendar: r.Calendar, Location: r.Location,
		Basis: calendar.Basis{Law: rule.Basis.Law, Article: rule.Basis.Article, Status: rule.Basis.Status}}
	if declared.Until != "" {
		if req.Period, req.Until, err = r.until(c); err != nil {
			return req, err
		}
	}
	if rule.Roll != nil {
		req.Roll = calendar.RollNo
		if *rule.Roll {
			req.Roll = calendar.RollYes
		}
	}
	for _, s := range c.Suspensions {
		span := calendar.Span{}
		if span.From, err = time.Parse(time.RFC3339, s.From); err != nil {
			return req, err
		}
		if s.To != "" {
			if span.To, err = time.Parse(time.RFC3339, s.To); err != nil {
				return req, err
			}
		}
		req.Suspensions = append(req.Suspensions, span)
	}
	for range c.Extensions {
		if declared.Until != "" { // it was given another day
			break
		}
		if rule.Extension == nil {
			return req, fmt.Errorf("the clock %s was extended, which its rule does not allow", c.Name)
		}
		req.Extensions = append(req.Extensions, rule.Extension.Period)
	}
	return req, nil
}

// until is the day on which a clock ends that does not count a period.
func (r *Rules) until(c *Clock) (calendar.Period, calendar.Date, error) {
	day, err := calendar.ParseDate(c.Until)
	if err != nil {
		return calendar.Period{}, 0, fmt.Errorf("the clock %s ends on a day that was not given: %w", c.Name, err)
	}
	return calendar.Period{}, day, nil
}

// Deadline computes the clock's dates.
func (r *Rules) Deadline(rule *procedure.Clock, c *Clock) (calendar.Deadline, error) {
	req, err := r.request(rule, c)
	if err != nil {
		return calendar.Deadline{}, err
	}
	return calendar.Compute(req)
}

// Explain computes the clock's dates with the steps and the law, in lang, by the version of the calendar by which
// they were recorded.
func (r *Rules) Explain(rule *procedure.Clock, c *Clock, lang string) (calendar.Deadline, []calendar.Line, error) {
	if then := r.by(c.Calendar); then != nil {
		r = then
	}
	req, err := r.request(rule, c)
	if err != nil {
		return calendar.Deadline{}, nil, err
	}
	return calendar.Explain(req, lang)
}

// op computes an operation on a copy of the clock and returns it with its dates filled in. An act can then
// be checked later by computing the same again.
func (r *Rules) op(kind string, c Clock, at string) (ClockOp, error) {
	op := ClockOp{Op: kind, Clock: c.Name}
	declared := r.Procedure.Clock(c.Name)
	switch kind {
	case "start":
		op.From, op.Until = c.From, c.Until
		op.Party, op.Issuer = declared.Responsible == procedure.ResponsibleParty, declared.Responsible == procedure.ResponsibleIssuer
	case "extend":
		if declared.Until != "" {
			op.Until = c.Until
		}
	case "recompute":
		op.WasCalendar, op.WasDue, op.WasTarget = c.Calendar, c.Due, c.Target
	case "warn":
		op.At = FormatTime(c.WarnAt(r.Location))
		return op, nil
	case "lapse":
		op.At = FormatTime(c.DueAt(r.Location))
		return op, nil
	}
	apply(&c, op, at)
	if !c.Open() {
		return op, nil
	}
	op.Calendar = r.Calendar.Version()
	if c.Status == Suspended {
		return op, nil
	}
	d, err := r.Deadline(declared, &c)
	if err != nil {
		return op, err
	}
	op.Target, op.Due, op.Provisional = d.Target.String(), d.Due.String(), d.Provisional
	op.Warn, err = r.warning(declared, &c, d.Due, kind == "start", at)
	return op, err
}

// clockOps are the operations on a matter's clocks that follow from an event ("open" or a step's name)
// after which the matter stands in state. at is the act's time, from the start event's. The fields of the matter are
// those after the event.
func (r *Rules) clockOps(m *Matter, event, state, at, from string, extend string) ([]ClockOp, error) {
	var ops []ClockOp
	add := func(kind string, c Clock) error {
		op, err := r.op(kind, c, at)
		if err == nil {
			ops = append(ops, op)
			m.applyClock(op, at)
		}
		return err
	}
	end := r.Procedure.State(state).End
	stops := r.Procedure.ClocksStoppedBy(event)
	starts := r.Procedure.ClocksStartedBy(event)
	for i := range m.Clocks {
		c := m.Clocks[i]
		if !c.Open() {
			continue
		}
		rule := r.Procedure.Clock(c.Name)
		suspend := r.Procedure.Suspended(rule, state)
		if hasClock(stops, c.Name) || hasClock(starts, c.Name) || end && rule.Responsible != "party" {
			if err := add("stop", c); err != nil {
				return nil, err
			}
			continue
		}
		var kinds []string
		if c.Name == extend {
			m.Clocks[i].Until = m.day(rule.Until)
			kinds = append(kinds, "extend")
		}
		if suspend && c.Status == Running {
			kinds = append(kinds, "suspend")
		} else if !suspend && c.Status == Suspended {
			kinds = append(kinds, "resume")
		}
		for _, kind := range kinds {
			if err := add(kind, m.Clocks[i]); err != nil {
				return nil, err
			}
		}
	}
	for _, rule := range starts {
		if end && rule.Responsible != "party" {
			continue
		}
		if err := add("start", Clock{Name: rule.Name, From: from, Until: m.day(rule.Until)}); err != nil {
			return nil, err
		}
		if r.Procedure.Suspended(rule, state) {
			if err := add("suspend", *m.clock(rule.Name)); err != nil {
				return nil, err
			}
		}
	}
	return ops, nil
}

// day is the value of a field with a day; "" for none.
func (m *Matter) day(field string) string {
	day, _ := m.Fields[field].(string)
	return day
}

func hasClock(rules []*procedure.Clock, name string) bool {
	for _, r := range rules {
		if r.Name == name {
			return true
		}
	}
	return false
}

// apply is the fold of one operation on one clock.
func apply(c *Clock, op ClockOp, at string) {
	switch op.Op {
	case "start":
		*c = Clock{Name: op.Clock, Status: Running, From: op.From, Party: op.Party, Issuer: op.Issuer, Until: op.Until}
	case "stop":
		c.Status, c.Stopped = Stopped, at
		return
	case "suspend":
		c.Status = Suspended
		c.Suspensions = append(append([]Span(nil), c.Suspensions...), Span{From: at})
	case "resume":
		c.Status = Running
		c.Suspensions = append([]Span(nil), c.Suspensions...)
		if n := len(c.Suspensions); n > 0 { // only in a damaged database there is none; audit tells
			c.Suspensions[n-1].To = at
		}
		c.Lapsed, c.Warned = "", ""
	case "extend":
		c.Extensions++
		if op.Until != "" {
			c.Until = op.Until
		}
		c.Lapsed, c.Warned = "", ""
	case "recompute":
		c.Lapsed, c.Warned = "", ""
	case "warn":
		c.Warned = at
		return
	case "carry":
		c.Name = op.To
		if op.WasDue != "" {
			c.Lapsed, c.Warned = "", ""
		}
	case "lapse":
		c.Lapsed = at
		return
	}
	c.Target, c.Due, c.Provisional, c.Calendar, c.Warn = op.Target, op.Due, op.Provisional, op.Calendar, op.Warn
}
