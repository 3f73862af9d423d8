package soundness

// extensions finds the steps that only extend a passive clock and can be taken. Situations stand for others with
// more clocks open, so which clocks can be open at all is followed once more: clock by clock, which is exact.
func (v *verdict) extensions() {
	open := v.openSomewhere()
	for i := range v.steps {
		s, seen := &v.steps[i], &v.seen[i]
		if s.extends < 0 || v.passive>>s.extends&1 == 0 || v.clocks[s.extends].most == 0 {
			continue
		}
		for at := range v.keys {
			k := v.keys[at]
			if open[at]>>s.extends&1 == 0 || !v.takes(&k, s) {
				continue
			}
			k[0] |= 1 << s.extends
			if o, h := v.weigh(&k, s); h == 0 {
				v.weighedAt(int32(at), seen, o)
			}
		}
	}
}

// takes tells whether the step can be taken where the situation stands, and somebody is there to take it.
func (v *verdict) takes(k *key, s *step) bool {
	for _, i := range v.from[v.state.get(k)] {
		if i != s.i {
			continue
		}
		for _, w := range s.By {
			if v.takesIt(k, s, w) > absent {
				return true
			}
		}
	}
	return false
}

// openSomewhere are, for every situation, the clocks that are open in it or in one that it stands for.
func (v *verdict) openSomewhere() []uint64 {
	open := make([]uint64, len(v.keys))
	out := v.listed(func(e *edge) int32 { return e.from })
	queue := make([]int32, len(v.keys))
	for i := range v.keys {
		open[i], queue[i] = v.keys[i][0], int32(i)
	}
	for ; len(queue) > 0; queue = queue[1:] {
		i := queue[0]
		for _, e := range out.edges[out.begin[i]:out.begin[i+1]] {
			edge := &v.edges[e]
			after := key{open[i]}
			if s := v.stepOf(edge.event); s >= 0 && edge.takes {
				v.runClocks(&after, &v.steps[s], 0, v.state.get(&v.keys[edge.to]))
			}
			if after[0]&v.passive&^open[edge.to] != 0 {
				open[edge.to] |= after[0] & v.passive
				queue = append(queue, edge.to)
			}
		}
	}
	return open
}
