package sqlite

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"luoshi/internal/casework"
	"luoshi/internal/number"
)

// The full-text index is written for many matters at once: each transaction that writes to it adds a segment
// that must be merged later, which costs more than the words themselves. Until then the writer holds the
// tokens in memory. Nobody notices: a search first has them written. After a crash they are made again from
// the matters, which are found by being newer than the watermark or by a row in search_pending.
const (
	maxPending = 1000                   // matters; more are written at once
	indexDelay = 200 * time.Millisecond // of rest, after which the writer uses its time
	watermark  = "search-watermark"     // setting: every matter up to this row was written once
	tidyDelay  = 20 * time.Millisecond  // between two steps of merging at rest
	tidyPages  = 100                    // of 4 KB, merged in one step
)

// indexing is what the full-text index shall hold for a matter.
type indexing struct {
	tokens  string
	existed bool // the index may hold older tokens, which must go
}

// pendingIndex is what is not in the index yet; owned by the writer.
type pendingIndex struct {
	tokens map[int64]indexing // by row of the matter
	mark   int64
}

// loadPending makes again what a process that died had not written.
func (s *Store) loadPending(ctx context.Context) (pendingIndex, error) {
	p := pendingIndex{tokens: map[int64]indexing{}}
	var err error
	if p.mark, err = s.number(ctx, watermark); err != nil {
		return p, err
	}
	rows, err := s.reads["search-missing"].QueryContext(ctx, p.mark)
	if err != nil {
		return p, mapError(err)
	}
	defer rows.Close()
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id); err != nil {
			return p, err
		}
		m, err := s.Matter(ctx, number.OfID(id))
		if err != nil {
			return p, err
		}
		p.tokens[id] = indexing{strings.Join(casework.SearchTokens(m), " "), true}
	}
	return p, rows.Err()
}

// index notes the tokens of a change. An erasure has them written in its own transaction.
func (w *batch) index(p *part) {
	id, ch := p.id, p.change
	w.flush = w.flush || len(ch.Erase) > 0
	if ch.Tokens == nil {
		return
	}
	existed := ch.Expect != 0
	if earlier, ok := w.search[id]; ok {
		existed = earlier.existed
	} else if earlier, ok := w.c.pending.tokens[id]; ok {
		existed = earlier.existed
	}
	w.search[id] = indexing{p.tokens, existed}
}

// writeIndex writes what is pending with the tokens of this batch, or only notes which matters wait.
func (w *batch) writeIndex(ctx context.Context) error {
	if !w.flush && len(w.c.pending.tokens)+len(w.search) < maxPending {
		return w.notePending(ctx)
	}
	w.flush = true
	all := maps.Clone(w.c.pending.tokens)
	maps.Copy(all, w.search)
	if len(all) == 0 {
		return nil
	}
	// In the order of the rows: FTS5 keeps what is new in memory until the commit only as long as rows
	// ascend, and otherwise writes out a segment for every step back.
	ids := slices.Sorted(maps.Keys(all))
	for _, id := range ids {
		if all[id].existed {
			if err := w.exec(ctx, "search-delete", id); err != nil {
				return err
			}
		}
		if err := w.exec(ctx, "search-insert", id, all[id].tokens); err != nil {
			return err
		}
	}
	w.mark = max(w.c.pending.mark, ids[len(ids)-1])
	if err := w.exec(ctx, "search-pending-clear"); err != nil {
		return err
	}
	return w.exec(ctx, "meta-put", watermark, strconv.FormatInt(w.mark, 10))
}

// notePending keeps the rows that a restart would not find by the watermark.
func (w *batch) notePending(ctx context.Context) error {
	for id, i := range w.search {
		if !i.existed && id > w.c.pending.mark {
			continue
		}
		if err := w.exec(ctx, "search-pending-insert", id); err != nil {
			return err
		}
	}
	return nil
}

// indexed takes over, after the commit, what the batch did to the index.
func (c *committer) indexed(w *batch) {
	if w.flush {
		c.pending.tokens = map[int64]indexing{}
		c.pending.mark = max(c.pending.mark, w.mark)
		c.untidy = true
	} else {
		maps.Copy(c.pending.tokens, w.search)
	}
	c.store.unindexed.Store(int64(len(c.pending.tokens)))
}

// flushIndex has everything pending written. When the disk is full a search goes on with what there is.
func (s *Store) flushIndex(ctx context.Context) error {
	if s.unindexed.Load() == 0 {
		return nil
	}
	err := s.inWriter(ctx, flush)
	if errors.Is(err, casework.ErrFull) || errors.Is(err, errClosed) {
		return nil
	}
	return err
}

// rest is a signal after a while without work, if there is something left to write; nil if not.
func (c *committer) rest() <-chan time.Time {
	switch {
	case len(c.pending.tokens) > 0 || c.store.requests.len() > 0:
		return time.After(indexDelay)
	case c.untidy:
		return time.After(tidyDelay)
	case !c.erased.IsZero():
		return time.After(time.Until(c.erased) + time.Millisecond)
	}
	return nil
}

// tidy has a batch merge a little of the index. Under load every flush adds a segment and sixteen are merged at a
// time, so that a search may have to look into thirty; at rest few are left.
func tidy(ctx context.Context, w *batch) error {
	var before, after int64
	total := w.c.stmts["changes-total"]
	if err := total.QueryRowContext(ctx).Scan(&before); err != nil {
		return err
	}
	if err := w.exec(ctx, "search-merge", tidyPages); err != nil {
		return err
	}
	err := total.QueryRowContext(ctx).Scan(&after)
	w.more = err == nil && after-before >= 2 // FTS5: otherwise there was nothing to merge
	return err
}

// flushRequest asks the writer itself to write what is left.
func flushRequest() *request {
	return &request{answer: make(chan answer, 1), run: flush}
}

// upkeep is what the writer does at rest: first what waits, then merging.
func (c *committer) upkeep() *request {
	if c.untidy && len(c.pending.tokens) == 0 && c.store.requests.len() == 0 {
		c.untidy = false // until it turns out that there is more; a full disk is not asked again and again
		return &request{answer: make(chan answer, 1), run: tidy}
	}
	return flushRequest()
}

// flush has a batch write the index and the idempotency keys.
func flush(_ context.Context, w *batch) error {
	w.flush = true
	return nil
}
