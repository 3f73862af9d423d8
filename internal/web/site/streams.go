package site

import (
	"context"
	"slices"
	"sync"
)

// maxStreams is how many pages of one session listen at once. A page in the background does not listen, so
// this is many; the oldest gives way, and somebody whose connections broke off is not kept out by them.
const maxStreams = 8

// streams are the open streams of events, by the session they belong to.
type streams struct {
	mu   sync.Mutex
	open map[string][]*stream
}

type stream struct{ stop context.CancelFunc }

// join adds a stream of a session. Its context ends with the session, or when it has to give way to newer
// ones. leave must be called when the stream is over.
func (s *streams) join(ctx context.Context, session string) (_ context.Context, leave func()) {
	ctx, cancel := context.WithCancel(ctx)
	one := &stream{stop: cancel}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.open == nil {
		s.open = map[string][]*stream{}
	}
	all := append(s.open[session], one)
	if len(all) > maxStreams {
		all[0].stop()
		all = slices.Delete(all, 0, 1)
	}
	s.open[session] = all
	return ctx, func() { s.leave(session, one) }
}

func (s *streams) leave(session string, one *stream) {
	one.stop()
	s.mu.Lock()
	defer s.mu.Unlock()
	left := slices.DeleteFunc(s.open[session], func(o *stream) bool { return o == one })
	if len(left) == 0 {
		delete(s.open, session)
		return
	}
	s.open[session] = left
}

// end stops every stream of a session that has ended.
func (s *streams) end(session string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, one := range s.open[session] {
		one.stop()
	}
	delete(s.open, session)
}
