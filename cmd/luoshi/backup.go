package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/signal"
	"syscall"

	"luoshi/internal/config"
	"luoshi/internal/server"
)

const backupUsage = `Usage: luoshi backup --db DATABASE [options] FILE

Writes everything a database holds, as of one moment, into one compressed file,
from which luoshi restore makes a database of either kind. A running server is
not disturbed. FILE is - for standard output. FILE appears only when it is
whole; while it is written it is called FILE.partial.

The signing key is not in a database and not in the backup: keep a copy of the
key file elsewhere, without which a restored database can be read and audited,
but not go on.

Options:
  --db DATABASE           sqlite:FILE or postgres://USER@HOST:PORT/NAME
  --recipient AGE         encrypt for whoever has this age key (age1…); may repeat
  --recipients-file FILE  the same, one a line
  --passphrase-file FILE  encrypt with the passphrase in the first line of FILE
  --key VKEY|FILE         a verifier key to name in the backup; may repeat
                          (default: FILE.vkey, or NAME.vkey in this folder)
  --force                 replace FILE if it is there
  --json                  print JSON

Exit codes: 0 done, 1 something is wrong, 2 misuse.

Examples:
  luoshi backup --db sqlite:luoshi.db monday.luoshi
  luoshi backup --db postgres://luoshi@db.example.org:5432/luoshi --recipients-file operators.txt monday.luoshi
  luoshi backup --db sqlite:luoshi.db - | ssh vault 'cat > monday.luoshi'
`

// backupArguments are the arguments of backup as they were written.
type backupArguments struct {
	server.BackupOptions
	keys []string
	json bool
}

// runBackup writes one backup.
func runBackup(args []string, _ io.Reader, stdout, stderr io.Writer) int {
	a := backupArguments{BackupOptions: server.BackupOptions{From: config.Default(), Out: stdout, Program: thisBuild().Version}}
	flags := flag.NewFlagSet("backup", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Usage = func() { fmt.Fprint(flags.Output(), backupUsage) }
	flags.StringVar(&a.From.DB, "db", "", "")
	flags.StringVar(&a.RecipientsFile, "recipients-file", "", "")
	flags.StringVar(&a.PassphraseFile, "passphrase-file", "", "")
	flags.BoolVar(&a.Force, "force", false, "")
	flags.BoolVar(&a.json, "json", false, "")
	flags.Func("recipient", "", collect(&a.Recipients))
	flags.Func("key", "", collect(&a.keys))
	files, code, stop := parseAround(flags, args, stdout)
	if stop {
		return code
	}
	ctx, cancel := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer cancel()
	if err := a.check(files); err != nil {
		return transferEnd("backup", err, stderr)
	}
	shown := newTransferProgress("backup", a.json, stderr)
	a.Progress = shown.show
	r, err := server.Backup(ctx, a.BackupOptions)
	if err = shown.end(ctx, err); err != nil {
		return transferEnd("backup", err, stderr)
	}
	return a.print(r, stdout, stderr)
}

// check says what is wrong with the arguments, and reads the keys.
func (a *backupArguments) check(files []string) error {
	switch {
	case a.From.DB == "":
		return errMisuse{errors.New("--db is required")}
	case len(files) == 0:
		return errMisuse{errors.New("name the file to write, or - for standard output")}
	case len(files) > 1:
		return errMisuse{fmt.Errorf("unexpected argument %q", files[1])}
	case a.PassphraseFile != "" && (len(a.Recipients) > 0 || a.RecipientsFile != ""):
		return errMisuse{errors.New("--passphrase-file and recipients exclude each other")}
	}
	a.File = files[0]
	if err := a.From.Check(); err != nil {
		return errMisuse{err}
	}
	var err error
	if a.VKeys, err = auditKeys(a.keys, a.From.VKeyFile()); err != nil && (len(a.keys) > 0 || !a.without()) {
		return errMisuse{err}
	}
	return nil
}

// without reports that no verifier key stands in its usual place. A backup can do without.
func (a *backupArguments) without() bool {
	_, err := os.Stat(a.From.VKeyFile())
	return errors.Is(err, fs.ErrNotExist)
}

// print tells what was written; on standard error when the backup itself goes to standard output.
func (a *backupArguments) print(r server.TransferReport, stdout, stderr io.Writer) int {
	warnMoved("backup", r.MovedTo, stderr)
	out := stdout
	if a.File == "-" {
		out = stderr
	}
	if a.json {
		return transferJSON(r, exitDone, out, stderr)
	}
	how := "not encrypted"
	if r.Encrypted {
		how = "encrypted"
	}
	fmt.Fprintf(out, "%d entries, %d rows in %.1f s, %s: %s\n", r.Entries, r.Rows, r.Seconds, how, a.File)
	fmt.Fprintf(out, "The signing key %s is not inside: keep a copy of it elsewhere.\n", a.From.KeyFile())
	return exitDone
}
