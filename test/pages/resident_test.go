package pages

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"luoshi/internal/ledger"
)

func TestAResidentLodgesFollowsAndActs(t *testing.T) {
	s := New(t)
	base := serve(t, s)
	c := newClient(t, base)
	holds(t, c.must(200, c.get("/")), "/lodge/people-mediation", "/lodge/petition", "/lodge/hotline-order")
	holds(t, c.must(200, c.get("/lodge/people-mediation")), `name="f.facts"`, "Qingshi Justice Office", "Ping&#39;an City · Heshun County")

	number, code := c.lodge(dispute())
	receipt := c.must(200, c.get("/m/receipts/1"))
	if v := ledger.Verify([]byte(receipt.body), s.VKey); !v.Proved || v.Number != number {
		t.Errorf("the receipt does not prove the matter: %+v", v)
	}
	if d := receipt.header.Get("Content-Disposition"); !strings.HasPrefix(d, "attachment") {
		t.Errorf("the receipt is no download: %q", d)
	}

	other := newClient(t, base) // another phone, later
	if a := other.get("/m"); a.status != http.StatusSeeOther || a.header.Get("Location") != "/follow" {
		t.Errorf("without a code: %d to %s", a.status, a.header.Get("Location"))
	}
	a := other.must(http.StatusSeeOther, other.post("/follow", url.Values{"number": {number}, "code": {strings.ToLower(code)}}))
	if a.header.Get("Location") != "/m?signed-in" {
		t.Errorf("led to %s", a.header.Get("Location"))
	}
	holds(t, other.must(200, other.get("/m")), number, "Leak through the ceiling", "Your request is recorded", "Qingshi Justice Office",
		"How this was computed", "No member of staff has read it yet", "/m/steps/withdraw")

	a = other.must(http.StatusSeeOther, other.post("/m/steps/withdraw", url.Values{"version": {"1"}, "note": {"settled between us"}}))
	holds(t, other.must(200, other.get(a.header.Get("Location"))), "Recorded as entry 2", "settled between us", "Withdrawn")

	other.must(http.StatusSeeOther, other.post("/m/leave", nil))
	other.must(http.StatusSeeOther, other.get("/m"))
}

func TestTheSameFormSentTwiceIsOneMatter(t *testing.T) {
	base := serve(t, New(t))
	c := newClient(t, base)
	number, code := c.lodge(dispute())
	again, codeAgain := newClient(t, base).lodge(dispute())
	if number != again || code != codeAgain {
		t.Errorf("first %s %s, then %s %s", number, code, again, codeAgain)
	}
	a := c.must(http.StatusConflict, c.post("/lodge/people-mediation", with(dispute(), "title", "Something else")))
	holds(t, a, "sent before", "Something else")
	if strings.Contains(a.body, "key-of-this-form-0001") {
		t.Error("the form keeps the key of the matter that is already there")
	}
}

func TestAFormWithFaultsKeepsWhatWasTyped(t *testing.T) {
	base := serve(t, New(t))
	c := newClient(t, base)
	a := c.must(http.StatusUnprocessableEntity, c.post("/lodge/people-mediation",
		with(dispute(), "unit", "", "f.request", "", "f.amount", "a lot", "p.applicant.0.name", "")))
	holds(t, a, "Please correct this", `href="#unit"`, `href="#f-request"`, `href="#f-amount"`, `href="#p-applicant-0-name"`,
		`value="a lot"`, "Water since March.", "Leak through the ceiling", "13800000001", "Li Si", `value="neighbour" selected`, "key-of-this-form-0001")
	if strings.Count(a.body, `aria-invalid="true"`) != 4 {
		t.Errorf("want 4 inputs marked as wrong:\n%s", a.body)
	}
}

func TestOneMorePersonIsAddedWithoutScript(t *testing.T) {
	c := newClient(t, serve(t, New(t)))
	form := with(dispute(), "add", "applicant")
	a := c.must(200, c.post("/lodge/people-mediation", form))
	holds(t, a, `name="p.applicant.1.name"`, "Zhang San", "Water since March.", `name="n.applicant" value="2"`)
	number, _ := c.lodge(with(dispute(), "n.applicant", "2", "p.applicant.1.name", "Zhang Wu"))
	holds(t, c.get("/m"), number, "Zhang San", "Zhang Wu", "Li Si")
}

func TestGuessingIsSlowedDownAndTheRightCodeStillPasses(t *testing.T) {
	base := serve(t, New(t))
	c := newClient(t, base)
	number, code := c.lodge(dispute())
	guess := newClient(t, base)
	wrong := url.Values{"number": {number}, "code": {"0000-0000-0000-0000"}}
	limited := 0
	for range 10 {
		a := guess.post("/follow", wrong)
		switch a.status {
		case http.StatusUnprocessableEntity:
			holds(t, a, "is not right", number)
		case http.StatusTooManyRequests:
			limited++
			if a.header.Get("Retry-After") == "" {
				t.Error("no Retry-After")
			}
		default:
			t.Fatalf("status %d", a.status)
		}
	}
	if limited != 5 {
		t.Errorf("%d of 10 wrong codes were turned away, want 5", limited)
	}
	guess.must(http.StatusSeeOther, guess.post("/follow", url.Values{"number": {number}, "code": {code}}))
}

func TestLanguagesChangeInPlaceAndAreKept(t *testing.T) {
	c := newClient(t, serve(t, New(t)))
	a := c.must(http.StatusSeeOther, c.get("/lodge/petition?lang=zh"))
	if to := a.header.Get("Location"); to != "/lodge/petition" {
		t.Errorf("led to %s", to)
	}
	holds(t, c.get("/lodge/petition"), `<html lang="zh">`, "请选择", "信访")
	if to := c.get("//elsewhere.example/?lang=en").header.Get("Location"); strings.HasPrefix(to, "//") {
		t.Errorf("led to another site: %s", to)
	}
}
