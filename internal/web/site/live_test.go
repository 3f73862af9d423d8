package site

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"luoshi/internal/casework"
	"luoshi/internal/office"
)

// liveStore is a store with one session and one account.
type liveStore struct {
	casework.Store
	expires time.Time
	size    int64
}

func (*liveStore) Units(context.Context) ([]office.Unit, error) {
	return []office.Unit{{Code: "a", Kind: "county"}}, nil
}

func (*liveStore) Accounts(context.Context) ([]office.Account, error) {
	return []office.Account{{Login: "clerk", Grants: []office.Grant{{Role: office.RoleClerk, Unit: "a"}}}}, nil
}

func (*liveStore) Procedures(context.Context) (map[string]casework.Published, error) { return nil, nil }

func (*liveStore) Calendars(context.Context) ([]casework.StoredCalendar, error) { return nil, nil }

func (s *liveStore) Size(context.Context) (int64, error) { return s.size, nil }

func (s *liveStore) Session(_ context.Context, hash string, now time.Time) (casework.Session, error) {
	if hash != office.TokenHash("secret") || !now.Before(s.expires) {
		return casework.Session{}, casework.ErrNotFound
	}
	return casework.Session{Hash: hash, Login: "clerk", Expires: s.expires}, nil
}

func liveSite(t *testing.T, store *liveStore) *Site {
	t.Helper()
	service, err := casework.NewService(t.Context(), store, "o", "k", nil, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	return &Site{Service: service, log: slog.New(slog.DiscardHandler), times: usualTimes()}
}

func liveRequest(ctx context.Context, address string) *http.Request {
	r := httptest.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	r.AddCookie(&http.Cookie{Name: staffCookie, Value: "secret"})
	return r
}

func TestAStreamGivesSignsOfLifeUntilItsSessionExpires(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := liveSite(t, &liveStore{expires: time.Now().Add(90 * time.Second), size: 5})
		w := httptest.NewRecorder()
		began := time.Now()
		s.Live(w, liveRequest(t.Context(), "/live?since=4"))
		if took := time.Since(began); took < 90*time.Second || took > 115*time.Second {
			t.Errorf("it ended after %v", took)
		}
		want := "event: news\ndata: changed\n\n" + strings.Repeat(": alive\n\n", 4) + "event: over\ndata: session\n\n"
		if got := w.Body.String(); got != want {
			t.Errorf("it sent %q", got)
		}
		if !w.Flushed || len(s.streams.open) > 0 {
			t.Errorf("flushed: %v, left open: %d", w.Flushed, len(s.streams.open))
		}
	})
}

func TestAStreamEndsWithItsReader(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := liveSite(t, &liveStore{expires: time.Now().Add(time.Hour)})
		ctx, leave := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() {
			defer close(done)
			s.Live(httptest.NewRecorder(), liveRequest(ctx, "/live?since=0"))
		}()
		synctest.Wait()
		leave()
		<-done
	}) // fails when a goroutine is left
}

// A question whether one may listen is answered at once.
func TestHeadOfAStreamIsNoStream(t *testing.T) {
	s := liveSite(t, &liveStore{expires: time.Now().Add(time.Hour)})
	r := liveRequest(t.Context(), "/live?since=0")
	r.Method = http.MethodHead
	w := httptest.NewRecorder()
	s.Live(w, r)
	if w.Code != http.StatusOK || w.Body.Len() > 0 {
		t.Errorf("status %d, %q", w.Code, w.Body)
	}
}
