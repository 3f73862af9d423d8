package soundness

import (
	"slices"

	"luoshi/internal/procedure"
)

// mostEdges bounds the moves that are kept, for every situation on average.
const mostEdges = 10

// walked is every situation that can be reached, and every move between them. Situations come in two parts: first
// those that can certainly be reached, each by a shortest way, then those to which every way needs a guard that
// was not decided.
type walked struct {
	*model
	keys   []key
	parent []int32 // the situation before, -1 for an opening
	via    []edge  // the move from there
	depth  []int32
	sure   int // situations before this one are certainly reached
	edges  []edge
	// index finds situations that differ in passive clocks only; next leads from one to another, -1 for none.
	index map[key]int32
	next  []int32

	now     int32 // the situation that is being expanded
	seen    []stepSeen
	stopped map[blockKey]block
}

// edge is a move between two situations.
type edge struct {
	from, to int32
	event    int32
	how
}

// stepSeen is what was seen of a step over all situations.
type stepSeen struct {
	offered     bool      // somebody would take it, somewhere
	hindrances  hindrance // seen where somebody would take it, or nobody
	fired       int32     // first situation in which it can certainly be taken; -1
	perhaps     int32     // first situation in which it can perhaps be taken; -1
	fails       int32     // first situation in which its guard has no value; -1
	noClock     int32     // first situation in which it would be taken, and the clock to extend is not open; -1
	notReferred int32     // … and the matter was not referred; -1
	atEnd       int32     // … and a sub-matter is outstanding that has to end before; -1
}

// blockKey is one clock or sub in one state.
type blockKey struct {
	rule     string
	i, state int
}

type block struct {
	at   int32
	sure bool
	why  procedure.Text
}

// walk goes through all situations breadth first; nil if there are too many.
func walk(m *model) *walked {
	w := &walked{model: m, index: map[key]int32{}, seen: make([]stepSeen, len(m.steps)), stopped: map[blockKey]block{}}
	for i := range w.seen {
		w.seen[i] = stepSeen{fired: -1, perhaps: -1, fails: -1, noClock: -1, notReferred: -1, atEnd: -1}
	}
	for _, k := range m.opening() {
		w.arrive(k, edge{from: -1, how: how{sure: true}})
	}
	var later []edge
	var laterTo []key
	within := true
	expand := func(keepUnsure bool) {
		k := w.keys[w.now]
		m.expand(&k, w, func(v move) {
			e := edge{from: w.now, event: v.event, how: v.how}
			if !v.sure && keepUnsure {
				later, laterTo = append(later, e), append(laterTo, v.to)
				return
			}
			w.follow(v.to, e)
		})
		within = !m.over && len(w.keys) <= m.most && len(w.edges)+len(later) <= m.most*mostEdges
	}
	for ; int(w.now) < len(w.keys) && within; w.now++ {
		expand(true)
	}
	w.sure = len(w.keys)
	// The ways that are not sure are joined in order of their length.
	for next := 0; within && (next < len(later) || int(w.now) < len(w.keys)); {
		if int(w.now) == len(w.keys) || next < len(later) && w.depth[later[next].from] <= w.depth[w.now] {
			w.follow(laterTo[next], later[next])
			next++
			continue
		}
		expand(false)
		w.now++
	}
	if !within {
		return nil
	}
	return w
}

// arrive gives the situation its number. One that was met with fewer of the passive clocks open, or the same, stands
// for it: whatever can go wrong in one with more can go wrong in that one, by the same moves. So the shortest way to
// a fault stays the shortest.
func (w *walked) arrive(k key, by edge) int32 {
	rest := k
	rest[0] &^= w.passive
	before, met := w.index[rest]
	if !met {
		before = -1
	}
	for i := before; i >= 0; i = w.next[i] {
		if w.keys[i][0]&w.passive&^k[0] == 0 {
			return i
		}
	}
	i := int32(len(w.keys))
	depth := int32(0)
	if by.from >= 0 {
		depth = w.depth[by.from] + 1
	}
	w.index[rest] = i
	w.keys, w.parent, w.via, w.depth = append(w.keys, k), append(w.parent, by.from), append(w.via, by), append(w.depth, depth)
	w.next = append(w.next, before)
	return i
}

func (w *walked) follow(k key, e edge) {
	e.to = w.arrive(k, e)
	w.edges = append(w.edges, e)
}

func first(at *int32, now int32) {
	if *at < 0 {
		*at = now
	}
}

func (w *walked) weighed(s *step, who existence, o procedure.Outcome, h hindrance) {
	seen := &w.seen[s.i]
	if who == absent {
		seen.hindrances |= hindNobody
		return
	}
	seen.offered = true
	seen.hindrances |= h
	switch {
	case o == procedure.Fails:
		first(&seen.fails, w.now)
	case h == hindClock:
		first(&seen.noClock, w.now)
	case h == hindBack:
		first(&seen.notReferred, w.now)
	case h == hindEnd:
		first(&seen.atEnd, w.now)
	case h == 0:
		w.weighedAt(w.now, seen, o)
	}
}

// weighedAt notes that a step can be taken in a situation, or perhaps.
func (w *walked) weighedAt(i int32, seen *stepSeen, o procedure.Outcome) {
	if o == procedure.Always && w.doubtless(i) {
		first(&seen.fired, i)
	} else {
		first(&seen.perhaps, i)
	}
}

// doubtless tells whether the situation is certainly reached. While the sure part is walked, all are.
func (w *walked) doubtless(i int32) bool { return w.sure == 0 || int(i) < w.sure }

func (w *walked) blocked(rule string, i int, sure bool, why procedure.Text) {
	k := blockKey{rule, i, w.state.get(&w.keys[w.now])}
	sure = sure && w.doubtless(w.now)
	if was, ok := w.stopped[k]; !ok || sure && !was.sure {
		w.stopped[k] = block{w.now, sure, why}
	}
}

// way is the shortest way to a situation.
func (w *walked) way(i int32) []procedure.Move {
	var moves []procedure.Move
	for ; i >= 0; i = w.parent[i] {
		moves = append(moves, procedure.Move{Event: w.eventName(w.via[i].event), State: w.stateAt(i).Name})
	}
	slices.Reverse(moves)
	return moves
}

func (w *walked) stateAt(i int32) *procedure.State {
	if at := w.state.get(&w.keys[i]); at < w.beyond() {
		return &w.p.States[at]
	}
	return &procedure.State{End: true} // in another procedure
}

// doubts are the steps whose undecided guards the way to a situation needs.
func (w *walked) doubtsTo(i int32) (steps []int) {
	for ; i >= 0; i = w.parent[i] {
		if s := w.stepOf(w.via[i].event); s >= 0 && !w.via[i].sure && !slices.Contains(steps, s) {
			steps = append(steps, s)
		}
	}
	return steps
}
