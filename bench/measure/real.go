package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"time"

	"luoshi/examples"
	"luoshi/internal/demo"
	"luoshi/internal/intake"
	"luoshi/internal/office"
	"luoshi/internal/server"
	"luoshi/procedures"
)

// ahead is how long after the import all first time limits of the requests have run out: one working day, whatever the
// day on which they came in.
const ahead = 5 * 24 * time.Hour

// runReal asks for the desk's pages over published requests of two cities, and then lets the time limits of all of them
// run out at once and asks again while that is recorded.
func runReal(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("real", flag.ExitOnError)
	cache := cacheFlag(flags)
	data := flags.String("data", "../shared/data", "the `FOLDER` of the files, as for luoshi demo --with")
	rows := flags.Int("rows", 0, "how many `ROWS` of each file; 0: all")
	clients := flags.Int("clients", 4, "connections at once")
	duration := flags.Duration("duration", 2*time.Second, "of one page")
	flags.Parse(args)
	dir, err := bringIn(ctx, filepath.Join(*cache, fmt.Sprintf("real-%d", *rows)), *data, *rows)
	if err != nil {
		return err
	}
	if err := quietly(ctx, dir, *clients, *duration); err != nil {
		return err
	}
	return whileLapsing(ctx, dir)
}

// bringIn answers the folder of a database with the requests, making it when it is not there.
func bringIn(ctx context.Context, dir, data string, rows int) (string, error) {
	if _, err := os.Stat(clockFile(dir)); !errors.Is(err, fs.ErrNotExist) {
		return dir, err
	}
	if err := errors.Join(os.RemoveAll(dir), os.MkdirAll(dir, 0o755)); err != nil {
		return "", err
	}
	core, err := server.OpenCore(ctx, siteConfig(dir, ""), time.Now)
	if err != nil {
		return "", err
	}
	err = core.PublishPacks(ctx)
	for _, s := range demo.Sources() {
		if err == nil {
			err = bringInOne(ctx, core, s, data, intake.Options{Procedures: procedures.FS, Limit: rows, Rejects: filepath.Join(dir, s.Name+".rejects.csv")})
		}
	}
	if err = errors.Join(err, core.Close()); err != nil {
		return "", err
	}
	return dir, writeClock(dir, time.Now())
}

func bringInOne(ctx context.Context, core *server.Core, s demo.Source, data string, o intake.Options) error {
	file, err := os.Open(filepath.Join(data, s.File))
	if err != nil {
		return fmt.Errorf("%w: %s", err, s.From)
	}
	defer file.Close()
	text, err := examples.FS.ReadFile(s.Mapping)
	if err != nil {
		return err
	}
	table, bound, err := intake.Match(s.Mapping, text, file)
	if err != nil {
		return err
	}
	im, err := intake.New(ctx, core.Service, table, bound, o)
	if err != nil {
		return err
	}
	if err := s.Hire(ctx, core.Service, func(at map[string]string) (string, error) { return im.Office(ctx, at) }); err != nil {
		return err
	}
	result, err := im.Run(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintf(os.Stderr, "%s: %d matters in %s\n", s.Name, result.Imported, result.Took.Round(time.Second))
	return letIn(ctx, core, s.Hired(core.Service))
}

// letIn gives accounts the password of the measuring ones.
func letIn(ctx context.Context, core *server.Core, accounts []office.Account) error {
	hash, err := office.HashPassword(pagePassword)
	if err != nil {
		return err
	}
	for _, a := range accounts {
		if err := core.Service.Store.PutAccount(ctx, a, hash, office.TokenHash(token(a.Login))); err != nil {
			return err
		}
	}
	return nil
}

// desks are those who look: the heads of the cities and the clerk of the largest department.
func desks() []string { return []string{"boston-head", "boston-clerk", "chicago-head"} }

// quietly asks for every page while nothing else happens.
func quietly(ctx context.Context, dir string, clients int, duration time.Duration) error {
	p, err := startLuoshi(ctx, dir)
	if err != nil {
		return err
	}
	defer p.stop()
	r := newReader(p.url, clients, duration)
	if err := r.enterDesks(ctx); err != nil {
		return err
	}
	fmt.Println("| page | who | p50 ms | p99 ms |\n|---|---|--:|--:|")
	for _, who := range desks() {
		all, err := r.realPages(ctx, who)
		if err != nil {
			return err
		}
		for _, q := range all {
			took, err := r.ask(ctx, q)
			if err != nil {
				return err
			}
			fmt.Printf("| %s | %s | %.1f | %.1f |\n", q.what, q.who, took.P50, took.P99)
		}
	}
	return nil
}

func (r *reader) enterDesks(ctx context.Context) error {
	forms := map[string]url.Values{}
	for _, who := range desks() {
		forms[who] = url.Values{"login": {who}, "password": {pagePassword}}
	}
	return r.enter(ctx, forms)
}

func (r *reader) realPages(ctx context.Context, who string) ([]question, error) {
	var all []question
	for _, path := range []string{"/desk", "/desk?order=newest", "/desk?order=newest&show=all", "/desk?show=ended", "/desk?due=week", "/desk?assignee=none",
		"/desk?mine=1", "/desk/overview", "/desk/overview?by=week"} {
		all = append(all, question{path, who, same(path)})
	}
	for _, words := range []string{"graffiti", "street light outages", "rodent", "Dorchester parking"} {
		resp, err := r.post(ctx, who, "/desk", url.Values{"words": {words}, "show": {"all"}})
		if err != nil {
			return nil, err
		}
		all = append(all, question{"/desk, search: " + words, who, same(resp.Header.Get("Location"))})
	}
	var rows page
	if err := r.get(ctx, who, "/v1/matters?order=newest&open=any&limit=1", &rows); err != nil || len(rows.Items) == 0 {
		return nil, fmt.Errorf("%s has nothing to read: %w", who, err)
	}
	number := rows.Items[0].Number
	return append(all, question{"/desk/m/{number}", who, same("/desk/m/" + number)}, question{"/desk/m/{number}/print", who, same("/desk/m/" + number + "/print")}), nil
}

// whileLapsing starts a server some days later, in a copy, and asks for the worklist until everything that has run out
// meanwhile is recorded.
func whileLapsing(ctx context.Context, dir string) error {
	later, err := os.MkdirTemp("", "measure-lapse-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(later)
	if err := errors.Join(os.CopyFS(later, os.DirFS(dir)), os.Chmod(filepath.Join(later, "luoshi.db.key"), 0o600)); err != nil {
		return err
	}
	p, err := startLuoshi(ctx, later, "--ahead", ahead.String())
	if err != nil {
		return err
	}
	defer p.stop()
	r := newReader(p.url, 1, 0)
	if err := r.enterDesks(ctx); err != nil {
		return err
	}
	began := time.Now()
	first, err := r.logSize(ctx)
	if err != nil {
		return err
	}
	var took []float64
	last, at := first, began
	for time.Since(at) < 5*time.Second {
		asked := time.Now()
		if err := r.get(ctx, desks()[0], "/desk", nil); err != nil {
			return err
		}
		took = append(took, float64(time.Since(asked).Microseconds())/1000)
		size, err := r.logSize(ctx)
		if err != nil {
			return err
		}
		if size != last {
			last, at = size, time.Now()
		}
		time.Sleep(20 * time.Millisecond)
	}
	fmt.Printf("\n%d entries recorded within %s, %.0f a second\n", last-first, at.Sub(began).Round(time.Second), float64(last-first)/at.Sub(began).Seconds())
	slices.Sort(took)
	fmt.Printf("meanwhile /desk of %s: p50 %.1f ms, p99 %.1f ms, worst %.1f ms, asked %d times\n", desks()[0], took[len(took)/2], took[len(took)*99/100], took[len(took)-1], len(took))
	return nil
}

// logSize is how many entries the log has: the second line of its signed head.
func (r *reader) logSize(ctx context.Context) (size int64, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, r.url+"/log/checkpoint", nil)
	if err != nil {
		return 0, err
	}
	resp, err := r.http.Do(req)
	if err != nil {
		return 0, err
	}
	defer resp.Body.Close()
	_, err = fmt.Fscanf(resp.Body, "%s\n%d\n", new(string), &size)
	return size, err
}
