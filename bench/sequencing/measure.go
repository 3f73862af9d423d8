package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// cell is one row of the table.
type cell struct {
	design         string
	nodes, clients int
	rounds         []figures
}

// figures are what one run measured.
type figures struct {
	rate     float64 // answers per second
	p50, p99 float64 // milliseconds
	each     float64 // entries under each new checkpoint
}

func (p plan) cells() (cells []*cell) {
	for _, clients := range p.clients {
		cells = append(cells, &cell{design: designBare, nodes: 1, clients: clients})
	}
	for _, nodes := range p.nodes {
		for _, clients := range p.clients {
			for _, design := range []string{designLock, designOutbox} {
				cells = append(cells, &cell{design: design, nodes: nodes, clients: clients})
			}
		}
	}
	return cells
}

// measure runs all cells in turn, round by round, so that what else the machine does meets all of them.
func (p plan) measure(ctx context.Context) error {
	conn, err := connect(ctx, p.url, "public")
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	if err := checkDurable(ctx, conn); err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "luoshi-sequencing-key-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	cells := p.cells()
	for round := range p.rounds {
		for _, c := range cells {
			f, quiet, err := p.undisturbed(ctx, conn, c, filepath.Join(dir, "log.key"))
			if err != nil {
				return fmt.Errorf("%s, %d nodes, %d clients: %w", c.design, c.nodes, c.clients, err)
			}
			c.rounds = append(c.rounds, f)
			fmt.Fprintf(os.Stderr, "round %d  %-22s %d nodes %4d clients  %6.0f per second, p50 %.1f ms, p99 %.1f ms%s\n",
				round+1, c.design, c.nodes, c.clients, f.rate, f.p50, f.p99, map[bool]string{false: ", disturbed"}[quiet])
		}
	}
	printTable(os.Stdout, cells)
	return nil
}

// undisturbed repeats a run while other work on the machine is in its way, as often as the plan allows. It
// reports false when the last try was disturbed too.
func (p plan) undisturbed(ctx context.Context, conn *pgx.Conn, c *cell, key string) (f figures, quiet bool, err error) {
	for range p.tries {
		before := awaitCalm(ctx, p.wait)
		f, quiet, err = p.cell(ctx, conn, c, key)
		if quiet = quiet && before; quiet || err != nil {
			break
		}
	}
	return f, quiet, err
}

// cell is one run in a fresh schema, checked afterwards. Quiet says that the machine was calm when it ended.
func (p plan) cell(ctx context.Context, conn *pgx.Conn, c *cell, key string) (f figures, quiet bool, err error) {
	schema := "luoshi_sequencing_" + strings.ToLower(rand.Text()[:8])
	if err := makeSchema(ctx, conn, schema, c.design); err != nil {
		return f, false, err
	}
	defer func() { err = errors.Join(err, dropSchema(context.WithoutCancel(ctx), conn, schema)) }()
	var configs []nodeConfig
	for i := range c.nodes {
		clients := c.clients / c.nodes
		if i < c.clients%c.nodes {
			clients++
		}
		configs = append(configs, nodeConfig{
			URL: p.url, Schema: schema, Design: c.design, KeyFile: key,
			Node: i, Clients: clients, Warmup: p.warmup, Duration: p.duration,
		})
	}
	results, err := fleet(ctx, configs)
	if err != nil {
		return f, false, err
	}
	quiet = calm(ctx)
	each, err := verify(ctx, conn, c.design, key, results)
	if err != nil {
		return f, false, fmt.Errorf("fast or not, the log is wrong: %w", err)
	}
	f, err = figuresOf(results, p.duration)
	f.each = each
	return f, quiet, err
}

func figuresOf(results []result, d time.Duration) (f figures, err error) {
	var micros []int64
	for _, r := range results {
		for _, a := range r.Answers {
			if a.Counted {
				micros = append(micros, a.Micros)
			}
		}
	}
	if len(micros) == 0 {
		return f, errors.New("nothing was answered")
	}
	slices.Sort(micros)
	at := func(share float64) float64 { return float64(micros[int(share*float64(len(micros)-1))]) / 1000 }
	return figures{rate: float64(len(micros)) / d.Seconds(), p50: at(0.50), p99: at(0.99)}, nil
}
