package api

import (
	"errors"
	"fmt"
	"reflect"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// formats reads JSON strictly (no unknown or repeated members, no invalid UTF-8) and straight into the
// command. huma would read a body twice, once for its schema; what the schema does not say, casework says
// with words for the person.
func formats(e *encoder) map[string]huma.Format {
	f := huma.Format{Marshal: e.send, Unmarshal: unmarshal}
	return map[string]huma.Format{"application/json": f, "json": f}
}

func unmarshal(data []byte, v any) error {
	return readable(json.Unmarshal(data, v, json.RejectUnknownMembers(true)))
}

// readable says what is wrong with a body without the names of Go types and without what was sent.
func readable(err error) error {
	var syntax *jsontext.SyntacticError
	var semantic *json.SemanticError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &semantic) && errors.Is(err, json.ErrUnknownName):
		return fmt.Errorf("unknown member %s; see /v1/openapi.json for those there are", semantic.JSONPointer)
	case errors.As(err, &semantic) && semantic.GoType != nil:
		return fmt.Errorf("%s must be %s", place(semantic.JSONPointer), kind(semantic.GoType))
	case errors.As(err, &syntax):
		return fmt.Errorf("not valid JSON at byte %d, %s: %w", syntax.ByteOffset, place(syntax.JSONPointer), syntax.Err)
	}
	return errors.New("not the JSON that is asked for; see /v1/openapi.json")
}

func place(p jsontext.Pointer) string {
	if p == "" {
		return "the body"
	}
	return strings.ReplaceAll(string(p), "~1", "/")
}

func kind(t reflect.Type) string {
	switch t.Kind() {
	case reflect.String:
		return "a text"
	case reflect.Bool:
		return "true or false"
	case reflect.Slice, reflect.Array:
		return "a list"
	case reflect.Map, reflect.Struct, reflect.Pointer:
		return "an object"
	}
	return "a whole number"
}
