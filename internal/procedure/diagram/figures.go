package diagram

import "fmt"

// drawFigure draws a state or the text of an arrow.
func (d *picture) drawFigure(s *sheet, i int) {
	f, n := &d.figures[i], &d.chart.nodes[i]
	left, top := n.x-n.w/2, n.y-n.h/2
	class := "luoshi-arrow"
	switch {
	case f.state != nil:
		class = "luoshi-state"
		if f.state.End {
			class += " luoshi-end"
		}
		s.printf("<g class=\"%s%s\" id=\"luoshi-state-%s\">\n", class, f.marks(), escaped(f.state.Name))
		f.drawBox(s, left, top, n.w, n.h)
	case f.opening:
		s.printf("<g class=\"luoshi-start%s\">\n", f.marks())
		s.printf("<rect class=\"luoshi-pill\" x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\" rx=\"20\" fill=\"none\" stroke=\"#857d72\" stroke-width=\"1.2\"/>\n", num(left), num(top), num(n.w), num(n.h))
	default:
		s.printf("<g class=\"%s%s\">\n", class, f.marks())
	}
	_, height := f.size()
	f.drawText(s, left, n.y-height/2, n.w)
	s.printf("</g>\n")
}

func (f *figure) marks() (class string) {
	if f.on {
		class += " luoshi-on"
	}
	if f.now {
		class += " luoshi-now"
	}
	return class
}

// drawBox draws the border of a state: double for an end, thick where the matter stands or the path leads.
func (f *figure) drawBox(s *sheet, x, y, w, h float64) {
	stroke, width := "#857d72", 1.4
	if f.on || f.now {
		stroke, width = "#9a231b", 3
	}
	fill := "#fbfaf8"
	if f.now {
		fill = "#f6ece9"
	}
	s.printf("<rect class=\"luoshi-box\" x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\" rx=\"8\" fill=\"%s\" stroke=\"%s\" stroke-width=\"%s\"/>\n",
		num(x), num(y), num(w), num(h), fill, stroke, num(width))
	if f.state.End {
		s.printf("<rect class=\"luoshi-inner\" x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\" rx=\"5\" fill=\"none\" stroke=\"%s\" stroke-width=\"1.4\"/>\n",
			num(x+4), num(y+4), num(w-8), num(h-8), stroke)
	}
}

// drawText writes the lines: those with an icon from the left, the others in the middle.
func (f *figure) drawText(s *sheet, x, y, w float64) {
	for _, l := range f.lines {
		y += l.height()
		base := y - l.size*0.38
		at, anchor := x+w/2, ` text-anchor="middle"`
		if l.indented() && f.state != nil {
			at, anchor = x+padding+iconSpace, ""
		} else if l.indented() {
			at, anchor = x+(w-l.width())/2+iconSpace, ""
		}
		if l.icon != "" {
			drawIcon(s, l.icon, at-iconSpace, base)
		}
		s.printf("<text class=\"%s\" x=\"%s\" y=\"%s\"%s font-size=\"%s\"%s fill=\"%s\">%s</text>\n",
			l.classes(), num(at), num(base), anchor, num(l.size), l.weight(), l.fill(), escaped(l.text))
	}
}

func (l textLine) classes() string {
	class := "luoshi-text"
	if l.soft {
		class = "luoshi-soft"
	}
	if l.class != "" {
		class += " " + l.class
	}
	return class
}

func (l textLine) weight() string {
	if l.bold {
		return ` font-weight="600"`
	}
	return ""
}

func (l textLine) fill() string {
	switch {
	case l.class == "luoshi-here":
		return "#9a231b"
	case l.soft:
		return "#5a554f"
	}
	return "currentColor"
}

// drawIcon draws a mark of 12 units beside a text whose base line is at y.
func drawIcon(s *sheet, icon string, x, y float64) {
	cx, cy := x+6, y-4.5
	shape := ""
	switch icon {
	case "clock":
		shape = fmt.Sprintf("M%s %sa5.5 5.5 0 1 0 11 0a5.5 5.5 0 1 0 -11 0M%s %sv3.5h2.6", num(cx-5.5), num(cy), num(cx), num(cy-3.5))
	case "stay":
		shape = fmt.Sprintf("M%s %sa4.8 4.8 0 1 1 -2.2 -3.4m.2 -3.2v3.4h-3.4", num(cx+4.8), num(cy+.6))
	case "sub":
		shape = fmt.Sprintf("M%s %sh11v11h-11zM%s %sv6m-3 -3h6", num(cx-5.5), num(cy-5.5), num(cx), num(cy-3))
	}
	s.printf("<path class=\"luoshi-icon\" d=\"%s\" fill=\"none\" stroke=\"#5a554f\" stroke-width=\"1.3\"/>\n", shape)
}
