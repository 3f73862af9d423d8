package procedure_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"luoshi/internal/procedure"
)

var update = flag.Bool("update", false, "write the findings into testdata")

const (
	separator = "\n----------\n" // between declaration and expected findings
	nextFile  = "==========\n"   // between declarations of one folder
)

// findings loads the declarations of a folder a.yaml, b.yaml … and returns what is wrong, one finding a line.
func findings(declarations string) string {
	fsys := fstest.MapFS{}
	for i, src := range strings.Split(declarations, nextFile) {
		fsys[fmt.Sprintf("%c.yaml", 'a'+i)] = &fstest.MapFile{Data: []byte(src)}
	}
	if _, err := procedure.LoadFS(fsys); err != nil {
		return err.Error() + "\n"
	}
	return ""
}

func TestGolden(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no golden files: %v", err)
	}
	for _, file := range files {
		rule := strings.TrimSuffix(filepath.Base(file), ".txt")
		t.Run(rule, func(t *testing.T) {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			declaration, want, ok := strings.Cut(string(data), separator)
			if !ok {
				t.Fatal("the separator is missing")
			}
			got := findings(declaration + "\n")
			if *update {
				if err := os.WriteFile(file, []byte(declaration+separator+got), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error("findings (-want +got):\n" + diff)
			}
		})
	}
}

func TestEveryRuleHasAGoldenFileThatBreaksItAlone(t *testing.T) {
	for _, rule := range procedure.Rules() {
		if rule == "too-large" { // a file of that size is made in TestLoadRefusesAHugeFile
			continue
		}
		data, err := os.ReadFile(filepath.Join("testdata", rule+".txt"))
		if err != nil {
			t.Error(err)
			continue
		}
		_, want, _ := strings.Cut(string(data), separator)
		lines := strings.Split(strings.TrimSuffix(want, "\n"), "\n")
		if slices.ContainsFunc(lines, func(l string) bool { return !strings.Contains(l, ": "+rule+": ") }) {
			t.Errorf("%s.txt: findings of other rules:\n%s", rule, want)
		}
	}
}
