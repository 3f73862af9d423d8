package api

import (
	"errors"
	"io"
	"net/http"
	"strings"

	"luoshi/internal/casework"
	"luoshi/internal/ledger"
)

// log serves the log by C2SP tlog-tiles: anyone may read it, it holds nothing personal.
func (a *API) log(mux *http.ServeMux) {
	mux.HandleFunc("GET /log/checkpoint", a.checkpoint)
	mux.HandleFunc("GET /log/tile/", a.tile)
	mux.HandleFunc("GET /log/vkey", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		io.WriteString(w, a.VKey+"\n")
	})
}

func (a *API) checkpoint(w http.ResponseWriter, r *http.Request) {
	signed, err := a.Service.Store.Checkpoint(r.Context())
	switch {
	case errors.Is(err, casework.ErrNotFound):
		http.Error(w, "the log is empty: nothing has been signed yet", http.StatusNotFound)
	case err != nil:
		a.Log.Error("checkpoint", "error", err)
		http.Error(w, "the checkpoint cannot be read now", http.StatusInternalServerError)
	default:
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		w.Header().Set("Cache-Control", "no-cache")
		w.Write(signed)
	}
}

func (a *API) tile(w http.ResponseWriter, r *http.Request) {
	ctx, store := r.Context(), a.Service.Store
	path := strings.TrimPrefix(r.URL.Path, "/log/")
	size, err := store.Size(ctx)
	var data []byte
	if err == nil {
		if strings.HasPrefix(path, "tile/entries/") {
			data, err = ledger.ServeEntries(ctx, path, size, a.Service.Origin, store.Commitments)
		} else {
			data, err = store.ServeTile(ctx, path)
		}
	}
	switch {
	case errors.Is(err, ledger.ErrNotFound):
		http.Error(w, "the log has no such tile", http.StatusNotFound)
	case err != nil:
		a.Log.Error("tile", "error", err)
		http.Error(w, "the tile cannot be read now", http.StatusInternalServerError)
	default:
		w.Header().Set("Content-Type", "application/octet-stream")
		w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
		w.Write(data)
	}
}
