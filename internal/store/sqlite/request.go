package sqlite

import (
	"context"
	"encoding/hex"
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
	limit  int   // more are written at once; tests lower it
	mark   int64 // keys of entries before it are in the table; of the writer alone
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

// take adds keys.
func (r *requests) take(keys map[string]int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	maps.Copy(r.recent, keys)
}

// written forgets the keys, which are in the table up to mark now.
func (r *requests) written(mark int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	clear(r.recent)
	r.mark = mark
}

// loadRequests reads the keys after the mark. The mark is further behind than the writer ever leaves it only
// when entries came another way, from a move; then their keys are written first.
func (c *committer) loadRequests(ctx context.Context) error {
	r, size := &c.store.requests, c.edge.Size()
	r.recent = map[string]int64{}
	for {
		mark, err := c.store.number(ctx, requestMark)
		if err != nil {
			return err
		}
		keys, next, err := c.store.requestsAfter(ctx, mark)
		if err != nil {
			return err
		}
		if len(keys) < r.limit {
			next = size
		}
		if next-mark <= int64(r.limit) && len(keys) < r.limit {
			r.mark = mark
			r.take(keys)
			return nil
		}
		if err := c.transaction(ctx, func() error { return (&batch{c: c}).putRequests(ctx, keys, next) }); err != nil {
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

// requestsAfter reads as many keys as stay in memory, at most, of entries from idx on; next is the index after
// the last of them.
func (s *Store) requestsAfter(ctx context.Context, idx int64) (keys map[string]int64, next int64, err error) {
	rows, err := s.reads["requests-after"].QueryContext(ctx, idx, s.requests.limit)
	if err != nil {
		return nil, 0, mapError(err)
	}
	defer rows.Close()
	keys = map[string]int64{}
	for rows.Next() {
		var key []byte
		if err := rows.Scan(&next, &key); err != nil {
			return nil, 0, err
		}
		keys[string(key)] = next
		next++
	}
	return keys, next, rows.Err()
}

// lookUp finds which keys of the requests are in the table, all at once.
func (w *batch) lookUp(ctx context.Context, reqs []*request) error {
	list := []byte{'['}
	for _, r := range reqs {
		if len(r.parts) > 0 && r.parts[0].change.Key != nil {
			list = append(hex.AppendEncode(append(list, '"'), r.parts[0].change.Key), `",`...)
		}
	}
	if len(list) == 1 {
		return nil
	}
	list[len(list)-1] = ']' // in place of the last comma
	rows, err := w.c.stmts["requests-known"].QueryContext(ctx, string(list))
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var key []byte
		var idx int64
		if err := rows.Scan(&key, &idx); err != nil {
			return err
		}
		w.found[string(key)] = idx
	}
	return rows.Err()
}

// known reports whether a key has an entry, in this transaction or before.
func (w *batch) known(key []byte) bool {
	_, here := w.requests[string(key)]
	_, recent := w.c.store.requests.find(key)
	_, written := w.found[string(key)]
	return here || recent || written
}

// writeRequests writes the keys in memory with those of this batch when they are many or there is time. Where
// entries have no keys the mark moves on all the same, so that the next start need not look through them.
func (w *batch) writeRequests(ctx context.Context) error {
	n := w.c.store.requests.len() + len(w.requests)
	size := w.c.edge.Size() + int64(len(w.leaves))
	behind := size - w.c.store.requests.mark
	if behind == 0 || n < w.c.store.requests.limit && behind < int64(w.c.store.requests.limit) && !(w.flush && n > 0) {
		return nil
	}
	all := maps.Clone(w.requests)
	maps.Copy(all, w.c.store.requests.recent) // the writer alone changes it
	w.requestsWritten = true
	return w.putRequests(ctx, all, size)
}

func (w *batch) putRequests(ctx context.Context, keys map[string]int64, mark int64) error {
	for _, key := range slices.Sorted(maps.Keys(keys)) {
		if err := w.exec(ctx, "request-insert", []byte(key), keys[key]); err != nil {
			return err
		}
	}
	return w.exec(ctx, "meta-put", requestMark, strconv.FormatInt(mark, 10))
}
