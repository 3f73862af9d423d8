package main

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"luoshi/internal/casework"
	"luoshi/internal/config"
	"luoshi/internal/office"
	"luoshi/internal/server"
)

const unitHelp = `luoshi unit: the tree of offices

Usage:
  luoshi unit import --db DATABASE [--json] FILE.csv|-
  luoshi unit list --db DATABASE [--json]

import adds the offices of a CSV file; one whose code is there already gets the
name, kind and parent of the file. The first row names the columns: code, level
(the kind of office: province, city, county, township, justice-office …), parent
(a code, empty at the top), and the name in one language or more: name_zh, name_en,
name_ and any other tag; name alone is the one in Chinese. Nothing is written when
one row is wrong. Only one process writes to a SQLite file: stop the server
before import. On PostgreSQL it goes on serving; see luoshi serve --help for how
a password is given there.

  --db DATABASE  sqlite:FILE or postgres://USER@HOST:PORT/NAME
  --key FILE     signing key of the log, where it is not in its usual place
  --json         print JSON

Examples:
  luoshi unit import --db sqlite:luoshi.db divisions.csv
  luoshi unit import --db postgres://luoshi@db.example.org:5432/luoshi divisions.csv
`

// unitOptions are the parsed arguments of `luoshi unit`.
type unitOptions struct {
	config config.Config
	file   string
	json   bool
}

// runUnit lists offices and imports them.
func runUnit(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	return runVerb("unit", unitHelp, args, stdin, stdout, stderr, parseUnit, verb[unitOptions]{"import", importUnits}, verb[unitOptions]{"list", listUnits})
}

func parseUnit(verb string, args []string) (unitOptions, error) {
	o := unitOptions{config: config.Default()}
	flags := flag.NewFlagSet("unit "+verb, flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.StringVar(&o.config.DB, "db", "", "")
	flags.StringVar(&o.config.Key, "key", "", "")
	flags.BoolVar(&o.json, "json", false, "")
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return o, err
		}
		return o, errMisuse{err}
	}
	want := 0
	if verb == "import" {
		want, o.file = 1, flags.Arg(0)
	}
	if flags.NArg() != want {
		return o, errMisuse{fmt.Errorf("%s takes %d file names after the options; got %d", verb, want, flags.NArg())}
	}
	if err := o.config.Check(); err != nil {
		return o, errMisuse{err}
	}
	return o, nil
}

// imported counts what an import of units did.
type imported struct {
	Rows    int `json:"rows"`
	Added   int `json:"added"`
	Changed int `json:"changed"`
}

func importUnits(ctx context.Context, o unitOptions, stdin io.Reader, stdout io.Writer) error {
	in, err := given(o.file, stdin)
	if err != nil {
		return err
	}
	defer in.Close()
	rows, err := readUnits(in)
	if err != nil {
		return errMisuse{fmt.Errorf("%s: %w", o.file, err)}
	}
	return withCore(ctx, o.config, func(s *casework.Service) error {
		all, changes, n := mergeUnits(s.Tree().All(), rows)
		if _, err := office.NewTree(all); err != nil {
			return errMisuse{fmt.Errorf("%s: %w", o.file, err)}
		}
		if err := s.Store.PutUnits(ctx, changes); err != nil {
			return err
		}
		if o.json {
			return json.NewEncoder(stdout).Encode(n)
		}
		_, err := fmt.Fprintf(stdout, "%d rows: %d offices added, %d changed\n", n.Rows, n.Added, n.Changed)
		return err
	})
}

// readUnits reads the CSV file. Columns it does not know are passed over.
func readUnits(in io.Reader) ([]office.Unit, error) {
	r := csv.NewReader(in)
	head, err := r.Read()
	if err != nil {
		return nil, fmt.Errorf("the first row must name the columns: %w", err)
	}
	column := map[string]int{}
	for i, name := range head {
		column[strings.ToLower(strings.TrimSpace(strings.TrimPrefix(name, "\ufeff")))] = i
	}
	for _, name := range []string{"code", "level", "parent"} {
		if _, ok := column[name]; !ok {
			return nil, fmt.Errorf("there is no column %q; the columns are %s", name, strings.Join(head, ", "))
		}
	}
	names, err := nameColumns(column)
	if err != nil {
		return nil, err
	}
	var units []office.Unit
	for {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			return units, nil
		}
		if err != nil {
			return nil, err
		}
		u := office.Unit{Code: strings.TrimSpace(row[column["code"]]), Parent: strings.TrimSpace(row[column["parent"]]),
			Kind: strings.TrimSpace(row[column["level"]]), Name: map[string]string{}}
		for lang, i := range names {
			if name := strings.TrimSpace(row[i]); name != "" {
				u.Name[lang] = name
			}
		}
		if u.Code == "" || u.Kind == "" || len(u.Name) == 0 {
			line, _ := r.FieldPos(0)
			return nil, fmt.Errorf("line %d: code, level and name must be filled in", line)
		}
		units = append(units, u)
	}
}

// nameColumns are the columns with names, by language.
func nameColumns(column map[string]int) (map[string]int, error) {
	names := map[string]int{}
	for name, i := range column {
		lang, ok := strings.CutPrefix(name, "name_")
		if name == "name" {
			lang, ok = "zh", true
		}
		if !ok || lang == "" {
			continue
		}
		if _, twice := names[lang]; twice {
			return nil, errors.New("name is the name in Chinese; there is a column name_zh as well, leave one out")
		}
		names[lang] = i
	}
	if len(names) == 0 {
		return nil, errors.New(`there is no column with names: "name_en", "name_zh", or "name_" and the tag of another language`)
	}
	return names, nil
}

// mergeUnits gives the tree as it would be, and what has to be written for it.
func mergeUnits(have, rows []office.Unit) (all, changes []office.Unit, n imported) {
	at := map[string]int{}
	for i, u := range have {
		at[u.Code] = i
	}
	all, n.Rows = slices.Clone(have), len(rows)
	for _, u := range rows {
		i, known := at[u.Code]
		if !known {
			n.Added++
			all, changes = append(all, u), append(changes, u)
			continue
		}
		old := have[i]
		u.ValidFrom, u.ValidTo, u.Successors = old.ValidFrom, old.ValidTo, old.Successors
		for lang, name := range old.Name { // a file without a language leaves the names in it
			if u.Name[lang] == "" {
				u.Name[lang] = name
			}
		}
		if u.Parent != old.Parent || u.Kind != old.Kind || !maps.Equal(u.Name, old.Name) {
			n.Changed++
			all[i], changes = u, append(changes, u)
		}
	}
	return all, changes, n
}

// listedUnit is one office as it is printed.
type listedUnit struct {
	Code   string            `json:"code"`
	Parent string            `json:"parent"`
	Kind   string            `json:"kind"`
	Name   map[string]string `json:"name"`
}

func listUnits(ctx context.Context, o unitOptions, _ io.Reader, stdout io.Writer) error {
	s, err := server.OpenReadOnly(ctx, o.config, time.Now)
	if err != nil {
		return err
	}
	defer s.Store.Close()
	tree := s.Tree()
	if o.json {
		items := []listedUnit{}
		for _, u := range tree.All() {
			items = append(items, listedUnit{u.Code, u.Parent, u.Kind, u.Name})
		}
		return json.NewEncoder(stdout).Encode(map[string]any{"items": items})
	}
	t := tabwriter.NewWriter(stdout, 0, 0, 3, ' ', 0)
	for _, u := range tree.All() {
		fmt.Fprintf(t, "%s%s\t%s\t%s\n", strings.Repeat("  ", len(tree.Path(u.Code))-1), u.Code, u.Kind, u.Label("zh"))
	}
	return t.Flush()
}
