package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"

	"luoshi/internal/casework"
	"luoshi/internal/config"
	"luoshi/internal/office"
	"luoshi/internal/procedure"
)

const publishHelp = `luoshi publish: put procedures into force

Usage:
  luoshi publish --db DATABASE [--as LOGIN] [--kinds FILE] [--json] FILE…|-

  --db DATABASE  sqlite:FILE or postgres://USER@HOST:PORT/NAME
  --key FILE     signing key of the log, where it is not in its usual place
  --as LOGIN     who publishes: an account with the role author over everything;
                 without it no login is noted
  --kinds FILE   kinds of unit, instead of those that come with the program
  --lang zh|en   language of the findings (en)
  --json         print {"ok","published":[…],"findings":[…]}

Each file is checked as luoshi check does, in the order given; what has an error
is refused, and so are the files after it. A version must be above all that are
published; the same text again does nothing. New matters begin under the new
version at once, running ones keep theirs: see luoshi migrate. Only one process
writes to a SQLite file: stop the server before. On PostgreSQL it goes on serving.

Exit code: 0 published, 1 refused, 2 misuse.

Example:
  luoshi publish --db sqlite:luoshi.db petition.yaml
`

// publishOptions are the parsed arguments of `luoshi publish`.
type publishOptions struct {
	config   config.Config
	as, lang string
	json     bool
	files    []string
}

// published is one procedure as it is printed.
type published struct {
	ID      string `json:"id"`
	Version int    `json:"version"`
	Hash    string `json:"sha256"`
	Already bool   `json:"already"`
}

// publishReport is what the command prints.
type publishReport struct {
	OK        bool                `json:"ok"`
	Published []published         `json:"published"`
	Findings  []procedure.Finding `json:"findings"`
}

// runPublish publishes procedures.
func runPublish(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	o, err := parsePublish(args)
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprint(stdout, publishHelp)
		return exitDone
	}
	texts := make([][]byte, len(o.files))
	for i, name := range o.files {
		if err == nil {
			texts[i], err = readDeclaration(name, stdin)
		}
	}
	if err != nil {
		fmt.Fprintf(stderr, "luoshi publish: %v\nSee luoshi publish --help.\n", err)
		return exitMisuse
	}
	r := publishReport{Published: []published{}, Findings: []procedure.Finding{}}
	err = withCore(context.Background(), o.config, func(s *casework.Service) error {
		a, err := actingAs(s, o.as)
		if err == nil {
			err = r.publish(s, a, o.files, texts)
		}
		return err
	})
	r.OK = err == nil
	if printErr := r.print(o, stdout); printErr != nil {
		err = printErr
	}
	if err != nil && len(casework.Findings(err)) == 0 {
		return misuseOr(exitFault, "publish", err, stderr)
	}
	if err != nil {
		return exitFault
	}
	return exitDone
}

func parsePublish(args []string) (publishOptions, error) {
	o := publishOptions{config: config.Default(), lang: "en"}
	flags := flag.NewFlagSet("publish", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.StringVar(&o.config.DB, "db", "", "")
	flags.StringVar(&o.config.Key, "key", "", "")
	flags.StringVar(&o.config.Kinds, "kinds", "", "")
	flags.StringVar(&o.as, "as", "", "")
	flags.StringVar(&o.lang, "lang", o.lang, "")
	flags.BoolVar(&o.json, "json", false, "")
	for {
		if err := flags.Parse(args); err != nil {
			return o, err
		}
		if flags.NArg() == 0 {
			break
		}
		o.files, args = append(o.files, flags.Arg(0)), flags.Args()[1:]
	}
	switch {
	case len(o.files) == 0:
		return o, errors.New("name a file, or - for standard input")
	case o.lang != "zh" && o.lang != "en":
		return o, fmt.Errorf("--lang is zh or en, not %q", o.lang)
	}
	return o, o.config.Check()
}

// readDeclaration reads one file, or standard input for "-". A file that is too large is read as far as shows it.
func readDeclaration(name string, stdin io.Reader) ([]byte, error) {
	const most = 1 << 20
	if name == "-" {
		return io.ReadAll(io.LimitReader(stdin, most))
	}
	return readAtMost(name, most)
}

// actingAs is the account of that login, or the program itself for "".
func actingAs(s *casework.Service, login string) (office.Actor, error) {
	if login == "" {
		return office.Actor{System: true}, nil
	}
	a := s.Staff().Accounts[login]
	if a == nil {
		return office.Actor{}, errMisuse{fmt.Errorf("there is no account %q; see luoshi account list", login)}
	}
	return office.Actor{Account: a}, nil
}

// publish publishes one file after the other until one is refused.
func (r *publishReport) publish(s *casework.Service, a office.Actor, files []string, texts [][]byte) error {
	for i, name := range files {
		done, err := s.PublishAs(context.Background(), a, name, texts[i])
		if err != nil {
			r.Findings = append(r.Findings, casework.Findings(err)...)
			return err
		}
		p := done.Procedure
		r.Published = append(r.Published, published{p.ID, p.Version, p.Hash, done.Already})
		r.Findings = append(r.Findings, done.Warnings...)
	}
	return nil
}

func (r *publishReport) print(o publishOptions, w io.Writer) error {
	if o.json {
		for i := range r.Findings {
			f := &r.Findings[i]
			f.Message, f.Path = f.In(o.lang), append([]procedure.Move{}, f.Path...)
		}
		return encodeJSON(w, r)
	}
	if err := printFindings(w, r.Findings, o.lang); err != nil {
		return err
	}
	for _, p := range r.Published {
		what := "published"
		if p.Already {
			what = "was published before"
		}
		if _, err := fmt.Fprintf(w, "%s %s@%d\n", what, p.ID, p.Version); err != nil {
			return err
		}
	}
	return nil
}

// misuseOr prints why a command failed, in the words for the person, and gives exitMisuse or the code.
func misuseOr(code int, command string, err error, stderr io.Writer) int {
	var misuse errMisuse
	if errors.As(err, &misuse) {
		fmt.Fprintf(stderr, "luoshi %s: %v\nSee luoshi %s --help.\n", command, misuse.error, command)
		return exitMisuse
	}
	fmt.Fprintf(stderr, "luoshi %s: %v\n", command, err)
	return code
}
