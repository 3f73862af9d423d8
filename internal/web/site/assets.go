package site

import (
	"bytes"
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
	return a, nil
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
	http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(b))
}
