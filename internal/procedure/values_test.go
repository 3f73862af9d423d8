package procedure_test

import (
	"encoding/json"
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"luoshi/internal/procedure"
)

const allTypes = `
fields:
  - {name: line, title: {zh: 一行, en: Line}, type: string, max_length: 5, class: plain, seen_by: [staff, parties]}
  - {name: story, title: {zh: 经过, en: Story}, type: text, class: personal, seen_by: [staff]}
  - {name: code, title: {zh: 编号, en: Code}, hint: {zh: 三位数字。, en: Three digits.}, type: string, pattern: '[0-9]{3}|x', class: plain, seen_by: [staff]}
  - {name: count, title: {zh: 数量, en: Count}, type: integer, minimum: -2, maximum: 9007199254740993, class: plain, seen_by: [staff]}
  - {name: length, title: {zh: 长度, en: Length}, type: number, minimum: 0, maximum: 100, class: plain, seen_by: [staff]}
  - {name: wide, title: {zh: 宽度, en: Width}, type: number, class: plain, seen_by: [staff]}
  - {name: urgent, title: {zh: 紧急, en: Urgent}, type: boolean, class: plain, seen_by: [staff]}
  - {name: day, title: {zh: 日期, en: Day}, type: date, class: plain, seen_by: [staff]}
  - {name: colour, title: {zh: 颜色, en: Colour}, type: choice, choices: [{value: red, title: {zh: 红, en: Red}}, {value: blue, title: {zh: 蓝, en: Blue}}], class: plain, seen_by: [staff]}
`

// withFields is the sound declaration of the golden files with other fields, all of them asked for.
func withFields(t testing.TB) *procedure.Procedure {
	t.Helper()
	src := overlay(sound(t), strings.TrimPrefix(allTypes, "\n")+`open:
  by: [resident]
  channels: [web]
  units: [township]
  to: lodged
  fields: [{name: line, required: true}, {name: story}, {name: code}, {name: count}, {name: length}, {name: wide}, {name: urgent}, {name: day}, {name: colour}]
example:
  procedure: street-lamp
  title: 村口路灯不亮
  fields: {line: 村口}
`)
	p, err := procedure.Load("all-types.yaml", []byte(src))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestCheckFieldsNormalises(t *testing.T) {
	p := withFields(t)
	for name, test := range map[string]struct{ in, want any }{
		"text untouched":                {map[string]any{"line": " a\n "}, map[string]any{"line": " a\n "}},
		"control characters kept":       {map[string]any{"line": "a\x00\x1b\u202e"}, map[string]any{"line": "a\x00\x1b\u202e"}},
		"length in code points":         {map[string]any{"line": "一二三四五"}, map[string]any{"line": "一二三四五"}},
		"empty and nil left out":        {map[string]any{"line": "a", "story": "", "count": nil, "day": ""}, map[string]any{"line": "a"}},
		"integer from float":            {map[string]any{"line": "a", "count": 3.0}, map[string]any{"line": "a", "count": int64(3)}},
		"integer from JSON number":      {map[string]any{"line": "a", "count": json.Number("9007199254740993")}, map[string]any{"line": "a", "count": int64(9007199254740993)}},
		"integer from a form":           {map[string]any{"line": "a", "count": " -2 "}, map[string]any{"line": "a", "count": int64(-2)}},
		"integer from Go":               {map[string]any{"line": "a", "count": uint8(7)}, map[string]any{"line": "a", "count": int64(7)}},
		"ticked box":                    {map[string]any{"line": "a", "urgent": "on"}, map[string]any{"line": "a", "urgent": true}},
		"number with a fraction":        {map[string]any{"line": "a", "length": 0.5}, map[string]any{"line": "a", "length": 0.5}},
		"number from a whole one":       {map[string]any{"line": "a", "length": 100}, map[string]any{"line": "a", "length": 100.0}},
		"number from JSON":              {map[string]any{"line": "a", "wide": json.Number("-1.25e2")}, map[string]any{"line": "a", "wide": -125.0}},
		"number from a form":            {map[string]any{"line": "a", "wide": " 12.50 "}, map[string]any{"line": "a", "wide": 12.5}},
		"number of the greatest size":   {map[string]any{"line": "a", "wide": "9007199254740992"}, map[string]any{"line": "a", "wide": float64(1 << 53)}},
		"false is a value":              {map[string]any{"line": "a", "urgent": false}, map[string]any{"line": "a", "urgent": false}},
		"leap day":                      {map[string]any{"line": "a", "day": "2024-02-29"}, map[string]any{"line": "a", "day": "2024-02-29"}},
		"choice":                        {map[string]any{"line": "a", "colour": "blue"}, map[string]any{"line": "a", "colour": "blue"}},
		"either side of an alternation": {map[string]any{"line": "a", "code": "x"}, map[string]any{"line": "a", "code": "x"}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := p.CheckFields(p.Open.Fields, test.in.(map[string]any))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, any(got)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestCheckFieldsRefuses(t *testing.T) {
	p := withFields(t)
	for name, test := range map[string]struct {
		field string
		value any
		code  string
	}{
		"nothing":               {"line", "", procedure.FieldRequired},
		"blanks only":           {"line", " \u3000\n", procedure.FieldRequired},
		"six code points":       {"line", "一二三四五六", procedure.FieldTooLong},
		"20001 code points":     {"story", strings.Repeat("字", 20001), procedure.FieldTooLong},
		"broken UTF-8":          {"line", "a\xff", procedure.FieldInvalidUTF8},
		"number for text":       {"line", 3.0, procedure.FieldWrongType},
		"pattern at the start":  {"code", "123y", procedure.FieldPattern},
		"pattern at the end":    {"code", "yx", procedure.FieldPattern},
		"pattern before a line": {"code", "123\n", procedure.FieldPattern},
		"fraction":              {"count", 1.5, procedure.FieldWrongType},
		"inexact float":         {"count", math.Pow(2, 60), procedure.FieldWrongType},
		"not a number":          {"count", math.NaN(), procedure.FieldWrongType},
		"words for a number":    {"count", "three", procedure.FieldWrongType},
		"hexadecimal":           {"count", "0x1p4", procedure.FieldWrongType},
		"boolean for a number":  {"count", true, procedure.FieldWrongType},
		"too small":             {"count", -3, procedure.FieldOutOfRange},
		"too large":             {"count", json.Number("9007199254740994"), procedure.FieldOutOfRange},
		"number below":          {"length", -0.1, procedure.FieldOutOfRange},
		"number above":          {"length", 100.5, procedure.FieldOutOfRange},
		"number beyond 2^53":    {"wide", "9007199254740994", procedure.FieldOutOfRange},
		"number without end":    {"wide", "1e999", procedure.FieldOutOfRange},
		"infinity":              {"wide", math.Inf(-1), procedure.FieldOutOfRange},
		"no number at all":      {"wide", math.NaN(), procedure.FieldWrongType},
		"number in words":       {"wide", "Inf", procedure.FieldWrongType},
		"hexadecimal number":    {"wide", "0x1p4", procedure.FieldWrongType},
		"number with commas":    {"wide", "1,000", procedure.FieldWrongType},
		"list for a number":     {"wide", []any{1}, procedure.FieldWrongType},
		"maybe":                 {"urgent", "maybe", procedure.FieldWrongType},
		"no such day":           {"day", "2025-02-29", procedure.FieldInvalidDate},
		"day otherwise written": {"day", "29.2.2024", procedure.FieldInvalidDate},
		"other colour":          {"colour", "Red", procedure.FieldNotAChoice},
		"list for a choice":     {"colour", []any{"red"}, procedure.FieldWrongType},
		"not asked for":         {"shape", "round", procedure.FieldUnknown},
	} {
		t.Run(name, func(t *testing.T) {
			values := map[string]any{"line": "a"}
			values[test.field] = test.value
			_, err := p.CheckFields(p.Open.Fields, values)
			var faults *procedure.FieldErrors
			if !errors.As(err, &faults) || len(*faults) != 1 {
				t.Fatalf("got %v, want one fault", err)
			}
			f := (*faults)[0]
			if f.Field != test.field || f.Code != test.code {
				t.Errorf("got %s %s, want %s %s", f.Field, f.Code, test.field, test.code)
			}
			if f.Text["zh"] == "" || f.Text["en"] == "" || f.Text["zh"] == f.Text["en"] {
				t.Errorf("words %v", f.Text)
			}
			if s, ok := test.value.(string); ok && len(s) > 3 && strings.Contains(err.Error(), s) {
				t.Error("the error repeats what was entered, which may be personal")
			}
		})
	}
}

func TestCheckFieldsNamesAllFaultsInOrder(t *testing.T) {
	p := withFields(t)
	_, err := p.CheckFields(p.Open.Fields, map[string]any{"zeta": 1, "alpha": 1, "day": "x", "count": "x"})
	var faults *procedure.FieldErrors
	if !errors.As(err, &faults) {
		t.Fatalf("got %v", err)
	}
	var got []string
	for _, f := range *faults {
		got = append(got, f.Field+" "+f.Code)
	}
	want := []string{"line required", "count wrong-type", "day invalid-date", "alpha unknown-field", "zeta unknown-field"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestCheckFieldsIsIdempotent: what was accepted is accepted again unchanged, also after a journey as JSON.
func TestCheckFieldsIsIdempotent(t *testing.T) {
	p := withFields(t)
	rapid.Check(t, func(t *rapid.T) {
		values := map[string]any{"line": rapid.StringN(1, 5, -1).Draw(t, "line")}
		if rapid.Bool().Draw(t, "more") {
			values["story"] = rapid.String().Draw(t, "story")
			values["count"] = rapid.Int64Range(-2, 1<<53).Draw(t, "count")
			values["wide"] = rapid.Float64Range(-1<<53, 1<<53).Draw(t, "wide")
			values["urgent"] = rapid.Bool().Draw(t, "urgent")
			values["colour"] = rapid.SampledFrom([]string{"red", "blue"}).Draw(t, "colour")
		}
		first, err := p.CheckFields(p.Open.Fields, values)
		if err != nil {
			if strings.TrimSpace(values["line"].(string)) != "" {
				t.Fatal(err)
			}
			return
		}
		coded, err := json.Marshal(first)
		if err != nil {
			t.Fatal(err)
		}
		var back map[string]any
		if err := json.Unmarshal(coded, &back); err != nil {
			t.Fatal(err)
		}
		second, err := p.CheckFields(p.Open.Fields, back)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(first, second); diff != "" {
			t.Fatal(diff)
		}
	})
}

func TestZeroHasNoSign(t *testing.T) {
	p := withFields(t)
	got, err := p.CheckFields(p.Open.Fields, map[string]any{"line": "a", "wide": "-0.0"})
	if err != nil || math.Signbit(got["wide"].(float64)) {
		t.Errorf("%v, %v", got, err)
	}
}

func TestUnknownNamesAreNil(t *testing.T) {
	p := withFields(t)
	if p.Field("x") != nil || p.State("x") != nil || p.Step("x") != nil || p.Clock("x") != nil || p.PartyRole("x") != nil {
		t.Error("something was found that is not declared")
	}
	if p.Field("line") == nil || p.State("lodged") == nil || p.Step("repair") == nil || p.Clock("repair") == nil || p.PartyRole("applicant") == nil {
		t.Error("something declared was not found")
	}
}
