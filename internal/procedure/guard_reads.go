package procedure

import (
	"slices"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/types"
)

// GuardRead is how a guard looks at one thing. Whoever tries the guard on all values of a thing needs, as long as
// Free is false, only those it is compared with and one beside them.
type GuardRead struct {
	GuardUse
	Present bool     // of a field: it is asked whether it has a value
	Value   bool     // the value is looked at
	Texts   []string // texts that the value is compared with, for equality alone
	Numbers []int64  // whole numbers that the value is compared with
	Free    bool     // the value is also looked at in another way
}

// Reads are the things the guard asks and how, in the order of the expression, each once.
func (g *Guard) Reads() []GuardRead { return g.reads }

// Outcome is what a guard gives when not everything is known.
type Outcome int

// Outcomes of a guard. Fails means that the expression has no value, so that the step is not lawful.
const (
	Never Outcome = iota
	Fails
	Perhaps
	Always
)

// Weigh evaluates the guard when the things in unknown may have any value: it gives Perhaps if it depends on them.
func (g *Guard) Weigh(f *Facts, unknown []GuardUse) Outcome {
	fields := []*cel.AttributePatternType{}
	for _, u := range unknown {
		if u.Field != "" {
			fields = append(fields, cel.AttributePattern("fields").QualString(u.Field))
		}
	}
	known, err := cel.PartialVars(map[string]any{
		"fields": fieldValues(f.Fields), "matter": matterFacts{Facts: f, unknown: unknown},
	}, fields...)
	if err != nil {
		return Fails
	}
	out, _, err := g.partial.Eval(known)
	switch {
	case out != nil && types.IsUnknown(out):
		return Perhaps
	case err != nil:
		return Fails
	case out == types.True:
		return Always
	}
	return Never
}

// readsOfGuard walks the checked expression.
func readsOfGuard(tree *cel.Ast) []GuardRead {
	r := &guardReader{}
	ast.PreOrderVisit(tree.NativeRep().Expr(), ast.NewExprVisitor(func(e ast.Expr) {
		switch e.Kind() {
		case ast.CallKind:
			r.call(e.AsCall())
		case ast.SelectKind:
			if u, ok := useOf(e); ok && e.AsSelect().IsTestOnly() {
				r.read(u).Present = true
			}
		}
		r.count(e)
	}))
	for i := range r.reads {
		r.reads[i].Free = r.seen[r.reads[i].GuardUse] > r.compared[r.reads[i].GuardUse]
	}
	return r.reads
}

type guardReader struct {
	reads          []GuardRead
	seen, compared map[GuardUse]int // how often a value is looked at, and how often of these in a comparison
}

func (r *guardReader) read(u GuardUse) *GuardRead {
	i := slices.IndexFunc(r.reads, func(x GuardRead) bool { return x.GuardUse == u })
	if i < 0 {
		i, r.reads = len(r.reads), append(r.reads, GuardRead{GuardUse: u})
	}
	return &r.reads[i]
}

// count notes that a value is looked at.
func (r *guardReader) count(e ast.Expr) {
	u, ok := useOf(e)
	if !ok || e.Kind() == ast.SelectKind && e.AsSelect().IsTestOnly() {
		return
	}
	if r.seen == nil {
		r.seen, r.compared = map[GuardUse]int{}, map[GuardUse]int{}
	}
	r.read(u).Value = true
	r.seen[u]++
}

// call notes comparisons with what is written out.
func (r *guardReader) call(c ast.CallExpr) {
	if c.IsMemberFunction() || len(c.Args()) != 2 {
		return
	}
	a, b := c.Args()[0], c.Args()[1]
	switch c.FunctionName() {
	case operators.Equals, operators.NotEquals:
		r.against(a, true, b)
		r.against(b, true, a)
	case operators.Less, operators.LessEquals, operators.Greater, operators.GreaterEquals:
		r.against(a, false, b)
		r.against(b, false, a)
	case operators.In, operators.OldIn:
		if b.Kind() == ast.ListKind {
			r.against(a, true, b.AsList().Elements()...)
		}
	}
}

// against notes that e is compared with the others, if these are all written out.
func (r *guardReader) against(e ast.Expr, equality bool, others ...ast.Expr) {
	u, ok := useOf(e)
	if !ok {
		return
	}
	var texts []string
	var numbers []int64
	for _, other := range others {
		if other.Kind() != ast.LiteralKind {
			return
		}
		switch v := other.AsLiteral().Value().(type) {
		case string:
			texts = append(texts, v)
		case int64:
			numbers = append(numbers, v)
		case bool:
		default:
			return
		}
	}
	if !equality && len(texts) > 0 {
		return // an order of texts tells more of them apart than those that are written
	}
	r.count(e) // first, so that the maps are there; the visit counts it once more
	r.seen[u]--
	r.compared[u]++
	read := r.read(u)
	read.Texts = append(read.Texts, texts...)
	read.Numbers = append(read.Numbers, numbers...)
}

// useOf recognises fields.<name> and matter.<function>(…).
func useOf(e ast.Expr) (GuardUse, bool) {
	switch e.Kind() {
	case ast.SelectKind:
		if s := e.AsSelect(); s.Operand().Kind() == ast.IdentKind && s.Operand().AsIdent() == "fields" {
			return GuardUse{Field: s.FieldName()}, true
		}
	case ast.CallKind:
		c := e.AsCall()
		if !c.IsMemberFunction() || c.Target().Kind() != ast.IdentKind || c.Target().AsIdent() != "matter" {
			return GuardUse{}, false
		}
		u := GuardUse{Function: c.FunctionName()}
		if len(c.Args()) == 1 && c.Args()[0].Kind() == ast.LiteralKind {
			u.Argument, _ = c.Args()[0].AsLiteral().Value().(string)
		}
		return u, true
	}
	return GuardUse{}, false
}
