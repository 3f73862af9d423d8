package postgres

import (
	"context"
	"sync"
	"time"
)

// New words wait in the index's pending list, where searches find them at once, until they are written out
// together; that costs a fraction of writing them one by one. PostgreSQL does it by itself, within whichever
// INSERT finds the list too long: there everybody would wait for it, half a second, for the INSERT holds the
// head of the log. So each node does it beside its writing, before the list is as long as that. A node that may
// not, because another owns the index or the engine has no such list, leaves it to the database.
const (
	flushAfter = 1000                   // matters; a list of 4 MB, at which PostgreSQL acts, has about 3,000
	maxWaiting = 6000                   // matters; with more, searches would become slow: the writer waits
	flushRest  = 500 * time.Millisecond // without writing, after which a shorter list is written out too
)

// index writes the pending list out. Nil, of a store that is only read, does nothing.
type index struct {
	news chan struct{}
	end  context.CancelFunc
	done chan struct{}

	mu       sync.Mutex
	flushed  sync.Cond // tells of changes of the next two
	waiting  int       // matters this node has added since the list was written out
	flushing bool
}

func newIndex(s *Store) *index {
	return startIndex(func(ctx context.Context) error {
		_, err := s.write.Exec(ctx, s.queries["search-flush"])
		return err
	})
}

func startIndex(flush func(context.Context) error) *index {
	ctx, end := context.WithCancel(context.Background())
	x := &index{news: make(chan struct{}, 1), end: end, done: make(chan struct{})}
	x.flushed.L = &x.mu
	go x.run(ctx, flush)
	return x
}

// wrote says that a committed batch has added the words of n matters. It waits only when far more is added
// than can be written out.
func (x *index) wrote(n int) {
	if x == nil || n == 0 {
		return
	}
	select {
	case x.news <- struct{}{}:
	default: // it has been told already
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	for x.waiting += n; x.flushing && x.waiting > maxWaiting; {
		x.flushed.Wait()
	}
}

func (x *index) close() {
	if x != nil {
		x.end()
		<-x.done
	}
}

func (x *index) run(ctx context.Context, flush func(context.Context) error) {
	defer close(x.done)
	rest := time.NewTimer(flushRest)
	for {
		least := flushAfter
		select {
		case <-ctx.Done():
			return
		case <-x.news:
		case <-rest.C:
			least = 1
		}
		rest.Reset(flushRest)
		if x.begin(least) {
			_ = flush(ctx) // what is not written out is found all the same
			x.ended()
		}
	}
}

func (x *index) begin(least int) bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.flushing = x.waiting >= least
	return x.flushing
}

func (x *index) ended() {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.waiting, x.flushing = 0, false
	x.flushed.Broadcast()
}
