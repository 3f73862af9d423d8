package main

import (
	"context"
	"crypto/sha256"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"luoshi/internal/casework"
	"luoshi/internal/config"
	"luoshi/internal/server"
)

// runAudit compares audit with SHA-256 over the bytes of the same entries' acts and contents, which is the
// least that any check of them must do.
func runAudit(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("audit", flag.ExitOnError)
	cache := cacheFlag(flags)
	matters := flags.Int("matters", 1_000_000, "in the database")
	rounds := flags.Int("rounds", 1, "how often")
	flags.Parse(args)
	dir, err := fill(ctx, *cache, *matters)
	if err != nil {
		return err
	}
	fmt.Println("| round | | entries | seconds | entries per second |\n|--:|---|--:|--:|--:|")
	var ratios []float64
	for round := range *rounds {
		n, bytes, hashing, err := hashEntries(ctx, dir)
		if err != nil {
			return err
		}
		audit, err := timeAudit(ctx, dir, n)
		if err != nil {
			return err
		}
		for _, r := range []struct {
			what string
			took time.Duration
		}{{fmt.Sprintf("SHA-256 alone, %d MB", bytes>>20), hashing}, {"audit", audit}} {
			fmt.Printf("| %d | %s | %d | %.2f | %.0f |\n", round+1, r.what, n, r.took.Seconds(), float64(n)/r.took.Seconds())
		}
		ratios = append(ratios, audit.Seconds()/hashing.Seconds())
	}
	fmt.Printf("\naudit takes as long as SHA-256, times %s, median %.1f\n", list(ratios), median(ratios))
	return nil
}

func openToRead(ctx context.Context, dir string) (*casework.Service, error) {
	c := config.Default()
	c.DB = "sqlite:" + filepath.Join(dir, "luoshi.db")
	return server.OpenReadOnly(ctx, c, time.Now)
}

// hashEntries times the hashing only: not the reading.
func hashEntries(ctx context.Context, dir string) (n, size int64, took time.Duration, err error) {
	s, err := openToRead(ctx, dir)
	if err != nil {
		return 0, 0, 0, err
	}
	defer s.Store.Close()
	var chunk [][]byte
	hash := func() {
		began := time.Now()
		for _, b := range chunk {
			sha256.Sum256(b)
		}
		took += time.Since(began)
		chunk = chunk[:0]
	}
	err = s.Store.Snapshot(ctx, func(v casework.Snapshot) error {
		return v.Entries(ctx, func(e casework.Stored) error {
			n, size = n+1, size+int64(len(e.ActBytes)+len(e.ContentBytes))
			if chunk = append(chunk, e.ActBytes, e.ContentBytes); len(chunk) >= 20_000 {
				hash()
			}
			return nil
		})
	})
	hash()
	return n, size, took, err
}

func timeAudit(ctx context.Context, dir string, want int64) (time.Duration, error) {
	vkey, err := os.ReadFile(filepath.Join(dir, "luoshi.db.vkey"))
	if err != nil {
		return 0, err
	}
	s, err := openToRead(ctx, dir)
	if err != nil {
		return 0, err
	}
	defer s.Store.Close()
	began := time.Now()
	r, err := s.Audit(ctx, nil, strings.TrimSpace(string(vkey)))
	if err != nil {
		return 0, err
	}
	if !r.OK || r.Entries != want {
		return 0, fmt.Errorf("audit of %d entries is not green: %+v", r.Entries, r.Faults[:min(len(r.Faults), 3)])
	}
	return time.Since(began), nil
}
