package procedure

import (
	"fmt"
	"maps"
	"reflect"
	"slices"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
)

// The two names a guard knows: the values of the declared fields, and the matter itself.
var (
	fieldsType = cel.ObjectType("luoshi.Fields")
	matterType = cel.ObjectType("luoshi.Matter")
)

// fieldTypes gives CEL the declared fields as members of one object, each with its type. A field without a
// value reads as the zero of its type, as in protocol buffers; `has` tells the difference.
type fieldTypes struct {
	*types.Registry
	p *Procedure
}

func (t *fieldTypes) FindStructType(name string) (*types.Type, bool) {
	if name == fieldsType.TypeName() {
		return types.NewTypeTypeWithParam(fieldsType), true
	}
	return t.Registry.FindStructType(name)
}

func (t *fieldTypes) FindStructFieldNames(name string) ([]string, bool) {
	if name == fieldsType.TypeName() {
		return slices.Sorted(maps.Keys(t.p.fields)), true
	}
	return t.Registry.FindStructFieldNames(name)
}

func (t *fieldTypes) FindStructFieldType(name, field string) (*types.FieldType, bool) {
	if name != fieldsType.TypeName() {
		return t.Registry.FindStructFieldType(name, field)
	}
	f := t.p.fields[field]
	if f == nil {
		return nil, false
	}
	typ, zero := f.celType()
	return &types.FieldType{
		Type: typ,
		IsSet: func(target any) bool {
			_, ok := target.(fieldValues)[field]
			return ok
		},
		GetFrom: func(target any) (any, error) {
			v, ok := target.(fieldValues)[field]
			if !ok {
				return zero, nil
			}
			if f.Type == TypeFile {
				return countFiles(v), nil
			}
			if n, ok := v.(float64); ok && typ == types.IntType { // as JSON reads whole numbers
				return int64(n), nil
			}
			return v, nil
		},
	}, true
}

// celType is the type of the field's values in a guard, and its zero. Dates are text like 2026-01-31, which
// compares as dates do.
func (f *Field) celType() (*types.Type, any) {
	switch f.Type {
	case TypeInteger, TypeFile: // of files, how many there are
		return types.IntType, int64(0)
	case TypeNumber:
		return types.DoubleType, float64(0)
	case TypeBoolean:
		return types.BoolType, false
	}
	return types.StringType, ""
}

// longest is the greatest length of a value as text, in code points.
func (f *Field) longest() int {
	switch f.Type {
	case TypeChoice:
		n := 0
		for _, c := range f.Choices {
			n = max(n, len(c.Value))
		}
		return n
	case TypeString, TypeText:
		return f.Limit()
	}
	return 20
}

// fieldValues is the value of `fields`.
type fieldValues map[string]any

func (fieldValues) ConvertToNative(t reflect.Type) (any, error) {
	return nil, fmt.Errorf("fields cannot become %v", t)
}
func (fieldValues) ConvertToType(t ref.Type) ref.Val {
	return types.NewErr("fields cannot become %s", t.TypeName())
}
func (fieldValues) Equal(ref.Val) ref.Val {
	return types.NewErr("fields cannot be compared as a whole")
}
func (fieldValues) Type() ref.Type { return fieldsType }
func (v fieldValues) Value() any   { return v }

// matterFacts is the value of `matter`. What is unknown has no value, and neither has what depends on it.
type matterFacts struct {
	*Facts
	unknown []GuardUse
}

func (matterFacts) ConvertToNative(t reflect.Type) (any, error) {
	return nil, fmt.Errorf("a matter cannot become %v", t)
}
func (matterFacts) ConvertToType(t ref.Type) ref.Val {
	return types.NewErr("a matter cannot become %s", t.TypeName())
}
func (matterFacts) Equal(ref.Val) ref.Val { return types.NewErr("matters cannot be compared") }
func (matterFacts) Type() ref.Type        { return matterType }
func (m matterFacts) Value() any          { return m }

// matterFunction is one thing that can be asked of the matter: matter.taken("accept").
type matterFunction struct {
	name  string
	gives *types.Type
	value func(f *Facts, arg string) any
	names func(p *Procedure, name string) bool // whether the argument is declared; nil: no argument
}

// matterFunctions are all of them, in the order of doc/procedures.md.
func matterFunctions() []matterFunction {
	return []matterFunction{
		{"channel", types.StringType, func(f *Facts, _ string) any { return f.Channel }, nil},
		{"assigned", types.BoolType, func(f *Facts, _ string) any { return f.Assigned }, nil},
		{"referred", types.BoolType, func(f *Facts, _ string) any { return f.Referred }, nil},
		{"taken", types.IntType, func(f *Facts, step string) any { return f.Taken[step] },
			func(p *Procedure, n string) bool { return p.steps[n] != nil }},
		{"parties", types.IntType, func(f *Facts, role string) any { return f.Parties[role] },
			func(p *Procedure, n string) bool { return p.parties[n] != nil }},
		{"extensions", types.IntType, func(f *Facts, clock string) any { return f.Extensions[clock] },
			func(p *Procedure, n string) bool { return p.clocks[n] != nil }},
		{"late", types.BoolType, func(f *Facts, clock string) any { return f.Late[clock] },
			func(p *Procedure, n string) bool { return p.clocks[n] != nil }},
		{"outstanding", types.IntType, func(f *Facts, sub string) any { return f.Outstanding[sub] },
			func(p *Procedure, n string) bool { return p.subs[n] != nil }},
	}
}

// option declares the function to CEL.
func (f matterFunction) option() cel.EnvOption {
	args := []*types.Type{matterType}
	if f.names != nil {
		args = append(args, types.StringType)
	}
	call := func(values ...ref.Val) ref.Val {
		arg := ""
		if len(values) == 2 {
			arg = string(values[1].(types.String))
		}
		m := values[0].(matterFacts)
		if slices.Contains(m.unknown, GuardUse{Function: f.name, Argument: arg}) {
			return types.NewUnknown(0, nil)
		}
		return types.DefaultTypeAdapter.NativeToValue(f.value(m.Facts, arg))
	}
	id := "matter_" + f.name
	if f.names == nil {
		return cel.Function(f.name, cel.MemberOverload(id, args, f.gives, cel.UnaryBinding(func(v ref.Val) ref.Val { return call(v) })))
	}
	return cel.Function(f.name, cel.MemberOverload(id, args, f.gives, cel.BinaryBinding(func(a, b ref.Val) ref.Val { return call(a, b) })))
}
