// Command postgres runs another command with a PostgreSQL server for its tests:
//
//	go run ./test/postgres go test ./...
//
// All packages then share one server (LUOSHI_TEST_POSTGRES) instead of starting one each. It ends with the
// command, also when that fails or the terminal says Ctrl-C. If the variable is set already, nothing is started.
package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"syscall"

	"luoshi/internal/store/postgres/pgtest"
)

func main() { os.Exit(run(os.Args[1:])) }

func run(args []string) int {
	if len(args) == 0 {
		fmt.Fprintln(os.Stderr, "postgres: name the command to run, for example: go run ./test/postgres go test ./...")
		return 2
	}
	// Ctrl-C reaches the command too, which ends in its own time: this program waits for it.
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	cmd.Env = os.Environ()
	if os.Getenv(pgtest.Env) == "" {
		c, err := pgtest.Launch()
		if err != nil {
			fmt.Fprintln(os.Stderr, "postgres:", err)
			return 1
		}
		defer c.End()
		cmd.Env = append(cmd.Env, pgtest.Env+"="+c.URL("postgres"))
	}
	if err := cmd.Start(); err != nil {
		fmt.Fprintln(os.Stderr, "postgres:", err)
		return 1
	}
	go pass(signals, cmd.Process)
	err := cmd.Wait()
	if failed := new(exec.ExitError); err != nil && !errors.As(err, &failed) {
		fmt.Fprintln(os.Stderr, "postgres:", err)
	}
	return cmd.ProcessState.ExitCode() & 0xff // ended by a signal: 255
}

// pass hands on what only this program was sent. A terminal sends its own to the whole group.
func pass(signals <-chan os.Signal, to *os.Process) {
	for s := range signals {
		if s != os.Interrupt {
			to.Signal(s) // an error means that it has ended, for which run waits
		}
	}
}
