package demo

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"luoshi/internal/alike"
	"luoshi/internal/calendar"
	"luoshi/internal/casework"
	"luoshi/internal/casework/meeting"
	"luoshi/internal/office"
	"luoshi/internal/report"
	"luoshi/internal/report/orders"
)

// gatherings plays three meetings of the demo's county: one that was held and decided something, one that is held today, and
// one that is coming up. Everything is a command with a key of its own, so that a filling that was killed goes on.
type gatherings struct {
	*council
	units []string // that are invited
	keys  int
}

// gather plays the meetings; a demo without them, or of few matters, has none.
func (p *Province) gather(ctx context.Context, c *cast, place *time.Location) error {
	if p.service.Rules(meeting.Procedure) == nil || p.service.Rules(meeting.Invited) == nil || p.mark.Matters < fewMatters {
		return nil
	}
	g := &gatherings{council: &council{Province: p, cast: c, tree: p.service.Tree(), place: place, ctx: ctx, n: map[string]int{}}}
	g.units = append([]string{demoTownship, demoPetition, demoDepartment}, slices.DeleteFunc(g.below(demoCounty, kindTownship), func(u string) bool { return u == demoTownship })...)
	g.units = g.units[:min(len(g.units), 7)]
	g.past()
	g.today()
	g.coming()
	return g.fault
}

// head is who calls the meetings.
func (g *gatherings) head() office.Actor { return office.Actor{Account: g.cast.all["county-head"]} }

// key is one of its own for each command, the same each time the meetings are played.
func (g *gatherings) key() string {
	g.keys++
	return fmt.Sprintf("demo %s gathering %d", g.mark.Nonce, g.keys)
}

// take takes a step at a time.
func (g *gatherings) take(a office.Actor, at time.Time, number string, cmd casework.StepCommand) *casework.Outcome {
	key := g.key()
	if g.fault != nil {
		return nil
	}
	g.clock.Set(at)
	out, err := g.service.TakeStep(g.ctx, a, number, cmd, key)
	if err != nil {
		g.fault = fmt.Errorf("the meeting %s of the demo, step %s: %w", number, cmd.Step, err)
	}
	return out
}

// call plans a meeting and sends the invitations; it answers the number of the meeting and of the invitation of each office.
func (g *gatherings) call(at time.Time, title, replyBy string, fields map[string]any) (number string, calls []string) {
	key := g.key()
	calls = make([]string, len(g.units))
	if g.fault != nil {
		return "", calls
	}
	g.clock.Set(at)
	out, err := g.service.Lodge(g.ctx, g.head(), casework.Lodging{Procedure: meeting.Procedure, Unit: demoCounty, Channel: "web", Title: title, Fields: fields}, key)
	if err != nil {
		g.fault = fmt.Errorf("the meeting %s of the demo: %w", title, err)
		return "", calls
	}
	number = out.Matter.Number
	sent := g.take(g.head(), at.Add(10*time.Minute), number, casework.StepCommand{Step: "invite", Fields: map[string]any{"reply_by": replyBy}, Sub: &casework.SubOpening{Units: g.units}})
	for i := range calls {
		if sent != nil {
			calls[i] = sent.Each[i].Matter.Number
		}
	}
	return number, calls
}

// accept has an office say who comes.
func (g *gatherings) accept(at time.Time, i int, call, seat, who string) {
	fields := map[string]any{"seat": seat, "coming": who}
	if seat == meeting.SeatOwn {
		fields["branch_place"] = "机关二楼会议室"
	}
	g.take(g.worker(g.units[i]), at, call, casework.StepCommand{Step: "accept", Fields: fields})
}

// sign has somebody sign in at the door.
func (g *gatherings) sign(at time.Time, call, name, post string) {
	g.take(office.Actor{System: true}, at, call, casework.StepCommand{Step: "arrive", Fields: map[string]any{"person_name": name, "person_post": post}})
}

// people are those who come of the offices, by their place in the list.
func people(i int) (name, post string) {
	all := []meeting.Person{{Name: "周砚秋", Post: "镇长"}, {Name: "高怀瑾", Post: "局长"}, {Name: "陆明远", Post: "副局长"}, {Name: "田守成", Post: "副镇长"},
		{Name: "姜一诺", Post: "乡长"}, {Name: "邵文", Post: "副乡长"}, {Name: "白露", Post: "综治办主任"}}
	return all[i%len(all)].Name, all[i%len(all)].Post
}

// decidedThen is what the meeting that is past decided, as its minutes say it.
const decidedThen = `会议听取了信访积案化解情况的通报，议定以下事项。
一要逐件包案。每件积案由一名县领导包案，清单在5个工作日内报县委政法委员会。
二要上门走访。各乡镇、街道对未化解的信访人走访一遍，记清诉求和难处。`

// past was held ten days ago; what it decided is issued.
func (g *gatherings) past() {
	number, calls := g.call(g.day(-16), "信访积案化解推进会", g.date(-12), map[string]any{"held_on": g.date(-10), "begins": "09:00", "ends": "10:30", "form": "in-person",
		"place": "县政府三楼第一会议室", "reaches": "township", "attends": "主要负责人", "contact": "0970-5550101",
		"agenda": "09:00-09:30 通报积案化解情况 | 县信访局\n09:30-10:00 两个乡镇发言\n10:00-10:30 议定下一步工作\n"})
	for i, call := range calls {
		name, post := people(i)
		g.accept(g.day(-14).Add(time.Duration(i)*17*time.Minute), i, call, meeting.SeatMain, name+" "+post)
	}
	for i, call := range calls[:len(calls)-1] {
		name, post := people(i)
		g.sign(g.day(-10).Add(-time.Hour-time.Duration(i)*2*time.Minute), call, name, post)
	}
	g.take(g.head(), g.day(-10).Add(time.Hour), number, casework.StepCommand{Step: "hold"})
	g.take(g.head(), g.day(-9), number, casework.StepCommand{Step: "write-minutes", Fields: map[string]any{"minutes": decidedThen}})
	g.decide(number)
}

// decide issues what the meeting decided, and keeps the draft it was issued from.
func (g *gatherings) decide(number string) {
	key := g.key()
	if g.fault != nil || g.service.Rules(casework.Directives) == nil {
		return
	}
	l := orders.From(report.Read(decidedThen, g.day(-10)))
	l.Meeting, l.Title, l.Date = number, "信访积案化解推进会", g.date(-10)
	in := casework.Issuance{Procedure: casework.Directives, Issuer: demoCounty, Channel: "web"}
	for i, it := range l.Open() {
		unit := []string{demoPetition, demoTownship}[i%2]
		in.Directives = append(in.Directives, casework.Directive{Unit: unit, Title: it.Title, Fields: map[string]any{"task": it.Task, "measure": "清单一份，逐件有人包。",
			"due_on": g.date(10 + 5*i), "source_title": l.Title, "source_date": l.Date, "source_hash": alike.New(l.Text).Hash()}})
	}
	g.clock.Set(g.day(-9).Add(time.Hour))
	out, err := g.service.Issue(g.ctx, g.head(), in, key)
	if err != nil {
		g.fault = fmt.Errorf("what the meeting %s of the demo decided: %w", number, err)
		return
	}
	for _, o := range out {
		l.Issued = append(l.Issued, o.Matter.Number)
		g.all = append(g.all, o.Matter.Number)
	}
	g.keep(number, l)
}

// keep keeps the draft, unless it is there.
func (g *gatherings) keep(number string, l *orders.List) {
	doc, err := json.Marshal(l)
	if err == nil {
		_, err = g.service.KeepDraft(g.ctx, g.head(), casework.Directives, casework.Draft{Unit: demoCounty, ID: meeting.DraftID(number), Title: l.Title, Doc: doc,
			Issued: casework.FormatTime(g.service.Now())})
	}
	if casework.KindOf(err) != casework.Conflict {
		g.fault = err
	}
}

// today is held while the demo begins: some have come.
func (g *gatherings) today() {
	now := g.mark.Until.In(g.place)
	begins := now.Add(-20 * time.Minute).Truncate(30 * time.Minute)
	if begins.Day() != now.Day() {
		begins = now.Truncate(30 * time.Minute)
	}
	_, calls := g.call(g.day(-4), "今冬明春安全生产视频会", g.date(-1), map[string]any{"held_on": now.Format(time.DateOnly), "begins": begins.Format("15:04"), "form": "video",
		"place": "县政府二楼视频会议室", "reaches": "township", "attends": "分管负责人", "contact": "0970-5550101",
		"agenda": "通报情况 | 县应急管理部门\n部署下一步工作\n"})
	for i, call := range calls {
		name, post := people(i)
		at := g.day(-3).Add(time.Duration(i) * 13 * time.Minute)
		switch i {
		case 0:
			g.accept(at, i, call, meeting.SeatOwn, name+" "+post+"\n方小舟 安监站站长")
		case 2:
			g.take(g.worker(g.units[i]), at, call, casework.StepCommand{Step: "decline", Note: "全局在外地学习。"})
		default:
			g.accept(at, i, call, meeting.SeatMain, name+" "+post)
		}
	}
	for i, call := range calls[:min(4, len(calls))] {
		name, post := people(i)
		g.sign(now.Add(-time.Duration(8-i)*time.Minute), call, name, post)
	}
}

// coming is held in some days; not all have answered.
func (g *gatherings) coming() {
	held := g.day(5)
	for !calendar.China().WorkingDay(calendar.DateOf(held)) {
		held = held.AddDate(0, 0, 1)
	}
	_, calls := g.call(g.day(-2), "根治拖欠农民工工资专题会议", g.date(2), map[string]any{"held_on": held.Format(time.DateOnly), "begins": "14:30", "ends": "16:30", "form": "mixed",
		"place": "县政府三楼第一会议室", "reaches": "township", "attends": "分管负责人、劳动保障所所长", "contact": "0970-5550101",
		"agenda": "14:30-15:00 通报欠薪线索 | 县人力资源和社会保障部门\n15:00-15:40 三个乡镇发言\n15:40-16:30 部署下一步工作\n"})
	for i, call := range calls {
		name, post := people(i)
		at := g.day(-1).Add(time.Duration(i) * 7 * time.Minute)
		switch i {
		case 0:
			g.accept(at, i, call, meeting.SeatOwn, name+" "+post)
		case 1, 4:
			g.accept(at, i, call, meeting.SeatMain, name+" "+post)
		case 3:
			g.take(g.worker(g.units[i]), at, call, casework.StepCommand{Step: "decline", Note: "当天要开镇人民代表大会。"})
		}
	}
}
