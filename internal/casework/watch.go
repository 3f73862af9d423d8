package casework

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"luoshi/internal/office"
)

const (
	firstPause = 200 * time.Millisecond // before a watch that broke off begins again; doubled each time
	lastPause  = 20 * time.Second
)

// Watch listens to the store until ctx ends: it takes over units, accounts, procedures and calendars that were changed,
// here or by another process, and signals the subscribers. One runs in a process that serves. What fails is
// logged and tried again.
func (s *Service) Watch(ctx context.Context, log *slog.Logger) {
	s.hub.begin()
	defer s.hub.end()
	pause := firstPause
	for {
		err := s.Store.Watch(ctx, func(n News) {
			pause = firstPause
			s.hear(ctx, n, log)
		})
		if ctx.Err() != nil {
			return
		}
		log.Warn("no news from the database; pages do not refresh themselves until it is reached again", "error", err, "again", pause)
		select {
		case <-ctx.Done():
			return
		case <-time.After(pause):
		}
		pause = min(2*pause, lastPause)
	}
}

// hear takes in one piece of news. What cannot be read now is read a little later.
func (s *Service) hear(ctx context.Context, n News, log *slog.Logger) {
	missing, err := s.hub.reload(ctx, s, n)
	if err != nil && ctx.Err() == nil {
		log.Error("units, accounts or procedures cannot be read again", "error", err, "again", lastPause)
		time.AfterFunc(lastPause, func() {
			if ctx.Err() == nil {
				s.hear(ctx, missing, log)
			}
		})
	}
	s.hub.pass(n, s.Staff)
}

// Subscribe gives a channel that holds one signal when something changed within what the actor may read,
// however often it did since the last. Only members of staff hear anything. The channel is closed when ctx
// ends or the process stops watching.
func (s *Service) Subscribe(ctx context.Context, a office.Actor) <-chan struct{} {
	sub := &subscriber{actor: a, signal: make(chan struct{}, 1)}
	s.hub.add(sub, s.Staff)
	context.AfterFunc(ctx, func() { s.hub.remove(sub) })
	return sub.signal
}

// Changes gives a channel that holds one signal when anything changed, however often it did since the last. It is
// for the installation's own jobs, and ends as that of Subscribe does.
func (s *Service) Changes(ctx context.Context) <-chan struct{} {
	sub := &subscriber{every: true, signal: make(chan struct{}, 1)}
	s.hub.add(sub, s.Staff)
	context.AfterFunc(ctx, func() { s.hub.remove(sub) })
	return sub.signal
}

// hub passes news on within the process. Nothing in it waits for a subscriber.
type hub struct {
	reloading sync.Mutex // what is read later is newer

	mu          sync.Mutex
	ended       bool
	subscribers map[*subscriber]struct{}
}

type subscriber struct {
	every  bool // hears of everything
	actor  office.Actor
	scope  office.Scope
	signal chan struct{}
}

// see works out what the subscriber may read, with the units and grants as they are now.
func (b *subscriber) see(staff *Staff) {
	a := b.actor
	if a.Account == nil {
		b.scope = office.Scope{}
		return
	}
	if a.Account = staff.Accounts[a.Account.Login]; a.Account == nil {
		b.scope = office.Scope{}
		return
	}
	b.scope = a.ReadScope(staff.Tree)
}

func (b *subscriber) wake() {
	select {
	case b.signal <- struct{}{}:
	default: // one waits already
	}
}

// concerns reports whether a unit lies within what the subscriber may read.
func (b *subscriber) concerns(units []string) bool {
	for _, u := range units {
		if b.scope.Covers(u, "") {
			return true
		}
	}
	return false
}

// reload takes over what the news say has changed. It answers what it could not read, and why.
func (h *hub) reload(ctx context.Context, s *Service, n News) (missing News, err error) {
	h.reloading.Lock()
	defer h.reloading.Unlock()
	if n.All || n.Staff {
		if err = s.ReloadStaff(ctx); err != nil {
			missing.Staff = true
		}
	}
	if n.All || n.Procedures || n.Calendars {
		if e := s.ReloadProcedures(ctx); e != nil {
			missing.Procedures, err = true, e
		}
	}
	return missing, err
}

// pass signals everybody whom the news concern: all of them when news were missed, or when units or grants
// changed, for then they may see something else now.
func (h *hub) pass(n News, staff func() *Staff) {
	h.mu.Lock()
	defer h.mu.Unlock()
	now := staff()
	for sub := range h.subscribers {
		if n.All || n.Staff {
			sub.see(now)
		}
		if sub.every || n.All || n.Staff || sub.concerns(n.Units) {
			sub.wake()
		}
	}
}

// add lets a subscriber hear from now on. staff is asked within the lock, so that it is not older than the
// staff of news that were passed on before.
func (h *hub) add(sub *subscriber, staff func() *Staff) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.ended {
		close(sub.signal)
		return
	}
	if h.subscribers == nil {
		h.subscribers = map[*subscriber]struct{}{}
	}
	sub.see(staff())
	h.subscribers[sub] = struct{}{}
}

func (h *hub) remove(sub *subscriber) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if _, ok := h.subscribers[sub]; ok {
		delete(h.subscribers, sub)
		close(sub.signal)
	}
}

func (h *hub) begin() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.ended = false
}

// end closes every subscription, also those to come.
func (h *hub) end() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.ended = true
	for sub := range h.subscribers {
		close(sub.signal)
	}
	h.subscribers = nil
}

// Version is the version a matter has now, for an actor who may see it. Nothing else is read out, so nothing
// is disclosed by it.
func (s *Service) Version(ctx context.Context, a office.Actor, num string) (int, error) {
	m, _, err := s.load(ctx, a, num)
	if err != nil {
		return 0, err
	}
	return m.Version, nil
}
