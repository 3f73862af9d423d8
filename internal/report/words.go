package report

// words is a set of words that is looked up at a place of the text: by first rune for what begins there, by last rune
// for what ends there.
type words struct {
	byFirst, byLast map[rune][][]rune
}

func newWords(list []string) words {
	w := words{map[rune][][]rune{}, map[rune][][]rune{}}
	for _, word := range list {
		r := []rune(word)
		w.byFirst[r[0]] = append(w.byFirst[r[0]], r)
		w.byLast[r[len(r)-1]] = append(w.byLast[r[len(r)-1]], r)
	}
	return w
}

// lexicon holds the words that are looked up everywhere.
type lexicon struct {
	postEnds, afterName, verbsAfterName, notNames, speechVerbs, imperatives, beforeModal, notModal, stillModal, goesOnDoing, furtherImperatives, postsBehind words
}

func newLexicon() lexicon {
	return lexicon{newWords(postEnds()), newWords(afterName()), newWords(verbsAfterName()), newWords(notNames()), newWords(speechVerbs()),
		newWords(imperatives()), newWords(beforeModal()), newWords(notModal()), newWords(stillModal()), newWords(goesOnDoing()), newWords(furtherImperatives()), newWords(postsBehind())}
}

// begins gives the length of the longest word of a set that stands at i, within the place; 0 when none does.
func (s *source) begins(i, end int, set words) int {
	best := 0
	for _, w := range set.byFirst[s.at(i)] {
		if len(w) > best && i+len(w) <= end && equal(s.norm[i:i+len(w)], w) {
			best = len(w)
		}
	}
	return best
}

// closes gives the length of the longest word of a set that ends before end, and not before start; 0 when none does.
func (s *source) closes(start, end int, set words) int {
	best := 0
	for _, w := range set.byLast[s.at(end-1)] {
		if len(w) > best && end-len(w) >= start && equal(s.norm[end-len(w):end], w) {
			best = len(w)
		}
	}
	return best
}

func equal(a, b []rune) bool {
	for i := range b {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}
