package ledger

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/tlog"

	"filippo.io/torchwood"
)

// serveLog is the reading API as a server would mount it.
func serveLog(t *testing.T, f fixture) *httptest.Server {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /log/{path...}", func(w http.ResponseWriter, r *http.Request) {
		var data []byte
		var err error
		switch path := r.PathValue("path"); {
		case path == "checkpoint":
			data = f.signed
		case strings.HasPrefix(path, "tile/entries/"):
			data, err = ServeEntries(r.Context(), path, f.log.size(), testOrigin, f.log.commitments)
		default:
			data, err = ServeTile(r.Context(), path, f.log.size(), f.log)
		}
		if errors.Is(err, ErrNotFound) {
			http.NotFound(w, r)
			return
		}
		if err != nil {
			http.Error(w, "internal", http.StatusInternalServerError)
			return
		}
		w.Write(data)
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server
}

// An outside client of tlog-tiles reads and verifies the whole log.
func TestTorchwoodClientReadsTheWholeLog(t *testing.T) {
	for _, size := range []int{1, 255, 256, 257, 600, 70000} {
		f := newFixture(t, 0, min(size-1, 500))
		for int(f.log.size()) < size {
			f.log.grow(min(1000, size-int(f.log.size())))
		}
		var err error
		if f.signed, err = f.key.SignCheckpoint(testOrigin, f.log.size(), f.log.edge.Root()); err != nil {
			t.Fatal(err)
		}
		readWholeLog(t, f)
	}
}

func readWholeLog(t *testing.T, f fixture) {
	t.Helper()
	fetcher, err := torchwood.NewTileFetcher(serveLog(t, f).URL+"/log", torchwood.WithConcurrencyLimit(4))
	if err != nil {
		t.Fatal(err)
	}
	signed, err := fetcher.ReadEndpoint(t.Context(), "checkpoint")
	if err != nil {
		t.Fatal(err)
	}
	head, err := OpenCheckpoint(signed, f.key.VerifierKey())
	if err != nil {
		t.Fatal(err)
	}
	client, err := torchwood.NewClient(fetcher)
	if err != nil {
		t.Fatal(err)
	}
	read := int64(0)
	for i, record := range client.AllEntries(t.Context(), tlog.Tree{N: head.Size, Hash: head.Root}, 0) {
		origin, commitment, err := ParseRecord(record)
		if err != nil || origin != testOrigin || commitment != f.log.commits[i] {
			t.Fatalf("leaf %d: %q, %v", i, record, err)
		}
		read++
	}
	if client.Err() != nil || read != head.Size {
		t.Fatalf("%d of %d leaves read: %v", read, head.Size, client.Err())
	}
}

func TestServedTilesHaveTheirWidth(t *testing.T) {
	f := newFixture(t, 0, 0)
	f.log.grow(999)
	for path, want := range map[string]int{
		"tile/0/000": 256, "tile/0/000.p/7": 7, "tile/0/003.p/232": 232, "tile/0/003.p/1": 1, "tile/1/000.p/3": 3,
	} {
		data, err := ServeTile(t.Context(), path, 1000, f.log)
		if err != nil || len(data) != want*tlog.HashSize {
			t.Errorf("%s: %d bytes, %v", path, len(data), err)
		}
	}
	data, err := ServeEntries(t.Context(), "tile/entries/003.p/232", 1000, testOrigin, f.log.commitments)
	if want := 232 * (2 + len(Record(testOrigin, Hash{}))); err != nil || len(data) != want {
		t.Errorf("bundle of %d bytes, want %d: %v", len(data), want, err)
	}
}

func TestTilesThatTheLogDoesNotHaveAreNotFound(t *testing.T) {
	f := newFixture(t, 0, 0)
	f.log.grow(999)
	for _, path := range []string{
		"", "tile", "tile/", "/tile/0/000", "log/tile/0/000", "tile/0/0", "tile/0/003", "tile/0/003.p/233", "tile/0/003.p/256",
		"tile/0/003.p/0", "tile/0/003.p/01", "tile/0/004.p/1", "tile/0/x000/000", "tile/1/000", "tile/2/000.p/1",
		"tile/9/000.p/1", "tile/63/000.p/1", "tile/64/000.p/1", "tile/-1/000", "tile/00/000", "tile/data/000",
		"tile/8/data/000", "tile/0/../0/000", "tile/entries/004.p/1", "tile/entries/003", "tile/entries/x999/x999/x999/x999/x999/x999/x999/999",
		"tile/0/x999/x999/x999/x999/x999/x999/x999/999", "checkpoint",
	} {
		if data, err := ServeTile(t.Context(), path, 1000, f.log); !errors.Is(err, ErrNotFound) {
			t.Errorf("tile %q: %d bytes, %v", path, len(data), err)
		}
		if data, err := ServeEntries(t.Context(), path, 1000, testOrigin, f.log.commitments); !errors.Is(err, ErrNotFound) {
			t.Errorf("bundle %q: %d bytes, %v", path, len(data), err)
		}
	}
	if _, err := ServeTile(t.Context(), "tile/entries/000", 1000, f.log); !errors.Is(err, ErrNotFound) {
		t.Error("a bundle was served as a tile")
	}
	if _, err := ServeEntries(t.Context(), "tile/0/000", 1000, testOrigin, f.log.commitments); !errors.Is(err, ErrNotFound) {
		t.Error("a tile was served as a bundle")
	}
}
