// Package browser tries the pages in a real browser: a person's whole way through a matter, accessibility of
// every page, phone and desktop, light and dark, both languages. It must never be linked into the product.
package browser

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// Tab is one tab of a browser on a site.
type Tab struct {
	t    testing.TB
	ctx  context.Context
	base string
	axe  string // source of axe-core; empty: not installed
	out  string // folder of the screenshots; empty: none are taken

	screenful bool // a screenshot shows what fits on the screen, not the whole page

	mu       sync.Mutex
	messages []string
}

// patience is how long one thing may take in the browser. It takes milliseconds, but not on a machine that is
// busy with much else.
const patience = 3 * time.Minute

// missing skips the test, or fails it where everything has to be installed.
func missing(t testing.TB, what string) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatal(what + " is missing")
	}
	t.Skip(what + " is absent")
}

// Open opens a tab on the site at base, in a browser of the language, that shares nothing with the others: no cookie, no
// draft. Screenshots are for people to look at and take a quarter of the time: they are taken when SHOTS names a folder
// for them.
func Open(t testing.TB, base, lang string) *Tab {
	t.Helper()
	tab := &Tab{t: t, base: base, out: os.Getenv("SHOTS")}
	ctx, cancel := chromedp.NewContext(running.in(t, lang), chromedp.WithNewBrowserContext(), chromedp.WithListener(tab.listen))
	t.Cleanup(cancel)
	tab.ctx = ctx
	if b, err := os.ReadFile(filepath.Join("..", "..", "node_modules", "axe-core", "axe.min.js")); err == nil {
		tab.axe = string(b)
	}
	if tab.out != "" {
		if err := os.MkdirAll(tab.out, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	tab.listening()
	return tab
}

// listening makes the browser say what it has to say about the pages of the tab.
func (b *Tab) listening() {
	b.t.Helper()
	b.do(chromedp.Func(func(ctx context.Context, at *chromedp.Target) error {
		if _, err := cdp.Call(ctx, at, log.Enable, cdp.Empty{}); err != nil {
			return err
		}
		if _, err := cdp.Call(ctx, at, runtime.Enable, cdp.Empty{}); err != nil {
			return err
		}
		// As in a window in front, though there are several: without that nothing shows where the focus is.
		_, err := cdp.Call(ctx, at, emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true})
		return err
	}))
}

// listen notes everything a browser says about a page: calls of the console, exceptions, refused resources.
// That a page was answered with 4xx, which the forms do on purpose, is no fault.
func (b *Tab) listen(ev any) {
	text := ""
	switch e := ev.(type) {
	case *runtime.EventConsoleAPICalled:
		text = "console call"
		for _, a := range e.Args {
			text += " " + a.Description
		}
	case *runtime.EventExceptionThrown:
		text = "exception " + e.ExceptionDetails.Text
	case *log.EventEntryAdded:
		text = string(e.Entry.Source) + " " + e.Entry.Text + " " + e.Entry.URL
		if strings.Contains(e.Entry.Text, "status of 4") && !strings.Contains(e.Entry.URL, "/static/") {
			return
		}
	default:
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.messages = append(b.messages, text)
}

// quiet fails the test when the browser had something to say.
func (b *Tab) quiet() {
	b.t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, m := range b.messages {
		b.t.Errorf("the browser says: %s", m)
	}
	b.messages = nil
}

func (b *Tab) do(actions ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	if chromedp.FromContext(b.ctx).Target == nil {
		ctx = b.ctx // a limit on the first run would end the browser
	}
	if err := chromedp.Do(ctx, actions...); err != nil {
		b.t.Fatal(err)
	}
}

// js runs an expression in the page.
func js[T any](b *Tab, expression string) T {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		b.t.Fatalf("%.80s: %v", expression, err)
	}
	return v
}

// Go opens a page.
func (b *Tab) Go(path string) {
	b.t.Helper()
	b.do(chromedp.Navigate(b.base + path))
}

// Click clicks what the selector names and waits for the page it leads to.
func (b *Tab) Click(selector string) {
	b.t.Helper()
	b.leads(chromedp.Click(chromedp.CSS(selector)))
}

// leads does what leads to another page and waits for that.
func (b *Tab) leads(action chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	if _, err := chromedp.RunResponse(ctx, action); err != nil {
		b.t.Fatal(err)
	}
}

// activate presses what the selector names, seen or not, and waits for the page it leads to.
func (b *Tab) activate(selector string) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	click := chromedp.Func(func(ctx context.Context, at *chromedp.Target) error {
		_, err := cdp.Call(ctx, at, runtime.Evaluate, runtime.EvaluateParams{Expression: fmt.Sprintf(`document.querySelector(%q).click()`, selector)})
		return err
	})
	if _, err := chromedp.RunResponse(ctx, click); err != nil {
		b.t.Fatalf("%s: %v", selector, err)
	}
}

// Fill types a value into the input of a form with that name. scope is a selector for the form.
func (b *Tab) Fill(scope, name, value string) {
	b.t.Helper()
	args, err := json.Marshal([]string{scope, name, value})
	if err != nil {
		b.t.Fatal(err)
	}
	ok := js[bool](b, fmt.Sprintf(`(([scope, name, value]) => {
		const all = [...document.querySelector(scope).querySelectorAll('[name="' + name + '"]')];
		const input = all.find((i) => i.type === 'radio' ? i.value === value : true);
		if (!input) return false;
		if (input.type === 'radio') input.click(); else input.value = value;
		input.dispatchEvent(new Event('input', {bubbles: true}));
		return input.type === 'radio' ? input.checked : input.value === value;
	})(%s)`, args))
	if !ok {
		b.t.Fatalf("%s cannot take %q", name, value)
	}
}

// Text is what the page shows.
func (b *Tab) Text() string {
	b.t.Helper()
	return js[string](b, `document.body.innerText`)
}

// Shows fails the test unless the page shows every text.
func (b *Tab) Shows(texts ...string) {
	b.t.Helper()
	shown := b.Text()
	for _, text := range texts {
		if !strings.Contains(shown, text) {
			b.t.Errorf("the page does not show %q:\n%s", text, shown)
		}
	}
}

// screen is how a page is looked at.
type screen struct {
	name          string
	width, height int64
	scheme        string
}

func screens() []screen {
	return []screen{{"phone", 360, 740, "light"}, {"desktop", 1280, 800, "light"}, {"dark", 360, 740, "dark"}}
}

// phone is the screen that people act on between the checks.
func (b *Tab) phone() { b.look(screens()[0]) }

func (b *Tab) look(s screen) {
	b.t.Helper()
	b.do(chromedp.EmulateViewport(s.width, s.height), chromedp.Func(func(ctx context.Context, at *chromedp.Target) error {
		_, err := cdp.Call(ctx, at, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: s.scheme}}})
		return err
	}))
}

// Check looks at the page on every screen: no fault of accessibility, nothing to scroll sideways, nothing in
// the console. It leaves a screenshot of each where they are asked for.
func (b *Tab) Check(name string) {
	b.t.Helper()
	for _, s := range screens() {
		b.look(s)
		b.shoot(name + "-" + s.name)
		// What is folded is checked too.
		js[bool](b, `document.querySelectorAll('details').forEach((d) => { d.dataset.was = d.open; d.open = true; }), true`)
		if wide := js[string](b, sideways); wide != "" {
			b.t.Errorf("%s on %s scrolls sideways: %s", name, s.name, wide)
		}
		if wide := s.width > s.height; s.scheme == "dark" || wide == wideIn(js[string](b, `document.documentElement.lang`)) {
			b.accessible(name, s)
		}
		js[bool](b, `document.querySelectorAll('details').forEach((d) => { d.open = d.dataset.was === 'true'; }), true`)
	}
	b.phone()
	b.quiet()
}

// sideways names what is wider than the screen.
const sideways = `(() => {
	const wide = document.documentElement.clientWidth;
	if (document.documentElement.scrollWidth <= wide) return '';
	return [...document.querySelectorAll('body *')].filter((e) => e.getBoundingClientRect().right > wide + 1)
		.slice(0, 5).map((e) => e.tagName + '.' + e.className).join(' ') || 'the page';
})()`

// shoot takes a screenshot, where they are asked for.
func (b *Tab) shoot(name string) {
	b.t.Helper()
	if b.out == "" {
		return
	}
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	take := chromedp.Action[[]byte](wholePage)
	if b.screenful {
		take = chromedp.CaptureScreenshot()
	}
	image, err := chromedp.Run(ctx, take)
	if err != nil {
		b.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(b.out, name+".png"), image, 0o644); err != nil {
		b.t.Fatal(err)
	}
}

// wholePage is a picture of it as PNG, packed in the quick way.
func wholePage(ctx context.Context, at *chromedp.Target) ([]byte, error) {
	shot, err := cdp.Call(ctx, at, page.CaptureScreenshot, page.CaptureScreenshotParams{
		CaptureBeyondViewport: new(true), FromSurface: new(true), OptimizeForSpeed: new(true), Format: page.CaptureScreenshotFormatPng})
	if err != nil {
		return nil, err
	}
	return shot.Data, nil
}

// fault is one thing axe-core found.
type fault struct {
	ID    string   `json:"id"`
	Help  string   `json:"help"`
	Nodes []string `json:"nodes"`
}

// colourRule is the rule of axe-core for what depends on colours.
const colourRule = `{type: 'rule', values: ['color-contrast']}`

// wideIn tells whether axe-core judges the pages in a language at a desk, or on a phone: once for each language, because
// it takes longer than all other checks together, and what it finds hardly ever needs this language and that width at once.
func wideIn(lang string) bool { return lang == "en" }

func (b *Tab) accessible(name string, s screen) {
	b.t.Helper()
	rules := `{type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']}`
	if s.scheme == "dark" { // the same page as on a phone in light but for its colours
		rules = colourRule
	}
	for _, f := range b.violations(rules) {
		b.t.Errorf("%s on %s: %s (%s)\n%s", name, s.name, f.ID, f.Help, strings.Join(f.Nodes, "\n"))
	}
}

// violations is what axe-core finds by the rules, nothing when it is not installed.
func (b *Tab) violations(rules string) (faults []fault) {
	b.t.Helper()
	if b.axe == "" {
		return nil
	}
	if !js[bool](b, `typeof axe === 'object'`) {
		js[bool](b, b.axe+`;true`)
	}
	found := js[string](b, `axe.run(document, {resultTypes: ['violations'], runOnly: `+rules+`}).then((r) => JSON.stringify(r.violations.map((v) => (
		{id: v.id, help: v.help, nodes: v.nodes.slice(0, 4).map((n) => n.html.slice(0, 160) + ' ' + n.failureSummary)}))))`)
	if err := json.Unmarshal([]byte(found), &faults); err != nil {
		b.t.Fatal(err)
	}
	return faults
}
