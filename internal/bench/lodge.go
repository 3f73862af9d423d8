// Package bench measures a running server from outside, over HTTP, as its users meet it. It prints what it
// measured and judges nothing.
package bench

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// Result is what a run measured. Rate is answers per second; P50 and P99 are milliseconds of the answered
// requests; N is how many were answered.
type Result struct {
	Rate   float64 `json:"rate"`
	P50    float64 `json:"p50_ms"`
	P99    float64 `json:"p99_ms"`
	Errors int     `json:"errors"`
	N      int     `json:"n"`

	FirstError string `json:"first_error,omitempty"`
}

// Lodging is what is sent: the procedure whose example is the body, and how hard.
type Lodging struct {
	URL       string
	Procedure string
	Clients   int
	Duration  time.Duration
}

// Lodge sends lodgings from Clients connections for Duration, each with its own idempotency key, and
// measures from request to whole answer: recorded, durable, receipt with proof.
func Lodge(ctx context.Context, l Lodging) (Result, error) {
	l.URL = strings.TrimRight(l.URL, "/")
	body, err := example(ctx, l.URL, l.Procedure)
	if err != nil {
		return Result{}, err
	}
	client, err := NewClient(l.URL, l.Clients)
	if err != nil {
		return Result{}, err
	}
	defer client.Close()
	return Run(ctx, l.Clients, l.Duration, func(ctx context.Context) error { return lodge(ctx, client, body) })
}

// Run calls f from clients goroutines for d and measures each call.
func Run(ctx context.Context, clients int, d time.Duration, f func(context.Context) error) (Result, error) {
	ctx, cancel := context.WithTimeout(ctx, d)
	defer cancel()
	var mu sync.Mutex
	var times []time.Duration
	var r Result
	var wg sync.WaitGroup
	start := time.Now()
	for range clients {
		wg.Go(func() {
			var own []time.Duration
			for ctx.Err() == nil {
				t := time.Now()
				err := f(context.WithoutCancel(ctx))
				if err == nil {
					own = append(own, time.Since(t))
					continue
				}
				mu.Lock()
				if r.Errors++; r.FirstError == "" {
					r.FirstError = err.Error()
				}
				mu.Unlock()
			}
			mu.Lock()
			times = append(times, own...)
			mu.Unlock()
		})
	}
	wg.Wait()
	took := time.Since(start)
	if len(times) == 0 {
		return r, errors.New("nothing was answered: " + r.FirstError)
	}
	slices.Sort(times)
	r.N, r.Rate = len(times), float64(len(times))/took.Seconds()
	r.P50, r.P99 = ms(times[len(times)/2]), ms(times[len(times)*99/100])
	return r, nil
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// example asks the server for a complete body for lodging.
func example(ctx context.Context, url, procedure string) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url+"/v1/procedures/"+procedure, nil)
	if err != nil {
		return nil, fmt.Errorf("--url: %w", err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, fmt.Errorf("is the server running? %w", err)
	}
	defer resp.Body.Close()
	var p struct {
		Example json.RawMessage `json:"example"`
	}
	if err := json.NewDecoder(resp.Body).Decode(&p); err != nil || p.Example == nil {
		return nil, fmt.Errorf("%s does not answer like a Luoshi server (status %s)", url, resp.Status)
	}
	return p.Example, nil
}

func lodge(ctx context.Context, client *Client, body []byte) error {
	status, answer, err := client.Post(ctx, "/v1/matters", rand.Text(), body)
	if err != nil {
		return err
	}
	if status != http.StatusCreated || !bytes.Contains(answer, []byte(`"proof"`)) {
		return fmt.Errorf("status %d: %.300s", status, answer)
	}
	return nil
}
