package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"sync/atomic"
	"time"

	"luoshi/internal/casework"
	"luoshi/internal/demo"
	"luoshi/internal/job"
	"luoshi/internal/office"
	"luoshi/internal/server"
	"luoshi/internal/store/postgres/pgtest"

	"golang.org/x/sync/errgroup"
)

// perDay is how many matters are lodged on each simulated day, so that at both sizes equally many fall due at once.
const perDay = 1000

// realDays is how many days are lodged on PostgreSQL. Matters that run out later are copies of a row: what does not
// fall due while it is measured only has to be there, and lodging a million takes long.
const realDays = 7

// looks is how often the worker looks while nothing falls due, in one round.
const looks = 2000

// runWorker measures what the clock worker does each time it wakes, with few and with many running clocks: a look
// while nothing has fallen due, and recording what falls due at one midnight.
func runWorker(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("worker", flag.ExitOnError)
	small := flags.Int("small", 10_000, "running clocks in the small database")
	large := flags.Int("large", 1_000_000, "running clocks in the large database")
	rounds := flags.Int("rounds", 5, "how often each is looked at")
	onPostgres := flags.Bool("postgres", false, "on PostgreSQL")
	flags.Parse(args)
	var cluster *pgtest.Cluster
	if *onPostgres {
		var err error
		if cluster, err = durableCluster(); err != nil {
			return err
		}
		defer cluster.End()
	}
	var offices [2]*running
	for i, n := range []int{*small, *large} {
		r, err := newRunning(ctx, cluster, n)
		if err != nil {
			return err
		}
		defer r.close()
		offices[i] = r
	}
	return compareWorkers(ctx, offices, *rounds)
}

// running is a database in which every matter has a running clock.
type running struct {
	dir   string
	n     int
	core  *server.Core
	clock atomic.Int64 // milliseconds since 1970, simulated
}

// firstDay is a Monday.
func firstDay() time.Time { return time.Date(2026, 3, 2, 1, 0, 0, 0, time.UTC) }

func newRunning(ctx context.Context, cluster *pgtest.Cluster, n int) (*running, error) {
	dir, err := os.MkdirTemp("", "measure-worker-")
	if err != nil {
		return nil, err
	}
	r := &running{dir: dir, n: n}
	address := ""
	if cluster != nil {
		if address, err = newDatabase(ctx, cluster); err != nil {
			return nil, errors.Join(err, os.RemoveAll(dir))
		}
	}
	r.clock.Store(firstDay().UnixMilli())
	r.core, err = openSite(ctx, siteConfig(dir, address), func() time.Time { return time.UnixMilli(r.clock.Load()) })
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	lodged := n
	if cluster != nil {
		lodged = min(n, realDays*perDay)
	}
	err = r.fill(ctx, lodged)
	if err == nil && cluster != nil {
		err = errors.Join(multiply(ctx, address, n-lodged), settle(ctx, address))
	}
	if err != nil {
		return nil, errors.Join(err, r.close())
	}
	return r, nil
}

func (r *running) close() error { return errors.Join(r.core.Close(), os.RemoveAll(r.dir)) }

// fill lodges the matters, a day's share after the other, and sets the clock back to the first day.
func (r *running) fill(ctx context.Context, n int) error {
	began, units := time.Now(), demo.Units()
	var offices []string
	for _, u := range units {
		if u.Kind == "justice-office" {
			offices = append(offices, u.Code)
		}
	}
	for day := 0; day*perDay < n; day++ {
		r.clock.Store(firstDay().AddDate(0, 0, day).UnixMilli())
		g, ctx := errgroup.WithContext(ctx)
		g.SetLimit(writers)
		for i := day * perDay; i < min((day+1)*perDay, n); i++ {
			g.Go(func() error {
				_, err := r.core.Service.Lodge(ctx, office.Actor{System: true}, casework.Lodging{Procedure: "people-mediation", Channel: "api",
					Unit: offices[i%len(offices)], Title: fmt.Sprint("matter ", i), Fields: map[string]any{"kind": "other", "facts": "f", "request": "r"},
					Parties: []casework.Party{{Role: "applicant", Name: "n"}}}, "")
				return err
			})
		}
		if err := g.Wait(); err != nil {
			return err
		}
		if day%10 == 9 {
			fmt.Fprintf(os.Stderr, "\rlodging: %d of %d", (day+1)*perDay, n)
		}
	}
	r.clock.Store(firstDay().UnixMilli())
	fmt.Fprintf(os.Stderr, "\rlodged %d matters in %s\n", n, time.Since(began).Round(time.Second))
	return nil
}

// look is the median time that the worker takes while nothing has fallen due, in microseconds.
func (r *running) look(ctx context.Context) (float64, error) {
	times := make([]float64, looks)
	for i := range times {
		began := time.Now()
		n, next, err := job.Record(ctx, r.core.Service)
		if err != nil || n != 0 || next.IsZero() {
			return 0, fmt.Errorf("%d entries while nothing falls due, the next at %v: %w", n, next, err)
		}
		times[i] = float64(time.Since(began)) / float64(time.Microsecond)
	}
	return median(times), nil
}

// record lets the first day's clocks run out and gives the entries that were written per second.
func (r *running) record(ctx context.Context) (entries int, rate float64, err error) {
	r.clock.Store(firstDay().AddDate(0, 0, 4).UnixMilli())
	began := time.Now()
	entries, _, err = job.Record(ctx, r.core.Service)
	return entries, float64(entries) / time.Since(began).Seconds(), err
}

func compareWorkers(ctx context.Context, offices [2]*running, rounds int) error {
	fmt.Printf("| round | a look with %d running clocks, µs | with %d | ratio |\n|--:|--:|--:|--:|\n", offices[0].n, offices[1].n)
	var ratios []float64
	for round := range rounds {
		var took [2]float64
		for i, r := range offices {
			var err error
			if took[i], err = r.look(ctx); err != nil {
				return err
			}
		}
		ratios = append(ratios, took[1]/took[0])
		fmt.Printf("| %d | %.0f | %.0f | %.2f |\n", round+1, took[0], took[1], took[1]/took[0])
	}
	fmt.Printf("\nlarge against small by round %s, median %.2f\n", list(ratios), median(ratios))
	for _, r := range offices {
		n, rate, err := r.record(ctx)
		if err != nil {
			return err
		}
		fmt.Printf("with %d running clocks: %d entries recorded, %.0f a second\n", r.n, n, rate)
	}
	return nil
}
