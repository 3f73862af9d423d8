package site_test

import (
	"fmt"
	"html/template"
	"reflect"
	"slices"
	"strings"
	"testing"
	"text/template/parse"
)

// walker reads a template's tree with the type that the dot has at each place, also in branches that no test runs.
type walker struct {
	set    *template.Template
	funcs  template.FuncMap
	seen   map[string]bool // template and type
	faults []string
}

func (w *walker) fault(n parse.Node, format string, args ...any) reflect.Type {
	where, _ := w.set.Tree.ErrorContext(n)
	w.faults = append(w.faults, where+": "+fmt.Sprintf(format, args...))
	return nil
}

// call walks a template by name with a dot of type t; nil is no dot.
func (w *walker) call(n parse.Node, name string, t reflect.Type) {
	key := fmt.Sprint(name, " ", t)
	if w.seen[key] {
		return
	}
	w.seen[key] = true
	called := w.set.Lookup(name)
	if called == nil || called.Tree == nil {
		w.fault(n, "there is no template %s", name)
		return
	}
	w.list(called.Tree.Root, t, map[string]reflect.Type{"$": t})
}

func (w *walker) list(l *parse.ListNode, dot reflect.Type, vars map[string]reflect.Type) {
	if l == nil {
		return
	}
	for _, n := range l.Nodes {
		switch n := n.(type) {
		case *parse.ActionNode:
			w.pipe(n.Pipe, dot, vars)
		case *parse.TemplateNode:
			var t reflect.Type
			if n.Pipe != nil {
				t = w.pipe(n.Pipe, dot, vars)
			}
			w.call(n, n.Name, t)
		case *parse.IfNode:
			w.pipe(n.Pipe, dot, vars)
			w.list(n.List, dot, vars)
			w.list(n.ElseList, dot, vars)
		case *parse.WithNode:
			w.list(n.List, w.pipe(n.Pipe, dot, vars), vars)
			w.list(n.ElseList, dot, vars)
		case *parse.RangeNode:
			w.list(n.List, w.each(n, dot, vars), vars)
			w.list(n.ElseList, dot, vars)
		}
	}
}

// each is the type of the dot within a range; it names the range's variables.
func (w *walker) each(n *parse.RangeNode, dot reflect.Type, vars map[string]reflect.Type) reflect.Type {
	over := w.pipe(&parse.PipeNode{NodeType: parse.NodePipe, Cmds: n.Pipe.Cmds}, dot, vars)
	if over == nil {
		return nil
	}
	if over.Kind() != reflect.Slice && over.Kind() != reflect.Array {
		return w.fault(n, "range over %v", over)
	}
	switch d := n.Pipe.Decl; len(d) {
	case 1:
		vars[d[0].Ident[0]] = over.Elem()
	case 2:
		vars[d[0].Ident[0]], vars[d[1].Ident[0]] = reflect.TypeFor[int](), over.Elem()
	}
	return over.Elem()
}

func (w *walker) pipe(p *parse.PipeNode, dot reflect.Type, vars map[string]reflect.Type) reflect.Type {
	var t reflect.Type
	for i, c := range p.Cmds {
		args := c.Args
		var given []reflect.Type
		if i > 0 {
			given = []reflect.Type{t}
		}
		t = w.command(args, given, dot, vars)
	}
	for _, d := range p.Decl {
		vars[d.Ident[0]] = t
	}
	return t
}

func (w *walker) command(args []parse.Node, piped []reflect.Type, dot reflect.Type, vars map[string]reflect.Type) reflect.Type {
	id, ok := args[0].(*parse.IdentifierNode)
	if !ok {
		return w.value(args[0], dot, vars)
	}
	var given []reflect.Type
	for _, a := range args[1:] {
		given = append(given, w.value(a, dot, vars))
	}
	return w.function(id, append(given, piped...))
}

// function is the type of what a function gives for arguments of those types.
func (w *walker) function(id *parse.IdentifierNode, given []reflect.Type) reflect.Type {
	switch id.Ident {
	case "eq", "ne", "lt", "le", "gt", "ge", "not":
		return reflect.TypeFor[bool]()
	case "and", "or":
		return given[len(given)-1]
	case "len":
		return reflect.TypeFor[int]()
	case "index":
		if t := given[0]; t != nil && slices.Contains([]reflect.Kind{reflect.Map, reflect.Slice}, t.Kind()) {
			return t.Elem()
		}
		return w.fault(id, "index of %v", given[0])
	}
	f := reflect.TypeOf(w.funcs[id.Ident])
	if f == nil {
		return w.fault(id, "there is no function %s", id.Ident)
	}
	fixed := f.NumIn()
	if f.IsVariadic() {
		fixed--
	}
	if len(given) < fixed || len(given) > fixed && !f.IsVariadic() {
		return w.fault(id, "%s has %d arguments", id.Ident, len(given))
	}
	for i, t := range given[:fixed] {
		if t != nil && !t.AssignableTo(f.In(i)) {
			w.fault(id, "argument %d of %s is %v, not %v", i+1, id.Ident, t, f.In(i))
		}
	}
	return f.Out(0)
}

func (w *walker) value(n parse.Node, dot reflect.Type, vars map[string]reflect.Type) reflect.Type {
	switch n := n.(type) {
	case *parse.DotNode:
		return dot
	case *parse.FieldNode:
		return w.fields(n, dot, n.Ident)
	case *parse.VariableNode:
		t, ok := vars[n.Ident[0]]
		if !ok {
			return w.fault(n, "there is no %s", n.Ident[0])
		}
		return w.fields(n, t, n.Ident[1:])
	case *parse.ChainNode:
		return w.fields(n, w.value(n.Node, dot, vars), n.Field)
	case *parse.PipeNode:
		return w.pipe(n, dot, vars)
	case *parse.IdentifierNode:
		return w.function(n, nil)
	case *parse.StringNode:
		return reflect.TypeFor[string]()
	case *parse.BoolNode:
		return reflect.TypeFor[bool]()
	case *parse.NumberNode:
		return reflect.TypeFor[int]()
	}
	return w.fault(n, "the test does not know %T", n)
}

// fields follows names of members and methods.
func (w *walker) fields(n parse.Node, t reflect.Type, names []string) reflect.Type {
	for _, name := range names {
		if t == nil {
			return w.fault(n, "%s of nothing known", name)
		}
		base := t
		if t.Kind() == reflect.Pointer {
			base = t.Elem()
		}
		if m, ok := reflect.PointerTo(base).MethodByName(name); ok {
			t = m.Type.Out(0)
			continue
		}
		if base.Kind() != reflect.Struct {
			return w.fault(n, "%v has no %s", t, name)
		}
		f, ok := base.FieldByName(name)
		if !ok || !f.IsExported() {
			return w.fault(n, "%v has no %s", t, name)
		}
		t = f.Type
	}
	return t
}

func walk(set *template.Template, funcs template.FuncMap, start string, page any) []string {
	w := &walker{set: set, funcs: funcs, seen: map[string]bool{}}
	w.call(&parse.DotNode{NodeType: parse.NodeDot}, start, reflect.TypeOf(page))
	return w.faults
}

func TestEveryNameInATemplateIsThere(t *testing.T) {
	s := testSite(t)
	funcs := s.Functions("zh")
	for _, p := range everyPage() {
		for _, f := range walk(s.Template("zh", p.Template()), funcs, "layout.tmpl", p) {
			t.Errorf("%s: %s", p.Template(), f)
		}
	}
}

// The walk itself is tried on faults it must find.
func TestTheWalkFindsWhatIsNotThere(t *testing.T) {
	s := testSite(t)
	funcs := s.Functions("zh")
	for _, c := range []struct{ text, want string }{
		{`{{.Title}}{{range .Questions}}{{.ID}}{{$.Title}}{{end}}{{with .Problems}}{{len .}}{{end}}`, ""},
		{`{{.Titel}}`, "no Titel"},
		{`{{if .Title}}{{else}}{{.Nothing}}{{end}}`, "no Nothing"},
		{`{{range .Questions}}{{.Title}}{{end}}`, "no Title"},
		{`{{range $i, $in := .Questions}}{{$in.Labels}}{{end}}`, "no Labels"},
		{`{{range .Title}}{{end}}`, "range over string"},
		{`{{define "in"}}{{.Hnt}}{{end}}{{range .Questions}}{{template "in" .}}{{end}}`, "no Hnt"},
		{`{{template "nowhere" .}}`, "there is no template nowhere"},
		{`{{show .Questions}}`, "argument 1 of show"},
		{`{{t}}`, "t has 0 arguments"},
		{`{{.Title.Length}}`, "string has no Length"},
		{`{{define "none"}}{{.Any}}{{end}}{{template "none"}}`, "Any of nothing known"},
	} {
		set := template.Must(template.New("page").Funcs(funcs).Parse(c.text))
		got := strings.Join(walk(set, funcs, "page", pageOf(t, "lodge")), "; ")
		if !strings.Contains(got, c.want) || c.want == "" && got != "" {
			t.Errorf("%s: found %q, want %q", c.text, got, c.want)
		}
	}
}
