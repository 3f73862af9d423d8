package storetest

import (
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"luoshi/internal/casework"
	"luoshi/internal/ledger"
)

func commitNew(t *testing.T, b *bench) {
	c := lodge(t, 1, spec{title: "调解书"})
	done := b.commit(t, c)
	if done.Index != 0 {
		t.Errorf("index %d of the first entry", done.Index)
	}
	if cp := b.verify(t, c.Entry, done); cp.Size != 1 {
		t.Errorf("checkpoint over %d entries", cp.Size)
	}
	got, err := b.Matter(background(), c.Matter.Number)
	must(t, err)
	if d := cmp.Diff(c.Matter, got); d != "" {
		t.Error(d)
	}
}

func commitVersions(t *testing.T, b *bench) {
	m := b.add(t, spec{})
	first, second := step(t, m, spec{state: "first"}), step(t, m, spec{state: "second"})
	b.commit(t, first)
	_, err := b.Commit(background(), second)
	wantErr(t, err, casework.ErrConflict)
	got, err := b.Matter(background(), m.Number)
	must(t, err)
	if got.State != "first" || got.Version != 2 {
		t.Errorf("state %s at version %d", got.State, got.Version)
	}
	ghost := step(t, &casework.Matter{Number: lodge(t, 99, spec{}).Matter.Number, Version: 1}, spec{})
	_, err = b.Commit(background(), ghost)
	wantErr(t, err, casework.ErrNotFound)
}

func commitTaken(t *testing.T, b *bench) {
	b.commit(t, lodge(t, 1, spec{}))
	_, err := b.Commit(background(), lodge(t, 1, spec{title: "another"}))
	wantErr(t, err, casework.ErrTaken)
}

func commitKey(t *testing.T, b *bench) {
	first := lodge(t, 1, spec{})
	first.Key = hash("key")
	b.commit(t, first)
	second := lodge(t, 2, spec{})
	second.Key = hash("key")
	_, err := b.Commit(background(), second)
	wantErr(t, err, casework.ErrKeyUsed)
	again := lodge(t, 1, spec{}) // key used and number taken: the key is what the caller has to know
	again.Key = hash("key")
	_, err = b.Commit(background(), again)
	wantErr(t, err, casework.ErrKeyUsed)

	e, err := b.EntryByKey(background(), hash("key"))
	must(t, err)
	if e.Act.Matter != first.Matter.Number || e.Commitment != first.Entry.Commitment {
		t.Errorf("the key gives entry %d of %s", e.Act.Seq, e.Act.Matter)
	}
	_, err = b.EntryByKey(background(), hash("unused"))
	wantErr(t, err, casework.ErrNotFound)
}

func commitRefused(t *testing.T, b *bench) {
	m := b.add(t, spec{unit: "u", state: "lodged", title: "original"})
	b.commit(t, step(t, m, spec{title: "original"}))
	before := b.size(t)
	_, err := b.Commit(background(), step(t, m, spec{unit: "elsewhere", state: "other", title: "intruder"}))
	wantErr(t, err, casework.ErrConflict)
	if n := b.size(t); n != before {
		t.Errorf("the log grew to %d", n)
	}
	if got := b.list(t, casework.Query{Scope: everything(t), Tokens: []string{"intruder"}}); len(got) != 0 {
		t.Errorf("the refused title is found: %v", got)
	}
	counts, err := b.Counts(background(), everything(t))
	must(t, err)
	if d := cmp.Diff([]casework.Count{{Unit: "u", Procedure: "alpha@1", State: "lodged", Open: true, N: 1}}, counts); d != "" {
		t.Error(d)
	}
}

func commitRace(t *testing.T, b *bench) {
	for range 10 {
		m := b.add(t, spec{})
		changes := make([]*casework.Change, 8)
		for i := range changes {
			changes[i] = step(t, m, spec{state: fmt.Sprintf("s%d", i)})
		}
		won, errs := b.together(changes)
		winners := 0
		for i, err := range errs {
			switch {
			case err == nil:
				winners++
				b.verify(t, changes[i].Entry, won[i])
			case !errors.Is(err, casework.ErrConflict):
				t.Errorf("a loser is told %v", err)
			}
		}
		if winners != 1 {
			t.Errorf("%d of %d changes of one version won", winners, len(changes))
		}
	}
}

// together commits the changes from as many goroutines.
func (b *bench) together(changes []*casework.Change) ([]casework.Committed, []error) {
	done, errs := make([]casework.Committed, len(changes)), make([]error, len(changes))
	var wg sync.WaitGroup
	for i, c := range changes {
		wg.Go(func() { done[i], errs[i] = b.Commit(background(), c) })
	}
	wg.Wait()
	return done, errs
}

func commitMany(t *testing.T, b *bench) {
	const writers, each = 64, 10
	var mu sync.Mutex
	var wg sync.WaitGroup
	seen := map[int64]ledger.Hash{}
	for w := range writers {
		changes := make([]*casework.Change, each)
		for i := range changes {
			changes[i] = lodge(t, 1+w*each+i, spec{unit: fmt.Sprint("u", w%5)})
		}
		wg.Go(func() {
			for _, c := range changes {
				done, err := b.Commit(background(), c)
				if err != nil {
					t.Errorf("writer %d: %v", w, err)
					return
				}
				b.verify(t, c.Entry, done)
				mu.Lock()
				seen[done.Index] = c.Entry.Commitment
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	stored, err := b.Commitments(background(), 0, writers*each)
	must(t, err)
	if len(stored) != writers*each || len(seen) != writers*each {
		t.Fatalf("%d entries stored, %d answered, want %d", len(stored), len(seen), writers*each)
	}
	for i, c := range stored {
		if seen[int64(i)] != c {
			t.Errorf("leaf %d is not the entry that was answered with it", i)
		}
	}
}

func commitErase(t *testing.T, b *bench) {
	c := lodge(t, 1, spec{title: "secret words"})
	done := b.commit(t, c)
	erased := step(t, c.Matter, spec{ended: true, title: "gone"})
	erased.Matter.Title, erased.Matter.Parties = "", nil
	erased.Erase = []int{1}
	erased.Tokens = casework.SearchTokens(erased.Matter)
	b.commit(t, erased)

	e, err := b.Entry(background(), c.Matter.Number, 1)
	must(t, err)
	if e.ContentBytes != nil || e.ContentSalt != nil || !e.Erased() {
		t.Errorf("content %q, salt %v after erasing", e.ContentBytes, e.ContentSalt)
	}
	if e.Salt != c.Entry.Salt || e.Commitment != c.Entry.Commitment || string(e.ActBytes) != string(c.Entry.ActBytes) {
		t.Error("erasing changed more than the content")
	}
	b.verify(t, e, done)
	if got := b.list(t, casework.Query{Scope: everything(t), Tokens: []string{"secret"}}); len(got) != 0 {
		t.Errorf("erased words are still found: %v", got)
	}
	rows := b.list(t, casework.Query{Scope: everything(t), Order: casework.Newest})
	if len(rows) != 1 || rows[0].Title != "" {
		t.Errorf("rows after erasing: %+v", rows)
	}
}

func (b *bench) size(t testing.TB) int64 {
	t.Helper()
	n, err := b.Size(background())
	must(t, err)
	return n
}
