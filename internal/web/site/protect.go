package site

import (
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strings"
	"time"
)

// maxBody bounds a posted form: a note of 1 MB, percent-encoded, with room for the rest.
const maxBody = 8 << 20

// policy lets a page load its own style, script, images and news and post to itself, and nothing else.
const policy = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; " +
	"form-action 'self'; frame-ancestors 'none'; base-uri 'none'"

// protect wraps the pages with what holds for all of them: a log line without anything personal, headers,
// refusal of posts from other sites, a bound on the body, and an answer when a handler panics.
func (s *Site) protect(next http.Handler) http.Handler {
	cross := http.NewCrossOriginProtection()
	cross.SetDenyHandler(s.Page(func(http.ResponseWriter, *http.Request) error { return errForeign() }))
	inner := cross.Handler(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := time.Now()
		rec := &recorder{ResponseWriter: w}
		defer func() {
			if p := recover(); p != nil {
				s.log.Error("page panicked", "type", fmt.Sprintf("%T", p), "stack", string(debug.Stack()))
				if rec.status == 0 {
					s.fail(rec, r, fmt.Errorf("panic"))
				}
			}
			s.logRequest(r, rec.status, time.Since(began))
		}()
		headers(w.Header())
		if most := int64(maxBody); !hasFiles(r) || !takesFiles(r.URL.Path) { // else whoever reads it bounds it
			r.Body = http.MaxBytesReader(rec, r.Body, most)
		}
		inner.ServeHTTP(rec, r)
	})
}

// takesFiles reports whether a form that is sent there may have files: a lodging, a step, a meeting that is planned, or the report of one.
func takesFiles(path string) bool {
	return path == "/desk/reports" || path == "/desk/meetings/new" || strings.HasPrefix(path, "/lodge/") || strings.HasPrefix(path, "/desk/lodge/") || strings.Contains(path, "/steps/")
}

func headers(h http.Header) {
	h.Set("Content-Security-Policy", policy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cache-Control", "no-store") // static files set their own
}

// logRequest names the route, never the address: addresses hold matter numbers, forms hold everything.
func (s *Site) logRequest(r *http.Request, status int, took time.Duration) {
	level := slog.LevelInfo
	if status >= 500 {
		level = slog.LevelError
	}
	route := r.Pattern
	if route == "" {
		route = "unmatched"
	}
	s.log.Log(r.Context(), level, "page", "method", knownMethod(r.Method), "route", route, "status", status, "took", took)
}

// knownMethod keeps free text out of the log: a method is whatever the client writes.
func knownMethod(m string) string {
	switch m {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions:
		return m
	}
	return "other"
}

// recorder remembers the status for the log.
type recorder struct {
	http.ResponseWriter
	status int
}

func (r *recorder) WriteHeader(status int) {
	if r.status == 0 {
		r.status = status
	}
	r.ResponseWriter.WriteHeader(status)
}

func (r *recorder) Write(b []byte) (int, error) {
	if r.status == 0 {
		r.status = http.StatusOK
	}
	return r.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController reach the connection.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }
