package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"luoshi/examples"
	"luoshi/internal/demo"
	"luoshi/internal/intake"
	"luoshi/internal/office"
	"luoshi/internal/server"
	"luoshi/procedures"
)

// realOptions say which real requests a demo offers, and where their files lie.
type realOptions struct {
	with []demo.Source
	data string // folder
	rows int    // of each file; 0: all
}

// dataVariable is the environment variable that names the folder of data; dataFolder is where it is looked for otherwise.
const (
	dataVariable = "LUOSHI_DATA"
	dataFolder   = "../shared/data"
)

// realWorkers is how many rows are carried out at once beside a server that answers people meanwhile.
const realWorkers = 64

// add takes the value of one --with: names, separated by commas.
func (o *realOptions) add(value string) error {
	var known []string
	for _, s := range demo.Sources() {
		known = append(known, s.Name)
	}
next:
	for name := range strings.SplitSeq(value, ",") {
		name = strings.TrimSpace(name)
		for _, s := range demo.Sources() {
			if s.Name == name {
				o.with = append(o.with, s)
				continue next
			}
		}
		return fmt.Errorf("there is no data named %q; there are: %s", name, strings.Join(known, ", "))
	}
	return nil
}

// check looks whether the files are there and what their mappings say, before anything is begun.
func (o *realOptions) check() error {
	if o.rows < 0 {
		return errors.New("--rows cannot be negative; 0 takes all")
	}
	for _, s := range o.with {
		f, err := o.open(s)
		if err != nil {
			return err
		}
		f.Close()
	}
	return nil
}

// realFile is the open file of a source with its mapping.
type realFile struct {
	*os.File
	table *intake.Table
	bound *intake.Bound
}

func (o *realOptions) open(s demo.Source) (*realFile, error) {
	path := filepath.Join(o.data, s.File)
	f, err := openRegular(path)
	if err != nil {
		return nil, fmt.Errorf("--with %s: %w\n\nIt needs the file %s: %s.\nSay with --data FOLDER, or the environment variable %s, where it lies; without --with %s the demo has its province only",
			s.Name, err, s.File, s.From, dataVariable, s.Name)
	}
	text, err := examples.FS.ReadFile(s.Mapping)
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	table, bound, err := intake.Match(filepath.Base(s.Mapping), text, f)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("--with %s: %s cannot be used: %w", s.Name, path, err), f.Close())
	}
	return &realFile{f, table, bound}, nil
}

// openRegular opens a file that can be read again and again: neither a folder nor a pipe.
func openRegular(path string) (*os.File, error) {
	at, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !at.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is not a file", path)
	}
	return os.Open(path)
}

// hired are all accounts that a visitor can sign in with by now.
func hired(core *server.Core) []office.Account {
	accounts := demo.Visitors()
	for _, s := range demo.Sources() {
		accounts = append(accounts, s.Hired(core.Service)...)
	}
	return accounts
}

// filler brings one source into a demo.
type filler struct {
	source  demo.Source
	file    *realFile
	rows    int
	rejects string
	im      *intake.Import
	all     int // rows that will be read
	bar     *progress
}

// realData is what a demo has of real requests, and what it is still to get.
type realData struct {
	core    *server.Core
	fillers []*filler
	running sync.WaitGroup
}

// openReal finds the sources that were asked for, now or at an earlier start that was interrupted, makes their offices and
// desks, and leaves the rows to run. What was begun and cannot go on is said, not refused: the rest of the demo works.
func openReal(ctx context.Context, o demoOptions, core *server.Core, stderr io.Writer) (*realData, error) {
	r := &realData{core: core}
	for _, s := range demo.Sources() {
		if err := r.add(ctx, o, s, stderr); err != nil {
			return nil, errors.Join(err, r.close())
		}
	}
	return r, nil
}

func (r *realData) add(ctx context.Context, o demoOptions, s demo.Source, stderr io.Writer) error {
	store := r.core.Service.Store
	have, err := s.Filling(ctx, store)
	if err != nil {
		return err
	}
	rows, asked := have.Rows, false
	for _, w := range o.real.with {
		asked = asked || w.Name == s.Name
	}
	if asked {
		rows = o.real.rows
	}
	if !asked && !have.Begun {
		return nil
	}
	if have.Enough(rows) {
		return nil
	}
	file, err := o.real.open(s)
	if err != nil && !asked {
		fmt.Fprintf(stderr, "luoshi demo: the requests of %s are not all here yet, and cannot go on: %v\n", s.Name, err)
		return nil
	}
	if err != nil {
		return err
	}
	f := &filler{source: s, file: file, rows: rows, rejects: filepath.Join(o.dir, s.Name+".rejects.csv"), bar: newCountedProgress(stderr, s.Name, "requests")}
	r.fillers = append(r.fillers, f)
	return r.prepare(ctx, o, f)
}

// prepare counts the rows and makes the offices of the desks; the file is then at its beginning again.
func (r *realData) prepare(ctx context.Context, o demoOptions, f *filler) error {
	var err error
	if f.all, err = f.file.table.Count(f.rows); err != nil {
		return err
	}
	if err := f.file.Close(); err != nil {
		return err
	}
	if f.file, err = o.real.open(f.source); err != nil {
		return err
	}
	f.im, err = intake.New(ctx, r.core.Service, f.file.table, f.file.bound, intake.Options{Procedures: procedures.FS, Rejects: f.rejects,
		Limit: f.rows, Workers: realWorkers, Progress: func(_ int64, rows int) { f.bar.show(rows, f.all) }})
	if err != nil {
		return err
	}
	err = f.source.Hire(ctx, r.core.Service, func(at map[string]string) (string, error) { return f.im.Office(ctx, at) })
	if err != nil {
		return err
	}
	return f.source.Remember(ctx, r.core.Service.Store, demo.Filling{Begun: true, Rows: f.rows})
}

// start brings the rows in, one source after the other, beside whatever else happens.
func (r *realData) start(ctx context.Context, stderr io.Writer) {
	r.running.Go(func() {
		for _, f := range r.fillers {
			if ctx.Err() != nil {
				return
			}
			if err := f.run(ctx, r.core, stderr); err != nil {
				fmt.Fprintf(stderr, "luoshi demo: %s: %v\n", f.source.Name, err)
			}
		}
	})
}

func (f *filler) run(ctx context.Context, core *server.Core, stderr io.Writer) error {
	f.bar.begin(f.all)
	result, err := f.im.Run(ctx)
	f.bar.end()
	var stopped *intake.Stopped
	if errors.As(err, &stopped) && ctx.Err() != nil {
		return fmt.Errorf("stopped before row %d; the next start goes on from there", stopped.Row)
	}
	if err != nil {
		return err
	}
	err = f.source.Remember(context.WithoutCancel(ctx), core.Service.Store, demo.Filling{Begun: true, Rows: f.rows, Done: true})
	fmt.Fprintf(stderr, "%s: %d rows: %d brought in, %d there already or left out, %d rejected, in %s\n", f.source.Name, result.Rows,
		result.Imported, result.Skipped, result.Rejected, result.Took.Round(time.Second))
	if result.Rejected > 0 {
		fmt.Fprintf(stderr, "%s: the rejected rows are in %s, each with the reason\n", f.source.Name, f.rejects)
	}
	return err
}

// close waits for what runs, whose context must have ended, and closes the files.
func (r *realData) close() error {
	r.running.Wait()
	var err error
	for _, f := range r.fillers {
		err = errors.Join(err, f.file.Close())
	}
	return err
}
