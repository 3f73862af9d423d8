package site

import (
	"bytes"
	"slices"
	"strings"
	"unicode/utf8"

	"luoshi/internal/procedure"
)

// A page is in one language, and the texts of a procedure need not have it: a reader who cannot switch should hear them
// read out in the language that they are in (WCAG 2.2, 3.1.2). So Say puts marks around such a text, which stay with it
// through sentences and lists, and the rendered page gets lang attributes in their place. The marks are the characters
// that Unicode has for the language of plain text, U+E0001 and tag letters, closed by U+E0001 U+E007F.
const (
	tongueMark = "\U000E0001"
	tagBase    = 0xE0000 // of the tag letters
	tongueEnd  = tongueMark + "\U000E007F"

	longestMark = 4 * (1 + 35) // bytes; a language tag has at most 35 characters (RFC 5646)
)

// Say is a text of a procedure in the language of the page or, marked, in the one that it has.
func (v Words) Say(t procedure.Text) string { return v.Marked(t.In(v.Lang), t.Lang(v.Lang)) }

// Marked is a text in a language; it is marked when the page is in another. An empty language is not known.
func (v Words) Marked(text, lang string) string {
	if text == "" || lang == "" || lang == v.Lang {
		return text
	}
	var tag strings.Builder
	for _, r := range strings.ToLower(lang) {
		tag.WriteRune(tagBase + r)
	}
	return tongueMark + tag.String() + text + tongueEnd
}

// speak puts lang attributes in the place of the marks in a rendered page. Text in an element that holds nothing but text,
// such as an option, has the attribute on the element; elsewhere it gets a span. In attributes the marks are left out.
func speak(page []byte) []byte {
	if !bytes.Contains(page, []byte(tongueMark)) {
		return page
	}
	s := speaker{left: page}
	for len(s.left) > 0 {
		s.next()
	}
	return s.out.Bytes()
}

// speaker goes through a page once. What is written has no mark any more.
type speaker struct {
	left   []byte
	out    bytes.Buffer
	plain  string // name of the element around that holds text alone; "" elsewhere
	tagEnd int    // where in out the last tag ends, before its ">"
	open   bool   // a span is open
}

func (s *speaker) next() {
	mark := bytes.Index(s.left, []byte(tongueMark))
	tag := bytes.IndexByte(s.left, '<')
	switch {
	case mark < 0 && tag < 0:
		s.take(len(s.left))
	case tag >= 0 && (mark < 0 || tag < mark):
		s.take(tag)
		s.tag()
	default:
		s.take(mark)
		s.mark()
	}
}

// take writes what is before the next mark or tag.
func (s *speaker) take(n int) {
	s.out.Write(s.left[:n])
	s.left = s.left[n:]
}

// tag writes a tag without marks. Rendered attributes never hold ">" as it is.
func (s *speaker) tag() {
	if s.open { // the text was cut before its end
		s.out.WriteString("</span>")
		s.open = false
	}
	end := bytes.IndexByte(s.left, '>') + 1
	if end == 0 {
		end = len(s.left)
	}
	s.out.Write(unmarked(s.left[:end]))
	s.tagEnd = s.out.Len() - 1
	name, _, _ := strings.Cut(strings.Trim(string(s.left[:end]), "<>"), " ")
	switch name {
	case "title", "option", "textarea", "script", "style":
		s.plain = name
	case "/" + s.plain:
		s.plain = ""
	}
	s.left = s.left[end:]
}

// mark replaces the beginning or the end of a marked text.
func (s *speaker) mark() {
	var lang string
	lang, s.left = readMark(s.left)
	switch {
	case s.plain == "option":
		if lang != "" && s.out.Len() == s.tagEnd+1 { // right behind the tag
			s.out.Truncate(s.tagEnd)
			s.out.WriteString(` lang="` + lang + `">`)
		}
	case s.plain != "":
	case lang == "" && s.open:
		s.out.WriteString("</span>")
		s.open = false
	case lang != "" && !s.open:
		s.out.WriteString(`<span lang="` + lang + `">`)
		s.open = true
	}
}

// readMark reads a mark at the beginning of b: a language, or "" for the end of one. Only letters, digits and hyphens
// are a language, whoever wrote the mark.
func readMark(b []byte) (lang string, rest []byte) {
	rest = b[len(tongueMark):]
	for {
		r, size := utf8.DecodeRune(rest)
		if r < tagBase+' ' || r > tagBase+0x7f {
			return lang, rest
		}
		rest = rest[size:]
		if c := r - tagBase; c == '-' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' {
			lang += string(c)
		}
	}
}

// shown is text that somebody typed, as Visible writes it, in which the marks around a text of a procedure stay.
func shown(s string) string {
	before, after, found := strings.Cut(s, tongueMark)
	if !found {
		return Visible(s)
	}
	_, rest := readMark([]byte(tongueMark + after))
	mark := s[len(before) : len(s)-len(rest)]
	if len(mark) > longestMark {
		return Visible(before) + Visible(mark) + shown(string(rest))
	}
	return Visible(before) + mark + shown(string(rest))
}

// unmarked is text without marks.
func unmarked(b []byte) []byte {
	for {
		before, after, found := bytes.Cut(b, []byte(tongueMark))
		if !found {
			return b
		}
		_, rest := readMark(b[len(b)-len(after)-len(tongueMark):])
		b = slices.Concat(before, rest)
	}
}
