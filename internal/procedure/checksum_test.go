package procedure

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// Numbers that are printed in the standards, or that their bearers publish.
func TestChecksumsOfKnownNumbers(t *testing.T) {
	for _, c := range []struct {
		number, of string
		check      func(string) bool
		right      bool
	}{
		{"11010519491231002X", "GB 11643-1999, example", mod11, true},
		{"440524188001010014", "GB 11643-1999, example", mod11, true},
		{"0000000218250097", "an ORCID that its register documents", mod11, true},
		{"000000021694233X", "an ORCID that its register documents", mod11, true},
		{"110105194912310021", "the same with another last digit", mod11, false},
		{"11010519491231020X", "two digits changed places", mod11, false},
		{"1101051949123100X2", "X where no check character stands", mod11, false},
		{"X", "nothing to check", mod11, false},
		{"", "nothing", mod11, false},
		{"91350100M000100Y43", "GB 32100-2015, example", gb32100, true},
		{"9144030071526726XG", "Tencent", gb32100, true},
		{"914403001922038216", "Huawei", gb32100, true},
		{"91350100M000100Y4O", "a letter that is none of the code", gb32100, false},
		{"91350100M000100Y34", "two characters changed places", gb32100, false},
		{"91350100M000100Y4", "too short", gb32100, false},
		{"91350100M000100Y430", "too long", gb32100, false},
	} {
		if got := c.check(c.number); got != c.right {
			t.Errorf("%s (%s): %v", c.number, c.of, got)
		}
	}
}

// What the check digits are for: one wrong character, or two neighbours that changed places, is always found.
func TestChecksumsFindOneMistake(t *testing.T) {
	for _, c := range []struct {
		number, characters string
		check              func(string) bool
	}{
		{"11010519491231002X", "0123456789", mod11},
		{"91350100M000100Y43", gb32100Characters, gb32100},
	} {
		rapid.Check(t, func(rt *rapid.T) {
			at := rapid.IntRange(0, len(c.number)-2).Draw(rt, "at")
			wrong := []byte(c.number)
			if rapid.Bool().Draw(rt, "swap") {
				wrong[at], wrong[at+1] = wrong[at+1], wrong[at]
			} else {
				wrong[at] = c.characters[rapid.IntRange(0, len(c.characters)-1).Draw(rt, "character")]
			}
			if string(wrong) != c.number && c.check(string(wrong)) {
				rt.Fatalf("%s passes for %s", wrong, c.number)
			}
		})
	}
}

// However it is typed, it is kept in one form.
func TestIdentifiersAreBroughtIntoOneForm(t *testing.T) {
	for typed, want := range map[string]string{
		"11010519491231002x":     "11010519491231002X",
		" 110105 19491231 002X ": "11010519491231002X",
		"１１０１０５１９４９１２３１００２Ｘ": "11010519491231002X",
		"9135-0100-M000100Y43": "91350100M000100Y43",
		"甲1":                   "甲1",
	} {
		if got := identifier(typed); got != want {
			t.Errorf("%q becomes %q", typed, got)
		}
	}
}

func FuzzChecksum(f *testing.F) {
	f.Add("11010519491231002X")
	f.Add("91350100M000100Y43")
	f.Fuzz(func(t *testing.T, s string) {
		once := identifier(s)
		if identifier(once) != once {
			t.Errorf("%q is not settled", once)
		}
		if mod11(s) && strings.ContainsFunc(s, func(r rune) bool { return r != 'X' && (r < '0' || r > '9') }) {
			t.Errorf("%q passes", s)
		}
		gb32100(s)
	})
}
