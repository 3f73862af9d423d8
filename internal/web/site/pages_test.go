package site_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"luoshi/internal/web/attend"
	"luoshi/internal/web/author"
	"luoshi/internal/web/design"
	"luoshi/internal/web/desk"
	"luoshi/internal/web/directive"
	"luoshi/internal/web/matter"
	"luoshi/internal/web/meeting"
	"luoshi/internal/web/portal"
	"luoshi/internal/web/site"
	"luoshi/ui"

	"github.com/google/go-cmp/cmp"
)

// everyPage is the typed struct of every template.
func everyPage() []site.View {
	return slices.Concat(site.Views(), matter.Views(), portal.Views(), desk.Views(), directive.Views(), meeting.Views(), attend.Views(), author.Views(), design.Views())
}

// pageOf is the page of a template.
func pageOf(t *testing.T, name string) site.View {
	t.Helper()
	for _, p := range everyPage() {
		if p.Template() == name {
			return p
		}
	}
	t.Fatalf("no page %s", name)
	return nil
}

func testSite(t *testing.T) *site.Site {
	t.Helper()
	s, err := site.Loaded()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// fill gives every member of v a value, so that every branch that shows something runs.
func fill(v reflect.Value, text string) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(text)
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int64:
		v.SetInt(3)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), text)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		fill(v.Index(0), text)
		fill(v.Index(1), text)
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() || v.Type().Field(i).Anonymous {
				field := v.Field(i)
				if v.Type().Field(i).Anonymous {
					for j := range field.NumField() {
						fill(field.Field(j), text)
					}
					continue
				}
				fill(field, text)
			}
		}
	}
}

func TestEveryPageFitsItsTemplate(t *testing.T) {
	s := testSite(t)
	for _, lang := range site.Languages() {
		for _, p := range everyPage() {
			t.Run(lang+"/"+p.Template(), func(t *testing.T) {
				p.Outer().Lang = lang
				if _, err := s.Execute(lang, p); err != nil {
					t.Errorf("empty: %v", err)
				}
				fill(reflect.ValueOf(p).Elem(), "Ω")
				p.Outer().Lang = lang
				b, err := s.Execute(lang, p)
				if err != nil {
					t.Fatalf("filled: %v", err)
				}
				if !strings.Contains(string(b), "Ω") || !strings.Contains(string(b), "</html>") {
					t.Errorf("the filled page shows nothing of its content")
				}
			})
		}
	}
}

// Each kind of input has its own branch in the template.
func TestEveryKindOfInputIsShown(t *testing.T) {
	s := testSite(t)
	for _, kind := range []string{"string", "text", "integer", "number", "date", "tel", "choice", "select"} {
		p := pageOf(t, "lodge")
		questions := reflect.ValueOf(p).Elem().FieldByName("Questions")
		questions.Set(reflect.MakeSlice(questions.Type(), 1, 1))
		questions.Index(0).FieldByName("Input").Set(reflect.ValueOf(&site.Input{ID: "the-id", Name: "the-name", Kind: kind, Label: "the-label", Value: "v",
			Hint: "the-hint", Error: "the-error", Options: []site.Option{{Value: "v", Label: "w", Chosen: true}}}))
		b, err := s.Execute("en", p)
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{`id="the-id"`, `name="the-name"`, "the-label", "the-hint", "the-error", `aria-describedby="the-id-hint the-id-error"`} {
			if !strings.Contains(string(b), want) {
				t.Errorf("%s: no %s", kind, want)
			}
		}
	}
}

func TestEveryTemplateHasAPage(t *testing.T) {
	pages, err := fs.ReadDir(ui.FS, "page")
	if err != nil {
		t.Fatal(err)
	}
	var have, want []string
	for _, p := range pages {
		have = append(have, p.Name())
	}
	for _, p := range everyPage() {
		want = append(want, p.Template())
	}
	slices.Sort(want)
	if d := cmp.Diff(want, have); d != "" {
		t.Error(d)
	}
}

// A member of the frame that a page has too would be hidden from the layout.
func TestNoPageHidesAMemberOfTheFrame(t *testing.T) {
	for _, p := range everyPage() {
		typ := reflect.TypeOf(p).Elem()
		for _, f := range reflect.VisibleFields(reflect.TypeFor[site.Frame]()) {
			if got, ok := typ.FieldByName(f.Name); ok && len(got.Index) == 1 {
				t.Errorf("%s has a member %s of its own, and the layout asks the frame for it", typ.Name(), f.Name)
			}
		}
	}
}

func TestTheLanguagesHaveTheSameTexts(t *testing.T) {
	texts := testSite(t).Texts()
	verbs := regexp.MustCompile(`%(\[\d\])?[sd]`)
	for key, zh := range texts["zh"] {
		en, ok := texts["en"][key]
		if !ok {
			t.Errorf("%s has no English", key)
			continue
		}
		if strings.TrimSpace(zh) == "" || strings.TrimSpace(en) == "" {
			t.Errorf("%s is empty", key)
		}
		a, b := verbs.FindAllString(zh, -1), verbs.FindAllString(en, -1)
		slices.Sort(a)
		slices.Sort(b)
		if d := cmp.Diff(a, b); d != "" {
			t.Errorf("%s puts in different things: %s", key, d)
		}
	}
	for key := range texts["en"] {
		if _, ok := texts["zh"][key]; !ok {
			t.Errorf("%s has no Chinese", key)
		}
	}
}

// usedKeys are the keys named in templates and code, and the beginnings of those that are put together.
func usedKeys(t *testing.T) (whole, beginnings []string) {
	t.Helper()
	inTemplate := regexp.MustCompile(`\bt "([a-z0-9.-]+)"`)
	inCode := regexp.MustCompile(`(?:\.[tT]\(|texts\.get\([^"\n]*|fmt\.Sprintf\()"((?:[a-z0-9-]+\.)?[a-z0-9-]+\.?-?(?:%d)?)"`)
	add := func(src string, re *regexp.Regexp) {
		for _, m := range re.FindAllStringSubmatch(src, -1) {
			key := strings.TrimSuffix(m[1], "%d")
			if strings.HasSuffix(key, ".") || strings.HasSuffix(key, "-") {
				beginnings = append(beginnings, key)
			} else {
				whole = append(whole, key)
			}
		}
	}
	err := fs.WalkDir(ui.FS, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".tmpl" {
			return err
		}
		b, err := fs.ReadFile(ui.FS, path)
		add(string(b), inTemplate)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob("../*/*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if strings.HasSuffix(f, "_test.go") {
			continue
		}
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		add(string(b), inCode)
	}
	return whole, beginnings
}

func TestTheCatalogueHoldsExactlyWhatIsUsed(t *testing.T) {
	texts := testSite(t).Texts()["zh"]
	whole, beginnings := usedKeys(t)
	if len(whole) < 150 {
		t.Fatalf("only %d keys found: the search for them is broken", len(whole))
	}
	for _, key := range whole {
		if _, ok := texts[key]; !ok {
			t.Errorf("%s is used and has no text", key)
		}
	}
	for key := range texts {
		begins := slices.ContainsFunc(beginnings, func(b string) bool { return strings.HasPrefix(key, b) })
		if !begins && !slices.Contains(whole, key) {
			t.Errorf("%s is not used", key)
		}
	}
}

func TestNoTemplateNeedsInlineCode(t *testing.T) {
	inline := regexp.MustCompile(`(?i)<style|\sstyle=|\son[a-z]+=|javascript:|<script(?:[^>]*)>[^<]`)
	err := fs.WalkDir(ui.FS, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".tmpl" {
			return err
		}
		b, err := fs.ReadFile(ui.FS, path)
		if m := inline.Find(b); m != nil {
			t.Errorf("%s: %s", path, m)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
