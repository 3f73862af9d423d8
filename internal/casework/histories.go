package casework

import (
	"context"
	"errors"
	"iter"
)

// histories turns the stream of all entries by matter into one that is read along with the matters.
type histories struct {
	next Stored
	more bool
	err  error
	pull func() (Stored, bool)
	stop func()
}

var errStop = errors.New("stop")

func newHistories(ctx context.Context, v Snapshot) *histories {
	h := &histories{}
	h.pull, h.stop = iter.Pull(func(yield func(Stored) bool) {
		err := v.Histories(ctx, func(e Stored) error {
			if !yield(e) {
				return errStop
			}
			return nil
		})
		if !errors.Is(err, errStop) {
			h.err = err
		}
	})
	h.step()
	return h
}

func (h *histories) step() { h.next, h.more = h.pull() }
