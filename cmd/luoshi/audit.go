package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"time"

	"luoshi/internal/casework"
	"luoshi/internal/config"
	"luoshi/internal/server"
)

// runAudit recomputes everything in a database.
func runAudit(args []string, _ io.Reader, stdout, stderr io.Writer) int {
	c := config.Default()
	flags := flag.NewFlagSet("audit", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.StringVar(&c.DB, "db", "", "the `DATABASE`, sqlite:FILE or postgres://USER@HOST:PORT/NAME")
	since := flags.String("since", "", "`FILE` with an older signed checkpoint that the log must continue")
	asJSON := flags.Bool("json", false, "print JSON")
	var keys []string
	flags.Func("key", "a verifier key you trust, `VKEY|FILE`; may repeat (default the SQLite file with .vkey, or NAME.vkey in this folder)", collect(&keys))
	flags.Usage = func() {
		fmt.Fprint(flags.Output(), "Usage: luoshi audit --db DATABASE [--since CHECKPOINT-FILE] [--key VKEY|FILE] [--json]\n\n"+
			"Recomputes entries, leaves, tiles, signed heads, matters, clocks and counts, and names each fault.\n"+
			"Give the key yourself when you do not trust the folder. A running server is not disturbed.\n\n"+postgresHelp+"\nOptions:\n")
		flags.PrintDefaults()
		fmt.Fprint(flags.Output(), "\nExit code: 0 sound, 1 faults found, 2 misuse.\n\nExamples:\n"+
			"  curl -s http://127.0.0.1:8080/log/checkpoint > monday.txt\n  luoshi audit --db sqlite:luoshi.db --since monday.txt\n"+
			"  luoshi audit --db postgres://luoshi@db.example.org:5432/luoshi --key luoshi.vkey\n")
	}
	if code, stop := parseFlags(flags, args, stdout); stop {
		return code
	}
	old, vkeys, err := auditInput(c, flags.Args(), *since, keys)
	var report *casework.AuditReport
	if err == nil {
		report, err = audit(context.Background(), c, old, vkeys, stderr)
	}
	if err != nil {
		fmt.Fprintf(stderr, "luoshi audit: %v\nSee luoshi audit --help.\n", err)
		return exitMisuse
	}
	return printAudit(report, *asJSON, stdout)
}

// auditInput checks the arguments and reads the files they name: the older checkpoint and the keys.
func auditInput(c config.Config, rest []string, since string, keys []string) (old []byte, vkeys []string, err error) {
	if err := c.Check(); err != nil {
		return nil, nil, err
	}
	if len(rest) > 0 {
		return nil, nil, fmt.Errorf("unexpected argument %q", rest[0])
	}
	if path, ok := c.File(); ok {
		if _, err := os.Stat(path); err != nil {
			return nil, nil, fmt.Errorf("there is no database %s that can be read", path)
		}
	}
	if vkeys, err = auditKeys(keys, c.VKeyFile()); err != nil || since == "" {
		return nil, vkeys, err
	}
	if old, err = os.ReadFile(since); err == nil && !bytes.Contains(old, []byte("\n\n— ")) {
		err = fmt.Errorf("%s is not a signed checkpoint; save one from /log/checkpoint", since)
	}
	return old, vkeys, err
}

// auditKeys are the keys given, or the one in its usual place.
func auditKeys(given []string, file string) ([]string, error) {
	if len(given) > 0 {
		return trustedKeys(given)
	}
	b, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("no verifier key: give --key, or put it into %s", file)
	}
	return strings.Fields(string(b)), err
}

// audit opens and audits. What cannot even be read is a fault of the database; a server that does not let us
// in says nothing about it, and is an error.
func audit(ctx context.Context, c config.Config, since []byte, vkeys []string, stderr io.Writer) (*casework.AuditReport, error) {
	s, err := server.OpenReadOnly(ctx, c, time.Now)
	if _, isFile := c.File(); err != nil && !isFile {
		return nil, err
	}
	var report *casework.AuditReport
	if err == nil {
		defer s.Store.Close()
		var to string
		if to, err = server.MovedTo(ctx, s); err == nil {
			warnMoved("audit", to, stderr)
			report, err = s.Audit(ctx, since, vkeys...)
		}
	}
	if err != nil {
		report = &casework.AuditReport{Faults: []casework.Fault{{Kind: "database", Text: err.Error()}}}
	}
	return report, nil
}

func printAudit(r *casework.AuditReport, asJSON bool, w io.Writer) int {
	code := exitDone
	if !r.OK {
		code = exitFault
	}
	if asJSON {
		enc := json.NewEncoder(w)
		enc.SetEscapeHTML(false)
		enc.SetIndent("", "  ")
		enc.Encode(r)
		return code
	}
	for _, f := range r.Faults {
		where := f.Tile
		if f.Matter != "" {
			where = f.Matter
			if f.Entry > 0 {
				where = fmt.Sprintf("%s entry %d", f.Matter, f.Entry)
			}
		}
		fmt.Fprintf(w, "%s\t%s\t%s\n", f.Kind, where, f.Text)
	}
	verdict := "sound"
	if !r.OK {
		verdict = fmt.Sprintf("NOT SOUND: %d faults", len(r.Faults)+r.More)
	}
	files := ""
	if r.Files > 0 {
		files = fmt.Sprintf(", %d files", r.Files)
	}
	fmt.Fprintf(w, "%d entries in %d matters, %d erased%s: %s\n", r.Entries, r.Matters, r.Erased, files, verdict)
	return code
}

// warnMoved says that what a command looked at is not the newest any more, because the log goes on elsewhere.
func warnMoved(command, to string, stderr io.Writer) {
	if to != "" {
		fmt.Fprintf(stderr, "luoshi %s: warning: this log was moved to %s and goes on there; this is the copy that was left behind\n", command, to)
	}
}
