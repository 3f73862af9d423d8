package arch_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/mod/modfile"
)

// required are the modules of go.mod; true for those named as tools.
func required(t *testing.T) (modules []string, tools []string) {
	t.Helper()
	path := filepath.Join(root(t), "go.mod")
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	f, err := modfile.Parse(path, b, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range f.Require {
		modules = append(modules, r.Mod.Path)
	}
	for _, tool := range f.Tool {
		tools = append(tools, tool.Path)
	}
	return modules, tools
}

// owner is the module that holds the import path; "" for the standard library.
func owner(modules []string, path string) string {
	best := ""
	for _, m := range modules {
		if (path == m || strings.HasPrefix(path, m+"/")) && len(m) > len(best) {
			best = m
		}
	}
	return best
}

// documented reads the table: module → licence.
func documented(t *testing.T) map[string]string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(root(t), "doc", "dependencies.md"))
	if err != nil {
		t.Fatal(err)
	}
	lines := regexp.MustCompile("(?m)^\\| `([^`]+)` \\| [^|]{10,} \\| ([^|]+) \\|$").FindAllStringSubmatch(string(b), -1)
	table := map[string]string{}
	for _, l := range lines {
		table[l[1]] = l[2]
	}
	return table
}

// What counts is what the code imports, not the "indirect" remarks of go.mod.
func TestEveryDirectDependencyIsExplained(t *testing.T) {
	modules, tools := required(t)
	table := documented(t)
	direct := map[string]string{} // module → who needs it
	for _, p := range packages(t) {
		for _, i := range p.edges() {
			if m := owner(modules, i); m != "" {
				direct[m] = p.path()
			}
		}
	}
	for _, tool := range tools {
		direct[owner(modules, tool)] = "go tool"
	}
	for m, by := range direct {
		if table[m] == "" {
			t.Errorf("%s, used by %s, has no line in doc/dependencies.md saying why and under which licence", m, by)
		}
	}
	for m := range table {
		if owner(modules, m) != m {
			t.Errorf("doc/dependencies.md explains %s, which go.mod does not have", m)
		}
	}
}

// licences tells a licence by words that only its text has.
func licences() map[string]*regexp.Regexp {
	return map[string]*regexp.Regexp{
		"MIT":          regexp.MustCompile(`Permission is hereby granted, free of charge`),
		"BSD-3-Clause": regexp.MustCompile(`(?s)Redistribution and use in source and binary forms.*[Nn]either the name`),
		"Apache-2.0":   regexp.MustCompile(`Apache License\s+Version 2\.0`),
		"MPL-2.0":      regexp.MustCompile(`Mozilla Public License,? [Vv]ersion 2\.0`),
	}
}

func TestLicencesAreWhatTheModulesSay(t *testing.T) {
	table := documented(t)
	args := []string{"list", "-m", "-json=Path,Dir"}
	modules, _ := required(t)
	for _, m := range modules {
		if table[m] != "" {
			args = append(args, m)
		}
	}
	cmd := exec.Command("go", args...)
	cmd.Dir = root(t)
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list -m: %v", err)
	}
	for dec := json.NewDecoder(strings.NewReader(string(out))); dec.More(); {
		var m struct{ Path, Dir string }
		if err := dec.Decode(&m); err != nil {
			t.Fatal(err)
		}
		if m.Dir == "" {
			continue // not downloaded, so nothing of it is built
		}
		checkLicence(t, m.Path, m.Dir, table[m.Path])
	}
}

func checkLicence(t *testing.T, module, dir, want string) {
	t.Helper()
	pattern := licences()[want]
	if pattern == nil {
		t.Errorf("%s: %q is no licence this project has accepted", module, want)
		return
	}
	files, err := filepath.Glob(filepath.Join(dir, "LICENSE*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if b, err := os.ReadFile(f); err == nil && pattern.Match(b) {
			return
		}
	}
	t.Errorf("%s: its licence file does not read like %s", module, want)
}

func TestTheNodeLockIsPinnedAndNamesNoHost(t *testing.T) {
	b, err := os.ReadFile(filepath.Join(root(t), "package-lock.json"))
	if err != nil {
		t.Fatal(err)
	}
	var lock struct {
		Packages map[string]struct{ Resolved, Integrity, Version string }
	}
	if err := json.Unmarshal(b, &lock); err != nil {
		t.Fatal(err)
	}
	for name, p := range lock.Packages {
		if name == "" {
			continue
		}
		if p.Resolved != "" {
			t.Errorf("%s was resolved to %s; npm install with the project's .npmrc records no host", name, p.Resolved)
		}
		if !strings.HasPrefix(p.Integrity, "sha512-") || p.Version == "" {
			t.Errorf("%s is not pinned by version and checksum", name)
		}
	}
}
