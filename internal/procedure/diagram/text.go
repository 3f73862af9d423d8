package diagram

import (
	"strings"
	"unicode"

	"golang.org/x/text/width"
)

// breadth is how wide a text is at most in the sans-serif letters of common systems, in the unit of size. East
// Asian characters are as wide as high (UAX 11); for others there are a few classes, rounded up.
func breadth(s string, size float64, bold bool) float64 {
	sum := 0.0
	for _, r := range s {
		sum += advance(r)
	}
	if bold {
		sum *= 1.08
	}
	return sum * size
}

func advance(r rune) float64 {
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return 1
	}
	switch {
	case unicode.Is(unicode.Mn, r):
		return 0
	case strings.ContainsRune("iljtfrI.,:;'|!()[]/ ", r):
		return 0.38
	case strings.ContainsRune("mwMWQ@%–", r):
		return 0.96
	case strings.ContainsRune("—…“”‘’·", r): // as wide as a character where the letters are East Asian
		return 1
	case unicode.IsUpper(r):
		return 0.74
	case unicode.IsDigit(r), unicode.IsLower(r):
		return 0.61
	}
	return 0.8
}

// wrapped breaks a text into lines that are no wider than most: between words, and between East Asian characters
// but not before closing or after opening punctuation.
func wrapped(s string, size float64, bold bool, most float64) []string {
	return fitted(pieces(s), size, bold, most)
}

// fitted puts pieces into lines that are no wider than most; only a piece that alone is wider is broken.
func fitted(parts []string, size float64, bold bool, most float64) []string {
	var all, lines []string
	for _, part := range parts {
		if breadth(part, size, bold) > most {
			all = append(all, pieces(part)...)
			continue
		}
		all = append(all, part)
	}
	line := ""
	for _, piece := range all {
		if line != "" && breadth(strings.TrimRight(line+piece, " "), size, bold) > most {
			lines = append(lines, strings.TrimRight(line, " "))
			line = strings.TrimLeft(piece, " ")
			continue
		}
		line += piece
	}
	if line = strings.TrimRight(line, " "); line != "" || len(lines) == 0 {
		lines = append(lines, line)
	}
	return lines
}

// names cuts a list of people after each of them.
func names(list string) []string {
	if strings.Contains(list, "、") {
		return strings.SplitAfter(list, "、")
	}
	return strings.SplitAfter(list, ", ")
}

// longestWord is from where on a word is broken like East Asian text.
const longestWord = 18

// pieces cuts a text where a line may end; a space stays with the word before it.
func pieces(s string) []string {
	var all []string
	piece, n := "", 0
	var last rune
	for _, r := range s {
		n++
		if piece != "" && mayBreak(last, r, n) {
			all = append(all, piece)
			piece, n = "", 1
		}
		piece += string(r)
		last = r
	}
	return append(all, piece)
}

func mayBreak(a, b rune, n int) bool {
	switch {
	case strings.ContainsRune("，。、；：？！）》」』”’)]}…·,.;:?! ", b), strings.ContainsRune("（《「『“‘([{", a):
		return false
	case a == ' ', a == '-', n > longestWord:
		return true
	}
	return isWide(a) || isWide(b)
}

func isWide(r rune) bool {
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return true
	}
	return false
}
