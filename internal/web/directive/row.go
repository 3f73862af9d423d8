package directive

import (
	"strings"
	"time"

	"luoshi/internal/casework"
	"luoshi/internal/procedure"
)

// boardRow is one directive. Light is late, soon, good or plain: a class of a tag, whose words are LightSaid.
type boardRow struct {
	Number, Path, Title, Unit, State string
	Light, LightSaid                 string
	Percent                          int
	Due, Left                        string
	Reported                         string // when progress was last reported; "" for never
	ReportPercent, ReportNumber      string // that the office itself said last
	Report, Evidence                 string
	BelowReported                    string // the newest report further down, where it made none itself
	LateBelow                        string // which offices further down are late
	Below                            string // how many parts, and how many of them are late
	Reminded                         string // that the office was warned or reminded
	Waits                            bool
	Level                            int
	Alike                            string // other offices that handed in the same words
	Print                            string // address of the file
}

// lightOf is the tag of a directive and its words.
func (v words) lightOf(b *casework.Branch) (class, said string) {
	switch {
	case b.Own == casework.LightEnded && b.Progress.Done:
		return "good", v.T("directives.light-done")
	case b.Own == casework.LightEnded:
		return "plain", v.T("directives.light-gone")
	case b.Own == casework.LightRed:
		if what := v.lateFor(b); what != "" {
			return "late", v.T("directives.light-late-of", what)
		}
		return "late", v.T("directives.light-late")
	case b.Progress.Late > 0:
		return "late", v.T("directives.light-below", b.Progress.Late)
	case b.Own == casework.LightYellow || b.Progress.Soon > 0:
		return "soon", v.T("directives.light-soon")
	}
	return "good", v.T("directives.light-good")
}

// lateFor is which time ran out while the last day, which stands beside it, has not: to acknowledge, for instance.
func (v words) lateFor(b *casework.Branch) string {
	what := ""
	for i := range b.Matter.Clocks {
		c := &b.Matter.Clocks[i]
		k := b.Rules.Procedure.Clock(c.Name)
		if !c.Open() || c.Issuer || c.Lapsed == "" || k == nil {
			continue
		}
		if k.Until != "" {
			return ""
		}
		what = v.Say(k.Title)
	}
	return what
}

func (s *Pages) boardRow(v words, b *casework.Branch, level int, now time.Time) boardRow {
	m := b.Matter
	row := boardRow{Number: m.Number, Path: "/desk/directives/" + m.Number, Print: "/desk/m/" + m.Number, Title: m.Title, Unit: v.Unit(m.Unit), State: v.State(b.Rules.Procedure, m.State),
		Percent: b.Progress.Percent, Waits: b.Waits(), Level: level}
	row.Light, row.LightSaid = v.lightOf(b)
	v.report(&row, b)
	v.further(&row, b)
	row.Reminded = v.reminded(b)
	if due := b.LastDay(); !due.IsZero() && m.Ended == "" {
		row.Due = v.Ending(due, b.Rules)
		row.Left, _, _ = v.Left(now, due, b.Rules.Location)
	}
	if n := b.Progress.Parts; n > 0 {
		row.Below = v.T("directives.below", b.Progress.Ended, n)
	}
	return row
}

// report says what the office itself reported last, when, and the numbers with it.
func (v words) report(row *boardRow, b *casework.Branch) {
	mark, ok := b.LastReport()
	if !ok {
		return
	}
	row.Reported = v.Recorded(mark.Time, b.Rules.Location)
	r, fields := b.Rules.Procedure.Rollup, b.Matter.Fields
	number := func(name string) string {
		if n, ok := fields[name]; ok {
			return v.Value(b.Rules.Procedure.Field(name), n)
		}
		return ""
	}
	row.ReportPercent, row.ReportNumber = number(r.Progress), number(r.Number)
	row.Evidence, _ = fields["evidence"].(string)
	if st := b.Rules.Procedure.Step(mark.Step); st != nil {
		for _, use := range st.Fields { // the first text that the step asks for is what was reported
			if f := b.Rules.Procedure.Field(use.Name); f != nil && f.Type == procedure.TypeText {
				row.Report, _ = fields[use.Name].(string)
				return
			}
		}
	}
}

// fewLate is how many late offices a row names.
const fewLate = 4

// further says what of the parts somebody has to know at once: who is late, and when any of them reported last.
func (v words) further(row *boardRow, b *casework.Branch) {
	var late []string
	var newest casework.Mark
	var by *casework.Branch
	n := 0
	b.Each(func(level int, x *casework.Branch) {
		if level == 0 {
			return
		}
		if x.Own == casework.LightRed {
			if n++; n <= fewLate {
				late = append(late, v.Unit(x.Matter.Unit))
			}
		}
		if mark, ok := x.LastReport(); ok && mark.Time > newest.Time {
			newest, by = mark, x
		}
	})
	if n > 0 {
		row.LateBelow = strings.Join(late, v.T("list"))
		if n > fewLate {
			row.LateBelow = v.T("directives.and-more", row.LateBelow, n-fewLate)
		}
	}
	if by != nil && row.Reported == "" {
		row.BelowReported = v.T("directives.last-below", v.Recorded(newest.Time, by.Rules.Location), v.Unit(by.Matter.Unit))
	}
}

// reminded says that the system has warned the office, or how often the one that issued it has reminded it.
func (v words) reminded(b *casework.Branch) string {
	if b.Matter.Ended != "" {
		return ""
	}
	if n := b.Matter.Taken[casework.Urge]; n > 0 {
		return v.T("directives.urged", n)
	}
	warned := ""
	for i := range b.Matter.Clocks {
		if c := &b.Matter.Clocks[i]; c.Open() && !c.Issuer && c.Lapsed == "" {
			warned = max(warned, c.Warned)
		}
	}
	if warned == "" {
		return ""
	}
	return v.T("directives.warned", v.Recorded(warned, b.Rules.Location))
}

// slipView is something that happened to a last day: it was passed, or another was set.
type slipView struct {
	Light, What string // the class of its tag, and its own word
	Clock       string // which time, when it is not the last day
	Title, Path string
	Unit        string
	Was, Day    string
	At          string
	at          string
}

// slips are what happened to the times of a directive since then.
func (v words) slips(b *casework.Branch, since time.Time) []slipView {
	var views []slipView
	p, loc := b.Rules.Procedure, b.Rules.Location
	for _, x := range b.Slips(since.UnixMilli()) {
		view := slipView{Light: "late", What: v.T("directives.slip-late"), Title: b.Matter.Title, Path: "/desk/directives/" + b.Matter.Number, Unit: v.Unit(b.Matter.Unit),
			Was: v.Moment(x.Was, loc), Day: v.Moment(x.Day, loc), At: v.Recorded(x.At, loc), at: x.At}
		if st := p.Step(x.Step); st != nil {
			view.Light, view.What = "soon", v.Say(st.Title)
		}
		if k := p.Clock(x.Clock); k != nil && k.Until == "" {
			view.Clock = v.Say(k.Title)
		}
		views = append(views, view)
	}
	return views
}
