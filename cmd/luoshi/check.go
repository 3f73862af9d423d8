package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"luoshi/internal/procedure"
	"luoshi/internal/procedure/guide"
	"luoshi/internal/procedure/soundness"
	"luoshi/procedures"
)

const checkHelp = `luoshi check: prove that procedures can be depended on

Usage:
  luoshi check [--json] [--lang zh|en] [--kinds FILE] FILE|FOLDER|-…
  luoshi check --explain|--bpmn|--svg [--lang zh|en] FILE|-
  luoshi check --schema

  --json        print {"ok":…,"findings":[…]}; every finding has the shortest
                way that leads there as "path"
  --lang zh|en  language of the findings (en)
  --kinds FILE  the kinds of unit and their roles, instead of those that come
                with the product
  --explain     read the procedure aloud in plain words
  --bpmn        print it as BPMN 2.0, which bpmn-js opens
  --svg         print its diagram of states
  --schema      print the JSON Schema of the form, for editors

Prints one line for each finding, FILE:LINE:COL: RULE: MESSAGE, at its end the
shortest way that leads there. What could not be proved, and what only seems
wrong, reads RULE: warning: MESSAGE. A folder stands for the *.yaml files in it,
and those in its folder guides; a guide begins with format: luoshi-guide/1;
"-" reads one file from standard input. doc/procedures.md explains every rule.
Exit code: 0 no errors, 1 an error, 2 misuse.

Example:
  luoshi check procedures
`

// checkOptions are the parsed arguments of `luoshi check`.
type checkOptions struct {
	files  []string
	json   bool
	lang   string
	kinds  string
	print  []byte  // printed instead of checking
	output *output // in which the procedure is printed instead of its findings
}

// source is one declaration to check.
type source struct {
	name string
	text []byte
}

// guideFormat finds the first line of a guide.
var guideFormat = regexp.MustCompile(`(?m)^format:\s*luoshi-guide/`)

// guide reports whether the source is a guide, not a procedure.
func (s source) guide() bool { return guideFormat.Match(s.text) }

// runCheck checks declarations and returns the exit code.
func runCheck(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	opts, err := parseCheck(args)
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprint(stdout, checkHelp)
		return exitDone
	}
	if err == nil && opts.print != nil {
		_, _ = stdout.Write(opts.print)
		return exitDone
	}
	var sources []source
	if err == nil {
		sources, err = opts.sources(stdin)
	}
	if err == nil && opts.output != nil {
		return printOutput(stdout, stderr, sources, &opts)
	}
	var kinds source
	if err == nil {
		kinds, err = opts.kindsSource()
	}
	if err != nil {
		fmt.Fprintf(stderr, "luoshi check: %v\nSee luoshi check --help.\n", err)
		return exitMisuse
	}
	found := checkAll(sources, kinds)
	if opts.json {
		err = printFindingsJSON(stdout, found, opts.lang)
	} else {
		err = printFindings(stdout, found, opts.lang)
	}
	switch {
	case err != nil:
		fmt.Fprintf(stderr, "luoshi check: %v\n", err)
		return exitFault
	case slices.ContainsFunc(found, isError):
		return exitFault
	}
	return exitDone
}

func isError(f procedure.Finding) bool { return f.Severity == procedure.SeverityError }

// parseCheck takes flags before, between and after the files.
func parseCheck(args []string) (checkOptions, error) {
	o := checkOptions{lang: "en"}
	flags := flag.NewFlagSet("check", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.BoolVar(&o.json, "json", false, "")
	flags.StringVar(&o.lang, "lang", o.lang, "")
	flags.StringVar(&o.kinds, "kinds", "", "")
	for _, out := range outputs() {
		flags.BoolFunc(out.flag, "", func(string) error { o.output = &out; return nil })
	}
	flags.BoolFunc("schema", "", func(string) error { o.print = procedures.Schema; return nil })
	for {
		if err := flags.Parse(args); err != nil {
			return o, err
		}
		if flags.NArg() == 0 {
			break
		}
		o.files = append(o.files, flags.Arg(0))
		args = flags.Args()[1:]
	}
	switch {
	case o.print != nil:
		return o, nil
	case len(o.files) == 0:
		return o, errors.New("name a file or a folder, or - for standard input")
	case o.lang != "en" && o.lang != "zh":
		return o, fmt.Errorf("--lang is zh or en, not %q", o.lang)
	}
	return o, nil
}

// sources reads what is to be checked. More than a declaration may have is not read: the check says so.
func (o *checkOptions) sources(stdin io.Reader) ([]source, error) {
	var out []source
	for _, name := range o.files {
		if name == "-" {
			text, err := io.ReadAll(io.LimitReader(stdin, procedure.MaxSource+1))
			if err != nil {
				return nil, fmt.Errorf("standard input: %w", err)
			}
			out = append(out, source{"-", text})
			continue
		}
		files := []string{name}
		if info, err := os.Stat(name); err == nil && info.IsDir() {
			if files, err = filepath.Glob(filepath.Join(name, "*.yaml")); err != nil || len(files) == 0 {
				return nil, fmt.Errorf("there is no *.yaml file in the folder %s", name)
			}
			guides, err := filepath.Glob(filepath.Join(name, "guides", "*.yaml"))
			if err != nil {
				return nil, err
			}
			files = append(files, guides...)
		}
		for _, file := range files {
			text, err := readSource(file)
			if err != nil {
				return nil, err
			}
			out = append(out, source{file, text})
		}
	}
	return out, nil
}

func readSource(name string) ([]byte, error) { return readFile(name, procedure.MaxSource+1) }

// kindsSource are the kinds of unit of the installation, or those of the product.
func (o *checkOptions) kindsSource() (source, error) {
	if o.kinds == "" {
		return source{"kinds.yaml", procedures.Kinds}, nil
	}
	text, err := readSource(o.kinds)
	return source{o.kinds, text}, err
}

// checkAll checks the sources in their order. Sub-matters may be of any of them, or of a pack of the product.
func checkAll(sources []source, kinds source) (found []procedure.Finding) {
	faults := func(err error) bool {
		var list *procedure.Errors
		if errors.As(err, &list) {
			found = append(found, *list...)
		}
		return err != nil
	}
	k, err := procedure.LoadKinds(kinds.name, kinds.text)
	if faults(err) {
		k = nil
	}
	loaded := make([]*procedure.Procedure, len(sources))
	for i, s := range sources {
		if s.guide() {
			continue
		}
		if p, err := procedure.Load(s.name, s.text); err == nil {
			loaded[i] = p
		}
	}
	options := soundness.Options{Kinds: k, Find: newestOf(loaded)}
	where := map[string]string{}
	for i, s := range sources {
		p := loaded[i]
		if s.guide() {
			g, err := guide.Load(s.name, s.text)
			if !faults(err) {
				found = append(found, g.Check(options.Find)...)
			}
			continue
		}
		if p == nil {
			_, err := procedure.Load(s.name, s.text)
			faults(err)
			continue
		}
		if first := where[p.Key()]; first != "" {
			found = append(found, p.Duplicate(first))
		} else {
			where[p.Key()] = s.name
		}
		found = append(found, soundness.Check(p, options)...)
	}
	return found
}

// newestOf finds the newest version among the procedures and the packs of the product.
func newestOf(loaded []*procedure.Procedure) func(id string) *procedure.Procedure {
	newest := map[string]*procedure.Procedure{}
	packs, err := procedure.LoadFS(procedures.FS)
	if err != nil { // tests see to it that they load
		packs = nil
	}
	for _, p := range slices.Concat(packs, loaded) {
		if p != nil && (newest[p.ID] == nil || newest[p.ID].Version <= p.Version) {
			newest[p.ID] = p
		}
	}
	return func(id string) *procedure.Procedure { return newest[id] }
}

// printFindings prints one line for each, with the way that leads there.
func printFindings(w io.Writer, found []procedure.Finding, lang string) error {
	var b strings.Builder
	for _, f := range found {
		message := f.In(lang)
		if !isError(f) {
			message = "warning: " + message
		}
		fmt.Fprintf(&b, "%s:%d:%d: %s: %s%s\n", f.File, f.Line, f.Col, f.Rule, message, wayOf(f.Path))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// wayOf is the way to a finding as it is printed: " [open → lodged, accept → handling]".
func wayOf(path []procedure.Move) string {
	if len(path) == 0 {
		return ""
	}
	moves := make([]string, len(path))
	for i, m := range path {
		moves[i] = m.Event + " → " + m.State
	}
	return " [" + strings.Join(moves, ", ") + "]"
}

// printFindingsJSON prints one object.
func printFindingsJSON(w io.Writer, found []procedure.Finding, lang string) error {
	answer := struct {
		OK       bool                `json:"ok"`
		Findings []procedure.Finding `json:"findings"`
	}{!slices.ContainsFunc(found, isError), []procedure.Finding{}}
	for _, f := range found {
		f.Message = f.In(lang)
		if f.Path == nil {
			f.Path = []procedure.Move{}
		}
		answer.Findings = append(answer.Findings, f)
	}
	return encodeJSON(w, answer)
}
