package browser

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"testing"

	"luoshi/ui"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

//go:embed checks.js
var checks string

// phoneScreen and deskScreen are what every page is looked at with; WCAG names 320 px and twice the size.
func phoneScreen(scheme string) screen { return screen{"phone", 390, 844, scheme} }
func deskScreen(scheme string) screen  { return screen{"desktop", 1280, 800, scheme} }

// narrow are further sizes at which nothing may be lost: reflow (1.4.10), a desk at 200 %, a phone turned.
func narrow() []screen {
	return []screen{{"320", 320, 568, "light"}, {"desktop at 200 %", 640, 400, "light"}, {"phone turned", 844, 390, "light"}}
}

// Every page, in both languages, on phone and desktop, light and dark: see checks.js for what is asked of it.
func TestEveryPage(t *testing.T) {
	first := Open(t, "about:blank", "zh")
	if first.axe == "" {
		missing(t, "node_modules/axe-core (npm ci)")
	}
	first.Go("")
	t.Run("in", func(t *testing.T) {
		for _, lang := range []string{"zh", "en"} {
			t.Run(lang, func(t *testing.T) {
				t.Parallel()
				w := newWorld(t, first, lang)
				keys := textKeys(t)
				for _, e := range registry() {
					t.Run(e.name, func(t *testing.T) { (&visit{world: w, entry: e, keys: keys}).all(t) })
				}
			})
		}
	})
}

// textKeys are the names of the texts, which nobody should ever see.
func textKeys(t *testing.T) []string {
	t.Helper()
	b, err := fs.ReadFile(ui.FS, "text/en.json")
	if err != nil {
		t.Fatal(err)
	}
	var texts map[string]string
	if err := json.Unmarshal(b, &texts); err != nil {
		t.Fatal(err)
	}
	return slices.DeleteFunc(slices.Sorted(maps.Keys(texts)), func(k string) bool { return !strings.ContainsAny(k, ".-") })
}

// visit looks at one page in every way.
type visit struct {
	*world
	entry
	*Tab
	keys  []string
	found map[string][]string // where each fault was seen
}

func (v *visit) all(t *testing.T) {
	if v.entry.party != nil {
		v.Tab = v.tab(t, "", v.entry.party(v.world))
	} else {
		v.Tab = v.tab(t, v.who, nil)
	}
	v.found = map[string][]string{}
	v.look(phoneScreen("light"))
	v.open()
	for _, wide := range []bool{false, true} {
		if wide && v.arrive == nil {
			v.look(deskScreen("light"))
			v.open() // some script looks at the width once
		}
		v.schemes(wide)
	}
	v.sizes()
	v.largeType()
	v.preferences()
	v.keyboard()
	v.otherLanguage()
	v.quiet()
	if v.arrive == nil {
		v.bare()
	}
	for _, fault := range slices.Sorted(maps.Keys(v.found)) {
		t.Errorf("%s\n\t%s", fault, strings.Join(v.found[fault], ", "))
	}
}

// open goes to the page.
func (v *visit) open() {
	v.t.Helper()
	v.Go(v.path(v.world))
	if v.arrive != nil {
		v.arrive(v.world, v.Tab)
	}
	js[bool](v.Tab, checks)
	status := js[int](v.Tab, `performance.getEntriesByType('navigation')[0].responseStatus`)
	if fault := status >= 400; fault != v.fault {
		v.t.Fatalf("the page comes with status %d:\n%s", status, v.Text())
	}
}

// ask runs checks in the page and notes what they find.
func (v *visit) ask(where string, what ...any) {
	v.t.Helper()
	asked, err := json.Marshal(what)
	if err != nil {
		v.t.Fatal(err)
	}
	var faults []string
	if err := json.Unmarshal([]byte(js[string](v.Tab, fmt.Sprintf(`luoshiChecks.faults(...%s)`, asked))), &faults); err != nil {
		v.t.Fatal(err)
	}
	for _, f := range faults {
		v.found[f] = append(v.found[f], where)
	}
}

// schemes checks everything in light; in dark only what depends on colours.
func (v *visit) schemes(wide bool) {
	v.t.Helper()
	size := phoneScreen
	if wide {
		size = deskScreen
	}
	for _, scheme := range []string{"light", "dark"} {
		s := size(scheme)
		v.look(s)
		if v.shot {
			v.shoot(v.lang + "-" + v.name + "-" + s.name + "-" + scheme)
		}
		where := s.name + " " + scheme
		if scheme == "light" {
			v.ask(where, "layout")
		}
		js[bool](v.Tab, unfold)
		rules := colourRule
		if scheme == "light" {
			v.ask(where, []any{"texts", v.keys}, "layout", "order", "targets")
			rules = everyRule
		}
		if wide == wideIn(v.lang) {
			v.judge(where, rules)
		}
		v.ask(where, "focus")
		js[bool](v.Tab, foldAgain)
	}
}

// What is folded is checked too.
const (
	unfold    = `document.querySelectorAll('details').forEach((d) => { d.dataset.was = d.open; d.removeAttribute('name'); d.open = true; }), true`
	foldAgain = `document.querySelectorAll('details').forEach((d) => { d.open = d.dataset.was === 'true'; delete d.dataset.was; }), true`
)

// everyRule is those of axe-core. Headings and landmarks are of its best practices.
const everyRule = `{type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']}`

func (v *visit) judge(where, rules string) {
	v.t.Helper()
	for _, f := range v.violations(rules) {
		fault := fmt.Sprintf("%s (%s)\n\t%s", f.ID, f.Help, strings.Join(f.Nodes, "\n\t"))
		v.found[fault] = append(v.found[fault], where)
	}
}

func (v *visit) sizes() {
	v.t.Helper()
	js[bool](v.Tab, unfold)
	for _, s := range narrow() {
		v.look(s)
		v.ask(s.name, "layout")
	}
	js[bool](v.Tab, foldAgain)
}

// largeType is the choice at the foot of every page: as large as it is, a phone shows all of it.
func (v *visit) largeType() {
	v.t.Helper()
	js[bool](v.Tab, unfold+`, (document.documentElement.dataset.type = 'large') !== ''`)
	for _, s := range []screen{phoneScreen("light"), narrow()[0]} {
		v.look(s)
		v.ask("large type, "+s.name, "layout", "targets")
		if v.shot && s.name == "phone" {
			v.shoot(v.lang + "-" + v.name + "-large")
		}
	}
	js[bool](v.Tab, `delete document.documentElement.dataset.type, `+foldAgain)
}

// otherLanguage follows the link to the other language, which leads to the same page. A page that answers a form has no
// such link: following it would lose what was typed.
func (v *visit) otherLanguage() {
	v.t.Helper()
	if v.fault {
		return
	}
	if got := js[string](v.Tab, kept); got != "kept" && (got != "no link" || v.arrive == nil) {
		v.t.Errorf("the other language: %s", got)
	}
}

// kept fetches the page in the other language and goes back to the first. What can be filled in must be the same, but for
// what leaves a file out: script puts a button in its place.
const kept = `(async () => {
	const link = document.querySelector('header a[hreflang]');
	if (!link) return 'no link';
	const place = (at) => { at.searchParams.sort(); return at.pathname + at.search; };
	const here = place(new URL(location)), inputs = (page) => [...page.querySelectorAll('main [name]')].map((e) => e.name).filter((n) => !n.startsWith('drop.')).join();
	const back = new URL(link.href);
	back.searchParams.set('lang', document.documentElement.lang);
	const answer = await fetch(link.href), to = new URL(answer.url);
	const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
	await fetch(back);
	if (place(to) !== here) return 'it leads to ' + place(to) + ', not ' + here;
	if (page.documentElement.lang !== link.hreflang) return 'the page is in ' + page.documentElement.lang;
	return inputs(page) === inputs(document) ? 'kept' : 'there are ' + inputs(page) + ', and not ' + inputs(document);
})()`

// preferences are those of people who cannot bear motion or need colours of their own.
func (v *visit) preferences() {
	v.t.Helper()
	v.look(deskScreen("light"))
	v.media("prefers-reduced-motion", "reduce")
	v.ask("reduced motion", "still")
	v.media("forced-colors", "active")
	v.ask("forced colours", "forced", "focus")
	v.media("", "")
}

// keyboard presses the Tab key through the page: on a phone in one language, at a desk in the other.
func (v *visit) keyboard() {
	v.t.Helper()
	if wideIn(v.lang) {
		v.look(deskScreen("light"))
	} else {
		v.look(phoneScreen("light"))
	}
	n := js[int](v.Tab, `luoshiChecks.follow()`)
	v.do(chromedp.KeyEvent(strings.Repeat(kb.Tab, n+n/2+3)))
	v.ask("by the Tab key", "led")
}

// bare opens the page in a browser that runs no script, and so could not look at the width.
func (v *visit) bare() {
	v.t.Helper()
	v.scripts(false)
	defer v.scripts(true)
	v.Go(v.path(v.world))
	js[bool](v.Tab, checks)
	js[bool](v.Tab, unfold)
	for _, s := range []screen{phoneScreen("light"), deskScreen("light")} {
		v.look(s)
		v.ask("without script, "+s.name, "bare", "layout", "order")
	}
}

// scripts lets the pages run their script, or not.
func (b *Tab) scripts(run bool) {
	b.t.Helper()
	b.do(call(emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: !run}))
}

// media sets one more preference of the reader, "" takes it back.
func (b *Tab) media(feature, value string) {
	b.t.Helper()
	p := emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: "light"}}}
	if feature != "" {
		p.Features = append(p.Features, &emulation.MediaFeature{Name: feature, Value: value})
	}
	b.do(call(emulation.SetEmulatedMedia, p))
}
