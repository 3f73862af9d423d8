package diagram

import "fmt"

// legend explains the signs of a picture below it, only those that are used.
type legend struct {
	rows          [][]sign
	width, height float64
}

// sign is one entry: a mark of 30 units and its words.
type sign struct {
	mark, words string
}

const (
	signMark = 36
	signGap  = 20
	signRow  = 24
)

func (s sign) width() float64 { return signMark + breadth(s.words, smallSize, false) + signGap }

func (d *picture) legend(most float64) *legend {
	used := map[string]bool{"state": true}
	for i := range d.figures {
		f := &d.figures[i]
		used["end"] = used["end"] || f.state != nil && f.state.End
		used["lapse"] = used["lapse"] || f.dashed
		for _, l := range f.lines {
			used[l.icon] = true
		}
	}
	g := &legend{}
	x := 0.0
	for _, mark := range []string{"state", "end", "lapse", "clock", "stay", "sub"} {
		if !used[mark] {
			continue
		}
		s := sign{mark, say(d.o.Lang, "key-"+mark)}
		if len(g.rows) == 0 || x+s.width() > max(most, 300) {
			g.rows, x = append(g.rows, nil), 0
		}
		g.rows[len(g.rows)-1] = append(g.rows[len(g.rows)-1], s)
		x += s.width()
		g.width = max(g.width, x)
	}
	g.height = float64(len(g.rows)) * signRow
	return g
}

func (g *legend) draw(s *sheet) {
	s.printf("<g class=\"luoshi-legend\">\n")
	for i, row := range g.rows {
		x, y := s.left, s.legendAt+float64(i)*signRow+16
		for _, sign := range row {
			sign.draw(s, x, y)
			x += sign.width()
		}
	}
	s.printf("</g>\n")
}

func (m sign) draw(s *sheet, x, y float64) {
	box := func(x, y, w, h, r float64, class string) {
		s.printf("<rect class=\"%s\" x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\" rx=\"%s\" fill=\"none\" stroke=\"#857d72\" stroke-width=\"1.4\"/>\n",
			class, num(x), num(y), num(w), num(h), num(r))
	}
	switch m.mark {
	case "state":
		box(x, y-12, 28, 15, 4, "luoshi-inner")
	case "end":
		box(x, y-12, 28, 15, 4, "luoshi-inner")
		box(x+3, y-9, 22, 9, 2, "luoshi-inner")
	case "lapse":
		s.printf("<path class=\"luoshi-line\" d=\"%s\" fill=\"none\" stroke=\"#6b645b\" stroke-width=\"1.4\" stroke-dasharray=\"6 4\"/>\n", fmt.Sprintf("M%s %sh28", num(x), num(y-4)))
	default:
		drawIcon(s, m.mark, x+8, y)
	}
	l := textLine{text: m.words, size: smallSize, soft: true}
	s.printf("<text class=\"%s\" x=\"%s\" y=\"%s\" font-size=\"%s\" fill=\"%s\">%s</text>\n", l.classes(), num(x+signMark), num(y), num(l.size), l.fill(), escaped(m.words))
}
