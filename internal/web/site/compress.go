package site

import (
	"net/http"

	"github.com/klauspost/compress/gzhttp"
)

// compressed sends texts in a fifth of their size to browsers that can read that, which on a slow phone is a
// second. The stream of news is left alone: it must not wait for enough to compress. Lengths are blurred, so
// that nobody on the way learns from them what a page holds (BREACH).
func compressed(next http.Handler) (http.Handler, error) {
	wrap, err := gzhttp.NewWrapper(gzhttp.MinSize(1000), gzhttp.RandomJitter(32, 0, false), gzhttp.ContentTypes([]string{
		"text/html", "text/css", "text/javascript", "text/plain", "application/json", "image/svg+xml", "application/manifest+json"}))
	if err != nil {
		return nil, err
	}
	smaller := wrap(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/live" {
			next.ServeHTTP(w, r)
			return
		}
		smaller.ServeHTTP(w, r)
	}), nil
}
