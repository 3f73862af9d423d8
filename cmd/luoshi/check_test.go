package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// declaration writes the small procedure of doc/procedures.md with a change and returns its file.
func declaration(t *testing.T, old, new string) string {
	t.Helper()
	data, err := os.ReadFile("../../internal/procedure/testdata/sound.txt")
	if err != nil {
		t.Fatal(err)
	}
	src, _, _ := strings.Cut(string(data), "\n----------\n")
	if !strings.Contains(src, old) {
		t.Fatalf("the small procedure has no %q", old)
	}
	name := filepath.Join(t.TempDir(), "lamp.yaml")
	if err := os.WriteFile(name, []byte(strings.Replace(src, old, new, 1)+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

func TestCheckAnswersByExitCode(t *testing.T) {
	sound := declaration(t, "version: 1", "version: 1")
	stuck := declaration(t, `by: ["role:clerk"]`, "by: [assigned]")
	ended := declaration(t, "period: 5wd", `period: 5wd, valid_to: "2027-12-31"`)
	_ = os.WriteFile(ended, []byte(strings.Replace(read(t, ended), `5wd, valid_to`, "5wd\n    valid_to", 1)), 0o600)
	strange := declaration(t, "version: 1", "version: 1\ninclude: other.yaml")
	for _, test := range []struct {
		name string
		args []string
		code int
		out  string // a pattern of stdout
		errs string // in stderr
	}{
		{"sound", []string{sound}, exitDone, `^$`, ""},
		{"several, one with an error", []string{sound, stuck}, exitFault, `lamp\.yaml:23:12: nobody-can-act: at "lodged" .* \[open → lodged\]`, ""},
		{"in Chinese", []string{"--lang", "zh", stuck}, exitFault, `nobody-can-act: 在状态“已登记”`, ""},
		{"flags after the file", []string{stuck, "--lang=zh"}, exitFault, `nobody-can-act: 在状态“已登记”`, ""},
		{"a warning alone is no error", []string{ended}, exitDone, `^\S+:\d+:\d+: rule-ended: warning: the newest rule`, ""},
		{"a folder", []string{"../../procedures"}, exitDone, `^(\S+:\d+:\d+: \S+: warning: .*\n)*$`, ""},
		{"no include", []string{strange}, exitFault, `:4:1: unknown-member: "include" is not a member here`, ""},
		{"the same twice", []string{sound, sound}, exitFault, `duplicate-procedure: street-lamp@1 is already declared in`, ""},
		{"the schema", []string{"--schema"}, exitDone, `"https://json-schema.org/draft/2020-12/schema"`, ""},
		{"read aloud", []string{"--explain", "--lang", "zh", sound}, exitDone, `路灯报修`, ""},
		{"as BPMN", []string{sound, "--bpmn"}, exitDone, `<(\w+:)?definitions`, ""},
		{"as a diagram", []string{"--svg", sound}, exitDone, `<svg`, ""},
		{"two as a diagram", []string{"--svg", sound, stuck}, exitMisuse, `^$`, "name one file"},
		{"what does not load, aloud", []string{"--explain", strange}, exitFault, `^$`, "unknown-member"},
		{"nothing named", nil, exitMisuse, `^$`, "name a file or a folder"},
		{"no such file", []string{"nowhere.yaml"}, exitMisuse, `^$`, "there is no file nowhere.yaml"},
		{"an empty folder", []string{t.TempDir()}, exitMisuse, `^$`, "no *.yaml file in the folder"},
		{"a language it does not speak", []string{"--lang", "fr", sound}, exitMisuse, `^$`, "--lang is zh or en"},
		{"no such kinds", []string{"--kinds", "nowhere.yaml", sound}, exitMisuse, `^$`, "there is no file nowhere.yaml"},
	} {
		t.Run(test.name, func(t *testing.T) {
			code, out, errs := call(append([]string{"check"}, test.args...)...)
			if code != test.code || !regexp.MustCompile(test.out).MatchString(out) || !strings.Contains(errs, test.errs) {
				t.Errorf("exit %d, want %d\n%s\n%s", code, test.code, out, errs)
			}
		})
	}
}

func read(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestCheckWithOtherKinds(t *testing.T) {
	sound := declaration(t, "version: 1", "version: 1")
	kinds := filepath.Join(t.TempDir(), "kinds.yaml")
	write := func(text string) {
		if err := os.WriteFile(kinds, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("format: luoshi-kinds/1\nkinds:\n  - {name: canton, title: {en: Canton}, roles: [clerk]}\n")
	if code, out, _ := call("check", "--kinds", kinds, sound); code != exitFault || !strings.Contains(out, `:14:11: unknown-kind: there is no kind of unit "township"`) {
		t.Errorf("exit %d\n%s", code, out)
	}
	write("format: luoshi-kinds/1\nkinds:\n  - {name: township, title: {en: Town}, roles: [mayor]}\n")
	if code, out, _ := call("check", "--kinds", kinds, sound); code != exitFault || !strings.Contains(out, `role-without-holder`) {
		t.Errorf("exit %d\n%s", code, out)
	}
	write("format: luoshi-kinds/1\nkinds:\n  - {name: town ship, title: {en: Town}, roles: [clerk]}\n")
	if code, out, _ := call("check", "--kinds", kinds, sound); code != exitFault || !strings.Contains(out, kinds+`:3:12: name: `) {
		t.Errorf("exit %d\n%s", code, out)
	}
}

func TestCheckReadsStandardInput(t *testing.T) {
	src := read(t, declaration(t, `by: ["role:clerk"]`, "by: [assigned]"))
	var out, errs strings.Builder
	if code := run([]string{"check", "-"}, strings.NewReader(src), &out, &errs); code != exitFault || !strings.HasPrefix(out.String(), "-:23:12: nobody-can-act: ") {
		t.Errorf("exit %d\n%s%s", code, out.String(), errs.String())
	}
	out.Reset()
	if code := run([]string{"check", "-"}, strings.NewReader(strings.Repeat("a: 1\n", 2_000_000)), &out, &errs); code != exitFault || !strings.HasPrefix(out.String(), "-:1:1: too-large: ") {
		t.Errorf("exit %d\n%s%s", code, out.String(), errs.String())
	}
}

func TestCheckJSON(t *testing.T) {
	type answer struct {
		OK       bool
		Findings []map[string]any
	}
	parse := func(args ...string) (a answer) {
		_, out, _ := call(append([]string{"check", "--json"}, args...)...)
		if err := json.Unmarshal([]byte(out), &a); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		return a
	}
	if a := parse(declaration(t, "version: 1", "version: 1")); !a.OK || a.Findings == nil || len(a.Findings) != 0 {
		t.Errorf("%+v", a)
	}
	a := parse(declaration(t, "version: 1", "version: 0"))
	if a.OK || len(a.Findings) != 1 || a.Findings[0]["path"] == nil {
		t.Errorf("the path is a list also where there is none: %+v", a)
	}
	a = parse("--lang", "zh", declaration(t, `by: ["role:clerk"]`, "by: [assigned]"))
	if a.OK || len(a.Findings) == 0 {
		t.Fatalf("%+v", a)
	}
	for _, member := range []string{"file", "line", "col", "rule", "severity", "message", "path"} {
		if _, ok := a.Findings[0][member]; !ok || len(a.Findings[0]) != 7 {
			t.Errorf("%s: %v", member, a.Findings[0])
		}
	}
	if f := a.Findings[0]; f["severity"] != "error" || !strings.Contains(f["message"].(string), "在状态") {
		t.Errorf("%v", f)
	}
}
