package casework

import (
	"bytes"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	jsonv1 "github.com/go-json-experiment/json/v1"
	"pgregory.net/rapid"
)

// Fields are written as the library writes a map, in the stored form of a matter as in that of an act.
func TestFieldsAreWrittenAsTheLibraryWrites(t *testing.T) {
	text := rapid.OneOf(rapid.String(), rapid.StringMatching(`[a-z_<&"\\]{0,4}`), rapid.SampledFrom([]string{"楼上漏水", "\u2028", "\x00"}))
	value := rapid.OneOf(text.AsAny(), rapid.Int64().AsAny(), rapid.Bool().AsAny(), rapid.Just[any](nil), rapid.SliceOfN(text, 0, 2).AsAny())
	options := map[string]json.Options{
		"matter": jsonv1.DefaultOptionsV1(),
		"act":    json.JoinOptions(jsonv1.DefaultOptionsV1(), jsontext.EscapeForHTML(false), jsontext.EscapeForJS(false)),
	}
	rapid.Check(t, func(t *rapid.T) {
		fields := rapid.MapOfN(text, value, 0, 6).Draw(t, "fields")
		for name, o := range options {
			want, err := json.Marshal(fields, o)
			if err != nil {
				t.Fatal(err)
			}
			if got, err := json.Marshal(Fields(fields), o); err != nil || !bytes.Equal(got, want) {
				t.Fatalf("%s: %s, want %s (%v)", name, got, want, err)
			}
		}
	})
}
