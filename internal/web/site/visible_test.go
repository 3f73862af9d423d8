package site

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestVisibleShowsWhatWouldAct(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"ordinary text stays", "邻居 Müller\n\tzwei", "邻居 Müller\n\tzwei"},
		{"a bell becomes its symbol", "a\x07b", "a␇b"},
		{"a null becomes its symbol", "a\x00b", "a␀b"},
		{"an escape becomes its symbol", "\x1b[31m", "␛[31m"},
		{"delete becomes its symbol", "\x7f", "␡"},
		{"a right-to-left override becomes its code point", "a\u202egnp.exe", "a[U+202E]gnp.exe"},
		{"an isolate becomes its code point", "\u2067x\u2069", "[U+2067]x[U+2069]"},
		{"a zero-width space becomes its code point", "a\u200bb", "a[U+200B]b"},
		{"hidden tag letters become their code points", "\U000e0041", "[U+E0041]"},
		{"a C1 control becomes its code point", "\u0085", "[U+0085]"},
		{"joiners that scripts and emoji need stay", "👨\u200d👩", "👨\u200d👩"},
		{"right-to-left letters stay", "שלום", "שלום"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if d := cmp.Diff(c.want, Visible(c.in)); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestVisibleTextNeverActs(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		out := Visible(string(rapid.SliceOf(rapid.Byte()).Draw(rt, "bytes")) + rapid.String().Draw(rt, "text"))
		if !utf8.ValidString(out) || strings.ContainsFunc(out, acts) {
			rt.Fatalf("%q", out)
		}
		if Visible(out) != out {
			rt.Fatalf("shown twice it changes: %q", out)
		}
	})
}

func TestSealedWordsComeBackAndNothingElseOpens(t *testing.T) {
	s, err := newSealer(make([]byte, 32))
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(rt *rapid.T) {
		words := rapid.String().Draw(rt, "words")
		sealed := s.Seal(words)
		if got := s.Open(sealed); got != words {
			rt.Fatalf("%q became %q", words, got)
		}
		if words != "" && strings.Contains(sealed, words) && len(words) > 3 {
			rt.Fatal("the words stand in the address")
		}
		if other := rapid.String().Draw(rt, "other"); other != sealed && s.Open(other) != "" {
			rt.Fatalf("%q opened", other)
		}
	})
}

func TestNextLeadsOnlyToTheDesk(t *testing.T) {
	for next, want := range map[string]string{
		"":                               "/desk",
		"/desk":                          "/desk",
		"/desk/m/2026-00000001-X":        "/desk/m/2026-00000001-X",
		"https://elsewhere.example/":     "/desk",
		"//elsewhere.example/desk":       "/desk",
		"/\\elsewhere.example":           "/desk",
		"/desktop":                       "/desk",
		"/logout":                        "/desk",
		"https://elsewhere.example/desk": "/desk",
	} {
		if got := desk(next); got != want {
			t.Errorf("%s led to %s", next, got)
		}
	}
}

func TestLanguageIsChosenThenAskedForThenChinese(t *testing.T) {
	for _, c := range []struct{ name, cookie, accept, want string }{
		{"nothing said gives Chinese", "", "", "zh"},
		{"the browser's language is taken", "", "en-GB,en;q=0.8", "en"},
		{"the better of two is taken", "", "fr;q=0.9, en;q=0.5, zh;q=0.1", "en"},
		{"an unknown language gives Chinese", "", "fr", "zh"},
		{"the cookie wins", "zh", "en", "zh"},
		{"an unknown cookie is ignored", "xx", "en", "en"},
		{"a broken header gives Chinese", "", ";;;q=", "zh"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := httptest.NewRequest(http.MethodGet, "/", nil)
			if c.cookie != "" {
				r.AddCookie(&http.Cookie{Name: languageCookie, Value: c.cookie})
			}
			if c.accept != "" {
				r.Header.Set("Accept-Language", c.accept)
			}
			if got := LanguageOf(r); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}
