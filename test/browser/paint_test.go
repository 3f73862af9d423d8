package browser

import (
	"context"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// A slow phone: 400 kbit/s, 400 ms to the first byte of every answer, a quarter of this machine's processor.
const (
	slowBytes   = 400_000 / 8
	slowLatency = 400
	slowCPU     = 4
)

// firstPageBytes is the most that the first page may cost: page, style and script, as they are transferred.
const firstPageBytes = 60_000

// weight adds up what a tab receives.
type weight struct {
	mu    sync.Mutex
	kinds map[network.RequestID]string // html, css, js or other
	by    map[string]int
}

func (w *weight) listen(ev any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch e := ev.(type) {
	case *network.EventResponseReceived:
		kind := map[network.ResourceType]string{network.ResourceTypeDocument: "html", network.ResourceTypeStylesheet: "css", network.ResourceTypeScript: "js"}[e.Type]
		if kind == "" {
			kind = "other"
		}
		w.kinds[e.RequestID] = kind
	case *network.EventLoadingFinished:
		w.by[w.kinds[e.RequestID]] += int(e.EncodedDataLength)
	}
}

// weigh opens the page with nothing kept from before.
func (w *world) weigh(t testing.TB, tab *Tab, path string) map[string]int {
	t.Helper()
	counted := &weight{kinds: map[network.RequestID]string{}, by: map[string]int{}}
	ctx, cancel := context.WithCancel(tab.ctx)
	defer cancel()
	if err := chromedp.Listen(ctx, counted.listen); err != nil {
		t.Fatal(err)
	}
	tab.do(call(network.Enable, network.EnableParams{}), call(network.SetCacheDisabled, network.SetCacheDisabledParams{CacheDisabled: true}))
	tab.Go(path)
	tab.until(`document.readyState === 'complete'`)
	counted.mu.Lock()
	defer counted.mu.Unlock()
	return maps.Clone(counted.by)
}

func TestTheFirstPageIsLight(t *testing.T) {
	first := Open(t, "about:blank", "zh")
	first.Go("")
	for _, lang := range []string{"zh", "en"} {
		w := newWorld(t, first, lang)
		got := w.weigh(t, w.tab(t, "", nil), "/")
		if sum := got["html"] + got["css"] + got["js"]; sum > firstPageBytes || got["html"] == 0 || got["css"] == 0 {
			t.Errorf("%s: the first page costs %d bytes, at most %d are allowed: %v", lang, sum, firstPageBytes, got)
		}
	}
}

// BenchmarkPaint measures when the first text is seen on a slow phone, and what a page costs:
//
//	go test ./test/browser -run - -bench Paint -benchtime 5x
//
// It prints the median. Nothing is kept in the browser between two openings; -warm pages have style and script.
func BenchmarkPaint(b *testing.B) {
	first := Open(b, "about:blank", "zh")
	first.Go("")
	w := newWorld(b, first, "zh")
	for _, p := range []struct {
		name, path string
		tab        *Tab
	}{
		{"start", "/", w.tab(b, "", nil)},
		{"lodge", "/lodge/people-mediation", w.tab(b, "", nil)},
		{"m", "/m", w.tab(b, "", &w.agreed)},
		{"desk", "/desk", w.tab(b, "clerk", nil)},
		{"matter", "/desk/m/" + w.agreed.Matter.Number, w.tab(b, "clerk", nil)},
	} {
		for _, warm := range []bool{false, true} {
			b.Run(p.name+strings.Repeat("-warm", map[bool]int{true: 1}[warm]), func(b *testing.B) { w.paint(b, p.tab, p.path, warm) })
		}
	}
}

func (w *world) paint(b *testing.B, tab *Tab, path string, warm bool) {
	tab.t = b
	tab.look(phoneScreen("light"))
	bytes := w.weigh(b, tab, path)
	tab.slow(true)
	defer tab.slow(false)
	tab.do(call(network.SetCacheDisabled, network.SetCacheDisabledParams{CacheDisabled: !warm}))
	if warm {
		tab.Go(path)
	}
	var times []float64
	for b.Loop() {
		tab.Go(path)
		times = append(times, js[float64](tab, `new Promise((done) => new PerformanceObserver((list) => {
			const paint = list.getEntriesByName('first-contentful-paint')[0];
			if (paint) done(paint.startTime);
		}).observe({type: 'paint', buffered: true}))`))
	}
	slices.Sort(times)
	b.ReportMetric(times[len(times)/2], "fcp-ms")
	b.ReportMetric(times[len(times)-1], "worst-ms")
	for _, kind := range []string{"html", "css", "js"} {
		b.ReportMetric(float64(bytes[kind]), kind+"-bytes")
	}
	b.ReportMetric(0, "ns/op")
}

// slow makes the tab one of a slow phone.
func (b *Tab) slow(on bool) {
	b.t.Helper()
	c := network.Conditions{DownloadThroughput: -1, UploadThroughput: -1}
	rate := 1.0
	if on {
		c = network.Conditions{Latency: slowLatency, DownloadThroughput: slowBytes, UploadThroughput: slowBytes}
		rate = slowCPU
	}
	b.do(call(network.EmulateNetworkConditionsByRule, network.EmulateNetworkConditionsByRuleParams{MatchedNetworkConditions: []*network.Conditions{&c}}),
		call(emulation.SetCPUThrottlingRate, emulation.SetCPUThrottlingRateParams{Rate: rate}))
}
