package procedure_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"luoshi/internal/procedure"
)

// withFiles is the sound declaration with a field that takes files.
func withFiles(t testing.TB, field string) (*procedure.Procedure, error) {
	t.Helper()
	return procedure.Load("a.yaml", []byte(overlay(sound(t), `fields:
  - {name: place, title: {zh: 地点, en: Place}, type: string, class: plain, seen_by: [staff, parties]}
  - {name: photo, title: {zh: 照片, en: Photos}, `+field+`}
`)))
}

const photos = "type: file, accept: [image, pdf], max_files: 2, class: plain, seen_by: [staff, parties]"

func picture(id string) procedure.File {
	return procedure.File{ID: id, MediaType: "image/jpeg", Name: "坑.jpg", SHA256: "ab", Size: 7, Kind: procedure.AcceptImage, Fresh: true}
}

func TestFilesAreChecked(t *testing.T) {
	p, err := withFiles(t, photos)
	if err != nil {
		t.Fatal(err)
	}
	text := picture("c")
	text.Kind, text.Name = procedure.AcceptDocument, "信.txt"
	for _, c := range []struct {
		name  string
		value any
		code  string
	}{
		{"one", []procedure.File{picture("a")}, ""},
		{"as many as it takes", []procedure.File{picture("a"), picture("b")}, ""},
		{"one too many", []procedure.File{picture("a"), picture("b"), picture("c")}, procedure.FieldTooManyFiles},
		{"the same twice", []procedure.File{picture("a"), picture("a")}, procedure.FieldFileGone},
		{"one that was not found", []procedure.File{{ID: "x"}}, procedure.FieldFileGone},
		{"another kind", []procedure.File{text}, procedure.FieldFileType},
		{"text", "a.jpg", procedure.FieldWrongType},
		{"what somebody says a file is", []any{map[string]any{"id": "a", "sha256": "ab", "size": 7}}, procedure.FieldWrongType},
		{"none where one must be", []procedure.File{}, procedure.FieldRequired},
		{"nothing where one must be", nil, procedure.FieldRequired},
	} {
		_, err := p.CheckFields([]procedure.FieldUse{{Name: "photo", Required: true}}, map[string]any{"photo": c.value})
		code := ""
		if faults := new(procedure.FieldErrors); errors.As(err, &faults) {
			code = (*faults)[0].Code
			for _, lang := range []string{"zh", "en"} {
				if words := (*faults)[0].Text.In(lang); words == "" || strings.Contains(words, "%!") {
					t.Errorf("%s: the words in %s are %q", c.name, lang, words)
				}
			}
		}
		if code != c.code {
			t.Errorf("%s: %q instead of %q", c.name, code, c.code)
		}
	}
}

// A value is the same before it is recorded and after it was read again.
func TestFilesSurviveJSON(t *testing.T) {
	value := []procedure.File{picture("a"), picture("b")}
	text, err := json.Marshal(map[string]any{"photo": value})
	if err != nil {
		t.Fatal(err)
	}
	var fields map[string]any
	if err := json.Unmarshal(text, &fields); err != nil {
		t.Fatal(err)
	}
	want := []procedure.File{picture("a"), picture("b")}
	for i := range want {
		want[i].Kind, want[i].Fresh = "", false
	}
	if d := cmp.Diff(want, procedure.FilesOf(fields["photo"])); d != "" {
		t.Error(d)
	}
	again, err := json.Marshal(fields)
	if err != nil || string(again) != string(text) {
		t.Errorf("written again it is %s instead of %s (%v)", again, text, err)
	}
	for _, none := range []any{nil, "a", 3, []any{"a"}, []any{}} {
		if got := procedure.FilesOf(none); len(got) != 0 {
			t.Errorf("%v holds %v", none, got)
		}
	}
}

func TestFilesInGuardsAndWords(t *testing.T) {
	p, err := guardedBy(t, `fields.photo > 1 && has(fields.photo)`)
	if err != nil {
		t.Fatal(err)
	}
	for want, value := range map[bool]any{true: []procedure.File{picture("a"), picture("b")}, false: []any{map[string]any{"id": "a"}}} {
		got, err := p.Step("repair").Guard.Holds(&procedure.Facts{Fields: map[string]any{"photo": value}})
		if err != nil || got != want {
			t.Errorf("%v: %v, %v", value, got, err)
		}
	}
	if got, err := p.Step("repair").Guard.Holds(&procedure.Facts{}); err != nil || got {
		t.Errorf("without a value: %v, %v", got, err)
	}
	if _, err := guardedBy(t, `fields.photo == "a.jpg"`); err == nil {
		t.Error("a guard may compare files with a text")
	}
	if got := p.Field("photo").Say([]procedure.File{picture("a"), picture("b")}, "zh"); got != "坑.jpg、坑.jpg" {
		t.Errorf("in words: %s", got)
	}
}

func guardedBy(t *testing.T, guard string) (*procedure.Procedure, error) {
	t.Helper()
	return procedure.Load("a.yaml", []byte(overlay(sound(t), `fields:
  - {name: place, title: {zh: 地点, en: Place}, type: string, class: plain, seen_by: [staff, parties]}
  - {name: photo, title: {zh: 照片, en: Photos}, `+photos+`}
steps:
  - {name: repair, title: {zh: 修理, en: Repair}, from: [lodged], to: done, by: ["role:clerk"], note: optional, guard: '`+guard+`'}
`)))
}

func TestDeclarationsOfFiles(t *testing.T) {
	for _, c := range []struct{ name, field, rule string }{
		{"sound", photos, ""},
		{"without accept", "type: file, class: plain, seen_by: [staff]", "missing-member"},
		{"of an unknown kind", "type: file, accept: [program], class: plain, seen_by: [staff]", "value"},
		{"a kind twice", "type: file, accept: [pdf, pdf], class: plain, seen_by: [staff]", "duplicate-name"},
		{"counted", "type: file, accept: [pdf], class: plain, seen_by: [staff], counted: true", "choices"},
		{"too many", "type: file, accept: [pdf], max_files: 21, class: plain, seen_by: [staff]", "field-limits"},
		{"fewer than none", "type: file, accept: [pdf], max_files: -1, class: plain, seen_by: [staff]", "field-limits"},
		{"accept of a text", "type: string, accept: [pdf], class: plain, seen_by: [staff]", "field-limits"},
		{"a pattern", `type: file, accept: [pdf], pattern: "a", class: plain, seen_by: [staff]`, "field-limits"},
		{"a checksum of a text", "type: text, checksum: gb32100, class: plain, seen_by: [staff]", "field-limits"},
		{"an unknown checksum", "type: string, checksum: luhn, class: plain, seen_by: [staff]", "value"},
	} {
		_, err := withFiles(t, c.field)
		rule := ""
		if found := new(procedure.Errors); errors.As(err, &found) {
			rule = (*found)[0].Rule
		}
		if rule != c.rule {
			t.Errorf("%s: %q instead of %q (%v)", c.name, rule, c.rule, err)
		}
	}
	_, err := procedure.Load("a.yaml", []byte(overlay(sound(t), `fields:
  - {name: place, title: {zh: 地点, en: Place}, type: string, class: plain, seen_by: [staff, parties]}
  - {name: photo, title: {zh: 照片, en: Photos}, `+photos+`}
public: {fields: [photo]}
`)))
	if found := new(procedure.Errors); !errors.As(err, &found) || (*found)[0].Rule != "public-field" {
		t.Errorf("files in the public view: %v", err)
	}
}

// More kinds of file and more of them is an addition; fewer is not.
func TestFilesOfTwoVersions(t *testing.T) {
	at := func(field string) *procedure.Procedure {
		p, err := withFiles(t, field)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	old := at(photos)
	for field, adds := range map[string]bool{
		photos: true,
		"type: file, accept: [pdf, image, audio], max_files: 3, class: plain, seen_by: [staff, parties]": true,
		"type: file, accept: [image, pdf], class: plain, seen_by: [staff, parties]":                      false,
		"type: file, accept: [image], max_files: 2, class: plain, seen_by: [staff, parties]":             false,
	} {
		if found := procedure.Additions(old, at(field)); (len(found) == 0) != adds {
			t.Errorf("%s: %v", field, found)
		}
	}
}

func TestIdentifiersAreChecked(t *testing.T) {
	p, err := withFiles(t, `type: string, pattern: "[0-9]{17}[0-9X]", checksum: iso7064-mod11-2, class: sensitive, seen_by: [staff]`)
	if err != nil {
		t.Fatal(err)
	}
	for in, want := range map[string]string{"11010519491231002x": "", "1101051949123100２Ｘ": "", "110105194912310021": procedure.FieldChecksum,
		"0000000218250097": procedure.FieldPattern} {
		got, err := p.CheckFields([]procedure.FieldUse{{Name: "photo"}}, map[string]any{"photo": in})
		code := ""
		if faults := new(procedure.FieldErrors); errors.As(err, &faults) {
			code = (*faults)[0].Code
		} else if got["photo"] != "11010519491231002X" {
			t.Errorf("%s is kept as %v", in, got["photo"])
		}
		if code != want {
			t.Errorf("%s: %q instead of %q", in, code, want)
		}
	}
}
