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

	erased bool // a content or a file was removed

	reqs   []*request // with changes that were written, in leaf order
	parts  []*part    // their changes
	leaves []tlog.Hash
}

func (w *batch) one(ctx context.Context, r *request) error {
	if r.run != nil {
		return r.run(ctx, w)
	}
	if key := r.parts[0].change.Key; key != nil && w.known(key) {
		return casework.ErrKeyUsed
	}
	for _, p := range r.parts {
		if err := w.free(ctx, p); err != nil {
			return err
		}
	}
	if len(r.parts) > 1 { // one that is refused after another was written would leave that one behind
		for _, p := range r.parts {
			if err := w.refuse(ctx, p); err != nil {
				return err
			}
		}
	}
	for _, p := range r.parts {
		if err := w.write(ctx, p); err != nil {
			return err
		}
		w.parts, w.leaves = append(w.parts, p), append(w.leaves, p.leaf)
	}
	w.reqs = append(w.reqs, r)
	return nil
}

// refuse says what is wrong with a change itself, before anything is written.
func (w *batch) refuse(ctx context.Context, p *part) error {
	have, err := w.version(ctx, p.id)
	switch {
	case err != nil && !(p.change.Expect == 0 && errors.Is(err, casework.ErrNotFound)):
		return err
	case p.change.Expect == 0 && err == nil:
		return casework.ErrTaken
	case have != p.change.Expect:
		return casework.ErrConflict
	}
	return nil
}

// version is that of a stored matter.
func (w *batch) version(ctx context.Context, id int64) (have int, err error) {
	err = w.c.stmts["matter-version"].QueryRowContext(ctx, id).Scan(&have)
	if errors.Is(err, sql.ErrNoRows) {
		err = casework.ErrNotFound
	}
	return have, err
}

func (w *batch) exec(ctx context.Context, name string, args ...any) error {
	_, err := w.c.stmts[name].ExecContext(ctx, args...)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// single runs a statement that writes one row, and answers otherwise when it writes none.
func (w *batch) single(ctx context.Context, otherwise error, name string, args ...any) error {
	r, err := w.c.stmts[name].ExecContext(ctx, args...)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	if n, err := r.RowsAffected(); n == 1 || err != nil {
		return err
	}
	return otherwise
}

// write finds what can be wrong with the change itself by its first statement, so that a refused change leaves
// no trace in the transaction.
func (w *batch) write(ctx context.Context, p *part) error {
	ch := p.change
	put := w.update
	if ch.Expect == 0 {
		put = w.insert
	}
	if err := put(ctx, p); err != nil {
		return err
	}
	if err := w.entry(ctx, p.id, ch); err != nil {
		return err
	}
	if err := w.files(ctx, p); err != nil {
		return err
	}
	w.erased = w.erased || len(ch.Erase) > 0
	for _, seq := range ch.Erase {
		if err := w.exec(ctx, "entry-erase", p.id, seq); err != nil {
			return err
		}
	}
	w.tally.Count(ch)
	w.index(p)
	return nil
}

func bit(b bool) int {
	if b {
		return 1
	}
	return 0
}

func (w *batch) insert(ctx context.Context, p *part) error {
	ch, m := p.change, p.change.Matter
	err := w.exec(ctx, "matter-insert", p.id, m.Procedure, m.State, bit(ch.Open), m.Unit, m.Assignee, m.Version, p.opened, ch.Due, ch.Wake, ch.Provisional, m.EndedAt(), m.LateAt(), m.Title, p.doc)
	var e *driver.Error
	if errors.As(err, &e) && e.Code() == sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY {
		return casework.ErrTaken
	}
	return err
}

// update changes the row only if it has the version that the change was computed from.
func (w *batch) update(ctx context.Context, p *part) error {
	ch, m := p.change, p.change.Matter
	done, err := w.c.stmts["matter-update"].ExecContext(ctx, m.Procedure, m.State, bit(ch.Open), m.Unit, m.Assignee, m.Version, ch.Due, ch.Wake, ch.Provisional, m.EndedAt(), m.LateAt(), m.Title, p.doc, p.id, ch.Expect)
	if err != nil {
		return fmt.Errorf("matter-update: %w", err)
	}
	if n, err := done.RowsAffected(); n == 1 || err != nil {
		return err
	}
	if _, err := w.version(ctx, p.id); err != nil {
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
	for _, r := range w.reqs {
		answers[r] = answer{first: first, signed: signed, edge: w.edge}
		first += int64(len(r.parts))
	}
	return nil
}
