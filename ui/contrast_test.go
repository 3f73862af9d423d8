package ui_test

import (
	"io/fs"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"luoshi/ui"
)

// tokens are the colours of the sheet by name, of the light and of the dark scheme; dark falls back on light as in a
// browser.
func tokens(t *testing.T) (light, dark map[string]string) {
	t.Helper()
	b, err := fs.ReadFile(ui.FS, "shared/tokens.css")
	if err != nil {
		t.Fatal(err)
	}
	before, after, ok := strings.Cut(string(b), "prefers-color-scheme: dark")
	if !ok {
		t.Fatal("the sheet has no dark scheme")
	}
	read := func(css string, into map[string]string) map[string]string {
		for _, m := range regexp.MustCompile(`--([a-z-]+): (#[0-9a-f]{6});`).FindAllStringSubmatch(css, -1) {
			into[m[1]] = m[2]
		}
		return into
	}
	light, dark = read(before, map[string]string{}), map[string]string{}
	for name, colour := range light {
		dark[name] = colour
	}
	return light, read(after, dark)
}

// luminance is the relative luminance of WCAG 2.2 of a colour such as #1b1d22.
func luminance(t *testing.T, colour string) float64 {
	t.Helper()
	n, err := strconv.ParseUint(strings.TrimPrefix(colour, "#"), 16, 32)
	if err != nil || len(colour) != 7 {
		t.Fatalf("%q is no colour", colour)
	}
	channel := func(shift int) float64 {
		c := float64(n>>shift&255) / 255
		if c <= 0.04045 {
			return c / 12.92
		}
		return math.Pow((c+0.055)/1.055, 2.4)
	}
	return 0.2126*channel(16) + 0.7152*channel(8) + 0.0722*channel(0)
}

func contrast(t *testing.T, a, b string) float64 {
	t.Helper()
	x, y := luminance(t, a), luminance(t, b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

func TestContrastIsComputedAsWCAGDoes(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want float64
	}{{"#000000", "#ffffff", 21}, {"#777777", "#ffffff", 4.48}, {"#1b1d22", "#1b1d22", 1}} {
		if got := contrast(t, c.a, c.b); math.Abs(got-c.want) > 0.01 {
			t.Errorf("%s on %s: %.2f, want %.2f", c.a, c.b, got, c.want)
		}
	}
}

// Text keeps 4.5:1 on what it may stand on (WCAG 2.2, 1.4.3); the edges of what can be used keep 3:1 (1.4.11).
func TestColoursHaveEnoughContrast(t *testing.T) {
	text := map[string][]string{
		"ink":        {"paper", "sheet", "plain-paper", "tint", "late-paper", "soon-paper", "good-paper"},
		"soft":       {"paper", "sheet", "plain-paper", "tint"},
		"link":       {"paper", "sheet", "tint"},
		"accent":     {"paper", "sheet", "tint"},
		"accent-ink": {"accent", "accent-deep"},
		"late":       {"paper", "sheet", "late-paper"},
		"late-ink":   {"late"},
		"late-paper": {"late"}, "soon-paper": {"soon"}, "good-paper": {"good"}, "tint": {"accent"},
		"soon": {"paper", "sheet", "soon-paper"},
		"good": {"paper", "sheet", "good-paper"},
	}
	edges := map[string][]string{
		"edge": {"paper", "sheet", "plain-paper"}, "focus": {"paper", "sheet", "tint", "plain-paper"}, "accent": {"paper", "sheet"},
	}
	light, dark := tokens(t)
	for scheme, colours := range map[string]map[string]string{"light": light, "dark": dark} {
		check := func(pairs map[string][]string, least float64) {
			for over, unders := range pairs {
				for _, under := range unders {
					if colours[over] == "" || colours[under] == "" {
						t.Fatalf("%s: %s or %s is not in the sheet", scheme, over, under)
					}
					if got := contrast(t, colours[over], colours[under]); got < least {
						t.Errorf("%s: %s on %s has %.2f:1, less than %.1f:1", scheme, over, under, got, least)
					}
				}
			}
		}
		check(text, 4.5)
		check(edges, 3)
	}
}

// Colours are named in one place, so that the test above sees them all.
func TestNoOtherSheetNamesAColour(t *testing.T) {
	colour := regexp.MustCompile(`#[0-9a-fA-F]{3,8}\b|\b(rgb|hsl|oklch)a?\(`)
	err := fs.WalkDir(ui.FS, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".css") || path == "shared/tokens.css" || path == "shared/print.css" {
			return err
		}
		b, err := fs.ReadFile(ui.FS, path)
		if m := colour.Find(b); m != nil {
			t.Errorf("%s names the colour %s: give it a name in shared/tokens.css", path, m)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
