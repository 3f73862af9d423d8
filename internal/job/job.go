// Package job runs what happens without anybody asking: recording that a clock ran out. It takes its time
// from the service's clock and must never decide anything itself; it calls verbs.
package job

import (
	"context"
	"log/slog"
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
	for {
		numbers, err := s.Store.Lapsed(ctx, s.Now(), batchSize)
		if err != nil || len(numbers) == 0 {
			return n, err
		}
		touched, err := lapseAll(ctx, s, numbers)
		n += touched
		if err != nil {
			return n, err
		}
		if touched == 0 { // nothing could be done for any of them: do not spin
			return n, nil
		}
	}
}

// lapseAll records them side by side, so that they share transactions.
func lapseAll(ctx context.Context, s *casework.Service, numbers []string) (int, error) {
	type result struct {
		done bool
		err  error
	}
	results := make(chan result, len(numbers))
	for _, num := range numbers {
		go func() {
			out, err := s.Lapse(ctx, num)
			results <- result{out != nil, err}
		}()
	}
	touched := 0
	var first error
	for range numbers {
		r := <-results
		if r.done {
			touched++
		}
		if r.err != nil && first == nil {
			first = r.err
		}
	}
	if ctx.Err() != nil {
		return touched, ctx.Err()
	}
	return touched, first
}
