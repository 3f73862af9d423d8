package api

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"sync"

	"luoshi/internal/procedure"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	jsonv1 "github.com/go-json-experiment/json/v1"
)

// encoded is an answer as it is sent.
type encoded struct{ text []byte }

// encoder writes answers before their head is sent, so that the head can say how long they are: otherwise they
// would go out in chunks, which both sides have to take apart.
type encoder struct {
	used sync.Pool // of *encoded that were sent
}

// encode implements huma.Transformer.
func (e *encoder) encode(ctx huma.Context, _ string, v any) (any, error) {
	out, ok := e.used.Get().(*encoded)
	if !ok {
		out = &encoded{make([]byte, 0, 6<<10)}
	}
	var err error
	if r, ok := v.(*Recorded); ok {
		out.text = r.appendJSON(out.text[:0])
	} else if out.text, err = asJSON(v); err != nil {
		return nil, err
	}
	ctx.SetHeader("Content-Length", strconv.Itoa(len(out.text)))
	return out, nil
}

// asJSON writes as encoding/json would, only faster.
func asJSON(v any) ([]byte, error) {
	return json.Marshal(v, jsonv1.DefaultOptionsV1(), jsontext.EscapeForHTML(false))
}

// send is a huma.Format's Marshal, for what encode gave.
func (e *encoder) send(w io.Writer, v any) error {
	out, ok := v.(*encoded)
	if !ok {
		return fmt.Errorf("an answer of type %T was not encoded", v)
	}
	_, err := w.Write(out.text)
	if cap(out.text) <= 64<<10 { // a large one would be kept for small ones
		e.used.Put(out)
	}
	return err
}

// appendJSON adds what asJSON gives, at a third of the price: it is the answer to every act, and most of it is
// the receipt, whose parts are JSON already.
func (r *Recorded) appendJSON(b []byte) []byte {
	b = text(b, `{"number":`, r.Number)
	b = strconv.AppendInt(append(b, `,"version":`...), int64(r.Version), 10)
	b = text(b, `,"state":`, r.State)
	b = text(b, `,"unit":`, r.Unit)
	b = someText(b, `,"assignee":`, r.Assignee)
	b = text(b, `,"changed":`, r.Changed)
	b = text(b, `,"procedure":`, r.Procedure)
	b = strconv.AppendInt(append(b, `,"seq":`...), int64(r.Seq), 10)
	b = someText(b, `,"query_code":`, r.QueryCode)
	b = r.Receipt.AppendJSON(append(b, `,"receipt":`...))
	b = append(b, `,"clocks":[`...)
	for i := range r.Clocks {
		if i > 0 {
			b = append(b, ',')
		}
		b = r.Clocks[i].appendJSON(b)
	}
	b = append(b, ']')
	if r.Opened != nil {
		b = byLibrary(append(b, `,"opened":`...), r.Opened)
	}
	if len(r.Each) > 0 {
		b = byLibrary(append(b, `,"opened_each":`...), r.Each)
	}
	return append(b, '}')
}

// byLibrary adds what few answers have.
func byLibrary(b []byte, v any) []byte {
	text, err := asJSON(v)
	if err != nil { // these hold nothing that has no JSON
		text = []byte("null")
	}
	return append(b, text...)
}

func (c *Clock) appendJSON(b []byte) []byte {
	b = text(b, `{"name":`, c.Name)
	b = text(b, `,"title":`, c.Title)
	b = text(b, `,"status":`, c.Status)
	b = strconv.AppendBool(append(b, `,"running":`...), c.Running)
	b = text(b, `,"target":`, c.Target)
	b = text(b, `,"due":`, c.Due)
	b = strconv.AppendBool(append(b, `,"provisional":`...), c.Provisional)
	b = text(b, `,"calendar":`, c.Calendar)
	b = someText(b, `,"warn":`, c.Warn)
	b = someText(b, `,"warned":`, c.Warned)
	b = strconv.AppendBool(append(b, `,"late":`...), c.Late)
	b = text(b, `,"responsible_unit":`, c.ResponsibleUnit)
	b = appendBasis(append(b, `,"basis":`...), &c.Basis)
	b = append(b, `,"explanation":[`...)
	for i := range c.Explanation {
		if i > 0 {
			b = append(b, ',')
		}
		b = text(b, `{"rule":`, c.Explanation[i].Rule)
		b = append(text(b, `,"text":`, c.Explanation[i].Text), '}')
	}
	b = append(b, ']')
	if len(c.Why) > 0 {
		b = byLibrary(append(b, `,"why":`...), c.Why)
	}
	return append(b, '}')
}

func appendBasis(b []byte, basis *procedure.Basis) []byte {
	b = append(b, '{')
	member := func(name, value string) {
		if value != "" {
			b = append(text(b, name, value), ',')
		}
	}
	member(`"law":`, basis.Law)
	member(`"article":`, basis.Article)
	member(`"status":`, basis.Status)
	if len(basis.Note) > 0 {
		b = append(b, `"note":{`...)
		for _, lang := range slices.Sorted(maps.Keys(basis.Note)) {
			b = append(text(append(text(b, "", lang), ':'), "", basis.Note[lang]), ',')
		}
		b = append(closed(b), ',')
	}
	return closed(b)
}

// closed ends an object whose last member, if there is one, has a comma behind it.
func closed(b []byte) []byte { return append(bytes.TrimSuffix(b, []byte(",")), '}') }

// text adds a member, of which name has all that comes before the value.
func text(b []byte, name, value string) []byte {
	b, _ = jsontext.AppendQuote(append(b, name...), value) // what is invalid is replaced
	return b
}

func someText(b []byte, name, value string) []byte {
	if value == "" {
		return b
	}
	return text(b, name, value)
}
