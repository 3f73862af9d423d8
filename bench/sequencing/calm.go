package main

import (
	"context"
	"fmt"
	"os"
	"strings"
	"time"
)

// On a shared machine a run counts when the machine had little else to do right before it and right after it.
const (
	calmShare  = 0.8 // of the processors' time idle
	calmSample = 300 * time.Millisecond
)

// calm reports whether the processors are idle but for little. Where the system does not tell, they are.
func calm(ctx context.Context) bool {
	idle, all, err := processorTime()
	if err != nil {
		return true
	}
	pause(ctx, calmSample)
	idleThen, allThen, err := processorTime()
	return err != nil || allThen == all || (idleThen-idle)/(allThen-all) >= calmShare
}

// awaitCalm waits until the machine is calm, for as long as most, and reports whether it is.
func awaitCalm(ctx context.Context, most time.Duration) bool {
	for until := time.Now().Add(most); ctx.Err() == nil; {
		if calm(ctx) {
			return true
		}
		if time.Now().After(until) {
			break
		}
	}
	return false
}

func pause(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}

// processorTime reads how long all processors have been idle, and the sum of everything, in the system's ticks
// since its start (Linux, proc(5)).
func processorTime() (idle, all float64, err error) {
	b, err := os.ReadFile("/proc/stat")
	if err != nil {
		return 0, 0, err
	}
	line, _, _ := strings.Cut(string(b), "\n")
	for i, field := range strings.Fields(line)[1:] {
		var ticks float64
		if _, err := fmt.Sscan(field, &ticks); err != nil {
			return 0, 0, err
		}
		if i < 8 { // user, nice, system, idle, iowait, irq, softirq, steal; guest times are within user's
			all += ticks
		}
		if i == 3 || i == 4 {
			idle += ticks
		}
	}
	return idle, all, nil
}
