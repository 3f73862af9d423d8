package diagram

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// drawChart draws any chart without a circle of links that are not back.
func drawChart(t *rapid.T) *chart {
	c := &chart{gap: 20, apart: 15}
	for range rapid.IntRange(1, 25).Draw(t, "nodes") {
		c.nodes = append(c.nodes, node{w: rapid.Float64Range(10, 200).Draw(t, "w"), h: rapid.Float64Range(10, 90).Draw(t, "h"),
			room: rapid.SampledFrom([]float64{0, 5}).Draw(t, "room")})
	}
	for range rapid.IntRange(0, 40).Draw(t, "links") {
		a, b := rapid.IntRange(0, len(c.nodes)-1).Draw(t, "a"), rapid.IntRange(0, len(c.nodes)-1).Draw(t, "b")
		switch {
		case a < b:
			c.links = append(c.links, link{tail: a, head: b})
		case a > b:
			c.links = append(c.links, link{tail: a, head: b, back: true})
		}
	}
	return c
}

func TestNoNodeLiesOverAnother(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := drawChart(t)
		c.arrange()
		for i := range c.nodes {
			for j := range i {
				a, b := &c.nodes[i], &c.nodes[j]
				if math.Abs(a.x-b.x) < (a.w+b.w)/2 && math.Abs(a.y-b.y) < (a.h+b.h)/2 {
					t.Fatalf("%+v lies over %+v", *a, *b)
				}
			}
		}
	})
}

// A line runs free between two layers and through bends; so it never crosses a node if its layers do not touch.
func TestLinesRunFromLayerToLayer(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := drawChart(t)
		c.arrange()
		for layer := 1; layer < len(c.layers); layer++ {
			if c.ceiling(layer)-c.floor(layer-1) < c.gap-0.001 {
				t.Fatalf("layer %d begins %f below the one before", layer, c.ceiling(layer)-c.floor(layer-1))
			}
		}
		for i := range c.links {
			l := &c.links[i]
			upper, lower := l.ends()
			if l.route[0] != upper || l.route[len(l.route)-1] != lower {
				t.Fatalf("link %d from %d to %d runs %v", i, upper, lower, l.route)
			}
			for _, k := range l.pieces() {
				a, b, at := &c.nodes[k.upper], &c.nodes[k.lower], c.lines[k]
				if b.layer != a.layer+1 {
					t.Fatalf("link %d jumps from layer %d to %d", i, a.layer, b.layer)
				}
				if math.Abs(at.top-a.x) > a.room+1 || math.Abs(at.bottom-b.x) > b.room+1 {
					t.Fatalf("link %d misses its nodes: %+v at %+v and %+v", i, *at, *a, *b)
				}
			}
		}
	})
}

func TestAChartComesOutTheSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := drawChart(t)
		b := &chart{gap: a.gap, apart: a.apart, nodes: append([]node(nil), a.nodes...), links: append([]link(nil), a.links...)}
		a.arrange()
		b.arrange()
		for i := range a.nodes {
			if a.nodes[i] != b.nodes[i] {
				t.Fatalf("node %d: %+v and %+v", i, a.nodes[i], b.nodes[i])
			}
		}
	})
}

func TestSettle(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 12).Draw(t, "n")
		want, weight, apart := make([]float64, n), make([]float64, n), make([]float64, n)
		for i := range n {
			want[i] = rapid.Float64Range(-100, 100).Draw(t, "want")
			weight[i] = rapid.Float64Range(0.1, 9).Draw(t, "weight")
			apart[i] = rapid.Float64Range(0, 20).Draw(t, "apart")
		}
		x := settle(want, weight, apart)
		cost := func(x []float64) (sum float64) {
			for i := range x {
				sum += weight[i] * (x[i] - want[i]) * (x[i] - want[i])
			}
			return sum
		}
		for i := 1; i < n; i++ {
			if x[i]-x[i-1] < apart[i]-0.5 {
				t.Fatalf("%d and %d are %f apart, not %f", i-1, i, x[i]-x[i-1], apart[i])
			}
		}
		// Moving everything from one place on to the left or the right is lawful where room is, and never better.
		for i := range x {
			moved := append([]float64(nil), x...)
			for j := i; j < n; j++ {
				moved[j]++
			}
			if cost(moved) < cost(x)-20*float64(n) {
				t.Fatalf("moving %d to the right is better: %v", i, x)
			}
		}
	})
}
