// Command measure measures Luoshi: lodging against PocketBase, and how acts, lists, search, audit and start
// behave as a database grows. doc/performance.md says how to run it and what came out.
//
// It prints ratios of things measured in the same run, because rates alone do not carry over to another
// machine. It must never touch a database that it did not make itself, and never measure with less
// durability than the product has.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

type command struct {
	name, summary string
	run           func(ctx context.Context, args []string) error
}

func commands() []command {
	return []command{
		{"lodging", "lodge over HTTP, in turn with PocketBase creating records of the same content", runLodging},
		{"fill", "fill a database and keep it for the others", runFill},
		{"lifecycle", "carry matters from lodging to the end, in a small and a large database in turn", runLifecycle},
		{"reads", "worklist, search and matter answers over HTTP, in a small and a large database", runReads},
		{"pages", "every page over HTTP as those see it who have it, in a small and a large database", runPages},
		{"real", "the desk's pages over published requests of two cities, also while all their time limits run out", runReal},
		{"audit", "audit a database, against SHA-256 over the same bytes", runAudit},
		{"worker", "what the clock worker does when it wakes, with few and with many running clocks", runWorker},
		{"directives", "issue one directive to every township of a province and count up how far it is", runDirectives},
		{"start", "from start of the process to the first answers", runStart},
		{"spike", "a server with the log alone, which lodging starts to know the most that is possible", runSpike},
		{"serve", "the server that the others start in its own process", runServe},
	}
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "measure:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	if len(args) > 0 {
		for _, c := range commands() {
			if c.name == args[0] {
				return c.run(ctx, args[1:])
			}
		}
	}
	for _, c := range commands() {
		fmt.Fprintf(os.Stderr, "  measure %-10s %s\n", c.name, c.summary)
	}
	return errors.New("name what to measure; -h after it shows its options")
}
