package prose

import (
	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"

	"luoshi/internal/procedure"
)

// Condition says the guard of a step in words; lang is zh or en.
func Condition(p *procedure.Procedure, g *procedure.Guard, lang string) string {
	r := &reader{p: p, lang: lang}
	return r.condition(g.When)
}

// condition says a guard in words, with its own writing behind; one that uses more of CEL than is known here
// stays as it is written.
func (r *reader) condition(when string) string {
	env, err := cel.NewEnv()
	if err != nil {
		return when
	}
	tree, issues := env.Parse(when)
	if issues.Err() != nil {
		return when
	}
	words, ok := r.holds(tree.NativeRep().Expr())
	if !ok {
		return when
	}
	return r.say("%[1]s（写作 %[2]s）", "%[1]s (written %[2]s)", words, when)
}

// holds says something that is true or false.
func (r *reader) holds(e ast.Expr) (string, bool) {
	switch e.Kind() {
	case ast.SelectKind:
		name, ok := fieldOf(e)
		if !ok {
			return "", false
		}
		if e.AsSelect().IsTestOnly() {
			return r.say("填了%[1]s", "%[1]s is filled in", r.field(name)), true
		}
		return r.say("%[1]s为“是”", "%[1]s is yes", r.field(name)), true
	case ast.CallKind:
		return r.call(e.AsCall())
	}
	return "", false
}

func (r *reader) call(c ast.CallExpr) (string, bool) {
	if c.IsMemberFunction() {
		return r.fact(c)
	}
	args := c.Args()
	switch c.FunctionName() {
	case operators.LogicalNot:
		s, ok := r.holds(args[0])
		return r.say("并非（%[1]s）", "not (%[1]s)", s), ok
	case operators.LogicalAnd, operators.LogicalOr:
		return r.joined(c)
	}
	zh, en, ok := comparison(c.FunctionName())
	if !ok {
		return "", false
	}
	left, field, okLeft := r.thing(args[0], nil)
	right, _, okRight := r.thing(args[1], field)
	return left + r.say(zh, en) + right, okLeft && okRight
}

// joined says several conditions of which all or one must hold; those inside stand in brackets when they are
// joined the other way.
func (r *reader) joined(c ast.CallExpr) (string, bool) {
	and := c.FunctionName() == operators.LogicalAnd
	s := ""
	for i, arg := range c.Args() {
		words, ok := r.holds(arg)
		if !ok {
			return "", false
		}
		if arg.Kind() == ast.CallKind && isJoin(arg.AsCall().FunctionName()) && arg.AsCall().FunctionName() != c.FunctionName() {
			words = r.say("（%[1]s）", "(%[1]s)", words)
		}
		switch {
		case i == 0:
		case and:
			s += r.say("，而且", ", and ")
		default:
			s += r.say("，或者", ", or ")
		}
		s += words
	}
	return s, true
}

func isJoin(function string) bool {
	return function == operators.LogicalAnd || function == operators.LogicalOr
}

func comparison(function string) (zh, en string, ok bool) {
	switch function {
	case operators.Equals:
		return "是", " is ", true
	case operators.NotEquals:
		return "不是", " is not ", true
	case operators.Less:
		return "小于", " is less than ", true
	case operators.LessEquals:
		return "不大于", " is at most ", true
	case operators.Greater:
		return "大于", " is more than ", true
	case operators.GreaterEquals:
		return "不小于", " is at least ", true
	}
	return "", "", false
}

// thing says a field, a fact or a value; against is the field it is compared with, whose choices have titles.
func (r *reader) thing(e ast.Expr, against *procedure.Field) (words string, field *procedure.Field, ok bool) {
	switch e.Kind() {
	case ast.SelectKind:
		if name, ok := fieldOf(e); ok && !e.AsSelect().IsTestOnly() {
			return r.field(name), r.p.Field(name), true
		}
	case ast.CallKind:
		if e.AsCall().IsMemberFunction() {
			if e.AsCall().FunctionName() == "channel" {
				return r.say("提出的途径", "the way it was brought"), channelField(), true
			}
			words, ok = r.fact(e.AsCall())
			return words, nil, ok
		}
	case ast.LiteralKind:
		return r.literal(e, against)
	}
	return "", nil, false
}

// channelField stands for the channel where values are compared with it.
func channelField() *procedure.Field {
	f := &procedure.Field{Name: "channel"}
	for _, c := range []string{"web", "api", "phone", "walk-in", "letter", "import"} {
		f.Choices = append(f.Choices, procedure.Choice{Value: c, Title: procedure.Text{"zh": procedure.ChannelIn(c, "zh"), "en": procedure.ChannelIn(c, "en")}})
	}
	return f
}

func (r *reader) literal(e ast.Expr, against *procedure.Field) (string, *procedure.Field, bool) {
	switch v := e.AsLiteral().Value().(type) {
	case string:
		if against != nil {
			for _, c := range against.Choices {
				if c.Value == v {
					return r.quoted(r.in(c.Title)), nil, true
				}
			}
		}
		return r.quoted(v), nil, true
	case bool:
		if v {
			return r.say("“是”", "yes"), nil, true
		}
		return r.say("“否”", "no"), nil, true
	case int64, uint64, float64:
		return r.say("%[1]v", "%[1]v", v), nil, true
	}
	return "", nil, false
}

// fact says what a function of the matter asks.
func (r *reader) fact(c ast.CallExpr) (string, bool) {
	if c.Target().Kind() != ast.IdentKind || c.Target().AsIdent() != "matter" {
		return "", false
	}
	name := ""
	if args := c.Args(); len(args) == 1 && args[0].Kind() == ast.LiteralKind {
		name, _ = args[0].AsLiteral().Value().(string)
	}
	switch c.FunctionName() {
	case "assigned":
		return r.say("已经有经办人", "somebody is assigned"), true
	case "referred":
		return r.say("事项是别的单位转来的", "another office referred it"), true
	case "taken":
		return r.say("办理%[1]s的次数", "the number of times %[1]s was done", r.step(name)), true
	case "parties":
		return r.say("%[1]s的人数", "the number of people who are %[1]s", r.party(name)), true
	case "extensions":
		return r.say("时限%[1]s延长过的次数", "the number of times %[1]s was extended", r.clock(name)), true
	case "late":
		return r.say("时限%[1]s已经过了", "the time limit %[1]s is over", r.clock(name)), true
	case "outstanding":
		return r.say("没有办结的%[1]s的件数", "the number of %[1]s not yet ended", r.sub(name)), true
	}
	return "", false
}

// fieldOf is the name in fields.<name>.
func fieldOf(e ast.Expr) (string, bool) {
	s := e.AsSelect()
	if s.Operand().Kind() != ast.IdentKind || s.Operand().AsIdent() != "fields" {
		return "", false
	}
	return s.FieldName(), true
}
