package casework

import (
	"maps"
	"slices"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Fields are the values of a procedure's fields, by name: text, whole numbers, yes or no.
type Fields map[string]any

// MarshalJSONTo writes what the library would, in the order of the names and without its reflection: fields
// are most of what is written for a lodging, and it is written several times.
func (f Fields) MarshalJSONTo(enc *jsontext.Encoder) error {
	if f == nil {
		return enc.WriteToken(jsontext.Null)
	}
	if err := enc.WriteToken(jsontext.BeginObject); err != nil {
		return err
	}
	names := make([]string, 0, 16)
	names = slices.AppendSeq(names, maps.Keys(f))
	slices.Sort(names)
	for _, name := range names {
		if err := enc.WriteToken(jsontext.String(name)); err != nil {
			return err
		}
		if err := writeValue(enc, f[name]); err != nil {
			return err
		}
	}
	return enc.WriteToken(jsontext.EndObject)
}

func writeValue(enc *jsontext.Encoder, v any) error {
	switch v := v.(type) {
	case string:
		return enc.WriteToken(jsontext.String(v))
	case bool:
		return enc.WriteToken(jsontext.Bool(v))
	}
	return json.MarshalEncode(enc, v)
}
