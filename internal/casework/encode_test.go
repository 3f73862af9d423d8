package casework

import (
	"fmt"
	"reflect"
	"testing"
	"time"

	"luoshi/internal/ledger"

	"github.com/go-json-experiment/json"
	jsonv1 "github.com/go-json-experiment/json/v1"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// What is written by hand is what the library writes, with every member that is declared.
func TestEncodingIsThatOfTheLibrary(t *testing.T) {
	stored := func(v any) ([]byte, error) { return json.Marshal(v, jsonv1.DefaultOptionsV1()) }
	text := rapid.OneOf(rapid.Just(""), rapid.String(), rapid.StringMatching(`[a-c_<&>"\\]{0,3}`), rapid.SampledFrom([]string{"楼上漏水", "\u2028", "\x00\x7f", "“…”"}))
	rapid.Check(t, func(t *rapid.T) {
		var act Act
		var content Content
		var matter Matter
		var lodging Lodging
		for _, v := range []any{&act, &content, &matter, &lodging} {
			draw(t, text, reflect.ValueOf(v).Elem())
		}
		for _, c := range []struct {
			name string
			v    any
			hand func() ([]byte, error)
			lib  func(any) ([]byte, error)
		}{
			{"act", act, act.canonical, ledger.Canonical}, {"content", content, content.canonical, ledger.Canonical},
			{"matter", matter, matter.Encode, stored}, {"lodging", lodging, lodging.encode, stored},
		} {
			want, err := c.lib(c.v)
			got, e := c.hand()
			if fmt.Sprint(err != nil) != fmt.Sprint(e != nil) {
				t.Fatalf("%s: refused with %v, by the library with %v", c.name, e, err)
			}
			if diff := cmp.Diff(string(want), string(got)); diff != "" && err == nil {
				t.Fatalf("%s (-library +by hand):\n%s", c.name, diff)
			}
		}
	})
}

func TestInvalidTextIsRefusedInEntriesAndReplacedInRequests(t *testing.T) {
	bad := Lodging{Title: "a\xff", Fields: map[string]any{"f\xff": "<"}}
	want, err := json.Marshal(bad, jsonv1.DefaultOptionsV1())
	if err != nil {
		t.Fatal(err)
	}
	if got, err := bad.encode(); err != nil || string(got) != string(want) {
		t.Errorf("%q, want %q (%v)", got, want, err)
	}
	if _, err := (&Content{Note: "\xff"}).canonical(); err == nil {
		t.Error("content that is not UTF-8 was written")
	}
	if _, err := (&Act{Channel: "\xff"}).canonical(); err == nil {
		t.Error("an act that is not UTF-8 was written")
	}
}

// draw sets every member to something, or to nothing.
func draw(t *rapid.T, text *rapid.Generator[string], v reflect.Value) {
	some := rapid.Bool()
	switch v.Kind() {
	case reflect.Struct:
		if _, ok := v.Interface().(time.Time); ok {
			if some.Draw(t, "time") {
				v.Set(reflect.ValueOf(time.Unix(rapid.Int64Range(0, 1<<33).Draw(t, "seconds"), 5e6).UTC()))
			}
			return
		}
		for i := range v.NumField() {
			draw(t, text, v.Field(i))
		}
	case reflect.Pointer:
		if some.Draw(t, "pointer") {
			v.Set(reflect.New(v.Type().Elem()))
			draw(t, text, v.Elem())
		}
	case reflect.Slice:
		n := rapid.IntRange(0, 2).Draw(t, "length")
		v.Set(reflect.MakeSlice(v.Type(), n, n))
		for i := range n {
			draw(t, text, v.Index(i))
		}
	case reflect.Map:
		if v.Type().Elem().Kind() == reflect.Interface {
			value := rapid.OneOf(text.AsAny(), rapid.Int64().AsAny(), rapid.Bool().AsAny(), rapid.Just[any](nil), rapid.Float64().AsAny())
			v.Set(reflect.ValueOf(rapid.MapOfN(text, value, 0, 4).Draw(t, "map")))
			return
		}
		v.Set(reflect.MakeMap(v.Type()))
		for range rapid.IntRange(0, 3).Draw(t, "length") {
			value := reflect.New(v.Type().Elem()).Elem()
			draw(t, text, value)
			v.SetMapIndex(reflect.ValueOf(text.Draw(t, "name")), value)
		}
	case reflect.String:
		v.SetString(text.Draw(t, "text"))
	case reflect.Bool:
		v.SetBool(some.Draw(t, "bool"))
	case reflect.Int:
		v.SetInt(rapid.Int64Range(-1, 1<<40).Draw(t, "int"))
	default:
		t.Fatalf("a member of kind %s is not written by hand yet", v.Kind())
	}
}
