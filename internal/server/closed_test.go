package server

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"luoshi/internal/casework"
	"luoshi/internal/office"
	"luoshi/internal/store/postgres/pgtest"
	"luoshi/internal/store/transfer"
)

// A mistyped address leads to an empty database. Were a log begun there with the key that exists, it would have
// the same name as the one that people hold receipts of.
func TestAnEmptyDatabaseBesideAKeyIsNotTakenForANewBeginning(t *testing.T) {
	k := newKept(t)
	wrong := configOf("sqlite:"+filepath.Join(t.TempDir(), "mistyped.db"), k.KeyFile())
	_, err := OpenCore(t.Context(), wrong, time.Now)
	if err == nil || !strings.Contains(err.Error(), "is its address right?") || !strings.Contains(err.Error(), k.key.Name()) {
		t.Fatalf("opened with %v", err)
	}
	wrong.Origin = k.key.Name() // said aloud
	core, err := OpenCore(t.Context(), wrong, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	core.Close()
}

// A node that runs on when its log is moved away refuses changes as something that passes, and asks the proxy
// to leave it alone.
func TestANodeOfAMovedLogIsUnavailable(t *testing.T) {
	c := configOf(pgtest.URL(t), filepath.Join(t.TempDir(), "k.key"))
	core, err := OpenCore(t.Context(), c, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer core.Close()
	furnish(t, core)
	h, err := Handler(core, slog.New(slog.DiscardHandler), nil)
	if err != nil {
		t.Fatal(err)
	}
	health := func() *httptest.ResponseRecorder {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/healthz", nil))
		return w
	}
	if w := health(); w.Code != http.StatusOK {
		t.Fatalf("before the move: %d %s", w.Code, w.Body)
	}
	if err := core.store.PutMeta(t.Context(), transfer.Moved, "sqlite:new.db"); err != nil {
		t.Fatal(err)
	}
	_, err = core.Service.Lodge(t.Context(), office.Actor{Resident: true}, exampleLodging(t, core.Service, "people-mediation", "t"), "")
	if e := casework.AsError(err); e.Kind != casework.Unavailable || e.Code != "log-closed" {
		t.Errorf("lodging answers %v", err)
	}
	if w := health(); w.Code != http.StatusServiceUnavailable || !strings.Contains(w.Body.String(), "moved to sqlite:new.db") {
		t.Errorf("health: %d %s", w.Code, w.Body)
	}
}

// away is a store whose database cannot be reached when somebody says who they are.
type away struct{ casework.Store }

func (away) LoginByToken(context.Context, string) (string, error) { return "", casework.ErrAway }

// While the database is away nobody can be told from a guesser, so nobody is counted as one.
func TestADatabaseThatIsAwayIsNotTakenForGuessing(t *testing.T) {
	f := newFixture(t)
	f.svc.Store = away{f.svc.Store}
	for i := range 40 {
		status, p, _ := f.do("GET", "/v1/matters", nil, "Authorization", "Bearer "+clerkToken)
		if status != http.StatusServiceUnavailable || p["code"] != "database-away" {
			t.Fatalf("request %d: %d %v", i, status, p)
		}
	}
}
