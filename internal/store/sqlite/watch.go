package sqlite

import (
	"context"
	"sync"

	"luoshi/internal/casework"
)

// watchers are those in this process who want to hear of changes. Only one process writes to the file, so
// nobody else has to hear of them, and nobody else causes any.
type watchers struct {
	mu      sync.Mutex
	inboxes map[*casework.Inbox]struct{}
}

// Watch implements casework.Watcher.
func (s *Store) Watch(ctx context.Context, f func(casework.News)) error {
	inbox := casework.NewInbox()
	s.watchers.add(inbox)
	defer s.watchers.remove(inbox)
	return inbox.Deliver(ctx, f)
}

func (w *watchers) add(i *casework.Inbox) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.inboxes == nil {
		w.inboxes = map[*casework.Inbox]struct{}{}
	}
	w.inboxes[i] = struct{}{}
}

func (w *watchers) remove(i *casework.Inbox) {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.inboxes, i)
}

// tell puts news into every inbox, and waits for nobody.
func (w *watchers) tell(n casework.News) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for i := range w.inboxes {
		i.Put(n)
	}
}

// committed tells of the changes of a batch, after its commit.
func (w *watchers) committed(parts []*part) {
	w.mu.Lock()
	nobody := len(w.inboxes) == 0
	w.mu.Unlock()
	if nobody || len(parts) == 0 {
		return
	}
	changes := make([]*casework.Change, len(parts))
	for i, p := range parts {
		changes[i] = p.change
	}
	w.tell(casework.NewsOf(changes...))
}

// inWriterWithNews runs f in the writer's transaction and tells of n once it is committed.
func (s *Store) inWriterWithNews(ctx context.Context, n casework.News, f func(ctx context.Context, w *batch) error) error {
	if err := s.inWriter(ctx, f); err != nil {
		return err
	}
	s.watchers.tell(n)
	return nil
}
