package browser

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"
	"unicode/utf8"

	"luoshi/test/pages"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// errand is what somebody brings, in their own words, and what they read, in one language.
type errand struct {
	lang                                    string
	looks, title, facts, request, name, two string
	check, recorded, offline, back, deleted string
	// keys is how many keys one character takes (pinyin: three), reads how many characters are read in a second: 240 words
	// or 300 characters a minute.
	keys, reads int
}

func errands() []errand {
	return []errand{
		{lang: "zh", looks: "楼上漏水", title: "楼上装修漏水，要求修好", facts: "三月以来厨房天花板一直滴水，找过两次都没有修。", request: "请楼上修好，赔偿粉刷的钱。", name: "张三", two: "李四",
			check: "请检查后提交", recorded: "已经登记", offline: "没有网络，还没有发出", back: "您上次没有填完", deleted: "确定删除", keys: 3, reads: 5},
		{lang: "en", looks: "water through the ceiling", title: "Leak from the flat above", facts: "Water has come through the kitchen ceiling since March. I asked twice and nothing was done.",
			request: "Please have it repaired.", name: "Zhang San", two: "Li Si",
			check: "Check your answers before you send", recorded: "Your matter is recorded", offline: "No connection", back: "We put back", deleted: "Really delete", keys: 1, reads: 24},
	}
}

// A person's own times, which the test counts and does not wait for.
const (
	perKey  = 200 * time.Millisecond
	perTap  = time.Second
	perPick = 3 * time.Second // one of a list
	allowed = 3 * time.Minute
)

// person is somebody with a phone, and the time that they have spent.
type person struct {
	*Tab
	errand
	spent time.Duration
	read  string       // what was read last
	cut   *atomic.Bool // the connection
}

func (p *person) types(selector, text string) {
	p.t.Helper()
	p.do(chromedp.SendKeys(chromedp.CSS(selector), text))
	for _, r := range text {
		keys := p.keys
		if r < utf8.RuneSelf {
			keys = 1
		}
		p.spent += time.Duration(keys) * perKey
	}
}

// readsThrough looks at what a selector names for as long as it takes to read it. What is the same everywhere, such as
// “Next”, is seen and not read.
func (p *person) readsThrough(selector string) {
	p.t.Helper()
	text := js[string](p.Tab, fmt.Sprintf(`(() => {
		const copy = document.querySelector(%q).cloneNode(true);
		copy.querySelectorAll('[hidden], .hear, select, .at, .turn, .change').forEach((e) => e.remove()); // lists have their own time
		return copy.textContent;
	})()`, selector))
	text = strings.Join(strings.Fields(text), " ")
	if p.read != "" && strings.Contains(p.read, text) {
		return // the same as on the page before
	}
	p.read = text
	p.spent += time.Duration(utf8.RuneCountInString(text)) * time.Second / time.Duration(p.reads)
}

func (p *person) taps(selector string) {
	p.t.Helper()
	p.do(chromedp.Click(chromedp.CSS(selector)))
	p.spent += perTap
}

// question is the id of the one question that is on the screen.
func (p *person) question() string {
	p.t.Helper()
	seen := js[string](p.Tab, `[...document.querySelectorAll('.q')].filter((q) => q.offsetParent).map((q) => q.id).join(' ')`)
	if strings.Contains(seen, " ") || seen == "" {
		p.t.Fatalf("on the screen are the questions %q, want one", seen)
	}
	return seen
}

func newPerson(t *testing.T, e errand) *person {
	t.Helper()
	stand := pages.New(t)
	cut := &atomic.Bool{}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if cut.Load() { // the connection breaks
			if conn, _, err := w.(http.Hijacker).Hijack(); err == nil {
				conn.Close()
			}
			return
		}
		stand.Handler.ServeHTTP(w, r)
	}))
	t.Cleanup(srv.Close)
	b := Open(t, srv.URL, e.lang)
	if b.axe == "" {
		missing(t, "node_modules/axe-core (npm ci)")
	}
	b.look(screen{"phone", 390, 844, "light"})
	b.Go("/?lang=" + e.lang)
	return &person{Tab: b, errand: e, cut: cut}
}

func TestAResidentBringsAMatterOnAPhoneInThreeMinutes(t *testing.T) {
	for _, e := range errands() {
		t.Run(e.lang, func(t *testing.T) {
			p := newPerson(t, e)
			p.findsTheWay()
			p.answers()
			p.readsThrough("main")
			p.Shows(p.check, p.title, p.facts, p.request, p.name, p.two)
			p.sends()
			t.Logf("%s: %s of %s", p.lang, p.spent.Round(time.Second), allowed)
			if p.spent > allowed {
				t.Errorf("it takes %s, more than %s", p.spent.Round(time.Second), allowed)
			}
			p.quiet()
		})
	}
}

func (p *person) findsTheWay() {
	p.readsThrough(".ask-words")
	p.types("#words", p.looks)
	p.Click(".ask-words button")
	p.spent += perTap
	p.readsThrough("#found li")
	p.Click("#found li a")
	p.spent += perTap
}

// check2 looks at the page on every screen and goes back to the phone.
func (p *person) check2(name string) {
	p.t.Helper()
	p.Check(p.lang + "-" + name)
	p.look(screen{"phone", 390, 844, "light"})
}

// answers goes through the questions one by one.
func (p *person) answers() {
	p.readsThrough("main > .lead")
	for range 20 {
		at := p.question()
		p.readsThrough("#" + at)
		switch at {
		case "q-title":
			p.taps("#q-title a.next") // forgot to answer
			if p.question() != at || js[string](p.Tab, `document.activeElement.id`) != "title" {
				p.t.Error("an empty question that must be answered is gone past")
			}
			p.types("#title", p.title+"\r") // the Enter key goes on
		case "q-f-kind":
			p.picks("f.kind", "neighbour")
			p.next(at)
		case "q-f-facts":
			p.types("#f-facts", p.facts)
			p.turned(at)
			p.next(at)
		case "q-f-request":
			p.types("#f-request", p.request)
			p.closed(at)
			p.next(at)
		case "q-unit":
			p.picks("unit", "t")
			p.next(at)
		case "q-p-applicant":
			p.types("#p-applicant-0-name", p.name)
			p.types("#p-applicant-0-phone", "13800000001")
			p.next(at)
		case "q-p-respondent":
			p.types("#p-respondent-0-name", p.two)
			p.Click("#" + at + " .finish button")
			p.spent += perTap
			return
		default:
			p.next(at) // optional
		}
	}
	p.t.Fatal("the questions do not end")
}

func (p *person) picks(name, value string) {
	p.t.Helper()
	p.Fill("form[data-keep]", name, value)
	p.spent += perPick
}

func (p *person) next(at string) {
	p.t.Helper()
	p.taps("#" + at + " a.next")
	if p.question() == at {
		p.t.Fatalf("%s does not go on", at)
	}
}

// turned turns the phone: the same question with what was typed.
func (p *person) turned(at string) {
	p.look(screen{"turned", 844, 390, "light"})
	if p.question() != at || js[string](p.Tab, `document.getElementById('f-facts').value`) != p.facts {
		p.t.Error("turning the phone loses the place or what was typed")
	}
	p.shoot(p.lang + "-lodge-turned")
	p.look(screen{"phone", 390, 844, "light"})
	p.shoot(p.lang + "-lodge-question")
}

// closed closes the tab and comes back in another: the draft is there, and where it was.
func (p *person) closed(at string) {
	other := p.another()
	p.quiet()
	old := p.Tab
	p.Tab = other
	old.Go("/verify") // the first tab holds the browser: it leaves the page instead of being closed
	p.look(screen{"phone", 390, 844, "light"})
	p.Go("/lodge/people-mediation#" + at)
	p.Shows(p.back)
	if got := js[string](p.Tab, `['title', 'f-kind', 'f-facts', 'f-request'].map((id) => document.getElementById(id).value).join('|')`); got != strings.Join([]string{p.title, "neighbour", p.facts, p.request}, "|") {
		p.t.Errorf("the draft is %s", got)
	}
}

// sends sends without a connection, then with one and a double click, goes back and sends again.
func (p *person) sends() {
	p.cut.Store(true)
	p.taps("form[data-answers] button.main")
	p.do(chromedp.WaitVisible(chromedp.CSS("[data-offline]")))
	p.Shows(p.offline, p.facts)
	p.mu.Lock()
	p.messages = nil // the browser says that there is no connection
	p.mu.Unlock()
	p.shoot(p.lang + "-answers-offline")
	p.cut.Store(false)
	p.spent += perTap
	p.arrives(func() {
		js[bool](p.Tab, `document.querySelector('form[data-answers] button.main').click(), document.querySelector('form[data-answers] button.main').click(), true`)
	})
	p.Shows(p.recorded)
	receipt := `document.getElementById('number').textContent + document.getElementById('code').textContent`
	first := js[string](p.Tab, receipt)
	if left := js[int](p.Tab, `localStorage.length`); left != 0 {
		p.t.Errorf("%d drafts stay behind", left)
	}
	p.Go("/lodge/people-mediation") // a new form is empty
	if got := js[string](p.Tab, `document.getElementById('title').value`); got != "" {
		p.t.Errorf("a new form begins with %q", got)
	}
	p.Shows(first[:15]) // and says what was sent just now
	p.do(chromedp.NavigateBack())
	if again := js[string](p.Tab, receipt); again != first {
		p.t.Errorf("after going back the receipt is %s, was %s", again, first)
	}
}

// arrives does something and waits for the receipt.
func (p *person) arrives(do func()) {
	p.t.Helper()
	do()
	p.do(chromedp.WaitVisible(chromedp.CSS("#number")))
}

func TestADraftIsDeletedOnRequest(t *testing.T) {
	e := errands()[1]
	p := newPerson(t, e)
	p.Go("/lodge/people-mediation")
	p.types("#title", p.title)
	p.taps("[data-forget]")
	p.Shows(p.deleted)
	p.Click("[data-forget]")
	if got := js[string](p.Tab, `document.getElementById('title').value + localStorage.length`); got != "0" {
		t.Errorf("after deleting there is %q", got)
	}
	p.quiet()
}

// Without script the same pages bring a matter: the questions turn by links, the answers are sent by forms.
func TestAMatterIsBroughtWithoutScript(t *testing.T) {
	e := errands()[1]
	p := newPerson(t, e)
	p.do(chromedp.Func(func(ctx context.Context, at *chromedp.Target) error {
		_, err := cdp.Call(ctx, at, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
		return err
	}))
	p.Go("/lodge/people-mediation")
	for range 20 {
		at := p.question()
		switch at {
		case "q-title":
			p.types("#title", p.title)
		case "q-f-kind":
			p.Fill("form", "f.kind", "neighbour")
		case "q-f-facts":
			p.types("#f-facts", p.facts)
		case "q-unit":
			p.Fill("form", "unit", "t")
		case "q-p-applicant":
			p.types("#p-applicant-0-name", p.name)
		}
		if at == "q-p-respondent" {
			break
		}
		p.next(at)
	}
	p.Click("#q-p-respondent .finish button")
	if at := p.question(); at != "q-f-request" { // forgotten
		t.Errorf("what is wrong is in %s", at)
	}
	p.types("#f-request", p.request)
	p.Click("#q-f-request button[value=check]")
	p.Shows(p.check)
	p.Click(`button[formaction$="#q-f-facts"]`)
	if at := p.question(); at != "q-f-facts" {
		t.Errorf("changing leads to %s", at)
	}
	p.types("#f-facts", " Twice.")
	p.Click("#q-f-facts button[value=check]")
	p.Shows(p.check, "Twice.")
	p.Click("form button.main")
	p.Shows(p.recorded)
	p.quiet()
}

// No page of the resident's scrolls sideways on a phone that was turned.
func TestResidentsPagesOnATurnedPhone(t *testing.T) {
	p := newPerson(t, errands()[0])
	p.look(screen{"turned", 844, 390, "light"})
	for _, path := range []string{"/", "/follow", "/follow/lost", "/lodge/people-mediation", "/lodge/hotline-order", "/public", "/verify"} {
		p.Go(path)
		if wide := js[string](p.Tab, sideways); wide != "" {
			t.Errorf("%s scrolls sideways: %s", path, wide)
		}
		p.shoot("turned" + strings.ReplaceAll(path, "/", "-"))
	}
	p.Go("/follow#number=2026-00000123-X")
	if got := js[string](p.Tab, `document.getElementById('number').value + location.hash + document.activeElement.id`); got != "2026-00000123-Xcode" {
		t.Errorf("the QR code's address gives %s", got)
	}
	p.quiet()
}

// Somebody writes for longer than the session lasts: number and code again, and everything typed is still there.
func TestASessionThatEndsInTheMiddleOfAStep(t *testing.T) {
	for _, e := range errands() {
		t.Run(e.lang, func(t *testing.T) {
			p := newPerson(t, e)
			res, err := http.PostForm(p.base+"/lodge/people-mediation", url.Values{"key": {"key-of-this-form-0007"}, "unit": {"t"}, "title": {e.title}, "f.kind": {"neighbour"},
				"f.facts": {e.facts}, "f.request": {e.request}, "n.applicant": {"1"}, "p.applicant.0.name": {e.name}})
			if err != nil {
				t.Fatal(err)
			}
			defer res.Body.Close()
			page, err := io.ReadAll(res.Body)
			if err != nil {
				t.Fatal(err)
			}
			number := regexp.MustCompile(`id="number">([^<]+)<`).FindStringSubmatch(string(page))[1]
			code := regexp.MustCompile(`id="code">([^<]+)<`).FindStringSubmatch(string(page))[1]
			signIn := func() {
				p.Fill("form", "number", number)
				p.Fill("form", "code", code)
				p.Click("form button.main")
			}
			p.Go("/follow")
			signIn()
			js[bool](p.Tab, `document.getElementById('step-withdraw').open = true`)
			p.Fill("#step-withdraw form", "note", e.facts)
			p.do(chromedp.Func(func(ctx context.Context, at *chromedp.Target) error {
				_, err := cdp.Call(ctx, at, network.ClearBrowserCookies, cdp.Empty{})
				return err
			}))
			p.Click("#step-withdraw button.main")
			p.check2("follow-again")
			signIn()
			if got := js[string](p.Tab, `document.querySelector('#step-withdraw[open] textarea').value`); got != e.facts {
				t.Errorf("what was typed is %q", got)
			}
			p.check2("mine-again")
			p.Click("#step-withdraw button.main")
			p.Shows(e.facts)
			p.quiet()
		})
	}
}
