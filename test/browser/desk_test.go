package browser

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// wideDesk is a screen on which a matter is shown beside the list.
func wideDesk() screen { return screen{"wide", 1440, 900, "light"} }

// hit presses keys one after the other.
func (b *Tab) hit(keys string) {
	b.t.Helper()
	for _, k := range keys {
		b.do(chromedp.KeyEvent(string(k)))
	}
}

const (
	enter = "\r"
	tab   = "\t"
	esc   = "\x1b"
)

// ready holds once the page came and its scripts have run.
const ready = `document.readyState === 'complete' && !document.querySelector('[data-live]')?.hidden`

// besideIs holds when the matter of that number is beside the list.
func besideIs(number string) string {
	return fmt.Sprintf(`document.querySelector('.is-split [data-part=file]')?.dataset.number === %q`, number)
}

// key is the number of the nth row.
func (b *Tab) key(n int) string {
	b.t.Helper()
	return js[string](b, fmt.Sprintf(`document.querySelectorAll('.rowitem')[%d].dataset.key`, n))
}

func TestAClerkFinishesTenMattersWithTheKeyboardAlone(t *testing.T) {
	l := newLive(t)
	for i := range 10 {
		l.lodge(fmt.Sprintf("Dispute %d", i))
	}
	l.look(wideDesk())
	l.Go("/desk")
	for left := 10; left > 0; left-- {
		l.until(ready + ` && ` + rows(left))
		l.hit("j")
		number := js[string](l.Tab, `document.activeElement.closest('li')?.dataset.key ?? ''`)
		if number == "" {
			t.Fatal("j leads to no matter")
		}
		l.hit(enter)
		l.until(besideIs(number) + ` && document.activeElement.matches('.file-title')`)
		l.hit("2") // do not accept
		l.holds(`document.activeElement.name === 'f.decline_ground'`, `document.querySelector('#step-decline').open`)
		l.hit(" " + tab + "A court has it.")
		l.holds(`document.querySelector('#step-decline [name=note]').value === 'A court has it.'`)
		l.do(chromedp.KeyEvent(enter, chromedp.KeyModifiers(chromedp.ModifierCtrl)))
		l.until(`document.querySelector('.desk-file .notice') !== null && ` + besideIs(number))
	}
	l.until(rows(0))
	l.Go("/desk?show=ended")
	l.until(rows(10))
	l.quiet()
}

func TestKeysMoveChooseAndAreListedAndTurnedOff(t *testing.T) {
	l := newLive(t)
	for i := range 3 {
		l.lodge(fmt.Sprintf("Dispute %d", i))
		(&life{Tab: l.Tab, number: js[string](l.Tab, lastNumber)}).colleague("accept")
	}
	l.Go("/desk")
	l.until(ready + ` && ` + rows(3))
	at := func(n int) string {
		return fmt.Sprintf(`document.querySelectorAll('.rowitem')[%d].contains(document.activeElement)`, n)
	}
	l.hit("j")
	l.holds(at(0), `getComputedStyle(document.querySelector('.rowitem:focus-within')).outlineStyle === 'solid'`)
	l.hit("jjj")
	l.holds(at(2))
	l.hit("k")
	l.holds(at(1))
	l.hit("x")
	l.holds(`document.querySelectorAll('.pick input:checked').length === 1`, `document.querySelector('.bulk').classList.contains('is-on')`, `document.querySelector('[data-chosen]').textContent === '1 chosen'`)
	l.hit("x/")
	l.holds(`document.querySelectorAll('.pick input:checked').length === 0`, `document.activeElement === words`)
	js[bool](l.Tab, `words.value = '', true`) // the test's keys come as characters too, also when the page has used them
	l.hit("jx?")                              // is written, not obeyed
	if got := js[string](l.Tab, `words.value`); got != "jx?" {
		t.Errorf("typed was %q", got)
	}
	js[bool](l.Tab, `document.activeElement.blur(), true`)
	l.hit("?")
	l.holds(`document.querySelector('#keys').open`)
	l.Check("en-desk-keys")
	js[bool](l.Tab, `document.querySelector('#keys-on').click(), document.querySelector('#keys').close(), true`)
	l.hit("j")
	l.holds(`!document.activeElement.closest('.rowitem')`)
}

// lastNumber is the number of the newest matter.
const lastNumber = `(async () => {
	const page = new DOMParser().parseFromString(await (await fetch('/desk?order=newest')).text(), 'text/html');
	return page.querySelector('.rowitem').dataset.key;
})()`

func TestAMatterBesideTheListOutlivesReloadingAndGoingBack(t *testing.T) {
	l := newLive(t)
	for i := range 12 {
		l.lodge(fmt.Sprintf("Dispute %d", i))
	}
	l.look(wideDesk())
	l.Go("/desk?order=newest")
	l.until(ready + ` && ` + rows(12))
	js[bool](l.Tab, `scrollTo(0, 200), window.same = document.querySelector('.rowitem'), true`)
	one, two := l.key(5), l.key(6)
	click := func(n int) {
		js[bool](l.Tab, fmt.Sprintf(`document.querySelectorAll('.row-title')[%d].click(), true`, n))
	}
	click(5)
	l.until(besideIs(one))
	l.holds(`window.same.isConnected`, `location.search.includes('order=newest')`, `location.search.includes('`+one+`')`,
		`document.querySelectorAll('.row-title')[5].getAttribute('aria-current') === 'true'`)
	click(6)
	l.until(besideIs(two))
	js[bool](l.Tab, `history.back(), true`)
	l.until(besideIs(one))
	l.do(chromedp.Reload())
	l.until(ready + ` && ` + besideIs(one) + ` && ` + rows(12))
	js[bool](l.Tab, `history.forward(), true`)
	l.until(besideIs(two))
	js[bool](l.Tab, `history.go(-2), true`)
	l.until(`!document.querySelector('.is-split')`)
	l.look(screen{"", 390, 800, "light"}) // no room: the link leads to the matter's own page
	l.Go("/desk?order=newest")
	l.Click(".row-title")
	l.holds(`location.pathname.startsWith('/desk/m/')`)
	l.quiet()
}

func TestSeveralAreAssignedAndOneWasChangedMeanwhile(t *testing.T) {
	for _, lang := range []string{"en", "zh"} {
		t.Run(lang, func(t *testing.T) {
			l := newLive(t)
			var numbers []string
			for i := range 3 {
				l.lodge(fmt.Sprintf("Dispute %d", i))
				numbers = append(numbers, js[string](l.Tab, lastNumber))
				(&life{Tab: l.Tab, number: numbers[i]}).colleague("accept")
			}
			l.stand.StopWatch() // nobody hears of what comes next
			l.Go("/desk?order=newest&lang=" + lang)
			l.until(`document.readyState === 'complete' && ` + rows(3))
			l.hit("jxjxjx")
			l.holds(`document.querySelectorAll('.pick input:checked').length === 3`)
			l.shoot(lang + "-desk-chosen")
			(&life{Tab: l.Tab, number: numbers[1]}).colleagueRefers("2", "u")
			l.hit("a")
			l.holds(`document.activeElement.name === 'assignee'`)
			l.Fill("#assign", "assignee", "mediator")
			l.Click("#assign button.main")
			l.Shows(map[string]string{"en": "2 assigned, 1 not", "zh": "已分派 2 件，1 件没有分派"}[lang], "Dispute 1",
				map[string]string{"en": "changed meanwhile", "zh": "期间有变化"}[lang])
			l.mu.Lock()
			l.messages = nil // the stream of news was ended on purpose
			l.mu.Unlock()
			for _, s := range screens() {
				l.look(s)
				l.shoot(lang + "-desk-assigned-" + s.name)
				l.accessible(lang+"-desk-assigned", s)
			}
		})
	}
}

// Two people have the same matter open: who is second sees it, keeps what they wrote and goes on with one click.
func TestTwoPeopleAtOnceLoseNothing(t *testing.T) {
	for _, lang := range []string{"en", "zh"} {
		t.Run(lang, func(t *testing.T) {
			l := newLive(t)
			l.lodge("A matter in two hands")
			l.look(wideDesk())
			l.Go("/desk?lang=" + lang)
			l.until(ready + ` && ` + rows(1))
			number := l.key(0)
			l.hit("j" + enter)
			l.until(besideIs(number))
			l.hit("3") // refer to another office
			l.Fill("#step-refer form", "unit", "u")
			l.Fill("#step-refer form", "note", "Liuhe knows both families.")
			(&life{Tab: l.Tab, number: number}).colleague("accept")
			l.until(`document.querySelector('.file-changed') !== null`)
			l.holds(`document.querySelector('#step-refer [name=note]').value === 'Liuhe knows both families.'`)
			l.Click("#step-refer form > button.main")
			l.until(`document.querySelector('.merge') !== null`)
			l.Shows("Liuhe knows both families.", map[string]string{"en": "Go on all the same", "zh": "照样办理"}[lang])
			l.Check(lang + "-desk-merge")
			l.look(wideDesk())
			l.shoot(lang + "-desk-merge-wide")
			l.Click(".merge form button.main")
			l.until(`document.querySelector('.desk-file .notice') !== null`)
			l.Shows(map[string]string{"en": "Liuhe Justice Office", "zh": "柳河乡司法所"}[lang])
		})
	}
}

func TestTheDeskIsSoundOnEveryScreen(t *testing.T) {
	for _, lang := range []string{"en", "zh"} {
		t.Run(lang, func(t *testing.T) {
			l := newLive(t)
			for i := range 4 {
				l.lodge(fmt.Sprintf("楼上漏水 leak %d", i))
				if i > 1 {
					(&life{Tab: l.Tab, number: js[string](l.Tab, lastNumber)}).colleague("accept")
				}
			}
			l.Go("/desk?order=newest&lang=" + lang)
			js[bool](l.Tab, `document.querySelector('.keep-list').open = true, true`)
			l.Fill(".keep-list form", "name", "最新的 newest first")
			l.Click(".keep-list form button")
			l.Shows("最新的 newest first")
			l.Check(lang + "-desk-lists")
			l.look(wideDesk())
			l.Go("/desk?m=" + l.key(0))
			l.shoot(lang + "-desk-beside-wide")
			l.accessible(lang+"-desk-beside", wideDesk())
			l.Check(lang + "-desk-beside")
			l.look(screen{"", 1440, 900, "dark"})
			l.shoot(lang + "-desk-beside-dark")
			number := l.key(0)
			l.Go("/desk/templates")
			l.Fill("main form", "name", "道歉 Apology")
			l.Fill("main form", "body", "{title}\n{office}, {date}")
			l.Click("main form button.main")
			l.Check(lang + "-templates")
			l.Go("/desk/m/" + number)
			js[bool](l.Tab, `document.querySelector('#step-refer').open = true`)
			option := js[string](l.Tab, `document.querySelector('#step-refer [name="reply.note"] option:nth-child(2)').value`)
			l.Fill("#step-refer form", "reply.note", option)
			l.Click(`#step-refer [name=insert]`)
			l.holds(`document.querySelector('#step-refer [name=note]').value.startsWith('楼上漏水 leak')`, `document.activeElement.name === 'note'`)
			l.Check(lang + "-matter-reply")
			l.look(wideDesk())
			l.shoot(lang + "-matter-reply-wide")
			l.Go("/desk")
			js[bool](l.Tab, `words.value = '楼上漏水 Water', true`)
			l.Click(".filter button.main")
			l.until(rows(4))
			l.holds(`document.querySelectorAll('mark').length >= 8`)
			l.Check(lang + "-desk-found")
			if strings.Contains(js[string](l.Tab, `location.href`), "Water") {
				t.Error("the address holds the words")
			}
		})
	}
}
