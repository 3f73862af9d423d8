package matter

import (
	"time"

	"luoshi/internal/casework"
	"luoshi/internal/procedure"
)

// ClockView is one period with its dates and how they were computed.
type ClockView struct {
	Name        string // as declared
	Title       string
	Status      string // in words
	Open        bool
	Date        string // the date to hold to: see dateOf
	Latest      string // the date after moving off days off, when it is another
	Left        string // days left until the latest date, or late, in words
	Late        bool
	Soon        bool
	Provisional bool
	Reminded    string // when the system warned that it soon runs out; "" when it did not, or it has
	Responsible string // "" where another office was, in another procedure
	Target      string
	Due         string
	Basis       string
	Note        string
	Lines       []string
	Why         []string // why it stands still or was extended, as recorded
	Channel     string   // title of the procedure, when it is not the one that the matter is in
}

// Earlier reports whether the period is over with the procedure that it belonged to.
func (c ClockView) Earlier() bool { return c.Channel != "" && !c.Open }

// SoonDays is from how many days before its end a period is marked as near.
const SoonDays = 3

// ClockViews shows every clock of a matter, open ones first. by gives the rules that a clock runs or ran by.
func (v Words) ClockViews(m *casework.Matter, by func(*casework.Clock) *casework.Rules, now time.Time) []ClockView {
	var open, done []ClockView
	for i := range m.Clocks {
		c := &m.Clocks[i]
		rules := by(c)
		rule := rules.Procedure.Clock(c.Name)
		if rule == nil {
			continue
		}
		view := v.clockView(m, rules, rule, c, now)
		if m.Foreign(c) {
			view.Channel = v.Say(rules.Procedure.Title)
		}
		if view.Open {
			open = append(open, view)
		} else {
			done = append(done, view)
		}
	}
	return append(open, done...)
}

func (v Words) clockView(m *casework.Matter, rules *casework.Rules, rule *procedure.Clock, c *casework.Clock, now time.Time) ClockView {
	loc, inForce := rules.Location, rules.InForce(rule, c)
	view := ClockView{Name: c.Name, Title: v.Say(rule.Title), Open: c.Open(), Provisional: c.Open() && rules.Unsure(c),
		Target: v.Moment(c.Target, loc), Due: v.Moment(c.Due, loc), Date: v.Moment(dateOf(rule, c), loc),
		Basis: v.Basis(rules.Procedure.Languages[0], inForce.Basis), Note: v.Say(inForce.Basis.Note), Responsible: v.T("clock.party")}
	if view.Due != view.Date {
		view.Latest = view.Due
	}
	if rule.Responsible != "party" {
		view.Responsible = v.Unit(m.Responsible(c))
		if m.Foreign(c) && !view.Open {
			view.Responsible = ""
		}
	}
	if _, lines, err := rules.Explain(rule, c, v.Lang); err == nil {
		for _, l := range lines {
			view.Lines = append(view.Lines, l.Text)
		}
	}
	v.clockStatus(&view, rule, c, now, loc)
	return view
}

// WhyClocks adds to the clocks why they stand still or were extended, also to how their dates were computed.
func (v Words) WhyClocks(views []ClockView, f *casework.File) []ClockView {
	for i := range views {
		if views[i].Channel != "" {
			continue
		}
		for _, c := range f.Causes(views[i].Name) {
			views[i].Why = append(views[i].Why, c.Say(v.Lang))
		}
		views[i].Lines = append(views[i].Lines, views[i].Why...)
	}
	return views
}

// clockStatus says how a clock stands. An office that lets a period pass is late; a party that does not use
// a right is not, the time for it is over.
func (v Words) clockStatus(view *ClockView, rule *procedure.Clock, c *casework.Clock, now time.Time, loc *time.Location) {
	duty := rule.Responsible != "party"
	switch c.Status {
	case casework.Suspended:
		view.Status = v.T("clock.suspended")
	case casework.Stopped:
		view.Status = v.T("clock.stopped", v.Recorded(c.Stopped, loc))
		view.Late = duty && c.Lapsed != ""
		if view.Late {
			view.Status = v.T("clock.stopped-late", v.Recorded(c.Stopped, loc))
		}
	default:
		view.Status = v.T("clock.running")
		if end := c.DueAt(loc); !end.IsZero() {
			var days int
			view.Left, view.Late, days = v.Left(now, end, loc)
			view.Soon = !view.Late && (days <= SoonDays || c.Warned != "")
			if view.Soon && c.Warned != "" {
				view.Reminded = v.T("clock.reminded-at", v.Recorded(c.Warned, loc))
			}
			if view.Late && !duty {
				view.Late, view.Left = false, v.T("left.over")
			}
		}
	}
}

// dateOf is the date a person is told to hold to. An office's duty is shown with the earlier date, before a
// last day off moves it; a party's own right with the later one, up to which it can be used.
func dateOf(rule *procedure.Clock, c *casework.Clock) string {
	if rule.Responsible == "party" {
		return c.Due
	}
	return c.Target
}

// Nearest is the running clock of the office that ends first, or nil.
func Nearest(views []ClockView, m *casework.Matter, rules *casework.Rules) *ClockView {
	var best *casework.Clock
	for i := range m.Clocks {
		c := &m.Clocks[i]
		rule := rules.Procedure.Clock(c.Name)
		if rule == nil || rule.Responsible == "party" || c.DueAt(rules.Location).IsZero() {
			continue
		}
		if best == nil || c.DueAt(rules.Location).Before(best.DueAt(rules.Location)) {
			best = c
		}
	}
	if best == nil {
		return nil
	}
	title := rules.Procedure.Clock(best.Name).Title
	for i := range views {
		for _, t := range title {
			if views[i].Open && views[i].Title == t {
				return &views[i]
			}
		}
	}
	return nil
}

// Ending writes the exclusive end of a period: midnight is the end of the day before.
func (v Words) Ending(end time.Time, rules *casework.Rules) string {
	t := end.In(rules.Location)
	if t.Hour() == 0 && t.Minute() == 0 && t.Second() == 0 {
		return v.Day(t.AddDate(0, 0, -1))
	}
	return v.Clock(t, rules.Location)
}
