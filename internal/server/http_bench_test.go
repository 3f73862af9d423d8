package server

import (
	"context"
	"io"
	"log/slog"
	"net/http/httptest"
	"testing"
	"time"

	"luoshi/internal/bench"
)

// BenchmarkLodgeHTTP measures the same over HTTP, with the client in the same process.
func BenchmarkLodgeHTTP(b *testing.B) {
	k := newCore(b)
	h, err := Handler(k, slog.New(slog.NewTextHandler(io.Discard, nil)), nil)
	if err != nil {
		b.Fatal(err)
	}
	srv := httptest.NewServer(h)
	defer srv.Close()
	r, err := bench.Lodge(context.Background(), bench.Lodging{URL: srv.URL, Procedure: "people-mediation", Clients: 64, Duration: 4 * time.Second})
	if err != nil || r.Errors > 0 {
		b.Fatal(err, r)
	}
	b.ReportMetric(r.Rate, "lodgings/s")
	b.ReportMetric(r.P99, "p99-ms")
}
