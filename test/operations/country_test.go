package operations_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// elsewhere is the place of doc/another-country.md: the folder of an office in the United Kingdom, with nothing but the
// files of the example in it.
func elsewhere(t *testing.T) *walk {
	t.Helper()
	built(t, builtPresent)
	w := newWalk(t, nil)
	w.page = pageOf(t, "another-country.md")
	for _, name := range []string{"kinds.yaml", "units.csv", "uk-foi.ics", "foi-request.yaml"} {
		text, err := os.ReadFile(filepath.Join("..", "..", "examples", "jurisdictions", "uk", name))
		must(t, err)
		w.write(t, name, string(text))
	}
	w.write(t, "password.txt", "an orchard in winter\n")
	out := w.run(t, "found-there")
	for _, want := range []string{"3 offices added", "calendar uk-foi, version ", "published foi-request@1", "account jo", "account kim"} {
		if !strings.Contains(out, want) {
			t.Errorf("it does not say %q:\n%s", want, out)
		}
	}
	return w
}

// pageIn reads a page as somebody whose browser asks for a language does, "" for none.
func (p *process) pageIn(t *testing.T, path, language string) string {
	t.Helper()
	req, err := http.NewRequest("GET", p.url+path, nil)
	must(t, err)
	if language != "" {
		req.Header.Set("Accept-Language", language)
	}
	res, err := p.client.Do(req)
	must(t, err)
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	must(t, err)
	if res.StatusCode != 200 {
		t.Fatalf("%s: %d\n%s", path, res.StatusCode, b)
	}
	return string(b)
}

func TestAnOfficeOfAnotherCountryIsAPackOfFiles(t *testing.T) {
	w := elsewhere(t)
	t.Run("a due date is counted by the days off of its law", func(t *testing.T) {
		// 10, 11, 14 to 18, 21 to 24, 29, 30, 31 December; 5 to 8, 11, 12 January: the twentieth. Left out beside weekends are
		// 25 and 28 December, 1 January and, for Scotland, 4 January.
		if out := w.run(t, "due-there"); !strings.Contains(out, "2027-01-12") || strings.Contains(out, "Civil Code") {
			t.Error(out)
		}
	})
	p := w.start(t, "serve-there")
	t.Run("it serves nothing of another country", func(t *testing.T) {
		var list struct{ Items []struct{ ID string } }
		must(t, json.Unmarshal(p.read(t, "/v1/procedures"), &list))
		if len(list.Items) != 1 || list.Items[0].ID != "foi-request" {
			t.Errorf("the procedures are %+v", list.Items)
		}
		for _, path := range []string{"/", "/procedures", "/procedures/foi-request", "/lodge/foi-request"} {
			for _, language := range []string{"en-GB", "fr", ""} {
				page := p.pageIn(t, path, language)
				if han := regexp.MustCompile(`\p{Han}+`).FindString(strings.ReplaceAll(page, "中文", "")); han != "" && han != "落实" {
					t.Errorf("%s in %q has %q:\n%s", path, language, han, page)
				}
				if strings.Contains(page, `<span lang="en">`) {
					t.Errorf("%s in %q marks English in an English page", path, language)
				}
			}
		}
	})
	t.Run("in Chinese its texts are marked as English", func(t *testing.T) {
		for path, texts := range map[string][]string{
			"/":                       {`<span lang="en">I want to see what a public body knows</span>`},
			"/procedures":             {`<span lang="en">Request for information</span>`},
			"/procedures/foi-request": {`<span lang="en">Request for information</span>`, `<span lang="en">Government department</span>`, `<span lang="en">Freedom of Information Act 2000, section 10</span>`},
			"/lodge/foi-request":      {`<span lang="en">Where shall the answer go</span>`, `<span lang="en">As a file</span>`, `Department for Orchards`},
		} {
			page := p.pageIn(t, path, "zh-CN")
			for _, text := range texts {
				if !strings.Contains(page, text) {
					t.Errorf("%s does not have %s:\n%s", path, text, page)
				}
			}
		}
	})
	t.Run("a request is lodged", func(t *testing.T) {
		w.write(t, "request.json", w.page.block(t, "request.json"))
		var a answer
		out := w.run(t, "lodge-there")
		must(t, json.Unmarshal([]byte(out), &a))
		if a.Number == "" || a.Code == "" || !bytes.Contains([]byte(out), []byte("Europe/London")) && !strings.Contains(out, `"due"`) {
			t.Errorf("%s", out)
		}
	})
	p.stop(t)
	if out := w.run(t, "year-there"); !strings.Contains(out, "calendar uk-foi, version ") {
		t.Error(out)
	}
	if r := green(t, built(t, builtPresent), "sqlite:"+w.path("/srv/luoshi/luoshi.db"), w.path("/srv/luoshi/luoshi.db.vkey")); r.Matters != 1 {
		t.Errorf("%d matters", r.Matters)
	}
}
