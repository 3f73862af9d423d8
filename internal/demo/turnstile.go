package demo

import (
	"context"
	"errors"
	"sync"

	"luoshi/internal/casework"
)

// turnstile stands before the store while the province fills. It tells the runner that a verb has computed its
// change and hands it to the store: from then on the verb no longer looks at the clock, so the runner may set
// it and begin the next one, and the store writes many changes in one transaction. A verb that comes after
// another on the same matter is given what that one is about to write.
type turnstile struct {
	casework.Store
	mu      sync.Mutex
	pending map[string]*pending // by number of the matter
}

// pending is the newest change of a matter on its way to the store.
type pending struct {
	matter *casework.Matter
	done   chan struct{}
	err    error // why it was not written; read it after done
}

var errOtherVersion = errors.New("the filling was begun by another version of this program: remove the folder and start again")

func newTurnstile(s casework.Store) *turnstile {
	return &turnstile{Store: s, pending: map[string]*pending{}}
}

type announcement struct{}

// announcing gives a context under which the first change of a verb is sent on ch before it is written. ch
// needs room for one.
func announcing(ctx context.Context, ch chan<- *casework.Change) context.Context {
	return context.WithValue(ctx, announcement{}, ch)
}

// Matter implements casework.MatterStore.
func (t *turnstile) Matter(ctx context.Context, number string) (*casework.Matter, error) {
	t.mu.Lock()
	p := t.pending[number]
	t.mu.Unlock()
	if p != nil {
		return p.matter, nil // verbs work on copies
	}
	return t.Store.Matter(ctx, number)
}

// Commit implements casework.Committer.
func (t *turnstile) Commit(ctx context.Context, c *casework.Change) (casework.Committed, error) {
	mine, before := t.enter(c)
	defer t.leave(c.Matter.Number, mine)
	if ch, ok := ctx.Value(announcement{}).(chan<- *casework.Change); ok {
		select {
		case ch <- c:
		default: // a verb that runs again was announced already
		}
	}
	done, err := t.Store.Commit(ctx, c)
	if before != nil && (errors.Is(err, casework.ErrConflict) || errors.Is(err, casework.ErrNotFound)) {
		<-before.done // it overtook the change it builds on
		if before.err != nil {
			err = before.err
		} else {
			done, err = t.Store.Commit(ctx, c)
		}
	}
	if errors.Is(err, casework.ErrKeyUsed) {
		err = errOtherVersion // the matter is there, and is not what this program would have written
	}
	mine.err = err
	return done, err
}

func (t *turnstile) enter(c *casework.Change) (mine, before *pending) {
	mine = &pending{matter: c.Matter, done: make(chan struct{})}
	t.mu.Lock()
	defer t.mu.Unlock()
	before = t.pending[c.Matter.Number]
	t.pending[c.Matter.Number] = mine
	return mine, before
}

func (t *turnstile) leave(number string, mine *pending) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.pending[number] == mine {
		delete(t.pending, number)
	}
	close(mine.done)
}
