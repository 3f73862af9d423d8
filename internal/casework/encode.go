package casework

import (
	"strconv"
	"time"

	"luoshi/internal/ledger"
)

// canonical is the act's canonical text.
func (a *Act) canonical() ([]byte, error) {
	w := writer{b: make([]byte, 0, 1024)}
	w.text(`{"actor":{"as":`, a.Actor.As)
	w.some(`,"login":`, a.Actor.Login)
	w.some(`,"party":`, a.Actor.Party)
	w.raw("}")
	w.some(`,"assignee":`, a.Assignee)
	w.some(`,"channel":`, a.Channel)
	list(&w, `,"clocks":`, a.Clocks, func(w *writer, c *ClockOp) { c.write(w) })
	w.some(`,"content":`, a.Content)
	rare(&w, `,"continues":`, a.Continues)
	rare(&w, `,"ended":`, a.Ended)
	list(&w, `,"ended_each":`, a.EndedEach, func(w *writer, l *Link) { l.write(w) })
	w.some(`,"issuer":`, a.Issuer)
	w.some(`,"key":`, a.Key)
	w.text(`,"kind":`, string(a.Kind))
	w.text(`,"matter":`, a.Matter)
	rare(&w, `,"migration":`, a.Migration)
	list(&w, `,"names":`, a.Names, func(w *writer, seq *int) { w.b = strconv.AppendInt(w.b, int64(*seq), 10) })
	w.yes(`,"on":`, a.On)
	rare(&w, `,"opens":`, a.Opens)
	list(&w, `,"opens_each":`, a.OpensEach, func(w *writer, l *Link) { l.write(w) })
	rare(&w, `,"parent":`, a.Parent)
	list(&w, `,"parties":`, a.Parties, func(w *writer, p *PartyRef) { p.write(w) })
	w.some(`,"procedure":`, a.Procedure)
	w.some(`,"procedure_sha256":`, a.Declared)
	w.some(`,"request":`, a.Request)
	w.some(`,"rule":`, a.Rule)
	w.number(`,"seq":`, a.Seq)
	w.source(a.Source)
	w.text(`,"state":`, a.State)
	w.some(`,"step":`, a.Step)
	w.text(`,"time":`, a.Time)
	list(&w, `,"together":`, a.Together, func(w *writer, number *string) { w.quote(*number) })
	w.text(`,"unit":`, a.Unit)
	w.number(`,"v":`, a.V)
	w.raw("}")
	return w.settled()
}

func (l *Link) write(w *writer) {
	w.text(`{"matter":`, l.Matter)
	w.text(`,"sub":`, l.Sub)
	w.raw("}")
}

func (c *ClockOp) write(w *writer) {
	start := len(w.b)
	w.some(`,"at":`, c.At)
	w.some(`,"calendar":`, c.Calendar)
	w.text(`,"clock":`, c.Clock)
	w.some(`,"due":`, c.Due)
	w.some(`,"from":`, c.From)
	w.yes(`,"issuer":`, c.Issuer)
	w.text(`,"op":`, c.Op)
	w.yes(`,"party":`, c.Party)
	w.yes(`,"provisional":`, c.Provisional)
	w.some(`,"target":`, c.Target)
	w.some(`,"to":`, c.To)
	w.some(`,"unit":`, c.Unit)
	w.some(`,"until":`, c.Until)
	w.some(`,"warn":`, c.Warn)
	w.some(`,"was_calendar":`, c.WasCalendar)
	w.some(`,"was_due":`, c.WasDue)
	w.some(`,"was_target":`, c.WasTarget)
	w.end(start)
}

// canonical is the content's canonical text.
func (c *Content) canonical() ([]byte, error) {
	w := writer{b: make([]byte, 0, 1024)}
	w.fields(`,"fields":`, c.Fields)
	w.some(`,"note":`, c.Note)
	w.fields(`,"opening":`, c.Opening)
	list(&w, `,"parties":`, c.Parties, func(w *writer, p *Party) { p.write(w) })
	w.some(`,"title":`, c.Title)
	w.end(0)
	return w.settled()
}

// settled is what was written in canonical form: members stand in its order already, names of fields may not.
func (w *writer) settled() ([]byte, error) {
	if w.err != nil {
		return nil, w.err
	}
	return ledger.Settle(w.b)
}

// Encode writes the matter as stores keep it and audit compares it, as encoding/json would.
func (m *Matter) Encode() ([]byte, error) {
	w := writer{b: make([]byte, 0, 1536), html: true}
	w.text(`{"number":`, m.Number)
	w.text(`,"procedure":`, m.Procedure)
	w.text(`,"state":`, m.State)
	w.some(`,"ended":`, m.Ended)
	w.text(`,"unit":`, m.Unit)
	w.some(`,"issuer":`, m.Issuer)
	w.some(`,"assignee":`, m.Assignee)
	w.number(`,"version":`, m.Version)
	w.text(`,"opened":`, m.Opened)
	w.text(`,"changed":`, m.Changed)
	w.some(`,"channel":`, m.Channel)
	w.source(m.Source)
	list(&w, `,"roles":`, m.Roles, func(w *writer, p *PartyRef) { p.write(w) })
	list(&w, `,"clocks":`, m.Clocks, func(w *writer, c *Clock) { c.write(w) })
	list(&w, `,"referred":`, m.Referred, func(w *writer, unit *string) { w.quote(*unit) })
	rare(&w, `,"parent":`, m.Parent)
	list(&w, `,"subs":`, m.Subs, func(w *writer, p *Part) { p.write(w) })
	list(&w, `,"former":`, m.Former, func(w *writer, p *Pin) { w.other(p) })
	w.some(`,"title":`, m.Title)
	w.fields(`,"fields":`, m.Fields)
	list(&w, `,"parties":`, m.Parties, func(w *writer, p *Party) { p.write(w) })
	list(&w, `,"kept":`, m.Kept, func(w *writer, name *string) { w.quote(*name) })
	if len(m.Taken) > 0 {
		w.raw(`,"taken":`)
		w.other(m.Taken)
	}
	if len(m.Marks) > 0 {
		w.raw(`,"marks":`)
		w.other(m.Marks)
	}
	w.some(`,"listed":`, m.Listed)
	w.raw("}")
	return w.b, w.err
}

func (p *Part) write(w *writer) {
	w.text(`{"name":`, p.Name)
	w.some(`,"number":`, p.Number)
	w.some(`,"ended":`, p.Ended)
	w.some(`,"procedure":`, p.Procedure)
	w.raw("}")
}

func (c *Clock) write(w *writer) {
	w.text(`{"name":`, c.Name)
	w.text(`,"status":`, c.Status)
	w.text(`,"from":`, c.From)
	w.some(`,"target":`, c.Target)
	w.some(`,"due":`, c.Due)
	w.yes(`,"provisional":`, c.Provisional)
	w.text(`,"calendar":`, c.Calendar)
	list(w, `,"suspensions":`, c.Suspensions, func(w *writer, s *Span) {
		w.text(`{"from":`, s.From)
		w.some(`,"to":`, s.To)
		w.raw("}")
	})
	if c.Extensions != 0 {
		w.number(`,"extensions":`, c.Extensions)
	}
	w.some(`,"stopped":`, c.Stopped)
	w.some(`,"lapsed":`, c.Lapsed)
	w.yes(`,"party":`, c.Party)
	w.some(`,"warn":`, c.Warn)
	w.some(`,"warned":`, c.Warned)
	w.some(`,"procedure":`, c.Procedure)
	w.some(`,"until":`, c.Until)
	w.yes(`,"issuer":`, c.Issuer)
	w.raw("}")
}

// encode writes the lodging as the digest of a request has it.
func (l *Lodging) encode() ([]byte, error) {
	w := writer{b: make([]byte, 0, 1024), html: true}
	w.text(`{"procedure":`, l.Procedure)
	w.text(`,"unit":`, l.Unit)
	w.some(`,"issuer":`, l.Issuer)
	w.some(`,"channel":`, l.Channel)
	w.text(`,"title":`, l.Title)
	w.fields(`,"fields":`, l.Fields)
	list(&w, `,"parties":`, l.Parties, func(w *writer, p *Party) { p.write(w) })
	w.source(l.Source)
	if !l.ClockFrom.IsZero() {
		w.text(`,"clock_from":`, l.ClockFrom.Format(time.RFC3339Nano))
	}
	w.raw("}")
	return w.b, w.err
}
