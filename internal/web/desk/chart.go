package desk

import (
	"strconv"
	"strings"
)

// chart is a drawing of numbers over time, as the template overview writes it into an SVG of chartWidth by chartHeight
// units. Which series a mark belongs to is told by its shape and by the dashes of its line, and not by colour alone.
type chart struct {
	ID, Title, Desc string
	Grid            []gridLine
	Ticks           []tick
	Lines           []line
	Bars            []bar
	Legend          []legend
}

type gridLine struct{ Y, Label string }

type tick struct {
	X, Label, Year string // Year is empty but where one begins
	Other          bool   // every other one, which a narrow screen leaves out
}

// line joins one point for each period.
type line struct {
	Kind   string // class of its colour, dashes and shape
	Points string
	Marks  []mark
}

type mark struct {
	X, Y   string
	Square bool
	Hollow bool // the period is not over
}

type bar struct {
	X, Y, Width, Height string
	Hollow              bool
}

type legend struct {
	Kind, Text string
	Square     bool
}

// Measures of a chart, in the units of its viewBox.
const (
	chartWidth  = 400
	chartHeight = 196
	plotLeft    = 44
	plotRight   = 394
	plotTop     = 26
	plotBottom  = 158
	tickWidth   = 24 // of the name of a month
)

// manyPeriods are too many for each to have a mark of its own.
const manyPeriods = 20

// scale turns numbers into places on the drawing.
type scale struct {
	periods int
	top     int64
}

func newScale(periods int, numbers ...[]int64) scale {
	top := int64(1)
	for _, list := range numbers {
		for _, n := range list {
			top = max(top, n)
		}
	}
	return scale{periods, rounded(top)}
}

// rounded is the next number above that the eye can halve: 1, 2, 4, 6 or 8 of its highest decimal place.
func rounded(n int64) int64 {
	unit := int64(1)
	for unit*10 <= n {
		unit *= 10
	}
	for _, k := range []int64{1, 2, 4, 6, 8} {
		if k*unit >= n {
			return k * unit
		}
	}
	return 10 * unit
}

func (s scale) step() float64 { return float64(plotRight-plotLeft) / float64(s.periods) }

// x is the middle of a period.
func (s scale) x(i int) float64 { return plotLeft + (float64(i)+0.5)*s.step() }

func (s scale) y(n int64) float64 {
	return plotBottom - float64(n)/float64(s.top)*(plotBottom-plotTop)
}

// place writes a coordinate.
func place(v float64) string { return strconv.FormatFloat(v, 'f', 1, 64) }

// grid is drawn at nothing, half and the top; a top of one has no half.
func (s scale) grid(number func(int64) string) []gridLine {
	at := []int64{0, s.top / 2, s.top}
	if s.top == 1 {
		at = []int64{0, 1}
	}
	var lines []gridLine
	for _, n := range at {
		lines = append(lines, gridLine{place(s.y(n)), number(n)})
	}
	return lines
}

func (s scale) line(kind string, square bool, numbers []int64) line {
	l := line{Kind: kind}
	var points []string
	for i, n := range numbers {
		x, y := place(s.x(i)), place(s.y(n))
		points = append(points, x+","+y)
		if last := i == len(numbers)-1; last || s.periods <= manyPeriods {
			l.Marks = append(l.Marks, mark{x, y, square, last})
		}
	}
	l.Points = strings.Join(points, " ")
	return l
}

func (s scale) bars(numbers []int64) []bar {
	width := s.step() * 0.62
	var bars []bar
	for i, n := range numbers {
		if n > 0 {
			bars = append(bars, bar{place(s.x(i) - width/2), place(s.y(n)), place(width), place(plotBottom - s.y(n)), i == len(numbers)-1})
		}
	}
	return bars
}
