package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"time"

	"luoshi/internal/bench"
)

// runBench measures a running server.
func runBench(args []string, _ io.Reader, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.SetOutput(stderr)
	url := flags.String("url", "http://127.0.0.1:8080", "address of the server, `URL`")
	clients := flags.Int("clients", 64, "connections at once")
	seconds := flags.Float64("seconds", 10, "how long")
	procedure := flags.String("procedure", "people-mediation", "`ID` of the procedure whose example is lodged")
	asJSON := flags.Bool("json", false, "print JSON")
	flags.Usage = func() {
		fmt.Fprint(flags.Output(), "Usage: luoshi bench lodge [--url URL] [--clients N] [--seconds S] [--procedure ID] [--json]\n\n"+
			"Lodges matters as fast as the server answers and measures each answer with its receipt.\n"+
			"The matters stay: use it on a demo or test database only.\n\nOptions:\n")
		flags.PrintDefaults()
		fmt.Fprint(flags.Output(), "\nExample:\n  luoshi bench lodge --url http://127.0.0.1:8080 --clients 64 --seconds 10 --json\n")
	}
	if len(args) > 0 && args[0] == "lodge" {
		args = args[1:]
	} else if len(args) == 0 || args[0] != "--help" && args[0] != "-h" {
		fmt.Fprintln(stderr, "luoshi bench: name what to measure: lodge\nSee luoshi bench --help.")
		return exitMisuse
	}
	if code, stop := parseFlags(flags, args, stdout); stop {
		return code
	}
	if flags.NArg() > 0 || *clients < 1 || *clients > 10_000 || *seconds <= 0 || *seconds > 3600 {
		fmt.Fprintln(stderr, "luoshi bench: 1 to 10000 clients, up to 3600 seconds, no other arguments\nSee luoshi bench --help.")
		return exitMisuse
	}
	r, err := bench.Lodge(context.Background(), bench.Lodging{URL: *url, Procedure: *procedure, Clients: *clients,
		Duration: time.Duration(*seconds * float64(time.Second))})
	if err != nil {
		fmt.Fprintf(stderr, "luoshi bench: %v\n", err)
		return exitFault
	}
	if *asJSON {
		json.NewEncoder(stdout).Encode(r)
	} else {
		fmt.Fprintf(stdout, "%.0f lodgings/s over %d answers, p50 %.1f ms, p99 %.1f ms, %d errors\n", r.Rate, r.N, r.P50, r.P99, r.Errors)
	}
	if r.Errors > 0 {
		fmt.Fprintf(stderr, "luoshi bench: first error: %s\n", r.FirstError)
		return exitFault
	}
	return exitDone
}
