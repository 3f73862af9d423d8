package browser

import (
	"context"
	"os"
	"os/exec"
	"slices"
	"sync"
	"testing"

	"github.com/chromedp/chromedp"
)

// running are the browsers that the tests share.
var running browsers

// browsers are started when they are first asked for, one for each program and language, and end with the tests: to start
// one for each test takes as long as the test.
type browsers struct {
	mu      sync.Mutex
	started map[string]context.Context
	stops   []context.CancelFunc
}

// in is the browser of the language.
func (b *browsers) in(t testing.TB, lang string) context.Context {
	t.Helper()
	path := program(t)
	b.mu.Lock()
	defer b.mu.Unlock()
	if ctx := b.started[path+" "+lang]; ctx != nil && ctx.Err() == nil {
		return ctx
	}
	opts := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-component-update", true), chromedp.Flag("accept-lang", lang),
		chromedp.Flag("disable-back-forward-cache", true)) // going back asks the server, which is what a page must stand
	alloc, stop := chromedp.NewExecAllocator(context.Background(), opts...)
	ctx, cancel := chromedp.NewContext(alloc)
	b.stops = append(b.stops, cancel, stop)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatal(err)
	}
	if b.started == nil {
		b.started = map[string]context.Context{}
	}
	b.started[path+" "+lang] = ctx
	return ctx
}

// end ends all of them.
func (b *browsers) end() {
	for _, stop := range b.stops {
		stop()
	}
}

// program is the browser that is started: the one that BROWSER names, or Chromium without a window, the same engine for
// half the time, or whole Chromium, as for measurements.
func program(t testing.TB) string {
	t.Helper()
	names := []string{os.Getenv("BROWSER"), "chromium-headless-shell", "chromium", "google-chrome"}
	if _, measured := t.(*testing.B); measured {
		names = slices.Delete(names, 1, 2)
	}
	for _, name := range names {
		if path, err := exec.LookPath(name); name != "" && err == nil {
			return path
		}
	}
	missing(t, "chromium")
	return ""
}
