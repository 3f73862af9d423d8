package server

import (
	"context"
	"sync/atomic"
	"testing"

	"luoshi/internal/office"
)

// BenchmarkLodge measures the verb with its transaction, leaf, checkpoint and proof, without HTTP.
func BenchmarkLodge(b *testing.B) {
	ctx := context.Background()
	k := newCore(b)
	l := exampleLodging(b, k.Service, "people-mediation", "t")
	var failed atomic.Int64
	b.SetParallelism(32)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if _, err := k.Service.Lodge(ctx, office.Actor{Resident: true}, l, ""); err != nil {
				failed.Add(1)
			}
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "lodgings/s")
	if failed.Load() > 0 {
		b.Fatalf("%d failed", failed.Load())
	}
}
