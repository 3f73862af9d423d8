package procedure

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// TestEveryMessageHasChineseWords reads the source: what is reported is found in chinese, with the same verbs.
func TestEveryMessageHasChineseWords(t *testing.T) {
	verbs := regexp.MustCompile(`%[a-z]`)
	seen := map[string]bool{}
	for _, format := range messages(t) {
		seen[format] = true
		zh, ok := chinese[format]
		if !ok {
			t.Errorf("no Chinese words for %q", format)
		} else if !slices.Equal(verbs.FindAllString(format, -1), verbs.FindAllString(zh, -1)) {
			t.Errorf("%q and %q take different arguments", format, zh)
		}
	}
	if len(seen) < 50 {
		t.Errorf("only %d messages were found in the source", len(seen))
	}
}

// messages are the formats that are reported, as the source has them.
func messages(t *testing.T) (out []string) {
	files, err := fs.Glob(os.DirFS("."), "*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			f, ok := call.Fun.(*ast.SelectorExpr)
			at := map[string]int{"at": 2, "report": 2, "wrong": 2}
			if i, known := at[fname(f, ok)]; known && len(call.Args) > i {
				if lit, ok := call.Args[i].(*ast.BasicLit); ok {
					s, err := strconv.Unquote(lit.Value)
					if err != nil {
						t.Fatal(err)
					}
					out = append(out, s)
				}
			}
			return true
		})
	}
	return out
}

func fname(f *ast.SelectorExpr, ok bool) string {
	if !ok {
		return ""
	}
	return f.Sel.Name
}

func TestFindingsOfLoadingSpeakChinese(t *testing.T) {
	_, err := Load("a.yaml", []byte("format: luoshi-procedure/1\nversion: one\n"))
	found, ok := err.(*Errors)
	if !ok {
		t.Fatal(err)
	}
	for _, f := range *found {
		if f.In("zh") == f.In("en") || f.In("en") != f.Message {
			t.Errorf("%+v", f)
		}
	}
	if zh := (*found)[len(*found)-1].In("zh"); zh != "version 必须是整数" {
		t.Errorf("%s", zh)
	}
}
