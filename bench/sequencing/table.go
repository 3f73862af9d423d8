package main

import (
	"cmp"
	"fmt"
	"io"
	"slices"
)

// printTable prints the medians over the rounds, and how far the rates lie apart. Other work on the machine only
// takes away, so the highest rate is the one it disturbed least.
func printTable(w io.Writer, cells []*cell) {
	fmt.Fprintln(w, "| nodes | clients | design | per second | lowest to highest | p50 ms | p99 ms | entries per checkpoint | lock / outbox | of the highest |")
	fmt.Fprintln(w, "|--:|--:|---|--:|---|--:|--:|--:|--:|--:|")
	for _, c := range cells {
		fmt.Fprintf(w, "| %d | %d | %s | %.0f | %.0f–%.0f | %.1f | %.1f | %.0f | %s |\n", c.nodes, c.clients, c.design,
			c.median(rate), c.lowest(), c.highest(), c.median(p50), c.median(p99), c.median(each), ratios(c, cells))
	}
}

func rate(f figures) float64 { return f.rate }
func p50(f figures) float64  { return f.p50 }
func p99(f figures) float64  { return f.p99 }
func each(f figures) float64 { return f.each }

func (c *cell) median(of func(figures) float64) float64 {
	var values []float64
	for _, f := range c.rounds {
		values = append(values, of(f))
	}
	return median(values)
}

func median(values []float64) float64 {
	slices.Sort(values)
	n := len(values)
	return (values[(n-1)/2] + values[n/2]) / 2
}

func (c *cell) lowest() float64 {
	return slices.MinFunc(c.rounds, func(a, b figures) int { return cmp.Compare(a.rate, b.rate) }).rate
}

func (c *cell) highest() float64 {
	return slices.MaxFunc(c.rounds, func(a, b figures) int { return cmp.Compare(a.rate, b.rate) }).rate
}

// ratios compares the lock with the outbox of the same nodes and clients, in the row of the lock: the median of
// the rounds' ratios, since in a round the two ran one after the other, and the ratio of the highest rates.
func ratios(c *cell, cells []*cell) string {
	if c.design != designLock {
		return " | "
	}
	for _, other := range cells {
		if other.design != designOutbox || other.nodes != c.nodes || other.clients != c.clients {
			continue
		}
		var byRound []float64
		for i := range c.rounds {
			byRound = append(byRound, c.rounds[i].rate/other.rounds[i].rate)
		}
		return fmt.Sprintf("%.2f | %.2f", median(byRound), c.highest()/other.highest())
	}
	return " | "
}
