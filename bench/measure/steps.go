package main

import (
	"strings"

	"luoshi/internal/casework"
)

// step is a lawful step and the login of who takes it.
type step struct {
	casework.StepCommand
	by string
}

// handling is how a matter of one of the three procedures is carried to its end, and how it is declined.
func handling(m *casework.Matter) (whole, decline []step) {
	own := handler(m.Unit)
	take := func(by, name, note string, fields map[string]any) step {
		return step{casework.StepCommand{Step: name, Note: note, Fields: fields}, by}
	}
	assign := step{casework.StepCommand{Step: "assign", Assignee: own}, worker}
	switch id, _, _ := strings.Cut(m.Procedure, "@"); id {
	case "people-mediation":
		return mediation(own), []step{take(worker, "decline", "法院已经立案，请向法院主张。", map[string]any{"decline_ground": "in-court"})}
	case "petition":
		return []step{take(worker, "accept", "", nil), assign,
				take(own, "settle", "", map[string]any{"settlement_text": "已经到现场处理，信访人表示同意。"})},
			[]step{take(worker, "refuse", "同一事项正在办理，请等待答复。", map[string]any{"refusal_ground": "running"})}
	default:
		return []step{take(worker, "take-on", "", nil), assign,
				take(own, "reply", "", map[string]any{"result": "solved", "reply_text": "当天派人修好，已经电话告知来电人。"}),
				take(worker, "close", "", map[string]any{"rating": "good"})},
			[]step{take(worker, "not-accept", "同一事项已经办结，请查看答复。", map[string]any{"refusal_ground": "concluded"})}
	}
}

// mediation is the whole of a people's mediation after lodging.
func mediation(mediator string) []step {
	return []step{
		{casework.StepCommand{Step: "accept", Note: "属于民间纠纷，可以调解。"}, worker},
		{casework.StepCommand{Step: "assign", Assignee: mediator}, worker},
		{casework.StepCommand{Step: "session", Fields: map[string]any{"session_on": "2026-04-02", "session_form": "in-person",
			"session_record": "双方到场。一方说明漏水经过，另一方承认装修时动过水管，对赔偿多少有不同看法。"}}, mediator},
		{casework.StepCommand{Step: "agreement", Fields: map[string]any{"agreement_form": "written",
			"agreement_text": "七日内修好水管，赔偿粉刷费用一千五百元，一次付清。", "perform_by": "2026-04-20"}}, mediator},
		{casework.StepCommand{Step: "close", Fields: map[string]any{"performed": "yes"}}, mediator},
	}
}
