package postgres

import (
	"math"
	"testing"

	"luoshi/internal/number"
)

func TestASpanGrowsToAYearAndStaysPositive(t *testing.T) {
	for _, first := range []int64{1, 300, 5_000_000, number.FirstID(1), math.MaxInt64 / 3} {
		span := first
		for range 100 {
			next := wider(span)
			if next < min(span, number.FirstID(1)) || next > number.FirstID(1) {
				t.Fatalf("from %d: after %d comes %d", first, span, next)
			}
			span = next
		}
		if span != number.FirstID(1) {
			t.Errorf("from %d it stays at %d", first, span)
		}
	}
}
