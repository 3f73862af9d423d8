package procedure

import (
	"encoding/json"
	"math"
	"reflect"
	"regexp"
	"strconv"
	"strings"
)

// exact is 2^53: the whole numbers up to it, and only they, are one floating-point number each. What is recorded
// holds none beyond it.
const exact = 1 << 53

func (f *Field) checkInteger(value any) (any, *FieldError) {
	n, ok := integer(value)
	if !ok {
		e := f.fault(FieldWrongType, "“%s”应当是整数。", "“%s” must be a whole number.")
		return nil, &e
	}
	if f.Minimum != nil && n < *f.Minimum {
		e := f.fault(FieldOutOfRange, "“%s”不能小于 %d。", "“%s” must be at least %d.", *f.Minimum)
		return nil, &e
	}
	if f.Maximum != nil && n > *f.Maximum {
		e := f.fault(FieldOutOfRange, "“%s”不能大于 %d。", "“%s” must be at most %d.", *f.Maximum)
		return nil, &e
	}
	return n, nil
}

// integer reads the forms in which a whole number arrives: a Go integer, a JSON number, the text of a form.
// Floating-point numbers count only up to 2^53, beyond which they no longer say which integer was meant.
func integer(value any) (int64, bool) {
	switch v := value.(type) {
	case json.Number:
		return parseInteger(v.String())
	case string:
		return parseInteger(strings.TrimSpace(v))
	}
	switch v := reflect.ValueOf(value); v.Kind() {
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return v.Int(), true
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return int64(v.Uint()), v.Uint() <= math.MaxInt64
	case reflect.Float32, reflect.Float64:
		return wholeFloat(v.Float())
	}
	return 0, false
}

func parseInteger(s string) (int64, bool) {
	if n, err := strconv.ParseInt(s, 10, 64); err == nil {
		return n, true
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || !strings.ContainsAny(s, ".eE") || strings.ContainsAny(s, "xXpP_") {
		return 0, false
	}
	return wholeFloat(f)
}

func wholeFloat(f float64) (int64, bool) {
	return int64(f), f == math.Trunc(f) && math.Abs(f) <= exact
}

func (f *Field) checkNumber(value any) (any, *FieldError) {
	n, ok := number(value)
	if !ok {
		e := f.fault(FieldWrongType, "“%s”应当是数字，写成 12.5 这样。", "“%s” must be a number, written like 12.5.")
		return nil, &e
	}
	low, high := int64(-exact), int64(exact)
	if f.Minimum != nil {
		low = max(low, *f.Minimum)
	}
	if f.Maximum != nil {
		high = min(high, *f.Maximum)
	}
	switch {
	case n < float64(low):
		e := f.fault(FieldOutOfRange, "“%s”不能小于 %d。", "“%s” must be at least %d.", low)
		return nil, &e
	case n > float64(high):
		e := f.fault(FieldOutOfRange, "“%s”不能大于 %d。", "“%s” must be at most %d.", high)
		return nil, &e
	}
	if n == 0 {
		n = 0 // not the zero with a sign
	}
	return n, nil
}

// decimal is a number as a person or JSON writes it.
var decimal = regexp.MustCompile(`^[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?$`)

// number reads the forms in which a number arrives: any Go number, a JSON number, the text of a form.
func number(value any) (float64, bool) {
	switch v := value.(type) {
	case json.Number:
		return parseNumber(v.String())
	case string:
		return parseNumber(strings.TrimSpace(v))
	}
	switch v := reflect.ValueOf(value); v.Kind() {
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return float64(v.Int()), true
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return float64(v.Uint()), true
	case reflect.Float32, reflect.Float64:
		return v.Float(), !math.IsNaN(v.Float())
	}
	return 0, false
}

func parseNumber(s string) (float64, bool) {
	if !decimal.MatchString(s) {
		return 0, false
	}
	n, err := strconv.ParseFloat(s, 64)
	return n, err == nil || math.IsInf(n, 0) // too large is a fault of range
}
