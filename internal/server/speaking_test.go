package server

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"golang.org/x/text/language"
)

func TestReadersWhoAskForNoLanguageThereIsHaveThatOfTheOffice(t *testing.T) {
	have := []language.Tag{language.Chinese, language.English}
	for asked, want := range map[string]string{"": "en", "fr": "en", "fr, de;q=0.5": "en", "zh": "zh", "zh-CN, en;q=0.1": "zh", "en-GB": "en"} {
		var got string
		h := speaking(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			tags, _, err := language.ParseAcceptLanguage(r.Header.Get("Accept-Language"))
			if err != nil {
				t.Fatal(err)
			}
			_, i, _ := language.NewMatcher(have).Match(tags...)
			got = have[i].String()
		}), "en")
		r := httptest.NewRequest("GET", "/", nil)
		if asked != "" {
			r.Header.Set("Accept-Language", asked)
		}
		h.ServeHTTP(httptest.NewRecorder(), r)
		if got != want {
			t.Errorf("who asks for %q gets %s, want %s", asked, got, want)
		}
	}
}
