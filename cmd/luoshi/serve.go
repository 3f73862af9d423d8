package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"luoshi/internal/config"
	"luoshi/internal/server"
)

// runServe opens the database and serves until a signal to stop.
func runServe(args []string, _ io.Reader, stdout, stderr io.Writer) int {
	c := config.Default()
	flags := flag.NewFlagSet("serve", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.StringVar(&c.DB, "db", "sqlite:luoshi.db", "the `DATABASE`, sqlite:FILE or postgres://USER@HOST:PORT/NAME")
	flags.StringVar(&c.Listen, "listen", c.Listen, "the `ADDRESS` to answer on; port 0 takes a free one")
	flags.StringVar(&c.Key, "key", "", "`FILE` of the log's signing key (default the SQLite file with .key, or NAME.key in this folder)")
	flags.StringVar(&c.Origin, "origin", "", "`NAME` of a new log, for example log.example.org/province")
	flags.StringVar(&c.Kinds, "kinds", "", "`FILE` of the kinds of unit (default those that come with the program)")
	flags.StringVar(&c.Packs, "packs", c.Packs, "publish the procedures that come with the program: `WHICH`, all or none")
	flags.StringVar(&c.Language, "language", "", "`LANGUAGE` of pages for readers who ask for none that there are, zh or en (default zh)")
	flags.DurationVar(&c.Lapses, "lapses", c.Lapses, "how long the worker that records what falls due sleeps at most")
	flags.Func("max-file", "largest `SIZE` of a file that somebody may hand in (default 10MB)", func(s string) (err error) {
		c.MaxFile, err = config.ParseSize(s)
		return err
	})
	flags.Usage = func() {
		fmt.Fprint(flags.Output(), "Usage: luoshi serve [--db DATABASE] [--listen ADDRESS] [--key FILE] [--origin NAME]\n                    [--kinds FILE] [--packs all|none] [--language zh|en] [--max-file SIZE]\n\n"+
			"Serves pages, the API under /v1 and the log under /log, and prints \"ready http://ADDRESS\" when it\n"+
			"answers. Stops cleanly on SIGTERM or SIGINT.\n\n"+
			postgresHelp+"Several nodes may serve one PostgreSQL database at once; each needs a copy of the same key file.\n\nOptions:\n")
		flags.PrintDefaults()
		fmt.Fprint(flags.Output(), "\nExamples:\n  luoshi serve --db sqlite:luoshi.db --listen 127.0.0.1:8080\n"+
			"  luoshi serve --db 'postgres://luoshi@db.example.org:5432/luoshi?sslmode=verify-full' --key luoshi.key\n")
	}
	if code, stop := parseFlags(flags, args, stdout); stop {
		return code
	}
	if flags.NArg() > 0 {
		fmt.Fprintf(stderr, "luoshi serve: unexpected argument %q\nSee luoshi serve --help.\n", flags.Arg(0))
		return exitMisuse
	}
	if err := c.Check(); err != nil {
		fmt.Fprintf(stderr, "luoshi serve: %v\n", err)
		return exitMisuse
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	if err := serve(ctx, c, stdout, stderr); err != nil {
		fmt.Fprintf(stderr, "luoshi serve: %v\n", err)
		return exitFault
	}
	return exitDone
}

func serve(ctx context.Context, c config.Config, stdout, stderr io.Writer) error {
	core, err := server.OpenCore(ctx, c, time.Now)
	if err != nil {
		return err
	}
	defer core.Close()
	if c.Packs != config.PacksNone {
		if err := core.PublishPacks(ctx); err != nil {
			return err
		}
	}
	if differing, err := core.DifferingPacks(); err == nil && len(differing) > 0 {
		fmt.Fprintf(stderr, "Published here with another text than comes with this program, and left as they are for the sake of running matters: %s.\n"+
			"To use the program's text, publish it under a higher version; see `luoshi publish --help`.\n", strings.Join(differing, ", "))
	}
	if staff := core.Service.Staff(); staff.Tree.Len() == 0 || len(staff.Accounts) == 0 {
		fmt.Fprintln(stderr, "This database has no offices or no staff accounts yet: stop, then see `luoshi account --help`.")
	}
	return server.Run(ctx, c, core, stdout)
}
