package arch_test

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestEveryPackageSaysWhatItIsFor(t *testing.T) {
	for _, p := range packages(t) {
		switch {
		case len(p.GoFiles) == 0: // tests only
		case p.Doc == "":
			t.Errorf("%s has no package comment", p.path())
		case p.Name != "main" && !strings.HasPrefix(p.Doc, "Package "+p.Name+" "):
			t.Errorf("%s: the package comment must begin with \"Package %s\"", p.path(), p.Name)
		case p.Name == "main" && !strings.HasPrefix(p.Doc, "Command "+filepath.Base(p.Dir)+" "):
			t.Errorf("%s: the comment must begin with \"Command %s\"", p.path(), filepath.Base(p.Dir))
		}
	}
}

func TestNoPackageIsADrawer(t *testing.T) {
	forbidden := []string{"util", "utils", "common", "base", "manager", "helper", "helpers", "misc", "shared", "lib"}
	for _, p := range packages(t) {
		for _, name := range append(strings.Split(p.path(), "/"), p.Name) {
			if slices.Contains(forbidden, name) {
				t.Errorf("%s: %q says nothing; name the package after what it does", p.path(), name)
				break
			}
		}
	}
}

func TestFilesStayShort(t *testing.T) {
	const most, mostTest = 500, 800
	kinds := []string{".go", ".sql", ".ts", ".css", ".tmpl", ".sh"}
	top := root(t)
	eachFile(t, func(path string) {
		if !slices.Contains(kinds, filepath.Ext(path)) {
			return
		}
		b, err := os.ReadFile(filepath.Join(top, path))
		if err != nil {
			t.Error(err)
			return
		}
		limit := most
		if strings.HasSuffix(path, "_test.go") {
			limit = mostTest
		}
		if n := bytes.Count(b, []byte("\n")); n > limit {
			t.Errorf("%s has %d lines; split it before %d", path, n, limit)
		}
	})
}

// Parts are registered where they are used, in sight: an init function runs
// unseen, in an order nobody chose.
func TestNothingHappensInInit(t *testing.T) {
	top := root(t)
	eachFile(t, func(path string) {
		if !strings.HasPrefix(path, "internal/") && !strings.HasPrefix(path, "cmd/") || filepath.Ext(path) != ".go" {
			return
		}
		file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(top, path), nil, parser.SkipObjectResolution)
		if err != nil {
			return // does not compile; fails elsewhere
		}
		for _, d := range file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Recv == nil && f.Name.Name == "init" {
				t.Errorf("%s has an init function", path)
			}
		}
	})
}

// The product's code must not link the testing package into the binary.
func TestOnlyTestsImportTesting(t *testing.T) {
	for _, p := range packages(t) {
		suite := strings.HasSuffix(p.path(), "storetest") || p.path() == postgresForTests || strings.HasPrefix(p.path(), "test/")
		if !suite && slices.Contains(p.Imports, "testing") {
			t.Errorf("%s imports testing outside a test file", p.path())
		}
	}
}
