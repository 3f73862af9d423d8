package soundness

import (
	"fmt"
	"maps"
	"slices"

	"luoshi/internal/procedure"
)

// canAct is who can act in one situation.
type canAct struct{ surely, perhaps, others bool }

// acting finds for every situation whether somebody who must exist can act, or the program will.
func (v *verdict) acting() []canAct {
	acting := make([]canAct, len(v.keys))
	for i := range v.edges {
		e := &v.edges[i]
		if !e.certain || !e.acts {
			continue
		}
		a := &acting[e.from]
		a.perhaps = true
		a.surely = a.surely || e.sure
		a.others = a.others || e.sure && !e.assigned
	}
	return acting
}

// situations runs the rules that hold in each situation that is no end, and those of the ends.
func (v *verdict) situations() {
	v.nobody, v.alone = map[int32]bool{}, map[int]int32{}
	acting := v.acting()
	said := map[string]bool{}
	once := func(rule string, state int) bool {
		k := fmt.Sprint(rule, " ", state)
		was := said[k]
		said[k] = true
		return !was
	}
	for i := range v.keys {
		state := v.state.get(&v.keys[i])
		if v.ends[state] {
			v.atEnd(int32(i), state, once)
			continue
		}
		v.clockOpen(int32(i), state, once)
		v.somebody(int32(i), state, acting[i], once)
	}
	for _, state := range slices.Sorted(maps.Keys(v.alone)) {
		if !said[fmt.Sprint(ruleNobody, " ", state)] {
			v.warn(statePath(state), ruleOnlyAssigned, v.way(v.alone[state]), say(
				"在状态%[1]s只有承办人本人能往下办；他离开以后事项就没有人管，请让别人也能改派",
				"at %[1]s only the assigned person can act; if they leave nobody can, so let somebody else assign it anew", v.stateThing(state)))
		}
	}
	for _, k := range v.sortedBlocks() {
		v.blockedStep(k, v.stopped[k])
	}
}

// somebody: someone who must exist can act, also when nobody is assigned.
func (v *verdict) somebody(i int32, state int, a canAct, once func(string, int) bool) {
	switch {
	case len(v.from[state]) == 0: // no-way-to-an-end names it
	case !a.perhaps:
		v.nobody[i] = true
		if once(ruleNobody, state) {
			v.at(statePath(state), ruleNobody, i, nil, say(
				"在状态%[1]s可能没有人能往下办：%[2]s", "at %[1]s there may be nobody who can act: %[2]s", v.stateThing(state), v.whyNobody(i, state)))
		}
	case !a.surely:
		if once(ruleNotProved, state) {
			v.unproved(statePath(state), v.way(i), v.openGuards(i, state), say(
				"在状态%[1]s可能没有人能往下办", "at %[1]s there may be nobody who can act", v.stateThing(state)))
		}
	case !a.others:
		if once(ruleOnlyAssigned, state) {
			v.alone[state] = i
		}
	}
}

// openGuards are the steps from a state whose guards are not decided in the situation, and those on the way.
func (v *verdict) openGuards(i int32, state int) []int {
	steps := v.doubtsTo(i)
	for _, s := range v.from[state] {
		if g := v.steps[s].guard; g != nil && g.holds(&v.keys[i]) == procedure.Perhaps {
			steps = append(steps, s)
		}
	}
	return steps
}

// whyNobody says why none of the steps of the state helps.
func (v *verdict) whyNobody(i int32, state int) procedure.Text {
	k := &v.keys[i]
	var assigned, party, other bool
	for _, s := range v.from[state] {
		for _, w := range v.steps[s].By {
			if v.exists(k, w) == present {
				other = true
				continue
			}
			_, isParty := partyRole(w.Relation)
			party = party || isParty
			assigned = assigned || w.Relation == procedure.RelationAssigned
		}
	}
	switch {
	case other:
		return say("现在能做的步骤条件不满足，或者只是延长时限", "no step is lawful then, or it only extends a clock")
	case assigned && v.assignee.get(k) == 0:
		return say("只有承办人能做，而事项可能还没有指定承办人", "only the assigned person could, and nobody may be assigned")
	case assigned:
		return say("承办人不一定有这一步要求的角色", "the assigned person need not hold the role that is asked for")
	case party:
		return say("只有当事人能做，而这样的当事人不一定有，或者不能查询事项", "only a party could, who need not be there or may not follow the matter")
	}
	return say("只有系统能做，而没有时限届满会让它去做", "only the program could, and no lapse makes it do so")
}

// clockOpen: some clock of a unit is open, and if all stand still, the matter could lie for ever. A party's clock
// counts while its lapse leads on: then the program acts for the unit.
func (v *verdict) clockOpen(i int32, state int, once func(string, int) bool) {
	k := &v.keys[i]
	open := k[0] & v.ofOwner
	for j := range v.clocks {
		bit := uint64(1) << j
		if k[0]&bit != 0 && v.lapsing&bit != 0 && v.clocks[j].late.get(k) == 0 {
			open |= bit
		}
	}
	switch {
	case k[0] == 0:
		if once(ruleNoClock, state) {
			v.at(statePath(state), ruleNoClock, i, nil, say(
				"事项在状态%[1]s时可能没有任何时限；请让走到那里的每一步都开始一个时限",
				"a matter can stand at %[1]s with no clock running; start one on every way there", v.stateThing(state)))
		}
	case open == 0:
		if once(ruleNoClock, state) {
			v.at(statePath(state), ruleNoClock, i, nil, say(
				"事项在状态%[1]s时可能只有当事人的时限，没有单位对时间负责",
				"a matter can stand at %[1]s with only a party's clock, whose lapse leads nowhere: no unit answers for the time", v.stateThing(state)))
		}
	case open&^v.suspended[state] == 0:
		if once(ruleOnlySuspended, state) {
			v.at(statePath(state), ruleOnlySuspended, i, nil, say(
				"事项在状态%[1]s时可能所有时限都停着，会无限期搁置；请给这个状态一个自己的时限",
				"at %[1]s every clock may stand still, so that the matter can lie there for ever; give that state a clock of its own", v.stateThing(state)))
		}
	}
}

// atEnd: nothing that the office would have to see to goes on after an end.
func (v *verdict) atEnd(i int32, state int, once func(string, int) bool) {
	k := &v.keys[i]
	for j := range v.clocks {
		if k[0]&v.lapsing>>j&1 != 0 && once(ruleAfterEnd, j) {
			v.at(fmt.Sprintf("clocks[%d].lapse", j), ruleAfterEnd, i, nil, say(
				"事项以%[1]s结束后，时限%[2]s还在走，届满时却不能再做它的步骤；请在通往终点的步骤停止它",
				"after the end %[1]s the clock %[2]s goes on, and at its lapse its step can no longer be taken; stop it with the steps that lead there",
				v.stateThing(state), v.clockThing(j)))
		}
	}
}

// blockedStep reports a step that the program would have to take and cannot.
func (v *verdict) blockedStep(k blockKey, b block) {
	where := v.stateThing(v.state.get(&v.keys[b.at]))
	path, event := fmt.Sprintf("clocks[%d].lapse", k.i), v.eventLapse(k.i)
	words := say("时限%[1]s可能在状态%[2]s届满，而届满时的步骤那时不能做：%[3]s",
		"the clock %[1]s can run out at %[2]s, where its step cannot be taken: %[3]s", v.clockOrSub(k), where, b.why)
	if k.rule == ruleDoneBlocked {
		path, event = fmt.Sprintf("subs[%d].done", k.i), v.eventEnded(k.i)
		words = say("子事项%[1]s可能在状态%[2]s全部办完，而办完后的步骤那时不能做：%[3]s",
			"the last sub-matter of %[1]s can end at %[2]s, where the step to be taken then cannot be: %[3]s", v.clockOrSub(k), where, b.why)
	}
	move := procedure.Move{Event: v.eventName(event), State: v.stateAt(b.at).Name}
	if int(b.at) < v.sure && !b.sure {
		v.unproved(path, append(v.way(b.at), move), []int{v.stepOf(event)}, words)
		return
	}
	v.at(path, k.rule, b.at, &move, words)
}

func (v *verdict) clockOrSub(k blockKey) thing {
	if k.rule == ruleDoneBlocked {
		return v.subThing(k.i)
	}
	return v.clockThing(k.i)
}
