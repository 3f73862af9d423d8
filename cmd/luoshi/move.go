package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"luoshi/internal/config"
	"luoshi/internal/server"
)

const moveUsage = `Usage: luoshi move --from DATABASE --to DATABASE [options]
       luoshi move --reopen --from DATABASE

Copies a whole log, with everything beside it, into an empty database of either
kind, audits it there, and then closes the source to changes. Receipts stay
valid. It may be stopped at any moment, also by kill -9: the same command goes on
where it stopped. Until it has finished, the target cannot be used. A target that
holds this log already, such as a copy made to try something, is refused: accounts
and readings may have changed since, which the log does not show.

Nobody may write to the source meanwhile. A SQLite file must not be served; on
PostgreSQL the log is held, so that running nodes can be read from and whatever
they want to write waits. Stop them before you start the new place.

The signing key is not in a database and is not moved: copy the key file.

Options:
  --from DATABASE     the source: sqlite:FILE or postgres://USER@HOST:PORT/NAME
  --to DATABASE       the target: a new file, or an empty database that is there
  --key VKEY|FILE     a verifier key you trust, for the audit; may repeat
                      (default: FILE.vkey, or NAME.vkey in this folder)
  --keep-source-open  do not close the source. Only for a copy to try something
                      with: once both have gone on, there are two histories of
                      one log, and receipts of one do not verify in the other.
                      The real move needs another, empty target
  --despite-faults    finish although the audit finds faults, which the source
                      then had too
  --reopen            let a source be written again that was moved away. Only when
                      nothing was ever recorded at the new place
  --json              print JSON

Exit codes: 0 moved and sound, 1 something is wrong, 2 misuse.

Examples:
  luoshi move --from sqlite:luoshi.db --to postgres://luoshi@db.example.org:5432/luoshi
  luoshi move --from postgres://luoshi@db.example.org:5432/luoshi --to sqlite:back.db
`

// moveArguments are the arguments of move as they were written.
type moveArguments struct {
	server.MoveOptions
	keys         []string
	reopen, json bool
}

// runMove moves one log from one database to another.
func runMove(args []string, _ io.Reader, stdout, stderr io.Writer) int {
	a := moveArguments{MoveOptions: server.MoveOptions{From: config.Default(), To: config.Default()}}
	flags := flag.NewFlagSet("move", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Usage = func() { fmt.Fprint(flags.Output(), moveUsage) }
	flags.StringVar(&a.From.DB, "from", "", "")
	flags.StringVar(&a.To.DB, "to", "", "")
	flags.BoolVar(&a.KeepSourceOpen, "keep-source-open", false, "")
	flags.BoolVar(&a.DespiteFaults, "despite-faults", false, "")
	flags.BoolVar(&a.reopen, "reopen", false, "")
	flags.BoolVar(&a.json, "json", false, "")
	flags.Func("key", "", collect(&a.keys))
	files, code, stop := parseAround(flags, args, stdout)
	if stop {
		return code
	}
	ctx, cancel := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer cancel()
	err := a.check(files)
	if err == nil && a.reopen {
		err = a.open(ctx, stdout)
	}
	if err != nil || a.reopen {
		return transferEnd("move", err, stderr)
	}
	shown := newTransferProgress("move", a.json, stderr)
	a.Progress = shown.show
	r, err := server.Move(ctx, a.MoveOptions)
	if err = shown.end(ctx, err); err != nil {
		return transferEnd("move", err, stderr)
	}
	return a.print(r, stdout, stderr)
}

// check says what is wrong with the arguments, and reads the keys.
func (a *moveArguments) check(files []string) (err error) {
	switch {
	case len(files) > 0:
		return errMisuse{fmt.Errorf("unexpected argument %q", files[0])}
	case a.From.DB == "" || a.To.DB == "" && !a.reopen:
		return errMisuse{errors.New("--from and --to are required")}
	case a.To.DB != "" && a.reopen:
		return errMisuse{errors.New("--reopen takes --from alone")}
	}
	if err := a.From.Check(); err != nil {
		return errMisuse{fmt.Errorf("--from: %w", err)}
	}
	if a.reopen {
		return nil
	}
	if err := a.To.Check(); err != nil {
		return errMisuse{fmt.Errorf("--to: %w", err)}
	}
	if a.VKeys, err = auditKeys(a.keys, a.From.VKeyFile()); err != nil {
		return errMisuse{err}
	}
	return nil
}

// open lets the source be written again.
func (a *moveArguments) open(ctx context.Context, stdout io.Writer) error {
	if err := server.Reopen(ctx, a.From); err != nil {
		return err
	}
	if a.json {
		return json.NewEncoder(stdout).Encode(map[string]string{"reopened": a.From.Shown()})
	}
	_, err := fmt.Fprintf(stdout, "%s can be written again. The copy that was made of it must not be.\n", a.From.Shown())
	return err
}

func (a *moveArguments) print(r server.TransferReport, stdout, stderr io.Writer) int {
	code := transferCode(r)
	if a.json {
		return transferJSON(r, code, stdout, stderr)
	}
	printAudit(r.Audit, false, stdout)
	if !r.Finished {
		fmt.Fprint(stderr, "luoshi move: the copy is not sound and cannot be used; the source was left as it is. Audit the source: if it\n"+
			"has the same faults, --despite-faults finishes the move with them; otherwise remove the target and begin again.\n")
		return code
	}
	verb := "moved"
	if r.There {
		verb = "was there already:"
	}
	fmt.Fprintf(stdout, "%s %d rows in %.1f s: %s\n", verb, r.Rows, r.Seconds, a.To.Shown())
	if _, err := os.Stat(r.KeyFile); err != nil {
		fmt.Fprintf(stdout, "The signing key is not in a database: copy %s to %s (mode 0600) before you serve the new place.\n", a.From.KeyFile(), r.KeyFile)
	} else {
		fmt.Fprintf(stdout, "The new place is signed with the key file %s, which is there.\n", r.KeyFile)
	}
	if a.KeepSourceOpen {
		fmt.Fprintln(stdout, "The source was left open to changes: do not let both go on with this log.")
		return code
	}
	fmt.Fprintln(stdout, "The source can still be read and audited, but no longer be written.")
	return code
}

// parseAround parses options that may stand before and behind the other arguments, and gives those.
func parseAround(flags *flag.FlagSet, args []string, stdout io.Writer) (rest []string, code int, stop bool) {
	for {
		if code, stop := parseFlags(flags, args, stdout); stop {
			return nil, code, true
		}
		if flags.NArg() == 0 {
			return rest, exitDone, false
		}
		rest, args = append(rest, flags.Arg(0)), flags.Args()[1:]
	}
}

// transferEnd says what went wrong with a move, backup or restore, if anything, and gives the exit code.
func transferEnd(command string, err error, stderr io.Writer) int {
	var misuse errMisuse
	switch {
	case errors.As(err, &misuse):
		fmt.Fprintf(stderr, "luoshi %s: %v\nSee luoshi %s --help.\n", command, misuse.error, command)
		return exitMisuse
	case errors.Is(err, context.Canceled):
		fmt.Fprintf(stderr, "luoshi %s: stopped before the end; run it again to go on\n", command)
		return exitFault
	case err != nil:
		fmt.Fprintf(stderr, "luoshi %s: %v\n", command, err)
		return exitFault
	}
	return exitDone
}

func transferCode(r server.TransferReport) int {
	if !r.Finished || r.Audit != nil && !r.Audit.OK {
		return exitFault
	}
	return exitDone
}

func transferJSON(r server.TransferReport, code int, stdout, stderr io.Writer) int {
	if err := encodeJSON(stdout, r); err != nil {
		fmt.Fprintln(stderr, err)
		return exitFault
	}
	return code
}

// transferProgress is a progress that learns at its first report how much there is.
type transferProgress struct {
	what  string
	quiet bool
	w     io.Writer
	p     *progress
}

func newTransferProgress(what string, quiet bool, w io.Writer) *transferProgress {
	return &transferProgress{what: what, quiet: quiet, w: w}
}

func (t *transferProgress) show(p server.TransferProgress) {
	if t.quiet {
		return
	}
	if t.p == nil && isTerminal(t.w) {
		t.p = newProgress(t.w, t.what, int(p.All))
	} else if t.p == nil {
		t.p = &progress{w: t.w, what: t.what}
	}
	t.p.show(int(p.Rows), int(p.All))
}

// end takes the bar off the screen, and says of err whether it is an interruption: a database has its own words
// for that.
func (t *transferProgress) end(ctx context.Context, err error) error {
	if t.p != nil {
		t.p.end()
	}
	if err != nil && ctx.Err() != nil {
		return ctx.Err()
	}
	return err
}
