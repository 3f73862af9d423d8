package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"luoshi/internal/casework"
	"luoshi/internal/config"
	"luoshi/internal/office"
	"luoshi/internal/server"
)

const calendarHelp = `luoshi calendar: the days off by which deadlines are counted

Usage:
  luoshi calendar add --db DATABASE --name NAME [--json] FILE|-
  luoshi calendar list --db DATABASE [--json]

add loads days off under a name, that by which procedures name the calendar. FILE
is a year as JSON (year, days with date, isOffDay and name), an iCalendar file
(RFC 5545, .ics) or the text described in doc/calendar.md. What the file knows is
laid on the calendar of that name, if there is one; nothing is ever lost: every
version is kept. From then on dates are computed with it, and the worker computes
provisional dates of running clocks again. Only one process writes to a SQLite
file: stop the server before, or load the file over its API. On PostgreSQL the
server goes on, and hears of it.

  --db DATABASE  sqlite:FILE or postgres://USER@HOST:PORT/NAME
  --key FILE     signing key of the log, where it is not in its usual place
  --name NAME    name of the calendar, for example cn or us-tx
  --json         print JSON

Examples:
  luoshi calendar add --db sqlite:luoshi.db --name cn 2027.json
  luoshi calendar list --db sqlite:luoshi.db
`

// calendarOptions are the parsed arguments of `luoshi calendar`.
type calendarOptions struct {
	config config.Config
	name   string
	file   string
	json   bool
}

// runCalendar loads and lists calendars.
func runCalendar(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	return runVerb("calendar", calendarHelp, args, stdin, stdout, stderr, parseCalendar, verb[calendarOptions]{"add", addCalendar}, verb[calendarOptions]{"list", listCalendars})
}

func parseCalendar(verb string, args []string) (calendarOptions, error) {
	o := calendarOptions{config: config.Default()}
	flags := flag.NewFlagSet("calendar "+verb, flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.StringVar(&o.config.DB, "db", "", "")
	flags.StringVar(&o.config.Key, "key", "", "")
	flags.StringVar(&o.name, "name", "", "")
	flags.BoolVar(&o.json, "json", false, "")
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return o, err
		}
		return o, errMisuse{err}
	}
	want := 0
	if verb == "add" {
		want, o.file = 1, flags.Arg(0)
	}
	switch {
	case flags.NArg() != want:
		return o, errMisuse{fmt.Errorf("%s takes %d file names after the options; got %d", verb, want, flags.NArg())}
	case (verb == "add") != (o.name != ""):
		return o, errMisuse{errors.New("say with --name under which name add shall load the file; list takes none")}
	}
	if err := o.config.Check(); err != nil {
		return o, errMisuse{err}
	}
	return o, nil
}

func addCalendar(ctx context.Context, o calendarOptions, stdin io.Reader, stdout io.Writer) error {
	in, err := given(o.file, stdin)
	if err != nil {
		return err
	}
	defer in.Close()
	return withCore(ctx, o.config, func(s *casework.Service) error {
		row, err := s.AddCalendar(ctx, office.Actor{System: true}, o.name, in)
		var e *casework.Error
		if errors.As(err, &e) && len(e.Fields) > 0 {
			return errMisuse{errors.New(e.Fields[0].Text.In("en"))}
		}
		if err != nil {
			return err
		}
		if o.json {
			return json.NewEncoder(stdout).Encode(row)
		}
		_, err = fmt.Fprintf(stdout, "calendar %s, version %s, knows %s\n", row.Name, row.Version, strings.Join(row.Years, ", "))
		return err
	})
}

func listCalendars(ctx context.Context, o calendarOptions, _ io.Reader, stdout io.Writer) error {
	s, err := server.OpenReadOnly(ctx, o.config, time.Now)
	if err != nil {
		return err
	}
	defer s.Store.Close()
	rows := s.Calendars().List()
	if o.json {
		return json.NewEncoder(stdout).Encode(map[string]any{"items": rows})
	}
	t := tabwriter.NewWriter(stdout, 0, 0, 3, ' ', 0)
	for _, r := range rows {
		state := "followed by another"
		if r.InForce {
			state = "in force"
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\n", r.Name, r.Version, strings.Join(r.Years, ", "), state, r.Added)
	}
	return t.Flush()
}
