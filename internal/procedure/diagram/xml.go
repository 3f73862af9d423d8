package diagram

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"strings"
)

// element is a part of an XML document: attributes in pairs, then a text or further elements.
type element struct {
	name       string
	attributes []string
	text       string
	inner      []*element
}

func el(name string, attributes ...string) *element {
	return &element{name: name, attributes: attributes}
}

// add puts elements inside, without those that are nil, and returns e.
func (e *element) add(inner ...*element) *element {
	for _, i := range inner {
		if i != nil {
			e.inner = append(e.inner, i)
		}
	}
	return e
}

// texted is an element that holds a text; nil if there is none.
func texted(name, text string, attributes ...string) *element {
	if text == "" {
		return nil
	}
	return &element{name: name, attributes: attributes, text: text}
}

// write writes the element with those inside, indented.
func (e *element) write(b *bytes.Buffer, indent int) {
	space := strings.Repeat("  ", indent)
	fmt.Fprintf(b, "%s<%s", space, e.name)
	for i := 0; i+1 < len(e.attributes); i += 2 {
		fmt.Fprintf(b, ` %s="%s"`, e.attributes[i], escaped(e.attributes[i+1]))
	}
	switch {
	case e.text != "":
		fmt.Fprintf(b, ">%s</%s>\n", escaped(e.text), e.name)
	case len(e.inner) == 0:
		b.WriteString("/>\n")
	default:
		b.WriteString(">\n")
		for _, i := range e.inner {
			i.write(b, indent+1)
		}
		fmt.Fprintf(b, "%s</%s>\n", space, e.name)
	}
}

func escaped(s string) string {
	var b bytes.Buffer
	_ = xml.EscapeText(&b, []byte(s)) // a buffer takes everything
	return b.String()
}
