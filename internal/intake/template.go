package intake

import (
	"fmt"
	"slices"
	"strings"
)

// template is a text with columns in it: "{type}[ — {neighborhood}]". {column} is the cell, {column|text}
// the text where the cell is empty, and what stands in brackets is left out when a cell in it is empty.
// A doubled brace or bracket stands for itself.
type template struct{ parts []part }

// part is a text, a column or a bracket.
type part struct {
	text   string
	column int // index of the column; -1: none
	spare  string
	group  []part
}

// compile reads a template over the columns.
func compile(source string, columns []string) (*template, error) {
	p := &templateReader{rest: source, columns: columns}
	parts, err := p.parts(false)
	if err != nil {
		return nil, err
	}
	return &template{parts}, nil
}

// fill puts the cells in and trims space at both ends.
func (t *template) fill(cells []string) string {
	if t == nil {
		return ""
	}
	var b strings.Builder
	write(&b, t.parts, cells)
	return strings.TrimSpace(b.String())
}

// write reports whether a cell was empty that has no text to take its place.
func write(b *strings.Builder, parts []part, cells []string) (lacking bool) {
	for _, p := range parts {
		switch {
		case p.group != nil:
			var inner strings.Builder
			if !write(&inner, p.group, cells) {
				b.WriteString(inner.String())
			}
		case p.column < 0:
			b.WriteString(p.text)
		default:
			cell := strings.TrimSpace(cells[p.column])
			if cell == "" {
				cell = p.spare
				lacking = lacking || cell == ""
			}
			b.WriteString(cell)
		}
	}
	return lacking
}

type templateReader struct {
	rest    string
	columns []string
}

func (p *templateReader) parts(inGroup bool) ([]part, error) {
	parts := []part{}
	var text strings.Builder
	flush := func() {
		if text.Len() > 0 {
			parts = append(parts, part{text: text.String(), column: -1})
			text.Reset()
		}
	}
	for p.rest != "" {
		c := p.rest[0]
		if strings.IndexByte("{}[]", c) < 0 || strings.HasPrefix(p.rest[1:], p.rest[:1]) {
			text.WriteByte(c)
			p.rest = p.rest[1:]
			if strings.IndexByte("{}[]", c) >= 0 {
				p.rest = p.rest[1:]
			}
			continue
		}
		flush()
		p.rest = p.rest[1:]
		switch {
		case c == ']' && inGroup:
			return parts, nil
		case c == '[' && !inGroup:
			group, err := p.parts(true)
			if err != nil {
				return nil, err
			}
			parts = append(parts, part{group: group, column: -1})
		case c == '{':
			column, err := p.column()
			if err != nil {
				return nil, err
			}
			parts = append(parts, column)
		default:
			return nil, fmt.Errorf("%q stands where it may not; write it twice to mean the sign itself", string(c))
		}
	}
	if inGroup {
		return nil, fmt.Errorf("a bracket [ is not closed; write [[ to mean the sign itself")
	}
	flush()
	return parts, nil
}

// column reads the rest of {column} or {column|text}.
func (p *templateReader) column() (part, error) {
	inside, rest, ok := strings.Cut(p.rest, "}")
	if !ok {
		return part{}, fmt.Errorf("a brace { is not closed; write {{ to mean the sign itself")
	}
	p.rest = rest
	name, spare, _ := strings.Cut(inside, "|")
	i := slices.Index(p.columns, name)
	if i < 0 {
		return part{}, noColumn(name, p.columns)
	}
	return part{column: i, spare: spare}, nil
}

func noColumn(name string, columns []string) error {
	return fmt.Errorf("the CSV file has no column %q; it has: %s", name, strings.Join(columns, ", "))
}
