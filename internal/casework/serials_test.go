package casework

import (
	"context"
	"slices"
	"testing"
	"time"

	"luoshi/internal/number"
)

// giver is a store that only gives serials.
type giver struct {
	Store
	next  int64
	asked []int64
}

func (g *giver) Serials(_ context.Context, _ int, n int64) (int64, error) {
	g.asked = append(g.asked, n)
	g.next += n
	return g.next - n, nil
}

func TestSerialsAreReservedInBlocksThatFollowTheLoad(t *testing.T) {
	g := &giver{next: 1}
	now := time.Date(2026, 3, 2, 1, 0, 0, 0, time.UTC)
	node := func() *Service {
		return &Service{Store: g, Now: func() time.Time { return now }, serials: serials{blocks: map[int]*block{}}}
	}
	a, b := node(), node()
	given := map[string]bool{}
	take := func(s *Service) int {
		t.Helper()
		num, err := s.nextNumber(t.Context(), 2026)
		if err != nil || given[num] {
			t.Fatalf("%s is given twice (%v)", num, err)
		}
		given[num] = true
		_, serial, err := number.Split(num)
		if err != nil {
			t.Fatal(err)
		}
		return serial
	}
	for i := range 5 { // somebody alone with the system
		now = now.Add(2 * time.Second)
		if n := take(a); n != i+1 {
			t.Errorf("serial %d, want %d", n, i+1)
		}
	}
	if want := []int64{1, 1, 1, 1, 1}; !slices.Equal(g.asked, want) {
		t.Errorf("with little to do %v were reserved", g.asked)
	}
	for range 200 { // two nodes under load
		take(a)
		take(b)
		now = now.Add(time.Millisecond)
	}
	if n := slices.Max(g.asked); n != maxBlock || len(g.asked) > 25 {
		t.Errorf("under load %v were reserved", g.asked)
	}
	now = now.Add(time.Minute)
	for range 2 * maxBlock {
		take(a)
		now = now.Add(2 * time.Second)
	}
	if n := g.asked[len(g.asked)-1]; n != 1 {
		t.Errorf("when the load was over %d were reserved at once", n)
	}
}

// What is left of a block is let go after a while: otherwise a node would give old numbers to new matters.
func TestOldBlocksOfSerialsAreLetGo(t *testing.T) {
	g := &giver{next: 1}
	now := time.Date(2026, 3, 2, 1, 0, 0, 0, time.UTC)
	s := &Service{Store: g, Now: func() time.Time { return now }, serials: serials{blocks: map[int]*block{}}}
	for range 10 { // blocks of 1, 2, 4 and 8, of which five are left
		if _, err := s.nextNumber(t.Context(), 2026); err != nil {
			t.Fatal(err)
		}
	}
	now = now.Add(2 * staleBlock)
	num, err := s.nextNumber(t.Context(), 2026)
	if _, serial, _ := number.Split(num); err != nil || serial != 16 || g.asked[len(g.asked)-1] != 1 {
		t.Errorf("%s, %v, reserved %v", num, err, g.asked)
	}
}
