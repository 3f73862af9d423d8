package postgres_test

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"luoshi/internal/casework"
	"luoshi/internal/ledger"
	"luoshi/internal/store/postgres"
	"luoshi/internal/store/postgres/pgtest"
	"luoshi/internal/store/storetest"
)

// cabled is a desk whose store is reached over a cable.
func cabled(t *testing.T) (*storetest.Desk, *cable) {
	t.Helper()
	c, address := newCable(t, pgtest.URL(t))
	d := storetest.NewDesk(t, func(t testing.TB, key *ledger.Key) casework.Store {
		s := openAt(address)(t, key).(*postgres.Store)
		s.Settle(500 * time.Millisecond)
		return s
	})
	return d, c
}

// The title goes over the cable only with what is written, never with what is asked before.
const marked = "zqmarked"

func lodging(t *testing.T, d *storetest.Desk) casework.Lodging {
	t.Helper()
	l := d.Example(t, "petition", "t1")
	l.Title = marked
	return l
}

func TestACommitWhoseConnectionIsCut(t *testing.T) {
	for name, c := range map[string]struct{ answers, stays bool }{
		"before the server had it is made again":                             {false, false},
		"after the server did it is found to be recorded":                    {true, false},
		"before the server had it, and nothing more is known: send it again": {false, true},
		"after the server did it, and nothing more is known: send it again":  {true, true},
	} {
		t.Run(name, func(t *testing.T) {
			d, cable := cabled(t)
			l := lodging(t, d)
			if _, err := d.Lodge(t.Context(), resident(), d.Example(t, "petition", "t1"), ""); err != nil {
				t.Fatal(err)
			}
			cable.cutAt(marked, c.answers, c.stays)
			out, err := d.Lodge(t.Context(), resident(), l, "the key")
			if c.stays {
				if e := casework.AsError(err); e.Kind != casework.Unknown || e.Code != "outcome-unknown" {
					t.Fatalf("it answers %v", err)
				}
				cable.mend()
				if out, err = d.Lodge(t.Context(), resident(), l, "the key"); err == nil && out.Repeated != c.answers {
					t.Errorf("sent again, the answer is a repeated one: %v", out.Repeated)
				}
			}
			if err != nil {
				t.Fatal(err)
			}
			proved(t, out, d.Key)
			if n, err := d.Store.Size(t.Context()); n != 2 || err != nil {
				t.Errorf("the log has %d entries (%v)", n, err)
			}
			if r, err := d.Audit(t.Context(), nil, d.Key.VerifierKey()); err != nil || !r.OK {
				t.Errorf("audit: %+v (%v)", r, err)
			}
		})
	}
}

// Its own news were behind the commit, and went with the connection.
func TestACommitThatIsFoundToBeRecordedIsTold(t *testing.T) {
	d, cable := cabled(t)
	l := lodging(t, d)
	other, err := postgres.Open(t.Context(), postgres.Options{URL: cable.url})
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	ctx, stop := context.WithCancel(t.Context())
	news, done := make(chan casework.News, 100), make(chan error, 1)
	go func() { done <- other.Watch(ctx, func(n casework.News) { news <- n }) }()
	defer func() { stop(); <-done }()
	<-news // all, at first
	cable.cutAt(marked, true, false)
	if _, err := d.Lodge(t.Context(), resident(), l, ""); err != nil {
		t.Fatal(err)
	}
	for {
		select {
		case n := <-news:
			if n.All {
				return
			}
		case <-time.After(10 * time.Second): // less than a silence
			t.Fatal("nobody was told")
		}
	}
}

func TestADatabaseThatIsGoneRecordsNothingAndComesBack(t *testing.T) {
	d, cable := cabled(t)
	l := lodging(t, d)
	away := func(what string, err error) {
		t.Helper()
		if e := casework.AsError(err); e.Kind != casework.Unavailable || e.Code != "database-away" {
			t.Errorf("%s answers %v", what, err)
		}
	}
	lodged, err := d.Lodge(t.Context(), resident(), l, "")
	if err != nil {
		t.Fatal(err)
	}
	cable.cut(true)
	_, err = d.Lodge(t.Context(), resident(), l, "the key")
	away("a lodging", err)
	_, err = d.Store.Matter(t.Context(), lodged.Matter.Number)
	away("reading", err)
	away("a setting", d.Store.PutMeta(t.Context(), "a", "b"))
	_, err = d.Store.Serials(t.Context(), 2026, 1)
	away("a number", err)
	cable.mend()
	out, err := d.Lodge(t.Context(), resident(), l, "the key")
	if err != nil || out.Repeated {
		t.Fatalf("afterwards: %+v, %v", out, err)
	}
	if n, err := d.Store.Size(t.Context()); n != 2 || err != nil {
		t.Errorf("the log has %d entries (%v)", n, err)
	}
}

// What was acknowledged is there after the server was killed; what was not can be sent again.
func TestWhatWasAcknowledgedOutlivesTheServer(t *testing.T) {
	c := pgtest.Start(t, "fsync=on")
	d := storetest.NewDesk(t, openAt(c.Database(t)))
	l := d.Example(t, "petition", "t1")
	const writers = 16
	var mu sync.Mutex
	var wg sync.WaitGroup
	var stop atomic.Bool
	first := map[string]*casework.Outcome{} // by key; nil: not acknowledged
	for w := range writers {
		wg.Go(func() {
			for i := 0; !stop.Load(); i++ {
				key := fmt.Sprint(w, "-", i)
				out, err := d.Lodge(t.Context(), resident(), l, key)
				mu.Lock()
				first[key] = out
				mu.Unlock()
				switch kind := casework.KindOf(err); {
				case err == nil:
				case kind == casework.Unavailable || kind == casework.Unknown:
					time.Sleep(10 * time.Millisecond)
				default:
					t.Errorf("it answers %v", err)
				}
			}
		})
	}
	for range 2 {
		time.Sleep(100 * time.Millisecond)
		c.Kill()
		c.Restart(t)
		waitFor(t, func() bool { _, err := d.Store.Size(t.Context()); return err == nil })
	}
	stop.Store(true)
	wg.Wait()
	acknowledged := 0
	for key, was := range first {
		out, err := d.Lodge(t.Context(), resident(), l, key)
		switch {
		case err != nil:
			t.Fatal(err)
		case was != nil && (!out.Repeated || out.Matter.Number != was.Matter.Number || out.Entry.Index != was.Entry.Index):
			t.Errorf("key %s was given %s, leaf %d; now it is %s, leaf %d", key, was.Matter.Number, was.Entry.Index, out.Matter.Number, out.Entry.Index)
		case was != nil:
			acknowledged++
		}
	}
	if acknowledged < writers {
		t.Errorf("only %d lodgings were acknowledged", acknowledged)
	}
	if r, err := d.Audit(t.Context(), nil, d.Key.VerifierKey()); err != nil || !r.OK || r.Entries != int64(len(first)) {
		t.Errorf("audit: %+v (%v), want %d entries", r, err, len(first))
	}
}

func waitFor(t *testing.T, done func() bool) {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); !done(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("it does not come back")
		}
	}
}
