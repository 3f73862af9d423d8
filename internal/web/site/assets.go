package site

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
	"time"

	"luoshi/ui/bundle"
)

// assets serves sheets, scripts and static files under names that hold a hash of their content, so that a browser
// may keep them for ever.
type assets struct {
	urls  map[string]string // luoshi.css → /static/luoshi.4KX7QZ2A.css
	files map[string][]byte // luoshi.4KX7QZ2A.css → content
	small map[string][]byte // the same compressed; of those only that become smaller
}

func loadAssets(fsys fs.FS) (*assets, error) {
	built, err := bundle.Build(fsys)
	if err != nil {
		return nil, err
	}
	a := &assets{urls: map[string]string{}, files: built.Contents}
	for name, hashed := range built.Names {
		a.urls[name] = "/static/" + hashed
	}
	entries, err := fs.ReadDir(fsys, "static")
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		b, err := fs.ReadFile(fsys, "static/"+e.Name())
		if err != nil {
			return nil, err
		}
		sum := sha256.Sum256(b)
		ext := path.Ext(e.Name())
		hashed := strings.TrimSuffix(e.Name(), ext) + "." + hex.EncodeToString(sum[:6]) + ext
		a.urls[e.Name()] = "/static/" + hashed
		a.files[hashed] = b
	}
	return a, a.compress()
}

// compress makes everything smaller once, as far as it goes: there is time for that before anybody asks.
func (a *assets) compress() error {
	a.small = map[string][]byte{}
	for name, b := range a.files {
		var out bytes.Buffer
		w, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
		if err != nil {
			return err
		}
		if _, err := w.Write(b); err != nil {
			return err
		}
		if err := w.Close(); err != nil {
			return err
		}
		if out.Len() < len(b)*9/10 {
			a.small[name] = out.Bytes()
		}
	}
	return nil
}

// reads reports whether a browser can read gzip.
func reads(r *http.Request) bool {
	for coding := range strings.SplitSeq(r.Header.Get("Accept-Encoding"), ",") {
		name, q, _ := strings.Cut(strings.ReplaceAll(strings.ToLower(coding), " ", ""), ";")
		if name == "gzip" && strings.Trim(strings.TrimPrefix(q, "q="), "0.") != "" || name == "gzip" && q == "" {
			return true
		}
	}
	return false
}

func (a *assets) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("file")
	b, ok := a.files[name]
	if !ok {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", mime.TypeByExtension(path.Ext(name)))
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	if small := a.small[name]; small != nil {
		w.Header().Set("Vary", "Accept-Encoding")
		if reads(r) {
			b = small
			w.Header().Set("Content-Encoding", "gzip")
		}
	}
	http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(b))
}
