package search

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"
)

func TestTokens(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"nothing gives nothing", "", ""},
		{"punctuation alone gives nothing", " ,。!?\"'*()\n-–—", ""},
		{"a Han run gives characters and pairs", "调解书", "调 调解 解 解书 书"},
		{"punctuation stops a pair", "水,电", "水 电"},
		{"Latin and Han part", "第3条A栋", "第 3 条 a 栋"},
		{"full width and capitals fold", "ABC12", "abc12"},
		{"half-width Kana fold and pair", "カナ", "カ カナ ナ"},
		{"Hangul pairs", "서울", "서 서울 울"},
		{"a decomposed letter composes", "Cafe\u0301", "café"},
		{"bidi and zero-width marks vanish", "调\u200b解\u202e abc\u200fdef", "调 调解 解 abcdef"},
		{"control characters vanish", "ab\x00c\x07d", "abcd"},
		{"white space separates", "ab\tc\nd\u3000e", "ab c d e"},
		{"a number is found whole and in parts", "2026-00000123-X", "2026 00000123 x 202600000123x"},
		{"stray hyphens join nothing", "-a- --", "a"},
		{"invalid bytes separate", "ab\xffcd", "ab cd"},
		{"rare Han outside the basic plane pairs", "𠮷野", "𠮷 𠮷野 野"},
		{"a repeated token comes once", "aa bb aa", "aa bb"},
		{"quotes and operators separate", `a"b' OR c*`, "a b or c"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if d := cmp.Diff(strings.Fields(c.want), append([]string{}, Tokens(c.text)...)); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestQuery(t *testing.T) {
	for _, c := range []struct{ name, q, want string }{
		{"one character asks for itself", "水", "水"},
		{"two characters ask for their pair", "调解", "调解"},
		{"a run asks for its pairs", "人民调解", "人民 民调 调解"},
		{"words are all asked for", "噪音 Boston 3号", "噪音 boston 3 号"},
		{"a number asks for its parts", "2026-00000123-5", "2026 00000123 5"},
		{"no letter asks for nothing", `"*" -- ()`, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			if d := cmp.Diff(strings.Fields(c.want), append([]string{}, Query(c.q)...)); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestBounds(t *testing.T) {
	var b strings.Builder
	for i := range 40_000 {
		b.WriteRune(rune(0x4E00 + i*7919%20000))
	}
	if n := len(Tokens(b.String())); n != MaxTokens {
		t.Errorf("%d tokens of a long text, want %d", n, MaxTokens)
	}
	if n := len(Query(b.String())); n != MaxQuery {
		t.Errorf("%d tokens of a long query, want %d", n, MaxQuery)
	}
	word := strings.Repeat("é", 500)
	if got, want := Tokens(word)[0], strings.Repeat("é", MaxBytes/2); got != want {
		t.Errorf("a long word is cut to %q", got)
	}
	if !slices.Equal(Tokens(word), Query(word)) {
		t.Error("text and query cut a long word differently")
	}
}

// Whatever is cut out of a text on whole runs or inside a Han run finds it.
func TestEveryPartOfATextFindsIt(t *testing.T) {
	alphabet := []rune("调解书水电2026-ab X,。 \u200b\tカナー한국é")
	rapid.Check(t, func(rt *rapid.T) {
		text := rapid.StringOfN(rapid.RuneFrom(alphabet), 1, 60, -1).Draw(rt, "text")
		tokens := Tokens(text)
		check := func(q string) {
			for _, want := range Query(q) {
				if !slices.Contains(tokens, want) {
					rt.Fatalf("%q lacks %q of the query %q", tokens, want, q)
				}
			}
		}
		check(text)
		for _, field := range strings.Fields(text) {
			check(field)
		}
		eachRun(normalize(text), func(r run) bool {
			if rs := []rune(r.text); r.cjk {
				from := rapid.IntRange(0, len(rs)-1).Draw(rt, "from")
				check(string(rs[from : rapid.IntRange(from, len(rs)-1).Draw(rt, "to")+1]))
			}
			return true
		})
	})
}

func FuzzTokens(f *testing.F) {
	for _, s := range []string{"", "调解 mediation", "2026-00000123-X", "İKÅ\u0130\u212a", "a\xffb\x00", "ffi㈱½", "e\u0301\u0301", "\u200d\U000e0001"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		tokens := Tokens(s)
		for _, list := range [][]string{tokens, Query(s)} {
			seen := map[string]bool{}
			for _, tok := range list {
				if seen[tok] {
					t.Errorf("%q comes twice", tok)
				}
				seen[tok] = true
				checkSafe(t, tok)
			}
		}
		if len(tokens) < MaxTokens {
			for _, q := range Query(s) {
				if !slices.Contains(tokens, q) {
					t.Errorf("%q is asked for but not indexed", q)
				}
			}
		}
	})
}

func checkSafe(t *testing.T, tok string) {
	t.Helper()
	if tok == "" || len(tok) > MaxBytes || !utf8.ValidString(tok) {
		t.Errorf("token %q is empty, too long or not UTF-8", tok)
	}
	for _, r := range tok {
		plain := r >= 'a' && r <= 'z' || r >= '0' && r <= '9'
		if r < utf8.RuneSelf && !plain || r >= utf8.RuneSelf && !isWord(r) {
			t.Errorf("token %q contains %q", tok, r)
		}
	}
}

var sample = strings.Repeat("申请人称,楼上住户自2026年3月起夜间装修,噪音影响休息,多次沟通无果,请求社区组织调解。", 5)[:600]

func BenchmarkTokensOf200Characters(b *testing.B) {
	b.ReportAllocs()
	b.ReportMetric(float64(utf8.RuneCountInString(sample)), "chars")
	for b.Loop() {
		Tokens(sample)
	}
}

func BenchmarkTokensOfDistinctText(b *testing.B) {
	var s strings.Builder
	for i := range 200 {
		s.WriteRune(rune(0x4E00 + i*7919%20000))
	}
	text := s.String()
	b.ReportAllocs()
	for b.Loop() {
		Tokens(text)
	}
}

func TestTheShortPathOfNormalizeAgreesWithTheTables(t *testing.T) {
	var all strings.Builder
	for r := rune(0); r <= 0xFFFF; r++ {
		if _, ok := ordinary(r); !ok {
			continue
		}
		all.WriteRune(r)
		if got, want := normalize(string(r)), cleaned(norm.NFKC.String(string(r))); got != want {
			t.Errorf("U+%04X: %q, want %q", r, got, want)
		}
	}
	if got, want := normalize(all.String()), cleaned(norm.NFKC.String(all.String())); got != want {
		t.Error("a text of all ordinary characters differs from the tables")
	}
}
