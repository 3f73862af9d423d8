package soundness_test

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"luoshi/internal/procedure"
	"luoshi/internal/procedure/soundness"
)

var update = flag.Bool("update", false, "write the findings into testdata")

const separator = "\n----------\n" // between declaration and expected findings

// small is the smallest declaration that has nothing wrong with it.
func small(t testing.TB) string {
	t.Helper()
	data, err := os.ReadFile("../testdata/sound.txt")
	if err != nil {
		t.Fatal(err)
	}
	src, _, _ := strings.Cut(string(data), separator)
	return src + "\n"
}

var topMember = regexp.MustCompile(`(?m)^([a-z_]+):`)

// overlay replaces the top-level members of src by those of the snippet, which come last.
func overlay(src, snippet string) string {
	var replaced []string
	for _, m := range topMember.FindAllStringSubmatch(snippet, -1) {
		replaced = append(replaced, m[1])
	}
	var out strings.Builder
	starts := topMember.FindAllStringSubmatchIndex(src, -1)
	for i, s := range starts {
		end := len(src)
		if i+1 < len(starts) {
			end = starts[i+1][0]
		}
		if !slices.Contains(replaced, src[s[2]:s[3]]) {
			out.WriteString(src[s[0]:end])
		}
	}
	return out.String() + snippet
}

// shown are the findings in both languages, each with the way that leads there.
func shown(found []procedure.Finding) string {
	var b strings.Builder
	for _, f := range found {
		fmt.Fprintf(&b, "%s\n  %s: %s\n", f, f.Severity, f.In("zh"))
		for i, m := range f.Path {
			if i == 0 {
				b.WriteString(" ")
			}
			fmt.Fprintf(&b, " %s → %s", m.Event, m.State)
			if i == len(f.Path)-1 {
				b.WriteString("\n")
			} else {
				b.WriteString(",")
			}
		}
	}
	return b.String()
}

// check checks one declaration.
func check(t testing.TB, src string) []procedure.Finding {
	t.Helper()
	p, err := procedure.Load("a.yaml", []byte(src))
	var found *procedure.Errors
	if errors.As(err, &found) {
		t.Fatalf("the declaration does not load:\n%v", err)
	}
	return soundness.Check(p, withPacks(t))
}

// TestGolden: each file of testdata is a snippet over the small declaration, named after the rule it breaks, with a
// suffix where there are several; then what is found.
func TestGolden(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no golden files: %v", err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".txt")
		t.Run(name, func(t *testing.T) {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			snippet, want, ok := strings.Cut(string(data), separator)
			if !ok {
				t.Fatal("the separator is missing")
			}
			found := check(t, overlay(small(t), snippet+"\n"))
			got := shown(found)
			if *update {
				if err := os.WriteFile(file, []byte(snippet+separator+got), 0o644); err != nil {
					t.Fatal(err)
				}
			} else if diff := cmp.Diff(want, got); diff != "" {
				t.Error("findings (-want +got):\n" + diff)
			}
			rule, _, _ := strings.Cut(name, ".")
			if len(found) == 0 && rule != "sound" {
				t.Error("nothing was found")
			}
			for _, f := range found {
				if f.Rule != rule {
					t.Errorf("a finding of another rule: %v", f)
				}
				if f.Line < 1 || f.Col < 1 || f.In("zh") == f.In("en") {
					t.Errorf("no place or no words: %+v", f)
				}
			}
		})
	}
}

func TestEveryRuleHasAGoldenFile(t *testing.T) {
	for _, rule := range soundness.Rules() {
		if _, err := os.Stat(filepath.Join("testdata", rule+".txt")); err != nil {
			t.Error(err)
		}
	}
}
