package prose

import (
	"strings"

	"luoshi/internal/procedure"
)

// clocks says every time limit with the law and how it is counted.
func (r *reader) clocks() {
	r.heading("时限", "Time limits")
	for i := range r.p.Clocks {
		c := &r.p.Clocks[i]
		whose := r.say("由办理单位遵守", "for the office that has the matter")
		if c.Responsible == procedure.ResponsibleParty {
			whose = r.say("是当事人的期限", "for the party")
		}
		if c.Responsible == procedure.ResponsibleIssuer {
			whose = r.say("由交办单位遵守", "for the office that issued the matter")
		}
		r.line(0, r.say("%[1]s：%[2]s。", "%[1]s: %[2]s.", r.quoted(r.in(c.Title)), whose))
		for j := range c.Rules {
			r.rule(c, &c.Rules[j])
		}
		r.line(1, r.say("开始于：%[1]s。", "Begins with: %[1]s.", each(r, c.Starts, r.step)))
		if len(c.Stops) > 0 {
			r.line(1, r.say("停止于：%[1]s。", "Stops with: %[1]s.", each(r, c.Stops, r.step)))
		}
		for _, s := range c.SuspendedIn {
			r.suspension(s)
		}
		if c.Lapse != "" {
			r.line(1, r.say("期满：系统办理%[1]s。", "When time is up: the system takes %[1]s.", r.step(c.Lapse)))
		} else if c.Responsible == procedure.ResponsibleParty {
			r.line(1, r.say("期满：只作记录。", "When time is up: it is recorded and nothing else happens."))
		} else {
			r.line(1, r.say("期满：系统记录逾期，别的不变。", "When time is up: the system records that it is late; nothing else happens."))
		}
	}
}

// rule says how long by the law of which days.
func (r *reader) rule(c *procedure.Clock, x *procedure.Rule) {
	valid := ""
	switch {
	case x.ValidFrom != "" && x.ValidTo != "":
		valid = r.say("%[1]s至%[2]s开始的：", "If begun from %[1]s to %[2]s: ", x.ValidFrom, x.ValidTo)
	case x.ValidFrom != "":
		valid = r.say("%[1]s起开始的：", "If begun on %[1]s or later: ", x.ValidFrom)
	case x.ValidTo != "":
		valid = r.say("%[1]s以前（含当日）开始的：", "If begun on %[1]s or before: ", x.ValidTo)
	}
	r.line(1, valid+r.say("%[1]s。%[2]s", "%[1]s. %[2]s", c.Length(r.p, x, r.lang), r.basis(x.Basis)))
	switch {
	case x.Roll == nil && c.Until == "" && r.rolls(x), x.Roll != nil && *x.Roll:
		r.line(2, r.say("最后一天是休息日的，顺延到下一个工作日。", "An end on a day off moves to the next working day."))
	case x.Roll != nil:
		r.line(2, r.say("最后一天是休息日的，也不顺延。", "An end on a day off does not move."))
	}
	if x.Warn != "" {
		r.line(2, r.say("期满前%[1]s起提醒。", "It shows as soon due from %[1]s before the end.", x.Warning.In(r.lang)))
	}
	if e := x.Extension; e != nil {
		if c.Until != "" {
			r.line(2, r.say("可以延长%[1]d次，每次另定一日。", "It can be extended %[1]d time(s), each time to another day.", e.Max))
		} else {
			r.line(2, r.say("可以延长%[1]d次，每次%[2]s。", "It can be extended %[1]d time(s), each time by %[2]s.", e.Max, e.Period.In(r.lang)))
		}
		if e.Reason != "" {
			r.line(2, r.say("延长的理由要告诉当事人，写在%[1]s。", "The party is told the reason, given in %[1]s.", r.field(e.Reason)))
		}
	}
}

// rolls tells whether an end on a day off moves when nothing is declared: days, months and years do.
func (r *reader) rolls(x *procedure.Rule) bool {
	duration, ok := x.Period.ISO()
	return ok && !strings.HasPrefix(duration, "PT")
}

func (r *reader) suspension(s procedure.Suspension) {
	text := r.say("在状态%[1]s暂停。", "Stands still at %[1]s.", r.state(s.State))
	if reason := r.in(s.Reason); reason != "" {
		text += r.say("原因：%[1]s", " Why: %[1]s", reason)
	}
	if s.Proof != "" {
		text += r.say("证明：%[1]s。", " Proof: %[1]s.", r.field(s.Proof))
	}
	r.line(1, text)
}
