package operations_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// blocks are the fenced blocks of a page by name: the second word after the fence.
type blocks map[string]string

// walked are the pages of doc whose blocks are run.
func walked() []string { return []string{"operations.md", "another-country.md"} }

var fence = regexp.MustCompile("(?ms)^```(\\w+) ([\\w.-]+)\n(.*?)^```$")

// page reads doc/operations.md.
func page(t testing.TB) blocks { return pageOf(t, "operations.md") }

// pageOf reads a page of doc.
func pageOf(t testing.TB, name string) blocks {
	t.Helper()
	b, err := read(name)
	must(t, err)
	return b
}

func readPage() (blocks, error) { return read("operations.md") }

func read(name string) (blocks, error) {
	text, err := os.ReadFile(filepath.Join("..", "..", "doc", name))
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
		t.Fatalf("the page has no block %q", name)
	}
	return text
}

// A block that no test takes would be a claim that nobody has tried.
func TestEveryBlockOfThePagesIsTakenByATest(t *testing.T) {
	var tests strings.Builder
	files, err := filepath.Glob("*_test.go")
	must(t, err)
	for _, file := range files {
		b, err := os.ReadFile(file)
		must(t, err)
		tests.Write(b)
	}
	for _, name := range walked() {
		text, err := os.ReadFile(filepath.Join("..", "..", "doc", name))
		must(t, err)
		all := pageOf(t, name)
		if n := strings.Count(string(text), "\n```") / 2; n != len(all) {
			t.Errorf("of %d blocks of %s %d have a name of their own", n, name, len(all))
		}
		for block := range all {
			if !strings.Contains(tests.String(), `"`+block+`"`) {
				t.Errorf("no test takes the block %s of %s", block, name)
			}
		}
	}
}
