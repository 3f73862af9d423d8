package sqlite

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strconv"
	"sync"

	"luoshi/internal/casework"
)

// Where the entry of an idempotency key is, is written for many keys at once, in their order: a key is a hash,
// so that each alone would change a page of its own in every transaction, half of all that is written. Until
// then the keys are in memory, and in their entries from a mark on, where the next start finds them.
const (
	maxRecent   = 8192           // keys; more are written at once
	requestMark = "request-mark" // setting: keys of entries from this index on are not in the table
)

// requests is the keys that are not in the table yet, with the index of their entry. The writer changes it,
// everybody reads.
type requests struct {
	limit  int // more are written at once; tests lower it
	mu     sync.RWMutex
	recent map[string]int64
}

func (r *requests) find(key []byte) (idx int64, ok bool) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	idx, ok = r.recent[string(key)]
	return idx, ok
}

func (r *requests) len() int {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return len(r.recent)
}

// take adds keys, after those before have gone to the table if written says so.
func (r *requests) take(keys map[string]int64, written bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if written {
		clear(r.recent)
		return
	}
	maps.Copy(r.recent, keys)
}

// loadRequests reads the keys after the mark. There are more than fit in memory only when entries came another
// way than by the writer, from a move; then they are written.
func (c *committer) loadRequests(ctx context.Context) error {
	c.store.requests.recent = map[string]int64{}
	for {
		mark, err := c.store.number(ctx, requestMark)
		if err != nil {
			return err
		}
		keys, last, err := c.store.requestsAfter(ctx, mark)
		if err != nil {
			return err
		}
		if len(keys) < c.store.requests.limit {
			c.store.requests.take(keys, false)
			return nil
		}
		if err := c.transaction(ctx, func() error { return (&batch{c: c}).putRequests(ctx, keys, last+1) }); err != nil {
			return err
		}
	}
}

// number reads a setting that is a number; 0 when it is absent.
func (s *Store) number(ctx context.Context, name string) (int64, error) {
	text, err := s.Meta(ctx, name)
	if errors.Is(err, casework.ErrNotFound) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	return strconv.ParseInt(text, 10, 64)
}

// requestsAfter reads as many keys as stay in memory, at most, of entries from idx on.
func (s *Store) requestsAfter(ctx context.Context, idx int64) (keys map[string]int64, last int64, err error) {
	rows, err := s.reads["requests-after"].QueryContext(ctx, idx, s.requests.limit)
	if err != nil {
		return nil, 0, mapError(err)
	}
	defer rows.Close()
	keys = map[string]int64{}
	for rows.Next() {
		var key []byte
		if err := rows.Scan(&last, &key); err != nil {
			return nil, 0, err
		}
		keys[string(key)] = last
	}
	return keys, last, rows.Err()
}

// known reports whether a key has an entry, in this transaction or before.
func (w *batch) known(ctx context.Context, key []byte) (bool, error) {
	if _, ok := w.requests[string(key)]; ok {
		return true, nil
	}
	if _, ok := w.c.store.requests.find(key); ok {
		return true, nil
	}
	var idx int64
	err := mapError(w.c.stmts["request-read"].QueryRowContext(ctx, key).Scan(&idx))
	if errors.Is(err, casework.ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}

// writeRequests writes the keys in memory with those of this batch when they are many or there is time.
func (w *batch) writeRequests(ctx context.Context) error {
	n := w.c.store.requests.len() + len(w.requests)
	if n == 0 || !w.flush && n < w.c.store.requests.limit {
		return nil
	}
	all := maps.Clone(w.requests)
	if all == nil {
		all = map[string]int64{}
	}
	maps.Copy(all, w.c.store.requests.recent) // the writer alone changes it
	w.requestsWritten = true
	return w.putRequests(ctx, all, w.c.edge.Size()+int64(len(w.leaves)))
}

func (w *batch) putRequests(ctx context.Context, keys map[string]int64, mark int64) error {
	for _, key := range slices.Sorted(maps.Keys(keys)) {
		if err := w.exec(ctx, "request-insert", []byte(key), keys[key]); err != nil {
			return err
		}
	}
	return w.exec(ctx, "meta-put", requestMark, strconv.FormatInt(mark, 10))
}
