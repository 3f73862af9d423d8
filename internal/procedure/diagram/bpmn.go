package diagram

import (
	"bytes"
	"slices"

	"luoshi/internal/procedure"
)

// BPMN writes a procedure as a process of BPMN 2.0 (OMG formal/2011-01-03, ISO/IEC 19510) with its picture.
//
// A state that is no end becomes the gateway at which the next step is chosen: an exclusive one, or an
// event-based one where a time that runs out competes. A step becomes a user task (a service task when the
// system takes it, a receive task right after an event-based gateway, as the standard asks), a state that ends a
// matter an end event, as is going on in another procedure, and a sub-matter a call activity that goes on beside. A clock with a consequence becomes
// a timer event; one that only makes late becomes a timer on the task that stops it. Periods in working days
// have no form in ISO 8601; the timer then has words alone. Who acts stands in the names and as potential
// owners; there are no lanes, because one step can be open to several.
func BPMN(p *procedure.Procedure, lang string) ([]byte, error) {
	m := newModel(p, lang)
	m.chart.arrange()
	var b bytes.Buffer
	b.WriteString(`<?xml version="1.0" encoding="UTF-8"?>` + "\n")
	m.document().write(&b, 0)
	return b.Bytes(), nil
}

// shape is a node of the process; its place is that of the chart's node of the same index.
type shape struct {
	id, kind, name string
	attributes     []string
	doc            []string   // sentences of the documentation
	owners         []string   // who may take it
	definition     *element   // of an event
	late           []*lateBy  // timers on a task
	w, h           float64    // as drawn, without its label
	label          [2]float64 // size of a label below; zero: none
}

// lateBy is a timer on the lower edge of a task, and the end event to which it leads.
type lateBy struct {
	clock *procedure.Clock
	doc   []string
}

// flow is a sequence flow, the link of the chart of the same index.
type flow struct{ condition string }

// model is a process in the making.
type model struct {
	p        *procedure.Procedure
	lang     string
	shapes   []*shape
	flows    []flow
	chart    chart
	runs     map[*procedure.Clock]map[string]bool
	states   map[string]int
	awaiting map[string]bool // states whose gateway waits for an event
}

const (
	eventSize   = 36
	gatewaySize = 50
	taskWidth   = 140
	taskHeight  = 80
	lateSpace   = 50 // from one timer on a task to the next
	labelSize   = 11
	labelWidth  = 110
)

func newModel(p *procedure.Procedure, lang string) *model {
	m := &model{p: p, lang: lang, runs: p.Running(), states: map[string]int{}, awaiting: map[string]bool{}}
	m.chart.gap, m.chart.apart = 50, 24
	all := arrows(p, m.runs)
	for _, a := range all {
		if a.clock != nil || a.sub != nil {
			for _, f := range a.from {
				m.awaiting[f] = true
			}
		}
	}
	start := m.add(&shape{id: "start", kind: "startEvent", name: say(lang, "start"), w: eventSize, h: eventSize,
		doc: []string{say(lang, "doc-by", p.OpenersIn(lang))}})
	states := statesOf(p)
	for i := range states {
		m.state(&states[i])
	}
	m.flow(start, m.states[p.Open.To], false, "")
	for i := range all {
		m.arrow(&all[i])
	}
	return m
}

// add takes a shape in and keeps room for it in the chart, which is turned: layers go from left to right.
func (m *model) add(s *shape) int {
	high, wide, room := s.h, s.w, s.h/2-12.0
	switch s.kind {
	case "startEvent", "endEvent", "intermediateCatchEvent", "exclusiveGateway", "eventBasedGateway":
		lines := wrapped(s.name, labelSize, false, labelWidth)
		s.label = [2]float64{labelWidth, float64(len(lines)) * labelSize * 1.3}
		high, wide = high+2*s.label[1]+8, max(wide, labelWidth)
		if room = 0; s.h == gatewaySize {
			room = 14
		}
	}
	if len(s.late) > 0 {
		high += 2 * (eventSize*2 + 20)
	}
	m.shapes = append(m.shapes, s)
	m.chart.nodes = append(m.chart.nodes, node{w: high, h: wide, room: room})
	return len(m.shapes) - 1
}

func (m *model) flow(from, to int, back bool, condition string) {
	m.flows = append(m.flows, flow{condition})
	m.chart.links = append(m.chart.links, link{tail: from, head: to, back: back})
}

func (m *model) state(st *procedure.State) {
	s := &shape{id: "state_" + st.Name, kind: "exclusiveGateway", name: st.Title.In(m.lang), w: gatewaySize, h: gatewaySize,
		doc: []string{st.Public.In(m.lang)}}
	switch {
	case st.End:
		s.kind, s.w, s.h = "endEvent", eventSize, eventSize
	case m.awaiting[st.Name]:
		s.kind = "eventBasedGateway"
	}
	for i := range m.p.Clocks {
		if c := &m.p.Clocks[i]; m.runs[c][st.Name] {
			s.doc = append(s.doc, m.clock(c)...)
		}
	}
	m.states[st.Name] = m.add(s)
}

// arrow adds what stands for one arrow. Who waits at an event-based gateway gets a task of their own there,
// because the standard allows no other way into it.
func (m *model) arrow(a *arrow) {
	var shared []string
	for _, from := range a.from {
		switch {
		case a.clock != nil || a.sub != nil, !m.awaiting[from] && !a.stays:
			shared = append(shared, from)
		case m.awaiting[from]:
			m.task(a, []string{from}, "receiveTask", "_"+from)
		default:
			m.task(a, []string{from}, taskKind(a), "_"+from)
		}
	}
	switch {
	case len(shared) == 0:
	case a.stays: // the system acts and the state remains: each state has its own
		for _, from := range shared {
			m.task(a, []string{from}, taskKind(a), "_"+from)
		}
	default:
		suffix := ""
		if a.back {
			suffix = "_back"
		}
		m.task(a, shared, taskKind(a), suffix)
	}
}

func taskKind(a *arrow) string {
	if a.system() {
		return "serviceTask"
	}
	return "userTask"
}

// task adds a task with its flows from the states' gateways, through an event where one must happen first.
func (m *model) task(a *arrow, from []string, kind, suffix string) {
	id := "step_" + a.step.Name
	switch {
	case a.clock != nil:
		id = "lapse_" + a.clock.Name
	case a.sub != nil:
		id = "ended_" + a.sub.Name
	}
	s := &shape{id: id + suffix, kind: kind, name: a.step.Title.In(m.lang), w: taskWidth, h: taskHeight, doc: m.about(a.step)}
	if a.clock == nil && a.sub == nil {
		s.name += "\n" + m.p.WhoIn(a.step.By, m.lang)
		for _, w := range a.step.By {
			s.owners = append(s.owners, w.In(m.p, m.lang))
		}
	}
	if kind != "receiveTask" {
		s.late = m.lateBy(a, from)
		s.w = max(s.w, float64(len(s.late))*lateSpace+20)
	}
	task := m.add(s)
	condition := ""
	if a.step.Guard != nil {
		condition = a.step.Guard.When
	}
	for _, f := range from {
		switch {
		case a.clock != nil || a.sub != nil:
			event := m.add(m.event(a, f))
			m.flow(m.states[f], event, a.back, "")
			m.flow(event, task, a.back, "")
		case m.awaiting[f]:
			m.flow(m.states[f], task, a.back, "")
		default:
			m.flow(m.states[f], task, a.back, condition)
		}
	}
	m.flow(task, m.states[a.to], a.back || a.stays, "")
	m.call(a.step, task, suffix)
}

// event is what must happen at a state before the system acts: a time is up, or all sub-matters have ended.
func (m *model) event(a *arrow, state string) *shape {
	s := &shape{kind: "intermediateCatchEvent", w: eventSize, h: eventSize}
	if a.clock != nil {
		s.id, s.name, s.doc = "timer_"+a.clock.Name+"_"+state, limit(m.p, a.clock, m.lang), m.clock(a.clock)
		s.definition = timer(s.id, a.clock)
		return s
	}
	s.id, s.name = "all_"+a.sub.Name+"_"+state, say(m.lang, "ended", a.sub.Title.In(m.lang))
	s.definition = el("conditionalEventDefinition", "id", s.id+"_when").add(texted("condition", s.name, "xsi:type", "tFormalExpression"))
	return s
}

// call adds the sub-matter that a step opens: it goes on beside.
func (m *model) call(step *procedure.Step, task int, suffix string) {
	if step.Opens == nil {
		return
	}
	sub := m.p.Sub(step.Opens.Sub)
	if sub == nil {
		return
	}
	id := "sub_" + sub.Name + "_" + step.Name + suffix
	called := m.add(&shape{id: id, kind: "callActivity", name: sub.Title.In(m.lang), w: taskWidth, h: taskHeight,
		attributes: []string{"calledElement", sub.Procedure}})
	over := m.add(&shape{id: id + "_end", kind: "endEvent", w: eventSize, h: eventSize})
	m.flow(task, called, false, "")
	m.flow(called, over, false, "")
}

// lateBy are the clocks that a task stops and that have no consequence but that the system records lateness.
func (m *model) lateBy(a *arrow, from []string) (late []*lateBy) {
	for i := range m.p.Clocks {
		c := &m.p.Clocks[i]
		if c.Lapse == "" && c.Responsible != procedure.ResponsibleParty && slices.Contains(c.Stops, a.step.Name) &&
			slices.ContainsFunc(from, func(f string) bool { return m.runs[c][f] }) {
			late = append(late, &lateBy{clock: c, doc: m.clock(c)})
		}
	}
	return late
}
