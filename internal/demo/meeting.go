package demo

import (
	"context"
	"embed"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"luoshi/internal/alike"
	"luoshi/internal/casework"
	"luoshi/internal/office"
	"luoshi/internal/report"
	"luoshi/internal/report/orders"
)

// Reports of meetings that were never held.
//
//go:embed meetings
var meetings embed.FS

// fewMatters is below how many matters a demo has no directives: it is then for trying the program, not for looking at.
const fewMatters = 500

// council plays what a meeting of the province decided: a report that was read, six directives, and what became of them on
// the way down to the townships. Everything is a command with a key of its own, so that a filling that was killed goes on.
type council struct {
	*Province
	cast  *cast
	tree  *office.Tree
	place *time.Location
	ctx   context.Context
	n     map[string]int // commands so far, by matter
	all   []string       // numbers of all directives
	fault error          // the first; nothing is done after it
}

// meet plays the meeting, three weeks before the end of the simulated time.
func (p *Province) meet(ctx context.Context, c *cast, place *time.Location) error {
	if p.service.Rules(casework.Directives) == nil || p.mark.Matters < fewMatters {
		return nil
	}
	m := &council{Province: p, cast: c, tree: p.service.Tree(), place: place, ctx: ctx, n: map[string]int{}}
	m.draft("schools.txt", m.day(-2), nil)
	issued := m.issue("safety.txt", m.day(-21))
	if m.fault == nil {
		m.carry(issued)
	}
	m.lapse()
	return m.fault
}

// day is ten in the morning, so many days from the end of the simulated time.
func (m *council) day(n int) time.Time {
	y, month, d := m.mark.Until.In(m.place).Date()
	return time.Date(y, month, d+n, 10, 0, 0, 0, m.place)
}

// date is that day as a field has it.
func (m *council) date(n int) string { return m.day(n).Format(time.DateOnly) }

// issuer is who issues for the province.
func (m *council) issuer() office.Actor { return office.Actor{Account: m.cast.all["supervisor"]} }

// read reads a report of a meeting that was held on a day.
func (m *council) read(name string, held time.Time) *orders.List {
	text, err := meetings.ReadFile("meetings/" + name)
	if err != nil {
		m.fault = err
		return &orders.List{}
	}
	said := strings.ReplaceAll(string(text), "{date}", held.Format("2006年1月2日"))
	return orders.From(report.Read(said, held))
}

// draft keeps a report as the clerks of the province work on it, unless it is there.
func (m *council) draft(name string, held time.Time, numbers []string) {
	l := m.read(name, held)
	if m.fault != nil {
		return
	}
	have, err := m.service.Drafts(m.ctx, m.issuer(), casework.Directives)
	for _, d := range have {
		if d.Title == l.Title {
			return
		}
	}
	m.clock.Set(held.Add(5 * time.Hour))
	d := casework.Draft{Unit: provinceCode, Title: l.Title}
	if l.Issued = numbers; len(numbers) > 0 {
		d.Issued = casework.FormatTime(m.service.Now())
	}
	if err == nil {
		d.Doc, err = json.Marshal(l)
	}
	if err == nil {
		_, err = m.service.KeepDraft(m.ctx, m.issuer(), casework.Directives, d)
	}
	m.fault = err
}

// decided is what the province makes of each item of the report.
type decided struct {
	unit, title, measure string
	days                 int // from the meeting to the last day
	each                 string
	more                 map[string]any
}

func decisions() []decided {
	return []decided{
		{provinceCode + "-housing", "排查自建房安全", "每栋一张登记表，住人的危房全部搬空。", 14, "", map[string]any{"report_every": "week"}},
		{provinceCode, "查清汛期隐患", "每个村一张清单，每处隐患写明由谁盯着。", 26, kindCity, map[string]any{"reaches": "township", "report_every": "week", "counting": "all"}},
		{provinceCode + "-human", "清理拖欠农民工工资", "每个在建工地一张对账单，欠薪全部发清。", 22, "", map[string]any{"report_every": "week"}},
		{provinceCode + "-transport", "看住校车经过的路口", "每个路口改前改后各一张照片。", 40, "", map[string]any{"report_every": "month"}},
		{provinceCode + "-market", "检查餐馆用的燃气", "不合格的软管和报警器全部换掉，有换下来的清单。", 15, "", map[string]any{"report_every": "week"}},
		{provinceCode + "01", "走访独居老人", "每户有电话和紧急联系人。", 30, "", map[string]any{"reaches": "township", "report_every": "month", "counting": "sum", "target": 1200}},
	}
}

// issue issues the six directives of the report, all in one call.
func (m *council) issue(name string, held time.Time) []*casework.Outcome {
	l := m.read(name, held)
	all := decisions()
	if open := l.Open(); m.fault == nil && len(open) != len(all) {
		m.fault = fmt.Errorf("the report %s of the demo has %d items, not %d", name, len(open), len(all))
	}
	if m.fault != nil {
		return nil
	}
	in := casework.Issuance{Procedure: casework.Directives, Issuer: provinceCode, Channel: "web"}
	for i, it := range l.Open() {
		d := all[i]
		fields := map[string]any{"task": it.Task, "measure": d.measure, "due_on": held.AddDate(0, 0, d.days).Format(time.DateOnly), "source_title": l.Title,
			"source_date": l.Date, "source_words": l.Words(it.Places[0]), "source_hash": alike.New(l.Text).Hash()}
		for name, value := range d.more {
			fields[name] = value
		}
		one := casework.Directive{Unit: d.unit, Title: d.title, Fields: fields}
		for _, code := range m.below(provinceCode, d.each) {
			one.Parts = append(one.Parts, casework.DirectivePart{Sub: "part", Unit: code})
		}
		in.Directives = append(in.Directives, one)
	}
	m.clock.Set(held.Add(6 * time.Hour))
	out, err := m.service.Issue(m.ctx, m.issuer(), in, "demo "+m.mark.Nonce+" meeting")
	if m.fault = err; err != nil {
		return nil
	}
	var numbers []string
	for _, o := range out {
		numbers = append(numbers, o.Matter.Number)
		m.all = append(m.all, o.Matter.Number)
		for _, p := range o.Each {
			m.all = append(m.all, p.Matter.Number)
		}
	}
	m.draft(name, held, numbers)
	return out
}

// below are the offices of a kind right below another; none for no kind.
func (m *council) below(code, kind string) []string {
	var codes []string
	for _, c := range m.tree.Children(code) {
		if u, ok := m.tree.Unit(c); ok && u.Kind == kind {
			codes = append(codes, c)
		}
	}
	return codes
}

// lapse lets the warnings and the lateness that fell due be recorded, as the system does at the time.
func (m *council) lapse() {
	rules := m.service.Rules(casework.Directives)
	for _, number := range m.all {
		for m.fault == nil {
			stored, err := m.service.Store.Matter(m.ctx, number)
			if err != nil {
				m.fault = err
				return
			}
			wake := rules.Wake(stored)
			at := time.UnixMilli(wake).Add(3 * time.Second)
			if wake == casework.NoDue || at.After(m.mark.Until) {
				break
			}
			m.clock.Set(at)
			if out, err := m.service.Wake(m.ctx, number); err != nil || out == nil {
				m.fault = err
				break
			}
		}
	}
}
