package storetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"luoshi/internal/casework"
	"luoshi/internal/office"
)

// newsTime is how long news may take before a test gives up. They take milliseconds.
const newsTime = 10 * time.Second

// ear is a watcher that keeps what it heard.
type ear struct {
	news chan casework.News
	hold sync.Mutex // while it is locked the ear is busy
	stop context.CancelFunc
	done chan error
}

// watch begins to listen, and has heard the first news, All, when it returns.
func (b *bench) watch(t *testing.T) *ear {
	t.Helper()
	e := &ear{}
	b.listen(t, e)
	return e
}

func (b *bench) listen(t *testing.T, e *ear) {
	t.Helper()
	ctx, cancel := context.WithCancel(background())
	e.news, e.stop, e.done = make(chan casework.News, 1000), cancel, make(chan error, 1)
	go func() {
		e.done <- b.Watch(ctx, func(n casework.News) {
			e.news <- n
			e.hold.Lock()
			defer e.hold.Unlock()
		})
		close(e.done)
	}()
	t.Cleanup(func() {
		cancel()
		<-e.done
	})
	if first := e.next(t); !first.All {
		t.Fatalf("the first news are %+v", first)
	}
}

// next waits for the next news.
func (e *ear) next(t *testing.T) casework.News {
	t.Helper()
	select {
	case n := <-e.news:
		return n
	case err := <-e.done:
		t.Fatalf("the watch ended: %v", err)
	case <-time.After(newsTime):
		t.Fatal("no news came")
	}
	return casework.News{}
}

// hears waits until the news heard name the units and tell of staff and procedures as wanted, and fails the
// test when they tell of more.
func (e *ear) hears(t *testing.T, want casework.News) {
	t.Helper()
	var got casework.News
	for {
		got = got.Merge(e.next(t))
		if got.All || got.Staff && !want.Staff || got.Procedures && !want.Procedures {
			t.Fatalf("heard %+v, want %+v", got, want)
		}
		for _, u := range got.Units {
			if !slices.Contains(want.Units, u) {
				t.Fatalf("heard %+v, want %+v", got, want)
			}
		}
		if len(got.Units) == len(want.Units) && got.Staff == want.Staff && got.Procedures == want.Procedures {
			return
		}
	}
}

func watchChanges(t *testing.T, b *bench) {
	e := b.watch(t)
	m := b.add(t, spec{unit: "north"})
	e.hears(t, casework.News{Units: []string{"north"}})
	if _, err := b.Matter(background(), m.Number); err != nil {
		t.Errorf("what is news cannot be read: %v", err)
	}
	b.commit(t, step(t, m, spec{unit: "south"}))
	e.hears(t, casework.News{Units: []string{"north", "south"}})
	_, err := b.Commit(background(), step(t, m, spec{unit: "west"})) // m is not the newest version
	wantErr(t, err, casework.ErrConflict)
	b.add(t, spec{unit: "east"}) // had the refused change been told of, it would be heard by now
	e.hears(t, casework.News{Units: []string{"east"}})
}

func watchStaff(t *testing.T, b *bench) {
	e := b.watch(t)
	must(t, b.PutUnits(background(), []office.Unit{{Code: "a", Kind: "province", Name: map[string]string{"zh": "省"}}}))
	e.hears(t, casework.News{Staff: true})
	must(t, b.PutAccount(background(), office.Account{Login: "wang", Name: "王"}, "hash", "token"))
	e.hears(t, casework.News{Staff: true})
	must(t, b.PutProcedure(background(), "p@1", casework.Published{Source: []byte("text")}))
	e.hears(t, casework.News{Procedures: true})
	if b.PutProcedure(background(), "p@1", casework.Published{Source: []byte("another text")}) == nil {
		t.Error("a published version was replaced")
	}
	must(t, b.PutMeta(background(), "colour", "red")) // nobody has to look at anything again
	b.add(t, spec{unit: "north"})
	e.hears(t, casework.News{Units: []string{"north"}})
}

// A watcher that is busy while hundreds of units change misses nothing without hearing All, hears of no more
// units at once than it can hold, holds up nobody, and hears the next change as usual.
func watchSlow(t *testing.T, b *bench) {
	const units, most = 300, 256
	e, other := &ear{}, b.watch(t)
	e.hold.Lock()
	b.listen(t, e) // it is busy with its first news
	var writers sync.WaitGroup
	for i := range units {
		c := lodge(t, 1000+i, spec{unit: fmt.Sprintf("unit-%d", i)})
		writers.Go(func() { b.commit(t, c) })
	}
	writers.Wait()
	other.hearsOf(t, units, most) // the one that is not busy
	e.hold.Unlock()
	e.hearsOf(t, units, most)
	b.add(t, spec{unit: "last"})
	for n := e.next(t); !n.All && !slices.Contains(n.Units, "last"); n = e.next(t) { // some of the many may come late
		if len(n.Units) > most {
			t.Fatalf("it hears of %d units at once", len(n.Units))
		}
	}
}

// hearsOf waits until it has heard of so many units, or All, and of at most so many at once.
func (e *ear) hearsOf(t *testing.T, units, most int) {
	t.Helper()
	heard := map[string]bool{}
	for all := false; !all && len(heard) < units; {
		n := e.next(t)
		if len(n.Units) > most {
			t.Fatalf("it hears of %d units at once", len(n.Units))
		}
		for _, u := range n.Units {
			heard[u] = true
		}
		all = n.All
	}
}

func watchEnds(t *testing.T, b *bench) {
	e, other := b.watch(t), b.watch(t)
	e.stop()
	select {
	case err := <-e.done:
		if !errors.Is(err, context.Canceled) {
			t.Errorf("ended with %v", err)
		}
	case <-time.After(newsTime):
		t.Fatal("it does not end")
	}
	b.add(t, spec{unit: "north"})
	other.hears(t, casework.News{Units: []string{"north"}})
	if len(e.news) > 0 {
		t.Error("news after the end")
	}
}
