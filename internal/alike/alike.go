// Package alike finds texts that say the same in the same words: the report that several offices hand in, or one office
// twice. It compares words and not meaning, works for Chinese and for languages with spaces, and knows nothing of where
// the texts come from. It must not say that somebody copied: two texts are alike, and a person looks.
//
// A text is normalised (Unicode NFKC, small letters, only letters and digits, figures as one sign each so that another
// number does not hide the same sentence). Its hash finds the same text. Near ones are found by shingles, overlapping
// pieces of five signs: A. Z. Broder, On the resemblance and containment of documents (1997). Resemblance is the number of shingles
// that both have, divided by those that either has.
package alike

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Bounds of what is compared.
const (
	shingle = 5  // signs of a piece
	least   = 20 // signs of a text; a shorter one says too little to be a copy
)

// Enough is the resemblance from which two texts are worth a look.
const Enough = 0.7

// Text is a text ready to be compared. The zero Text is alike to nothing.
type Text struct {
	signs  int
	hash   string
	pieces []uint64 // hashes of the shingles, sorted, each once
}

// New makes a text ready.
func New(text string) Text {
	signs := normalised(text)
	if len(signs) < least {
		return Text{signs: len(signs)}
	}
	sum := sha256.Sum256([]byte(string(signs)))
	t := Text{signs: len(signs), hash: hex.EncodeToString(sum[:])}
	for i := 0; i+shingle <= len(signs); i++ {
		t.pieces = append(t.pieces, piece(signs[i:i+shingle]))
	}
	slices.Sort(t.pieces)
	t.pieces = slices.Compact(t.pieces)
	return t
}

// Hash is the same for texts that differ in spaces, marks, letter case and figures alone, in lower-case hexadecimal; ""
// for a text that is too short to be compared.
func (t Text) Hash() string { return t.hash }

// Resemblance of two texts is from 0 to 1; 1 means the same words in the same order, up to repetition.
func (t Text) Resemblance(u Text) float64 {
	if t.hash == "" || u.hash == "" {
		return 0
	}
	both := 0
	for i, j := 0, 0; i < len(t.pieces) && j < len(u.pieces); {
		switch cmp.Compare(t.pieces[i], u.pieces[j]) {
		case 0:
			both, i, j = both+1, i+1, j+1
		case -1:
			i++
		default:
			j++
		}
	}
	return float64(both) / float64(len(t.pieces)+len(u.pieces)-both)
}

// normalised is what is compared of a text: its letters, and 0 for each row of figures.
func normalised(text string) []rune {
	var out []rune
	figures := false
	for _, r := range strings.ToLower(norm.NFKC.String(text)) {
		figure := unicode.IsDigit(r)
		switch {
		case figure && !figures:
			out = append(out, '0')
		case !figure && unicode.IsLetter(r):
			out = append(out, r)
		case !figure && !unicode.IsMark(r) && !unicode.IsLetter(r):
			if !unicode.IsSpace(r) && !unicode.IsPunct(r) && !unicode.IsSymbol(r) {
				continue
			}
		}
		figures = figure
	}
	return out
}

// piece is a hash of signs: FNV-1a of their code points.
func piece(signs []rune) uint64 {
	h := uint64(14695981039346656037)
	for _, r := range signs {
		for shift := 0; shift < 32; shift += 8 {
			h = (h ^ uint64(byte(r>>shift))) * 1099511628211
		}
	}
	return h
}
