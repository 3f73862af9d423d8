package main

import (
	"bytes"
	"context"
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

const restoreUsage = `Usage: luoshi restore --db DATABASE [options] FILE
       luoshi restore --check [options] FILE

Fills an empty database of either kind from a backup and audits it. FILE is - for
standard input. A damaged backup is refused before anything is changed. It may be
stopped at any moment, also by kill -9: the same command goes on where it
stopped. Until it has finished, the database cannot be used. A database that holds
this log already is refused, unless it holds the whole backup just as it is.

With --since it also finds out whether entries were acknowledged after the backup
was made, which the restored log has forgotten. Their receipts cannot be verified
in it, so look for a newer backup first; the same command without --since
finishes with what there is.

Options:
  --db DATABASE           sqlite:FILE, a new file, or
                          postgres://USER@HOST:PORT/NAME, an empty database
  --check                 only read FILE to its end and say whether it is whole
  --since FILE            an older signed checkpoint that the log must continue
  --identity FILE         the age identity that opens an encrypted backup
  --passphrase-file FILE  the passphrase of the backup in its first line
  --key VKEY|FILE         a verifier key you trust, for the audit; may repeat
                          (default: those named in the backup; give it yourself
                          when you do not trust whoever kept the backup)
  --despite-faults        finish although the audit finds faults
  --json                  print JSON

Exit codes: 0 restored and sound, 1 something is wrong, 2 misuse.

Examples:
  luoshi restore --db sqlite:restored.db --since newest-checkpoint.txt monday.luoshi
  luoshi restore --db postgres://luoshi@db.example.org:5432/luoshi --identity operator.key monday.luoshi
`

// restoreArguments are the arguments of restore as they were written.
type restoreArguments struct {
	server.RestoreOptions
	keys  []string
	since string
	json  bool
}

// runRestore fills a database from one backup.
func runRestore(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	a := restoreArguments{RestoreOptions: server.RestoreOptions{To: config.Default(), In: stdin}}
	flags := flag.NewFlagSet("restore", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Usage = func() { fmt.Fprint(flags.Output(), restoreUsage) }
	flags.StringVar(&a.To.DB, "db", "", "")
	flags.StringVar(&a.since, "since", "", "")
	flags.StringVar(&a.IdentityFile, "identity", "", "")
	flags.StringVar(&a.PassphraseFile, "passphrase-file", "", "")
	flags.BoolVar(&a.CheckOnly, "check", false, "")
	flags.BoolVar(&a.DespiteFaults, "despite-faults", false, "")
	flags.BoolVar(&a.json, "json", false, "")
	flags.Func("key", "", collect(&a.keys))
	files, code, stop := parseAround(flags, args, stdout)
	if stop {
		return code
	}
	ctx, cancel := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer cancel()
	if err := a.check(files); err != nil {
		return transferEnd("restore", err, stderr)
	}
	shown := newTransferProgress("restore", a.json, stderr)
	a.Progress = shown.show
	r, err := server.Restore(ctx, a.RestoreOptions)
	if err = shown.end(ctx, err); err != nil {
		return transferEnd("restore", err, stderr)
	}
	return a.print(r, stdout, stderr)
}

// check says what is wrong with the arguments, and reads the keys and the older checkpoint.
func (a *restoreArguments) check(files []string) (err error) {
	switch {
	case len(files) == 0:
		return errMisuse{errors.New("name the backup, or - for standard input")}
	case len(files) > 1:
		return errMisuse{fmt.Errorf("unexpected argument %q", files[1])}
	case a.CheckOnly && (a.To.DB != "" || a.since != ""):
		return errMisuse{errors.New("--check touches no database: leave --db and --since out")}
	}
	a.File = files[0]
	if !a.CheckOnly {
		if err := a.To.Check(); err != nil {
			return errMisuse{err}
		}
	}
	if a.VKeys, err = trustedKeys(a.keys); err != nil {
		return errMisuse{err}
	}
	if a.since == "" {
		return nil
	}
	if a.Since, err = os.ReadFile(a.since); err != nil {
		return errMisuse{err}
	}
	if !bytes.Contains(a.Since, []byte("\n\n— ")) {
		return errMisuse{fmt.Errorf("%s is not a signed checkpoint; save one from /log/checkpoint", a.since)}
	}
	return nil
}

func (a *restoreArguments) print(r server.TransferReport, stdout, stderr io.Writer) int {
	if a.CheckOnly {
		r.Finished = true // nothing was begun
		if a.json {
			return transferJSON(r, exitDone, stdout, stderr)
		}
		fmt.Fprintf(stdout, "%s is whole: %d entries of the log %s, %d rows\n", a.File, r.Entries, r.Origin, r.Rows)
		return exitDone
	}
	code := transferCode(r)
	if a.json {
		return transferJSON(r, code, stdout, stderr)
	}
	printAudit(r.Audit, false, stdout)
	if r.Missing > 0 {
		fmt.Fprintf(stderr, "luoshi restore: %d entries that were acknowledged before that checkpoint was signed are missing in this backup.\n"+
			"Look for a newer one. To go on without them, run the same command without --since.\n", r.Missing)
	}
	if !r.Finished {
		if r.Missing == 0 {
			fmt.Fprint(stderr, "luoshi restore: the copy is not sound and cannot be used. --despite-faults finishes the restore with its faults.\n")
		}
		return code
	}
	verb := "restored"
	if r.There {
		verb = "nothing to restore, for the whole backup is there already:"
	}
	fmt.Fprintf(stdout, "%s %d rows in %.1f s: %s\n", verb, r.Rows, r.Seconds, a.To.Shown())
	if _, err := os.Stat(r.KeyFile); err != nil {
		fmt.Fprintf(stdout, "The signing key was not in the backup: put your copy of it into %s (mode 0600) before you serve.\n", r.KeyFile)
	}
	return code
}
