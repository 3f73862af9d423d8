package api

import (
	"encoding/json"
	"reflect"
	"testing"

	"luoshi/internal/calendar"
	"luoshi/internal/ledger"
	"luoshi/internal/procedure"

	"github.com/google/go-cmp/cmp"
)

// The answer to an act is written by hand; every member that is declared must be in it, as the library writes it.
func TestRecordedIsWrittenAsByTheLibrary(t *testing.T) {
	full := Recorded{Clocks: make([]Clock, 2), Receipt: &ledger.Receipt{Entry: &ledger.ReceiptEntry{}}}
	fill(reflect.ValueOf(&full).Elem(), new(int))
	full.Clocks[1].Basis.Note = nil
	for _, each := range full.Each {
		each.Receipt.Entry.Act, each.Receipt.Entry.Content = json.RawMessage("{}"), json.RawMessage("{}")
	}
	full.Opened.Receipt.Entry.Act, full.Opened.Receipt.Entry.Content = json.RawMessage("{}"), json.RawMessage("{}")
	full.Receipt.Entry.Act, full.Receipt.Entry.Content = json.RawMessage(`{"a":"<信>"}`), json.RawMessage(`{"title":"\u0026"}`)
	receipt := &ledger.Receipt{Salt: []byte{1}}
	bare := Recorded{Receipt: receipt, Clocks: []Clock{{Explanation: []calendar.Line{}}}}
	for name, r := range map[string]*Recorded{"full": &full, "bare": &bare, "no clocks": {Receipt: receipt, Clocks: []Clock{}}} {
		got := r.appendJSON(nil)
		want, err := asJSON(r)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), string(got)); diff != "" {
			t.Errorf("%s (-library +by hand):\n%s", name, diff)
		}
	}
}

// fill sets every member to something of its own.
func fill(v reflect.Value, n *int) {
	*n++
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			fill(v.Field(i), n)
		}
	case reflect.Pointer:
		if v.IsNil() {
			v.Set(reflect.New(v.Type().Elem()))
		}
		fill(v.Elem(), n)
	case reflect.Interface:
		v.Set(reflect.ValueOf("any"))
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			v.SetBytes([]byte{byte(*n)})
			return
		}
		if v.Len() == 0 {
			v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		}
		for i := range v.Len() {
			fill(v.Index(i), n)
		}
	case reflect.Map:
		v.Set(reflect.ValueOf(procedure.Text{"zh": "注", "en": "note"}))
	case reflect.String:
		v.SetString("“" + string(rune('a'+*n%26)) + "\"\\\n\x01<>&")
	case reflect.Bool:
		v.SetBool(true)
	default:
		v.SetInt(int64(*n))
	}
}
