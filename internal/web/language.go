package web

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"net/http"
	"net/url"
	"time"

	"golang.org/x/text/language"
)

// languages are those every page is written in; the first is the fallback.
func languages() []string { return []string{"zh", "en"} }

const languageCookie = "luoshi_lang"

// matcher finds the best of languages() for an Accept-Language header.
var matcher = language.NewMatcher([]language.Tag{language.Chinese, language.English})

// languageOf is the language the person chose, or the one their browser asks for.
func languageOf(r *http.Request) string {
	if c, err := r.Cookie(languageCookie); err == nil {
		for _, l := range languages() {
			if c.Value == l {
				return l
			}
		}
	}
	header := r.Header.Get("Accept-Language")
	if header == "" || len(header) > 1000 {
		return languages()[0]
	}
	tags, _, err := language.ParseAcceptLanguage(header)
	if err != nil {
		return languages()[0]
	}
	_, i, confidence := matcher.Match(tags...)
	if confidence == language.No {
		return languages()[0]
	}
	return languages()[i]
}

// chooseLanguage keeps the language named by ?lang= in a cookie and sends the person back to the same page.
func (s *site) chooseLanguage(w http.ResponseWriter, r *http.Request) bool {
	if r.Method != http.MethodGet {
		return false
	}
	query := r.URL.Query()
	want := query.Get("lang")
	if want != "zh" && want != "en" {
		return false
	}
	http.SetCookie(w, &http.Cookie{Name: languageCookie, Value: want, Path: "/", MaxAge: int((365 * 24 * time.Hour).Seconds()),
		HttpOnly: true, Secure: secure(r), SameSite: http.SameSiteLaxMode})
	query.Del("lang")
	to := url.URL{Path: r.URL.Path, RawQuery: query.Encode()}
	// Two slashes at the front would name another host.
	if len(to.Path) > 1 && (to.Path[1] == '/' || to.Path[1] == '\\') {
		to.Path = "/"
	}
	http.Redirect(w, r, to.String(), http.StatusSeeOther)
	return true
}

// catalogue is the texts of the pages by language and key.
type catalogue map[string]map[string]string

func loadTexts(fsys fs.FS) (catalogue, error) {
	c := catalogue{}
	for _, lang := range languages() {
		b, err := fs.ReadFile(fsys, "text/"+lang+".json")
		if err != nil {
			return nil, err
		}
		texts := map[string]string{}
		if err := json.Unmarshal(b, &texts); err != nil {
			return nil, fmt.Errorf("text/%s.json: %w", lang, err)
		}
		c[lang] = texts
	}
	return c, nil
}

// get is the text of a key, with args put in as by fmt. A missing key shows itself; a test finds it first.
func (c catalogue) get(lang, key string, args ...any) string {
	s, ok := c[lang][key]
	if !ok {
		return key
	}
	if len(args) > 0 {
		return fmt.Sprintf(s, args...)
	}
	return s
}
