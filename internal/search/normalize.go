package search

import (
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// hyphen joins words in clean text; every kind of dash becomes it.
const hyphen = '-'

// normalize gives clean text: NFKC, lower case, only word characters, hyphens
// and spaces. Ordinary Chinese text takes a path that knows the answer of NFKC
// for its characters; the first other character sends the text to the tables.
func normalize(text string) string {
	b := make([]byte, 0, len(text))
	for i, n := 0, 0; i < len(text); i += n {
		r := rune(text[i])
		if n = 1; r >= utf8.RuneSelf {
			r, n = utf8.DecodeRuneInString(text[i:])
		}
		if r >= 0x4E00 && r <= 0x9FFF {
			b = append(b, text[i:i+n]...)
			continue
		}
		r, ok := ordinary(r)
		if !ok {
			return cleaned(norm.NFKC.String(text))
		}
		b = appendClean(b, r)
	}
	return string(b)
}

// ordinary gives the NFKC form of the characters most texts are made of. None
// of them combines with a neighbour, so each can be looked at alone.
func ordinary(r rune) (rune, bool) {
	switch {
	case r < utf8.RuneSelf, r >= 0x4E00 && r <= 0x9FFF:
		return r, true
	case r >= 0xFF01 && r <= 0xFF5E: // full-width ASCII
		return r - 0xFF01 + '!', true
	case r == 0x3000: // ideographic space
		return ' ', true
	case r >= 0x3001 && r <= 0x3002, r >= 0x3008 && r <= 0x3011, // 、。〈…】
		r >= 0x2018 && r <= 0x201D, r == 0x2014: // quotation marks, dash
		return r, true
	}
	return r, false
}

func cleaned(text string) string {
	b := make([]byte, 0, len(text))
	for _, r := range text {
		b = appendClean(b, r)
	}
	return string(b)
}

// appendClean adds what a character of NFKC text leaves in clean text.
func appendClean(b []byte, r rune) []byte {
	switch {
	case r >= 'a' && r <= 'z', r >= '0' && r <= '9', r == hyphen:
		return append(b, byte(r))
	case r >= 'A' && r <= 'Z':
		return append(b, byte(r)+'a'-'A')
	case r >= 0x4E00 && r <= 0x9FFF: // by far the most; has no case
		return utf8.AppendRune(b, r)
	case r >= ' ' && r < 0x7F, r >= 0x3001 && r <= 0x3003, r >= 0x3008 && r <= 0x3011, r == '\n':
		return append(b, ' ') // what the tables below would say of the most frequent
	case invisible(r), unicode.IsMark(r):
		return b
	case unicode.Is(unicode.Pd, r), r == '\u2212':
		return append(b, hyphen)
	case isWord(r):
		return utf8.AppendRune(b, unicode.ToLower(r))
	}
	return append(b, ' ')
}

// invisible reports characters that are dropped without separating: controls
// but white space, and formatting characters.
func invisible(r rune) bool {
	return unicode.Is(unicode.Cf, r) || (unicode.IsControl(r) && !unicode.IsSpace(r))
}
