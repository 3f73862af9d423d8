package diagram

import (
	"fmt"
	"slices"
	"strings"

	"luoshi/internal/procedure"
)

// Sizes in the picture's own unit, a pixel where it is shown in full size.
const (
	titleSize = 15
	stepSize  = 13.5
	smallSize = 12.5

	stateWidth = 190 // of the text in a box, at most
	stepWidth  = 160 // of the text of a step, at most
	padding    = 10
	iconSpace  = 18
)

// textLine is one line of text in a box or beside an arrow.
type textLine struct {
	text  string
	size  float64
	bold  bool
	soft  bool
	icon  string // stay, clock, sub or empty
	hang  bool   // goes on from the line before, under its text
	extra float64
	class string
}

func (l textLine) height() float64 { return l.size*1.35 + l.extra }

// indented tells whether room is left for an icon.
func (l textLine) indented() bool { return l.icon != "" || l.hang }

func (l textLine) width() float64 {
	w := breadth(l.text, l.size, l.bold)
	if l.indented() {
		w += iconSpace
	}
	return w
}

// figure is a state, the start, or the text of one or more arrows between the same states.
type figure struct {
	state   *procedure.State // nil: not a state
	arrows  []*arrow
	opening bool
	lines   []textLine
	dashed  bool
	on      bool // on the path
	now     bool // the matter stands here
}

func (f *figure) size() (w, h float64) {
	for _, l := range f.lines {
		w = max(w, l.width())
		h += l.height()
	}
	return w, h
}

// picture is a procedure laid out for reading.
type picture struct {
	p       *procedure.Procedure
	o       Options
	figures []figure // the nodes of the chart, in the same order
	chart   chart
	runs    map[*procedure.Clock]map[string]bool
	onLinks map[int]bool
	moves   map[string][]string // "from event" → numbers on the path
}

// lay makes the picture of a procedure.
func lay(p *procedure.Procedure, o Options) *picture {
	d := &picture{p: p, o: o, runs: p.Running(), onLinks: map[int]bool{}}
	d.number()
	all := arrows(p, d.runs)
	at := map[string]int{} // state → figure
	d.figures = append(d.figures, d.start())
	states := statesOf(p)
	for i := range states {
		at[states[i].Name] = len(d.figures)
		d.figures = append(d.figures, d.stateFigure(&states[i], all))
	}
	d.link(0, at[p.Open.To], false, len(o.Path) > 0)
	for _, group := range grouped(all) {
		d.stepFigure(group, at)
	}
	d.chart.gap, d.chart.apart = 30, 24
	for i := range d.figures {
		f := &d.figures[i]
		w, h := f.size()
		n := node{w: w + 8, h: h + 6}
		if f.state != nil || f.opening {
			n = node{w: w + 2*padding, h: h + 2*padding, room: w/2 + padding - 14}
		}
		d.chart.nodes = append(d.chart.nodes, n)
	}
	d.chart.arrange()
	return d
}

// number counts the moves of the path, by where each begins.
func (d *picture) number() {
	d.moves = map[string][]string{}
	from := ""
	for i, m := range d.o.Path {
		d.moves[from+" "+m.Event] = append(d.moves[from+" "+m.Event], fmt.Sprint(i+1))
		from = m.State
	}
}

// numbers are those of an arrow on the path, "2, 5. ", or empty.
func (d *picture) numbers(a *arrow, from ...string) string {
	var all []string
	for _, f := range from {
		all = append(all, d.moves[f+" "+a.event]...)
	}
	if len(all) == 0 {
		return ""
	}
	return strings.Join(all, ", ") + ". "
}

func (d *picture) link(tail, head int, back, on bool) {
	if on {
		d.onLinks[len(d.chart.links)] = true
	}
	d.chart.links = append(d.chart.links, link{tail: tail, head: head, back: back})
}

func (d *picture) start() figure {
	f := figure{opening: true, on: len(d.o.Path) > 0}
	number := d.numbers(&arrow{event: procedure.EventOpen}, "")
	f.add(number+say(d.o.Lang, "start"), textLine{size: stepSize, bold: true}, stateWidth)
	f.addParts(names(d.p.OpenersIn(d.o.Lang)), textLine{size: smallSize, soft: true}, stateWidth)
	return f
}

// add puts a text into the figure, in as many lines as it needs.
func (f *figure) add(text string, like textLine, most float64) {
	f.addParts(pieces(text), like, most)
}

// addParts does so with a text cut where a line may end.
func (f *figure) addParts(parts []string, like textLine, most float64) {
	if like.icon != "" {
		most -= iconSpace
	}
	for i, s := range fitted(parts, like.size, like.bold, most) {
		l := like
		l.text = s
		if i > 0 {
			l.icon, l.hang, l.extra = "", like.icon != "", 0
		}
		f.lines = append(f.lines, l)
	}
}

func (d *picture) stateFigure(s *procedure.State, all []arrow) figure {
	f := figure{state: s, now: s.Name == d.o.State}
	f.on = slices.ContainsFunc(d.o.Path, func(m procedure.Move) bool { return m.State == s.Name })
	f.add(s.Title.In(d.o.Lang), textLine{size: titleSize, bold: true}, stateWidth)
	if f.now {
		f.add(say(d.o.Lang, "here"), textLine{size: smallSize, bold: true, class: "luoshi-here"}, stateWidth)
	}
	if s.End {
		f.add(say(d.o.Lang, "end"), textLine{size: smallSize, soft: true}, stateWidth)
	}
	space := 6.0
	for i := range d.p.Clocks {
		c := &d.p.Clocks[i]
		if !d.runs[c][s.Name] {
			continue
		}
		parts := limitParts(d.p, c, d.o.Lang)
		if d.p.Suspended(c, s.Name) {
			parts = append(parts, " ", say(d.o.Lang, "suspended"))
		}
		f.addParts(parts, textLine{size: smallSize, icon: "clock", extra: space}, stateWidth)
		space = 0
	}
	space = 6
	for i := range all {
		if a := &all[i]; a.stays && slices.Contains(a.from, s.Name) {
			numbers := d.numbers(a, s.Name)
			parts := append(pieces(numbers+a.title(d.o.Lang)+" · "), names(a.who(d.p, d.o.Lang))...)
			if a.step.Guard != nil {
				parts = append(parts, " · ", say(d.o.Lang, "condition"))
			}
			for _, said := range d.subRemarks(a) {
				parts = append(append(parts, " · "), pieces(said)...)
			}
			f.addParts(parts, textLine{size: smallSize, icon: a.icon(), extra: space, bold: numbers != ""}, stateWidth)
			space = 0
		}
	}
	return f
}

// limit names a clock with its period.
func limit(p *procedure.Procedure, c *procedure.Clock, lang string) string {
	return say(lang, "limit", c.Title.In(lang), c.Length(p, &c.Rule, lang))
}

// limitParts cuts it where a line may end: not within the period.
func limitParts(p *procedure.Procedure, c *procedure.Clock, lang string) []string {
	all, period := limit(p, c, lang), c.Length(p, &c.Rule, lang)
	if c.Until != "" {
		return pieces(all)
	}
	return append(pieces(strings.TrimSuffix(all, period)), period)
}

// icon marks a step that leaves the state as it is.
func (a *arrow) icon() string {
	if a.step.Opens != nil {
		return "sub"
	}
	return "stay"
}

// title is what happens.
func (a *arrow) title(lang string) string {
	title := a.step.Title.In(lang)
	switch {
	case a.clock != nil:
		return say(lang, "lapse", title)
	case a.sub != nil:
		return say(lang, "ended-do", a.sub.Title.In(lang), title)
	}
	return title
}

// who says who may take the step.
func (a *arrow) who(p *procedure.Procedure, lang string) string {
	if a.clock != nil || a.sub != nil {
		return procedure.Who{Relation: procedure.RelationSystem}.In(p, lang)
	}
	return p.WhoIn(a.step.By, lang)
}

// grouped gathers the arrows that leave a state and have the same ends.
func grouped(all []arrow) [][]*arrow {
	var groups [][]*arrow
	index := map[string]int{}
	for i := range all {
		a := &all[i]
		if a.stays {
			continue
		}
		key := fmt.Sprint(a.from, a.to, a.back, a.clock != nil || a.sub != nil)
		at, ok := index[key]
		if !ok {
			at = len(groups)
			index[key] = at
			groups = append(groups, nil)
		}
		groups[at] = append(groups[at], a)
	}
	return groups
}

// stepFigure adds the text of arrows with the same ends and links it.
func (d *picture) stepFigure(group []*arrow, at map[string]int) {
	lang, me := d.o.Lang, len(d.figures)
	f := figure{arrows: group, dashed: group[0].clock != nil || group[0].sub != nil}
	for i, a := range group {
		numbers := d.numbers(a, a.from...)
		f.on = f.on || numbers != ""
		space := 0.0
		if i > 0 {
			space = 5
		}
		f.add(numbers+a.title(lang), textLine{size: stepSize, bold: true, extra: space, class: "luoshi-step"}, stepWidth)
		if a.clock != nil {
			f.addParts(limitParts(d.p, a.clock, lang), textLine{size: smallSize, icon: "clock"}, stepWidth)
		}
		f.addParts(names(a.who(d.p, lang)), textLine{size: smallSize, soft: true}, stepWidth)
		d.remarks(&f, a)
	}
	d.figures = append(d.figures, f)
	for _, from := range group[0].from {
		on := slices.ContainsFunc(group, func(a *arrow) bool { return d.numbers(a, from) != "" })
		d.link(at[from], me, group[0].back, on)
	}
	d.link(me, at[group[0].to], group[0].back, f.on)
}

// remarks say what else belongs to a step: its condition, and sub-matters.
func (d *picture) remarks(f *figure, a *arrow) {
	if a.step.Guard != nil {
		f.add(say(d.o.Lang, "condition"), textLine{size: smallSize, soft: true}, stepWidth)
	}
	for _, said := range d.subRemarks(a) {
		f.add(said, textLine{size: smallSize, icon: "sub"}, stepWidth)
	}
}

// subRemarks say which sub-matter a step opens, for which it waits and which it tells of it, and that it is told itself.
func (d *picture) subRemarks(a *arrow) []string {
	lang := d.o.Lang
	sub := func(name string) string {
		if s := d.p.Sub(name); s != nil {
			return s.Title.In(lang)
		}
		return name
	}
	var said []string
	if a.step.Opens != nil {
		said = append(said, say(lang, "opens", sub(a.step.Opens.Sub)))
	}
	for _, name := range a.step.Waits {
		said = append(said, say(lang, "waits", sub(name)))
	}
	for i := range a.step.Tells {
		said = append(said, say(lang, "tells", sub(a.step.Tells[i].Sub)))
	}
	if a.step.Told {
		said = append(said, say(lang, "told"))
	}
	return said
}
