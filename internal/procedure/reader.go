package procedure

import (
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"

	yaml "github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// maxDepth bounds the nesting of free-form values (the example); a body for lodging needs four.
const maxDepth = 8

// place is a line and column, counted from 1.
type place struct{ line, col int }

// reader turns the syntax tree into a Procedure. Unlike a plain decoder it goes on after a fault, so that one
// reading names them all, and it remembers where each member stands, by its path ("steps[3].to").
type reader struct {
	file   string
	places map[string]place
	bad    map[string]bool // paths whose value could not be read: not reported a second time
	found  Errors
}

// mostFindings is after how many faults a declaration is read no further: nobody reads more at once.
const mostFindings = 500

func (r *reader) report(at place, rule, format string, args ...any) {
	if len(r.found) >= mostFindings {
		return
	}
	f := Finding{File: r.file, Line: at.line, Col: at.col, Rule: rule, Severity: SeverityError, Message: fmt.Sprintf(format, args...)}
	f.Words = Text{"en": f.Message}
	if zh := inChinese(format, args); zh != "" {
		f.Words["zh"] = zh
	}
	r.found = append(r.found, f)
}

// source reads a file of that format into the struct that v points to. It tells whether there was a mapping to
// read at all.
func (r *reader) source(src []byte, format string, v any) bool {
	if len(src) > MaxSource {
		r.report(place{1, 1}, ruleTooLarge, "the file has more than %d bytes; split it", MaxSource)
		return false
	}
	tokens := lexer.Tokenize(string(src))
	if t := unreadable(tokens); t != nil {
		r.report(placeOf(t), ruleSyntax, "this is nested more than %d deep, or one line has more than %d words and marks", maxNested, maxOnLine)
		return false
	}
	file, err := parser.Parse(tokens, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		at, message := place{1, 1}, err.Error()
		var fault yaml.Error
		if errors.As(err, &fault) {
			at, message = placeOf(fault.GetToken()), fault.GetMessage()
		}
		r.report(at, ruleSyntax, "%s", message)
		return false
	}
	if len(file.Docs) > 1 {
		r.report(nodePlace(file.Docs[1].Body), ruleSyntax, "one file holds one declaration: take out the second document")
		return false
	}
	if len(file.Docs) == 0 || file.Docs[0].Body == nil {
		r.report(place{1, 1}, ruleSyntax, "the file is empty; begin with `format: %s`", format)
		return false
	}
	before := len(r.found)
	body := file.Docs[0].Body
	if _, ok := body.(ast.MapNode); !ok {
		r.report(nodePlace(body), ruleSyntax, "a declaration is a mapping; begin with `format: %s`", format)
		return false
	}
	r.places[""] = nodePlace(body)
	r.value(body, "", reflect.ValueOf(v).Elem())
	return !slices.ContainsFunc(r.found[before:], func(f Finding) bool { return f.Rule == ruleSyntax })
}

// Bounds on what is parsed. The parser takes time that grows with the square of both, or more; declarations that a
// person can read stay far below.
const (
	maxNested = 32    // brackets and braces in each other
	maxOnLine = 2_000 // words and marks on a line
)

// unreadable finds the first token beyond these bounds, or nil.
func unreadable(tokens token.Tokens) *token.Token {
	line, onLine, nested := 0, 0, 0
	for _, t := range tokens {
		if onLine++; t.Position.Line != line {
			line, onLine = t.Position.Line, 1
		}
		switch t.Type {
		case token.SequenceStartType, token.MappingStartType:
			nested++
		case token.SequenceEndType, token.MappingEndType:
			nested = max(0, nested-1)
		}
		if nested > maxNested || onLine > maxOnLine {
			return t
		}
	}
	return nil
}

func placeOf(t *token.Token) place {
	if t == nil || t.Position == nil {
		return place{1, 1}
	}
	return place{t.Position.Line, t.Position.Column}
}

// nodePlace is where a value begins; for a block mapping that is its first key.
func nodePlace(n ast.Node) place {
	if n == nil {
		return place{1, 1}
	}
	if m, ok := n.(*ast.MappingNode); ok && !m.IsFlowStyle && len(m.Values) > 0 {
		return placeOf(m.Values[0].Key.GetToken())
	}
	if m, ok := n.(*ast.MappingValueNode); ok {
		return placeOf(m.Key.GetToken())
	}
	return placeOf(n.GetToken())
}

// value reads one node into v, whose type says what is expected.
func (r *reader) value(n ast.Node, path string, v reflect.Value) {
	r.places[path] = nodePlace(n)
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		r.value(n, path, v.Elem())
	case reflect.String:
		if s, ok := r.scalar(n, path); ok {
			v.SetString(s)
		}
	case reflect.Int, reflect.Int64:
		if i, ok := n.(*ast.IntegerNode); ok {
			if whole, err := strconv.ParseInt(i.Token.Value, 10, 64); err == nil {
				v.SetInt(whole)
				return
			}
		}
		r.wrong(n, path, "a whole number")
	case reflect.Bool:
		if b, ok := n.(*ast.BoolNode); ok {
			v.SetBool(b.Value)
			return
		}
		r.wrong(n, path, "true or false")
	case reflect.Slice:
		r.list(n, path, v)
	case reflect.Struct:
		r.structure(n, path, v)
	case reflect.Map:
		r.mapping(n, path, v)
	}
}

// scalar reads text. A number stands for its own writing, so that `article: 33` needs no quotes.
func (r *reader) scalar(n ast.Node, path string) (string, bool) {
	switch n := n.(type) {
	case *ast.StringNode:
		return n.Value, true
	case *ast.LiteralNode:
		return n.Value.Value, true
	case *ast.IntegerNode:
		return n.Token.Value, true
	case *ast.FloatNode:
		return n.Token.Value, true
	}
	r.wrong(n, path, "text")
	return "", false
}

func (r *reader) list(n ast.Node, path string, v reflect.Value) {
	list, ok := n.(*ast.SequenceNode)
	if !ok {
		r.wrong(n, path, "a list")
		return
	}
	v.Set(reflect.MakeSlice(v.Type(), len(list.Values), len(list.Values)))
	for i, item := range list.Values {
		r.value(item, fmt.Sprintf("%s[%d]", path, i), v.Index(i))
	}
}

func (r *reader) structure(n ast.Node, path string, v reflect.Value) {
	if short, ok := v.Addr().Interface().(shorthand); ok && isScalar(n) {
		s, _ := r.scalar(n, path)
		short.read(s)
		return
	}
	members, known := membersOf(v)
	r.members(n, path, func(name string, at place, value ast.Node) {
		member, ok := members[name]
		if !ok {
			r.report(at, ruleUnknownMember, "%q is not a member here; there are: %s", name, strings.Join(known, ", "))
			return
		}
		r.value(value, join(path, name), member)
	})
}

// membersOf maps the YAML names of a struct to its fields; the second result keeps their order.
func membersOf(v reflect.Value) (map[string]reflect.Value, []string) {
	members := map[string]reflect.Value{}
	var names []string
	for i := range v.NumField() {
		switch name := v.Type().Field(i).Tag.Get("yaml"); name {
		case "", "-":
		case ",inline":
			inner, innerNames := membersOf(v.Field(i))
			maps.Copy(members, inner)
			names = append(names, innerNames...)
		default:
			members[name] = v.Field(i)
			names = append(names, name)
		}
	}
	return members, names
}

// mapping reads a Text or the free-form example.
func (r *reader) mapping(n ast.Node, path string, v reflect.Value) {
	if v.Type().Elem().Kind() == reflect.Interface {
		if free, ok := r.free(n, path, 0).(map[string]any); ok {
			v.Set(reflect.ValueOf(free))
		} else if !r.bad[path] {
			r.wrong(n, path, "a mapping")
		}
		return
	}
	v.Set(reflect.MakeMap(v.Type()))
	r.members(n, path, func(name string, _ place, value ast.Node) {
		at := join(path, name)
		r.places[at] = nodePlace(value)
		if s, ok := r.scalar(value, at); ok {
			v.SetMapIndex(reflect.ValueOf(name), reflect.ValueOf(s))
		}
	})
}

// free reads a value of any shape into the types that JSON gives, whole numbers as int64.
func (r *reader) free(n ast.Node, path string, depth int) any {
	r.places[path] = nodePlace(n)
	if depth > maxDepth {
		r.wrong(n, path, "nested less deeply")
		return nil
	}
	switch n := n.(type) {
	case *ast.MappingNode, *ast.MappingValueNode:
		m := map[string]any{}
		r.members(n, path, func(name string, _ place, value ast.Node) {
			m[name] = r.free(value, join(path, name), depth+1)
		})
		return m
	case *ast.SequenceNode:
		list := make([]any, len(n.Values))
		for i, item := range n.Values {
			list[i] = r.free(item, fmt.Sprintf("%s[%d]", path, i), depth+1)
		}
		return list
	case *ast.BoolNode:
		return n.Value
	case *ast.IntegerNode:
		if whole, err := strconv.ParseInt(n.Token.Value, 10, 64); err == nil {
			return whole
		}
	case *ast.FloatNode:
		return n.Value
	}
	s, ok := r.scalar(n, path)
	if !ok {
		return nil
	}
	return s
}

// members calls each for every member of a mapping, in order, and reports what is no mapping and what comes twice.
func (r *reader) members(n ast.Node, path string, each func(name string, at place, value ast.Node)) {
	m, ok := n.(ast.MapNode)
	if !ok {
		r.wrong(n, path, "a mapping")
		return
	}
	seen := map[string]bool{}
	for it := m.MapRange(); it.Next(); {
		at := placeOf(it.Key().GetToken())
		key, ok := it.Key().(*ast.StringNode)
		switch {
		case !ok:
			r.report(at, ruleSyntax, "a member's name must be plain text")
		case seen[key.Value]:
			r.report(at, ruleDuplicateMember, "%q is given twice; keep one", key.Value)
		default:
			seen[key.Value] = true
			each(key.Value, at, it.Value())
		}
	}
}

// wrong reports a value that is not of the expected kind. What YAML can do beyond plain data is a fault of
// syntax: a declaration must read the same to a person and to every tool.
func (r *reader) wrong(n ast.Node, path, want string) {
	r.bad[path] = true
	name := path
	if name == "" {
		name = "the file"
	}
	switch n.(type) {
	case *ast.AnchorNode, *ast.AliasNode, *ast.TagNode, *ast.MergeKeyNode, *ast.DirectiveNode:
		r.report(nodePlace(n), ruleSyntax, "anchors, aliases, tags and directives are not part of the form: write the value out")
	case *ast.NullNode:
		r.report(nodePlace(n), ruleWrongType, "%s is empty; give it a value or leave the member out", name)
	default:
		r.report(nodePlace(n), ruleWrongType, mustBe, name, want)
	}
}

func isScalar(n ast.Node) bool {
	switch n.(type) {
	case *ast.StringNode, *ast.IntegerNode, *ast.FloatNode, *ast.LiteralNode:
		return true
	}
	return false
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

// shorthand is a mapping that may also be written as one text.
type shorthand interface{ read(string) }

// read takes "role:clerk", otherwise a relation.
func (w *Who) read(s string) {
	if role, ok := strings.CutPrefix(s, "role:"); ok {
		*w = Who{Role: role}
		return
	}
	*w = Who{Relation: s}
}

// read takes the expression.
func (g *Guard) read(s string) { *g = Guard{When: s} }

// read takes the state.
func (x *Suspension) read(s string) { *x = Suspension{State: s} }
