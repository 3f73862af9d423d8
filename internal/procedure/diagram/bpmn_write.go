package diagram

import (
	"fmt"
	"math"
	"strings"

	"luoshi/internal/procedure"
)

// clock says a clock in sentences: period, calendar, law.
func (m *model) clock(c *procedure.Clock) []string {
	doc := []string{limit(m.p, c, m.lang)}
	if _, ok := c.Period.ISO(); !ok && c.Until == "" {
		doc[0] += " · " + say(m.lang, "doc-cal", m.p.Calendar)
	}
	return append(doc, m.law(c.Basis)...)
}

func (m *model) law(b procedure.Basis) (doc []string) {
	if b.Law != "" {
		law := strings.TrimSpace(b.Law + " " + b.Article)
		if b.Status != procedure.StatusVerified {
			law = say(m.lang, "doc-tbc", law)
		}
		doc = append(doc, say(m.lang, "doc-law", law))
	}
	if len(b.Note) > 0 {
		doc = append(doc, b.Note.In(m.lang))
	}
	return doc
}

// about says what belongs to a step beside its name.
func (m *model) about(s *procedure.Step) []string {
	doc := []string{say(m.lang, "doc-by", m.p.WhoIn(s.By, m.lang))}
	if len(s.Help) > 0 {
		doc = append(doc, s.Help.In(m.lang))
	}
	if s.Guard != nil {
		doc = append(doc, say(m.lang, "condition")+" "+s.Guard.When)
	}
	for _, name := range s.Waits {
		if sub := m.p.Sub(name); sub != nil {
			doc = append(doc, say(m.lang, "waits", sub.Title.In(m.lang)))
		}
	}
	for _, t := range s.Tells {
		if sub := m.p.Sub(t.Sub); sub != nil {
			doc = append(doc, say(m.lang, "tells", sub.Title.In(m.lang)+" → "+t.Step))
		}
	}
	if s.Told {
		doc = append(doc, say(m.lang, "told"))
	}
	if len(s.Remedy) > 0 {
		doc = append(doc, say(m.lang, "doc-remedy", s.Remedy.In(m.lang)))
	}
	return doc
}

// timer is the definition of a timer event. ISO 8601 knows no working days, and of a day that is set later no length: then
// it has no duration.
func timer(id string, c *procedure.Clock) *element {
	duration, _ := c.Period.ISO()
	if c.Until != "" {
		duration = ""
	}
	return el("timerEventDefinition", "id", id+"_when").add(texted("timeDuration", duration, "xsi:type", "tFormalExpression"))
}

func (m *model) document() *element {
	about := []string{m.p.Summary.In(m.lang)}
	for _, b := range m.p.Basis {
		about = append(about, m.law(b)...)
	}
	process := el("process", "id", "process_"+m.p.ID, "name", m.p.Title.In(m.lang), "isExecutable", "false").add(m.documented(about))
	plane := el("bpmndi:BPMNPlane", "id", "plane", "bpmnElement", "process_"+m.p.ID)
	in, out := make([][]int, len(m.shapes)), make([][]int, len(m.shapes))
	for i, l := range m.chart.links {
		out[l.tail], in[l.head] = append(out[l.tail], i), append(in[l.head], i)
	}
	for i, s := range m.shapes {
		x, y := m.at(i)
		process.add(m.element(s, in[i], out[i]))
		plane.add(drawn(s.id, x, y, s.w, s.h, s.label))
		for j, l := range s.late {
			m.writeLate(process, plane, s, j, l, x-s.w/2+float64(j)*lateSpace+30, y+s.h/2)
		}
	}
	for i := range m.flows {
		process.add(m.flowElement(i))
		plane.add(m.edge(i))
	}
	return el("definitions", "id", "definitions_"+m.p.ID,
		"xmlns", "http://www.omg.org/spec/BPMN/20100524/MODEL", "xmlns:bpmndi", "http://www.omg.org/spec/BPMN/20100524/DI",
		"xmlns:dc", "http://www.omg.org/spec/DD/20100524/DC", "xmlns:di", "http://www.omg.org/spec/DD/20100524/DI",
		"xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance",
		"targetNamespace", "urn:luoshi:"+m.p.Key(), "exporter", "luoshi", "expressionLanguage", "https://cel.dev").
		add(process, el("bpmndi:BPMNDiagram", "id", "picture").add(plane))
}

func (m *model) documented(sentences []string) *element {
	return texted("documentation", strings.Join(sentences, "\n"))
}

// at is the centre of a shape: the chart lies on its side.
func (m *model) at(i int) (x, y float64) { return m.chart.nodes[i].y, m.chart.nodes[i].x }

func flowID(i int) string { return fmt.Sprintf("flow_%d", i+1) }

// element is a shape's part of the process.
func (m *model) element(s *shape, in, out []int) *element {
	e := el(s.kind, append([]string{"id", s.id}, s.attributes...)...)
	if s.name != "" {
		e.attributes = append(e.attributes, "name", s.name)
	}
	e.add(m.documented(s.doc))
	for _, i := range in {
		e.add(texted("incoming", flowID(i)))
	}
	for _, i := range out {
		e.add(texted("outgoing", flowID(i)))
	}
	for j, owner := range s.owners {
		e.add(el("potentialOwner", "id", fmt.Sprintf("%s_by_%d", s.id, j+1)).
			add(el("resourceAssignmentExpression").add(texted("formalExpression", owner))))
	}
	return e.add(s.definition)
}

func (m *model) flowElement(i int) *element {
	l := &m.chart.links[i]
	return el("sequenceFlow", "id", flowID(i), "sourceRef", m.shapes[l.tail].id, "targetRef", m.shapes[l.head].id).
		add(texted("conditionExpression", m.flows[i].condition, "xsi:type", "tFormalExpression"))
}

// writeLate writes a timer on a task's lower edge at x, y, which does not stop the task, and its end event.
func (m *model) writeLate(process, plane *element, s *shape, j int, l *lateBy, x, y float64) {
	id := fmt.Sprintf("late_%d_%s", j+1, s.id)
	process.add(
		el("boundaryEvent", "id", id, "attachedToRef", s.id, "cancelActivity", "false").
			add(m.documented(l.doc), texted("outgoing", id+"_flow"), timer(id, l.clock)),
		el("endEvent", "id", id+"_end").add(m.documented([]string{say(m.lang, "late")}), texted("incoming", id+"_flow")),
		el("sequenceFlow", "id", id+"_flow", "sourceRef", id, "targetRef", id+"_end"))
	below := y + eventSize*1.5 + 20
	plane.add(drawn(id, x, y, eventSize, eventSize, [2]float64{}), drawn(id+"_end", x, below, eventSize, eventSize, [2]float64{}),
		edgeOf(id+"_flow", [][2]float64{{x, y + eventSize/2}, {x, below - eventSize/2}}))
}

// drawn is the picture of a shape with its centre at x, y.
func drawn(id string, x, y, w, h float64, label [2]float64) *element {
	e := el("bpmndi:BPMNShape", "id", id+"_di", "bpmnElement", id).add(bounds(x-w/2, y-h/2, w, h))
	if label[0] > 0 {
		e.add(el("bpmndi:BPMNLabel").add(bounds(x-label[0]/2, y+h/2+4, label[0], label[1])))
	}
	return e
}

func bounds(x, y, w, h float64) *element {
	return el("dc:Bounds", "x", num(x), "y", num(y), "width", num(w), "height", num(h))
}

// edge is the picture of a flow, from border to border.
func (m *model) edge(i int) *element {
	l := &m.chart.links[i]
	upper, lower := l.ends()
	var points [][2]float64
	for _, k := range l.pieces() {
		piece := m.chart.lines[k]
		left, right := m.chart.floor(m.chart.nodes[k.upper].layer), m.chart.ceiling(m.chart.nodes[k.lower].layer)
		if k.upper == upper {
			points = append(points, [2]float64{m.border(upper, piece.top, 1), piece.top})
		}
		points = append(points, [2]float64{left, piece.top}, [2]float64{right, piece.bottom})
		if k.lower == lower {
			points = append(points, [2]float64{m.border(lower, piece.bottom, -1), piece.bottom})
		}
	}
	if l.back {
		for a, b := 0, len(points)-1; a < b; a, b = a+1, b-1 {
			points[a], points[b] = points[b], points[a]
		}
	}
	return edgeOf(flowID(i), points)
}

// border is where a line at height y meets a shape: on its right (side 1) or left (side -1).
func (m *model) border(i int, y, side float64) float64 {
	s := m.shapes[i]
	x, middle := m.at(i)
	off, half := math.Abs(y-middle), s.w/2
	switch s.w {
	case gatewaySize:
		half -= off
	case eventSize:
		half = math.Sqrt(max(0, half*half-off*off))
	}
	return x + side*half
}

func edgeOf(id string, points [][2]float64) *element {
	e := el("bpmndi:BPMNEdge", "id", id+"_di", "bpmnElement", id)
	for i, p := range points {
		if i == 0 || p != points[i-1] {
			e.add(el("di:waypoint", "x", num(p[0]), "y", num(p[1])))
		}
	}
	return e
}
