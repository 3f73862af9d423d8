// Package job runs what happens without anybody asking: recording what falls due for matters by itself, computing
// provisional dates again when days off were published, removing files that nobody handed in, and writing what a full disk held up. It takes its time
// from the service's clock and must never decide anything itself; it calls verbs.
package job

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"slices"
	"time"

	"luoshi/internal/casework"
)

const (
	// batchSize is how many matters are taken at once.
	batchSize = 200
	// breath is the shortest sleep: changes that come one after the other wake the worker together.
	breath = 500 * time.Millisecond
)

// Work records what falls due, at the moment it does, until ctx ends. It sleeps until the next moment at which
// something is to be done, but no longer than every, and looks again when anything has changed.
func Work(ctx context.Context, s *casework.Service, every time.Duration, log *slog.Logger) {
	changes := s.Changes(ctx)
	for ctx.Err() == nil {
		if err := s.MakeUpDisclosures(ctx); err != nil && ctx.Err() == nil {
			log.Error("writing readings that could not be written before", "error", err)
		}
		if n, err := s.DropUploads(ctx); err != nil && ctx.Err() == nil {
			log.Error("removing files that nobody handed in", "error", err)
		} else if n > 0 {
			log.Info("removed files that nobody handed in", "files", n)
		}
		n, next, err := Record(ctx, s)
		if err != nil && ctx.Err() == nil {
			log.Error("recording what fell due", "error", err)
		} else if n > 0 {
			log.Info("recorded what fell due", "entries", n)
		}
		sleep := every
		if !next.IsZero() {
			sleep = min(sleep, next.Sub(s.Now()))
		}
		if !wait(ctx, max(sleep, 0), changes) {
			changes = nil // nobody watches any more
		}
	}
}

// wait sleeps, less long when there is a change. It reports whether changes go on.
func wait(ctx context.Context, sleep time.Duration, changes <-chan struct{}) bool {
	timer := time.NewTimer(sleep)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	case _, more := <-changes:
		if !more {
			return false
		}
		select {
		case <-ctx.Done():
		case <-timer.C:
		case <-time.After(breath):
		}
	}
	return true
}

// Record records everything that has fallen due by now. It answers how many entries it wrote, and when the next
// thing falls due; a zero time says that nothing does.
func Record(ctx context.Context, s *casework.Service) (entries int, next time.Time, err error) {
	renewed, err := renew(ctx, s)
	woken, next, err2 := wake(ctx, s)
	return renewed + woken, next, errors.Join(err, err2)
}

// renew computes provisional dates again for which there is a newer calendar.
func renew(ctx context.Context, s *casework.Service) (entries int, first error) {
	stuck := map[string]bool{} // failed in this round; they must not hold up the others
	for ctx.Err() == nil {
		numbers, err := s.Stale(ctx, batchSize+len(stuck))
		if err != nil {
			return entries, err
		}
		numbers = slices.DeleteFunc(numbers, func(num string) bool { return stuck[num] })
		if len(numbers) == 0 {
			return entries, first
		}
		for num, r := range all(ctx, numbers, s.Recompute) {
			if r.err != nil {
				stuck[num] = true
				first = cmp.Or(first, r.err)
			} else if r.out != nil {
				entries++
			}
		}
	}
	return entries, ctx.Err()
}

// wake records warnings, lapses and ends of retention.
func wake(ctx context.Context, s *casework.Service) (entries int, next time.Time, err error) {
	stuck := map[string]bool{}
	for ctx.Err() == nil {
		rows, err2 := s.Store.Wakes(ctx, batchSize+len(stuck))
		if err2 != nil {
			return entries, next, errors.Join(err, err2)
		}
		var numbers []string
		numbers, next = due(rows, s.Now(), stuck)
		if len(numbers) == 0 {
			return entries, next, err
		}
		for num, r := range all(ctx, numbers, s.Wake) {
			if r.out != nil {
				entries++
				continue
			}
			stuck[num] = true // failed, or another node was first
			err = cmp.Or(err, r.err)
		}
	}
	return entries, next, ctx.Err()
}

// due are those of the rows that have fallen due and can be recorded, and when the first of the others does.
func due(rows []casework.Wake, now time.Time, stuck map[string]bool) (numbers []string, next time.Time) {
	for _, row := range rows {
		if row.At.After(now) {
			return numbers, row.At
		}
		if !stuck[row.Number] {
			numbers = append(numbers, row.Number)
		}
	}
	return numbers, time.Time{}
}

type outcome struct {
	number string
	out    *casework.Outcome
	err    error
}

// all runs a verb for matters side by side, so that they share transactions, and answers the outcome of each.
func all(ctx context.Context, numbers []string, verb func(context.Context, string) (*casework.Outcome, error)) map[string]outcome {
	results := make(chan outcome, len(numbers))
	for _, num := range numbers {
		go func() {
			out, err := verb(ctx, num)
			results <- outcome{num, out, err}
		}()
	}
	outcomes := make(map[string]outcome, len(numbers))
	for range numbers {
		r := <-results
		outcomes[r.number] = r
	}
	return outcomes
}
