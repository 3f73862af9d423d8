package pages

import (
	"encoding/base64"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"luoshi/internal/ledger"
)

var hiddenRE = regexp.MustCompile(`<input type="hidden" name="([^"]+)" value="([^"]*)">`)

// carries is the form that a page carries in hidden inputs.
func carries(a answer) url.Values {
	form := url.Values{}
	for _, m := range hiddenRE.FindAllStringSubmatch(a.body, -1) {
		form.Set(html.UnescapeString(m[1]), html.UnescapeString(m[2]))
	}
	return form
}

func TestAnswersAreShownBeforeTheyAreSentAndCanBeChanged(t *testing.T) {
	s := New(t)
	c := newClient(t, serve(t, s))
	a := c.must(200, c.post("/lodge/people-mediation", with(dispute(), "to", "check", "f.facts", "Line one.\r\nLine <two>.")))
	holds(t, a, "Check your answers before you send", "Leak through the ceiling", "Neighbours", "Line one.\nLine &lt;two&gt;.", "Qingshi Justice Office",
		"Zhang San", "13800000001", "Li Si", "Not answered", `formaction="/lodge/people-mediation#q-f-facts"`)
	if size, err := s.Service.Store.Size(t.Context()); err != nil || size != 0 {
		t.Fatalf("looking at the answers recorded %d entries (%v)", size, err)
	}
	form := carries(a)
	if form.Get("key") != "key-of-this-form-0001" || form.Has("to") {
		t.Errorf("the answers carry %v", form)
	}
	back := c.must(200, c.post("/lodge/people-mediation", with(form, "to", "change")))
	holds(t, back, `id="q-f-facts"`, "Line one.\nLine &lt;two&gt;.", `value="neighbour" selected`, "data-typed", "key-of-this-form-0001")
	number, code := c.lodge(form)
	again, codeAgain := c.lodge(form) // the back button, and sent again
	if number != again || code != codeAgain {
		t.Errorf("first %s %s, then %s %s", number, code, again, codeAgain)
	}
	if size, err := s.Service.Store.Size(t.Context()); err != nil || size != 1 {
		t.Errorf("sent twice, %d entries (%v)", size, err)
	}
}

// Known to keep cookies, a browser has the receipt at an address that can be loaded again, and that ends.
func TestTheReceiptCanBeLoadedAgainInTheSameBrowserOnly(t *testing.T) {
	base := serve(t, New(t))
	c := newClient(t, base)
	form := carries(c.must(200, c.post("/lodge/people-mediation", with(dispute(), "to", "check"))))
	a := c.must(http.StatusSeeOther, c.post("/lodge/people-mediation", form))
	if to := a.header.Get("Location"); to != "/receipt" {
		t.Fatalf("led to %s", to)
	}
	first := c.must(200, c.get("/receipt"))
	number, code := found(t, numberRE, first.body), found(t, codeRE, first.body)
	holds(t, c.must(200, c.get("/receipt")), number, code)
	holds(t, c.must(200, c.get("/lodge/people-mediation")), "You sent a matter of this kind just now. Its number is "+number, `href="/receipt"`)
	if again := c.get("/lodge/petition").body; strings.Contains(again, number) {
		t.Error("another form speaks of it")
	}
	for _, cookie := range a.header.Values("Set-Cookie") {
		if strings.Contains(cookie, number) || strings.Contains(cookie, code) {
			t.Errorf("a cookie holds number or code in the clear: %s", cookie)
		}
	}
	other := newClient(t, base)
	if a := other.must(http.StatusSeeOther, other.get("/receipt")); a.header.Get("Location") != "/follow" {
		t.Errorf("another browser is led to %s", a.header.Get("Location"))
	}
	c.must(http.StatusSeeOther, c.post("/m/leave", nil))
	c.must(http.StatusSeeOther, c.get("/receipt"))
}

func TestAFaultIsTheFirstQuestionThatANarrowScreenShows(t *testing.T) {
	c := newClient(t, serve(t, New(t)))
	a := c.must(http.StatusUnprocessableEntity, c.post("/lodge/people-mediation", with(dispute(), "to", "check", "f.request", "", "unit", "")))
	if n := strings.Count(a.body, `class="q first"`); n != 1 {
		t.Fatalf("%d questions are first", n)
	}
	holds(t, a, `class="q first" id="q-f-request"`, `href="#f-request"`, `href="#unit"`)
}

func TestADraftWithMorePeopleFindsRoom(t *testing.T) {
	c := newClient(t, serve(t, New(t)))
	holds(t, c.get("/lodge/people-mediation?n.applicant=3"), `name="p.applicant.2.name"`, `name="n.applicant" value="3"`)
	if a := c.must(200, c.get("/lodge/people-mediation?n.applicant=99999&f.facts=x")); strings.Contains(a.body, "p.applicant.20.") || strings.Contains(a.body, ">\nx</textarea>") {
		t.Error("the address fills in the form, or asks for more people than may be")
	}
}

var receiptRE = regexp.MustCompile(`href="data:application/json;base64,([A-Za-z0-9+/=&#;]+)" download="(receipt-[0-9X-]+\.json)"`)

func TestTheReceiptIsOnThePageWithAQRCodeWithoutTheQueryCode(t *testing.T) {
	s := New(t)
	c := newClient(t, serve(t, s))
	a := c.must(200, c.post("/lodge/people-mediation", dispute()))
	number, code := found(t, numberRE, a.body), found(t, codeRE, a.body)
	holds(t, a, `class="qr"`, "What happens next", "Qingshi Justice Office", "How this was computed", "Withdraw", `href="/verify"`, `download="receipt-`+number+`-1.json"`)
	m := receiptRE.FindStringSubmatch(a.body)
	if m == nil {
		t.Fatal("no receipt on the page")
	}
	b, err := base64.StdEncoding.DecodeString(html.UnescapeString(m[1]))
	if err != nil {
		t.Fatal(err)
	}
	if v := ledger.Verify(b, s.VKey); !v.Proved || v.Number != number {
		t.Errorf("the receipt does not prove the matter: %+v", v)
	}
	if strings.Contains(string(b), code) {
		t.Error("the receipt holds the query code")
	}
	for _, address := range regexp.MustCompile(`(?:href|action|src)="([^"]*)"`).FindAllStringSubmatch(a.body, -1) {
		if strings.Contains(address[1], code) || strings.Contains(address[1], strings.ReplaceAll(code, "-", "")) {
			t.Errorf("an address holds the code: %s", address[1])
		}
	}
}

func TestWhoGivesNoNameGetsTheReceiptAllTheSame(t *testing.T) {
	s := New(t)
	c := newClient(t, serve(t, s))
	a := c.must(200, c.post("/lodge/hotline-order", url.Values{"key": {"key-of-this-form-0002"}, "unit": {"h"}, "title": {"Lamp"},
		"f.description": {"The lamp is dark."}, "n.caller": {"1"}}))
	holds(t, a, "You left no name", "Copy the number")
	if !receiptRE.MatchString(a.body) || strings.Contains(a.body, `class="qr"`) || strings.Contains(a.body, `id="code"`) {
		t.Error("want the receipt, and neither a code nor its QR code")
	}
}
