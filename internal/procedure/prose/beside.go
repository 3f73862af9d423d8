package prose

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"luoshi/internal/procedure"
)

// opens says which other matter a step opens.
func (r *reader) opens(o *procedure.Opens) {
	r.line(2, r.say("另立事项%[1]s，由%[2]s办理。", "It opens another matter, %[1]s, %[2]s.", r.sub(o.Sub), r.office(o.Unit)))
	if o.Within != "" {
		r.line(3, r.say("给它定的最后一日不能晚于这里的时限%[1]s。", "No day set for it may lie after the end of the time limit %[1]s here.", r.clock(o.Within)))
	}
	r.taken(o.Fields, o.Parties)
}

// tells says what the system does with the step in other matters, and that it does this one for another.
func (r *reader) tells(s *procedure.Step) {
	for _, t := range s.Tells {
		r.line(2, r.say("同时由系统在没有办结的各件%[1]s里办理它的步骤 %[2]s；那里不能办的，不变。",
			"With it the system takes the step %[2]s in each %[1]s that has not ended; where that cannot be taken, nothing happens.", r.sub(t.Sub), t.Step))
		r.taken(t.Fields, nil)
	}
	if s.Told {
		r.line(2, r.say("本事项所属的事项可以让系统办理这一步。", "The matter that this one is part of can have the system take it."))
	}
}

// continues says in which other procedure the matter goes on.
func (r *reader) continues(n *procedure.Continues) {
	r.line(2, r.say("编号、查询码和记录不变，此后按规程 %[1]s 办理，由%[2]s接手；这里的时限停止。",
		"Number, code and history stay; from then on the procedure %[1]s holds, %[2]s, and the time limits of this one stop.", n.Procedure, r.office(n.Unit)))
	r.taken(n.Fields, n.Parties)
}

// office is the one that gets another matter, or this one in another procedure.
func (r *reader) office(unit string) string {
	switch unit {
	case "owner":
		return r.say("本单位", "at this office")
	case "referrer":
		return r.say("转来的单位", "at the office that referred it")
	case "superior":
		return r.say("上级单位", "at the office above")
	case "choose":
		return r.say("当时选定的单位", "at an office that is chosen then")
	case "several":
		return r.say("当时选定的一个或几个单位各自", "at each of the offices that are chosen then")
	}
	return unit
}

// taken says what is taken over from this matter.
func (r *reader) taken(fields, parties map[string]string) {
	for _, there := range slices.Sorted(maps.Keys(fields)) {
		r.line(3, r.say("它的内容 %[1]s 取自%[2]s。", "Its field %[1]s is filled from %[2]s.", there, r.field(fields[there])))
	}
	for _, there := range slices.Sorted(maps.Keys(parties)) {
		r.line(3, r.say("它的当事人 %[1]s 是这里的%[2]s。", "Its party %[1]s is the %[2]s here.", there, r.party(parties[there])))
	}
}

// subs says what matters can be opened beside this one.
func (r *reader) subs() {
	if len(r.p.Subs) == 0 {
		return
	}
	r.heading("另立的事项", "Other matters opened by this one")
	for _, s := range r.p.Subs {
		r.line(0, r.say("%[1]s：按规程 %[2]s 办理。", "%[1]s: by the procedure %[2]s.", r.quoted(r.in(s.Title)), s.Procedure))
		if s.Max > 0 {
			r.line(1, r.say("同时最多%[1]d件没有办结。", "At most %[1]d may be outstanding at once.", s.Max))
		} else {
			r.line(1, r.say("件数不限。", "There may be any number."))
		}
		if s.Once {
			r.line(1, r.say("一个单位同时只有一件。", "An office has only one at a time."))
		}
		if s.Done != "" {
			r.line(1, r.say("全部办结后，系统办理%[1]s。", "When the last has ended, the system takes %[1]s.", r.step(s.Done)))
		}
		if len(s.Shows) > 0 {
			r.line(1, r.say("能看它的工作人员在那里看到本事项现在的%[1]s；当事人看不到。", "Staff who may read it see there, as it is now in this matter: %[1]s. Its parties do not.", each(r, s.Shows, r.field)))
		}
		if s.Detached {
			r.line(1, r.say("本事项结束以后，它们继续办理。", "They go on when this matter ends."))
		} else {
			r.line(1, r.say("它们没有办结，本事项不能结束。", "This matter cannot end before they have ended."))
		}
	}
}

func (r *reader) notices() {
	if len(r.p.Notices) == 0 {
		return
	}
	r.heading("通知", "Notices")
	for _, n := range r.p.Notices {
		r.line(0, r.say("通知 %[1]s，发给：%[2]s。", "The notice %[1]s goes to: %[2]s.", n.Name, each(r, n.To, r.receiver)))
		r.line(1, r.say("标题：%[1]s", "Subject: %[1]s", r.filled(n.Subject)))
		r.line(1, r.say("内容：%[1]s", "Text: %[1]s", r.filled(n.Body)))
	}
}

// receiver is one to whom a notice goes.
func (r *reader) receiver(to string) string {
	if role, ok := strings.CutPrefix(to, "party:"); ok {
		return r.party(role)
	}
	switch to {
	case "parties":
		return r.say("全体当事人", "all parties")
	case "assigned":
		return r.say("经办人", "whoever is assigned")
	case "owner":
		return r.say("承办单位", "the responsible office")
	case "referrer":
		return r.say("转来的单位", "the office that referred it")
	case "issuer":
		return r.say("交办单位", "the office that issued it")
	}
	return to
}

func (r *reader) document(name string) string {
	for _, d := range r.p.Documents {
		if d.Name == name {
			return r.quoted(r.in(d.Title))
		}
	}
	return name
}

func (r *reader) documents() {
	if len(r.p.Documents) == 0 {
		return
	}
	r.heading("文书", "Documents")
	for _, d := range r.p.Documents {
		r.line(0, r.say("%[1]s：", "%[1]s:", r.quoted(r.in(d.Title))))
		r.line(1, r.filled(d.Body))
	}
}

var placeholder = regexp.MustCompile(`\{([a-z]+)(?:\.([a-z][a-z0-9_-]*))?\}`)

// filled is a text whose placeholders are named.
func (r *reader) filled(t procedure.Text) string {
	return placeholder.ReplaceAllStringFunc(r.in(t), func(s string) string {
		m := placeholder.FindStringSubmatch(s)
		said := ""
		switch m[1] {
		case "number":
			said = r.say("编号", "number")
		case "procedure":
			said = r.say("规程名称", "procedure")
		case "state":
			said = r.say("当时的状态", "state")
		case "unit":
			said = r.say("承办单位", "office")
		case "note":
			said = r.say("说明", "note")
		case "due":
			said = r.say("时限%[1]s的期满日", "end of the time limit %[1]s", r.clock(m[2]))
		case "fields":
			said = r.field(m[2])
		default:
			return s
		}
		return r.say("【%[1]s】", "[%[1]s]", said)
	})
}

// sight says what those see who only know the number.
func (r *reader) sight() {
	r.heading("公开什么", "What the public sees")
	p := r.p.Public
	if p == nil {
		r.line(0, r.say("只知道编号的人什么也看不到。", "Those who only know the number see nothing."))
		return
	}
	if p.When != "" {
		r.line(0, r.say("只有符合这个条件时才公开：%[1]s", "Only while this holds is anything public: %[1]s", r.condition(p.When)))
	}
	r.line(0, r.say("只知道编号的人看得到规程、状态和时限。", "Those who only know the number see procedure, state and time limits."))
	if len(p.Fields) > 0 {
		r.line(0, r.say("还看得到：%[1]s。", "They also see: %[1]s.", each(r, p.Fields, r.field)))
	}
	if p.Unit {
		r.line(0, r.say("还看得到由哪个单位办理。", "They also see which office has it."))
	}
}

// progress says how far a matter has come.
func (r *reader) progress() {
	x := r.p.Rollup
	if x == nil {
		return
	}
	r.heading("进度怎样算", "How far it has come")
	r.line(0, r.say("办理单位报告的进度写在%[1]s。", "What the office reports stands in %[1]s.", r.field(x.Progress)))
	if len(x.Subs) > 0 {
		r.line(0, r.say("分解成%[1]s以后，%[2]s。", "Where it is carried out as %[1]s, %[2]s.", each(r, x.Subs, r.sub), r.rollRule(x.Rule)))
	} else {
		r.line(0, r.say("计算方法：%[1]s。", "It counts so: %[1]s.", r.rollRule(x.Rule)))
	}
	if x.RuleField != "" {
		r.line(0, r.say("每件事项可以用%[1]s另选一种算法。", "The single matter can choose another way under %[1]s.", r.field(x.RuleField)))
	}
	if x.Weight != "" {
		r.line(0, r.say("它在上级事项里的分量写在%[1]s。", "How much it counts in the matter that it is part of stands in %[1]s.", r.field(x.Weight)))
	}
	if x.Number != "" {
		r.line(0, r.say("累加的数写在%[1]s。", "The number that is added up stands in %[1]s.", r.field(x.Number)))
	}
	if x.Target != "" {
		r.line(0, r.say("要达到的数写在%[1]s。", "What it is to reach stands in %[1]s.", r.field(x.Target)))
	}
	r.line(0, r.say("到%[1]s才算完成；在别处结束的不计入。", "It is done at %[1]s; one that ended elsewhere does not count.", each(r, x.Done, r.state)))
}

func (r *reader) rollRule(rule string) string {
	switch rule {
	case procedure.RollWeighted:
		return r.say("各部分按分量平均", "the parts count by their weight")
	case procedure.RollAll:
		return r.say("按完成的部分占几成计算，全部完成才算完成", "it counts how many parts are done, and all must be")
	case procedure.RollSum:
		return r.say("各部分报的数相加，同目标数相比", "the numbers of the parts are added up and compared with the target")
	}
	return rule
}

func (r *reader) retention() {
	r.heading("保存多久", "How long it is kept")
	t := r.p.Retention
	if t == nil {
		r.line(0, r.say("没有规定保存期限。", "No period is declared."))
		return
	}
	r.line(0, r.say("结束后%[1]s，系统删除个人内容，办理过程留下。%[2]s", "%[1]s after the end the system erases what is personal; what was done stays on record. %[2]s",
		t.Period.In(r.lang), r.basis(t.Basis)))
}
