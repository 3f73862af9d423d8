package diagram

// A chart is drawn in layers from top to bottom, after K. Sugiyama, S. Tagawa and M. Toda, "Methods for visual
// understanding of hierarchical system structures" (IEEE Trans. SMC 11, 1981): nodes are put in layers, links
// that cross several layers get a bend in each, the layers are ordered so that few links cross, then all is
// placed. Links that lead to the same node share their bends, as lines of a timetable share a track. The result
// depends on the order of nodes and links alone.
type chart struct {
	nodes []node
	links []link
	gap   float64 // least height between layers
	apart float64 // least width between nodes

	layers [][]int
	down   [][]int // node → neighbours in the next layer
	up     [][]int
	lines  map[piece]*line
}

// piece is the part of links between two nodes of neighbouring layers, apart for those that lead back.
type piece struct {
	upper, lower int
	back         bool
}

// node is a box to be placed, or a bend of a link.
type node struct {
	w, h float64
	room float64 // links come in side by side as far as this from the middle

	x, y  float64 // of the centre
	layer int
	bend  bool
}

// link is an arrow from tail to head. Back ones lead to an earlier layer; without them there is no circle.
type link struct {
	tail, head int
	back       bool

	route []int // nodes from the upper to the lower end
}

// line is what is drawn between a node and one in the next layer.
type line struct {
	links  []int
	top    float64 // x where it leaves the upper node
	bottom float64 // x where it comes to the lower one
}

const (
	bendWidth = 10
	sweeps    = 24
)

func (c *chart) arrange() {
	c.rank()
	c.bend()
	c.order()
	c.place()
	c.stack()
	c.ports()
}

// ends are the upper and the lower node of a link.
func (l *link) ends() (upper, lower int) {
	if l.back {
		return l.head, l.tail
	}
	return l.tail, l.head
}

// pieces are the parts of the link from top to bottom.
func (l *link) pieces() []piece {
	all := make([]piece, 0, len(l.route))
	for i := 1; i < len(l.route); i++ {
		all = append(all, piece{l.route[i-1], l.route[i], l.back})
	}
	return all
}

// rank gives each node the first layer below all that lead to it.
func (c *chart) rank() {
	waits := make([]int, len(c.nodes))
	below := make([][]int, len(c.nodes))
	for i := range c.links {
		upper, lower := c.links[i].ends()
		below[upper] = append(below[upper], lower)
		waits[lower]++
	}
	var queue []int
	for n := range c.nodes {
		if waits[n] == 0 {
			queue = append(queue, n)
		}
	}
	for ; len(queue) > 0; queue = queue[1:] {
		n := queue[0]
		for _, m := range below[n] {
			c.nodes[m].layer = max(c.nodes[m].layer, c.nodes[n].layer+1)
			if waits[m]--; waits[m] == 0 {
				queue = append(queue, m)
			}
		}
	}
}

// bend puts a node into every layer that a link crosses.
func (c *chart) bend() {
	bends := map[[2]int]int{} // head and layer → node
	seen := map[[2]int]bool{}
	real := len(c.nodes)
	for i := range c.links {
		l := &c.links[i]
		upper, lower := l.ends()
		l.route = []int{upper}
		for layer := c.nodes[upper].layer + 1; layer < c.nodes[lower].layer; layer++ {
			key := [2]int{l.head, layer}
			b, ok := bends[key]
			if !ok {
				b = len(c.nodes)
				bends[key] = b
				c.nodes = append(c.nodes, node{w: bendWidth, layer: layer, bend: true})
			}
			l.route = append(l.route, b)
		}
		l.route = append(l.route, lower)
	}
	c.down, c.up = make([][]int, len(c.nodes)), make([][]int, len(c.nodes))
	c.lines = map[piece]*line{}
	for i := range c.links {
		for _, k := range c.links[i].pieces() {
			if !seen[[2]int{k.upper, k.lower}] {
				seen[[2]int{k.upper, k.lower}] = true
				c.down[k.upper] = append(c.down[k.upper], k.lower)
				c.up[k.lower] = append(c.up[k.lower], k.upper)
			}
			if c.lines[k] == nil {
				c.lines[k] = &line{}
			}
			c.lines[k].links = append(c.lines[k].links, i)
		}
	}
	c.fill(real)
}

// fill puts the nodes into their layers in the order in which a walk from the top meets them.
func (c *chart) fill(real int) {
	seen := make([]bool, len(c.nodes))
	var walk func(n int)
	walk = func(n int) {
		if seen[n] {
			return
		}
		seen[n] = true
		for len(c.layers) <= c.nodes[n].layer {
			c.layers = append(c.layers, nil)
		}
		c.layers[c.nodes[n].layer] = append(c.layers[c.nodes[n].layer], n)
		for _, m := range c.down[n] {
			walk(m)
		}
	}
	for n := range real {
		if len(c.up[n]) == 0 {
			walk(n)
		}
	}
	for n := range c.nodes {
		walk(n)
	}
}
