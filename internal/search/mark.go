package search

import (
	"slices"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Span is a stretch of a text, in bytes: [From, To).
type Span struct{ From, To int }

// Marks are the stretches of a text that the tokens of a query were found by, in order, none touching another. A
// character that combines with its neighbours is marked whole. Text is looked at as Tokens looks at it, so what a
// query finds is what is marked, but for single characters of Han, Kana or Hangul, which only headings are found by.
func Marks(text string, tokens []string) []Span {
	if len(tokens) == 0 {
		return nil
	}
	wanted := make(map[string]bool, len(tokens))
	for _, t := range tokens {
		wanted[t] = true
	}
	clean, from := located(text)
	m := marker{wanted: wanted, clean: clean, from: from}
	start, inCJK := 0, false
	for i, r := range clean {
		now := isCJK(r)
		if r == ' ' || now != inCJK {
			m.run(start, i, inCJK)
			start, inCJK = i, now
		}
		if r == ' ' {
			start = i + 1
		}
	}
	m.run(start, len(clean), inCJK)
	return m.spans
}

// located is the clean text with the place in the original of each of its bytes, and of its end.
func located(text string) (clean string, from []int) {
	b := make([]byte, 0, len(text))
	from = make([]int, 0, len(text)+1)
	var it norm.Iter
	it.InitString(norm.NFKC, text)
	for !it.Done() {
		at := it.Pos()
		for _, r := range string(it.Next()) {
			b = appendClean(b, r)
			for len(from) < len(b) {
				from = append(from, at)
			}
		}
	}
	return string(b), append(from, len(text))
}

// marker collects the stretches of clean text that are wanted.
type marker struct {
	wanted map[string]bool
	clean  string
	from   []int // see located
	spans  []Span
}

func (m *marker) run(start, end int, cjk bool) {
	if start == end {
		return
	}
	if cjk {
		m.grams(start, end)
		return
	}
	if parts := m.words(start, end); parts > 1 && m.wanted[joined(m.clean[start:end])] {
		m.add(start, end)
	}
}

// words marks the words of a hyphenated run and counts them.
func (m *marker) words(start, end int) (n int) {
	for at, i := start, start; i <= end; i++ {
		if i < end && m.clean[i] != hyphen {
			continue
		}
		if i > at {
			n++
			if m.wanted[cut(m.clean[at:i])] {
				m.add(at, i)
			}
		}
		at = i + 1
	}
	return n
}

func joined(run string) string {
	b := make([]byte, 0, MaxBytes)
	for i := range len(run) {
		if run[i] != hyphen && len(b) < MaxBytes+utf8.UTFMax {
			b = append(b, run[i])
		}
	}
	return cut(string(b))
}

// grams marks characters and pairs of neighbours.
func (m *marker) grams(start, end int) {
	for last, i := start, start; i < end; {
		_, n := utf8.DecodeRuneInString(m.clean[i:])
		if i > start && m.wanted[m.clean[last:i+n]] {
			m.add(last, i+n)
		}
		if m.wanted[m.clean[i:i+n]] {
			m.add(i, i+n)
		}
		last, i = i, i+n
	}
}

// add marks a stretch of clean text. It begins where its first character does in the original and ends where the
// character behind it begins there.
func (m *marker) add(start, end int) {
	from, to := m.from[start], m.from[end]
	if to <= from { // within one character of the original
		i := slices.IndexFunc(m.from[end:], func(p int) bool { return p > from })
		to = m.from[end+i]
	}
	if n := len(m.spans); n > 0 && from <= m.spans[n-1].To {
		m.spans[n-1].From = min(m.spans[n-1].From, from)
		m.spans[n-1].To = max(m.spans[n-1].To, to)
		return
	}
	m.spans = append(m.spans, Span{from, to})
}

// Piece is a part of a text that is marked or not.
type Piece struct {
	Text string
	Hit  bool
}

// Pieces cuts a text at its marks.
func Pieces(text string, marks []Span) []Piece {
	var out []Piece
	at := 0
	for _, m := range marks {
		if m.From > at {
			out = append(out, Piece{Text: text[at:m.From]})
		}
		out = append(out, Piece{Text: text[m.From:m.To], Hit: true})
		at = m.To
	}
	if at < len(text) {
		out = append(out, Piece{Text: text[at:]})
	}
	return out
}

// Around is the part of a text about its first mark: up to before characters in front of it and as many in all as
// width, with an ellipsis where something was left out. Without a mark it is the beginning.
func Around(text string, marks []Span, before, width int) []Piece {
	start := 0
	if len(marks) > 0 {
		start = back(text, marks[0].From, before)
	}
	end, n := start, 0
	for end < len(text) && n < width {
		_, size := utf8.DecodeRuneInString(text[end:])
		end, n = end+size, n+1
	}
	var inside []Span
	for _, m := range marks {
		if m.From >= start && m.From < end {
			inside = append(inside, Span{m.From - start, min(m.To, end) - start})
		}
	}
	out := Pieces(text[start:end], inside)
	if start > 0 {
		out = append([]Piece{{Text: "…"}}, out...)
	}
	if end < len(text) {
		out = append(out, Piece{Text: "…"})
	}
	return out
}

// back is the place n characters before i.
func back(text string, i, n int) int {
	for ; i > 0 && n > 0; n-- {
		_, size := utf8.DecodeLastRuneInString(text[:i])
		i -= size
	}
	return i
}
