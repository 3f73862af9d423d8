// Package search cuts text into the tokens that full-text search stores and
// asks for. It is done here, not in a database, so that every store finds the
// same matters, also by Chinese words of two characters.
//
// It is pure. It must never return a token that means something to a query
// language: a token is made of ASCII letters and digits in lower case and of
// characters beyond ASCII, nothing else. A store splits at spaces only; for
// SQLite's FTS5 that is tokenize = 'ascii', for PostgreSQL an array of lexemes.
package search

import (
	"unicode"
	"unicode/utf8"
)

// Bounds that keep one hostile text from filling the index.
const (
	// MaxTokens is how many different tokens of one text are indexed; the rest
	// of the text is not found. Chinese prose of 20 pages stays below it.
	MaxTokens = 10_000
	// MaxQuery is how many tokens of a query are asked for. Further words are
	// ignored, so a very long query may find more than it says, never less.
	MaxQuery = 64
	// MaxBytes is the length at which a word is cut, at a character boundary,
	// in texts and queries alike.
	MaxBytes = 64
)

// Tokens are the different tokens of a text to be indexed, in order of first
// appearance, at most MaxTokens.
//
// The text is brought to NFKC and lower case. A run of Han, Kana or Hangul
// gives each character and each pair of neighbours; any other run of letters
// and digits is one word. Words joined by hyphens, such as 2026-00000123-X,
// are indexed one by one and also joined, 202600000123x. Combining marks,
// control and formatting characters (bidi marks, zero-width joiners) are
// dropped, other characters separate.
func Tokens(text string) []string { return Of(text, "") }

// Of are the tokens of a heading and a body together. They differ in one thing: in the body a run of two or
// more Han, Kana or Hangul gives its pairs only. One character alone is looked for in names and titles; in
// long text it would stand in every other matter, at the price of half the index.
func Of(heading, body string) []string {
	heading, body = normalize(heading), normalize(body)
	s := newSet((len(heading)+len(body))/3, MaxTokens)
	add := func(text string, cjk func(*set, string) bool) {
		eachRun(text, func(r run) bool {
			if r.cjk {
				return cjk(s, r.text)
			}
			return addWords(s, r.text)
		})
	}
	add(heading, addGrams)
	add(body, addPairs)
	return s.tokens
}

// Query are the tokens that a matter must all have to be found by q, in order,
// at most MaxQuery; none when q has no letter or digit. A run of Han, Kana or
// Hangul gives its pairs of neighbours, one character alone itself. Words
// joined by hyphens give each word, so that a part of a number is enough.
func Query(q string) []string {
	s := newSet(16, MaxQuery)
	eachRun(normalize(q), func(r run) bool {
		if r.cjk {
			return addPairs(s, r.text)
		}
		return eachWord(r.text, s.add)
	})
	return s.tokens
}

// addGrams adds every character and every pair of neighbours.
func addGrams(s *set, text string) bool {
	for i, last := 0, 0; i < len(text); {
		_, n := utf8.DecodeRuneInString(text[i:])
		if i > 0 && !s.add(text[last:i+n]) {
			return false
		}
		if !s.add(text[i : i+n]) {
			return false
		}
		last, i = i, i+n
	}
	return true
}

// addPairs adds every pair of neighbours, or the one character there is.
func addPairs(s *set, text string) bool {
	_, last := utf8.DecodeRuneInString(text)
	if last == len(text) {
		return s.add(text)
	}
	for start := 0; last < len(text); {
		_, n := utf8.DecodeRuneInString(text[last:])
		if !s.add(text[start : last+n]) {
			return false
		}
		start, last = last, last+n
	}
	return true
}

// addWords adds each word of a hyphenated run and, if there are several, the
// words joined.
func addWords(s *set, text string) bool {
	parts, joined := 0, make([]byte, 0, MaxBytes)
	ok := eachWord(text, func(w string) bool {
		parts++
		if len(joined) < MaxBytes {
			joined = append(joined, w...)
		}
		return s.add(w)
	})
	if !ok || parts < 2 {
		return ok
	}
	return s.add(cut(string(joined)))
}

// eachWord calls f for the words of a run between its hyphens, until f is false.
func eachWord(text string, f func(word string) bool) bool {
	for start, i := 0, 0; i <= len(text); i++ {
		if i < len(text) && text[i] != hyphen {
			continue
		}
		if i > start && !f(cut(text[start:i])) {
			return false
		}
		start = i + 1
	}
	return true
}

// cut shortens a word to MaxBytes without splitting a character.
func cut(w string) string {
	if len(w) <= MaxBytes {
		return w
	}
	end := MaxBytes
	for !utf8.RuneStart(w[end]) {
		end--
	}
	return w[:end]
}

// run is a stretch of clean text between separators, of one nature.
type run struct {
	text string
	cjk  bool
}

// eachRun cuts clean text at spaces and between CJK and other writing, until f
// is false.
func eachRun(clean string, f func(run) bool) {
	start, inCJK := 0, false
	flush := func(end int) bool {
		return end == start || f(run{clean[start:end], inCJK})
	}
	for i, r := range clean {
		now := isCJK(r)
		if r == ' ' || now != inCJK {
			if !flush(i) {
				return
			}
			start, inCJK = i, now
		}
		if r == ' ' {
			start = i + 1
		}
	}
	flush(len(clean))
}

// isCJK reports scripts written without spaces between words.
func isCJK(r rune) bool {
	switch {
	case r < 0x1100:
		return false
	case r >= 0x4E00 && r <= 0x9FFF, r >= 0xAC00 && r <= 0xD7A3:
		return true
	}
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Bopomofo) ||
		r == 'ー' // belongs to no script, lengthens a Kana
}

// isWord reports characters that tokens may hold beyond ASCII.
func isWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) }
