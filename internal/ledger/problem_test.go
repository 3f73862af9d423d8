package ledger

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
	"strings"
	"testing"
)

// declaredCodes reads the codes from the source, so that a new one cannot be
// forgotten here.
func declaredCodes(t *testing.T) []Code {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "problem.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var codes []Code
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok || !strings.HasPrefix(spec.Names[0].Name, "Code") {
			return true
		}
		value, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
		if err != nil {
			t.Fatal(err)
		}
		codes = append(codes, Code(value))
		return true
	})
	return codes
}

func TestEveryCodeIsToldInBothLanguages(t *testing.T) {
	codes := declaredCodes(t)
	if len(codes) < 20 {
		t.Fatalf("only %d codes found", len(codes))
	}
	unknown := Code("no such code").texts()
	seen := make(map[string]Code)
	for _, c := range codes {
		for _, lang := range []Language{English, Chinese} {
			text := (&Problem{Code: c}).Text(lang)
			if other, ok := seen[text]; ok {
				t.Errorf("%q and %q read the same: %s", c, other, text)
			}
			seen[text] = c
			if strings.HasPrefix(text, strings.SplitN(unknown.en, ":", 2)[0]+":") || strings.HasPrefix(text, "未获证明：") {
				t.Errorf("%q has no text of its own in %q", c, lang)
			}
			if with := (&Problem{Code: c, Detail: "d7"}).Text(lang); !strings.Contains(with, "d7") || !strings.HasPrefix(with, text) {
				t.Errorf("%q loses its detail: %s", c, with)
			}
		}
	}
}

func TestProblemSpeaksEnglishAsAnError(t *testing.T) {
	err := CheckVerifierKey("not a key")
	if codeOf(err) != CodeBadKey || !strings.Contains(err.Error(), "not a usable verifier key") {
		t.Error(err)
	}
	if err := CheckVerifierKey(newKey(t, testOrigin).VerifierKey()); err != nil {
		t.Error(err)
	}
}
