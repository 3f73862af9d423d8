package search

import (
	"slices"
	"testing"
)

func TestOneCharacterIsFoundInTheHeadingAndPairsEverywhere(t *testing.T) {
	tokens := Of("张三漏水", "邻居噪音 大 noise")
	for word, want := range map[string]bool{
		"张": true, "水": true, "三漏": true, "漏水": true, // heading
		"邻居": true, "噪音": true, "居噪": true, "noise": true, "大": true, // body; a character that stands alone is one word
		"邻": false, "音": false, "居": false, // single characters of the body
	} {
		got := !slices.ContainsFunc(Query(word), func(q string) bool { return !slices.Contains(tokens, q) })
		if got != want {
			t.Errorf("%s: found is %v", word, got)
		}
	}
}
