package site

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"luoshi/internal/casework"
	"luoshi/internal/procedure"
)

func TestEveryKindOfErrorHasItsStatusAndPage(t *testing.T) {
	for _, c := range []struct {
		kind   casework.ErrorKind
		status int
		retry  bool
	}{
		{casework.Internal, 500, false},
		{casework.NotFound, 404, false},
		{casework.Invalid, 422, false},
		{casework.NotAllowed, 403, false},
		{casework.Conflict, 409, false},
		{casework.KeyReused, 409, false},
		{casework.Unavailable, 503, true},
		{casework.Unknown, 503, true},
		{casework.TooMany, 429, true},
	} {
		for _, lang := range languages() {
			t.Run(fmt.Sprintf("%d in %s", c.status, lang), func(t *testing.T) {
				s := testSite(t)
				s.log = slog.New(slog.DiscardHandler)
				err := &casework.Error{Kind: c.kind, Code: "x", Text: procedure.Text{"zh": "给人看的话", "en": "words for people"},
					Fields: []casework.FieldError{{Field: "f", Text: procedure.Text{"zh": "这一项", "en": "this field"}}}, Cause: errors.New("inside")}
				r := httptest.NewRequest(http.MethodGet, "/", nil)
				r.AddCookie(&http.Cookie{Name: languageCookie, Value: lang})
				w := httptest.NewRecorder()
				s.Page(func(http.ResponseWriter, *http.Request) error { return err }).ServeHTTP(w, r)
				if w.Code != c.status || (w.Header().Get("Retry-After") != "") != c.retry {
					t.Errorf("status %d, Retry-After %q", w.Code, w.Header().Get("Retry-After"))
				}
				body := w.Body.String()
				if !strings.Contains(body, err.Text[lang]) || !strings.Contains(body, err.Fields[0].Text[lang]) || strings.Contains(body, "inside") {
					t.Errorf("the page is\n%s", body)
				}
			})
		}
	}
}

func TestTheInsideOfAFailureIsLoggedWithoutNumbersAndNotShown(t *testing.T) {
	s := testSite(t)
	var log bytes.Buffer
	s.log = slog.New(slog.NewTextHandler(&log, nil))
	for name, h := range map[string]Handler{
		"error": func(http.ResponseWriter, *http.Request) error {
			return errors.New("disk sda1 failed at 2026-00000123-X")
		},
		"panic": func(http.ResponseWriter, *http.Request) error { panic("disk sda1 of Zhang San") },
	} {
		t.Run(name, func(t *testing.T) {
			log.Reset()
			w := httptest.NewRecorder()
			s.protect(s.Page(h)).ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", nil))
			if w.Code != 500 || strings.Contains(w.Body.String(), "sda1") || !strings.Contains(w.Body.String(), "</html>") {
				t.Errorf("status %d:\n%s", w.Code, w.Body)
			}
			if strings.Contains(log.String(), "2026-00000123") || strings.Contains(log.String(), "Zhang") || !strings.Contains(log.String(), "level=ERROR") {
				t.Errorf("the log is\n%s", &log)
			}
		})
	}
}
