package storetest

import (
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"luoshi/internal/casework"
	"luoshi/internal/ledger"
)

// together are changes that are written with the first of them or not at all.
func together(changes ...*casework.Change) *casework.Change {
	changes[0].With = changes[1:]
	return changes[0]
}

func togetherAll(t *testing.T, b *bench) {
	m := b.add(t, spec{unit: "t1", title: "parent"})
	b.next += 2
	c := together(step(t, m, spec{unit: "t1", state: "waiting", title: "parent"}), lodge(t, 2, spec{unit: "t2", title: "firstchild"}),
		lodge(t, 3, spec{unit: "t2", title: "secondchild"}))
	c.Key = hash("key")
	done := b.commit(t, c)
	b.verify(t, c.Entry, done)
	if len(done.With) != 2 || done.Index != 1 {
		t.Fatalf("the answer has index %d and %d parts beside it", done.Index, len(done.With))
	}
	for i, part := range c.With {
		if got := done.With[i]; got.Index != 2+int64(i) || string(got.Checkpoint) != string(done.Checkpoint) {
			t.Errorf("part %d has index %d, and the same checkpoint: %v", i, got.Index, string(got.Checkpoint) == string(done.Checkpoint))
		}
		b.verify(t, part.Entry, done.With[i])
		stored, err := b.Matter(background(), part.Matter.Number)
		must(t, err)
		if d := cmp.Diff(part.Matter, stored); d != "" {
			t.Error(d)
		}
	}
	for words, want := range map[string]string{"firstchild": c.With[0].Matter.Number, "secondchild": c.With[1].Matter.Number} {
		if rows := b.list(t, casework.Query{Scope: everything(t), Tokens: []string{words}}); len(rows) != 1 || rows[0].Number != want {
			t.Errorf("%s finds %v", words, rows)
		}
	}
	if e, err := b.EntryByKey(background(), hash("key")); err != nil || e.Act.Matter != m.Number {
		t.Errorf("the key gives %+v (%v)", e, err)
	}
	b.counted(t, map[string]int64{"t1 waiting": 1, "t2 lodged": 2})
}

// counted compares the counts by unit and state.
func (b *bench) counted(t testing.TB, want map[string]int64) {
	t.Helper()
	counts, err := b.Counts(background(), everything(t))
	must(t, err)
	got := map[string]int64{}
	for _, c := range counts {
		got[c.Unit+" "+c.State] += c.N
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

// togetherRefused puts one part that cannot be written at each place among others that could.
func togetherRefused(t *testing.T, b *bench) {
	m := b.add(t, spec{title: "original"})
	current := step(t, m, spec{state: "second", title: "original"})
	current.Key = hash("used")
	b.commit(t, current)
	for name, c := range map[string]struct {
		bad  func() *casework.Change
		want error
	}{
		"a version that is not the stored one": {func() *casework.Change { return step(t, m, spec{state: "stale", title: "intruder"}) }, casework.ErrConflict},
		"a number that is taken":               {func() *casework.Change { return lodge(t, 1, spec{title: "intruder"}) }, casework.ErrTaken},
		"a matter that is not there": {func() *casework.Change {
			return step(t, &casework.Matter{Number: lodge(t, 99, spec{}).Matter.Number, Version: 1}, spec{title: "intruder"})
		}, casework.ErrNotFound},
	} {
		for place := range 3 {
			parts := []*casework.Change{lodge(t, 50, spec{title: "intruder"}), lodge(t, 51, spec{title: "intruder"})}
			parts = append(parts[:min(place, 2)], append([]*casework.Change{c.bad()}, parts[min(place, 2):]...)...)
			b.leavesNoTrace(t, fmt.Sprintf("%s, as part %d", name, place), together(parts...), c.want)
		}
	}
	used := together(lodge(t, 50, spec{title: "intruder"}), lodge(t, 51, spec{title: "intruder"}))
	used.Key = hash("used")
	b.leavesNoTrace(t, "a key that is used", used, casework.ErrKeyUsed)
}

func (b *bench) leavesNoTrace(t *testing.T, name string, c *casework.Change, want error) {
	t.Helper()
	before := b.size(t)
	if _, err := b.Commit(background(), c); !errors.Is(err, want) {
		t.Errorf("%s: error %v, want %v", name, err, want)
	}
	if n := b.size(t); n != before {
		t.Errorf("%s: the log grew from %d to %d", name, before, n)
	}
	for _, n := range []int{50, 51} {
		if m, err := b.Matter(background(), lodge(t, n, spec{}).Matter.Number); !errors.Is(err, casework.ErrNotFound) {
			t.Errorf("%s: part of it is there: %+v (%v)", name, m, err)
		}
	}
	if rows := b.list(t, casework.Query{Scope: everything(t), Tokens: []string{"intruder"}}); len(rows) != 0 {
		t.Errorf("%s: its words are found: %v", name, rows)
	}
	b.counted(t, map[string]int64{"u second": 1})
}

// togetherMalformed are groups that no store can write in one order.
func togetherMalformed(t *testing.T, b *bench) {
	keyed := lodge(t, 2, spec{})
	keyed.Key = hash("key")
	for name, c := range map[string]*casework.Change{
		"one matter twice": together(lodge(t, 1, spec{}), lodge(t, 1, spec{})),
		"a second key":     together(lodge(t, 1, spec{}), keyed),
		"groups in groups": together(lodge(t, 1, spec{}), together(lodge(t, 2, spec{}), lodge(t, 3, spec{}))),
	} {
		if _, err := b.Commit(background(), c); err == nil {
			t.Errorf("%s was written", name)
		}
	}
	if n := b.size(t); n != 0 {
		t.Errorf("%d entries were written", n)
	}
}

// togetherRace lets groups that share one matter, and changes that share nothing, come at once: of those that
// share it one wins each time, and the others are written all the same.
func togetherRace(t *testing.T, b *bench) {
	const groups, alone = 8, 8
	for range 6 {
		m := b.add(t, spec{})
		var changes []*casework.Change
		for range groups {
			b.next += 2
			changes = append(changes, together(lodge(t, b.next-1, spec{}), step(t, m, spec{state: "won"}), lodge(t, b.next, spec{})))
		}
		for range alone {
			b.next++
			changes = append(changes, lodge(t, b.next, spec{}))
		}
		before := b.size(t)
		done, errs := b.together(changes)
		winners := 0
		for i, err := range errs {
			switch {
			case err == nil:
				b.verifyAll(t, changes[i], done[i])
				if i < groups {
					winners++
				}
			case i >= groups || !errors.Is(err, casework.ErrConflict):
				t.Errorf("change %d is told %v", i, err)
			default:
				if _, err := b.Matter(background(), changes[i].With[1].Matter.Number); !errors.Is(err, casework.ErrNotFound) {
					t.Errorf("part of a group that lost is there (%v)", err)
				}
			}
		}
		if winners != 1 {
			t.Errorf("%d of %d groups won", winners, groups)
		}
		if n := b.size(t); n != before+3+alone {
			t.Errorf("the log grew from %d to %d", before, n)
		}
	}
}

// verifyAll checks the answers of all parts, and that the leaves are theirs.
func (b *bench) verifyAll(t *testing.T, c *casework.Change, done casework.Committed) {
	t.Helper()
	parts, err := c.Parts()
	must(t, err)
	for i, p := range parts {
		answer := done
		if i > 0 {
			answer = done.With[i-1]
		}
		b.verify(t, p.Entry, answer)
		stored, err := b.Commitments(background(), answer.Index, answer.Index+1)
		must(t, err)
		if d := cmp.Diff([]ledger.Hash{p.Entry.Commitment}, stored); d != "" {
			t.Errorf("leaf %d: %s", answer.Index, d)
		}
	}
}
