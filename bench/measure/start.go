package main

import (
	"context"
	"flag"
	"fmt"
	"net/http"
	"time"
)

// runStart times a server from the start of its process to its first answers.
func runStart(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("start", flag.ExitOnError)
	cache := cacheFlag(flags)
	matters := flags.Int("matters", 1_000_000, "in the database")
	rounds := flags.Int("rounds", 5, "how often")
	flags.Parse(args)
	dir, err := fill(ctx, *cache, *matters)
	if err != nil {
		return err
	}
	fmt.Println("| round | ready ms | health answered ms | worklist answered ms |\n|--:|--:|--:|--:|")
	var whole []float64
	for round := range *rounds {
		p, err := startLuoshi(ctx, dir)
		if err != nil {
			return err
		}
		ready := time.Since(p.began)
		r := &reader{url: p.url, http: http.DefaultClient}
		if err := r.get(ctx, provinceHead, "/healthz", nil); err != nil {
			return err
		}
		health := time.Since(p.began)
		var first page
		if err := r.get(ctx, provinceHead, "/v1/matters", &first); err != nil {
			return err
		}
		worklist := time.Since(p.began)
		if len(first.Items) == 0 {
			return fmt.Errorf("the worklist is empty")
		}
		r.http.CloseIdleConnections()
		if err := p.stop(); err != nil {
			return err
		}
		whole = append(whole, float64(worklist.Milliseconds()))
		fmt.Printf("| %d | %d | %d | %d |\n", round+1, ready.Milliseconds(), health.Milliseconds(), worklist.Milliseconds())
	}
	fmt.Printf("\nto the first worklist, median %.0f ms\n", median(whole))
	return nil
}
