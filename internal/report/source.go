package report

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// source is the text as it stands and, rune by rune beside it, as it is compared: punctuation in the Chinese form,
// digits in the narrow one, every space a plain one.
type source struct {
	runes []rune
	norm  []rune
	lex   lexicon
	paras []extent // lines without the space around them, none empty
}

// extent is a place: runes from start up to, not including, end.
type extent struct{ start, end int }

func (e extent) length() int { return e.end - e.start }

func newSource(text string) *source {
	s := &source{runes: []rune(text), lex: newLexicon()}
	s.norm = make([]rune, len(s.runes))
	for i, r := range s.runes {
		s.norm[i] = s.normal(i, r)
	}
	start := 0
	for i := 0; i <= len(s.norm); i++ {
		if i == len(s.norm) || s.norm[i] == '\n' {
			if p := s.trim(extent{start, i}); p.length() > 0 {
				s.paras = append(s.paras, p)
			}
			start = i + 1
		}
	}
	return s
}

func (s *source) normal(i int, r rune) rune {
	digits := i > 0 && i+1 < len(s.runes) && isDigit(s.runes[i-1]) && isDigit(s.runes[i+1])
	switch {
	case r >= '０' && r <= '９':
		return r - '０' + '0'
	case r == '\n':
		return r
	case r == ',' && !digits:
		return '，'
	case r == ':' && !digits:
		return '：'
	case r == ';' || r == '；':
		return '；'
	case r == '(':
		return '（'
	case r == ')':
		return '）'
	case r == '!':
		return '！'
	case r == '?':
		return '？'
	case r == '．':
		return '.'
	case r == '〇' || r == '○':
		return '〇'
	case unicode.IsSpace(r):
		return ' '
	}
	return r
}

func isDigit(r rune) bool { return r >= '0' && r <= '9' }

func isHan(r rune) bool {
	return r >= 0x3400 && r <= 0x9fff || r >= 0x20000 && r <= 0x323af || r == '〇'
}

// span is a piece of the source as the result carries it.
func (s *source) span(e extent) Span {
	if e.length() <= 0 {
		return Span{}
	}
	return Span{e.start, e.end, string(s.runes[e.start:e.end])}
}

// text is a place as it is compared.
func (s *source) text(e extent) string { return string(s.norm[e.start:e.end]) }

// at is one compared rune; 0 outside the text.
func (s *source) at(i int) rune {
	if i < 0 || i >= len(s.norm) {
		return 0
	}
	return s.norm[i]
}

// trim drops space on both sides.
func (s *source) trim(e extent) extent {
	for e.start < e.end && (s.norm[e.start] == ' ' || s.norm[e.start] == '\t' || s.norm[e.start] == '\n') {
		e.start++
	}
	for e.end > e.start && (s.norm[e.end-1] == ' ' || s.norm[e.end-1] == '\n' || s.norm[e.end-1] == '\t') {
		e.end--
	}
	return e
}

// starts gives the length of the longest of the words that stands at i, within the place; 0 when none does.
func (s *source) starts(i, end int, words []string) int {
	best := 0
	for _, w := range words {
		n := 0
		for _, r := range w {
			if i+n >= end || s.norm[i+n] != r {
				n = -1
				break
			}
			n++
		}
		best = max(best, n)
	}
	return best
}

// ends gives the length of the longest of the words that ends before end, and not before start; 0 when none does.
func (s *source) ends(start, end int, words []string) int {
	best := 0
	for _, w := range words {
		n, rest := 0, w
		for rest != "" {
			r, size := utf8.DecodeLastRuneInString(rest)
			if end-1-n < start || s.norm[end-1-n] != r {
				n = 0
				break
			}
			n, rest = n+1, rest[:len(rest)-size]
		}
		best = max(best, n)
	}
	return best
}

// find gives the groups of the first match in the place, as places; group 0 is the match. A group that took no part
// is {-1, -1}.
func (s *source) find(re *regexp.Regexp, e extent) []extent {
	all := s.findAll(re, e, 1)
	if len(all) == 0 {
		return nil
	}
	return all[0]
}

// findAll gives up to n matches (all if n < 0).
func (s *source) findAll(re *regexp.Regexp, e extent, n int) [][]extent {
	if e.length() <= 0 {
		return nil
	}
	text := s.text(e)
	matches := re.FindAllStringSubmatchIndex(text, n)
	if len(matches) == 0 {
		return nil
	}
	var out [][]extent
	at, rune0 := 0, e.start // positions go up from match to match, within a match they may go back
	for _, m := range matches {
		rune0 += utf8.RuneCountInString(text[at:m[0]])
		at = m[0]
		groups := make([]extent, len(m)/2)
		for g := range groups {
			if m[2*g] < 0 {
				groups[g] = extent{-1, -1}
				continue
			}
			start := rune0 + utf8.RuneCountInString(text[at:m[2*g]])
			groups[g] = extent{start, start + utf8.RuneCountInString(text[m[2*g]:m[2*g+1]])}
		}
		out = append(out, groups)
	}
	return out
}

// contains tells whether one of the words stands in the place.
func (s *source) contains(e extent, words ...string) bool {
	text := s.text(e)
	for _, w := range words {
		if strings.Contains(text, w) {
			return true
		}
	}
	return false
}

// split cuts a place at the given marks, outside of brackets, quotation marks and titles; the marks are in no part.
func (s *source) split(e extent, marks string) []extent {
	var parts []extent
	start, depth := e.start, 0
	for i := e.start; i < e.end; i++ {
		switch r := s.norm[i]; {
		case strings.ContainsRune("（《“‘「『【", r):
			depth++
		case strings.ContainsRune("）》”’」』】", r):
			depth = max(0, depth-1)
		case r == '\n': // a bracket that is never closed holds for its line
			depth = 0
			if strings.ContainsRune(marks, r) {
				parts, start = append(parts, extent{start, i}), i+1
			}
		case depth == 0 && strings.ContainsRune(marks, r):
			parts, start = append(parts, extent{start, i}), i+1
		}
	}
	return append(parts, extent{start, e.end})
}

// sentences cuts a paragraph after 。！？ outside of brackets and quotation marks; the marks belong to the sentence.
func (s *source) sentences(e extent) []extent {
	var out []extent
	for _, p := range s.split(e, "。！？") {
		if p.end < e.end {
			p.end++
		}
		if p = s.trim(p); p.length() > 0 {
			out = append(out, p)
		}
	}
	return out
}
