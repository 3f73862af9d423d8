package bundle_test

import (
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"luoshi/ui"
	"luoshi/ui/bundle"

	"github.com/google/go-cmp/cmp"
)

func files(entries map[string]string) fstest.MapFS {
	fsys := fstest.MapFS{"shared/luoshi.css": {}, "shared/luoshi.ts": {}, "page/start/start.tmpl": {}}
	for name, text := range entries {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return fsys
}

func TestThePagesOfTheProductBuild(t *testing.T) {
	built, err := bundle.Build(ui.FS)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"luoshi.css", "luoshi.js", "desk.css", "desk.js", "matter.js"} {
		hashed, ok := built.Names[name]
		if !ok || len(built.Contents[hashed]) == 0 {
			t.Errorf("%s was not made: %v", name, built.Names)
		}
		if !regexp.MustCompile(`^[a-z]+\.[0-9A-Z]{8}\.(css|js)$`).MatchString(hashed) {
			t.Errorf("%s is called %s", name, hashed)
		}
	}
}

func TestAPageHasOnlyWhatStandsBesideIt(t *testing.T) {
	built, err := bundle.Build(files(map[string]string{
		"page/a/a.css": "@import '../../shared/part.css'; a { color: red }", "shared/part.css": "b { color: blue }",
		"page/b/b.ts": "console.log(1 as number)", "page/b/other.ts": "",
	}))
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"a.css", "b.js", "luoshi.css", "luoshi.js"}
	if d := cmp.Diff(want, slices.Sorted(maps.Keys(built.Names))); d != "" {
		t.Error(d)
	}
	if got := string(built.Contents[built.Names["a.css"]]); got != "b{color:#00f}a{color:red}\n" {
		t.Errorf("a.css is %q", got)
	}
	if got := string(built.Contents[built.Names["b.js"]]); got != "console.log(1);\n" {
		t.Errorf("b.js is %q", got)
	}
}

// A module that two scripts of a page import must not run twice.
func TestSharedModulesAreMadeOnce(t *testing.T) {
	built, err := bundle.Build(files(map[string]string{
		"shared/luoshi.ts": "import './once'", "shared/once.ts": "console.log('once')", "page/a/a.ts": "import '../../shared/once'",
	}))
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, content := range built.Contents {
		n += strings.Count(string(content), "once")
	}
	if n != 1 {
		t.Errorf("the module is there %d times", n)
	}
}

func TestANameChangesWithTheContent(t *testing.T) {
	name := func(text string) string {
		built, err := bundle.Build(files(map[string]string{"page/a/a.css": text}))
		if err != nil {
			t.Fatal(err)
		}
		return built.Names["a.css"]
	}
	if name("a{color:red}") != name("a { color: red }") {
		t.Error("the same content has two names")
	}
	if name("a{color:red}") == name("a{color:blue}") {
		t.Error("other content has the same name")
	}
}

func TestWhatDoesNotBuildIsNamed(t *testing.T) {
	for _, c := range []struct{ name, file, text, want string }{
		{"syntax", "page/a/a.ts", "let a =\n  ;", "ui:page/a/a.ts:2:3: "},
		{"missing import", "page/a/a.ts", "import './nothing'", "nothing.ts"},
		{"outside", "page/a/a.ts", "import '../../../etc/passwd'", "etc/passwd"},
		{"style", "page/a/a.css", "a { color: red", "ui:page/a/a.css:1:"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := bundle.Build(files(map[string]string{c.file: c.text}))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("the error is %v, want one with %q", err, c.want)
			}
		})
	}
}

func BenchmarkBuild(b *testing.B) {
	for b.Loop() {
		if _, err := bundle.Build(ui.FS); err != nil {
			b.Fatal(err)
		}
	}
}

// esbuild drops types without looking at them; the TypeScript compiler looks.
func TestTheScriptsAreTyped(t *testing.T) {
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	tsc := filepath.Join(root, "node_modules", ".bin", "tsc")
	if _, err := exec.LookPath(tsc); err != nil {
		missing(t, "tsc (npm ci)")
	}
	cmd := exec.Command(tsc, "--project", root, "--pretty", "false")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// missing skips the test, or fails it where everything has to be installed.
func missing(t *testing.T, what string) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatal(what + " is missing")
	}
	t.Skip(what + " is absent")
}
