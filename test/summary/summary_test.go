package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// A module with every kind of outcome, run by the real go test.
func TestSummaryOfARealRun(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"go.mod": "module sample\n\ngo 1.26\n",
		"good/good_test.go": `package good
import "testing"
func TestGood(t *testing.T) { t.Log("measure: items 0.98"); t.Log("chatter"); t.Run("inner", func(t *testing.T) {}) }
func TestLater(t *testing.T) { t.Skip("the moon: not full") }
func TestSilent(t *testing.T) { t.SkipNow() }`,
		"bad/bad_test.go": `package bad
import "testing"
func TestBad(t *testing.T) { t.Log("seen before"); t.Error("what went wrong") }`,
		"broken/broken_test.go": `package broken
import "testing"
func TestBroken(t *testing.T) { undefinedName() }`,
		"early/early_test.go": `package early
import ("os"; "testing")
func TestMain(m *testing.M) { println("gave up early"); os.Exit(3) }`,
		"empty/empty.go": "package empty\n",
	} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command("go", "test", "-json", "./...")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOFLAGS=-mod=mod", "GOWORK=off")
	events, err := cmd.Output()
	if _, failed := err.(*exec.ExitError); !failed {
		t.Fatalf("go test on failing packages: %v", err)
	}
	var out strings.Builder
	if err := summarize(strings.NewReader(string(events)), &out); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"ok    sample/good", "      items 0.98\n", "FAIL  sample/bad", "seen before", "what went wrong", "undefinedName", "gave up early",
		"sample/good TestLater: the moon: not full\n", "sample/good TestSilent: no reason given\n", "  sample/bad TestBad\n",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is missing", want)
		}
	}
	if !strings.HasSuffix(out.String(), "\n2 passed, 3 failed, 2 skipped\n") {
		t.Errorf("wrong counts in:\n%s", out.String())
	}
	if strings.Contains(out.String(), "chatter") {
		t.Errorf("what a passed test says in passing is shown:\n%s", out.String())
	}
	if strings.Count(out.String(), "what went wrong") != 1 {
		t.Errorf("a failure is shown more than once:\n%s", out.String())
	}
}

func TestLinesThatAreNotEventsAreShown(t *testing.T) {
	var out strings.Builder
	if err := summarize(strings.NewReader("go: cannot find main module\n"), &out); err != nil {
		t.Fatal(err)
	}
	if want := "go: cannot find main module\n\n0 passed, 0 failed, 0 skipped\n"; out.String() != want {
		t.Errorf("got %q", out.String())
	}
}
