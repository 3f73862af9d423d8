package number

import (
	"bytes"
	"errors"
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

var written = regexp.MustCompile(`^([0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}$`)

func TestNewCodesAreWrittenInTheAlphabetAndDiffer(t *testing.T) {
	seen := map[string]bool{}
	for range 1000 {
		c := NewCode()
		if !written.MatchString(c) || seen[c] {
			t.Fatalf("%s is malformed or came twice", c)
		}
		seen[c] = true
	}
}

func TestDeriveCodeIsFixedByItsInputs(t *testing.T) {
	secret := bytes.Repeat([]byte{7}, 32)
	a := DeriveCode(secret, []byte("request 1"))
	// Computed once with Python's hmac and base64 modules; a change here would
	// lock out every resident whose answer was lost.
	if want := "0QN4-F8PH-RGKE-XYKA"; a != want {
		t.Errorf("derived %s, want %s", a, want)
	}
	if a == DeriveCode(secret, []byte("request 2")) || a == DeriveCode(bytes.Repeat([]byte{8}, 32), []byte("request 1")) {
		t.Error("another key or secret gives the same code")
	}
}

func TestParseCodeReadsWhatPeopleType(t *testing.T) {
	const want = "01AB-CDEF-GH1J-KMN0"
	for name, in := range map[string]string{
		"as written":         want,
		"small, no dashes":   "01abcdefgh1jkmn0",
		"letters for digits": "Oiab-cdef-ghLj-kmno",
		"spaces and dashes":  " 01AB CDEF—GH1J – KMN0\n",
		"full width":         "01AB-CDEF-GH1J-KMNO",
		"invisible marks":    "01AB\u200b-CDEF-\u2066GH1J-KMN0\u2069",
	} {
		t.Run(name, func(t *testing.T) {
			if got, err := ParseCode(in); err != nil || got != want {
				t.Errorf("ParseCode(%q) = %q, %v", in, got, err)
			}
		})
	}
}

func TestParseCodeSaysWhatIsWrong(t *testing.T) {
	for in, want := range map[string]Error{
		"":                       {Problem: WrongLength, Code: true},
		"01AB-CDEF":              {Problem: WrongLength, Code: true, Found: 8},
		"U1AB-CDEF-GH1J-KMN0":    {Problem: WrongCharacter, Code: true, Character: 'U'},
		"01AB-CDEF-GH1J-KMN调":    {Problem: WrongCharacter, Code: true, Character: '调'},
		strings.Repeat("A", 999): {Problem: WrongLength, Code: true, Found: 65},
	} {
		_, err := ParseCode(in)
		var got *Error
		if !errors.As(err, &got) || *got != want {
			t.Errorf("ParseCode(%q): %#v, want %#v", in, got, want)
		}
		if !strings.Contains(got.Text("zh"), "查询码") || !strings.Contains(got.Text("en"), "query code") {
			t.Errorf("texts %q, %q", got.Text("zh"), got.Text("en"))
		}
	}
}

func TestCodeHashBelongsToOneCodeAndOneMatter(t *testing.T) {
	code, other := NewCode(), NewCode()
	hash := CodeHash("2026-00000124-8", code)
	if len(hash) != 64 || strings.Contains(hash, code[:4]) && strings.Contains(hash, code[5:9]) {
		t.Errorf("hash %q", hash)
	}
	typed := strings.ToLower(strings.ReplaceAll(code, "-", " "))
	if !CodeEqual(hash, "2026-00000124-8", typed) {
		t.Error("the code as typed is refused")
	}
	for name, equal := range map[string]bool{
		"another code":   CodeEqual(hash, "2026-00000124-8", other),
		"another matter": CodeEqual(hash, "2026-00000125-6", code),
		"no hash":        CodeEqual("", "2026-00000124-8", code),
		"half a code":    CodeEqual(hash, "2026-00000124-8", code[:9]),
		"no code":        CodeEqual(hash, "2026-00000124-8", ""),
	} {
		if equal {
			t.Errorf("%s is accepted", name)
		}
	}
}

func TestEveryCodeReadsBackInAnySpelling(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		code := DeriveCode([]byte("secret"), rapid.SliceOf(rapid.Byte()).Draw(rt, "key"))
		spelled := strings.NewReplacer("0", rapid.SampledFrom([]string{"0", "o", "O", "0"}).Draw(rt, "zero"),
			"1", rapid.SampledFrom([]string{"1", "i", "L", "l"}).Draw(rt, "one"),
			"-", rapid.SampledFrom([]string{"", " ", "-", "—", "_"}).Draw(rt, "dash")).Replace(code)
		if got, err := ParseCode(spelled); err != nil || got != code {
			rt.Fatalf("%q reads as %q, %v; want %q", spelled, got, err, code)
		}
	})
}

func FuzzParseCode(f *testing.F) {
	f.Add("01AB-CDEF-GH1J-KMN0")
	f.Add("01AB cdef")
	f.Fuzz(func(t *testing.T, s string) {
		c, err := ParseCode(s)
		if err == nil && !written.MatchString(c) {
			t.Errorf("%q reads as %q", s, c)
		}
	})
}
