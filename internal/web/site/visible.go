package site

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Visible writes text that somebody typed so that nothing in it acts: control characters become their
// symbols, characters that turn or hide text become their code points. Line breaks and tabs stay, and so
// do the joiners that some scripts need. Templates put the result into <bdi>, which keeps right-to-left
// text from turning what stands around it.
func Visible(s string) string {
	if !strings.ContainsFunc(s, acts) && utf8.ValidString(s) {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		switch {
		case !acts(r):
			b.WriteRune(r)
		case r < 0x20:
			b.WriteRune(0x2400 + r)
		case r == 0x7f:
			b.WriteRune(0x2421)
		default:
			fmt.Fprintf(&b, "[U+%04X]", r)
		}
	}
	return b.String()
}

func acts(r rune) bool {
	switch r {
	case '\n', '\t', '\u200c', '\u200d', '\u00ad':
		return false
	case '\u2028', '\u2029', '\ufffe':
		return true
	}
	return unicode.Is(unicode.Cc, r) || unicode.Is(unicode.Cf, r) && !unicode.Is(unicode.Prepended_Concatenation_Mark, r)
}

// Lengths, in characters, from which a text is folded away, and of the part that stays in sight.
const (
	longText = 3000
	headText = 600
)

func isLong(s string) bool {
	return len(s) > longText && utf8.RuneCountInString(s) > longText
}

func head(s string) string {
	n := 0
	for i := range s {
		if n == headText {
			return s[:i] + "…"
		}
		n++
	}
	return s
}
