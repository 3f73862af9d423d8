package web

import (
	"net/http"

	"luoshi/internal/web/site"
)

// table is the routes, which remembers their patterns.
type table struct {
	*http.ServeMux
	patterns []string
}

// Handle registers a handler, as http.ServeMux does.
func (t *table) Handle(pattern string, h http.Handler) {
	t.patterns = append(t.patterns, pattern)
	t.ServeMux.Handle(pattern, h)
}

// HandleFunc registers a function, as http.ServeMux does.
func (t *table) HandleFunc(pattern string, h func(http.ResponseWriter, *http.Request)) {
	t.Handle(pattern, http.HandlerFunc(h))
}

// Patterns is every address that pages answer to, in the form of http.ServeMux, so that a test can find the
// page it does not know.
func Patterns() []string { return routes(new(site.Site)).patterns }
