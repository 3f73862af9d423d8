package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	"luoshi/internal/bench"
	"luoshi/internal/casework"
	"luoshi/internal/office"
)

type lifecycle struct {
	clients  int
	duration time.Duration
}

// acts is how many acts one lifecycle has: lodge, accept, assign, session, agreement, close.
const acts = 6

// runLifecycle carries people's mediations from lodging to the end in a copy of the small and of the large
// database in turn, in this one process and without HTTP.
func runLifecycle(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("lifecycle", flag.ExitOnError)
	var l lifecycle
	cache := cacheFlag(flags)
	small := flags.Int("small", 10_000, "matters in the small database")
	large := flags.Int("large", 1_000_000, "matters in the large database")
	rounds := flags.Int("rounds", 5, "how often each is loaded")
	flags.IntVar(&l.clients, "clients", 64, "lifecycles at once")
	flags.DurationVar(&l.duration, "duration", 3*time.Second, "of one load")
	flags.Parse(args)
	big, err := copied(ctx, *cache, *large)
	if err != nil {
		return err
	}
	defer os.RemoveAll(big)
	fmt.Println("| round | matters | lifecycles per second | acts per second | p50 ms | p99 ms | errors | CPU ms each |\n|--:|--:|--:|--:|--:|--:|--:|--:|")
	var ratios, cpu []float64
	for round := range *rounds {
		// The small database is copied afresh each time, or it would not stay small.
		little, err := copied(ctx, *cache, *small)
		if err != nil {
			return err
		}
		a, err := l.load(ctx, little)
		if err := errors.Join(err, os.RemoveAll(little)); err != nil {
			return err
		}
		b, err := l.load(ctx, big)
		if err != nil {
			return err
		}
		for _, r := range []struct {
			n int
			load
		}{{*small, a}, {*large, b}} {
			fmt.Printf("| %d | %d | %.0f | %.0f | %.1f | %.1f | %d | %.2f |\n", round+1, r.n, r.Rate, acts*r.Rate, r.P50, r.P99, r.Errors, r.cpuEach())
		}
		ratios, cpu = append(ratios, b.Rate/a.Rate), append(cpu, b.cpuEach()/a.cpuEach())
	}
	fmt.Printf("\nlarge against small by round %s, median %.2f; in CPU time %s, median %.2f\n", list(ratios), median(ratios), list(cpu), median(cpu))
	return nil
}

// load opens the database, carries lifecycles through it and closes it again.
func (l *lifecycle) load(ctx context.Context, dir string) (r load, err error) {
	now, err := readClock(dir)
	if err != nil {
		return r, err
	}
	core, err := openSite(ctx, siteConfig(dir, ""), now)
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, core.Close()) }()
	var n atomic.Uint64
	one := func(ctx context.Context) error {
		return carry(ctx, core.Service, rand.New(rand.NewPCG(2, n.Add(1))))
	}
	if _, err := bench.Run(ctx, l.clients, l.duration*2/3, one); err != nil { // warm caches, both alike
		return r, err
	}
	before := cpuTime()
	r.Result, err = bench.Run(ctx, l.clients, l.duration, one)
	r.server = cpuTime() - before
	if r.Errors > 0 {
		err = errors.New(r.FirstError)
	}
	return r, err
}

// carry takes one matter from lodging to the end.
func carry(ctx context.Context, s *casework.Service, d *rand.Rand) error {
	unit := receiver(d, "-justice")
	lodging := casework.Lodging{Procedure: "people-mediation", Unit: unit, Channel: "web", Title: title(d),
		Fields:  map[string]any{"kind": "neighbour", "facts": story(d), "request": wish(d), "place": place(d)},
		Parties: []casework.Party{{Role: "applicant", Name: person(d), Phone: phone(d)}, {Role: "respondent", Name: person(d)}}}
	out, err := s.Lodge(ctx, office.Actor{Resident: true}, lodging, "")
	if err != nil {
		return err
	}
	for _, st := range mediation(handler(unit)) {
		a := office.Actor{Account: s.Staff().Accounts[st.by]}
		st.Version = out.Matter.Version
		if out, err = s.TakeStep(ctx, a, out.Matter.Number, st.StepCommand, ""); err != nil {
			return fmt.Errorf("%s: %w", st.Step, err)
		}
	}
	if out.Matter.Ended == "" {
		return fmt.Errorf("%s has not ended", out.Matter.Number)
	}
	return nil
}

// copied is a new folder with a copy of the kept database, so that what is measured leaves that one as it is.
func copied(ctx context.Context, cache string, n int) (string, error) {
	from, err := fill(ctx, cache, n)
	if err != nil {
		return "", err
	}
	to, err := os.MkdirTemp(cache, "copy-")
	if err != nil {
		return "", err
	}
	entries, err := os.ReadDir(from)
	if err != nil {
		return "", err
	}
	for _, e := range entries {
		if err := copyFile(filepath.Join(from, e.Name()), filepath.Join(to, e.Name())); err != nil {
			return "", err
		}
	}
	return to, nil
}

func copyFile(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Sync(), out.Close())
}
