package design

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
)

// literal writes a value as Go, leaving out what is zero.
func literal(value any) string {
	var b strings.Builder
	writeLiteral(&b, reflect.ValueOf(value), true)
	return b.String()
}

func writeLiteral(b *strings.Builder, v reflect.Value, typed bool) {
	switch v.Kind() {
	case reflect.String:
		b.WriteString(strconv.Quote(v.String()))
	case reflect.Pointer:
		b.WriteString("&")
		writeLiteral(b, v.Elem(), true)
	case reflect.Slice:
		b.WriteString(typeName(v.Type()) + "{")
		for i := range v.Len() {
			if i > 0 {
				b.WriteString(", ")
			}
			writeLiteral(b, v.Index(i), false)
		}
		b.WriteString("}")
	case reflect.Struct:
		if typed {
			b.WriteString(typeName(v.Type()))
		}
		b.WriteString("{")
		first := true
		for i := range v.NumField() {
			if v.Field(i).IsZero() {
				continue
			}
			if !first {
				b.WriteString(", ")
			}
			first = false
			b.WriteString(v.Type().Field(i).Name + ": ")
			writeLiteral(b, v.Field(i), true)
		}
		b.WriteString("}")
	case reflect.Map:
		fmt.Fprintf(b, "%#v", v.Interface()) // sorted by key
	default:
		fmt.Fprint(b, v)
	}
}

// typeName is the name of a type as a package of pages writes it.
func typeName(t reflect.Type) string { return t.String() }
