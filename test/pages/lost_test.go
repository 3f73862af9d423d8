package pages

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	matternumber "luoshi/internal/number"
)

func TestALostCodeIsReplacedByTheOfficeAndThePartyIsTold(t *testing.T) {
	base := serve(t, New(t))
	c, clerk := newClient(t, base), newClient(t, base)
	num, code := c.lodge(dispute())
	holds(t, c.get("/follow"), `href="/follow/lost"`)
	other := newClient(t, base)
	holds(t, other.must(200, other.get("/follow/lost")), "How you get a new one", "It calls no other number")
	holds(t, other.must(200, other.post("/follow/lost", url.Values{"number": {num}})), "If the number is right")
	holds(t, c.get("/m"), "Somebody asked for a new query code", "you need not do anything")

	clerk.signIn("clerk")
	holds(t, clerk.get("/desk/m/"+num), "Make sure who it is first", "call the telephone number on record")
	fresh := found(t, codeRE, clerk.must(200, clerk.post("/desk/m/"+num+"/code", url.Values{"party": {"0"}})).body)
	if strings.Contains(clerk.get("/desk/m/"+num).body, "Make sure who it is first") {
		t.Error("the office is still asked for a code after it gave one")
	}
	c.must(http.StatusSeeOther, c.get("/m")) // the session began with the old code
	other.must(http.StatusUnprocessableEntity, other.post("/follow", url.Values{"number": {num}, "code": {code}}))
	other.must(http.StatusSeeOther, other.post("/follow", url.Values{"number": {num}, "code": {fresh}}))
	a := other.must(200, other.get("/m"))
	holds(t, a, "You were given a new query code", "tell the office in charge at once", "A new query code was given")
	if strings.Contains(a.body, "you need not do anything") {
		t.Error("the request still waits")
	}
}

// What the page says of a number must not depend on whether it exists.
func TestALostCodeGivesNothingAway(t *testing.T) {
	base := serve(t, New(t))
	num, _ := newClient(t, base).lodge(dispute())
	absent, err := matternumber.Format(2020, 77)
	if err != nil {
		t.Fatal(err)
	}
	c := newClient(t, base)
	var pages []string
	for _, n := range []string{num, absent} {
		began := time.Now()
		pages = append(pages, c.must(200, c.post("/follow/lost", url.Values{"number": {n}})).body)
		if took := time.Since(began); took < 300*time.Millisecond {
			t.Errorf("%s was answered in %s: the time may tell", n, took)
		}
	}
	if pages[0] != pages[1] {
		t.Errorf("the two pages differ:\n%s\n%s", pages[0], pages[1])
	}
	holds(t, c.must(http.StatusUnprocessableEntity, c.post("/follow/lost", url.Values{"number": {"12"}})), "not a number", `aria-invalid="true"`)
	limited := 0
	for range 6 {
		if c.post("/follow/lost", url.Values{"number": {absent}}).status == http.StatusTooManyRequests {
			limited++
		}
	}
	if limited != 4 {
		t.Errorf("%d of 9 requests were turned away, want 4", limited)
	}
}

var keyRE = regexp.MustCompile(`name="carry\.key" value="[^"]+"`)

func TestWhatWasTypedIsThereAfterTheSessionEnded(t *testing.T) {
	s := New(t)
	base := serve(t, s)
	c := newClient(t, base)
	num, code := c.lodge(dispute())
	late := newClient(t, base) // the same browser an hour later: no session any more
	note := "We settled it.\r\nThank you <b>all</b>."
	a := late.must(http.StatusForbidden, late.post("/m/steps/withdraw", url.Values{"version": {"1"}, "note": {note}}))
	holds(t, a, "Please sign in again", `name="carry.note"`, `name="carry-step" value="withdraw"`)
	if !keyRE.MatchString(a.body) {
		t.Error("no idempotency key goes along")
	}
	form := carries(a)
	wrong := late.must(http.StatusUnprocessableEntity, late.post("/follow", with(form, "number", num, "code", "0000-0000-0000-0000")))
	holds(t, wrong, `name="carry.note"`, "Sign in and go on")
	a = late.must(200, late.post("/follow", with(carries(wrong), "number", num, "code", code)))
	holds(t, a, `id="step-withdraw" open`, "We settled it.\nThank you &lt;b&gt;all&lt;/b&gt;.", "You had been signed out")
	if size, err := s.Service.Store.Size(t.Context()); err != nil || size != 1 {
		t.Fatalf("signing in again recorded something: %d entries (%v)", size, err)
	}
	to := late.must(http.StatusSeeOther, late.post("/m/steps/withdraw", url.Values{"version": {"1"}, "note": {note}, "key": {form.Get("carry.key")}}))
	holds(t, late.get(to.header.Get("Location")), "Recorded as entry 2", "We settled it.")
}

func TestABrowserWithoutCookiesIsToldSo(t *testing.T) {
	base := serve(t, New(t))
	c := newClient(t, base)
	c.http.Jar = nil
	num, code := c.lodge(dispute()) // works without
	a := c.must(http.StatusSeeOther, c.post("/follow", url.Values{"number": {num}, "code": {code}}))
	a = c.must(http.StatusSeeOther, c.get(a.header.Get("Location")))
	holds(t, c.must(200, c.get(a.header.Get("Location"))), "Your browser did not keep you signed in", "Allow it in the settings")

	keeps := newClient(t, base)
	a = keeps.must(http.StatusSeeOther, keeps.post("/follow", url.Values{"number": {num}, "code": {code}}))
	if a = keeps.must(http.StatusSeeOther, keeps.get(a.header.Get("Location"))); a.header.Get("Location") != "/m" {
		t.Errorf("led to %s", a.header.Get("Location"))
	}
}

// Names of 200 characters, emoji, right-to-left text and pasted tables go in and come out.
func TestStrangeInputGoesThroughTheResidentsPages(t *testing.T) {
	base := serve(t, New(t))
	for name, text := range map[string]string{
		"200 characters": strings.Repeat("长", 200),
		"one long word":  strings.Repeat("x", 200),
		"emoji":          "王👩‍👩‍👧‍👦芳 🏳️‍🌈",
		"right to left":  "שלום עולם محمد",
		"a table":        "Date\tSum\n3 May\t200\n4 May\t300",
		"combined":       "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L",
	} {
		t.Run(name, func(t *testing.T) {
			c := newClient(t, base)
			form := with(dispute(), "key", "key "+name, "title", text, "p.applicant.0.name", text, "f.facts", strings.ReplaceAll(text, "\n", "\r\n"), "f.place", text)
			holds(t, c.must(200, c.post("/lodge/people-mediation", with(form, "to", "check"))), text)
			c.lodge(form)
			holds(t, c.must(200, c.get("/m")), text)
		})
	}
	c := newClient(t, base)
	a := c.must(http.StatusUnprocessableEntity, c.post("/lodge/people-mediation", with(dispute(), "to", "check", "p.applicant.0.name", strings.Repeat("长", 201))))
	holds(t, a, "too long", `href="#p-applicant-0-name"`, strings.Repeat("长", 201))
}
