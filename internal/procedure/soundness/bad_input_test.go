package soundness_test

import (
	"fmt"
	"strings"
	"testing"

	"luoshi/internal/procedure"
	"luoshi/internal/procedure/soundness"
)

func guardOf(guard string) string {
	return `steps:
  - {name: repair, title: {zh: 修理, en: Repair}, from: [lodged], to: done, by: ["role:clerk"], note: optional, guard: '` + guard + `'}
`
}

// TestBadInput: each gives a finding with its place, in both languages, and nothing falls over.
func TestBadInput(t *testing.T) {
	o := withPacks(t)
	top := func(snippet string) string { return overlay(small(t), snippet) }
	for _, test := range []struct{ name, src, want string }{
		{"nothing", "", "a.yaml:1:1: syntax: the file is empty"},
		{"no YAML", "format: [luoshi", "a.yaml:1:9: syntax: "},
		{"bytes", "\x00\xff\xfe", "a.yaml:1:1: syntax: "},
		{"a list", "- a\n- b\n", "a.yaml:1:1: syntax: a declaration is a mapping"},
		{"two documents", small(t) + "---\nid: b\n", "syntax: one file holds one declaration"},
		{"an unknown member", "titel: x\n" + small(t), "a.yaml:1:1: unknown-member: "},
		{"a member twice", "version: 1\n" + small(t), "a.yaml:4:1: duplicate-member: "},
		{"an alias of itself", "parties: &p [*p]\n", "a.yaml:1:10: syntax: anchors, aliases, tags and directives"},
		{"an alias bomb", "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\n", "unknown-member: "},
		{"an alias in a text", top("title: &t {zh: 甲, en: A}\nsummary: *t\n"), "syntax: anchors, aliases, tags and directives"},
		{"a tag", top("title: !!map {zh: 甲, en: A}\n"), "syntax: anchors, aliases, tags and directives"},
		{"an include", "include: street-lamp.yaml\n" + small(t), "a.yaml:1:1: unknown-member: \"include\" is not a member here"},
		{"an include by tag", "open: !include open.yaml\n", "a.yaml:1:7: syntax: anchors, aliases, tags and directives"},
		{"ten megabytes", strings.Repeat("a: b\n", 2_000_000), "a.yaml:1:1: too-large: the file has more than 262144 bytes"},
		{"brackets without end", strings.Repeat("[", 200_000), "a.yaml:1:33: syntax: this is nested more than 32 deep"},
		{"brackets over lines", strings.Repeat("[\n", 100_000), "a.yaml:33:1: syntax: this is nested more than 32 deep"},
		{"braces that close", strings.Repeat("{a: ", 40_000) + strings.Repeat("}", 40_000), "syntax: this is nested more than 32 deep"},
		{"one endless line", strings.Repeat("- ", 100_000), "a.yaml:1:4001: syntax: this is nested"},
		{"thousands of faults", "steps:\n" + strings.Repeat("- {nome: a}\n", 15_000), "a.yaml:2:4: unknown-member: "},
		{"a guard that explodes", top(guardOf(strings.Repeat("fields.place + ", 200) + `"" == ""`)), "guard: at 0: max recursion depth exceeded"},
		{"a guard that nests", top(guardOf(strings.Repeat("(", 300) + "true" + strings.Repeat(")", 300))), "guard: "},
		{"a guard that repeats", top(guardOf(`[1, 2].all(x, [1, 2].all(y, x > y))`)), "guard: "},
		{"a guard with an evil pattern", top(guardOf(`fields.place.matches("(a+)+$")`)), ""},
		{"a guard of megabytes", top(guardOf(strings.Repeat("true && ", 10_000) + "true")), "guard: "},
		{"a kind of unit that does not exist", top("open: {by: [resident], channels: [web], units: [castle], to: lodged, fields: [{name: place, required: true}]}\n"),
			`a.yaml:31:49: unknown-kind: there is no kind of unit "castle"`},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, found := soundness.CheckSource("a.yaml", []byte(test.src), o)
			var lines []string
			for _, f := range found {
				lines = append(lines, f.String())
				if f.Line < 1 || f.Col < 1 || f.Words["zh"] == "" {
					t.Errorf("no place or no Chinese words: %+v", f)
				}
			}
			if all := strings.Join(lines, "\n"); !strings.Contains(all, test.want) {
				t.Errorf("got\n%.600s\nwant %s", all, test.want)
			}
			if len(found) > 500 {
				t.Errorf("%d findings", len(found))
			}
		})
	}
}

func TestKinds(t *testing.T) {
	k := kinds(t)
	if got := fmt.Sprint(k.Above("justice-office")); got != "[township county city province justice-bureau]" {
		t.Errorf("above a justice office: %s", got)
	}
	for _, test := range []struct{ src, want string }{
		{"", "k.yaml:1:1: syntax: "},
		{"format: luoshi-kinds/2\nkinds: [{name: a, title: {en: A}, roles: [clerk]}]\n", "k.yaml:1:9: format: this program reads luoshi-kinds/1"},
		{"format: luoshi-kinds/1\n", "k.yaml:1:1: missing-member: \"kinds\""},
		{"format: luoshi-kinds/1\nkinds:\n  - {name: a, title: {en: A}, roles: [clerk], under: [b]}\n", "k.yaml:3:55: unknown-kind: no kind \"b\""},
		{"format: luoshi-kinds/1\nkinds:\n  - {name: a, title: {en: A}, roles: []}\n  - {name: a, title: {en: A}, roles: [Clerk]}\n", "k.yaml:4:12: duplicate-name: "},
		{"format: luoshi-kinds/1\nkinds:\n  - {name: a, title: {en: A}, rolls: [clerk]}\n", "k.yaml:3:31: unknown-member: \"rolls\""},
	} {
		if _, err := procedure.LoadKinds("k.yaml", []byte(test.src)); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%q\ngot  %v\nwant %s", test.src, err, test.want)
		}
	}
}
