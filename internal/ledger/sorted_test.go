package ledger

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
	"pgregory.net/rapid"
)

func TestNamesOutOfOrderAreSeen(t *testing.T) {
	for text, want := range map[string]bool{
		`{}`: true, `[]`: true, `""`: true, `{"a":1,"b":{"a":[{"x":1},{"a":2}]}}`: true, `{"":1,"a":2}`: true,
		`{"a":"{\"b\":1,\"a\":2}"}`: true, `[{"b":1},{"a":1}]`: true, `{"a":["b","a"],"b":"a"}`: true,
		`{"b":1,"a":2}`: false, `{"a":1,"a":2}`: false, `{"x":{"b":1,"a":2}}`: false, `{"a":1, "b":2}`: false,
		`{"é":1}`: false, `{"a\u0062":1}`: false, `{"a":[1,{"c":1,"b":1}]}`: false, `{"a":{"b":1},"a":1}`: false,
	} {
		if got := sortedNames([]byte(text)); got != want {
			t.Errorf("%s: sorted is %v", text, got)
		}
	}
}

// What the short way gives is what the library would have given.
func TestTheShortWayIsCanonical(t *testing.T) {
	name := rapid.OneOf(rapid.StringMatching(`[a-c_]{0,3}`), rapid.String())
	var value func(depth int) *rapid.Generator[any]
	value = func(depth int) *rapid.Generator[any] {
		kinds := []*rapid.Generator[any]{rapid.Int64Range(-1<<53, 1<<53).AsAny(), rapid.Float64().AsAny(), rapid.String().AsAny(), rapid.Bool().AsAny()}
		if depth > 0 {
			kinds = append(kinds, rapid.MapOfN(name, value(depth-1), 0, 4).AsAny(), rapid.SliceOfN(value(depth-1), 0, 4).AsAny())
		}
		return rapid.OneOf(kinds...)
	}
	rapid.Check(t, func(t *rapid.T) {
		v := value(3).Draw(t, "value")
		got, err := Canonical(v)
		if err != nil {
			return // refused, e.g. a number too large
		}
		text, err := json.Marshal(v)
		if err != nil {
			t.Skip()
		}
		want := jsontext.Value(text)
		if err := want.Canonicalize(); err != nil || !bytes.Equal(got, want) {
			t.Fatalf("%s, want %s (%v)", got, want, err)
		}
	})
}
