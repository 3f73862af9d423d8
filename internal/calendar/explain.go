package calendar

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// lines tells the trace of r in the order in which a person would check it.
func (t *trace) lines(r *Request, d Deadline, lang string) []Line {
	w := &teller{lang: lang, civil: r.Calendar.civil}
	w.basis(r.Basis)
	if t.until != 0 {
		w.until(t, r, d)
		return w.out
	}
	w.start(t, r.Period.Unit)
	w.period(&t.parts[0], r.Calendar)
	for i := range t.spans {
		w.suspension(&t.spans[i], t.hasDays(), d)
	}
	for i := range t.parts {
		w.extensions(t, i, d, r.Calendar)
	}
	for _, e := range t.waiting {
		length := e.In(lang)
		w.say("extension", "延长"+length+"：恢复后计算。", "Extended by "+length+": counted after the period resumes.")
	}
	if !d.Suspended {
		w.target(d)
		w.roll(t, r, d)
	}
	w.provisional(t, r.Calendar)
	return w.out
}

// hasDays tells whether any part was counted in days rather than hours.
func (t *trace) hasDays() bool {
	for _, p := range t.parts {
		if p.period.Unit != Hour {
			return true
		}
	}
	return false
}

// until tells of a day that was set: nothing was counted.
func (w *teller) until(t *trace, r *Request, d Deadline) {
	first := w.day(t.start.Date())
	w.say("start", "自"+first+"起。", "It runs from "+first+".")
	day := w.day(t.until)
	w.say("until", "最后一日由交办的人定为"+day+"，不按天数推算。", "Its last day was set as "+day+"; no days are counted.")
	w.target(d)
	w.roll(t, r, d)
	w.provisional(t, r.Calendar)
}

func (w *teller) basis(b Basis) {
	if b.Law == "" {
		return
	}
	zh, en := b.Law, b.Law
	if !strings.ContainsAny(zh, "《〔") {
		zh = "《" + zh + "》"
	}
	if b.Article != "" {
		en += ", art. " + b.Article
		if strings.HasPrefix(b.Article, "第") {
			zh += b.Article
		} else {
			zh += "第" + b.Article + "条"
		}
	}
	if b.Status == "weak" || b.Status == "memory" {
		zh, en = zh+"（待确认）", en+" (to be confirmed)"
	}
	w.say("basis", "依据："+zh+"。", "Basis: "+en+".")
}

func (w *teller) start(t *trace, unit Unit) {
	first := w.day(t.start.Date())
	switch unit {
	case AtOnce:
		w.say("start", "自"+first+"起，当日即应办理。", "It starts on "+first+" and is to be done the same day.")
	case Hour:
		w.say("start",
			"自"+t.start.String()+"起按小时计算"+w.art("200、201")+"。",
			"It runs by the hour from "+t.start.String()+w.art("200, 201")+".")
	default:
		next, art := w.day(t.start.Date()+1), w.art("201")
		w.say("start",
			"开始之日"+first+"不计入，自次日"+next+"起计算"+art+"。",
			"The starting day "+first+" is not counted; counting begins on "+next+art+".")
	}
}

func (w *teller) period(p *part, c *Calendar) {
	length := p.period.In(w.lang)
	switch p.period.Unit {
	case AtOnce:
		w.say("period", "期限：立即，不计日数。", "Period: at once; no days are counted.")
	case Hour:
		w.say("period", "期限："+length+"，逐时计算，休息日不扣除。", "Period: "+length+", counted exactly; days off count.")
	case Day:
		art := w.art("200")
		w.say("period", "期限："+length+"，休息日计入"+art+"。", "Period: "+length+"; days off count"+art+".")
	case WorkingDay:
		passed := w.passed(p, c)
		w.say("period", "期限："+length+"，休息日不计入。"+passed, "Period: "+length+"; days off do not count."+passed)
	default:
		if len(p.joined) > 0 {
			w.say("period", "期限："+length+"。", "Period: "+length+".")
			return
		}
		w.say("period",
			"期限："+length+"，至"+w.nominal(p)+w.art("202")+"。",
			"Period: "+length+", to "+w.nominal(p)+w.art("202")+".")
	}
}

// nominal names the day that corresponds to the start of a part in months.
func (w *teller) nominal(p *part) string {
	_, _, from := p.first.utc().Date()
	if _, _, to := p.nominal.utc().Date(); from != to {
		return w.pick(
			fmt.Sprintf("%v（该月无%d日，取月末日）", p.nominal, from),
			fmt.Sprintf("%v (that month has no day %d, so its last day)", p.nominal, from))
	}
	return w.pick("对应日"+p.nominal.String(), "the corresponding day, "+p.nominal.String())
}

// passed lists the days off that a count of working days left out and the make-up days it counted.
func (w *teller) passed(p *part, c *Calendar) string {
	var out, in []string
	for _, r := range p.off {
		out = append(out, w.run(r, c))
	}
	if p.weekend > 0 {
		n := strconv.Itoa(p.weekend)
		out = append(out, w.pick("周末"+n+"天", n+" weekend "+plural(p.weekend, "day")))
	}
	for _, d := range p.makeUp {
		in = append(in, w.day(d))
	}
	comma := w.pick("、", ", ")
	var text string
	if len(out) > 0 {
		text += w.pick("其间不计："+strings.Join(out, comma)+"。", " Left out: "+strings.Join(out, comma)+".")
	}
	if len(in) > 0 {
		text += w.pick("调休上班日计入："+strings.Join(in, comma)+"。", " Counted as make-up working days: "+strings.Join(in, comma)+".")
	}
	if p.more > 0 {
		text += w.pick(fmt.Sprintf("另有%d处未列出。", p.more), fmt.Sprintf(" %d more are not listed.", p.more))
	}
	return text
}

// run names a row of days off with the name it has.
func (w *teller) run(r run, c *Calendar) string {
	text := r.first.String()
	if r.last != r.first {
		text += w.pick("至", " to ") + r.last.String()
	}
	if n := c.holiday(r.first, w.lang); n != "" {
		text += w.pick("（"+n+"）", " ("+n+")")
	}
	return text
}

func (w *teller) suspension(s *span, days bool, d Deadline) {
	from, to := s.first.String(), s.next.String()
	if !days || s.timeOut > 0 {
		from, to = s.from.Format(time.RFC3339), s.to.Format(time.RFC3339)
	}
	several := ""
	if s.records > 1 {
		several = w.pick(fmt.Sprintf("（%d次中止合并）", s.records), fmt.Sprintf(" (%d suspensions together)", s.records))
	}
	if s.open && d.Suspended {
		left := d.Remaining.In(w.lang)
		w.say("suspension",
			"自"+from+"起中止"+several+"，尚未恢复；恢复之日起继续计算，剩余"+left+"。",
			"Suspended from "+from+several+" and not resumed; "+left+" remain, counted from the day it resumes.")
		return
	}
	if s.open {
		w.say("suspension",
			"自"+from+"起的中止"+several+"在期限届满之后，不影响计算。",
			"The suspension from "+from+several+" begins after the period has ended and changes nothing.")
		return
	}
	w.say("suspension",
		from+"中止、"+to+"恢复"+several+"："+w.takenOut(s)+"。",
		"Suspended from "+from+" until "+to+several+": "+w.takenOut(s)+".")
}

// takenOut says what s took out of the count.
func (w *teller) takenOut(s *span) string {
	var parts []string
	if s.daysOut > 0 {
		n := s.daysOut
		parts = append(parts, w.pick(fmt.Sprintf("%d日", n), fmt.Sprintf("%d %s", n, plural(n, "calendar day"))))
	}
	if s.timeOut > 0 {
		parts = append(parts, hours(s.timeOut, w.lang))
	}
	if len(parts) == 0 {
		return w.pick("不影响计算", "this takes nothing out of the count")
	}
	return w.pick(strings.Join(parts, "、")+"不计入期限", strings.Join(parts, " and ")+" not counted")
}

// extensions tells part i, unless it is the period itself, and the extensions joined to it.
func (w *teller) extensions(t *trace, i int, d Deadline, c *Calendar) {
	p := &t.parts[i]
	if i == 0 && len(p.joined) == 0 {
		return
	}
	end := w.moment(p.end)
	held := d.Suspended && i == len(t.parts)-1
	if i > 0 {
		length, more := p.period.In(w.lang), ""
		if p.period.Unit == WorkingDay {
			more = w.passed(p, c)
		}
		switch {
		case held:
			w.say("extension", "延长"+length+"。", "Extended by "+length+".")
		default:
			w.say("extension",
				"延长"+length+"：自"+w.moment(t.parts[i-1].end)+"起至"+end+"。"+more,
				"Extended by "+length+": from "+w.moment(t.parts[i-1].end)+" to "+end+"."+more)
		}
	}
	for n, e := range p.joined {
		length, reach := e.In(w.lang), ""
		if n == len(p.joined)-1 && !held {
			reach = w.pick("，至"+end, ", to "+end)
		}
		w.say("extension",
			"延长"+length+"：与前面的年、月合并，自"+p.first.String()+"起计算"+reach+"。",
			"Extended by "+length+": counted together with the months before it from "+p.first.String()+reach+".")
	}
}

func (w *teller) target(d Deadline) {
	if d.Target.IsInstant() {
		w.say("target", "期限届满："+d.Target.String()+"。", "The period ends at "+d.Target.String()+".")
		return
	}
	day, art := w.day(d.Target.Date()), w.art("203")
	w.say("target",
		"期限最后一日："+day+"，当日24时届满"+art+"。",
		"The last day of the period is "+day+"; it ends at 24:00"+art+".")
}

func (w *teller) roll(t *trace, r *Request, d Deadline) {
	switch {
	case !t.rolled && r.Roll == RollNo:
		w.say("roll", "本期限最后一日遇休息日不顺延。", "This period does not move when its last day is a day off.")
	case !t.rolled:
	case t.movedTo == t.lastDay:
		w.say("roll", w.workingDay(t.lastDay, r.Calendar)+"，不顺延。", w.workingDay(t.lastDay, r.Calendar)+": nothing moves.")
	default:
		for _, off := range rolledOver(t.lastDay, t.movedTo, r.Calendar) {
			w.dayOff(off, r.Calendar)
		}
		due := w.moment(d.Due)
		w.say("due",
			"顺延至休息日结束的次日"+due+w.art("203")+"。",
			"The period ends on the next working day instead, "+due+w.art("203")+".")
	}
}

// rolledOver gathers the days off from first up to but not including next in rows of one name.
func rolledOver(first, next Date, c *Calendar) []run {
	var p part
	for d := first; d < next; d++ {
		p.passOver(d, c.at(d)>>nameShift)
	}
	return p.off
}

// dayOff says that a row of days is off.
func (w *teller) dayOff(r run, c *Calendar) {
	kind := c.holiday(r.first, w.lang)
	if kind == "" {
		kind = w.pick("周末", "weekend")
	}
	if r.first == r.last {
		w.say("roll", w.day(r.first)+"为休息日（"+kind+"）。", w.day(r.first)+" is a day off ("+kind+").")
		return
	}
	w.say("roll",
		r.first.String()+"至"+r.last.String()+"为休息日（"+kind+"）。",
		r.first.String()+" to "+r.last.String()+" are days off ("+kind+").")
}

// workingDay says that d is worked, and why when it is a weekend.
func (w *teller) workingDay(d Date, c *Calendar) string {
	if isWeekend(d) {
		return w.pick(w.day(d)+"为调休上班日", w.day(d)+" is a make-up working day")
	}
	return w.pick(w.day(d)+"为工作日", w.day(d)+" is a working day")
}

func (w *teller) provisional(t *trace, c *Calendar) {
	if t.unknowns == 0 {
		return
	}
	years := fmt.Sprint(t.unknown1.Year())
	if last := t.unknownN.Year(); last != t.unknown1.Year() {
		years += w.pick("至", " to ") + fmt.Sprint(last)
	}
	w.say("provisional",
		fmt.Sprintf("暂定：日历“%s”尚无%s年的放假安排，%v至%v仅按周末推算，公布后应重新计算。", c.name, years, t.unknown1, t.unknownN),
		fmt.Sprintf("Provisional: the calendar %q does not know the days off of %s; from %v to %v only weekends were taken as off. Compute again once they are published.", c.name, years, t.unknown1, t.unknownN))
}
