package number

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

func TestAnIDIsTheDigitsOfTheNumber(t *testing.T) {
	if id, err := ID("2026-00000123-X"); id != 202600000123 || err != nil {
		t.Errorf("%d, %v", id, err)
	}
	rapid.Check(t, func(rt *rapid.T) {
		n, year, serial := drawNumber(rt)
		id, err := ID(n)
		if err != nil || OfID(id) != n || id != FirstID(year)+int64(serial) {
			rt.Fatalf("%s has ID %d (%v), which is of %s", n, id, err, OfID(id))
		}
	})
}

func TestWhatIsNoNumberHasNoID(t *testing.T) {
	for _, s := range []string{"", "2026-00000123-1", "2026-00000000-4", "no number"} {
		if id, err := ID(s); err == nil {
			t.Errorf("%q has ID %d", s, id)
		}
	}
	for _, id := range []int64{0, -1, 202600000000, 99900000001, math.MaxInt64, math.MinInt64} {
		if s := OfID(id); s != "" {
			t.Errorf("ID %d is of %s", id, s)
		}
	}
}
