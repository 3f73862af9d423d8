package casework

import (
	"context"
	"encoding/json"
	"slices"
	"sync"
)

const (
	// maxUnits is how many units news name; of more than that only All is said.
	maxUnits = 256
	// maxNews is how long encoded news may be: PostgreSQL passes on less than 8,000 bytes.
	maxNews = 7000
)

// NewsOf is what committed changes are news of: the units where matters stand now and stood before.
func NewsOf(changes ...*Change) News {
	var n News
	for _, c := range changes {
		n.Units = append(n.Units, c.Matter.Unit)
		if c.Before != nil && c.Before.Unit != c.Matter.Unit {
			n.Units = append(n.Units, c.Before.Unit)
		}
	}
	return n.compact()
}

// compact names every unit once, in order, or none of too many.
func (n News) compact() News {
	slices.Sort(n.Units)
	n.Units = slices.Compact(n.Units)
	if n.All || len(n.Units) > maxUnits {
		n.All, n.Units = true, nil
	}
	return n
}

// Merge is both news in one.
func (n News) Merge(m News) News {
	return News{Units: slices.Concat(n.Units, m.Units), All: n.All || m.All, Staff: n.Staff || m.Staff,
		Procedures: n.Procedures || m.Procedures, Calendars: n.Calendars || m.Calendars}.compact()
}

// Empty reports whether nothing changed.
func (n News) Empty() bool {
	return len(n.Units) == 0 && !n.All && !n.Staff && !n.Procedures && !n.Calendars
}

// Encode writes news as JSON of at most 7,000 bytes; what would be longer becomes All.
func (n News) Encode() string {
	b, err := json.Marshal(n)
	if err != nil || len(b) > maxNews {
		return `{"all":true}`
	}
	return string(b)
}

// DecodeNews reads what Encode wrote. What it cannot read, from another version perhaps, is All.
func DecodeNews(text string) News {
	var n News
	if err := json.Unmarshal([]byte(text), &n); err != nil || n.Empty() {
		return News{All: true}
	}
	return n.compact()
}

// Inbox holds news for one watcher until it has time for them. It takes bounded space, however slow the
// watcher is, and Put never waits for it.
type Inbox struct {
	mu      sync.Mutex
	waiting News
	filled  chan struct{} // holds one signal while something waits
}

// NewInbox makes an inbox in which All waits: what was before is not known.
func NewInbox() *Inbox {
	i := &Inbox{filled: make(chan struct{}, 1)}
	i.Put(News{All: true})
	return i
}

// Put adds news to those that wait.
func (i *Inbox) Put(n News) {
	if n.Empty() {
		return
	}
	i.mu.Lock()
	i.waiting = i.waiting.Merge(n)
	i.mu.Unlock()
	select {
	case i.filled <- struct{}{}:
	default:
	}
}

// Deliver calls f with what has come, one call at a time, until ctx ends; then it answers ctx's error.
func (i *Inbox) Deliver(ctx context.Context, f func(News)) error {
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-i.filled:
		}
		i.mu.Lock()
		n := i.waiting
		i.waiting = News{}
		i.mu.Unlock()
		if ctx.Err() == nil && !n.Empty() {
			f(n)
		}
	}
}
