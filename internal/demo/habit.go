package demo

import "luoshi/internal/procedure"

// habit is how people use a step where it is lawful. The procedure says what may be done; a habit only how
// often it is.
type habit struct {
	share float64 // against the other steps of the same state
	again float64 // the share is multiplied by this for every time the step was taken already
	after string  // a step that usually comes before; without it the share is a tenth
	up    bool    // a referral goes to the office above
}

// habits of the procedures known here, by step.
func habits(id string) map[string]habit {
	switch id {
	case "people-mediation":
		return map[string]habit{
			"accept": {share: 90}, "decline": {share: 5}, "refer": {share: 6, again: 0.1}, "withdraw": {share: 2.5},
			"assign": {share: 50}, "take": {share: 50}, "reassign": {share: 1},
			"invite": {share: 60, again: 0.1}, "consent": {share: 30, again: 0.01, after: "invite"}, "refuse": {share: 2.5, after: "invite"},
			"session": {share: 45, again: 0.55, after: "invite"}, "extend": {share: 4, again: 0.4, after: "session"},
			"agreement": {share: 26, after: "session"}, "fail": {share: 8, after: "session"},
			"confirm-agreement": {share: 16, again: 0.2}, "court-confirmed": {share: 6, again: 0.01},
			"follow-up": {share: 40, again: 0.15}, "close": {share: 26, after: "follow-up"}, "urge": {share: 3, after: "follow-up"},
			"wish": {share: 3, again: 0.05}, "tell-mediator": {share: 3}, "tell-mediator-too": {share: 2}, "ask-other-mediator": {share: 0.5},
			"prevent": {share: 1, again: 0.1}, "alarm": {share: 0.4, again: 0.1}, "report-danger": {share: 30, again: 0.01, after: "alarm"},
		}
	case "petition":
		return map[string]habit{
			"register": {share: 60}, "forward": {share: 34, again: 0.5}, "object": {share: 9, again: 0.3}, "accept": {share: 72},
			"refuse": {share: 4}, "withdraw": {share: 1.2}, "assign": {share: 60}, "take": {share: 40},
			"inquiry": {share: 45, again: 0.45}, "extend": {share: 5, after: "inquiry"},
			"opinion": {share: 32, after: "inquiry"}, "settle": {share: 5, after: "inquiry"},
			"ask-review": {share: 11}, "ask-rereview": {share: 22}, "rate": {share: 14, again: 0.01}, "satisfied": {share: 24},
			"pass-to-reviewer": {share: 90, again: 0.5, up: true}, "review": {share: 40},
			"pass-to-second-reviewer": {share: 90, up: true}, "return-review": {share: 0.5}, "return-rereview": {share: 0.5},
			"begin-hearing": {share: 18, again: 0.01}, "end-hearing": {share: 10}, "rereview": {share: 40},
			"forward-conduct": {share: 34, again: 0.5}, "keep-away": {share: 60, again: 0.001}, "insist": {share: 2}, "rehandle": {share: 40},
			"choose-simple": {share: 5, again: 0.01}, "accept-simple": {share: 60}, "to-ordinary": {share: 1},
			"report-urgent": {share: 0.2}, "step-aside": {share: 0.3}, "supervise": {share: 0.3},
		}
	case "hotline-order":
		return map[string]habit{
			"dispatch": {share: 74}, "dispatch-urgent": {share: 6}, "take-on": {share: 16}, "not-accept": {share: 3}, "withdraw": {share: 1},
			"accept": {share: 88}, "object": {share: 8, again: 0.2}, "assign": {share: 26, again: 0.05}, "progress": {share: 26, again: 0.35},
			"extend": {share: 4}, "reply": {share: 46}, "redo": {share: 6}, "reply-again": {share: 50},
			"call-back": {share: 30, again: 0.02}, "close": {share: 26}, "decide-handler": {share: 30},
			"bad-rating": {share: 5}, "put-right": {share: 40, again: 0.3}, "explain-rating": {share: 12}, "supervise": {share: 0.3},
			"ask-assist": {}, // whom it asks is for a person to say
		}
	}
	return nil
}

// seldom is the share of steps that few take, under the names that they have in many procedures; 0 for any other.
func seldom(step string) float64 {
	switch step {
	case "withdraw", "ask-withdraw", "stop", "step-aside", "change-mind", "change-mind-simple", "pause", "pause-simple", "pass-on", "absent", "settled", "abandon":
		return 0.2
	case "refuse", "decline", "fail", "turn-down", "not-accept", "transfer", "object", "leave-it", "end-mediation", "sue-undecided", "sue-unawarded", "end", "dismiss":
		return 0.8
	}
	return 0
}

// habitOf is the habit of a step; one that is not known follows from the step's shape.
func habitOf(p *procedure.Procedure, st *procedure.Step) habit {
	h, ok := habits(p.ID)[st.Name]
	if !ok {
		h.share = 10
		switch {
		case seldom(st.Name) > 0 && st.Continues == nil:
			h.share = seldom(st.Name)
		case st.Continues != nil: // a demonstration follows each matter in one procedure
			h.share = 0
		case st.Adverse, st.Extend != "", st.Refer == "back":
			h.share = 1
		case st.Refer == "choose":
			h.share = 2
		case st.To == "":
			h.share = 6 // what is noted on the way
		}
	}
	if h.again == 0 {
		h.again = 0.3
	}
	return h
}

// patience is the share of doing nothing until a clock runs out, in a state where the system then goes on. Where no
// habits are known it is small, for several such clocks follow upon each other there.
func patience(id string) float64 {
	if habits(id) == nil {
		return 0.1
	}
	return 0.8
}

// pace is the part of the time left that people use up before the next step: most are in time, some late.
func (d dice) pace(i int, seed int64) float64 {
	nature := newDice(seed, diceNature, i, 0).Float64()
	switch {
	case nature < 0.62:
		return d.between(0.04, 0.35)
	case nature < 0.90:
		return d.between(0.15, 0.8)
	}
	return d.between(0.5, 1.7)
}
