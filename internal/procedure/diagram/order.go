package diagram

import (
	"cmp"
	"slices"
)

// order sorts each layer by the middle of its neighbours, downwards and upwards in turn, and keeps the order
// with the fewest crossings.
func (c *chart) order() {
	at := c.position()
	best, fewest := c.snapshot(), c.crossings(at)
	for s := 0; s < sweeps && fewest > 0; s++ {
		for i := range c.layers {
			layer, beside := i, c.up
			if s%2 == 1 {
				layer, beside = len(c.layers)-1-i, c.down
			}
			c.sortLayer(layer, beside, at)
		}
		c.exchange(at)
		if n := c.crossings(at); n < fewest {
			best, fewest = c.snapshot(), n
		}
	}
	c.layers = best
}

func (c *chart) snapshot() [][]int {
	copied := make([][]int, len(c.layers))
	for i, l := range c.layers {
		copied[i] = slices.Clone(l)
	}
	return copied
}

// position is the place of each node in its layer.
func (c *chart) position() []int {
	at := make([]int, len(c.nodes))
	for _, layer := range c.layers {
		for i, n := range layer {
			at[n] = i
		}
	}
	return at
}

// sortLayer sorts one layer and keeps the positions right.
func (c *chart) sortLayer(layer int, beside [][]int, at []int) {
	type placed struct {
		n      int
		middle float64
	}
	list := make([]placed, len(c.layers[layer]))
	for i, n := range c.layers[layer] {
		list[i] = placed{n, float64(i)}
		if len(beside[n]) > 0 {
			sum := 0
			for _, m := range beside[n] {
				sum += at[m]
			}
			list[i].middle = float64(sum) / float64(len(beside[n]))
		}
	}
	slices.SortStableFunc(list, func(a, b placed) int { return cmp.Compare(a.middle, b.middle) })
	for i, p := range list {
		c.layers[layer][i], at[p.n] = p.n, i
	}
}

// exchange swaps neighbours in a layer as long as that leaves fewer crossings.
func (c *chart) exchange(at []int) {
	for round, better := 0, true; better && round < 8; round++ {
		better = false
		for _, layer := range c.layers {
			for i := 1; i < len(layer); i++ {
				a, b := layer[i-1], layer[i]
				now := crossed(c.up[a], c.up[b], at) + crossed(c.down[a], c.down[b], at)
				if swapped := crossed(c.up[b], c.up[a], at) + crossed(c.down[b], c.down[a], at); swapped < now {
					layer[i-1], layer[i] = b, a
					at[a], at[b] = i, i-1
					better = true
				}
			}
		}
	}
}

// crossed counts the crossings of the lines of two nodes of which the first stands left.
func crossed(left, right, at []int) (n int) {
	for _, l := range left {
		for _, r := range right {
			if at[l] > at[r] {
				n++
			}
		}
	}
	return n
}

// crossings counts all of them.
func (c *chart) crossings(at []int) (n int) {
	for _, layer := range c.layers {
		var ends []int // of the lines downwards, from left to right
		for _, u := range layer {
			below := make([]int, len(c.down[u]))
			for i, m := range c.down[u] {
				below[i] = at[m]
			}
			slices.Sort(below)
			ends = append(ends, below...)
		}
		n += inversions(ends)
	}
	return n
}

// inversions counts the pairs that stand in the wrong order, with a tree of sums (P. Fenwick, 1994).
func inversions(list []int) (n int) {
	if len(list) < 2 {
		return 0
	}
	tree := make([]int, slices.Max(list)+2)
	for i, v := range list {
		smaller := 0
		for j := v + 1; j > 0; j -= j & -j {
			smaller += tree[j]
		}
		n += i - smaller
		for j := v + 1; j < len(tree); j += j & -j {
			tree[j]++
		}
	}
	return n
}
