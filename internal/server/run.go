package server

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"runtime/debug"
	"sync"
	"time"

	"luoshi/internal/api"
	"luoshi/internal/casework"
	"luoshi/internal/config"
	"luoshi/internal/job"
	"luoshi/internal/limit"
	"luoshi/internal/office"
	"luoshi/internal/procedure/guide"
	"luoshi/internal/upload"
	"luoshi/internal/web"
	"luoshi/procedures"
)

// shutdownTime is how long requests under way may take after the signal to stop.
const shutdownTime = 10 * time.Second

// Run listens and serves core until ctx ends, and prints `ready http://ADDR` to out when it answers.
func Run(ctx context.Context, c config.Config, core *Core, out io.Writer) error {
	listener, err := Listen(c)
	if err != nil {
		return err
	}
	return Serve(ctx, c, core, listener, out)
}

// Listen takes the address. Nothing answers there before Serve; what comes meanwhile waits.
func Listen(c config.Config) (net.Listener, error) {
	listener, err := net.Listen("tcp", c.Listen)
	if err != nil {
		return nil, fmt.Errorf("cannot listen on %s (is something else using it? choose another with --listen): %w", c.Listen, err)
	}
	return listener, nil
}

// Serve serves core as Run does, on a listener that it closes in the end. With DemoAccounts the sign-in page offers them.
func Serve(ctx context.Context, c config.Config, core *Core, listener net.Listener, out io.Writer, demo ...web.DemoAccount) error {
	if os.Getenv("GOGC") == "" {
		// What lives is small and every request leaves garbage: collecting less often costs some tens of MB.
		debug.SetGCPercent(800)
	}
	log := slog.New(slog.NewTextHandler(os.Stderr, nil))
	handler, err := Handler(core, log, demo)
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	if c.Language != "" {
		handler = speaking(handler, c.Language)
	}
	srv := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: time.Minute, IdleTimeout: 2 * time.Minute,
		ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn)}
	jobs, stopJobs := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { job.Work(jobs, core.Service, c.Lapses, log) })
	watch, stopWatch := context.WithCancel(context.Background())
	running.Go(func() { core.Service.Watch(watch, log) })
	running.Go(func() { core.prepare(jobs, log) })
	failed := make(chan error, 1)
	go func() { failed <- srv.Serve(listener) }()
	fmt.Fprintf(out, "ready http://%s\n", listener.Addr())

	select {
	case err = <-failed:
	case <-ctx.Done():
		stopWatch() // ends the pages' open streams, which would hold up the shutdown
		err = shutdown(srv)
	}
	stopWatch()
	stopJobs()
	running.Wait()
	return err
}

// quietStart is left to those who wait for the server to answer, before it reads what nobody has asked for yet.
const quietStart = 5 * time.Second

// prepare lets the first overview come as fast as any. Where it fails, whoever asks tries again.
func (k *Core) prepare(ctx context.Context, log *slog.Logger) {
	select {
	case <-ctx.Done():
	case <-time.After(quietStart):
		if err := k.Service.Prepare(ctx); err != nil && ctx.Err() == nil {
			log.Warn("the overview could not be prepared", "error", err)
		}
	}
}

func shutdown(srv *http.Server) error {
	ctx, cancel := context.WithTimeout(context.Background(), shutdownTime)
	defer cancel()
	if err := srv.Shutdown(ctx); err != nil && !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return nil
}

// Handler is everything that is served: pages, API, log, health.
func Handler(core *Core, log *slog.Logger, demo []web.DemoAccount) (http.Handler, error) {
	now := core.Service.Now
	api.UseProblems()
	uploads := upload.New(core.Service.FileLimit())
	codes := limit.New(3*time.Second, 20, now)
	guides, err := guide.LoadFS(procedures.Guides, "guides")
	if err != nil {
		return nil, err
	}
	pages, err := web.New(web.Options{Service: core.Service, Codes: codes, Passwords: limit.New(6*time.Second, 10, now), Uploads: uploads,
		Demo: demo, VKey: core.Key.VerifierKey(), Guides: guides, Log: log})
	if err != nil {
		return nil, err
	}
	var prefer []string // what is lodged by the example shall reach a clerk who can sign in
	for _, d := range demo {
		if d.Role == office.RoleClerk {
			prefer = append(prefer, d.Unit)
		}
	}
	answers := api.New(api.Options{Service: core.Service, Codes: codes, Uploads: uploads, VKey: core.Key.VerifierKey(), Prefer: prefer, Log: log})
	mux := http.NewServeMux()
	mux.Handle("/v1/", answers)
	mux.Handle("/log/", answers)
	mux.HandleFunc("GET /healthz", core.health)
	m := newMetrics(core)
	mux.Handle("GET /metrics", m.handler())
	mux.Handle("/", pages)
	return m.measured(recovered(mux, log)), nil
}

// health answers 200 while the database can be read and its log is written here.
func (k *Core) health(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	size, err := k.Service.Store.Size(r.Context())
	if err != nil {
		w.WriteHeader(http.StatusServiceUnavailable)
		fmt.Fprintln(w, "the database cannot be read")
		return
	}
	if err := usable(r.Context(), k.store, true); err != nil {
		w.WriteHeader(http.StatusServiceUnavailable)
		fmt.Fprintln(w, err)
		return
	}
	fmt.Fprintf(w, "ok %d\n", size)
}

// speaking lets readers who ask for no language that there is have this one: they ask for it last.
func speaking(next http.Handler, language string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked := r.Header.Get("Accept-Language")
		if asked != "" {
			asked += ", "
		}
		r.Header.Set("Accept-Language", asked+language+";q=0.001")
		next.ServeHTTP(w, r)
	})
}

// recovered answers a panic with an error instead of a cut connection. What was sent is not logged: it may
// be personal.
func recovered(next http.Handler, log *slog.Logger) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			if p := recover(); p != nil {
				log.Error("panic", "route", r.Pattern, "type", fmt.Sprintf("%T", p))
				http.Error(w, casework.AsError(errors.New("panic")).Text.In("en"), http.StatusInternalServerError)
			}
		}()
		w.Header().Set("X-Content-Type-Options", "nosniff")
		next.ServeHTTP(w, r)
	})
}
