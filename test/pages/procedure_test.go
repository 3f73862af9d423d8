package pages

import (
	"context"
	"net/http"
	"os"
	"strings"
	"testing"

	"luoshi/procedures"
)

func TestEveryProcedureHasAPage(t *testing.T) {
	c := newClient(t, serve(t, New(t)))
	holds(t, c.must(200, c.get("/")), `href="/procedures"`)
	holds(t, c.must(200, c.get("/procedures")), `href="/procedures/petition"`, `href="/procedures/people-mediation"`, `href="/procedures/hotline-order"`,
		"Who can bring it:", "anyone, clerk; import from another system")
	page := c.must(200, c.get("/procedures/people-mediation"))
	holds(t, page,
		"People&#39;s mediation", `href="/lodge/people-mediation"`, // what it is, how to bring it
		`class="luoshi-diagram"`, `role="img"`, `id="luoshi-state-mediating"`, // the picture
		"to be confirmed", `<span lang="zh">人民调解工作若干规定(司法部令75号)</span>, art. 33`, // law that was not checked
		"<strong>1 month</strong>", "Can be extended", // a time limit
		"You may ask for the reasons, complain to the county justice bureau", // remedy
		"What happened", "personal", "when it is brought", // what is asked
		`href="/v1/procedures/people-mediation@1/source"`, `href="/v1/procedures/people-mediation@1/diagram.svg?lang=en"`, `href="/v1/procedures/people-mediation@1/bpmn?lang=en"`)
	if strings.Contains(page.body, "luoshi-now") || strings.Contains(page.body, "style=") {
		t.Error("a state is marked though none was named, or the page has styles of its own")
	}
	for _, path := range []string{"/procedures/nothing", "/procedures/petition?version=7", "/procedures/petition@1?version=1", "/procedures/petition?version=x"} {
		c.must(http.StatusNotFound, c.get(path))
	}
	if a := c.must(200, c.get("/procedures/petition?state=nowhere")); strings.Contains(a.body, "luoshi-now") {
		t.Error("a state that does not exist is marked")
	}
}

func TestAMatterLeadsToHowItGoesOn(t *testing.T) {
	c := newClient(t, serve(t, New(t)))
	number, _ := c.lodge(dispute())
	how := `/procedures/people-mediation?state=lodged&amp;version=1`
	mine := c.must(200, c.get("/m"))
	holds(t, mine, how)
	page := c.must(200, c.get(strings.ReplaceAll(how, "&amp;", "&")))
	holds(t, page, "The matter stands now at <strong>Received</strong>", `class="luoshi-state luoshi-now" id="luoshi-state-lodged"`, "It stands here now")
	if strings.Contains(page.body, number) {
		t.Error("the page of the procedure names the matter")
	}
}

func TestAnOlderVersionSaysSo(t *testing.T) {
	s := New(t)
	src, err := procedures.FS.ReadFile("petition.yaml")
	if err != nil {
		t.Fatal(err)
	}
	newer := strings.Replace(string(src), "\nversion: 1\n", "\nversion: 2\n", 1)
	if _, err := s.Service.Publish(context.Background(), "petition.yaml", []byte(newer)); err != nil {
		t.Fatal(err)
	}
	c := newClient(t, serve(t, s))
	old := c.must(200, c.get("/procedures/petition?version=1"))
	holds(t, old, "version 1", "This is an older version", `href="/procedures/petition"`)
	if strings.Contains(old.body, `href="/lodge/petition"`) {
		t.Error("an older version offers its form")
	}
	if a := c.must(200, c.get("/procedures/petition")); strings.Contains(a.body, "older version") || !strings.Contains(a.body, "version 2") {
		t.Error("the newest version is not shown as such")
	}
}

func TestConditionsAndSubMattersAreShown(t *testing.T) {
	s := New(t)
	src, err := os.ReadFile("../../internal/procedure/prose/testdata/stall.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if err := put(context.Background(), s.Service, "stall.yaml", src); err != nil {
		t.Fatal(err)
	}
	c := newClient(t, serve(t, s))
	holds(t, c.must(200, c.get("/procedures/stall")),
		"Only if: another office referred it (written matter.referred())", "Otherwise: It was not referred and cannot go back.",
		"Opens another matter: Health opinion", "Only after these other matters have ended: Health opinion",
		"Stands still:", "Waiting for papers (It waits for the applicant.)", "Begun on Wed 31 Dec 2025 or before:", "Begun on Thu 1 Jan 2026 or later:",
		"procedure, state, time limits, What is sold, the office", "5 years after the end; then the system erases it")
}
