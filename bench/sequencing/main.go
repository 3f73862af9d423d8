// Command sequencing measures the ways in which several nodes on one PostgreSQL can agree on the order of the
// log: a lock on its head, or an outbox that one elected node puts in order (doc/decisions/0006). Beside them
// stands group commit without a log, the upper limit.
//
// Every node is a process of its own. An answer counts only after its durable commit and with index, inclusion
// proof and signed checkpoint; after each run the whole log is read back and checked, and a run that is wrong
// ends the program. It must never run with less durability than the product has, and never touch a schema that
// it did not make.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "sequencing:", err)
		os.Exit(1)
	}
}

// plan is what to measure.
type plan struct {
	url              string
	nodes, clients   []int
	rounds, tries    int
	warmup, duration time.Duration
	wait             time.Duration // for other work on the machine to end, before each try
}

func run(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("sequencing", flag.ExitOnError)
	p := plan{nodes: []int{1, 3}, clients: []int{64, 256}}
	child := flags.Bool("node", false, "be one node; the program starts these itself")
	flags.StringVar(&p.url, "postgres", "", "`URL` of a database to make a schema in; empty: a private server in a temporary folder")
	flags.Func("nodes", "how many nodes, a `LIST` (default 1,3)", numbers(&p.nodes))
	flags.Func("clients", "how many clients over all nodes, a `LIST` (default 64,256)", numbers(&p.clients))
	flags.IntVar(&p.rounds, "rounds", 3, "how often each is measured, in turn")
	flags.DurationVar(&p.warmup, "warmup", time.Second, "before the measured time")
	flags.DurationVar(&p.duration, "duration", 5*time.Second, "measured time of each run")
	flags.IntVar(&p.tries, "tries", 3, "how often a run is repeated that other work on the machine disturbed")
	flags.DurationVar(&p.wait, "wait", 20*time.Second, "at most, for other work to end before a try")
	flags.Parse(args)
	if p.rounds < 1 || p.tries < 1 {
		return errors.New("at least one round and one try are needed")
	}
	if *child {
		return runNode(ctx, os.Stdin, os.Stdout)
	}
	if p.url == "" {
		c, err := startCluster(ctx)
		if err != nil {
			return err
		}
		defer c.stop()
		p.url = c.url
	}
	return p.measure(ctx)
}

// numbers reads a list such as 1,3 into the variable.
func numbers(list *[]int) func(string) error {
	return func(text string) error {
		*list = nil
		for field := range strings.SplitSeq(text, ",") {
			n, err := strconv.Atoi(field)
			if err != nil || n < 1 {
				return fmt.Errorf("%q is not a number of at least 1", field)
			}
			*list = append(*list, n)
		}
		return nil
	}
}
