package pages

import (
	"fmt"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// number is a link of the overview: where it leads, and what it says.
type number struct {
	path string
	n    int
}

var numberLink = regexp.MustCompile(`<a href="(/desk[^"/]*)"[^>]*>(?:<span class="title">[^<]*</span> <span class="big">)?([0-9,]+)<`)

func numbers(t *testing.T, body string) []number {
	t.Helper()
	var all []number
	for _, m := range numberLink.FindAllStringSubmatch(body, -1) {
		n, err := strconv.Atoi(strings.ReplaceAll(m[2], ",", ""))
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, number{html.UnescapeString(m[1]), n})
	}
	return all
}

func TestEveryNumberOfTheOverviewOpensItsList(t *testing.T) {
	base := serve(t, New(t))
	resident, clerk, head := newClient(t, base), newClient(t, base), newClient(t, base)
	clerk.signIn("clerk")
	head.signIn("head")
	var first string
	for i, unit := range []string{"t", "t", "u"} {
		n, _ := resident.lodge(with(dispute(), "unit", unit, "key", fmt.Sprint("key-of-this-form-000", i+1)))
		if i == 0 {
			first = n
		}
	}
	for _, step := range []url.Values{{"step": {"accept"}, "version": {"1"}}, {"step": {"assign"}, "version": {"2"}, "assignee": {"mediator"}}} {
		clerk.must(http.StatusSeeOther, clerk.post("/desk/m/"+first+"/steps/"+step.Get("step"), step))
	}
	a := head.must(200, head.get("/desk/overview"))
	holds(t, a, "Overview: Heshun County", `<a href="/desk/overview">Overview</a>`, "Qingshi Justice Office", "People&#39;s mediation", "李强",
		"Nothing is open at:", "Heshun Petition Bureau", `<svg viewBox="0 0 400 196" role="img" aria-labelledby="t-came d-came">`, "3 were opened and 0 were finished")
	found := numbers(t, a.body)
	if len(found) < 9 {
		t.Fatalf("only %d numbers: %v", len(found), found)
	}
	seen, past := map[string]bool{}, 0
	for _, n := range found {
		list := head.must(200, head.get(n.path))
		if rows := strings.Count(list.body, "rowitem"); rows != n.n {
			t.Errorf("%s has %d rows, the overview says %d", n.path, rows, n.n)
		}
		seen[n.path] = true
		if strings.HasPrefix(n.path, "/desk?in=opened.") {
			past++
			holds(t, list, `<span class="tag">opened: `, `<input type="hidden" name="in" value="opened.`)
		}
	}
	if past != 1 { // all three came in this month
		t.Errorf("%d numbers lead to what was opened in a month, want 1", past)
	}
	for _, want := range []string{"/desk?unit=c", "/desk?assignee=none&unit=c", "/desk?assignee=none&unit=u", "/desk?procedure=people-mediation&unit=c",
		"/desk?alone=1&assignee=mediator&unit=t"} {
		if !seen[want] {
			t.Errorf("nothing leads to %s: %v", want, found)
		}
	}
	weeks := head.must(200, head.get("/desk/overview?by=week"))
	holds(t, weeks, `aria-current="true">week`, `href="/desk/overview?unit=c"`)
	for _, n := range numbers(t, weeks.body) {
		if list := head.must(200, head.get(n.path)); strings.Count(list.body, "rowitem") != n.n {
			t.Errorf("%s does not have the %d rows that the overview says", n.path, n.n)
		}
	}
	head.must(http.StatusNotFound, head.get("/desk?in=opened.1999-01"))
	head.must(http.StatusNotFound, head.get("/desk?in=moved."+first))
	to := head.must(http.StatusSeeOther, head.post("/desk", url.Values{"in": {"opened.1999-01"}, "words": {"leak"}})).header.Get("Location")
	if strings.Contains(to, "in=") {
		t.Errorf("a search keeps to a month: %s", to)
	}
}

func TestTheOverviewIsForThoseWhoMaySeeMatters(t *testing.T) {
	base := serve(t, New(t))
	c, author, clerk := newClient(t, base), newClient(t, base), newClient(t, base)
	if a := c.get("/desk/overview"); a.header.Get("Location") != "/login?next=/desk/overview" {
		t.Errorf("signed out, led to %q", a.header.Get("Location"))
	}
	author.signIn("author")
	holds(t, author.must(http.StatusForbidden, author.get("/desk/overview")), "may not see matters")
	if a := author.get("/desk/procedures"); strings.Contains(a.body, "/desk/overview") {
		t.Error("who may see no matter is offered the overview")
	}
	clerk.signIn("clerk")
	a := clerk.must(200, clerk.get("/desk/overview"))
	if strings.Contains(a.body, "By person") {
		t.Error("who is no head sees people")
	}
	holds(t, a, "Nothing came and nothing was finished in this time.", "Nothing is open here.")
	clerk.must(http.StatusNotFound, clerk.get("/desk/overview?unit=p"))
	clerk.must(http.StatusNotFound, clerk.get("/desk/overview?unit=nowhere"))
}

func TestTheWorklistAsksForWhatIsDueAndForNobodys(t *testing.T) {
	base := serve(t, New(t))
	resident, clerk := newClient(t, base), newClient(t, base)
	number, _ := resident.lodge(dispute())
	clerk.signIn("clerk")
	a := clerk.must(http.StatusSeeOther, clerk.post("/desk", url.Values{"due": {"late"}, "assignee": {"none"}, "unit": {"t"}, "alone": {"1"}, "show": {"open"}, "order": {"due"}}))
	if to := a.header.Get("Location"); to != "/desk?alone=1&assignee=none&due=late&unit=t" {
		t.Errorf("led to %s", to)
	}
	holds(t, clerk.get("/desk?due=late"), "No matter fits.", `<option value="late" selected>late</option>`)
	holds(t, clerk.get("/desk?assignee=none&alone=1&unit=t"), number, "nobody yet", "only this office")
	holds(t, clerk.get("/desk?assignee=none&alone=1&unit=c"), "No matter fits.")
	holds(t, clerk.get("/desk?due=yesterday"), number) // no such word: nothing is asked for
}
