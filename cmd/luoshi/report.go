package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"

	"luoshi/internal/report"
	"luoshi/internal/report/document"
)

const reportHelp = `luoshi report: read the report of a meeting

Usage:
  luoshi report FILE|- [--json] [--lang zh|en]

  --json        print everything that was understood, with its place in the text
  --lang zh|en  language of the findings and the headings (zh)

Says who met, when, where and how far down, who spoke, and what was decided, item
by item, with units, limits and amounts. Takes text (UTF-8 or GB18030), a saved
news page, DOCX, and PDF with text (by pdftotext of poppler-utils); "-" reads
standard input. Nothing is invented: what the text does not say stays open.
doc/report.md explains what is read and how. Nothing is recorded.
Exit code: 0 read, 1 it is no report that can be read, 2 misuse.

Example:
  luoshi report meeting.txt --lang en
`

// reportOptions are the parsed arguments of `luoshi report`.
type reportOptions struct {
	file string
	json bool
	lang string
}

// runReport reads one report and returns the exit code.
func runReport(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	o, err := parseReport(args)
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprint(stdout, reportHelp)
		return exitDone
	}
	var file []byte
	if err == nil {
		file, err = readReport(o.file, stdin)
	}
	if err != nil {
		fmt.Fprintf(stderr, "luoshi report: %v\nSee luoshi report --help.\n", err)
		return exitMisuse
	}
	r, err := report.Open(context.Background(), file, document.Pdftotext)
	var problem *document.Problem
	switch {
	case errors.As(err, &problem):
		fmt.Fprintf(stderr, "luoshi report: %s: %s\n", o.file, problem.In(o.lang))
		return exitFault
	case err != nil:
		fmt.Fprintf(stderr, "luoshi report: %s: %v\n", o.file, err)
		return exitFault
	}
	if o.json {
		err = encodeJSON(stdout, r)
	} else {
		_, err = io.WriteString(stdout, reportText(r, o.lang))
	}
	if err != nil {
		fmt.Fprintf(stderr, "luoshi report: %v\n", err)
		return exitFault
	}
	return exitDone
}

// parseReport takes flags before and after the file.
func parseReport(args []string) (reportOptions, error) {
	o := reportOptions{lang: "zh"}
	flags := flag.NewFlagSet("report", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.BoolVar(&o.json, "json", false, "")
	flags.StringVar(&o.lang, "lang", o.lang, "")
	var files []string
	for {
		if err := flags.Parse(args); err != nil {
			return o, err
		}
		if flags.NArg() == 0 {
			break
		}
		files = append(files, flags.Arg(0))
		args = flags.Args()[1:]
	}
	switch {
	case len(files) != 1:
		return o, errors.New("name one file, or - for standard input")
	case o.lang != "en" && o.lang != "zh":
		return o, fmt.Errorf("--lang is zh or en, not %q", o.lang)
	}
	o.file = files[0]
	return o, nil
}

// readReport reads no more than decides that a file is too large.
func readReport(name string, stdin io.Reader) ([]byte, error) {
	if name == "-" {
		file, err := io.ReadAll(io.LimitReader(stdin, document.MaxBytes+1))
		if err != nil {
			return nil, fmt.Errorf("standard input: %w", err)
		}
		return file, nil
	}
	return readFile(name, document.MaxBytes+1)
}
