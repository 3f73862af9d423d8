package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"luoshi/internal/casework"
	"luoshi/internal/config"
	"luoshi/internal/server"
)

const migrateHelp = `luoshi migrate: bring running matters under another version of their procedure

Usage:
  luoshi migrate --db DATABASE --from ID@VERSION --to ID@VERSION [--map FILE]
                 [--rehearse] [--plan HASH] [--as LOGIN] [--json]

  --db DATABASE  sqlite:FILE or postgres://USER@HOST:PORT/NAME
  --key FILE     signing key of the log, where it is not in its usual place
  --from, --to   two published versions of one procedure
  --map FILE     which names of the old version became which of the new, and why
                 (see doc/procedures.md); not needed where the new one only adds
  --rehearse     look at every matter and say how many fit, and why the others do
                 not; nothing is written, and on SQLite the server may go on
  --plan HASH    do it only if it is what was rehearsed: the hash that --rehearse
                 printed, over both versions and the mapping
  --as LOGIN     who does it: an account with the role author over everything
  --lang zh|en   language of reasons and findings (en)
  --json         print JSON

Every matter that fits gets an entry with both versions and the reason, which its
parties see. Those that do not fit keep the old version and are listed. It may be
stopped at any moment, also by kill -9: the same command goes on. Only one process
writes to a SQLite file: stop the server before. On PostgreSQL it goes on serving.

Exit code: 0 all fit, 1 some do not or something went wrong, 2 misuse.

Example:
  luoshi migrate --db sqlite:luoshi.db --from petition@1 --to petition@2 --map to-2.yaml --rehearse
`

// migrateOptions are the parsed arguments of `luoshi migrate`.
type migrateOptions struct {
	config                   config.Config
	from, to, file, plan, as string
	lang                     string
	rehearse, json           bool
	mapping                  []byte
}

// runMigrate rehearses a migration and carries it out.
func runMigrate(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	o, err := parseMigrate(args)
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprint(stdout, migrateHelp)
		return exitDone
	}
	if err == nil && o.file != "" {
		o.mapping, err = readDeclaration(o.file, stdin)
	}
	if path, ok := o.config.File(); err == nil && ok {
		_, err = os.Stat(path)
	}
	if err != nil {
		fmt.Fprintf(stderr, "luoshi migrate: %v\nSee luoshi migrate --help.\n", err)
		return exitMisuse
	}
	ctx, cancel := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer cancel()
	r, err := o.run(ctx, stderr)
	if found := casework.Findings(err); len(found) > 0 {
		show := printFindings
		if o.json {
			show = printFindingsJSON
		}
		if err := show(stdout, found, o.lang); err != nil {
			return misuseOr(exitFault, "migrate", err, stderr)
		}
		return exitFault
	}
	if r != nil && (err == nil || r.Migrated > 0) {
		if err := o.print(r, stdout); err != nil {
			return misuseOr(exitFault, "migrate", err, stderr)
		}
	}
	switch e := casework.AsError(err); {
	case err == nil && r.Fit == r.Matters:
		return exitDone
	case err == nil:
		return exitFault
	case ctx.Err() != nil:
		fmt.Fprintln(stderr, "luoshi migrate: stopped before the end; run it again to go on")
		return exitFault
	case e.Kind == casework.Invalid:
		return misuseOr(exitMisuse, "migrate", err, stderr)
	}
	return misuseOr(exitFault, "migrate", err, stderr)
}

func parseMigrate(args []string) (migrateOptions, error) {
	o := migrateOptions{config: config.Default(), lang: "en"}
	flags := flag.NewFlagSet("migrate", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	for name, to := range map[string]*string{"db": &o.config.DB, "key": &o.config.Key, "from": &o.from, "to": &o.to, "map": &o.file,
		"plan": &o.plan, "as": &o.as, "lang": &o.lang} {
		flags.StringVar(to, name, *to, "")
	}
	flags.BoolVar(&o.rehearse, "rehearse", false, "")
	flags.BoolVar(&o.json, "json", false, "")
	if err := flags.Parse(args); err != nil {
		return o, err
	}
	switch {
	case flags.NArg() > 0:
		return o, fmt.Errorf("unexpected argument %q", flags.Arg(0))
	case o.from == "" || o.to == "":
		return o, errors.New("--from and --to are required, for example --from petition@1 --to petition@2")
	case o.lang != "zh" && o.lang != "en":
		return o, fmt.Errorf("--lang is zh or en, not %q", o.lang)
	}
	return o, o.config.Check()
}

// run rehearses, and migrates unless only the rehearsal is wanted.
func (o *migrateOptions) run(ctx context.Context, stderr io.Writer) (*casework.Rehearsal, error) {
	if o.rehearse {
		s, err := server.OpenReadOnly(ctx, o.config, time.Now)
		if err != nil {
			return nil, err
		}
		defer s.Store.Close()
		return o.work(ctx, s, stderr)
	}
	var r *casework.Rehearsal
	err := withCore(ctx, o.config, func(s *casework.Service) (err error) {
		r, err = o.work(ctx, s, stderr)
		return err
	})
	return r, err
}

func (o *migrateOptions) work(ctx context.Context, s *casework.Service, stderr io.Writer) (*casework.Rehearsal, error) {
	a, err := actingAs(s, o.as)
	if err != nil {
		return nil, err
	}
	p, err := s.MigrationPlan(a, o.from, o.to, o.file, o.mapping)
	if err != nil {
		return nil, err
	}
	what := "migrate"
	if o.rehearse {
		what = "rehearse"
	}
	shown := &transferProgress{what: what, quiet: o.json, w: stderr}
	options := casework.MigrationOptions{Progress: func(done, all int64) { shown.show(server.TransferProgress{Rows: done, All: all}) }}
	var r *casework.Rehearsal
	if o.rehearse {
		r, err = s.Rehearse(ctx, a, p, options)
	} else {
		if o.plan == "" {
			o.plan = p.Hash
		}
		r, err = s.Migrate(ctx, a, p, o.plan, options)
	}
	return r, shown.end(ctx, err)
}

func (o *migrateOptions) print(r *casework.Rehearsal, w io.Writer) error {
	if o.json {
		for i := range r.Unfit {
			r.Unfit[i].Message = r.Unfit[i].Text.In(o.lang)
		}
		return encodeJSON(w, r)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%d matters run by %s: %d fit %s, %d do not\n", r.Matters, r.From, r.Fit, r.To, r.Matters-r.Fit)
	for _, u := range r.Unfit {
		fmt.Fprintf(&b, "%8d  %s: %s (%s)\n", u.Matters, u.Code, u.Text.In(o.lang), strings.Join(u.Examples, " "))
	}
	if r.Changed > 0 {
		fmt.Fprintf(&b, "%d of those that fit get another due date\n", r.Changed)
	}
	if o.rehearse {
		fmt.Fprintf(&b, "nothing was written; to do it: --plan %s\n", r.Plan)
	} else {
		fmt.Fprintf(&b, "migrated %d matters\n", r.Migrated)
	}
	_, err := io.WriteString(w, b.String())
	return err
}
