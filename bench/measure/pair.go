package main

import (
	"context"
	"flag"
	"fmt"
	"net/http"
	"time"
)

// pair is a small and a large database of which the same is asked, each served in a process of its own.
type pair struct {
	flags    *flag.FlagSet
	cache    *string
	sizes    [2]*int
	clients  *int
	duration *time.Duration
	profile  *string
	only     *string

	readers []*reader
}

func newPair(name string, of time.Duration) *pair {
	flags := flag.NewFlagSet(name, flag.ExitOnError)
	return &pair{flags: flags, cache: cacheFlag(flags),
		sizes:    [2]*int{flags.Int("small", 10_000, "matters in the small database"), flags.Int("large", 1_000_000, "matters in the large database")},
		clients:  flags.Int("clients", 4, "connections at once"),
		duration: flags.Duration("duration", of, "of one question"),
		profile:  flags.String("pprof", "", "`ADDRESS` at which the large server offers profiles"),
		only:     flags.String("only", "", "ask only the questions with these `WORDS`")}
}

// serve fills and starts both. begin is called with the folder of each, and calls start once. end stops what was started,
// also when something failed.
func (p *pair) serve(ctx context.Context, begin func(ctx context.Context, dir string, start func(more ...string) (*reader, error)) error) (end func(), err error) {
	var running []*process
	end = func() {
		for _, s := range running {
			s.stop()
		}
	}
	for i, n := range p.sizes {
		dir, err := fill(ctx, *p.cache, *n)
		if err != nil {
			return end, err
		}
		start := func(more ...string) (*reader, error) {
			s, err := startLuoshi(ctx, dir, append([]string{"--pprof", []string{"", *p.profile}[i]}, more...)...)
			if err != nil {
				return nil, err
			}
			running = append(running, s)
			p.readers = append(p.readers, newReader(s.url, *p.clients, *p.duration))
			return p.readers[i], nil
		}
		if err := begin(ctx, dir, start); err != nil {
			return end, err
		}
	}
	return end, nil
}

// reader asks one server.
type reader struct {
	clients  int
	duration time.Duration
	url      string
	http     *http.Client
	cookies  map[string]string // of pages, by who; nil: the API is asked, with tokens
}

func newReader(url string, clients int, duration time.Duration) *reader {
	return &reader{clients: clients, duration: duration, url: url, http: &http.Client{Timeout: time.Minute,
		Transport:     &http.Transport{MaxIdleConnsPerHost: clients},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// compare asks every question of the one and then of the other.
func (p *pair) compare(ctx context.Context, questions func(*reader, context.Context) ([]question, error)) error {
	fmt.Println("| question | who | small p50 ms | small p99 ms | large p50 ms | large p99 ms | growth of p50 | growth of p99 |\n|---|---|--:|--:|--:|--:|--:|--:|")
	small, large := p.readers[0], p.readers[1]
	a, err := questions(small, ctx)
	if err != nil {
		return err
	}
	b, err := questions(large, ctx)
	if err != nil {
		return err
	}
	worst := worsts{}
	if len(a) != len(b) {
		return fmt.Errorf("%d questions to the small database and %d to the large one", len(a), len(b))
	}
	for i := range a {
		if *p.only != "" && a[i].what != *p.only {
			continue
		}
		ra, err := small.ask(ctx, a[i])
		if err != nil {
			return err
		}
		rb, err := large.ask(ctx, b[i])
		if err != nil {
			return err
		}
		fmt.Printf("| %s | %s | %.2f | %.2f | %.2f | %.2f | %.2f | %.2f |\n", a[i].what, a[i].who, ra.P50, ra.P99, rb.P50, rb.P99, rb.P50/ra.P50, rb.P99/ra.P99)
		worst.take(a[i], ra.P99, rb.P99)
	}
	worst.print()
	return nil
}
