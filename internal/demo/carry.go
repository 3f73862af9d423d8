package demo

import (
	"fmt"
	"maps"
	"time"

	"luoshi/internal/casework"
	"luoshi/internal/office"
)

// sameWords is a report that several townships hand in: the board marks it.
const sameWords = "高度重视，认真组织，迅速行动，逐村走访排查，建立台账，压实责任，确保不出问题，取得明显成效。"

// step takes a step of a directive on a day, by whoever of the office may. A key makes it the same after an interruption.
func (m *council) step(number, unit, step string, day int, fields map[string]any, more ...func(*casework.StepCommand)) *casework.Outcome {
	if m.fault != nil {
		return nil
	}
	m.n[number]++
	m.clock.Set(m.day(day).Add(time.Duration(m.n[number]) * 11 * time.Minute))
	cmd := casework.StepCommand{Step: step, Fields: maps.Clone(fields)}
	for _, f := range more {
		f(&cmd)
	}
	out, err := m.service.TakeStep(m.ctx, m.worker(unit), number, cmd, fmt.Sprintf("demo %s %s %d", m.mark.Nonce, number, m.n[number]))
	if err != nil {
		m.fault = fmt.Errorf("the directive %s of the demo, step %s: %w", number, step, err)
		return nil
	}
	return out
}

// worker is who acts for an office: its head, or a clerk where it has none of its own.
func (m *council) worker(unit string) office.Actor {
	for _, role := range []string{office.RoleHead, office.RoleClerk} {
		if held := m.cast.held[office.Grant{Role: role, Unit: unit}]; len(held) > 0 {
			return office.Actor{Account: held[0]}
		}
	}
	return office.Actor{Account: m.cast.holders(office.RoleHead, unit)[0]}
}

// reporter reports for an office: heads may not.
func (m *council) reporter(unit string) office.Actor {
	return office.Actor{Account: m.cast.holders(office.RoleOfficer, unit)[0]}
}

func note(text string) func(*casework.StepCommand) {
	return func(c *casework.StepCommand) { c.Note = text }
}

// begin acknowledges a directive and plans it.
func (m *council) begin(number, unit string, day int) {
	m.step(number, unit, "acknowledge", day, nil)
	m.step(number, unit, "plan", day, map[string]any{"plan": "分片包干，每周一碰头，查到的当天写进清单。"})
}

// split gives each of the offices a part and answers their numbers, by office.
func (m *council) split(number, unit string, day, due int, task string, units []string, more map[string]any) map[string]string {
	fields := map[string]any{"part_task": task, "part_measure": "每个村一张清单，写明由谁盯着。", "part_due_on": m.date(due), "part_report_every": "week"}
	maps.Copy(fields, more)
	out := m.step(number, unit, "split", day, fields, func(c *casework.StepCommand) { c.Sub = &casework.SubOpening{Units: units} })
	parts := map[string]string{}
	if out == nil {
		return parts
	}
	for _, p := range out.Each {
		parts[p.Matter.Unit] = p.Matter.Number
		m.all = append(m.all, p.Matter.Number)
	}
	return parts
}

// report hands in a report of progress; officers and clerks do.
func (m *council) report(number, unit string, day, percent, achieved int, text string) {
	if m.fault != nil {
		return
	}
	m.n[number]++
	m.clock.Set(m.day(day).Add(time.Duration(m.n[number]) * 11 * time.Minute))
	fields := map[string]any{"percent": percent, "report_text": text, "evidence": "清单和照片存在本单位档案柜，按村编号。"}
	if achieved > 0 {
		fields["achieved"] = achieved
	}
	key := fmt.Sprintf("demo %s %s %d", m.mark.Nonce, number, m.n[number])
	if _, err := m.service.TakeStep(m.ctx, m.reporter(unit), number, casework.StepCommand{Step: "report", Fields: fields}, key); err != nil {
		m.fault = fmt.Errorf("the directive %s of the demo, a report: %w", number, err)
	}
}

// finish reports a directive done, and has it struck off.
func (m *council) finish(number, unit, issuer string, day int, achieved int) {
	results := []string{"清单上的都办完了，逐条核对过。", "该修的修了，该搬的搬了，村里人都签了字。", "最后两处昨天做完，照片和签字都在档案里。"}
	fields := map[string]any{"result": results[len(unit)*day*day%len(results)], "evidence": "清单、照片和签字的登记表。"}
	if achieved > 0 {
		fields["achieved"] = achieved
	}
	m.step(number, unit, "report-done", day, fields)
	m.step(number, issuer, "strike-off", day+1, map[string]any{"checked": "抽查了三处，和清单一致。"})
}

// carry plays what became of the six.
func (m *council) carry(out []*casework.Outcome) {
	at := func(i int) (number, unit string) { return out[i].Matter.Number, out[i].Matter.Unit }
	houses, housing := at(0)
	m.begin(houses, housing, -20)
	m.report(houses, housing, -14, 60, 0, "登记了六成的自建房，搬了四户，其余的这周接着查。")
	m.finish(houses, housing, provinceCode, -9, 0)

	wages, human := at(2)
	m.begin(wages, human, -20)
	m.report(wages, human, -12, 35, 0, "对完了三十一个工地的账，发清二十六个。")
	m.step(wages, human, "ask-extension", -2, map[string]any{"extension_reason": "两个工地的承包人换了，账要重新对。", "asked_until": m.date(12)})

	roads, transport := at(3)
	m.step(roads, transport, "return", -19, nil, note("路口标线归城市管理部门，请改交各市城市管理局。"))

	gas, market := at(4)
	m.begin(gas, market, -20)
	m.report(gas, market, -13, 70, 0, "查了八百家，换下不合格软管九十四根。")
	m.step(gas, provinceCode, "list-publicly", -12, map[string]any{"listed": true}, note("群众关心，挂牌办。"))
	m.step(gas, market, "report-done", -8, map[string]any{"result": "都换完了。", "evidence": "换下来的清单。"})
	m.step(gas, provinceCode, "redo", -4, map[string]any{"due_on": m.date(8)}, note("抽查到两家没有换，请再走一遍。"))

	m.floods(out[1])
	m.visits(out[5].Matter.Number)
}

// floods go from the province to four cities, in the first two of them to counties, and in one county to townships.
func (m *council) floods(out *casework.Outcome) {
	whole := out.Matter.Number
	m.step(whole, provinceCode, "acknowledge", -20, nil)
	m.step(whole, provinceCode, "plan", -20, map[string]any{"plan": "四个市同时走，每周二汇总。"})
	for i, part := range out.Each {
		number, city := part.Matter.Number, part.Matter.Unit
		if i == 3 {
			continue // has not acknowledged it
		}
		m.step(number, city, "acknowledge", -19+i, nil)
		if i == 2 {
			m.step(number, city, "plan", -17, map[string]any{"plan": "先看三条河，再看山边。"})
			m.report(number, city, -5, 55, 0, "三条河走完了，山边的走了一半。")
			continue
		}
		counties := m.below(city, kindCounty)
		below := m.split(number, city, -18+i, -5+8*i, "各县逐村走，先看水库下面的村。", counties, nil)
		for j, county := range counties {
			m.flooded(below[county], county, i, j)
		}
	}
}

// flooded is what a county makes of it.
func (m *council) flooded(number, county string, i, j int) {
	if number == "" {
		return
	}
	m.step(number, county, "acknowledge", -16, nil)
	switch {
	case county == demoCounty:
		towns := m.below(county, kindTownship)
		parts := m.split(number, county, -15, -6, "逐村走一遍，堤坝、涵洞、山边的房子都看。", towns, nil)
		for k, town := range towns {
			m.walked(parts[town], town, county, k)
		}
	case i == 0 && j == 1:
		m.step(number, county, "plan", -14, map[string]any{"plan": "五个镇一天一个。"})
		m.report(number, county, -9, 90, 0, "五个镇都走完，剩两座涵洞要换管。")
		m.finish(number, county, m.parent(county), -7, 0)
	case j == 2:
		m.step(number, county, "plan", -14, map[string]any{"plan": "先看水库下面的七个村。"})
		m.report(number, county, -8, 30, 0, "七个村走了两个，路冲断了，等便桥。")
		m.step(number, m.parent(county), "urge", -3, nil, note("便桥昨天已经通了，请三日内走完，报一次进展。"))
	default:
		m.step(number, county, "plan", -14, map[string]any{"plan": "每个镇派两个人。"})
		m.report(number, county, -8, 45+10*j, 0, "走了一多半的村，查到的都写上了人。")
	}
}

func (m *council) parent(code string) string {
	u, _ := m.tree.Unit(code)
	return u.Parent
}

// walked is what a township makes of it: two are struck off, two hand in the same words, one is late.
func (m *council) walked(number, town, county string, k int) {
	if number == "" || k == 4 {
		return
	}
	m.begin(number, town, -14)
	switch k {
	case 0, 1:
		m.report(number, town, -10, 80, 0, sameWords)
	default:
		m.report(number, town, -10, 70, 0, []string{"", "", "走了七个村，两处塌方拉了警戒线，涵洞里的淤泥清掉一半。", "河边的四户已经搬到学校，堤上多派了一个人夜里巡。"}[k])
	}
	if k >= 2 {
		m.finish(number, town, county, -9+k%3, 0)
	}
}

// visits are counted by the number of households, in the districts of one city; they are listed for the public.
func (m *council) visits(number string) {
	city := provinceCode + "01"
	m.step(number, city, "acknowledge", -20, nil)
	m.step(number, provinceCode, "list-publicly", -15, map[string]any{"listed": true}, note("请大家看着办。"))
	counties := m.below(city, kindCounty)
	parts := m.split(number, city, -18, 5, "逐户走访，登记电话和紧急联系人。", counties, map[string]any{"part_target": 300, "part_measure": "每户有电话和紧急联系人。", "part_report_every": "month"})
	for i, county := range counties {
		part := parts[county]
		m.begin(part, county, -17)
		m.report(part, county, -7, 40+15*i, 120+45*i, fmt.Sprintf("走了%d户，其中%d户没有紧急联系人，村里指定了人。", 120+45*i, 9+2*i))
		if i == 3 {
			m.finish(part, county, city, -2, 300)
		}
	}
}
