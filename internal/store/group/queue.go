// Package group is the waiting line before a store's one writer, which takes whatever waits and writes it in
// one transaction (group commit). It knows no database, and must never drop what was put into it.
package group

import (
	"runtime"
	"sync"
	"time"
)

const (
	// Max bounds how many share a transaction, so that the first of them does not wait long.
	Max = 1000
	// While many wait at once, the writer pauses before each transaction: those that come meanwhile share its
	// sync, its signature and its pages, and all are answered sooner than without.
	many  = 8
	pause = 300 * time.Microsecond
)

// Queue is the line. Put may be called by anybody; the rest is the writer's.
type Queue[R any] struct {
	mu     sync.RWMutex // guards closed against sends on c
	closed bool
	c      chan R
	last   int // how many were gathered before
}

// NewQueue makes an empty line.
func NewQueue[R any]() *Queue[R] { return &Queue[R]{c: make(chan R, Max)} }

// Put adds r, waiting while the line is full; false when the line is closed and r was not taken.
func (q *Queue[R]) Put(r R) bool {
	q.mu.RLock()
	defer q.mu.RUnlock()
	if q.closed {
		return false
	}
	q.c <- r
	return true
}

// Close takes nothing more; what waits is still given out. It reports whether the line was open.
func (q *Queue[R]) Close() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		return false
	}
	q.closed = true
	close(q.c)
	return true
}

// C gives out the first that waits; it is closed when the line is closed and empty.
func (q *Queue[R]) C() <-chan R { return q.c }

// Gather adds what waits to reqs, which have been given out already, at most Max in all. Others that are about
// to ask are let run first, so that they share the transaction. Nobody who is alone waits for that.
func (q *Queue[R]) Gather(reqs []R) []R {
	if q.last > many {
		time.Sleep(pause)
	}
	for have := 0; have < len(reqs) && len(reqs) < Max; {
		runtime.Gosched()
		have = len(reqs)
		reqs = q.drain(reqs)
	}
	q.last = len(reqs)
	return reqs
}

func (q *Queue[R]) drain(reqs []R) []R {
	for len(reqs) < Max {
		select {
		case r, open := <-q.c:
			if !open {
				return reqs
			}
			reqs = append(reqs, r)
		default:
			return reqs
		}
	}
	return reqs
}
