package procedure_test

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	yaml "github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"luoshi/internal/procedure"
	"luoshi/procedures"
)

// schema is the published JSON Schema, ready to validate with.
func schema(t testing.TB) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(procedures.Schema))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("urn:luoshi:procedure:1", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("urn:luoshi:procedure:1")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// fits validates a declaration as an editor would.
func fits(t testing.TB, s *jsonschema.Schema, src []byte) error {
	t.Helper()
	text, err := yaml.YAMLToJSON(src)
	if err != nil {
		return err
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return s.Validate(value)
}

// node is what the tests look at of a schema.
type node struct {
	Properties map[string]json.RawMessage `json:"properties"`
	OneOf      []node                     `json:"oneOf"`
	Defs       map[string]node            `json:"$defs"`
	Additional any                        `json:"additionalProperties"`
}

// members are those of a mapping, or of the mapping among several written forms.
func (n node) members() []string {
	for _, form := range n.OneOf {
		if form.Properties != nil {
			return form.members()
		}
	}
	return slices.Sorted(maps.Keys(n.Properties))
}

// TestSchemaHasEveryMember compares the schema with the types in both directions.
func TestSchemaHasEveryMember(t *testing.T) {
	var top node
	if err := json.Unmarshal(procedures.Schema, &top); err != nil {
		t.Fatal(err)
	}
	types := map[string]reflect.Type{}
	collect(reflect.TypeFor[procedure.Procedure](), types)
	for name, typ := range types {
		n := top.Defs[name]
		if name == "Procedure" {
			n = top
		}
		if diff := cmp.Diff(slices.Sorted(slices.Values(yamlMembers(typ))), n.members()); diff != "" {
			t.Errorf("%s (-type +schema):\n%s", name, diff)
		}
	}
	for name, n := range top.Defs {
		if _, ok := types[name]; !ok && n.members() != nil {
			t.Errorf("the schema has %s, which is no type", name)
		}
	}
}

// collect finds the structs that a declaration is read into.
func collect(t reflect.Type, into map[string]reflect.Type) {
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice:
		collect(t.Elem(), into)
	case reflect.Struct:
		if into[t.Name()] != nil {
			return
		}
		into[t.Name()] = t
		for i := range t.NumField() {
			if tag := t.Field(i).Tag.Get("yaml"); tag != "" && tag != "-" {
				collect(t.Field(i).Type, into)
			}
		}
	}
}

func yamlMembers(t reflect.Type) (out []string) {
	for i := range t.NumField() {
		switch tag := t.Field(i).Tag.Get("yaml"); tag {
		case "", "-":
		case ",inline":
			out = append(out, yamlMembers(t.Field(i).Type)...)
		default:
			out = append(out, tag)
		}
	}
	return out
}

func TestPacksFitTheSchema(t *testing.T) {
	s := schema(t)
	names, err := fs.Glob(procedures.FS, "*.yaml")
	if err != nil || len(names) == 0 {
		t.Fatalf("no packs: %v", err)
	}
	for _, name := range names {
		src, err := procedures.FS.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if err := fits(t, s, src); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestWhatLoadsFitsTheSchema takes the declarations of the tests: an editor must not complain where loading does not.
func TestWhatLoadsFitsTheSchema(t *testing.T) {
	s := schema(t)
	files, err := filepath.Glob("soundness/testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no declarations: %v", err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		snippet, _, _ := strings.Cut(string(data), separator)
		if strings.HasPrefix(filepath.Base(file), "too-large") {
			continue // the schema has the bound on clocks too
		}
		if err := fits(t, s, []byte(overlay(sound(t), snippet+"\n"))); err != nil {
			t.Errorf("%s: %v", file, err)
		}
	}
}

func TestSchemaFindsSlips(t *testing.T) {
	s := schema(t)
	for _, slip := range []string{"titel: x", "version: one", "id: Lamp", "calendar: ''", "languages: []", "public: {fields: place}", "retention: {period: soon}", "steps: []"} {
		member, _, _ := strings.Cut(slip, ":")
		if err := fits(t, s, []byte(overlay(sound(t), slip+"\n"))); err == nil || !strings.Contains(err.Error(), member) {
			t.Errorf("%s: %v", slip, err)
		}
	}
}
