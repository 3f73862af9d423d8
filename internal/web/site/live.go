package site

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"luoshi/internal/casework"
	"luoshi/internal/office"
)

// liveTimes is how a stream of events keeps time.
type liveTimes struct {
	alive time.Duration // between two signs of life; so often it is also asked whether the session lasts
	gap   time.Duration // at least between two events
	write time.Duration // to wait for a reader who does not read
}

func usualTimes() liveTimes {
	return liveTimes{alive: 20 * time.Second, gap: time.Second, write: 10 * time.Second}
}

// Live tells a page of staff that what it shows has changed: `news` events without content, as server-sent
// events. The page then asks for itself again, so that permissions are decided in one place.
//
//	/live?since=SIZE                something in the scope, since the log had that many entries
//	/live?matter=NUMBER&version=N   the matter is not at that version any more
//
// An `over` event says that nobody is signed in any more. 401 says the same before the stream begins.
func (s *Site) Live(w http.ResponseWriter, r *http.Request) {
	a, err := s.watcher(r)
	if casework.KindOf(err) == casework.NotAllowed {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	if err != nil {
		s.log.Error("live page failed", "cause", withoutNumbers(err))
		http.Error(w, "the database cannot be read now", http.StatusServiceUnavailable)
		return
	}
	topic, err := s.topicOf(r.URL.Query())
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	if r.Method == http.MethodHead {
		return
	}
	cookie, _ := r.Cookie(staffCookie) // there is one: the session was read by it
	ctx, leave := s.streams.join(r.Context(), office.TokenHash(cookie.Value))
	defer leave()
	changes := s.Service.Subscribe(ctx, a)
	select {
	case _, open := <-changes: // a signal can be let go: whether anything has changed is asked first anyhow
		if !open {
			w.Header().Set("Retry-After", RetryAfter)
			http.Error(w, "the server stops", http.StatusServiceUnavailable)
			return
		}
	default:
	}
	e := beginEvents(w, s.times.write)
	defer e.end()
	s.tell(ctx, r, e, topic, changes)
}

// watcher is the member of staff whose page asks.
func (s *Site) watcher(r *http.Request) (office.Actor, error) {
	a, err := s.actor(r, staffCookie)
	if err == nil && a.Account == nil {
		err = ErrSignedOut()
	}
	return a, err
}

// tell sends events until the reader, the session or the server goes away.
func (s *Site) tell(ctx context.Context, r *http.Request, e *events, topic topic, changes <-chan struct{}) {
	signal := false // the first question is whether something changed before the stream began
	for {
		a, err := s.watcher(r)
		if casework.KindOf(err) == casework.NotAllowed {
			_ = e.send("event: over\ndata: session\n\n") // the stream ends anyhow
			return
		}
		if err != nil {
			return // the page comes back and asks again
		}
		changed, err := topic(ctx, a, signal)
		if err != nil {
			return
		}
		text := ": alive\n\n"
		if changed {
			text = "event: news\ndata: changed\n\n"
		}
		if e.send(text) != nil || (changed || signal) && !rest(ctx, s.times.gap) { // also when nothing has changed for this page
			return
		}
		alive := time.NewTimer(s.times.alive)
		select {
		case <-ctx.Done():
			alive.Stop()
			return
		case _, open := <-changes:
			alive.Stop()
			if !open {
				return // the server stops
			}
			signal = true
		case <-alive.C:
			signal = false
		}
	}
}

// rest waits, and reports false when ctx ended before.
func rest(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-t.C:
		return true
	}
}

// topic reports whether what a page shows has changed since it was asked last. signal says that something in
// the actor's scope has.
type topic func(ctx context.Context, a office.Actor, signal bool) (changed bool, err error)

func (s *Site) topicOf(q url.Values) (topic, error) {
	if number := q.Get("matter"); number != "" {
		version, err := strconv.Atoi(q.Get("version"))
		if err != nil {
			return nil, fmt.Errorf("version must be the number of the version that the page shows")
		}
		return s.matterTopic(number, version), nil
	}
	since, err := strconv.ParseInt(q.Get("since"), 10, 64)
	if err != nil {
		return nil, fmt.Errorf("since must be the size of the log when the page was made")
	}
	return s.listTopic(since), nil
}

// listTopic is the worklist: any signal counts. What came between the page and the stream is found by the
// size of the log.
func (s *Site) listTopic(since int64) topic {
	begun := false
	return func(ctx context.Context, _ office.Actor, signal bool) (bool, error) {
		if begun {
			return signal, nil
		}
		begun = true
		size, err := s.Service.Store.Size(ctx)
		return size > since, err
	}
}

// matterTopic is one matter. That it cannot be seen any more is a change too.
func (s *Site) matterTopic(number string, version int) topic {
	begun := false
	return func(ctx context.Context, a office.Actor, signal bool) (bool, error) {
		if begun && !signal {
			return false, nil
		}
		begun = true
		now, err := s.Service.Version(ctx, a, number)
		if err != nil && casework.KindOf(err) != casework.NotFound {
			return false, err
		}
		changed := now != version
		version = now
		return changed, nil
	}
}

// events writes server-sent events past everything that would hold them back.
type events struct {
	w       http.ResponseWriter
	control *http.ResponseController
	limit   time.Duration
}

func beginEvents(w http.ResponseWriter, limit time.Duration) *events {
	h := w.Header()
	h.Set("Content-Type", "text/event-stream; charset=utf-8")
	h.Set("X-Accel-Buffering", "no") // asks a proxy to pass events on at once
	e := &events{w: w, control: http.NewResponseController(w), limit: limit}
	// The server bounds how long a request may take to come in; this one has come in and stays. A writer
	// without deadlines has none to lift.
	_ = e.control.SetReadDeadline(time.Time{})
	w.WriteHeader(http.StatusOK)
	return e
}

func (e *events) send(text string) error {
	_ = e.control.SetWriteDeadline(time.Now().Add(e.limit))
	if _, err := io.WriteString(e.w, text); err != nil {
		return err
	}
	return e.control.Flush()
}

// end leaves the connection as it was: the next request on it may take its own time.
func (e *events) end() { _ = e.control.SetWriteDeadline(time.Time{}) }
