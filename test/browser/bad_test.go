package browser

import (
	"fmt"
	"strings"
	"testing"

	"luoshi/test/pages"

	"github.com/chromedp/chromedp"
)

// What happens to people who fill in forms at the desk: nothing that they wrote may be lost, nothing may be
// recorded twice, and the page says what to do.

// bad is a clerk before a matter in a browser of their own.
type bad struct {
	*world
	*Tab
	number string
}

func newBad(t *testing.T) *bad {
	t.Helper()
	first := Open(t, "about:blank", "en")
	first.Go("")
	w := newWorld(t, first, "en")
	b := &bad{w, w.tab(t, "clerk", nil), w.fresh.Matter.Number}
	b.look(deskScreen("light"))
	b.Go("/desk/m/" + b.number)
	return b
}

// write unfolds a step and writes its note.
func (b *bad) write(tab *Tab, step, note string) (form string) {
	js[bool](tab, fmt.Sprintf(`document.getElementById(%q).open = true`, "step-"+step))
	form = "#step-" + step + " form"
	tab.Fill(form, "note", note)
	return form
}

// entries is how many entries the matter has.
func (b *bad) entries() int {
	m, err := b.stand.Service.Store.Matter(b.Tab.t.Context(), b.number)
	if err != nil {
		b.Tab.t.Fatal(err)
	}
	return m.Version
}

func (b *bad) recorded(n int) {
	b.Tab.t.Helper()
	if got := b.entries(); got != n {
		b.Tab.t.Errorf("the matter has %d entries, want %d", got, n)
	}
}

func TestBackAfterSendingShowsTheMatterAsItIsNow(t *testing.T) {
	b := newBad(t)
	b.Click(b.write(b.Tab, "accept", "Both live in Qingshi.") + " button.main")
	b.Shows("Accepted", "Both live in Qingshi.")
	b.recorded(2)
	b.leads(chromedp.NavigateBack())
	b.Shows("Accepted", "Both live in Qingshi.")
	if js[bool](b.Tab, `document.querySelector('#step-accept') !== null`) {
		t.Error("what is done already is offered again")
	}
	b.recorded(2)
	b.quiet()
}

func TestADoubleClickSendsOnce(t *testing.T) {
	b := newBad(t)
	form := b.write(b.Tab, "accept", "Clicked twice.")
	b.leads(chromedp.DoubleClick(chromedp.CSS(form + " button.main")))
	b.Go("/desk/m/" + b.number)
	b.Shows("Clicked twice.")
	b.recorded(2)
	b.quiet()
}

func TestTwoTabsOnOneMatterLoseNothing(t *testing.T) {
	b := newBad(t)
	other := b.another()
	other.Go("/desk/m/" + b.number)
	form := b.write(b.Tab, "decline", "It belongs to the court, as both said.")
	other.Click(b.write(other, "accept", "From the other tab.") + " button.main")
	b.Click(form + " button.main")
	b.Shows("Something changed", "From the other tab.", "It belongs to the court, as both said.")
	b.recorded(2)
}

// The session of somebody who is writing ends: after signing in again what was written is there, can be changed,
// and is recorded when it is sent, and not before.
func TestASessionThatEndsWhileSomebodyWritesLosesNothing(t *testing.T) {
	b := newBad(t)
	const note = "It took an hour to write this: مرحبا, <b>漏水</b>."
	form := b.write(b.Tab, "accept", note)
	b.forget()
	b.Click(form + " button.main")
	b.Shows("You were signed out and nothing was recorded")
	b.Check("en-signed-out")
	b.Fill("form.narrow", "login", "clerk")
	b.Fill("form.narrow", "password", "wrong")
	b.Click("form.narrow button.main") // also past a slip of the finger
	b.Fill("form.narrow", "password", pages.Password)
	b.Click("form.narrow button.main")
	b.Shows("What you wrote is still here")
	b.Check("en-held")
	b.holds(fmt.Sprintf(`document.querySelector('main textarea').value === %q`, note), `!location.href.includes('held') && location.search === ''`)
	b.recorded(1)
	b.Fill("main form", "note", note+" And more.")
	b.Click("main form button.main")
	b.Shows("Accepted", note+" And more.")
	b.recorded(2)
}

// A browser that keeps no cookies is told so, instead of being sent in circles.
func TestBlockedCookiesAreSaid(t *testing.T) {
	b := newBad(t)
	b.forget()
	b.Go("/login?lang=en")
	b.forget()
	b.Fill("form.narrow", "login", "clerk")
	b.Fill("form.narrow", "password", pages.Password)
	b.Click("form.narrow button.main")
	b.Shows("Your browser keeps no cookies")
	b.Fill("form.narrow", "password", pages.Password) // allowed now
	b.Click("form.narrow button.main")
	b.Shows("Worklist")
}

// Long names, pictures in letters, other directions and tables stay what they are, and in their place.
func TestStrangeTextIsShownAsItWasWritten(t *testing.T) {
	b := newBad(t)
	name := strings.Repeat("Nebukadnezar", 16) + " 👩‍👩‍👧 نص عربي"
	table := "Flat\tWater\tSince\n1201\tyes\tMarch\n1101\tyes\tApril\n" + strings.Repeat("x", 300)
	b.Click(b.write(b.Tab, "accept", name+"\n"+table) + " button.main")
	shown := js[string](b.Tab, `[...document.querySelectorAll('.said')].map((e) => e.textContent).find((t) => t.includes('Nebukadnezar')) ?? ''`)
	if want := name + "\n" + table; shown != want {
		t.Errorf("shown is\n%q, want\n%q", shown, want)
	}
	for _, s := range append(narrow(), phoneScreen("light"), deskScreen("light")) {
		b.look(s)
		if wide := js[string](b.Tab, sideways); wide != "" {
			t.Errorf("at %s it scrolls sideways: %s", s.name, wide)
		}
	}
	m, err := b.stand.Service.Read(t.Context(), b.stand.Actor("clerk"), b.number)
	if err != nil {
		t.Fatal(err)
	}
	if got := m.Entries[1].Content.Note; got != name+"\n"+table {
		t.Errorf("recorded is %q", got)
	}
}

// Turning a phone keeps what is typed and where one is.
func TestATurnedPhoneKeepsWhatIsTyped(t *testing.T) {
	b := newBad(t)
	b.look(phoneScreen("light"))
	b.write(b.Tab, "accept", "Half a sen")
	js[bool](b.Tab, `document.querySelector('#step-accept [name=note]').focus(), true`)
	b.look(screen{"phone turned", 844, 390, "light"})
	b.until(`innerWidth === 844 && (({top, bottom}) => bottom > 0 && top < innerHeight)(document.activeElement.getBoundingClientRect())`)
	b.holds(`document.activeElement.value === 'Half a sen'`, `document.querySelector('#step-accept').open`)
	b.shoot("en-matter-turned")
	b.quiet()
}
