package desk

import (
	"testing"

	"luoshi/internal/casework"
	"luoshi/internal/web/matter"
	"luoshi/internal/web/site"
)

func TestScalesAreWrittenShort(t *testing.T) {
	for lang, want := range map[string]map[int64]string{
		"en": {0: "0", 60: "60", 9000: "9,000", 15_000: "15k", 200_000: "200k"},
		"zh": {0: "0", 60: "60", 9000: "9,000", 15_000: "1.5万", 200_000: "20万"},
	} {
		words := words{matter.Words{Words: site.Words{Lang: lang}}}
		table := new(Pages).tables(words, "")
		for n, text := range want {
			if got := table.axis(n); got != text {
				t.Errorf("%s: %d is written %q, want %q", lang, n, got, text)
			}
		}
	}
}

func TestAReaderOfOneProcedureIsNotToldItInEveryRow(t *testing.T) {
	for _, c := range []struct {
		procedures []string
		one        bool
	}{{nil, true}, {[]string{"a@1"}, true}, {[]string{"a@1", "a@2"}, true}, {[]string{"a@1", "b@1"}, false}, {[]string{"a@1", "ab@1"}, false}} {
		var counts []casework.Count
		for _, p := range c.procedures {
			counts = append(counts, casework.Count{Procedure: p, N: 1})
		}
		if got := oneKind(counts); got != c.one {
			t.Errorf("%v: %v", c.procedures, got)
		}
	}
}
