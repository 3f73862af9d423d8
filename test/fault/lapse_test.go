package fault_test

import (
	"context"
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"luoshi/internal/casework"
	"luoshi/internal/config"
	"luoshi/internal/job"
	"luoshi/internal/office"
	"luoshi/internal/server"
)

// More clocks than one batch run out while the server was away: warning and lapse of each are recorded once, also
// when two run the job at the same time.
func TestManyLapsesAreRecordedOnceEach(t *testing.T) {
	const matters = 450
	ctx := context.Background()
	file := filepath.Join(t.TempDir(), "luoshi.db")
	furnish(t, file)
	c := config.Default()
	c.DB = "sqlite:" + file
	now := time.Date(2026, 3, 2, 1, 0, 0, 0, time.UTC)
	core, err := server.OpenCore(ctx, c, func() time.Time { return now })
	must(t, err)
	defer core.Close()
	s := core.Service
	var wg sync.WaitGroup
	for i := range matters {
		wg.Go(func() {
			_, err := s.Lodge(ctx, office.Actor{Resident: true}, casework.Lodging{Procedure: "people-mediation", Unit: "t", Title: fmt.Sprint("matter ", i),
				Fields:  map[string]any{"kind": "other", "facts": "f", "request": "r"},
				Parties: []casework.Party{{Role: "applicant", Name: "n"}}}, "")
			if err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if n, _, err := job.Record(ctx, s); n != 0 || err != nil {
		t.Errorf("before any clock ran out %d were recorded (%v)", n, err)
	}
	now = now.AddDate(0, 0, 30)
	counts := make([]int, 2)
	for i := range counts {
		wg.Go(func() {
			n, _, err := job.Record(ctx, s)
			if err != nil {
				t.Error(err)
			}
			counts[i] = n
		})
	}
	wg.Wait()
	if counts[0]+counts[1] != 2*matters {
		t.Errorf("%v were recorded, want %d together", counts, 2*matters)
	}
	if n, _, err := job.Record(ctx, s); n != 0 || err != nil {
		t.Errorf("%d were recorded again (%v)", n, err)
	}
	size, err := s.Store.Size(ctx)
	must(t, err)
	r, err := s.Audit(ctx, nil, core.Key.VerifierKey())
	must(t, err)
	if size != 3*matters || !r.OK {
		t.Errorf("%d entries, audit %v", size, r.Faults)
	}
}
