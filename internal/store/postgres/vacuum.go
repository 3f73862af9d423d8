package postgres

import (
	"context"
	"strings"
	"time"
)

// vacuum removes what was erased from the tables' files, after the fact and by and by. It asks for the tables
// that hold anything personal; one that the account does not own is left to the server's own vacuum, which
// comes later.
type vacuum struct {
	store  *Store
	wanted chan struct{}
	ctx    context.Context
	end    context.CancelFunc
	done   chan struct{}
}

func newVacuum(s *Store) *vacuum {
	v := &vacuum{store: s, wanted: make(chan struct{}, 1), done: make(chan struct{})}
	v.ctx, v.end = context.WithCancel(context.Background())
	go v.run()
	return v
}

func (v *vacuum) ask() {
	select {
	case v.wanted <- struct{}{}:
	default: // one is to come
	}
}

// run vacuums when asked, and rests in between ten times as long as it took.
func (v *vacuum) run() {
	defer close(v.done)
	for {
		select {
		case <-v.ctx.Done():
			return
		case <-v.wanted:
		}
		began := time.Now()
		v.once()
		select {
		case <-v.ctx.Done():
			return
		case <-time.After(10 * time.Since(began)):
		}
	}
}

// once vacuums now. An error changes nothing of the erasure itself, which is committed.
func (v *vacuum) once() {
	for _, table := range strings.Fields("entry matter search") {
		_, _ = v.store.write.Exec(v.ctx, "VACUUM (SKIP_LOCKED) "+table)
	}
}

func (v *vacuum) close() {
	v.end()
	<-v.done
}
