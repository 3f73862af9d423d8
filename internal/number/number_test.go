package number

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestParse(t *testing.T) {
	const want = "2026-00000124-8"
	for _, c := range []struct{ name, in, want string }{
		{"canonical stays", want, want},
		{"without dashes", "2026000001248", want},
		{"with spaces and other dashes", " 2026–0000 0124 — 8\n", want},
		{"full width", "2026-00000124-8", want},
		{"copied with invisible marks", "\u200e2026-00000124\u200b-8", want},
		{"small x", "2026-00000123-x", "2026-00000123-X"},
		{"full-width x without dashes", "202600000123x", "2026-00000123-X"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := Parse(c.in)
			if err != nil || got != c.want {
				t.Errorf("Parse(%q) = %q, %v; want %q", c.in, got, err, c.want)
			}
		})
	}
}

// The check characters of ISO/IEC 7064 MOD 11-2 worked out by its definition:
// the sum of a(i)·2^(i-1), counted from the right and the check first, is 1
// modulo 11.
func TestCheckFulfilsTheDefinition(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		body := rapid.StringMatching(`[0-9]{12}`).Draw(rt, "body")
		sum, weight := strings.IndexByte("0123456789X", check(body)), 2
		for i := len(body) - 1; i >= 0; i-- {
			sum += int(body[i]-'0') * weight
			weight = weight * 2 % 11
		}
		if sum%11 != 1 {
			rt.Fatalf("%s%c is %d modulo 11", body, check(body), sum%11)
		}
	})
	// The example of GB 11643 and of ISO/IEC 7064: 0794 has the check character 0.
	if c := check("0794"); c != '0' {
		t.Errorf("0794 gets %c, want 0", c)
	}
}

func TestParseSaysWhatIsWrong(t *testing.T) {
	for _, c := range []struct {
		name, in string
		want     Error
		zh       string
	}{
		{"empty", "", Error{Problem: WrongLength}, "事项编号应为13位(不计连字符),现为0位"},
		{"too short", "2026-123-4", Error{Problem: WrongLength, Found: 8}, "事项编号应为13位(不计连字符),现为8位"},
		{"endless", strings.Repeat("1", 1<<20), Error{Problem: WrongLength, Found: 49}, "事项编号应为13位(不计连字符),现为49位"},
		{"check character", "2026-00000123-5", Error{Problem: WrongCheck}, "事项编号的校验位不符:有数字输错,或相邻两位颠倒"},
		{"letter", "2026-0000O123-5", Error{Problem: WrongCharacter, Character: 'O'}, `事项编号中不能有"O"`},
		{"X in the middle", "2026-00X00123-5", Error{Problem: WrongCharacter, Character: 'X'}, `事项编号中不能有"X"`},
		{"control character", "2026\x00", Error{Problem: WrongCharacter}, "事项编号中不能有U+0000"},
		{"serial zero", canonical("202600000000"), Error{Problem: NeverGiven}, "事项编号不存在:不会发出这样的号码"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Parse(c.in)
			var got *Error
			if !errors.As(err, &got) {
				t.Fatalf("error %v", err)
			}
			if d := cmp.Diff(c.want, *got); d != "" {
				t.Error(d)
			}
			if got.Text("zh-CN") != c.zh {
				t.Errorf("zh: %s", got.Text("zh-CN"))
			}
			if en := got.Error(); !strings.Contains(en, "matter number") {
				t.Errorf("en: %s", en)
			}
		})
	}
}

func TestFormatRefusesWhatDoesNotFit(t *testing.T) {
	for _, c := range [][2]int{{999, 1}, {10000, 1}, {2026, 0}, {2026, -1}, {2026, MaxSerial + 1}} {
		if n, err := Format(c[0], c[1]); err == nil {
			t.Errorf("Format(%d, %d) = %s", c[0], c[1], n)
		}
	}
}

func drawNumber(rt *rapid.T) (n string, year, serial int) {
	year = rapid.IntRange(MinYear, MaxYear).Draw(rt, "year")
	serial = rapid.IntRange(1, MaxSerial).Draw(rt, "serial")
	n, err := Format(year, serial)
	if err != nil {
		rt.Fatal(err)
	}
	return n, year, serial
}

func TestSplitGivesBackWhatWasFormatted(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		n, year, serial := drawNumber(rt)
		if y, s, err := Split(n); err != nil || y != year || s != serial {
			rt.Fatalf("%s splits into %d, %d, %v", n, y, s, err)
		}
	})
}

func TestEverySingleWrongCharacterIsDetected(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		n, _, _ := drawNumber(rt)
		for i := range len(n) {
			if n[i] == '-' {
				continue
			}
			for _, c := range []byte("0123456789X") {
				wrong := n[:i] + string(c) + n[i+1:]
				if got, err := Parse(wrong); c != n[i] && err == nil {
					rt.Fatalf("%s changed to %s passes as %s", n, wrong, got)
				}
			}
		}
	})
}

func TestEverySwapOfNeighboursIsDetected(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		n, _, _ := drawNumber(rt)
		body := []byte(strings.ReplaceAll(n, "-", ""))
		for i := range len(body) - 1 {
			if body[i] == body[i+1] {
				continue
			}
			body[i], body[i+1] = body[i+1], body[i]
			if got, err := Parse(string(body)); err == nil {
				rt.Fatalf("%s passes as %s", body, got)
			}
			body[i], body[i+1] = body[i+1], body[i]
		}
	})
}

func FuzzParse(f *testing.F) {
	f.Add("2026-00000124-8")
	f.Add("202600000123x")
	f.Fuzz(func(t *testing.T, s string) {
		n, err := Parse(s)
		if err != nil {
			return
		}
		if again, err := Parse(n); err != nil || again != n {
			t.Errorf("%q reads as %s, that as %s, %v", s, n, again, err)
		}
	})
}
