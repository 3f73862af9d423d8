package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	"luoshi/internal/casework"
	"luoshi/internal/job"
	"luoshi/internal/office"

	"golang.org/x/sync/errgroup"
)

// writers is how many fill at once: many, so that they share transactions.
const writers = 512

// years is the simulated time over which a database is filled.
const years = 3

// filled is the folder of the kept database with n matters.
func filled(cache string, n int) string { return filepath.Join(cache, fmt.Sprintf("matters-%d", n)) }

func cacheFlag(flags *flag.FlagSet) *string {
	return flags.String("cache", filepath.Join(os.TempDir(), "luoshi-measure"), "`FOLDER` in which filled databases are kept")
}

// runFill fills by the verbs, as everybody does, at simulated times.
func runFill(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("fill", flag.ExitOnError)
	cache := cacheFlag(flags)
	matters := flags.Int("matters", 10_000, "how many")
	flags.Parse(args)
	_, err := fill(ctx, *cache, *matters)
	return err
}

// fill answers the folder of a database with n matters, making it when the cache does not have it.
func fill(ctx context.Context, cache string, n int) (string, error) {
	dir := filled(cache, n)
	if _, err := os.Stat(clockFile(dir)); !errors.Is(err, fs.ErrNotExist) {
		return dir, err
	}
	if err := os.RemoveAll(dir); err != nil { // of a filling that was cut off
		return "", err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", err
	}
	f := &filling{n: n, end: time.Now()}
	core, err := openSite(ctx, siteConfig(dir, ""), f.now)
	if err != nil {
		return "", err
	}
	f.service = core.Service
	if err := errors.Join(f.run(ctx), core.Close()); err != nil {
		return "", err
	}
	return dir, writeClock(dir, f.end)
}

type filling struct {
	service *casework.Service
	n       int
	end     time.Time
	clock   atomic.Int64 // milliseconds since 1970, simulated
	done    atomic.Int64
}

func (f *filling) now() time.Time { return time.UnixMilli(f.clock.Load()) }

func (f *filling) run(ctx context.Context) error {
	began := time.Now()
	g, ctx2 := errgroup.WithContext(ctx)
	var next atomic.Int64
	for range writers {
		g.Go(func() error {
			for i := next.Add(1) - 1; i < int64(f.n); i = next.Add(1) - 1 {
				if err := f.matter(ctx2, i); err != nil {
					return err
				}
			}
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	f.clock.Store(f.end.UnixMilli())
	late, _, err := job.Record(ctx, f.service)
	fmt.Fprintf(os.Stderr, "\rfilled %d matters, %d recorded as late, in %s\n", f.n, late, time.Since(began).Round(time.Second))
	return err
}

// matter lodges the i-th matter and carries it on. What becomes of it depends on i alone.
func (f *filling) matter(ctx context.Context, i int64) error {
	begin := f.end.AddDate(-years, 0, 0)
	f.clock.Store(begin.UnixMilli() + f.end.Sub(begin).Milliseconds()*i/int64(f.n))
	d := rand.New(rand.NewPCG(1, uint64(i)))
	out, err := f.service.Lodge(ctx, office.Actor{System: true}, draft(d, f.n), "")
	if err != nil {
		return err
	}
	num := out.Matter.Number
	for _, step := range f.path(d, i, out.Matter) {
		a := office.Actor{Account: f.service.Staff().Accounts[step.by]}
		_, err := f.service.TakeStep(ctx, a, num, step.StepCommand, "")
		if casework.KindOf(err) == casework.NotAllowed {
			break // the other writers let so much time pass that the system has closed it
		}
		if err != nil {
			return fmt.Errorf("%s %s: %w", num, step.Step, err)
		}
	}
	if n := f.done.Add(1); n%10_000 == 0 {
		fmt.Fprintf(os.Stderr, "\rfilling: %d of %d", n, f.n)
	}
	return nil
}

// path draws how far a matter goes: of those from the last half-year about half are open, of older ones a
// fifth. One in six that ended was handled to the end, the others were declined at once.
func (f *filling) path(d *rand.Rand, i int64, m *casework.Matter) []step {
	open := 0.2
	if i > int64(f.n)*(2*years-1)/(2*years) {
		open = 0.55
	}
	whole, decline := handling(m)
	switch r := d.Float64(); {
	case r < open:
		return whole[:min(d.IntN(4), len(whole)-1)]
	case d.IntN(6) == 0:
		return whole
	default:
		return decline
	}
}
