package operations_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// blocks are the fenced blocks of doc/operations.md by name: the second word after the fence.
type blocks map[string]string

var fence = regexp.MustCompile("(?ms)^```(\\w+) ([\\w.-]+)\n(.*?)^```$")

// page reads doc/operations.md.
func page(t testing.TB) blocks {
	t.Helper()
	b, err := readPage()
	must(t, err)
	return b
}

func readPage() (blocks, error) {
	text, err := os.ReadFile(filepath.Join("..", "..", "doc", "operations.md"))
	if err != nil {
		return nil, err
	}
	b := blocks{}
	for _, m := range fence.FindAllStringSubmatch(string(text), -1) {
		b[m[2]] = m[3]
	}
	return b, nil
}

// block is the text of a block that must be there.
func (b blocks) block(t testing.TB, name string) string {
	t.Helper()
	text, ok := b[name]
	if !ok {
		t.Fatalf("doc/operations.md has no block %q", name)
	}
	return text
}

// A block that no test takes would be a claim that nobody has tried.
func TestEveryBlockOfThePageIsTakenByATest(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "doc", "operations.md"))
	must(t, err)
	var tests strings.Builder
	files, err := filepath.Glob("*_test.go")
	must(t, err)
	for _, file := range files {
		b, err := os.ReadFile(file)
		must(t, err)
		tests.Write(b)
	}
	all := page(t)
	if n := strings.Count(string(text), "\n```") / 2; n != len(all) {
		t.Errorf("of %d blocks %d have a name of their own", n, len(all))
	}
	for name := range all {
		if !strings.Contains(tests.String(), `"`+name+`"`) {
			t.Errorf("no test takes the block %s", name)
		}
	}
}
