package pages

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

func TestTheStartPageOffersAFewChoices(t *testing.T) {
	c := newClient(t, serve(t, New(t)))
	a := c.must(200, c.get("/"))
	holds(t, a, "I have a dispute with somebody", "I have a dispute with my employer", "Something needs fixing, or I have a question", "I disagree with an authority", "Follow my matter", "Check a receipt")
	if n := strings.Count(a.body, `class="big-choice"`); n != 6 {
		t.Errorf("%d big choices, want 6", n)
	}
}

func TestASearchIsSealedInItsAddressAndFindsProcedures(t *testing.T) {
	c := newClient(t, serve(t, New(t)))
	a := c.must(http.StatusSeeOther, c.post("/", url.Values{"words": {"My boss Zhang owes me wages"}}))
	to := a.header.Get("Location")
	if strings.Contains(to, "wages") || strings.Contains(to, "Zhang") || !strings.HasSuffix(to, "#found") {
		t.Fatalf("led to %s", to)
	}
	path, _, _ := strings.Cut(to, "#")
	a = c.must(200, c.get(path))
	holds(t, a, "This may be it", `<h3><a href="/lodge/people-mediation">`, "My boss Zhang owes me wages")
	a = c.must(http.StatusSeeOther, c.get(path+"&lang=zh")) // the search stays when the language changes
	holds(t, c.get(a.header.Get("Location")), "可以这样办", "人民调解")

	a = c.must(http.StatusSeeOther, c.post("/", url.Values{"words": {"xyzzy"}}))
	path, _, _ = strings.Cut(a.header.Get("Location"), "#")
	c.get("/?lang=en")
	holds(t, c.get(path), "We found nothing for these words", "Try a simpler word")
	holds(t, c.get("/?find=not-sealed-here"), "What would you like to do?")
	if to := c.post("/", url.Values{"words": {"  "}}).header.Get("Location"); to != "/" {
		t.Errorf("no words led to %s", to)
	}
	if to := c.post("/", url.Values{"words": {strings.Repeat("长", 5000)}}).header.Get("Location"); len(to) > 2000 {
		t.Errorf("an address of %d characters", len(to))
	}
}

func TestANumberTypedIntoTheSearchLeadsToWhereItIsFollowed(t *testing.T) {
	c := newClient(t, serve(t, New(t)))
	number, _ := c.lodge(dispute())
	a := c.must(http.StatusSeeOther, c.post("/", url.Values{"words": {strings.ReplaceAll(number, "-", "")}}))
	if to := a.header.Get("Location"); to != "/follow#number="+number {
		t.Errorf("led to %s", to)
	}
}
