package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// A filled database keeps the time at which its filling ended, so that measuring it next week finds the same
// clocks running.

func clockFile(dir string) string { return filepath.Join(dir, "filled-until") }

func writeClock(dir string, t time.Time) error {
	return os.WriteFile(clockFile(dir), []byte(t.UTC().Format(time.RFC3339)), 0o644)
}

// readClock is a clock that begins when the filling ended and goes on from there; the real one when the
// folder was not filled.
func readClock(dir string) (func() time.Time, error) {
	b, err := os.ReadFile(clockFile(dir))
	if errors.Is(err, fs.ErrNotExist) {
		return time.Now, nil
	}
	if err != nil {
		return nil, err
	}
	end, err := time.Parse(time.RFC3339, string(b))
	if err != nil {
		return nil, err
	}
	begin := time.Now()
	return func() time.Time { return end.Add(time.Since(begin)) }, nil
}
