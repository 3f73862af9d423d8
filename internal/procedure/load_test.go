package procedure_test

import (
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"luoshi/internal/procedure"
	"luoshi/procedures"
)

// sound is the smallest declaration that has nothing wrong with it.
func sound(t testing.TB) string {
	t.Helper()
	data, err := os.ReadFile("testdata/sound.txt")
	if err != nil {
		t.Fatal(err)
	}
	src, _, _ := strings.Cut(string(data), separator)
	return src + "\n"
}

var topMember = regexp.MustCompile(`(?m)^([a-z_]+):`)

// overlay replaces the top-level members of src by those of the snippet, which come last.
func overlay(src, snippet string) string {
	var replaced []string
	for _, m := range topMember.FindAllStringSubmatch(snippet, -1) {
		replaced = append(replaced, m[1])
	}
	var out strings.Builder
	starts := topMember.FindAllStringSubmatchIndex(src, -1)
	for i, s := range starts {
		end := len(src)
		if i+1 < len(starts) {
			end = starts[i+1][0]
		}
		if !slices.Contains(replaced, src[s[2]:s[3]]) {
			out.WriteString(src[s[0]:end])
		}
	}
	return out.String() + snippet
}

func TestLoadNamesEverythingWrongAtOnce(t *testing.T) {
	src := overlay(sound(t), "version: 0\ntitel: x\nid: Lamp\ncalendar: ''\n")
	_, err := procedure.Load("lamp.yaml", []byte(src))
	var found *procedure.Errors
	if !errors.As(err, &found) {
		t.Fatalf("got %v", err)
	}
	var rules []string
	for _, f := range *found {
		rules = append(rules, f.Rule)
		if f.File != "lamp.yaml" || f.Line < 1 || f.Col < 1 {
			t.Errorf("no place: %v", f)
		}
	}
	for _, want := range []string{"value", "unknown-member", "name", "missing-member", "example"} {
		if !slices.Contains(rules, want) {
			t.Errorf("rule %s was not reported:\n%v", want, err)
		}
	}
}

func TestLoadRefusesAHugeFile(t *testing.T) {
	_, err := procedure.Load("huge.yaml", []byte(sound(t)+strings.Repeat("# padding\n", 30_000)))
	if err == nil || !strings.Contains(err.Error(), "too-large") {
		t.Errorf("got %v", err)
	}
}

func TestForbiddenAttributesInManyGuises(t *testing.T) {
	field := func(name, zh, en string) string {
		return "fields:\n  - {name: place, title: {zh: 地点, en: Place}, type: string, class: plain, seen_by: [staff]}\n" +
			"  - {name: " + name + ", title: {zh: " + zh + ", en: " + en + "}, type: string, class: plain, seen_by: [staff]}\n"
	}
	for _, f := range [][3]string{
		{"ethnicity", "甲", "A"}, {"nation", "甲", "A"}, {"your-nation", "甲", "A"}, {"minzu", "甲", "A"}, {"mz", "民族", "A"},
		{"religion", "甲", "A"}, {"religious_group", "甲", "A"}, {"r", "宗教信仰", "A"}, {"f", "甲", "Your faith"},
		{"political", "甲", "A"}, {"p", "政治面貌", "A"}, {"p", "甲", "Political Opinion"}, {"zhengzhi-mianmao", "甲", "A"}, {"race", "甲", "A"},
	} {
		if got := findings(overlay(sound(t), field(f[0], f[1], f[2]))); !strings.Contains(got, "forbidden-attribute") {
			t.Errorf("%v was let through: %s", f, got)
		}
	}
	for _, f := range [][3]string{{"destination", "目的地", "Destination"}, {"trace", "痕迹", "Trace"}, {"national-road", "国道", "National road"}} {
		if got := findings(overlay(sound(t), field(f[0], f[1], f[2]))); got != "" {
			t.Errorf("%v was refused: %s", f, got)
		}
	}
}

func TestLoadFSReportsAllFiles(t *testing.T) {
	fsys := fstest.MapFS{
		"a.yaml": {Data: []byte("format: x")},
		"b.yaml": {Data: []byte("[")},
		"c.txt":  {Data: []byte("no procedure")},
	}
	_, err := procedure.LoadFS(fsys)
	if err == nil || !strings.Contains(err.Error(), "a.yaml:") || !strings.Contains(err.Error(), "b.yaml:") || strings.Contains(err.Error(), "c.txt") {
		t.Errorf("got %v", err)
	}
}

// TestDocumentExplainsEveryRule loads the declarations of doc/procedures.md: each rule has a section, and
// what it shows breaks that rule and no other.
func TestDocumentExplainsEveryRule(t *testing.T) {
	data, err := os.ReadFile(filepath.Join("..", "..", "doc", "procedures.md"))
	if err != nil {
		t.Fatal(err)
	}
	doc := string(data)
	if !strings.Contains(doc, "```yaml\n"+sound(t)+"```") {
		t.Error("the sound declaration of the document is not that of testdata/sound.txt")
	}
	for _, rule := range procedure.Rules() {
		_, section, ok := strings.Cut(doc, "\n### `"+rule+"`\n")
		if !ok {
			t.Errorf("no section for rule %s", rule)
			continue
		}
		section, _, _ = strings.Cut(section, "\n### ")
		_, snippet, ok := strings.Cut(section, "```yaml\n")
		if !ok {
			continue // shown by its golden file only
		}
		snippet, _, _ = strings.Cut(snippet, "```")
		got := findings(overlay(sound(t), snippet))
		if got == "" {
			t.Errorf("%s: the snippet has nothing wrong with it", rule)
		}
		for _, line := range strings.Split(strings.TrimSpace(got), "\n") {
			if !strings.Contains(line, ": "+rule+": ") {
				t.Errorf("%s: the snippet gives %s", rule, line)
			}
		}
	}
}

func FuzzLoad(f *testing.F) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		src, _, _ := strings.Cut(string(data), separator)
		f.Add([]byte(src))
	}
	for _, name := range []string{"people-mediation.yaml", "petition.yaml", "hotline-order.yaml"} {
		data, err := procedures.FS.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		p, err := procedure.Load("fuzz.yaml", src)
		if err == nil {
			for _, s := range p.States {
				p.LawfulSteps(anybody(s.Name))
			}
			return
		}
		var found *procedure.Errors
		if !errors.As(err, &found) || len(*found) == 0 {
			t.Fatalf("no findings in %v", err)
		}
		for _, finding := range *found {
			if finding.Line < 1 || finding.Col < 1 || !slices.Contains(procedure.Rules(), finding.Rule) {
				t.Errorf("%v", finding)
			}
		}
	})
}
