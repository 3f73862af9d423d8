package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"text/tabwriter"

	"luoshi/internal/config"
	"luoshi/internal/demo"
	"luoshi/internal/office"
	"luoshi/internal/server"
	"luoshi/internal/web"
)

// demoOptions are the parsed arguments of `luoshi demo`.
type demoOptions struct {
	config config.Config
	dir    string
	demo.Options
	real realOptions
	json bool
}

// file is where the addresses and accounts are written.
func (o demoOptions) file() string { return filepath.Join(o.dir, "demo.json") }

const maxDemoMatters = 1_000_000

// runDemo fills a fictional province, or goes on with one, and serves it.
func runDemo(args []string, _ io.Reader, stdout, stderr io.Writer) int {
	o := demoOptions{config: config.Default()}
	flags := flag.NewFlagSet("demo", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.StringVar(&o.dir, "dir", ".demo", "the `FOLDER` for database, key and demo.json; made when missing")
	flags.StringVar(&o.config.Listen, "listen", o.config.Listen, "the `ADDRESS` to answer on; port 0 takes a free one")
	flags.IntVar(&o.Matters, "matters", 3000, "how many `MATTERS` a new demo gets")
	flags.Int64Var(&o.Seed, "seed", 1, "the same `NUMBER` gives the same matters")
	flags.Func("with", "also offer real requests: `NAMES` separated by commas, of boston, chicago", o.real.add)
	flags.StringVar(&o.real.data, "data", cmp.Or(os.Getenv(dataVariable), dataFolder), "the `FOLDER` of the files for --with; also "+dataVariable)
	flags.IntVar(&o.real.rows, "rows", 0, "how many `ROWS` of each file --with takes; 0: all")
	flags.BoolVar(&o.json, "json", false, "print addresses and accounts as JSON")
	flags.Usage = func() {
		fmt.Fprint(flags.Output(), "Usage: luoshi demo [--dir FOLDER] [--listen ADDRESS] [--matters N] [--seed N] [--with NAMES] [--json]\n\n"+
			"Fills a province that does not exist with synthetic matters over three years, writes FOLDER/demo.json\n"+
			"(addresses, accounts, passwords, tokens) and serves it. A folder that is filled already is served as it\n"+
			"is; one whose filling was interrupted is completed. Never use it for real matters.\n\n"+
			"--with brings the published requests of a city in beside it, by the mapping of luoshi import, while the\n"+
			"pages answer already. Their files do not come with the program; --data says where they lie. Started again\n"+
			"it goes on where it was, also without --with.\n\nOptions:\n")
		flags.PrintDefaults()
		fmt.Fprint(flags.Output(), "\nExamples:\n  luoshi demo --dir .demo --listen 127.0.0.1:8080\n"+
			"  luoshi demo --with boston --rows 20000 --data ../shared/data\n")
	}
	if code, stop := parseFlags(flags, args, stdout); stop {
		return code
	}
	if err := checkDemo(flags, o); err != nil {
		fmt.Fprintf(stderr, "luoshi demo: %v\nSee luoshi demo --help.\n", err)
		return exitMisuse
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	switch err := serveDemo(ctx, o, stdout, stderr); {
	case err != nil && ctx.Err() != nil && errors.Is(err, context.Canceled):
		fmt.Fprintln(stderr, "luoshi demo: stopped; the next start goes on from here")
	case err != nil:
		fmt.Fprintf(stderr, "luoshi demo: %v\n", err)
		return exitFault
	}
	return exitDone
}

func checkDemo(flags *flag.FlagSet, o demoOptions) error {
	switch {
	case flags.NArg() > 0:
		return fmt.Errorf("unexpected argument %q", flags.Arg(0))
	case o.dir == "":
		return errors.New("--dir must name a folder")
	case o.Matters < 0 || o.Matters > maxDemoMatters:
		return fmt.Errorf("--matters must be from 0 to %d", maxDemoMatters)
	}
	if _, _, err := net.SplitHostPort(o.config.Listen); err != nil {
		return fmt.Errorf("--listen must be HOST:PORT, for example 127.0.0.1:8080: %w", err)
	}
	return o.real.check()
}

// serveDemo opens the database on the demo's clock, fills what is missing and serves.
func serveDemo(ctx context.Context, o demoOptions, stdout, stderr io.Writer) error {
	if err := os.MkdirAll(o.dir, 0o755); err != nil {
		return err
	}
	o.config.DB = "sqlite:" + filepath.Join(o.dir, "luoshi.db")
	clock := &demo.Clock{}
	core, err := server.OpenCore(ctx, o.config, clock.Now)
	if err != nil {
		return err
	}
	defer core.Close()
	if err := core.PublishPacks(ctx); err != nil {
		return err
	}
	province, err := demo.Open(ctx, core.Service, clock, o.Options)
	if err != nil {
		return err
	}
	if _, err := openDoors(ctx, o, core, hired(core)); err != nil {
		return err
	}
	listener, err := server.Listen(o.config) // an address that is taken is said before the filling, not after
	if err != nil {
		return err
	}
	defer listener.Close()
	if err := fillDemo(ctx, province, stderr); err != nil {
		return err
	}
	real, err := openReal(ctx, o, core, stderr)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	err = answerDemo(ctx, cancel, o, core, real, listener, stdout, stderr)
	cancel()
	return errors.Join(err, real.close())
}

// answerDemo serves a filled demo. The real requests come in once it answers.
func answerDemo(ctx context.Context, cancel func(), o demoOptions, core *server.Core, real *realData, listener net.Listener, stdout, stderr io.Writer) error {
	file, err := openDoors(ctx, o, core, hired(core))
	if err != nil {
		return err
	}
	var shown []web.DemoAccount
	for _, a := range file.Accounts {
		shown = append(shown, web.DemoAccount{Login: a.Login, Password: a.Password, Role: a.Role, Unit: a.Unit})
	}
	out := &readyWriter{out: stdout, ready: func(url string) error {
		file.URL = url
		err := file.Write(o.file())
		if err == nil {
			err = printDemo(stdout, file, o, core)
		}
		if err != nil {
			cancel() // nobody could use what nobody can find
			return err
		}
		real.start(ctx, stderr)
		return nil
	}}
	if err := server.Serve(ctx, o.config, core, listener, out, shown...); err != nil {
		return err
	}
	return out.err
}

// openDoors writes demo.json, new or completed, before anything in it is set in the database.
func openDoors(ctx context.Context, o demoOptions, core *server.Core, accounts []office.Account) (*demo.File, error) {
	file, err := demo.ReadFile(o.file())
	if err != nil {
		return nil, err
	}
	file.Complete(accounts)
	file.URL, file.VKey = "http://"+o.config.Listen, core.Key.VerifierKey()
	if err := file.Write(o.file()); err != nil {
		return nil, err
	}
	if err := demo.Admit(ctx, core.Service, file, accounts); err != nil {
		return nil, err
	}
	return file, core.Service.ReloadStaff(ctx)
}

func fillDemo(ctx context.Context, province *demo.Province, stderr io.Writer) error {
	if province.Filled() {
		return nil
	}
	p := newProgress(stderr, "filling the demo province", province.Matters())
	defer p.end()
	return province.Fill(ctx, p.show)
}

// readyWriter passes everything on. Before the line that says where the server answers, it hands over the
// address.
type readyWriter struct {
	out   io.Writer
	ready func(url string) error
	err   error
}

// Write implements io.Writer.
func (w *readyWriter) Write(b []byte) (int, error) {
	if url, ok := bytes.CutPrefix(b, []byte("ready ")); ok {
		if err := w.ready(strings.TrimSpace(string(url))); err != nil {
			w.err = err
			return 0, err
		}
	}
	return w.out.Write(b)
}

// printDemo prints addresses and accounts.
func printDemo(w io.Writer, file *demo.File, o demoOptions, core *server.Core) error {
	if o.json {
		return json.NewEncoder(w).Encode(file)
	}
	fmt.Fprintf(w, "pages  %s/\nAPI    %s/v1\nkey    %s\n\n", file.URL, file.URL, file.VKey)
	t := tabwriter.NewWriter(w, 0, 0, 3, ' ', 0)
	fmt.Fprintln(t, "login\tpassword\trole\tunit")
	tree := core.Service.Tree()
	for _, a := range file.Accounts {
		place := "everywhere"
		if u, ok := tree.Unit(a.Unit); ok {
			place = u.Label("zh")
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\n", a.Login, a.Password, a.Role, place)
	}
	t.Flush()
	_, err := fmt.Fprintf(w, "\nAPI tokens are in %s.\n\n", o.file())
	return err
}
