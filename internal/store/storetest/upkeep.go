package storetest

import (
	"slices"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"luoshi/internal/casework"
	"luoshi/internal/ledger"
	"luoshi/internal/number"
)

func countsFollow(t *testing.T, b *bench) {
	check := func(what string, want ...casework.Count) {
		t.Helper()
		got, err := b.Counts(background(), everything(t))
		must(t, err)
		byPlace := cmpopts.SortSlices(func(x, y casework.Count) bool { return x.Unit+x.State < y.Unit+y.State })
		if d := cmp.Diff(want, got, byPlace, cmpopts.EquateEmpty()); d != "" {
			t.Errorf("%s: %s", what, d)
		}
	}
	check("empty")
	count := func(unit, state string, open bool, n int64) casework.Count {
		return casework.Count{Unit: unit, Procedure: "alpha@1", State: state, Open: open, N: n}
	}
	m := b.add(t, spec{unit: "t1"})
	b.add(t, spec{unit: "t1"})
	check("two lodged", count("t1", "lodged", true, 2))
	moved := step(t, m, spec{unit: "t2", state: "handling"})
	b.commit(t, moved)
	check("one referred", count("t1", "lodged", true, 1), count("t2", "handling", true, 1))
	b.commit(t, step(t, moved.Matter, spec{unit: "t2", state: "closed", ended: true}))
	check("one ended", count("t1", "lodged", true, 1), count("t2", "closed", false, 1))
}

func serialsOnce(t *testing.T, b *bench) {
	reserve := func(year int, n, want int64) {
		t.Helper()
		if first, err := b.Serials(background(), year, n); first != want || err != nil {
			t.Errorf("%d serials of %d begin at %d, want %d (%v)", n, year, first, want, err)
		}
	}
	reserve(2026, 1, 1)
	reserve(2026, 5, 2)
	reserve(2026, 1, 7)
	reserve(2025, 3, 1)
	b.commit(t, lodge(t, 41, spec{}))
	b.commit(t, lodge(t, 9, spec{}))
	reserve(2026, 2, 42)
	reserve(2026, 1, 44)
	reserve(2025, 1, 4)
	reserve(2027, 1, 1)

	var mu sync.Mutex
	var wg sync.WaitGroup
	given := map[int64]bool{}
	for range 16 {
		wg.Go(func() {
			first, err := b.Serials(background(), 2028, 4)
			mu.Lock()
			defer mu.Unlock()
			for n := first; n < first+4; n++ {
				if given[n] || err != nil {
					t.Errorf("serial %d is given twice (%v)", n, err)
				}
				given[n] = true
			}
		})
	}
	wg.Wait()
	for n := range int64(64) {
		if !given[n+1] {
			t.Errorf("serial %d was left out", n+1)
		}
	}
	b.commit(t, lodge(t, number.MaxSerial, spec{}))
	reserve(2026, 1, number.MaxSerial+1) // a number with it is refused
}

func snapshot(t *testing.T, b *bench) {
	first := b.add(t, spec{unit: "t1", title: "first", due: dayOne()})
	second := b.add(t, spec{unit: "t2", title: "second"})
	b.commit(t, step(t, first, spec{unit: "t1", state: "closed", ended: true, title: "renamed"}))
	var matters []string
	var byIndex, byMatter []int64
	heads := 0
	err := b.Snapshot(background(), func(v casework.Snapshot) error {
		b.add(t, spec{title: "written meanwhile"})
		must(t, v.Entries(background(), func(e casework.Stored) error {
			byIndex = append(byIndex, e.Index)
			return nil
		}))
		must(t, v.Histories(background(), func(e casework.Stored) error {
			byMatter = append(byMatter, e.Index)
			must(t, e.Decode())
			if e.Act.Matter != e.Number || e.Act.Seq != e.Seq {
				t.Errorf("entry %d of %s is found as %d of %s", e.Act.Seq, e.Act.Matter, e.Seq, e.Number)
			}
			return nil
		}))
		must(t, v.Matters(background(), func(p casework.Projection) error {
			matters = append(matters, p.Row.Number+" "+p.Row.Title+" "+p.Row.State)
			return nil
		}))
		must(t, v.Checkpoints(background(), func(size int64, signed []byte) error {
			heads++
			cp, err := ledger.OpenCheckpoint(signed, b.key.VerifierKey())
			if err == nil && cp.Size != size {
				t.Errorf("a checkpoint over %d entries is stored for %d", cp.Size, size)
			}
			return err
		}))
		counts, err := v.Counts(background())
		must(t, err)
		if len(counts) != 2 {
			t.Errorf("counts %v", counts)
		}
		problems, err := v.Integrity(background())
		if len(problems) > 0 || err != nil {
			t.Errorf("integrity: %v, %v", problems, err)
		}
		return nil
	})
	must(t, err)
	if d := cmp.Diff([]string{first.Number + " renamed closed", second.Number + " second lodged"}, matters); d != "" {
		t.Error(d)
	}
	if !slices.Equal(byIndex, []int64{0, 1, 2}) || !slices.Equal(byMatter, []int64{0, 2, 1}) || heads != 3 {
		t.Errorf("by index %v, by matter %v, %d checkpoints", byIndex, byMatter, heads)
	}
}
