// Package job runs what happens without anybody asking: recording that a clock ran out, and writing what a
// full disk held up. It takes its time from the service's clock and must never decide anything itself; it
// calls verbs.
package job

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"time"

	"luoshi/internal/casework"
)

// batchSize is how many matters with a lapsed clock are taken at once.
const batchSize = 200

// Lapses records the lateness of every clock that has run out, now and then every interval, until ctx ends.
func Lapses(ctx context.Context, s *casework.Service, every time.Duration, log *slog.Logger) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		if err := s.MakeUpDisclosures(ctx); err != nil && ctx.Err() == nil {
			log.Error("writing readings that could not be written before", "error", err)
		}
		if n, err := RecordLapses(ctx, s); err != nil && ctx.Err() == nil {
			log.Error("recording lapsed clocks", "error", err)
		} else if n > 0 {
			log.Info("recorded lapsed clocks", "matters", n)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// RecordLapses records every lapse there is now and answers how many matters it touched.
func RecordLapses(ctx context.Context, s *casework.Service) (int, error) {
	n := 0
	stuck := map[string]bool{} // could not be recorded in this round; they must not hold up the others
	var first error
	for {
		numbers, err := s.Store.Lapsed(ctx, s.Now(), batchSize+len(stuck))
		if err != nil {
			return n, err
		}
		numbers = slices.DeleteFunc(numbers, func(num string) bool { return stuck[num] })
		if len(numbers) == 0 {
			return n, first
		}
		for num, err := range lapseAll(ctx, s, numbers) {
			if err == nil {
				n++
				continue
			}
			stuck[num] = true
			if first == nil && !errors.Is(err, errNothing) {
				first = err
			}
		}
		if ctx.Err() != nil {
			return n, ctx.Err()
		}
	}
}

// errNothing says that there was nothing to record after all.
var errNothing = errors.New("nothing to record")

// lapseAll records them side by side, so that they share transactions, and answers the outcome of each.
func lapseAll(ctx context.Context, s *casework.Service, numbers []string) map[string]error {
	type result struct {
		number string
		err    error
	}
	results := make(chan result, len(numbers))
	for _, num := range numbers {
		go func() {
			out, err := s.Lapse(ctx, num)
			if err == nil && out == nil {
				err = errNothing
			}
			results <- result{num, err}
		}()
	}
	outcomes := make(map[string]error, len(numbers))
	for range numbers {
		r := <-results
		outcomes[r.number] = r.err
	}
	return outcomes
}
