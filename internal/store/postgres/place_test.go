package postgres

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// Every matter of a range has one of the range's places among its tokens, and the places are few.
func TestPlacesHoldTheRange(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		low := rapid.Int64Range(202600000000, 202700000000).Draw(rt, "low")
		high := low + rapid.Int64Range(1, 3<<20).Draw(rt, "numbers")
		in := places(7, low, high)
		if most := 2*16 + 2*16 + int((high-low)>>18) + 2; len(in) > most {
			rt.Errorf("%d places for %d numbers", len(in), high-low)
		}
		has := func(id int64) bool {
			return slices.ContainsFunc(strings.Fields(searchTokens(7, id, nil)), func(p string) bool { return slices.Contains(in, p) })
		}
		for _, id := range []int64{low, high - 1, rapid.Int64Range(low, high-1).Draw(rt, "id")} {
			if !has(id) {
				rt.Errorf("%d is not in %v", id, in)
			}
		}
		for _, id := range []int64{floor(low) - 1, floor(high-1) + 1<<rangeBits(0)} {
			if has(id) {
				rt.Errorf("%d, a small range beyond, is in %v", id, in)
			}
		}
	})
}

func TestPlacesAreNoWordsAndDifferByLog(t *testing.T) {
	tokens := strings.Fields(searchTokens(3, 202600000018, []string{"漏水", "pipe"}))
	if !slices.Equal(tokens[:2], []string{"漏水", "pipe"}) || len(tokens) != 2+levels {
		t.Fatalf("tokens %q", tokens)
	}
	for _, p := range tokens[2:] {
		if !strings.HasPrefix(p, "#3") {
			t.Errorf("place %q could be a word, or another log's", p)
		}
	}
	if got := searchTokens(3, 202600000018, nil); strings.HasPrefix(got, " ") || len(strings.Split(got, " ")) != levels {
		t.Errorf("a matter without words has the tokens %q", got)
	}
}
