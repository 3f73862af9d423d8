package postgres

import (
	"luoshi/internal/casework"
	"luoshi/internal/ledger"

	"golang.org/x/mod/sumdb/tlog"
)

// extend appends the batch's leaves to the tree, signs the new head, prepares every answer, which is given only
// after the commit, and works out what to write.
func (w *batch) extend() error {
	if len(w.changes) == 0 {
		return nil
	}
	first, edge := w.edge.Size(), w.edge.Clone()
	leaves := make([]tlog.Hash, len(w.changes))
	changes := make([]*casework.Change, len(w.changes))
	for i, r := range w.changes {
		leaves[i], changes[i] = r.leaf, r.change
	}
	full, err := edge.Append(leaves)
	if err != nil {
		return err
	}
	signed, err := w.c.key.SignCheckpoint(w.c.key.Name(), edge.Size(), edge.Root())
	if err != nil {
		return err
	}
	w.edge, w.signed = edge, signed
	next := first
	for _, r := range w.written {
		w.answers[r] = answer{first: next, signed: signed, edge: edge}
		next += int64(len(r.parts))
	}
	w.news = w.news.Merge(casework.NewsOf(changes...))
	w.matters()
	w.entries(first)
	w.files()
	w.counts()
	w.growth(full)
	return nil
}

func (w *batch) add(name string, args ...any) { w.writes = append(w.writes, statement{name, args}) }

// columns are the lists that a statement writes many matters from.
type columns struct {
	ids                              []int64
	procedures, states, units, names []string
	open                             []bool
	versions                         []int
	opened, dues, wakes, ended, late []int64
	provisional                      []string
	titles, docs                     [][]byte
}

func (l *columns) add(r *part) {
	ch, m := r.change, r.change.Matter
	l.ids, l.opened = append(l.ids, r.id), append(l.opened, r.opened)
	l.procedures, l.states = append(l.procedures, m.Procedure), append(l.states, m.State)
	l.units, l.names = append(l.units, m.Unit), append(l.names, m.Assignee)
	l.open, l.versions = append(l.open, ch.Open), append(l.versions, m.Version)
	l.dues, l.wakes = append(l.dues, ch.Due), append(l.wakes, ch.Wake)
	l.provisional = append(l.provisional, ch.Provisional)
	l.ended, l.late = append(l.ended, m.EndedAt()), append(l.late, m.LateAt())
	l.titles, l.docs = append(l.titles, []byte(m.Title)), append(l.docs, r.doc)
}

// matters writes the rows of new and of changed matters, and the words of both.
func (w *batch) matters() {
	var fresh, old columns
	var ids []int64
	var tokens []string
	for _, r := range w.changes {
		if r.change.Expect == 0 {
			fresh.add(r)
		} else {
			old.add(r)
		}
		if r.change.Tokens != nil {
			ids, tokens = append(ids, r.id), append(tokens, r.tokens)
		}
	}
	if l := fresh; len(l.ids) > 0 {
		w.add("matter-insert", l.ids, l.procedures, l.states, l.open, l.units, l.names, l.versions, l.opened, l.dues, l.wakes, l.provisional, l.ended, l.late, l.titles, l.docs)
	}
	if l := old; len(l.ids) > 0 {
		w.add("matter-update", l.ids, l.procedures, l.states, l.open, l.units, l.names, l.versions, l.dues, l.wakes, l.provisional, l.ended, l.late, l.titles, l.docs)
	}
	if w.words = len(ids); w.words > 0 {
		w.add("search-put", ids, tokens)
	}
}

// entries writes the entries in leaf order, and takes away the content of those that are erased.
func (w *batch) entries(first int64) {
	var idx, matters, erasedOf []int64
	var seqs, erased []int
	var acts, salts, contents, contentSalts, commitments, keys [][]byte
	for i, r := range w.changes {
		e := r.change.Entry
		idx, matters, seqs = append(idx, first+int64(i)), append(matters, r.id), append(seqs, e.Act.Seq)
		acts, salts, commitments = append(acts, e.ActBytes), append(salts, e.Salt[:]), append(commitments, e.Commitment[:])
		contents, keys = append(contents, e.ContentBytes), append(keys, r.change.Key)
		var contentSalt []byte
		if e.ContentSalt != nil {
			contentSalt = e.ContentSalt[:]
		}
		contentSalts = append(contentSalts, contentSalt)
		for _, seq := range r.change.Erase {
			erasedOf, erased = append(erasedOf, r.id), append(erased, seq)
		}
	}
	w.add("entry-insert", idx, matters, seqs, acts, salts, contents, contentSalts, commitments, keys)
	if len(erased) > 0 {
		w.add("entry-erase", erasedOf, erased)
	}
}

func (w *batch) counts() {
	if len(w.tally.Places()) > 0 {
		w.add("tally-add", deltaArgs(w.c.store.log, w.tally, w.edge.Size())[1:]...)
	}
}

// growth writes the tiles that became full, the checkpoint and the new head.
func (w *batch) growth(full []ledger.Tile) {
	var levels []int
	var idx []int64
	var data [][]byte
	for _, t := range full {
		levels, idx, data = append(levels, t.Level), append(idx, t.Index), append(data, t.Data)
	}
	if len(full) > 0 {
		w.add("tile-insert", levels, idx, data)
	}
	w.add("checkpoint-insert", w.edge.Size(), w.signed)
	w.add("log-grow", w.edge.Size())
}
