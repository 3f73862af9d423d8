package report

import (
	"sort"
	"strings"
)

// node is an item of a series while it is found.
type node struct {
	marker
	end      int
	children []*node
}

// run is one series: items of one kind on one level.
type run struct {
	kind  string
	last  int
	items []*node
}

// readRuns builds the series of a block from its ordinals. A new 一 inside an item that goes on later is a series in
// it; a higher number goes back to the series that waits for it.
func (s *source) readRuns(parts []extent, list []marker) []*run {
	var top []*run
	var open []*run // from the outermost to the innermost
	for i, m := range list {
		depth := s.depthOf(open, m)
		if depth < 0 { // a new series
			depth = len(open)
			if same := depthOfKind(open, m.kind); same >= 0 {
				depth = same
			}
			for depth > 0 && !s.continues(parts, open[depth-1], list[i:]) {
				depth--
			}
			r := &run{kind: m.kind}
			if depth == 0 {
				top = append(top, r)
			}
			open = append(open[:depth:depth], r)
		} else {
			open = open[:depth+1]
		}
		r := open[depth]
		n := &node{marker: m}
		if n.n == 0 {
			n.n = r.last + 1
		}
		r.last = n.n
		r.items = append(r.items, n)
		if depth > 0 {
			outer := open[depth-1].items
			outer[len(outer)-1].children = append(outer[len(outer)-1].children, n)
		}
	}
	return top
}

// depthOf finds the open series that an ordinal continues; -1 when it begins one.
func (s *source) depthOf(open []*run, m marker) int {
	if m.n == 1 {
		return -1
	}
	for d := len(open) - 1; d >= 0; d-- {
		if open[d].kind == m.kind && (m.n == 0 || m.n == open[d].last+1) {
			return d
		}
	}
	for d := len(open) - 1; d >= 0; d-- { // a number was left out or stands twice
		if open[d].kind == m.kind {
			return d
		}
	}
	for d := len(open) - 1; d >= 0; d-- { // 一是…二要…
		if m.n == open[d].last+1 && inline(m.kind) && inline(open[d].kind) {
			return d
		}
	}
	return -1
}

func inline(kind string) bool {
	return kind == "要" || kind == "是" || kind == "第" || kind == "其" || strings.HasPrefix(kind, "抓")
}

func depthOfKind(open []*run, kind string) int {
	for d, r := range open {
		if r.kind == kind {
			return d
		}
	}
	return -1
}

// continues tells whether what comes now is still in the last item of a series: the series goes on later, or its items
// have several sentences, or no sentence ended since.
func (s *source) continues(parts []extent, r *run, rest []marker) bool {
	for _, m := range rest[1:min(len(rest), within)] {
		if m.kind == r.kind && (m.n == r.last+1 || m.n == 0) {
			return true
		}
		if m.kind == r.kind && m.n == 1 {
			break
		}
	}
	last := r.items[len(r.items)-1]
	return rest[0].start < s.lastEnd(parts, r, last)
}

// lastEnd is where the last item of an outermost series ends: with its paragraph when items have paragraphs or several
// sentences, otherwise with its sentence.
func (s *source) lastEnd(parts []extent, r *run, last *node) int {
	p, k := partOf(parts, last.start)
	long, paragraphs := false, false
	for i := 0; i+1 < len(r.items); i++ {
		from, to := r.items[i].start, r.items[i+1].start
		q, _ := partOf(parts, from)
		long = long || len(s.sentences(extent{from, min(to, q.end)})) > 1 || len(r.items[i].children) > 0
		paragraphs = paragraphs || to > q.end && s.startsLater(parts, q, to)
	}
	switch {
	case paragraphs:
		return parts[len(parts)-1].end
	case last.opens && (k+1 == len(parts) || long || len(r.items) == 1):
		if len(r.items) == 1 && k+1 < len(parts) {
			return parts[len(parts)-1].end
		}
		return p.end
	case last.opens, long:
		return p.end
	}
	return s.sentences(extent{last.start, p.end})[0].end
}

// startsLater tells that between a paragraph and a place other paragraphs lie.
func (s *source) startsLater(parts []extent, q extent, to int) bool {
	_, k := partOf(parts, q.start)
	return k+1 < len(parts) && parts[k+1].end <= to && parts[k+1].start < to
}

// partOf is the paragraph of a place, and its number.
func partOf(parts []extent, i int) (extent, int) {
	k := sort.Search(len(parts), func(k int) bool { return parts[k].end > i })
	k = min(k, len(parts)-1)
	return parts[k], k
}

// setEnds gives every item of a series its end: before the next one, at last where the series ends. An item goes over a
// heading or a picture in no case.
func (s *source) setEnds(parts []extent, items []*node, end int) {
	for i, n := range items {
		n.end = end
		if i+1 < len(items) {
			n.end = items[i+1].start
		}
		n.end = s.unbroken(parts, n.start, n.end)
	}
}

// unbroken is how far a stretch goes before other words stand between its paragraphs.
func (s *source) unbroken(parts []extent, start, end int) int {
	p, k := partOf(parts, start)
	for ; k+1 < len(parts) && parts[k+1].start < end; k++ {
		if s.trim(extent{p.end, parts[k+1].start}).length() > 0 {
			return p.end
		}
		p = parts[k+1]
	}
	return min(end, p.end)
}

// setInnerEnds does so for the series within; several series in one item follow each other.
func (s *source) setInnerEnds(parts []extent, items []*node) {
	for _, n := range items {
		s.setEnds(parts, n.children, n.end)
		s.setInnerEnds(parts, n.children)
	}
}
