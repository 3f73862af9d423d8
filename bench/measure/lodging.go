package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
	"os"
	"slices"
	"time"

	"luoshi/internal/bench"
	"luoshi/internal/store/postgres/pgtest"
)

type lodging struct {
	pocketbase string
	clients    int
	duration   time.Duration
	rounds     int
	quiet      bool
	spike      bool
	profile    string
	cluster    *pgtest.Cluster // nil: Luoshi on SQLite
}

// runLodging loads Luoshi and PocketBase in turn, each fresh in its own process.
func runLodging(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("lodging", flag.ExitOnError)
	var l lodging
	flags.StringVar(&l.pocketbase, "pocketbase", "", "the `PROGRAM` built from bench/pocketbase; empty: Luoshi alone")
	flags.IntVar(&l.clients, "clients", 64, "connections at once")
	flags.DurationVar(&l.duration, "duration", 10*time.Second, "of one load")
	flags.IntVar(&l.rounds, "rounds", 5, "how often each is loaded")
	flags.BoolVar(&l.quiet, "quiet", false, "PocketBase keeps no log of requests")
	flags.StringVar(&l.profile, "pprof", "", "`ADDRESS` at which Luoshi's server offers profiles")
	flags.BoolVar(&l.spike, "spike", false, "also a server with the log alone")
	onPostgres := flags.Bool("postgres", false, "Luoshi on PostgreSQL, in turn also with bare group commit on it")
	flags.Parse(args)
	if *onPostgres {
		var err error
		if l.cluster, err = durableCluster(); err != nil {
			return err
		}
		defer l.cluster.End()
	}
	return l.rivals(ctx)
}

// rivals loads each in turn and prints the ratios.
func (l *lodging) rivals(ctx context.Context) error {
	var ratios, toBare, toSpike []float64
	fmt.Println("| round | | per second | p50 ms | p99 ms | errors | server CPU µs each | generator CPU µs each |\n|--:|---|--:|--:|--:|--:|--:|--:|")
	for round := range l.rounds {
		ours, body, err := l.luoshi(ctx)
		if err != nil {
			return fmt.Errorf("luoshi: %w", err)
		}
		ours.print(round, "Luoshi")
		if l.cluster != nil {
			bare, err := l.bare(ctx, body)
			if err != nil {
				return fmt.Errorf("bare group commit: %w", err)
			}
			bare.print(round, "bare group commit, no HTTP")
			toBare = append(toBare, ours.Rate/bare.Rate)
		}
		if l.spike {
			bare, err := l.alone(ctx, body)
			if err != nil {
				return fmt.Errorf("spike: %w", err)
			}
			bare.print(round, "the log alone")
			toSpike = append(toSpike, ours.Rate/bare.Rate)
		}
		if l.pocketbase == "" {
			continue
		}
		theirs, err := l.compared(ctx, body)
		if err != nil {
			return fmt.Errorf("PocketBase: %w", err)
		}
		theirs.print(round, "PocketBase, FULL")
		ratios = append(ratios, ours.Rate/theirs.Rate)
	}
	if len(ratios) > 0 {
		fmt.Printf("\nratio by round %s, median %.2f\n", list(ratios), median(ratios))
	}
	if len(toSpike) > 0 {
		fmt.Printf("\nratio to the log alone by round %s, median %.2f\n", list(toSpike), median(toSpike))
	}
	if len(toBare) > 0 {
		fmt.Printf("\nratio to bare group commit by round %s, median %.2f\n", list(toBare), median(toBare))
	}
	return nil
}

// load is what a run measured, and what an answer cost the two processes.
type load struct {
	bench.Result
	server, generator time.Duration // CPU time
}

// cpuEach is the server's milliseconds for one.
func (r load) cpuEach() float64 { return r.server.Seconds() * 1000 / float64(max(r.N, 1)) }

func (r load) print(round int, what string) {
	each := func(d time.Duration) int64 { return d.Microseconds() / int64(max(r.N, 1)) }
	fmt.Printf("| %d | %s | %.0f | %.1f | %.1f | %d | %d | %d |\n", round+1, what, r.Rate, r.P50, r.P99, r.Errors, each(r.server), each(r.generator))
}

func list(ratios []float64) string {
	var b bytes.Buffer
	for i, r := range ratios {
		if i > 0 {
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "%.2f", r)
	}
	return b.String()
}

func median(v []float64) float64 {
	v = slices.Sorted(slices.Values(v))
	n := len(v)
	return (v[(n-1)/2] + v[n/2]) / 2
}

// luoshi lodges into a fresh database; body is what was sent.
func (l *lodging) luoshi(ctx context.Context) (r load, body []byte, err error) {
	dir, err := os.MkdirTemp("", "measure-luoshi-")
	if err != nil {
		return r, nil, err
	}
	defer os.RemoveAll(dir)
	db := ""
	if l.cluster != nil {
		if db, err = newDatabase(ctx, l.cluster); err != nil {
			return r, nil, err
		}
	}
	p, err := startLuoshi(ctx, dir, "--pprof", l.profile, "--db", db)
	if err != nil {
		return r, nil, err
	}
	before := cpuTime()
	r.Result, err = bench.Lodge(ctx, bench.Lodging{URL: p.url, Procedure: "people-mediation", Clients: l.clients, Duration: l.duration})
	r.generator = cpuTime() - before
	if err == nil {
		body, err = exampleOf(ctx, p.url)
	}
	if stopped := p.stop(); err == nil {
		err = stopped
	}
	r.server = p.cpuTime()
	return r, body, err
}

func exampleOf(ctx context.Context, url string) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url+"/v1/procedures/people-mediation", nil)
	if err != nil {
		return nil, err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	var p struct{ Example json.RawMessage }
	err = json.NewDecoder(resp.Body).Decode(&p)
	return p.Example, err
}

// compared creates records with the content of a lodging in PocketBase.
func (l *lodging) compared(ctx context.Context, lodging []byte) (load, error) {
	var record map[string]any
	if err := json.Unmarshal(lodging, &record); err != nil {
		return load{}, err
	}
	record["number"] = "2026-00000000-0"
	body, err := json.Marshal(record)
	if err != nil {
		return load{}, err
	}
	return l.post(ctx, "/api/collections/matters/records", http.StatusOK, body, l.pocketbase, fmt.Sprintf("-quiet=%t", l.quiet), "-dir")
}

// alone posts the same to a server that has the log and nothing else.
func (l *lodging) alone(ctx context.Context, lodging []byte) (load, error) {
	self, err := os.Executable()
	if err != nil {
		return load{}, err
	}
	return l.post(ctx, "/", http.StatusCreated, lodging, self, "spike", "-dir")
}

// post loads a server, started with its own folder as the last argument, with one body.
func (l *lodging) post(ctx context.Context, path string, want int, body []byte, program string, args ...string) (r load, err error) {
	dir, err := os.MkdirTemp("", "measure-other-")
	if err != nil {
		return r, err
	}
	defer os.RemoveAll(dir)
	p, err := start(ctx, program, append(args, dir)...)
	if err != nil {
		return r, err
	}
	client, err := bench.NewClient(p.url, l.clients)
	if err != nil {
		return r, err
	}
	defer client.Close()
	before := cpuTime()
	r.Result, err = bench.Run(ctx, l.clients, l.duration, func(ctx context.Context) error {
		status, answer, err := client.Post(ctx, path, rand.Text(), body)
		if err == nil && status != want {
			err = fmt.Errorf("status %d: %.300s", status, answer)
		}
		return err
	})
	r.generator = cpuTime() - before
	if stopped := p.stop(); err == nil {
		err = stopped
	}
	r.server = p.cpuTime()
	return r, err
}
