package desk

import (
	"fmt"
	"slices"
	"time"

	"luoshi/internal/casework"

	"golang.org/x/text/number"
)

// flow draws what came, was finished and became late, and writes the same numbers into a table. Without any there is
// nothing to draw.
func (t *tables) flow(o *casework.Overview, by string) ([]*chart, []flowRow) {
	var opened, ended, late []int64
	var rows []flowRow
	sum := casework.Flow{}
	for _, p := range o.Periods {
		opened, ended, late = append(opened, p.Opened), append(ended, p.Ended), append(late, p.Late)
		sum = casework.Flow{Opened: sum.Opened + p.Opened, Ended: sum.Ended + p.Ended, Late: sum.Late + p.Late}
		rows = append(rows, flowRow{Period: t.period(p, by), Cells: t.flowCells(p, by)})
	}
	if sum == (casework.Flow{}) {
		return nil, nil
	}
	slices.Reverse(rows) // the newest is looked for first
	from := t.date(o.Periods[0].From)
	both, alone := newScale(len(opened), opened, ended), newScale(len(late), late)
	ticks := t.ticks(both, o.Periods)
	return []*chart{
		{ID: "came", Title: t.T("overview.chart-came"), Desc: t.T("overview.chart-came-text", from, t.number(sum.Opened), t.number(sum.Ended)),
			Grid: both.grid(t.axis), Ticks: ticks, Lines: []line{both.line("opened", false, opened), both.line("ended", true, ended)},
			Legend: []legend{{"opened", t.T("overview.opened"), false}, {"ended", t.T("overview.ended"), true}}},
		{ID: "late", Title: t.T("overview.chart-late"), Desc: t.T("overview.chart-late-text", from, t.number(sum.Late)),
			Grid: alone.grid(t.axis), Ticks: ticks, Bars: alone.bars(late)},
	}, rows
}

// flowCells are the numbers of one period, each with the list of its matters.
func (t *tables) flowCells(p casework.Period, by string) []figure {
	cell := func(what, title string, n int64) figure {
		c := figure{Title: t.T("overview." + title), N: t.number(n)}
		if n > 0 {
			c.Path = t.path(filter{Unit: t.unit, Show: "all", Order: casework.Newest, Happened: what + "." + p.Name(by)})
		}
		return c
	}
	return []figure{cell(casework.Opened, "opened", p.Opened), cell(casework.Ended, "ended", p.Ended), cell(casework.BecameLate, "became-late", p.Late)}
}

// period names a month, or a week by its first and last day.
func (v words) period(p casework.Period, by string) string {
	if by != casework.ByWeek {
		if v.Lang == "zh" {
			return fmt.Sprintf("%d年%d月", p.From.Year(), p.From.Month())
		}
		return p.From.Format("January 2006")
	}
	last := p.To.AddDate(0, 0, -1)
	if v.Lang == "zh" {
		return fmt.Sprintf("%d年%d月%d日至%d月%d日", p.From.Year(), p.From.Month(), p.From.Day(), last.Month(), last.Day())
	}
	return p.From.Format("2 Jan") + " – " + last.Format("2 Jan 2006")
}

// date writes a day without its weekday.
func (v words) date(d time.Time) string {
	if v.Lang == "zh" {
		return fmt.Sprintf("%d年%d月%d日", d.Year(), d.Month(), d.Day())
	}
	return d.Format("2 January 2006")
}

// ticks name the months, each where it begins, and the year at every January, and at the first.
func (t *tables) ticks(s scale, periods []casework.Period) []tick {
	month := func(i int) time.Time { return periods[i].To.AddDate(0, 0, -1) } // a week belongs to that of its last day
	var at []int
	for i := range periods {
		if i == 0 || month(i).Month() != month(i-1).Month() {
			at = append(at, i)
		}
	}
	if len(at) > 1 && s.x(at[1])-s.x(at[0]) < tickWidth { // little is left of the first month
		at = at[1:]
	}
	ticks := make([]tick, len(at))
	for n, i := range at {
		k := tick{X: place(s.x(i)), Label: month(i).Format("Jan")}
		if t.Lang == "zh" {
			k.Label = fmt.Sprintf("%d月", month(i).Month())
		}
		k.Other = n%2 == 1
		if month(i).Month() == time.January || n == 0 && month(i).Month() != time.December { // else January comes next
			k.Year = fmt.Sprint(month(i).Year())
		}
		ticks[n] = k
	}
	return ticks
}

// axis writes a number of a scale short, for which there is little room: 200k, 20万.
func (t *tables) axis(n int64) string {
	unit, name := int64(1000), "k"
	if t.Lang == "zh" {
		unit, name = 10_000, "万"
	}
	if n < 10_000 {
		return t.number(n)
	}
	return t.say.Sprint(number.Decimal(float64(n)/float64(unit), number.MaxFractionDigits(1))) + name
}
