package prose

import (
	"slices"

	"luoshi/internal/procedure"
)

// states says state by state what the parties are told, which clocks run and what can be done.
func (r *reader) states() {
	r.heading("一步一步怎样走", "How it goes")
	for i := range r.p.States {
		s := &r.p.States[i]
		if i > 0 {
			r.b.WriteString("\n")
		}
		if s.End {
			r.line(0, r.say("状态%[1]s：事项到此结束。", "State %[1]s: the matter ends here.", r.quoted(r.in(s.Title))))
		} else {
			r.line(0, r.say("状态%[1]s。", "State %[1]s.", r.quoted(r.in(s.Title))))
		}
		r.line(1, r.say("告诉当事人：%[1]s", "The parties are told: %[1]s", r.in(s.Public)))
		if len(s.Requires) > 0 {
			r.line(1, r.say("在这里必须已经填好：%[1]s。", "What must be known here: %[1]s.", each(r, s.Requires, r.field)))
		}
		r.clocksAt(s.Name)
		for _, step := range r.p.From(s.Name) {
			if slices.Contains(step.From, s.Name) {
				r.stepFrom(step, s.Name)
			}
		}
		r.lapsesAt(s.Name)
	}
	r.rest()
}

// rest says what is declared for states that do not exist, so that nothing is passed over.
func (r *reader) rest() {
	for i := range r.p.Steps {
		s := &r.p.Steps[i]
		for _, from := range s.From {
			if r.p.State(from) == nil || !slices.Contains(r.p.From(from), s) {
				r.line(0, r.say("状态%[1]s：", "State %[1]s:", r.state(from)))
				r.stepFrom(s, from)
			}
		}
	}
}

func (r *reader) clocksAt(state string) {
	for i := range r.p.Clocks {
		c := &r.p.Clocks[i]
		if !r.running[c][state] {
			continue
		}
		if r.p.Suspended(c, state) {
			r.line(1, r.say("时限%[1]s在这里暂停。", "The time limit %[1]s stands still here.", r.quoted(r.in(c.Title))))
			continue
		}
		rule := &c.Rules[len(c.Rules)-1]
		r.line(1, r.say("时限%[1]s可能在计算：%[2]s。%[3]s", "The time limit %[1]s can be running: %[2]s. %[3]s",
			r.quoted(r.in(c.Title)), c.Length(r.p, rule, r.lang), r.basis(rule.Basis)))
	}
}

// lapsesAt says what the system does here when a time is up.
func (r *reader) lapsesAt(state string) {
	for i := range r.p.Clocks {
		c := &r.p.Clocks[i]
		step := r.p.Step(c.Lapse)
		if step == nil || !slices.Contains(step.From, state) || !r.running[c][state] || r.p.Suspended(c, state) {
			continue
		}
		r.line(1, r.say("%[1]s期满，系统办理%[2]s，状态变为%[3]s。", "When the time of %[1]s is up, the system takes %[2]s and the matter stands at %[3]s.",
			r.quoted(r.in(c.Title)), r.step(c.Lapse), r.state(step.Target(state))))
	}
}

// stepFrom says who may take a step here and where it leads; the first time also all that belongs to it.
func (r *reader) stepFrom(s *procedure.Step, state string) {
	did := r.say("%[1]s：由%[2]s办理。", "%[1]s, by: %[2]s.", r.quoted(r.in(s.Title)), r.p.WhoIn(s.By, r.lang))
	switch to := s.Target(state); {
	case s.Continues != nil:
		did += r.say("办完转入规程 %[1]s，继续办理。", " It goes on in the procedure %[1]s.", s.Continues.Procedure)
	case to == state:
		did += r.say("状态不变。", " The state stays.")
	case r.ends(to):
		did += r.say("办完到%[1]s，事项结束。", " It leads to %[1]s and ends the matter.", r.state(to))
	default:
		did += r.say("办完到%[1]s。", " It leads to %[1]s.", r.state(to))
	}
	r.line(1, did)
	if !r.told[s.Name] {
		r.told[s.Name] = true
		r.describe(s)
	}
}

func (r *reader) ends(state string) bool {
	s := r.p.State(state)
	return s != nil && s.End
}

// describe says everything else about a step.
func (r *reader) describe(s *procedure.Step) {
	line := func(zh, en string, args ...any) { r.line(2, r.say(zh, en, args...)) }
	if help := r.in(s.Help); help != "" {
		line("怎么办：%[1]s", "How: %[1]s", help)
	}
	if s.Guard != nil {
		line("条件：%[1]s", "Only if: %[1]s", r.condition(s.Guard.When))
		if otherwise := r.in(s.Guard.Else); otherwise != "" {
			line("不符合条件时告诉办理人：%[1]s", "Otherwise whoever tries is told: %[1]s", otherwise)
		}
	}
	if len(s.Waits) > 0 {
		line("要等另立的事项办结：%[1]s。", "Only when these other matters have ended: %[1]s.", each(r, s.Waits, r.sub))
	}
	if len(s.Fields) > 0 {
		line("要填：%[1]s。", "Asked: %[1]s.", r.uses(s.Fields))
	}
	r.noteAndSight(s)
	r.hands(s)
	if s.Extend != "" {
		line("这一步延长时限%[1]s。", "This extends the time limit %[1]s.", r.clock(s.Extend))
	}
	r.moves(s)
	if s.Opens != nil {
		r.opens(s.Opens)
	}
	if s.Continues != nil {
		r.continues(s.Continues)
	}
	r.tells(s)
	if len(s.Notices) > 0 {
		line("同时发通知：%[1]s。", "Sent with it: the notice %[1]s.", r.list(s.Notices))
	}
	if len(s.Documents) > 0 {
		line("同时出具：%[1]s。", "Issued with it: %[1]s.", each(r, s.Documents, r.document))
	}
	if s.Adverse {
		line("这一步对当事人不利。", "This goes against the party.")
	}
	if remedy := r.in(s.Remedy); remedy != "" {
		line("当事人可以这样救济：%[1]s", "What the party can do about it: %[1]s", remedy)
	}
}

func (r *reader) noteAndSight(s *procedure.Step) {
	switch s.Note {
	case procedure.NoteRequired:
		r.line(2, r.say("必须写说明。", "A note is required."))
	case procedure.NoteOptional:
		r.line(2, r.say("可以写说明。", "A note may be added."))
	}
	if s.Visible == procedure.VisibleOffice {
		r.line(2, r.say("当事人只看到有这一步，看不到内容。", "The parties see only that it happened, not what was written."))
	}
}

// hands says to whom the matter goes, within the office and to others.
func (r *reader) hands(s *procedure.Step) {
	line := func(zh, en string, args ...any) { r.line(2, r.say(zh, en, args...)) }
	role := procedure.RoleIn(s.AssignRole, r.lang)
	switch s.Assign {
	case procedure.AssignActor:
		line("办这一步的人成为经办人。", "Whoever does it becomes the one assigned.")
	case procedure.AssignNone:
		line("此后没有经办人。", "After it nobody is assigned.")
	case procedure.AssignChoose:
		line("要从本单位选一名%[1]s经办。", "A %[1]s of the office is chosen and assigned.", role)
	}
	switch s.Refer {
	case procedure.ReferChoose:
		kinds := s.ReferKinds
		if len(kinds) == 0 {
			kinds = r.p.Open.Units
		}
		line("要选一个单位转去：%[1]s。", "Another office is chosen, which then has it: %[1]s.", each(r, kinds, r.kind))
		if s.ReferNot == procedure.RelationReferrer {
			line("不能转给刚才转来的单位。", "It may not go to the office that referred it last.")
		}
	case procedure.ReferBack:
		line("退回转来的单位。", "It goes back to the office that referred it.")
	}
}

// moves says which clocks a step stops and starts.
func (r *reader) moves(s *procedure.Step) {
	titles := func(list []*procedure.Clock) string {
		return each(r, list, func(c *procedure.Clock) string { return r.quoted(r.in(c.Title)) })
	}
	if stops := r.p.ClocksStoppedBy(s.Name); len(stops) > 0 {
		r.line(2, r.say("停止的时限：%[1]s。", "Time limits that stop: %[1]s.", titles(stops)))
	}
	if starts := r.p.ClocksStartedBy(s.Name); len(starts) > 0 {
		r.line(2, r.say("开始的时限：%[1]s。", "Time limits that begin: %[1]s.", titles(starts)))
	}
}
