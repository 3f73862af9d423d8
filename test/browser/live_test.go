package browser

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"testing"
	"time"

	"luoshi/test/pages"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
)

// live is two tabs of a clerk, and residents elsewhere.
type live struct {
	*Tab
	stand *pages.Stand
	keys  int
}

func newLive(t *testing.T) *live {
	t.Helper()
	stand := pages.New(t)
	srv := httptest.NewServer(stand.Handler)
	t.Cleanup(srv.Close)
	l := &live{Tab: Open(t, srv.URL, "en"), stand: stand}
	l.look(screens()[1])
	l.Go("/login?next=/desk")
	l.Fill(`form.narrow`, "login", "clerk")
	l.Fill(`form.narrow`, "password", pages.Password)
	l.Click(`form.narrow button.main`)
	return l
}

// another opens a second tab in the same browser.
func (b *Tab) another() *Tab {
	b.t.Helper()
	tab := &Tab{t: b.t, base: b.base, axe: b.axe, out: b.out}
	ctx, cancel := chromedp.NewContext(b.ctx)
	b.t.Cleanup(cancel)
	tab.ctx = ctx
	tab.look(screens()[1])
	return tab
}

// lodge brings a dispute from another browser and gives its number.
func (l *live) lodge(title string) {
	l.t.Helper()
	l.keys++
	res, err := http.PostForm(l.base+"/lodge/people-mediation", url.Values{"key": {fmt.Sprintf("key-of-this-form-%04d", l.keys)},
		"unit": {"t"}, "title": {title}, "f.kind": {"neighbour"}, "f.facts": {"Water since March."}, "f.request": {"Please repair."},
		"n.applicant": {"1"}, "p.applicant.0.name": {"Zhang San"}, "p.applicant.0.phone": {"13800000001"},
		"n.respondent": {"1"}, "p.respondent.0.name": {"Li Si"}})
	if err != nil {
		l.t.Fatal(err)
	}
	res.Body.Close()
	if res.StatusCode != http.StatusOK {
		l.t.Fatalf("lodging: status %d", res.StatusCode)
	}
}

// until waits until the condition holds in the page. How soon news come is not tested: on a machine that does much else
// a page takes its time.
func (b *Tab) until(condition string) {
	b.t.Helper()
	for end := time.Now().Add(patience); !js[bool](b, condition); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			b.t.Fatalf("after %v not yet: %s\n%s", patience, condition, b.Text())
		}
	}
}

// holds fails the test unless every condition holds in the page.
func (b *Tab) holds(conditions ...string) {
	b.t.Helper()
	for _, c := range conditions {
		if !js[bool](b, c) {
			b.t.Errorf("not so: %s", c)
		}
	}
}

// rows is how many matters the list shows.
func rows(n int) string { return fmt.Sprintf(`document.querySelectorAll('.rowitem').length === %d`, n) }

func TestAWorklistShowsNewMattersByItself(t *testing.T) {
	l := newLive(t)
	l.lodge("A first matter")
	l.until(rows(1))
	js[bool](l.Tab, `window.before = document.querySelector('.rowitem'), document.querySelector('.filter details').open = true,
		words.focus(), words.value = 'half a wor', words.setSelectionRange(2, 6), true`)
	l.lodge("A matter that came meanwhile")
	l.until(rows(2))
	l.Shows("A matter that came meanwhile", "1 new · ")
	l.holds(`[...document.querySelectorAll('.rowitem.is-new')].some((row) => row.innerText.includes('came meanwhile'))`,
		`getComputedStyle(document.querySelector('.is-new .minor'), '::before').content === '"new"'`, inZone)
	said := js[string](l.Tab, `document.querySelector('.live').textContent`)
	l.lodge("And one more at once")
	l.until(rows(3))
	if again := js[string](l.Tab, `document.querySelector('.live').textContent`); again == said {
		t.Errorf("two refreshes are said alike: %s", again)
	}
	l.holds(`window.before.isConnected`, `document.activeElement === words`, `words.value === 'half a wor'`,
		`words.selectionStart === 2 && words.selectionEnd === 6`, `document.querySelector('.filter details').open`,
		`document.querySelector('.counts .n').textContent === '3'`)
	js[bool](l.Tab, `document.querySelector('.filter details').open = false, true`)
	l.Check("en-desk-live")
	l.until(`!document.querySelector('.is-new, [data-mark]')`)
}

// inZone holds when the time that is said is that of the procedures' zone, whatever the browser's is.
const inZone = `(() => {
	const at = (d) => d.toLocaleTimeString('en', {hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone: 'Asia/Shanghai'});
	const text = document.querySelector('.live').textContent;
	return /\d\d:\d\d:\d\d/.test(text) && [0, 60_000].some((ago) => text.includes(at(new Date(Date.now() - ago))));
})()`

// A mouse that rests on one row does not keep the row in use from staying where it is.
func TestTheRowInUseStaysPutWithTheMouseOnAnother(t *testing.T) {
	l := newLive(t)
	for i := range 12 {
		l.lodge(fmt.Sprintf("Matter %d", i))
	}
	l.Go("/desk?order=newest")
	l.Shows("newest first")
	// The page lacks a row between the two, which the refresh brings back: only one of them can stay.
	js[bool](l.Tab, `(([hover, between, row]) => {
		between.remove(), row.querySelector('a').focus();
		Object.assign(window, {hover, row, top0: row.getBoundingClientRect().top});
		return true;
	})([...document.querySelectorAll('.rowitem')].slice(4, 7))`)
	place := js[[]float64](l.Tab, `(({x, y}) => [x + 20, y + 20])(window.hover.getBoundingClientRect())`)
	l.do(chromedp.MouseEvent(input.DispatchMouseEventTypeMouseMoved, place[0], place[1]))
	l.until(`window.hover.matches(':hover')`)
	l.lodge("One on top")
	l.until(rows(13))
	l.holds(`document.activeElement === window.row.querySelector('a')`, `Math.abs(window.row.getBoundingClientRect().top - window.top0) <= 1`)
}

// What changes nothing in the list that is shown moves nothing in it.
func TestAWorklistStandsStillWhenNothingChangedInIt(t *testing.T) {
	l := newLive(t)
	l.lodge("A first matter")
	l.Go("/desk")
	js[bool](l.Tab, `words.value = 'first matter', true`)
	l.Click(".filter button.main")
	l.until(rows(1))
	js[bool](l.Tab, `window.moved = 0, window.asked = 0, new MutationObserver((all) => { window.moved += all.length; })
		.observe(document.querySelector('[data-part=list]'), {childList: true, subtree: true, characterData: true}),
		new PerformanceObserver((all) => { window.asked += all.getEntries().length; }).observe({entryTypes: ['resource']}), true`)
	l.lodge("Quite another one")
	l.until(`document.querySelector('.counts .n').textContent === '2'`)
	l.holds(`window.asked > 0`, `window.moved === 0`, rows(1))
}

func TestARefreshedListStaysWhereItIsRead(t *testing.T) {
	l := newLive(t)
	for i := range 25 {
		l.lodge(fmt.Sprintf("Matter %d", i))
	}
	l.Go("/desk?order=newest")
	js[bool](l.Tab, `window.row = document.querySelectorAll('.rowitem')[14], window.row.querySelector('a').focus(),
		getSelection().selectAllChildren(window.row.querySelector('.minor')), window.top0 = window.row.getBoundingClientRect().top, true`)
	selected := js[string](l.Tab, `getSelection().toString()`)
	l.lodge("One on top")
	l.until(rows(26))
	l.holds(`scrollY > 0`, `document.activeElement === window.row.querySelector('a')`, `document.querySelector('.row-title').innerText === 'One on top'`,
		`Math.abs(window.row.getBoundingClientRect().top - window.top0) <= 1`)
	if got := js[string](l.Tab, `getSelection().toString()`); got != selected || got == "" {
		t.Errorf("selected was %q and is %q", selected, got)
	}
}

func TestAMatterPageSaysThatTheMatterChanged(t *testing.T) {
	l := newLive(t)
	l.lodge("A matter in two hands")
	l.until(rows(1))
	matter := l.another()
	matter.Go(js[string](l.Tab, `document.querySelector('.row-title').getAttribute('href')`))
	note := `document.querySelector('#step-accept [name=note]')`
	js[bool](matter, `document.querySelector('#step-accept').open = true, `+note+`.focus(), `+note+`.value = 'Both are at home in the even',
		`+note+`.dispatchEvent(new Event('input', {bubbles: true})), window.same = `+note+`, true`)
	other := &life{Tab: l.Tab, number: js[string](l.Tab, `document.querySelector('.rowitem').dataset.key`)}
	other.colleague("accept")
	matter.until(`document.querySelector('.news').textContent.includes('has changed')`)
	matter.holds(`window.same.isConnected`, `document.activeElement === window.same`, `window.same.value === 'Both are at home in the even'`)
	l.until(`document.querySelector('.rowitem .tag').textContent !== 'Received'`) // the list in the other tab
	matter.Check("en-matter-live")
	for _, width := range []int64{390, 1280} {
		matter.look(screen{"", width, 800, "light"})
		js[bool](matter, `document.activeElement.blur(), `+note+`.scrollIntoView({block: 'end'}), scrollBy(0, -16), `+note+`.focus({preventScroll: true}), true`)
		matter.until(`!(` + covered + `)`)
		matter.shoot(fmt.Sprintf("en-matter-live-%d", width))
	}
	matter.look(screens()[1])
	matter.Click(".news a")
	matter.Shows("Accepted")
	matter.holds(`document.querySelector('.news').textContent .trim() === 'Close this notice' && !document.querySelector('.news').dataset.kind`)
}

// covered holds while the notice lies over the input in use.
const covered = `(() => {
	const [a, b] = [document.activeElement.getBoundingClientRect(), document.querySelector('.news').getBoundingClientRect()];
	return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
})()`

func TestALostConnectionIsSaidAndMadeAgain(t *testing.T) {
	l := newLive(t)
	l.stand.StopWatch()
	l.until(`document.querySelector('.live').textContent.includes('connection is lost')`)
	l.holds(`document.querySelector('.live .sign') !== null`, `getComputedStyle(document.querySelector('.live')).position === 'sticky'`)
	for _, s := range screens() { // without Check: that the stream was refused is no fault here
		l.look(s)
		l.shoot("en-desk-lost-" + s.name)
		l.accessible("en-desk-lost", s)
	}
	l.look(screens()[1])
	l.lodge("While nobody listened")
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		l.stand.Service.Watch(ctx, slog.New(slog.NewTextHandler(os.Stderr, nil)))
	}()
	defer func() { stop(); <-done }()
	l.until(rows(1))
	l.holds(`!document.querySelector('.live').textContent.includes('lost')`)

	other := l.another()
	other.Go("/desk")
	other.Click(`form[action="/logout"] button`)
	l.until(`document.querySelector('.live').textContent.includes('signed out')`)
	l.holds(`document.querySelector('.live a').getAttribute('href') === '/login?next=%2Fdesk'`)
	for _, width := range []int64{390, 1280} {
		l.look(screen{"", width, 800, "light"})
		l.shoot(fmt.Sprintf("en-desk-over-%d", width))
	}
}
