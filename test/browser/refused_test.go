package browser

import (
	"net/url"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/page"
)

// refuse makes the browser keep nothing for the site but cookies, as some do when they are told so.
func (b *Tab) refuse() {
	b.t.Helper()
	b.do(call(page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: `
		for (const name of ['localStorage', 'sessionStorage']) Object.defineProperty(window, name, {get() { throw new DOMException('denied', 'SecurityError'); }});`}))
}

// Where nothing can be kept there are no drafts; everything else works.
func TestABrowserThatKeepsNothingStillWorks(t *testing.T) {
	l := newLive(t)
	l.lodge("A matter for a careful browser")
	l.refuse()
	l.Go("/desk")
	l.until(ready + ` && ` + rows(1))
	l.hit("j")
	l.holds(`document.querySelector('.rowitem').contains(document.activeElement)`, `(() => { try { return !localStorage; } catch { return true; } })()`)
	l.Go("/desk/m/" + l.key(0))
	l.hit("1")
	l.Fill("#step-accept form", "note", "Nothing is kept.")
	l.Click("#step-accept form button.main")
	l.Shows("Nothing is kept.")
	said := answers()
	form := url.Values{"key": {"key-of-nothing-kept"}, "n.applicant": {"1"}, "n.respondent": {"1"}}
	for name, value := range said {
		form.Set(name, value)
	}
	l.Go("/lodge/people-mediation")
	l.holds(`document.querySelector('[data-kept]').hidden`)
	l.post("/lodge/people-mediation", form)
	l.Shows("Your matter is recorded")
	l.holds(`!document.querySelector('[data-print]').hidden`, `!document.querySelector('[data-copy]').hidden`)
	l.quiet()
}

// On a page of its own a matter lists the keys that work there, and Esc leads back to the list as it was.
func TestEscLeadsFromAMatterBackToItsList(t *testing.T) {
	l := newLive(t)
	l.lodge("A matter to leave")
	l.look(screen{"tablet", 1000, 800, "light"}) // no room for a matter beside the list
	l.Go("/desk?order=newest")
	l.until(ready + ` && ` + rows(1))
	number := l.key(0)
	l.Click(".row-title")
	l.holds(`location.pathname === '/desk/m/` + number + `'`)
	if help := js[string](l.Tab, `document.querySelector('#keys').textContent`); strings.Contains(help, "next and previous") || !strings.Contains(help, "back to the list") {
		t.Errorf("the keys of the page are %q", help)
	}
	l.hit("1")
	l.holds(`document.activeElement.matches('#step-accept form *')`)
	l.Fill("#step-accept form", "note", "half")
	js[bool](l.Tab, `document.querySelector('#step-accept [name=note]').focus(), true`)
	l.hit(esc)
	l.holds(`location.pathname === '/desk/m/`+number+`'`, `document.activeElement === document.body`)
	l.hit(esc)
	l.until(`location.pathname + location.search === '/desk?order=newest'`)
	l.Go("/desk/m/" + number)
	js[bool](l.Tab, `document.activeElement.blur(), true`)
	l.hit(esc)
	l.until(`location.pathname === '/desk'`)
	l.quiet()
}
