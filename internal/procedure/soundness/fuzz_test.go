package soundness_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"luoshi/internal/procedure"
	"luoshi/internal/procedure/soundness"
	"luoshi/procedures"
)

// FuzzCheckSource: whatever is checked, every finding has a place, a known rule, words and a way that begins at the
// opening; what has no error can be walked again with the same result.
func FuzzCheckSource(f *testing.F) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		f.Fatalf("no declarations: %v", err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		snippet, _, _ := strings.Cut(string(data), separator)
		f.Add([]byte(overlay(small(f), snippet+"\n")))
	}
	for _, name := range []string{"people-mediation.yaml", "petition.yaml", "hotline-order.yaml"} {
		src, err := procedures.FS.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(src)
	}
	f.Add([]byte("a: &a [*a]"))
	f.Add([]byte("format: luoshi-procedure/1\nformat: luoshi-procedure/1\n"))
	f.Add([]byte("include: petition.yaml\n"))
	rules := slices.Concat(procedure.Rules(), soundness.Rules())
	options := soundness.Options{Kinds: kinds(f), Most: 2_000}
	f.Fuzz(func(t *testing.T, src []byte) {
		p, found := soundness.CheckSource("fuzz.yaml", src, options)
		if p == nil && len(found) == 0 {
			t.Fatal("neither a procedure nor a finding")
		}
		for _, x := range found {
			if x.File != "fuzz.yaml" || x.Line < 1 || x.Col < 1 || x.Message == "" || !slices.Contains(rules, x.Rule) {
				t.Errorf("%+v", x)
			}
			if len(x.Path) > 0 && (x.Path[0].Event != procedure.EventOpen || x.Path[0].State != p.Open.To) {
				t.Errorf("a way that does not begin at the opening: %+v", x)
			}
		}
	})
}
