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
	"path/filepath"
	"syscall"
	"time"

	"luoshi/internal/config"
	"luoshi/internal/intake"
	"luoshi/internal/server"
	"luoshi/procedures"

	"github.com/schollz/progressbar/v3"
)

const importUsage = `Usage: luoshi import --map FILE.yaml --db DATABASE [options] CSV

Brings the rows of a CSV file in as matters, as the mapping says; see
doc/import.md for its form. CSV is a file in UTF-8 whose first row names the
columns, or - for standard input. Rows that cannot be taken go to a file of
rejects with number and reason, and the import goes on. It may be stopped at any
moment, also by kill -9: the same command goes on where it stopped and imports
no row twice.

Options:
  --map FILE      the mapping: which column is what
  --db DATABASE   sqlite:FILE, made when missing, or
                  postgres://USER@HOST:PORT/NAME, which must be there; see luoshi
                  serve --help for how a password is given
  --key FILE      signing key of the log (default: the SQLite file with .key, or
                  NAME.key in this folder)
  --rejects FILE  where rejected rows go (default: the CSV file with
                  .rejects.csv; import.rejects.csv for standard input)
  --limit N       read the first N rows only
  --json          print JSON: rows = imported + rejected + skipped; skipped are
                  rows left out by the mapping or there already

Exit codes: 0 done, 1 rows were rejected or the import stopped, 2 misuse.

Examples:
  luoshi import --map examples/import/boston311.yaml --db sqlite:luoshi.db requests.csv
  luoshi import --map 311.yaml --db postgres://luoshi@db.example.org:5432/luoshi requests.csv
`

// importOptions are the arguments of import as they were written.
type importOptions struct {
	mapping, db, key, rejects, csv string
	limit                          int
	json                           bool
}

// errMisuse marks what the caller has to change in the arguments, the mapping or the header of the file.
type errMisuse struct{ error }

// runImport brings one CSV file into one database.
func runImport(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	var o importOptions
	flags := flag.NewFlagSet("import", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Usage = func() { fmt.Fprint(flags.Output(), importUsage) }
	flags.StringVar(&o.mapping, "map", "", "")
	flags.StringVar(&o.db, "db", "", "")
	flags.StringVar(&o.key, "key", "", "")
	flags.StringVar(&o.rejects, "rejects", "", "")
	flags.IntVar(&o.limit, "limit", 0, "")
	flags.BoolVar(&o.json, "json", false, "")
	var files []string
	for rest := args; ; { // options may also follow the CSV file
		if code, stop := parseFlags(flags, rest, stdout); stop {
			return code
		}
		if flags.NArg() == 0 {
			break
		}
		files, rest = append(files, flags.Arg(0)), flags.Args()[1:]
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	err := o.positional(files)
	var result intake.Result
	if err == nil {
		result, err = o.run(ctx, stdin, stderr)
	}
	var misuse errMisuse
	switch {
	case errors.As(err, &misuse):
		fmt.Fprintf(stderr, "luoshi import: %v\nRun \"luoshi import --help\" for the options and an example.\n", misuse.error)
		return exitMisuse
	case err != nil && !errors.As(err, new(*intake.Stopped)):
		fmt.Fprintf(stderr, "luoshi import: %v\n", err)
		return exitFault
	}
	if err := o.print(result, stdout, stderr); err != nil {
		fmt.Fprintf(stderr, "luoshi import: %v\n", err)
		return exitFault
	}
	if err != nil {
		fmt.Fprintf(stderr, "luoshi import: %v\n", err)
	}
	if err != nil || result.Rejected > 0 {
		return exitFault
	}
	return exitDone
}

// positional takes the one argument that is no option, and fills in what follows from it.
func (o *importOptions) positional(args []string) error {
	switch {
	case o.mapping == "" || o.db == "":
		return errMisuse{errors.New("--map and --db are required")}
	case len(args) == 0:
		return errMisuse{errors.New("name the CSV file, or - for standard input")}
	case len(args) > 1:
		return errMisuse{fmt.Errorf("unexpected argument %q; one CSV file is imported at a time", args[1])}
	case o.limit < 0:
		return errMisuse{errors.New("--limit cannot be negative")}
	}
	o.csv = args[0]
	if o.rejects == "" {
		o.rejects = o.csv + ".rejects.csv"
		if o.csv == "-" {
			o.rejects = "import.rejects.csv"
		}
	}
	return o.guard()
}

// guard refuses a file of rejects that would take the place of a file in use here.
func (o *importOptions) guard() error {
	at, err := os.Stat(o.rejects)
	if err != nil {
		return nil // not there: nothing to overwrite
	}
	if !at.Mode().IsRegular() {
		return errMisuse{fmt.Errorf("--rejects %s is not a file", o.rejects)}
	}
	c := config.Config{DB: o.db, Key: o.key}
	db, _ := c.File()
	for _, used := range []string{o.csv, o.mapping, db, c.KeyFile()} {
		if other, err := os.Stat(used); err == nil && os.SameFile(at, other) {
			return errMisuse{fmt.Errorf("--rejects %s would overwrite a file that is in use here; name another one", o.rejects)}
		}
	}
	return nil
}

func (o *importOptions) run(ctx context.Context, stdin io.Reader, stderr io.Writer) (intake.Result, error) {
	var none intake.Result
	text, err := os.ReadFile(o.mapping)
	if err != nil {
		return none, errMisuse{fmt.Errorf("--map: %w", err)}
	}
	mapping, err := intake.Load(filepath.Base(o.mapping), text)
	if err != nil {
		return none, errMisuse{err}
	}
	in, size, err := o.open(stdin)
	if err != nil {
		return none, errMisuse{err}
	}
	defer in.Close()
	table, err := intake.Open(in)
	if err != nil {
		return none, errMisuse{err}
	}
	bound, err := mapping.Bind(table.Columns)
	if err != nil {
		return none, errMisuse{err}
	}
	c := config.Default()
	c.DB, c.Key = o.db, o.key
	if err := c.Check(); err != nil {
		return none, errMisuse{err}
	}
	core, err := server.OpenCore(ctx, c, time.Now)
	if err != nil {
		return none, err
	}
	defer core.Close()
	options := intake.Options{Procedures: procedures.FS, Rejects: o.rejects, Limit: o.limit}
	if !o.json && isTerminal(stderr) {
		bar := importBar(size, stderr)
		defer bar.Finish()
		options.Progress = func(offset int64, _ int) { bar.Set64(offset) }
	}
	im, err := intake.New(ctx, core.Service, table, bound, options)
	if errors.As(err, new(*intake.MappingError)) {
		return none, errMisuse{err}
	}
	if err != nil {
		return none, err
	}
	return im.Run(ctx)
}

// open gives the CSV file and its size in bytes, or -1 when that is not known.
func (o *importOptions) open(stdin io.Reader) (io.ReadCloser, int64, error) {
	if o.csv == "-" {
		return io.NopCloser(stdin), -1, nil
	}
	f, err := os.Open(o.csv)
	if err != nil {
		return nil, 0, err
	}
	at, err := f.Stat()
	if err == nil && at.IsDir() {
		err = fmt.Errorf("%s is a folder; name a CSV file", o.csv)
	}
	if err != nil {
		return nil, 0, errors.Join(err, f.Close())
	}
	if !at.Mode().IsRegular() {
		return f, -1, nil
	}
	return f, at.Size(), nil
}

// isTerminal reports whether a person watches w.
func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	at, err := f.Stat()
	return err == nil && at.Mode()&os.ModeCharDevice != 0 && f.Name() != os.DevNull
}

func importBar(size int64, w io.Writer) *progressbar.ProgressBar {
	return progressbar.NewOptions64(size, progressbar.OptionSetWriter(w), progressbar.OptionSetDescription("import"),
		progressbar.OptionShowBytes(true), progressbar.OptionThrottle(200*time.Millisecond), progressbar.OptionSetWidth(30),
		progressbar.OptionClearOnFinish(), progressbar.OptionSetRenderBlankState(true))
}

// print gives the counts, and what to do next.
func (o *importOptions) print(r intake.Result, stdout, stderr io.Writer) error {
	if o.json {
		return json.NewEncoder(stdout).Encode(struct {
			Rows     int     `json:"rows"`
			Imported int     `json:"imported"`
			Rejected int     `json:"rejected"`
			Skipped  int     `json:"skipped"`
			Seconds  float64 `json:"seconds"`
		}{r.Rows, r.Imported, r.Rejected, r.Skipped, float64(r.Took.Milliseconds()) / 1000})
	}
	_, err := fmt.Fprintf(stdout, "%d rows: %d imported, %d rejected, %d skipped, in %s\n",
		r.Rows, r.Imported, r.Rejected, r.Skipped, r.Took.Round(time.Millisecond))
	if r.Rejected > 0 {
		fmt.Fprintf(stderr, "The rejected rows are in %s, each with the reason. Put them right there and import that file.\n", o.rejects)
	}
	if r.Unseen {
		fmt.Fprintf(stderr, "No account may see the imported matters yet. Add one: luoshi account add --db %s --login LOGIN --name NAME --grant clerk@%s --password-stdin\n", config.Config{DB: o.db}.Shown(), r.Root)
	}
	return err
}
