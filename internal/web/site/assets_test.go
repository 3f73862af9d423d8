package site

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http/httptest"
	"path"
	"testing"
)

// What is sent compressed is the file, and a browser that does not read gzip gets it as it is.
func TestStaticFilesAreCompressedOnce(t *testing.T) {
	s := testSite(t)
	address, err := s.assets.url("luoshi.css")
	if err != nil {
		t.Fatal(err)
	}
	file := s.assets.files[path.Base(address)]
	for _, c := range []struct {
		accepts string
		small   bool
	}{{"gzip, deflate, br", true}, {"br;q=1.0, gzip;q=0.8", true}, {"", false}, {"gzip;q=0", false}, {"gzip; q=0.0, br", false}, {"br", false}} {
		r := httptest.NewRequest("GET", address, nil)
		r.SetPathValue("file", path.Base(address))
		r.Header.Set("Accept-Encoding", c.accepts)
		w := httptest.NewRecorder()
		s.assets.ServeHTTP(w, r)
		body, small := w.Body.Bytes(), w.Header().Get("Content-Encoding") == "gzip"
		if small {
			z, err := gzip.NewReader(bytes.NewReader(body))
			if err != nil {
				t.Fatal(err)
			}
			if body, err = io.ReadAll(z); err != nil {
				t.Fatal(err)
			}
		}
		if small != c.small || !bytes.Equal(body, file) || w.Header().Get("Vary") != "Accept-Encoding" {
			t.Errorf("%q: compressed %v, the file itself %v, Vary %q", c.accepts, small, bytes.Equal(body, file), w.Header().Get("Vary"))
		}
	}
	if len(s.assets.small[path.Base(address)])*3 > len(file) {
		t.Errorf("%d bytes of %d", len(s.assets.small[path.Base(address)]), len(file))
	}
}
