package procedure

import (
	"errors"
	"fmt"
	"math"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/cost"
	"cel.dev/cel-go/common/types"
)

// Facts are what a guard may ask about a matter. Nil maps are empty ones.
type Facts struct {
	Fields      map[string]any // as CheckFields gives them; what has no value is missing
	Channel     string
	Assigned    bool            // to somebody
	Referred    bool            // from another unit, to which it could go back
	Taken       map[string]int  // by step, how often it was taken
	Parties     map[string]int  // by role, how many there are
	Extensions  map[string]int  // by clock, of its present run
	Late        map[string]bool // by clock, whether its present run has lapsed
	Outstanding map[string]int  // by sub, how many sub-matters have not ended
}

// Bounds of a guard. A condition that a lawyer can read stays far below them.
const (
	maxGuardSize  = 4096    // code points of the expression
	maxGuardDepth = 64      // nesting
	maxGuardCost  = 100_000 // CEL's own units: about one for each operation and ten characters looked at
)

// Holds evaluates the guard. The error says that the expression has no value for these facts (division by zero,
// overflow, a conversion that fails); the step is not lawful then.
func (g *Guard) Holds(f *Facts) (bool, error) {
	out, _, err := g.program.Eval(map[string]any{"fields": fieldValues(f.Fields), "matter": matterFacts{Facts: f}})
	if err != nil {
		return false, err
	}
	held, ok := out.Value().(bool)
	if !ok {
		return false, fmt.Errorf("the guard gave %v, not true or false", out)
	}
	return held, nil
}

// GuardUse is one thing a guard asks: a field by name, or a function of the matter with its argument ("" if it
// has none).
type GuardUse struct {
	Field    string
	Function string
	Argument string
}

// Uses are the things the guard asks, in the order of the expression, each once.
func (g *Guard) Uses() []GuardUse { return g.uses }

// compile type-checks the guard and makes it ready to run. The messages are CEL's own.
func (g *Guard) compile(env *cel.Env, p *Procedure) error {
	tree, issues := env.Compile(g.When)
	if issues.Err() != nil {
		return issues.Err()
	}
	if !tree.OutputType().IsExactType(types.BoolType) {
		return fmt.Errorf("the guard gives %s; it must give true or false, for instance by a comparison", tree.OutputType())
	}
	estimate, err := env.EstimateCost(tree, fieldSizes{p})
	if err != nil {
		return err
	}
	if estimate.Max > maxGuardCost {
		return fmt.Errorf("the guard could take %d units of work, more than %d; say it more simply", estimate.Max, uint64(maxGuardCost))
	}
	if g.uses, err = usesOfGuard(tree, p); err != nil {
		return err
	}
	g.reads = readsOfGuard(tree)
	if g.partial, err = env.Program(tree, cel.EvalOptions(cel.OptPartialEval), cel.CostLimit(10*maxGuardCost)); err != nil {
		return err
	}
	g.program, err = env.Program(tree, cel.EvalOptions(cel.OptOptimize), cel.CostLimit(10*maxGuardCost))
	return err
}

// guardEnv is the language of guards of one procedure: its fields, the functions of the matter, and of CEL's
// macros `has` alone, so that nothing is repeated and cost stays bounded by the length of the expression.
func guardEnv(p *Procedure) (*cel.Env, error) {
	registry, err := types.NewRegistry()
	if err != nil {
		return nil, err
	}
	options := []cel.EnvOption{
		cel.ClearMacros(), cel.Macros(cel.HasMacro), cel.EnableIdentifierEscapeSyntax(),
		cel.ParserExpressionSizeLimit(maxGuardSize), cel.ParserRecursionLimit(maxGuardDepth),
		cel.CustomTypeAdapter(registry), cel.CustomTypeProvider(&fieldTypes{Registry: registry, p: p}),
		cel.Variable("fields", fieldsType), cel.Variable("matter", matterType),
	}
	for _, f := range matterFunctions() {
		options = append(options, f.option())
	}
	return cel.NewCustomEnv(append([]cel.EnvOption{cel.StdLib()}, options...)...)
}

// usesOfGuard walks the expression. Names given to functions of the matter must be written out and declared.
func usesOfGuard(tree *cel.Ast, p *Procedure) (uses []GuardUse, err error) {
	seen := map[GuardUse]bool{}
	add := func(u GuardUse) {
		if !seen[u] {
			seen[u] = true
			uses = append(uses, u)
		}
	}
	var faults []error
	functions := map[string]matterFunction{}
	for _, f := range matterFunctions() {
		functions[f.name] = f
	}
	ast.PreOrderVisit(tree.NativeRep().Expr(), ast.NewExprVisitor(func(e ast.Expr) {
		switch e.Kind() {
		case ast.SelectKind:
			if e.AsSelect().Operand().Kind() == ast.IdentKind && e.AsSelect().Operand().AsIdent() == "fields" {
				add(GuardUse{Field: e.AsSelect().FieldName()})
			}
		case ast.CallKind:
			f, ok := functions[e.AsCall().FunctionName()]
			if !ok || !e.AsCall().IsMemberFunction() {
				return
			}
			u := GuardUse{Function: f.name}
			if f.names != nil {
				arg := e.AsCall().Args()[0]
				name, ok := "", arg.Kind() == ast.LiteralKind
				if ok {
					name, ok = arg.AsLiteral().Value().(string)
				}
				switch {
				case !ok:
					faults = append(faults, fmt.Errorf("write the name in matter.%s out, in quotes", f.name))
					return
				case !f.names(p, name):
					faults = append(faults, fmt.Errorf("matter.%s(%q): nothing of that name is declared", f.name, name))
					return
				}
				u.Argument = name
			}
			add(u)
		}
	}))
	return uses, errors.Join(faults...)
}

// fieldSizes tells CEL how long values can be, for the estimate of cost.
type fieldSizes struct{ p *Procedure }

func (s fieldSizes) EstimateSize(n cost.AstNode) *cost.SizeEstimate {
	if path := n.Path(); len(path) == 2 && path[0] == "fields" {
		if f := s.p.fields[path[1]]; f != nil {
			return &cost.SizeEstimate{Min: 0, Max: uint64(4 * f.longest())} // bytes of UTF-8
		}
	}
	if n.Type().Kind() == types.StringKind {
		return &cost.SizeEstimate{Min: 0, Max: math.MaxUint16}
	}
	return nil
}

func (fieldSizes) EstimateCallCost(string, string, *cost.AstNode, []cost.AstNode) *cost.CallEstimate {
	return nil
}
