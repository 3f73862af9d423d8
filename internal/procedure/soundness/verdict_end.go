package soundness

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
)

// completion: from every situation some end can be reached by what people who must exist, and the program, can do.
func (v *verdict) completion() {
	into := v.movesInto()
	var ends, stuck []int32
	for i := range v.keys {
		if v.ends[v.state.get(&v.keys[i])] {
			ends = append(ends, int32(i))
		}
	}
	for i := range v.nobody {
		stuck = append(stuck, i)
	}
	slices.Sort(stuck)
	proved, _ := v.back(ends, into, func(e *edge) bool { return e.certain && e.sure })
	perhaps, next := v.back(ends, into, func(e *edge) bool { return e.certain })
	explained, _ := v.back(stuck, into, func(e *edge) bool { return e.certain })
	said := map[int]bool{}
	for i := range v.keys {
		state := v.state.get(&v.keys[i])
		if proved[i] || said[state] {
			continue
		}
		switch at := int32(i); {
		case perhaps[i]:
			said[state] = true
			v.doubt(v.doubtsFrom(at, next), at, func(d *doubt) { d.ends = append(d.ends, v.stateThing(state)) })
		case !explained[i]:
			said[state] = true
			v.at(statePath(state), ruleNoWayOut, at, nil, say("从状态%[1]s走不到任何终点", "from the state %[1]s no end can be reached", v.stateThing(state)))
		}
	}
}

// movesInto lists the moves by where they lead: into.edges[into.begin[i]:into.begin[i+1]].
type movesInto struct{ begin, edges []int32 }

func (v *verdict) movesInto() movesInto {
	m := movesInto{make([]int32, len(v.keys)+1), make([]int32, len(v.edges))}
	for i := range v.edges {
		m.begin[v.edges[i].to+1]++
	}
	for i := range v.keys {
		m.begin[i+1] += m.begin[i]
	}
	fill := slices.Clone(m.begin)
	for i := range v.edges {
		to := v.edges[i].to
		m.edges[fill[to]] = int32(i)
		fill[to]++
	}
	return m
}

// back finds the situations from which the goals can be reached by moves that count, and for each the first move
// of a shortest way.
func (v *verdict) back(goals []int32, into movesInto, counts func(*edge) bool) (reaches []bool, next []int32) {
	reaches, next = make([]bool, len(v.keys)), make([]int32, len(v.keys))
	for _, g := range goals {
		reaches[g], next[g] = true, -1
	}
	for queue := slices.Clone(goals); len(queue) > 0; queue = queue[1:] {
		i := queue[0]
		for _, e := range into.edges[into.begin[i]:into.begin[i+1]] {
			if edge := &v.edges[e]; !reaches[edge.from] && counts(edge) {
				reaches[edge.from], next[edge.from] = true, e
				queue = append(queue, edge.from)
			}
		}
	}
	return reaches, next
}

// doubtsFrom are the steps with undecided guards on the shortest way from a situation to an end.
func (v *verdict) doubtsFrom(i int32, next []int32) (steps []int) {
	for next[i] >= 0 {
		e := &v.edges[next[i]]
		if s := v.stepOf(e.event); s >= 0 && !e.sure && !slices.Contains(steps, s) {
			steps = append(steps, s)
		}
		i = e.to
	}
	return steps
}

// clocksStart: every clock can start, and none is started by an end that stops it.
func (v *verdict) clocksStart() {
	var started uint64
	for i := range v.keys {
		started |= v.keys[i][0]
	}
	for j := range v.clocks {
		taken := false
		for i := range v.steps {
			s := &v.steps[i]
			if s.starts>>j&1 == 0 || v.seen[i].fired < 0 && v.seen[i].perhaps < 0 {
				continue
			}
			taken = true
			if started>>j&1 != 0 && s.to >= 0 && v.ends[s.to] && v.ofOwner>>j&1 != 0 {
				v.error(fmt.Sprintf("clocks[%d].starts", j), ruleAfterEnd, nil, say(
					"步骤%[1]s结束事项，却又开始办理单位的时限%[2]s", "the step %[1]s ends the matter and starts the office's clock %[2]s", v.stepThing(i), v.clockThing(j)))
			}
		}
		if taken && started>>j&1 == 0 {
			v.error(fmt.Sprintf("clocks[%d].starts", j), ruleClockNever, nil, say(
				"时限%[1]s永远不会开始：开始它的步骤都结束事项", "the clock %[1]s never starts: the steps that start it end the matter", v.clockThing(j)))
		}
	}
}

func (v *verdict) sortedBlocks() []blockKey {
	return slices.SortedFunc(maps.Keys(v.stopped), func(a, b blockKey) int {
		return cmp.Or(cmp.Compare(a.rule, b.rule), cmp.Compare(a.i, b.i), cmp.Compare(a.state, b.state))
	})
}
