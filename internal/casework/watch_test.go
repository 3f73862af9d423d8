package casework

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"luoshi/internal/office"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestNewsAreMerged(t *testing.T) {
	for _, c := range []struct {
		name       string
		a, b, want News
	}{
		{"units are named once and in order", News{Units: []string{"c", "a"}}, News{Units: []string{"b", "a"}}, News{Units: []string{"a", "b", "c"}}},
		{"all swallows units", News{Units: []string{"a"}}, News{All: true}, News{All: true}},
		{"staff and procedures stay beside units", News{Staff: true}, News{Procedures: true, Units: []string{"a"}}, News{Units: []string{"a"}, Staff: true, Procedures: true}},
		{"too many units are all", News{Units: manyUnits(maxUnits)}, News{Units: []string{"z"}}, News{All: true}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if d := cmp.Diff(c.want, c.a.Merge(c.b)); d != "" {
				t.Error(d)
			}
		})
	}
}

func manyUnits(n int) []string {
	units := make([]string, n)
	for i := range units {
		units[i] = fmt.Sprintf("unit-%04d", i)
	}
	return units
}

func TestNewsOfChangesNameWhereAMatterIsAndWas(t *testing.T) {
	moved := &Change{Matter: &Matter{Unit: "b"}, Before: &Before{Unit: "a"}}
	opened := &Change{Matter: &Matter{Unit: "c"}}
	if d := cmp.Diff(News{Units: []string{"a", "b", "c"}}, NewsOf(opened, moved, opened)); d != "" {
		t.Error(d)
	}
}

func TestEncodedNewsAreReadAgain(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := News{Units: rapid.SliceOf(rapid.StringN(1, 40, 60)).Draw(t, "units"), All: rapid.Bool().Draw(t, "all"),
			Staff: rapid.Bool().Draw(t, "staff"), Procedures: rapid.Bool().Draw(t, "procedures")}.compact()
		text := n.Encode()
		if len(text) > 7000 {
			t.Fatalf("%d bytes", len(text))
		}
		got := DecodeNews(text)
		for _, u := range n.Units {
			if !got.All && !slices.Contains(got.Units, strings.ToValidUTF8(u, "\ufffd")) {
				t.Errorf("%q is lost", u)
			}
		}
		if !got.All && (n.All || got.Staff != n.Staff || got.Procedures != n.Procedures) {
			t.Errorf("%+v became %+v", n, got)
		}
	})
	for _, text := range []string{"", "{}", "[]", `{"units":7}`, `{"from a newer version":true}`} {
		if n := DecodeNews(text); !n.All {
			t.Errorf("%q is %+v, not all", text, n)
		}
	}
	if text := (News{Units: []string{strings.Repeat("x", 8000)}}).Encode(); text != `{"all":true}` {
		t.Errorf("long news are %.40s", text)
	}
}

// stage is a service over a store of which only what a watch needs is there.
type stage struct {
	Store
	mu       sync.Mutex
	units    []office.Unit
	accounts []office.Account
	fail     error      // of the next readings
	watches  chan error // ends the watch
	inbox    *Inbox
}

func (s *stage) Units(context.Context) ([]office.Unit, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.units, s.fail
}

func (s *stage) Accounts(context.Context) ([]office.Account, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.accounts), s.fail
}

func (s *stage) Procedures(context.Context) (map[string]Published, error) { return nil, nil }

func (s *stage) Calendars(context.Context) ([]StoredCalendar, error) { return nil, nil }

func (s *stage) Watch(ctx context.Context, f func(News)) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	go func() {
		select {
		case err := <-s.watches:
			cancel(err)
		case <-ctx.Done():
		}
	}()
	s.inbox.Put(News{All: true})
	if err := s.inbox.Deliver(ctx, f); context.Cause(ctx) != nil {
		return errors.Join(err, context.Cause(ctx))
	}
	return nil
}

func account(login, unit string) office.Account {
	return office.Account{Login: login, Grants: []office.Grant{{Role: office.RoleClerk, Unit: unit}}}
}

func newStage(t *testing.T) (*stage, *Service) {
	t.Helper()
	st := &stage{watches: make(chan error), inbox: NewInbox(),
		units:    []office.Unit{{Code: "p", Kind: "province"}, {Code: "a", Parent: "p", Kind: "county"}, {Code: "b", Parent: "p", Kind: "county"}},
		accounts: []office.Account{account("at-a", "a"), account("at-b", "b"), account("at-p", "p")}}
	s, err := NewService(t.Context(), st, "o", "k", nil, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	return st, s
}

func (s *Service) actorAt(login string) office.Actor {
	return office.Actor{Account: s.Staff().Accounts[login]}
}

// signalled says which of the channels hold a signal, and takes it.
func signalled(channels ...<-chan struct{}) string {
	out := ""
	for _, c := range channels {
		select {
		case _, open := <-c:
			if open {
				out += "1"
			} else {
				out += "x"
			}
		default:
			out += "0"
		}
	}
	return out
}

func wantSignals(t *testing.T, want string, channels ...<-chan struct{}) {
	t.Helper()
	synctest.Wait()
	if got := signalled(channels...); got != want {
		t.Errorf("signals %s, want %s", got, want)
	}
}

func TestSubscribersHearOfTheirOwnUnits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st, s := newStage(t)
		ctx, stop := context.WithCancel(t.Context())
		go s.Watch(ctx, slog.New(slog.DiscardHandler))
		synctest.Wait()
		life, leave := context.WithCancel(t.Context())
		a, b, p := s.Subscribe(life, s.actorAt("at-a")), s.Subscribe(ctx, s.actorAt("at-b")), s.Subscribe(ctx, s.actorAt("at-p"))
		party := s.Subscribe(ctx, office.Actor{Party: &office.PartyRef{Matter: "m"}})
		st.inbox.Put(News{Units: []string{"a"}})
		wantSignals(t, "1010", a, b, p, party)
		for range 100 { // however many: one signal
			st.inbox.Put(News{Units: []string{"b"}})
			synctest.Wait()
		}
		wantSignals(t, "0110", a, b, p, party)
		wantSignals(t, "0000", a, b, p, party)
		st.inbox.Put(News{Procedures: true})
		wantSignals(t, "0000", a, b, p, party)
		st.inbox.Put(News{All: true})
		wantSignals(t, "1111", a, b, p, party)

		leave()
		wantSignals(t, "x000", a, b, p, party)
		stop()
		wantSignals(t, "xxxx", a, b, p, party)
		wantSignals(t, "x", s.Subscribe(t.Context(), s.actorAt("at-a"))) // nobody listens any more
	}) // fails when a goroutine is left
}

func TestStaffChangedElsewhereAreTakenOver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st, s := newStage(t)
		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		go s.Watch(ctx, slog.New(slog.DiscardHandler))
		b := s.Subscribe(ctx, s.actorAt("at-b"))
		synctest.Wait()
		signalled(b)

		st.mu.Lock()
		st.accounts = []office.Account{account("at-b", "a"), account("new", "a")}
		st.fail = errors.New("not now")
		st.mu.Unlock()
		st.inbox.Put(News{Staff: true})
		synctest.Wait()
		if s.Staff().Accounts["new"] != nil {
			t.Fatal("what failed was taken over")
		}
		st.mu.Lock()
		st.fail = nil
		st.mu.Unlock()
		time.Sleep(lastPause) // it is tried again by itself
		synctest.Wait()
		if s.Staff().Accounts["new"] == nil || s.Staff().Accounts["at-a"] != nil {
			t.Error("the accounts are those from before")
		}
		signalled(b)
		st.inbox.Put(News{Units: []string{"a"}})
		wantSignals(t, "1", b) // by the grant it has now
		st.inbox.Put(News{Units: []string{"b"}})
		wantSignals(t, "0", b)
	})
}

func TestAWatchThatBreaksOffBeginsAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st, s := newStage(t)
		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		var log strings.Builder
		go s.Watch(ctx, slog.New(slog.NewTextHandler(io.Writer(&log), nil)))
		a := s.Subscribe(ctx, s.actorAt("at-a"))
		synctest.Wait()
		signalled(a)
		st.watches <- errors.New("cut")
		wantSignals(t, "0", a)
		time.Sleep(firstPause)
		wantSignals(t, "1", a) // everything may have changed meanwhile
		if !strings.Contains(log.String(), "cut") {
			t.Errorf("the log says %q", log.String())
		}
	})
}

func TestAnInboxIsBoundedHoweverSlowItsReader(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		inbox, hold := NewInbox(), make(chan struct{})
		ctx, stop := context.WithCancel(t.Context())
		var got []News
		done := make(chan error)
		go func() { done <- inbox.Deliver(ctx, func(n News) { got = append(got, n); <-hold }) }()
		synctest.Wait()
		for _, u := range manyUnits(10 * maxUnits) {
			inbox.Put(News{Units: []string{u}})
		}
		if inbox.mu.Lock(); len(inbox.waiting.Units) > maxUnits {
			t.Errorf("%d units wait", len(inbox.waiting.Units))
		}
		inbox.mu.Unlock()
		close(hold)
		synctest.Wait()
		if d := cmp.Diff([]News{{All: true}, {All: true}}, got); d != "" {
			t.Error(d)
		}
		stop()
		if err := <-done; !errors.Is(err, context.Canceled) {
			t.Errorf("ended with %v", err)
		}
	})
}
