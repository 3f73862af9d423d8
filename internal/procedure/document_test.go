package procedure_test

import (
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"luoshi/internal/procedure"
)

// document is doc/procedures.md: what stands before the rules, and the rules.
func document(t testing.TB) (constructs, rules string) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "..", "doc", "procedures.md"))
	if err != nil {
		t.Fatal(err)
	}
	constructs, rules, ok := strings.Cut(string(data), "\n## Rules\n")
	if !ok {
		t.Fatal("no section about the rules")
	}
	return constructs, rules
}

// snippets are the examples of a text, each laid over the small procedure.
func snippets(t testing.TB, text string) []string {
	t.Helper()
	var out []string
	for _, part := range strings.Split(text, "```yaml\n")[1:] {
		snippet, _, _ := strings.Cut(part, "```\n")
		out = append(out, overlay(sound(t), snippet))
	}
	return out
}

// TestDocumentShowsEveryConstruct loads the examples of doc/procedures.md, which have nothing wrong with them, and
// looks for every member and every word of the language in them.
func TestDocumentShowsEveryConstruct(t *testing.T) {
	text, _ := document(t)
	shown := map[string]bool{}
	for _, src := range snippets(t, text) {
		p, err := procedure.Load("example.yaml", []byte(src))
		if err != nil {
			t.Errorf("an example is refused: %v\n%s", err, src)
			continue
		}
		note(reflect.ValueOf(*p), "", shown)
	}
	for _, member := range membersOf(reflect.TypeFor[procedure.Procedure](), "") {
		if !shown[member] && !elsewhere(member) {
			t.Errorf("no example shows %s", member)
		}
	}
	for member, words := range map[string]string{
		"fields.type": "string text integer number boolean date choice file", "fields.accept": "image pdf document audio video",
		"fields.checksum": "iso7064-mod11-2 gb32100", "fields.class": "plain personal sensitive",
		"steps.note": "none optional required", "steps.assign": "actor none choose", "steps.refer": "choose back",
		"steps.visible": "parties office", "clocks.responsible": "owner party issuer", "clocks.rules.basis.status": "memory",
		"basis.status": "verified weak memory", "fields.seen_by": "staff parties party:applicant role:head assigned",
		"steps.by.relation": "party party:applicant assigned owner superior referrer issuer system", "open.by.relation": "resident system superior issuer",
		"notices.to": "parties party:applicant assigned owner referrer issuer", "open.channels": "web api phone walk-in letter import",
	} {
		for _, word := range strings.Fields(words) {
			if !shown[member+"="+word] {
				t.Errorf("no example shows %s: %s", member, word)
			}
		}
	}
	for _, name := range []string{"number", "procedure", "state", "unit", "note", "due.repair", "fields.place"} {
		if !regexp.MustCompile(`(subject|body): .*\{` + regexp.QuoteMeta(name) + `\}`).MatchString(text) {
			t.Errorf("no example shows {%s}", name)
		}
	}
}

// elsewhere tells whether the section on sub-matters specifies the member.
func elsewhere(member string) bool {
	return strings.HasPrefix(member, "subs") || strings.HasPrefix(member, "steps.opens") || member == "steps.waits"
}

// note writes down which members have a value, and which words.
func note(v reflect.Value, path string, shown map[string]bool) {
	if !v.IsValid() || v.IsZero() {
		return
	}
	shown[path] = true
	switch v.Kind() {
	case reflect.Pointer:
		note(v.Elem(), path, shown)
	case reflect.Slice:
		for i := range v.Len() {
			note(v.Index(i), path, shown)
		}
	case reflect.String:
		shown[path+"="+v.String()] = true
	case reflect.Struct:
		for i := range v.NumField() {
			if name, ok := member(v.Type().Field(i), path); ok {
				note(v.Field(i), name, shown)
			}
		}
	}
}

// membersOf are the paths of all members that can be written.
func membersOf(t reflect.Type, path string) []string {
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice:
		return membersOf(t.Elem(), path)
	case reflect.Struct:
	default:
		return []string{path}
	}
	var out []string
	for i := range t.NumField() {
		if name, ok := member(t.Field(i), path); ok {
			out = append(out, membersOf(t.Field(i).Type, name)...)
		}
	}
	return out
}

// member is the path of a field of Go, below that of its struct.
func member(f reflect.StructField, path string) (string, bool) {
	name, inline := strings.CutSuffix(f.Tag.Get("yaml"), ",inline")
	switch {
	case inline:
		return path, true
	case name == "" || name == "-":
		return "", false
	case path == "":
		return name, true
	}
	return path + "." + name, true
}
