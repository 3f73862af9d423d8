package diagram

import (
	"bytes"
	"fmt"
	"math"
	"strings"

	"luoshi/internal/procedure"
)

// Options says how a procedure is drawn.
type Options struct {
	Lang  string           // zh or en
	State string           // where a matter stands now; empty: nowhere
	Path  []procedure.Move // a way through the procedure to mark, from "open" on
}

// margin is around the picture.
const margin = 16

// SVG draws a procedure as an SVG image. States are boxes, ends have a double border, steps stand on their
// arrows with who may take them; steps that leave the state stand in its box, as do the clocks that can run
// there. What the system does when a time is up is dashed. Colours are presentation attributes, so that the
// image can stand alone; each has a class by which a page can give its own. There is neither script nor style.
func SVG(p *procedure.Procedure, o Options) []byte {
	d := lay(p, o)
	s := &sheet{}
	for i := range d.chart.nodes {
		s.cover(&d.chart.nodes[i])
	}
	s.legendAt = s.bottom + 26
	legend := d.legend(s.right - s.left)
	s.right = max(s.right, s.left+legend.width)
	w, h := s.right-s.left+2*margin, s.legendAt+legend.height-s.top+2*margin
	s.printf(`<svg xmlns="http://www.w3.org/2000/svg" class="luoshi-diagram" viewBox="%s %s %s %s" width="%s" height="%s" role="img" aria-labelledby="luoshi-diagram-title luoshi-diagram-desc" lang="%s" color="#1d1b19" font-family="system-ui, 'PingFang SC', 'Noto Sans CJK SC', 'Microsoft YaHei', sans-serif">`+"\n",
		num(s.left-margin), num(s.top-margin), num(w), num(h), num(w), num(h), escaped(o.Lang))
	s.printf("<title id=\"luoshi-diagram-title\">%s</title>\n", escaped(say(o.Lang, "title", p.Title.In(o.Lang))))
	s.printf("<desc id=\"luoshi-diagram-desc\">%s</desc>\n", escaped(say(o.Lang, "desc", len(p.States), len(p.Steps), len(p.Clocks))))
	s.printf("<rect class=\"luoshi-paper\" x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\" fill=\"#ffffff\"/>\n", num(s.left-margin), num(s.top-margin), num(w), num(h))
	d.drawLines(s)
	for i := range d.figures {
		d.drawFigure(s, i)
	}
	legend.draw(s)
	s.printf("</svg>\n")
	return s.Bytes()
}

// sheet is the image as it is written.
type sheet struct {
	bytes.Buffer
	left, right, top, bottom float64
	legendAt                 float64
	begun                    bool
}

func (s *sheet) printf(format string, args ...any) { fmt.Fprintf(&s.Buffer, format, args...) }

// cover makes the sheet large enough for a node.
func (s *sheet) cover(n *node) {
	if !s.begun {
		s.begun = true
		s.left, s.right, s.top, s.bottom = n.x, n.x, n.y, n.y
	}
	s.left, s.right = min(s.left, n.x-n.w/2), max(s.right, n.x+n.w/2)
	s.top, s.bottom = min(s.top, n.y-n.h/2), max(s.bottom, n.y+n.h/2)
}

// num writes a length with one decimal at most.
func num(x float64) string {
	return strings.TrimSuffix(fmt.Sprintf("%.1f", math.Round(x*10)/10), ".0")
}

// drawLines draws the links, each piece once, and the heads of the arrows.
func (d *picture) drawLines(s *sheet) {
	var heads []string
	done := map[piece]bool{}
	for _, on := range []bool{false, true} { // those of the path lie above the others
		for i := range d.chart.links {
			for _, k := range d.chart.links[i].pieces() {
				if lit, _ := d.look(d.chart.lines[k]); lit == on && !done[k] {
					done[k] = true
					d.drawLine(s, k, d.chart.lines[k])
				}
			}
			if head := d.head(i); head != "" && d.onLinks[i] == on {
				heads = append(heads, head)
			}
		}
	}
	for _, head := range heads {
		s.printf("%s\n", head)
	}
}

// look tells whether a piece lies on the path, and whether only the system goes there.
func (d *picture) look(l *line) (on, dashed bool) {
	dashed = true
	for _, i := range l.links {
		on = on || d.onLinks[i]
		ends := &d.chart.links[i]
		dashed = dashed && (d.figures[ends.tail].dashed || d.figures[ends.head].dashed)
	}
	return on, dashed
}

func (d *picture) drawLine(s *sheet, k piece, l *line) {
	upper, lower := &d.chart.nodes[k.upper], &d.chart.nodes[k.lower]
	y1, y2 := upper.y+upper.h/2, lower.y-lower.h/2
	turn1, turn2 := d.chart.floor(upper.layer), d.chart.ceiling(lower.layer)
	on, dashed := d.look(l)
	class, stroke, extra := "luoshi-line", `stroke="#6b645b" stroke-width="1.4"`, ""
	if on {
		class, stroke = "luoshi-line luoshi-on", `stroke="#9a231b" stroke-width="3.2"`
	}
	if dashed {
		extra = ` stroke-dasharray="6 4"`
	}
	path := fmt.Sprintf("M%s %s", num(l.top), num(y1))
	if upper.bend {
		path = fmt.Sprintf("M%s %s", num(l.top), num(upper.y-upper.h/2))
	}
	path += fmt.Sprintf("V%s", num(turn1))
	if l.top != l.bottom {
		middle := (turn1 + turn2) / 2
		path += fmt.Sprintf("C%s %s %s %s %s %s", num(l.top), num(middle), num(l.bottom), num(middle), num(l.bottom), num(turn2))
	}
	path += fmt.Sprintf("V%s", num(y2))
	s.printf("<path class=\"%s\" d=\"%s\" fill=\"none\" %s%s/>\n", class, path, stroke, extra)
}

// head is the point of an arrow into a state; arrows into a text have none.
func (d *picture) head(i int) string {
	l := &d.chart.links[i]
	if d.figures[l.head].state == nil {
		return ""
	}
	n := &d.chart.nodes[l.head]
	pieces := l.pieces()
	x, y, up := d.chart.lines[pieces[len(pieces)-1]].bottom, n.y-n.h/2, -1.0
	if l.back {
		x, y, up = d.chart.lines[pieces[0]].top, n.y+n.h/2, 1.0
	}
	class, fill, size := "luoshi-head", "#6b645b", 1.0
	if d.onLinks[i] {
		class, fill, size = "luoshi-head luoshi-on", "#9a231b", 1.4
	}
	return fmt.Sprintf(`<path class="%s" d="M%s %sl%s %sh%sz" fill="%s"/>`, class, num(x), num(y), num(-4.5*size), num(9*size*up), num(9*size), fill)
}
