package site

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

// LanguageOf is the language the person chose, or the one their browser asks for.
func LanguageOf(r *http.Request) string {
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

// typeCookie is kept by those who chose large type.
const typeCookie = "luoshi_type"

const largeType = "large"

// large reports whether the person chose large type.
func large(r *http.Request) bool {
	c, err := r.Cookie(typeCookie)
	return err == nil && c.Value == largeType
}

// choose keeps in a cookie the language named by ?lang= or the size of type named by ?type=, and sends the person
// back to the same page.
func (s *Site) choose(w http.ResponseWriter, r *http.Request) bool {
	if r.Method != http.MethodGet {
		return false
	}
	query := r.URL.Query()
	cookie := http.Cookie{Path: "/", MaxAge: int((365 * 24 * time.Hour).Seconds()), HttpOnly: true, Secure: secure(r), SameSite: http.SameSiteLaxMode}
	switch lang, size := query.Get("lang"), query.Get("type"); {
	case lang == "zh" || lang == "en":
		cookie.Name, cookie.Value = languageCookie, lang
		query.Del("lang")
	case size == largeType:
		cookie.Name, cookie.Value = typeCookie, size
		query.Del("type")
	case size == "normal":
		cookie.Name, cookie.MaxAge = typeCookie, -1
		query.Del("type")
	default:
		return false
	}
	http.SetCookie(w, &cookie)
	to := url.URL{Path: r.URL.Path, RawQuery: query.Encode()}
	// Two slashes at the front would name another host.
	if len(to.Path) > 1 && (to.Path[1] == '/' || to.Path[1] == '\\') {
		to.Path = "/"
	}
	http.Redirect(w, r, to.String(), http.StatusSeeOther)
	return true
}

// Catalogue is the texts of the pages by language and key.
type Catalogue map[string]map[string]string

// LoadTexts reads the texts of every language.
func LoadTexts(fsys fs.FS) (Catalogue, error) {
	c := Catalogue{}
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

// Get is the text of a key, with args put in as by fmt. A missing key shows itself; a test finds it first.
func (c Catalogue) get(lang, key string, args ...any) string {
	s, ok := c[lang][key]
	if !ok {
		return key
	}
	if len(args) > 0 {
		return fmt.Sprintf(s, args...)
	}
	return s
}
