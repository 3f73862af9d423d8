package intake

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"luoshi/internal/procedure"
)

// lawCheck compares one case of the mapping with the procedure it names.
type lawCheck struct {
	b    *binding
	p    *procedure.Procedure
	path []any
}

func (c *lawCheck) report(text string, rest ...any) {
	c.b.report(fmt.Sprintf("procedure %s: %s", c.p.Key(), text), append(slices.Clone(c.path), rest...)...)
}

func (c *lawCheck) opening(k *kind) {
	if !slices.Contains(c.p.Open.Channels, c.b.Channel) {
		c.b.report(fmt.Sprintf("procedure %s does not take the channel %q; it takes: %s", c.p.Key(), c.b.Channel, strings.Join(c.p.Open.Channels, ", ")), "channel")
	}
	for i, l := range c.b.levels {
		if !slices.Contains(c.p.Open.Units, l.Kind) {
			c.b.report(fmt.Sprintf("procedure %s is not received by offices of the kind %q; kinds are: %s", c.p.Key(), l.Kind, strings.Join(c.p.Open.Units, ", ")),
				"places", "levels", i, "kind")
		}
	}
	c.fields(k.fields, c.p.AsksWhenOpening(), "fields")
	have := map[string]bool{}
	for i, person := range k.parties {
		have[person.role] = true
		if c.p.PartyRole(person.role) == nil {
			c.report(fmt.Sprintf("there is no party %q", person.role), "parties", i, "role")
		}
	}
	for _, r := range c.p.Parties {
		if r.Min > 0 && !have[r.Role] {
			c.report(fmt.Sprintf("a matter needs the party %q; say which columns hold it", r.Role), "parties")
		}
	}
}

// fields compares the fields filled in with those asked for.
func (c *lawCheck) fields(filled map[string]*template, asked []procedure.FieldUse, path ...any) {
	names := map[string]bool{}
	for _, use := range asked {
		names[use.Name] = true
		if use.Required && filled[use.Name] == nil {
			c.report(fmt.Sprintf("the field %q is required here", use.Name), path...)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(filled)) {
		if f := c.p.Field(name); f != nil && f.Type == procedure.TypeFile {
			c.report(fmt.Sprintf("the field %q takes files, which an import does not bring in: leave it out, and hand them in afterwards", name), append(path, name)...)
		} else if !names[name] {
			c.report(fmt.Sprintf("there is no field %q here; there are: %s", name, strings.Join(slices.Sorted(maps.Keys(names)), ", ")), append(path, name)...)
		}
	}
}

func (c *lawCheck) walk(w *walk, i int, given map[string]*template) {
	state := c.p.Open.To
	known := map[string]bool{}
	know := func(filled map[string]*template) {
		for name := range filled {
			known[name] = true
		}
	}
	know(given)
	for j, s := range w.steps {
		at := []any{"walks", i, "steps", j}
		step := c.p.Step(s.step)
		switch {
		case step == nil:
			c.report(fmt.Sprintf("there is no step %q", s.step), append(at, "step")...)
			return
		case !slices.Contains(step.From, state):
			c.report(fmt.Sprintf("the step %q cannot be taken in the state %q, where the steps before lead", s.step, state), append(at, "step")...)
			return
		case step.Refer != "" || step.Assign == "choose":
			c.report(fmt.Sprintf("the step %q sends the matter to an office or a person of somebody's choice; an import cannot choose", s.step), append(at, "step")...)
		}
		c.fields(s.fields, c.p.Asks(step, state, func(field string) bool { return known[field] }), append(at, "fields")...)
		know(s.fields)
		note := len(s.note.parts) > 0
		if note && step.Note == "none" || !note && step.Note == "required" {
			c.report(fmt.Sprintf("the note of the step %q is %s", s.step, map[bool]string{true: "not asked for", false: "required"}[note]), append(at, "note")...)
		}
		if step.To != "" {
			state = step.To
		}
	}
}

// digest is the identity of a row's content, whatever the quoting of its cells.
func digest(cells []string) string {
	h := sha256.New()
	writeCells(h, cells)
	return hex.EncodeToString(h.Sum(nil)[:16])
}

func writeCells(w io.Writer, cells []string) {
	for _, c := range cells {
		io.WriteString(w, strconv.Itoa(len(c))+":"+c)
	}
}

func trimmed(s string) string { return strings.TrimSpace(s) }

// oneLine writes runs of space, also line breaks, as one space: sources leave them where they took something out.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// shorten cuts a text to at most n code points, the last of them an ellipsis where something was cut.
func shorten(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	return string([]rune(s)[:n-1]) + "…"
}
