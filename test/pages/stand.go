// Package pages runs the pages over a real store, for tests: a small tree of offices, staff with passwords,
// the procedures that come with the product. It must never be linked into the product.
package pages

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"luoshi/internal/casework"
	"luoshi/internal/config"
	"luoshi/internal/limit"
	"luoshi/internal/office"
	"luoshi/internal/procedure/guide"
	"luoshi/internal/server"
	"luoshi/internal/web"
	"luoshi/procedures"
)

// Password is every account's password.
const Password = "correct horse"

// Stand is the pages with all that is behind them.
type Stand struct {
	Service *casework.Service
	VKey    string
	Handler http.Handler
	Log     *Buffer

	// StopWatch ends the streams of events, as a server does when it stops.
	StopWatch func()
}

// New opens a fresh store and makes the pages over it. The logins are clerk, mediator, head, auditor and
// officer, all for the county "c", and author, for the province.
func New(t testing.TB) *Stand { return NewAt(t, time.Now) }

// NewAt is New with a clock.
func NewAt(t testing.TB, now func() time.Time) *Stand {
	t.Helper()
	files, err := furnished()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	core, err := open(dir, now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { core.Close() })
	s := &Stand{Service: core.Service, VKey: core.Key.VerifierKey(), Log: &Buffer{}}
	s.watch(t)
	guides, err := guide.LoadFS(procedures.Guides, "guides")
	if err != nil {
		t.Fatal(err)
	}
	s.Handler, err = web.New(web.Options{Guides: guides, Service: core.Service, VKey: s.VKey,
		Codes: limit.New(time.Hour, 5, now), Passwords: limit.New(time.Hour, 5, now),
		Demo: []web.DemoAccount{{Login: "clerk", Password: Password, Role: "clerk", Unit: "t"}},
		Log:  slog.New(slog.NewJSONHandler(s.Log, nil))})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// open opens the store in a folder, and makes it when there is none.
func open(dir string, now func() time.Time) (*server.Core, error) {
	c := config.Default()
	c.DB = "sqlite:" + filepath.Join(dir, "luoshi.db")
	return server.OpenCore(context.Background(), c, now)
}

// watch lets pages hear of changes until the test ends.
func (s *Stand) watch(t testing.TB) {
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { s.Service.Watch(ctx, slog.New(slog.NewTextHandler(s.Log, nil))) })
	s.StopWatch = func() {
		cancel()
		running.Wait()
	}
	t.Cleanup(s.StopWatch)
}

// Actor is the account as the service knows it.
func (s *Stand) Actor(login string) office.Actor {
	return office.Actor{Account: s.Service.Staff().Accounts[login]}
}

// Buffer is a log that can be read while it is written.
type Buffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *Buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

// String is all that was written.
func (b *Buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}
