package soundness

import (
	"fmt"
	"slices"

	"luoshi/internal/procedure"
)

// verdict draws the conclusions from everything that was walked.
type verdict struct {
	*checker
	*walked
	doubts map[int]*doubt // by step whose guard was not decided
	nobody map[int32]bool // situations in which certainly nobody can act
	alone  map[int]int32  // by state, the first situation in which only the assigned person can act
}

// at reports a fault seen in a situation: an error if the situation is certainly reached, otherwise not proved.
func (v *verdict) at(path, rule string, i int32, last *procedure.Move, words procedure.Text) {
	way := v.way(i)
	if last != nil {
		way = append(way, *last)
	}
	if int(i) < v.sure {
		v.error(path, rule, way, words)
		return
	}
	v.unproved(path, way, v.doubtsTo(i), words)
}

// unproved reports a fault that depends on undecided guards.
func (v *verdict) unproved(path string, way []procedure.Move, steps []int, words procedure.Text) {
	v.warn(path, ruleNotProved, way, say(
		"没有证明不会这样：%[1]s。这取决于%[2]s的条件，而%[3]s的取值不能一一列举",
		"not proved to be otherwise: %[1]s. It depends on the guard of %[2]s, and the values of %[3]s cannot be enumerated",
		words, v.thingsOf(steps), askedBy{v, steps}))
}

func (v *verdict) thingsOf(steps []int) (out things) {
	for _, i := range steps {
		out = append(out, v.stepThing(i))
	}
	return out
}

func (v *verdict) stepThing(i int) thing { return thing{v.p.Steps[i].Name, v.p.Steps[i].Title} }
func (v *verdict) stateThing(i int) thing {
	return thing{v.p.States[i].Name, v.p.States[i].Title}
}
func (v *verdict) clockThing(i int) thing { return thing{v.p.Clocks[i].Name, v.p.Clocks[i].Title} }
func (v *verdict) subThing(i int) thing   { return thing{v.p.Subs[i].Name, v.p.Subs[i].Title} }

// askedBy are the things without number that guards ask for.
type askedBy struct {
	v     *verdict
	steps []int
}

func (a askedBy) in(lang string) string {
	var out []string
	for _, i := range a.steps {
		for _, asked := range a.v.steps[i].guard.asks() {
			if !slices.Contains(out, asked) {
				out = append(out, asked)
			}
		}
	}
	sep := ", "
	if lang == "zh" {
		sep = "、"
	}
	return joined(out, sep)
}

func joined(list []string, sep string) (out string) {
	for i, s := range list {
		if i > 0 {
			out += sep
		}
		out += s
	}
	return out
}

// reached: every state can be reached. One to which only steps lead that can never be taken is left to these.
func (v *verdict) reached() {
	first := v.firstInState()
	for i := range v.p.States {
		switch at := first[i]; {
		case at < 0 && !v.ledTo(i, first):
			v.error(statePath(i), ruleUnreachable, nil, say("没有办法走到状态%[1]s", "no way leads to the state %[1]s", v.stateThing(i)))
		case at >= int32(v.sure):
			v.doubt(v.doubtsTo(at), at, func(d *doubt) { d.states = append(d.states, v.stateThing(i)) })
		}
	}
}

func statePath(i int) string { return fmt.Sprintf("states[%d].name", i) }

// firstInState are the first situations in each state, -1 for none.
func (v *verdict) firstInState() []int32 {
	first := make([]int32, v.state.size)
	for i := range first {
		first[i] = -1
	}
	for i := range v.keys {
		if s := v.state.get(&v.keys[i]); first[s] < 0 {
			first[s] = int32(i)
		}
	}
	return first
}

// ledTo tells whether a step leads to the state from one that is reached.
func (v *verdict) ledTo(state int, first []int32) bool {
	for from, steps := range v.from {
		if first[from] < 0 {
			continue
		}
		if slices.ContainsFunc(steps, func(i int) bool { return v.steps[i].to == state }) {
			return true
		}
	}
	return false
}

// fired: no step that can never be taken, and none that is offered where it cannot.
func (v *verdict) fired() {
	first := v.firstInState()
	for i := range v.steps {
		seen := &v.seen[i]
		v.offeredInVain(i, seen)
		switch {
		case seen.fired >= 0:
		case seen.perhaps >= 0:
			steps := v.doubtsTo(seen.perhaps)
			if g := v.steps[i].guard; g != nil && g.holds(&v.keys[seen.perhaps]) == procedure.Perhaps && !slices.Contains(steps, i) {
				steps = append(steps, i)
			}
			v.doubt(steps, seen.perhaps, func(d *doubt) { d.steps = append(d.steps, v.stepThing(i)) })
		case slices.ContainsFunc(v.steps[i].From, func(from string) bool { return first[v.stateIndex(from)] >= 0 }):
			v.dead(i, seen)
		}
	}
}

func (v *verdict) stateIndex(name string) int {
	return slices.IndexFunc(v.p.States, func(s procedure.State) bool { return s.Name == name })
}

// offeredInVain reports what the act itself would refuse.
func (v *verdict) offeredInVain(i int, seen *stepSeen) {
	s, path, step := &v.steps[i], fmt.Sprintf("steps[%d]", i), v.stepThing(i)
	if at := seen.fails; at >= 0 {
		v.at(path+".guard", ruleGuardFails, at, nil, say(
			"在状态%[2]s，步骤%[1]s的条件算不出结果，例如除以零",
			"at %[2]s the guard of %[1]s has no value, for instance because it divides by zero", step, v.stateThing(v.state.get(&v.keys[at]))))
	}
	if at := seen.noClock; at >= 0 {
		v.at(path+".extend", ruleExtendClosed, at, nil, say(
			"在状态%[2]s可以做步骤%[1]s，但要延长的时限%[3]s可能没有在计算",
			"the step %[1]s can be taken at %[2]s, where the clock %[3]s may not be open", step, v.stateThing(v.state.get(&v.keys[at])), v.clockThing(s.extends)))
	}
	if at := seen.notReferred; at >= 0 {
		member := ".refer"
		if s.Refer != procedure.ReferBack {
			member = ".opens.unit"
		}
		v.at(path+member, ruleBackNowhere, at, nil, say(
			"在状态%[2]s可以做步骤%[1]s，但事项可能不是转来的，没有可以退回或者交办的转出单位；可以加上条件 matter.referred()",
			"the step %[1]s needs the unit that referred the matter, and at %[2]s it may not have been referred; give the step the guard matter.referred()", step, v.stateThing(v.state.get(&v.keys[at]))))
	}
	if at := seen.atEnd; at >= 0 {
		v.at(path+".to", ruleAfterEnd, at, nil, say(
			"步骤%[1]s会结束事项，但子事项可能还没有办完；请在 waits 里写上它，或者让它独立（detached）",
			"the step %[1]s ends the matter while a sub-matter may be outstanding; name it under waits, or make it detached", step))
	}
}

// isBlocked tells whether the step is one that the program would have to take and cannot.
func (v *verdict) isBlocked(i int) bool {
	for k := range v.stopped {
		event := v.eventLapse(k.i)
		if k.rule == ruleDoneBlocked {
			event = v.eventEnded(k.i)
		}
		if v.stepOf(event) == i {
			return true
		}
	}
	return false
}

// dead reports a step that is never taken, by its one reason if there is one.
func (v *verdict) dead(i int, seen *stepSeen) {
	path, step := fmt.Sprintf("steps[%d]", i), v.stepThing(i)
	switch {
	case v.isBlocked(i): // lapse-blocked or done-blocked says why
	case !seen.offered:
		v.error(path+".by", ruleDeadStep, nil, say("步骤%[1]s永远不能做：%[2]s", "the step %[1]s can never be taken: %[2]s", step, hindranceWords(hindNobody)))
	case seen.hindrances&^hindNobody == hindGuard && seen.fails < 0:
		v.error(path+".guard", ruleGuardNever, nil, say(
			"步骤%[1]s的条件在能走到的任何情形下都不成立", "the guard of the step %[1]s holds in no situation that can be reached", step))
	case seen.hindrances&^hindNobody&(hindGuard|hindClock|hindBack|hindEnd) == seen.hindrances&^hindNobody && seen.hindrances&(seen.hindrances-1) == 0:
		// offeredInVain named the reason
	default:
		v.error(path+".name", ruleDeadStep, nil, say("步骤%[1]s永远不能做：%[2]s", "the step %[1]s can never be taken: %[2]s", step, hindranceWords(seen.hindrances&^hindNobody)))
	}
}
