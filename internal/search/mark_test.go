package search

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// marked writes a text with its marks in brackets.
func marked(pieces []Piece) string {
	var b strings.Builder
	for _, p := range pieces {
		if p.Hit {
			b.WriteString("[" + p.Text + "]")
		} else {
			b.WriteString(p.Text)
		}
	}
	return b.String()
}

func TestMarks(t *testing.T) {
	for _, c := range []struct{ text, query, want string }{
		{"屋顶漏水三个月", "漏水", "屋顶[漏水]三个月"},
		{"屋顶漏水，楼上漏水管", "漏水管", "屋顶[漏水]，楼上[漏水管]"}, // both pairs are looked for, each where it stands
		{"Roof leaks; the ROOF leaks", "roof", "[Roof] leaks; the [ROOF] leaks"},
		{"roofing", "roof", "roofing"},
		{"No. 2026-00000123-X is it", "2026-00000123-X", "No. [2026]-[00000123]-[X] is it"},
		{"No. 2026-00000123-X is it", "202600000123x", "No. [2026-00000123-X] is it"},
		{"Ｒｏｏｆ 漏", "roof 漏", "[Ｒｏｏｆ] [漏]"},
		{"cafe\u0301 noir", "café", "[cafe\u0301] noir"},
		{"the ﬁle", "file", "the [ﬁle]"},
		{"漏\u200b水", "漏水", "[漏\u200b水]"},
		{"nothing here", "漏水", "nothing here"},
		{"<b>漏水</b>", "漏水", "<b>[漏水]</b>"},
		{"", "漏水", ""},
	} {
		if got := marked(Pieces(c.text, Marks(c.text, Query(c.query)))); got != c.want {
			t.Errorf("%q in %q: %q, want %q", c.query, c.text, got, c.want)
		}
	}
}

// What a query finds is marked, and marks are in order, apart and at the borders of characters.
func TestMarksAreWhereTheTokensAre(t *testing.T) {
	letters := rapid.SliceOfN(rapid.SampledFrom([]rune("ab漏水管-, é\u0301ﬁＡ\u200b한ー1")), 0, 30)
	rapid.Check(t, func(t *rapid.T) {
		text, query := string(letters.Draw(t, "text")), string(letters.Draw(t, "query"))
		tokens := Query(query)
		marks := Marks(text, tokens)
		hit := slices.ContainsFunc(Of(text, ""), func(tok string) bool { return slices.Contains(tokens, tok) })
		if hit != (len(marks) > 0) {
			t.Fatalf("tokens of %q in %q: found %v, marked %v", query, text, hit, marks)
		}
		var all strings.Builder
		for _, p := range Pieces(text, marks) {
			all.WriteString(p.Text)
		}
		if all.String() != text {
			t.Fatalf("the pieces of %q make %q", text, all.String())
		}
		for i, m := range marks {
			if m.From >= m.To || i > 0 && m.From <= marks[i-1].To {
				t.Fatalf("marks %v of %q", marks, text)
			}
		}
	})
}

func TestAround(t *testing.T) {
	text := "一二三四五六七八九十漏水十二三四五六七八九十"
	got := Around(text, Marks(text, Query("漏水")), 4, 12)
	want := []Piece{{Text: "…"}, {Text: "七八九十"}, {Text: "漏水", Hit: true}, {Text: "十二三四五六"}, {Text: "…"}}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if got := marked(Around("short 漏水", Marks("short 漏水", Query("漏水")), 40, 100)); got != "short [漏水]" {
		t.Error(got)
	}
	if got := marked(Around("no mark at all", nil, 4, 7)); got != "no mark…" {
		t.Error(got)
	}
}
