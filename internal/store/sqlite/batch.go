package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"luoshi/internal/casework"
	"luoshi/internal/ledger"
	"luoshi/internal/store/listing"

	"golang.org/x/mod/sumdb/tlog"
	driver "modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// batch is one transaction of the writer.
type batch struct {
	c      *committer
	edge   *ledger.Edge
	tally  listing.Delta
	search map[int64]indexing // by row of the matter
	flush  bool               // the index is written in this transaction
	more   bool               // of the index is left to merge
	mark   int64              // of the index, once it is written

	found           map[string]int64 // idempotency keys that are in the table, with the index of their entry
	requests        map[string]int64 // those of this transaction
	requestsWritten bool

	reqs   []*request // changes that were written, in leaf order
	leaves []tlog.Hash
}

func (w *batch) one(ctx context.Context, r *request) error {
	if r.run != nil {
		return r.run(ctx, w)
	}
	if err := w.write(ctx, r); err != nil {
		return err
	}
	w.reqs = append(w.reqs, r)
	w.leaves = append(w.leaves, r.leaf)
	return nil
}

func (w *batch) exec(ctx context.Context, name string, args ...any) error {
	_, err := w.c.stmts[name].ExecContext(ctx, args...)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// write finds what can be wrong with the change itself before or by its first statement, so that a refused
// change leaves no trace in the transaction.
func (w *batch) write(ctx context.Context, r *request) error {
	ch, id := r.change, r.id
	if ch.Key != nil && w.known(ch.Key) {
		return casework.ErrKeyUsed
	}
	put := w.update
	if ch.Expect == 0 {
		put = w.insert
	}
	if err := put(ctx, r); err != nil {
		return err
	}
	if err := w.entry(ctx, id, ch); err != nil {
		return err
	}
	for _, seq := range ch.Erase {
		if err := w.exec(ctx, "entry-erase", id, seq); err != nil {
			return err
		}
	}
	w.tally.Count(ch)
	w.index(id, r)
	return nil
}

func bit(b bool) int {
	if b {
		return 1
	}
	return 0
}

func (w *batch) insert(ctx context.Context, r *request) error {
	ch, m := r.change, r.change.Matter
	err := w.exec(ctx, "matter-insert", r.id, m.Procedure, m.State, bit(ch.Open), m.Unit, m.Assignee, m.Version, r.opened, ch.Due, ch.Lapse, m.Title, r.doc)
	var e *driver.Error
	if errors.As(err, &e) && e.Code() == sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY {
		return casework.ErrTaken
	}
	return err
}

// update changes the row only if it has the version that the change was computed from.
func (w *batch) update(ctx context.Context, r *request) error {
	ch, m := r.change, r.change.Matter
	done, err := w.c.stmts["matter-update"].ExecContext(ctx, m.State, bit(ch.Open), m.Unit, m.Assignee, m.Version, ch.Due, ch.Lapse, m.Title, r.doc, r.id, ch.Expect)
	if err != nil {
		return fmt.Errorf("matter-update: %w", err)
	}
	if n, err := done.RowsAffected(); n == 1 || err != nil {
		return err
	}
	var have int
	err = w.c.stmts["matter-version"].QueryRowContext(ctx, r.id).Scan(&have)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return casework.ErrNotFound
	case err != nil:
		return err
	}
	return casework.ErrConflict
}

func (w *batch) entry(ctx context.Context, id int64, ch *casework.Change) error {
	e := ch.Entry
	var contentSalt []byte
	if e.ContentSalt != nil {
		contentSalt = e.ContentSalt[:]
	}
	index := w.c.edge.Size() + int64(len(w.leaves))
	if ch.Key != nil {
		w.requests[string(ch.Key)] = index
	}
	return w.exec(ctx, "entry-insert", index, id, e.Act.Seq, e.ActBytes, e.Salt[:], e.ContentBytes, contentSalt, e.Commitment[:], ch.Key)
}

// seal writes the index, counts, tiles and the checkpoint, and prepares every answer. It runs last in the
// transaction; the answers are given only after the commit.
func (w *batch) seal(ctx context.Context, answers map[*request]answer) error {
	if err := w.writeIndex(ctx); err != nil {
		return err
	}
	if err := w.writeRequests(ctx); err != nil {
		return err
	}
	for _, p := range w.tally.Places() {
		if err := w.exec(ctx, "tally-add", p.Unit, p.Procedure, p.State, p.Open, w.tally[p]); err != nil {
			return err
		}
	}
	if len(w.leaves) == 0 {
		return nil
	}
	first := w.edge.Size()
	full, err := w.edge.Append(w.leaves)
	if err != nil {
		return err
	}
	for _, t := range full {
		if err := w.exec(ctx, "tile-insert", t.Level, t.Index, t.Data); err != nil {
			return err
		}
	}
	signed, err := w.c.key.SignCheckpoint(w.c.key.Name(), w.edge.Size(), w.edge.Root())
	if err != nil {
		return err
	}
	if err := w.exec(ctx, "checkpoint-insert", w.edge.Size(), signed); err != nil {
		return err
	}
	for i, r := range w.reqs {
		answers[r] = answer{done: casework.Committed{Index: first + int64(i), Checkpoint: signed}, edge: w.edge}
	}
	return nil
}
