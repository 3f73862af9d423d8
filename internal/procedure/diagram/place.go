package diagram

import (
	"cmp"
	"math"
	"slices"
)

// place gives the x of every node: near its neighbours, straight where bends follow each other, nothing over
// anything else.
func (c *chart) place() {
	for _, layer := range c.layers {
		x := 0.0
		for i, n := range layer {
			if i > 0 {
				x += c.between(layer[i-1], n)
			}
			c.nodes[n].x = x
		}
	}
	for s := range 3 * sweeps {
		for i := range c.layers {
			switch layer := i; {
			case s >= 2*sweeps:
				c.shift(layer, c.up, c.down)
			case s%2 == 0:
				c.shift(layer, c.up)
			default:
				c.shift(len(c.layers)-1-layer, c.down)
			}
		}
	}
	for range 3 {
		c.straighten()
	}
}

// straighten puts bends that follow each other exactly below each other, as far as their neighbours let them.
func (c *chart) straighten() {
	at := c.position()
	seen := make([]bool, len(c.nodes))
	for n := range c.nodes {
		if !c.nodes[n].bend || seen[n] || len(c.up[n]) == 1 && c.nodes[c.up[n][0]].bend {
			continue
		}
		var chain []int
		low, high, sum := math.Inf(-1), math.Inf(1), 0.0
		for m := n; c.nodes[m].bend && !seen[m]; m = c.down[m][0] {
			left, right := c.room(m, at[m])
			if max(low, left) > min(high, right) {
				break
			}
			seen[m] = true
			low, high, sum = max(low, left), min(high, right), sum+c.nodes[m].x
			chain = append(chain, m)
			if len(c.down[m]) != 1 {
				break
			}
		}
		for _, m := range chain {
			c.nodes[m].x = min(max(sum/float64(len(chain)), low), high)
		}
	}
}

// room is how far a node can move without touching those beside it.
func (c *chart) room(n, at int) (left, right float64) {
	left, right = math.Inf(-1), math.Inf(1)
	layer := c.layers[c.nodes[n].layer]
	if at > 0 {
		left = c.nodes[layer[at-1]].x + c.between(layer[at-1], n)
	}
	if at+1 < len(layer) {
		right = c.nodes[layer[at+1]].x - c.between(n, layer[at+1])
	}
	return left, right
}

// between is the least distance of the centres of two nodes of one layer.
func (c *chart) between(a, b int) float64 {
	apart := c.apart
	if c.nodes[a].bend && c.nodes[b].bend {
		apart = min(apart, bendWidth)
	}
	return (c.nodes[a].w+c.nodes[b].w)/2 + apart
}

func (c *chart) shift(layer int, sides ...[][]int) {
	list := c.layers[layer]
	want, weight, apart := make([]float64, len(list)), make([]float64, len(list)), make([]float64, len(list))
	for i, n := range list {
		if i > 0 {
			apart[i] = c.between(list[i-1], n)
		}
		sum, all := 0.0, 0.0
		for _, side := range sides {
			for _, m := range side[n] {
				w := 1.0
				if c.nodes[n].bend || c.nodes[m].bend {
					w = 2
				}
				if c.nodes[n].bend && c.nodes[m].bend {
					w = 8
				}
				sum, all = sum+w*c.nodes[m].x, all+w
			}
		}
		want[i], weight[i] = c.nodes[n].x, 0.1
		if all > 0 {
			want[i], weight[i] = sum/all, all
		}
	}
	for i, x := range settle(want, weight, apart) {
		c.nodes[list[i]].x = x
	}
}

// settle finds the x nearest to those wanted, by weighted squares, so that each lies at least apart[i] to the
// right of the one before: isotonic regression by pooling adjacent violators (M. Ayer and others, 1955).
func settle(want, weight, apart []float64) []float64 {
	type pool struct{ sum, weight, n float64 }
	var pools []pool
	offset := make([]float64, len(want))
	for i := range want {
		if i > 0 {
			offset[i] = offset[i-1] + apart[i]
		}
		p := pool{(want[i] - offset[i]) * weight[i], weight[i], 1}
		for len(pools) > 0 && pools[len(pools)-1].sum/pools[len(pools)-1].weight > p.sum/p.weight {
			last := pools[len(pools)-1]
			p = pool{p.sum + last.sum, p.weight + last.weight, p.n + last.n}
			pools = pools[:len(pools)-1]
		}
		pools = append(pools, p)
	}
	x, i := make([]float64, len(want)), 0
	for _, p := range pools {
		for range int(p.n) {
			x[i] = math.Round(2*(p.sum/p.weight+offset[i])) / 2
			i++
		}
	}
	return x
}

// stack gives the y of every layer; lines that go far to the side get more height.
func (c *chart) stack() {
	y := 0.0
	for i, layer := range c.layers {
		height := 0.0
		for _, n := range layer {
			height = max(height, c.nodes[n].h)
		}
		for _, n := range layer {
			c.nodes[n].y = y + height/2
			if c.nodes[n].bend {
				c.nodes[n].h = height
			}
		}
		far := 0.0
		if i+1 < len(c.layers) {
			for _, n := range layer {
				for _, m := range c.down[n] {
					far = max(far, math.Abs(c.nodes[n].x-c.nodes[m].x))
				}
			}
		}
		y += height + c.gap + min(far/10, 1.5*c.gap)
	}
}

// floor and ceiling are the lower and the upper edge of a layer.
func (c *chart) floor(layer int) float64 {
	y := math.Inf(-1)
	for _, n := range c.layers[layer] {
		y = max(y, c.nodes[n].y+c.nodes[n].h/2)
	}
	return y
}

func (c *chart) ceiling(layer int) float64 {
	return 2*c.nodes[c.layers[layer][0]].y - c.floor(layer)
}

// ports spreads the lines along the sides of the nodes they come to, each as near to straight as the others
// let it.
func (c *chart) ports() {
	above, below := make([][]piece, len(c.nodes)), make([][]piece, len(c.nodes))
	for n := range c.nodes {
		for _, m := range c.down[n] {
			for _, back := range []bool{false, true} {
				if k := (piece{n, m, back}); c.lines[k] != nil {
					below[n], above[m] = append(below[n], k), append(above[m], k)
				}
			}
		}
	}
	for n := range c.nodes {
		for i, x := range c.spread(n, below[n], func(k piece) int { return k.lower }) {
			c.lines[below[n][i]].top = x
		}
		for i, x := range c.spread(n, above[n], func(k piece) int { return k.upper }) {
			c.lines[above[n][i]].bottom = x
		}
	}
}

// spread sorts the lines on one side of a node by their other ends and gives the x of each.
func (c *chart) spread(n int, lines []piece, other func(piece) int) []float64 {
	at := c.nodes[n]
	x := func(k piece) float64 { return c.nodes[other(k)].x }
	slices.SortStableFunc(lines, func(a, b piece) int { return cmp.Compare(x(a), x(b)) })
	apart := min(18, 2*at.room/max(1, float64(len(lines)-1)))
	want, weight, sep := make([]float64, len(lines)), make([]float64, len(lines)), make([]float64, len(lines))
	for i, k := range lines {
		first, last := at.x-at.room+float64(i)*apart, at.x+at.room-float64(len(lines)-1-i)*apart
		want[i], weight[i], sep[i] = min(max(x(k), first), last), 1, apart
	}
	return settle(want, weight, sep)
}
