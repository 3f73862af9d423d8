package casework

import (
	"bytes"
	"maps"
	"slices"
	"strconv"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	jsonv1 "github.com/go-json-experiment/json/v1"
)

// writer writes the JSON of what every lodging is made of: the request, its act and content, and the matter. The
// library takes four times as long, for it finds out by reflection what is written here; tests compare the two.
//
// A member's name is given with all that stands between it and the member before.
type writer struct {
	b []byte
	// html escapes <, > and & too and replaces invalid UTF-8, as encoding/json does and as matters are stored.
	html bool
	err  error // the first fault
}

func (w *writer) raw(s string) { w.b = append(w.b, s...) }

func (w *writer) quote(s string) {
	start := len(w.b)
	b, err := jsontext.AppendQuote(w.b, s)
	switch w.b = b; {
	case w.html && (err != nil || special(b[start:])):
		w.b = b[:start]
		w.other(s)
	case err != nil && w.err == nil:
		w.err = err
	}
}

// special reports whether text holds what encoding/json escapes and other programs do not.
func special(text []byte) bool {
	return bytes.IndexByte(text, '<') >= 0 || bytes.IndexByte(text, '>') >= 0 || bytes.IndexByte(text, '&') >= 0 ||
		bytes.Contains(text, []byte("\u2028")) || bytes.Contains(text, []byte("\u2029"))
}

// other leaves a value to the library.
func (w *writer) other(v any) {
	options := []json.Options{jsonv1.DefaultOptionsV1()}
	if !w.html {
		options = append(options, jsontext.AllowInvalidUTF8(false), jsontext.EscapeForHTML(false), jsontext.EscapeForJS(false))
	}
	b, err := json.Marshal(v, options...)
	if w.b = append(w.b, b...); err != nil && w.err == nil {
		w.err = err
	}
}

// rare leaves a member that few lodgings have, and that is left out when it is nil, to the library.
func rare[T any](w *writer, name string, v *T) {
	if v != nil {
		w.raw(name)
		w.other(v)
	}
}

func (w *writer) text(name, s string) {
	w.raw(name)
	w.quote(s)
}

// some writes a text that is left out when it is empty.
func (w *writer) some(name, s string) {
	if s != "" {
		w.text(name, s)
	}
}

func (w *writer) number(name string, n int) {
	w.raw(name)
	w.b = strconv.AppendInt(w.b, int64(n), 10)
}

func (w *writer) yes(name string, is bool) {
	if is {
		w.raw(name)
		w.raw("true")
	}
}

// end closes an object, whose first member was written as if there were one before it.
func (w *writer) end(start int) {
	if start < len(w.b) && w.b[start] == ',' {
		w.b[start] = '{'
	} else {
		w.b = append(w.b, '{')
	}
	w.b = append(w.b, '}')
}

// list writes a list that is left out when it is empty.
func list[T any](w *writer, name string, items []T, write func(*writer, *T)) {
	if len(items) == 0 {
		return
	}
	w.raw(name)
	for i := range items {
		w.b = append(w.b, "[,"[min(i, 1)])
		write(w, &items[i])
	}
	w.raw("]")
}

func (w *writer) fields(name string, f map[string]any) {
	if len(f) == 0 {
		return
	}
	names := make([]string, 0, 16)
	names = slices.AppendSeq(names, maps.Keys(f))
	slices.Sort(names)
	w.raw(name)
	for i, n := range names {
		w.b = append(w.b, "{,"[min(i, 1)])
		w.quote(n)
		w.raw(":")
		switch v := f[n].(type) {
		case string:
			w.quote(v)
		case bool:
			w.b = strconv.AppendBool(w.b, v)
		case int64:
			w.b = strconv.AppendInt(w.b, v, 10)
		default:
			w.other(v)
		}
	}
	w.raw("}")
}

func (w *writer) source(s *Source) {
	if s == nil {
		return
	}
	w.text(`,"source":{"id":`, s.ID)
	w.text(`,"system":`, s.System)
	w.some(`,"time":`, s.Time)
	w.raw("}")
}

func (p *Party) write(w *writer) {
	start := len(w.b)
	w.some(`,"address":`, p.Address)
	w.text(`,"name":`, p.Name)
	w.some(`,"phone":`, p.Phone)
	w.text(`,"role":`, p.Role)
	w.end(start)
}

func (p *PartyRef) write(w *writer) {
	start := len(w.b)
	w.some(`,"code":`, p.Code)
	w.text(`,"role":`, p.Role)
	w.end(start)
}
