package postgres

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"luoshi/internal/casework"
	"luoshi/internal/office"
)

// Two lists may ask at once and take over their answers in the other order.
func TestOlderNewsDoNotReplaceNewer(t *testing.T) {
	text, open := "u1", true
	news := func(size, n, changed int64) []counted {
		return []counted{{size: size, unit: &text, procedure: &text, state: &text, open: &open, n: &n, changed: &changed}}
	}
	var c tally
	c.take(news(0, 7, 0)) // counts that were moved here have changed at 0
	c.take(news(9, 3, 9))
	c.take(news(8, 2, 8))
	c.take([]counted{{size: 12}}) // the log has grown, no count has changed
	if c.known != 12 {
		t.Errorf("known up to %d", c.known)
	}
	want := []casework.Count{{Unit: "u1", Procedure: "u1", State: "u1", Open: true, N: 3}}
	if d := cmp.Diff(want, c.counts.Counts(office.Actor{System: true}.ReadScope(testTree(t)))); d != "" {
		t.Error(d)
	}
}
