package pages

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"
)

func TestAListIsKeptUnderANameAndForgotten(t *testing.T) {
	base := serve(t, New(t))
	c, clerk, other := newClient(t, base), newClient(t, base), newClient(t, base)
	c.lodge(dispute())
	clerk.signIn("clerk")
	other.signIn("head")
	filter := "order=newest&state=people-mediation%2Flodged"
	a := clerk.must(200, clerk.get("/desk?"+filter))
	holds(t, a, `name="query" value="order=newest&amp;state=people-mediation%2Flodged"`)
	a = clerk.must(http.StatusSeeOther, clerk.post("/desk/lists", url.Values{"name": {"New ones"}, "query": {filter + "&cursor=7&q=abc"}}))
	if to := a.header.Get("Location"); to != "/desk?"+filter {
		t.Errorf("led to %s", to)
	}
	holds(t, clerk.get("/desk?"+filter), `aria-current="page"><bdi>New ones</bdi> <span class="n">1</span>`, "This list is there already")
	if a := other.get("/desk"); strings.Contains(a.body, "New ones") {
		t.Error("somebody else sees it")
	}
	holds(t, clerk.must(422, clerk.post("/desk/lists", url.Values{"name": {" "}, "query": {filter}})), "Give it a name", `aria-invalid="true"`)
	clerk.must(http.StatusSeeOther, clerk.post("/desk/lists/drop", url.Values{"name": {"New ones"}}))
	if a := clerk.get("/desk"); strings.Contains(a.body, "New ones") {
		t.Error("it is still there")
	}
}

// What neither the counts nor one's own matters know is counted for lists of a time or a person.
func TestKeptListsOfATimeOrAPersonSayHowMany(t *testing.T) {
	base := serve(t, New(t))
	c, clerk := newClient(t, base), newClient(t, base)
	c.lodge(dispute())
	clerk.signIn("clerk")
	month := "in=opened." + time.Now().In(time.FixedZone("", 8*60*60)).Format("2006-01") + "&show=all"
	for name, query := range map[string]string{"This month": month, "Nobody's": "assignee=none", "Late": "due=late", "Hers": "assignee=mediator",
		"Long ago": "in=opened.1999-01", "Ended and hers": "assignee=mediator&show=ended"} {
		clerk.must(http.StatusSeeOther, clerk.post("/desk/lists", url.Values{"name": {name}, "query": {query}}))
	}
	a := clerk.must(200, clerk.get("/desk"))
	count := func(name, n string) string { return "<bdi>" + name + "</bdi> <span class=\"n\">" + n + "</span>" }
	holds(t, a, count("This month", "1"), count("Nobody&#39;s", "1"), count("Late", "0"), count("Hers", "0"))
	for _, name := range []string{"Long ago", "Ended and hers"} { // a time that no list is kept of, and what would have to be read
		holds(t, a, "<bdi>"+name+"</bdi></a>")
	}
}

func TestTheWordsOfASearchAreNotKept(t *testing.T) {
	base := serve(t, New(t))
	clerk := newClient(t, base)
	clerk.signIn("clerk")
	to := clerk.must(http.StatusSeeOther, clerk.post("/desk", url.Values{"words": {"Zhang San"}, "mine": {"1"}})).header.Get("Location")
	a := clerk.must(200, clerk.get(to))
	holds(t, a, `name="query" value="mine=1"`, "The words of the search are not kept")
}

var pickRE = regexp.MustCompile(`name="pick" value="([^"]+)"`)

func TestManyAreAssignedAtOnceAndEachSaysWhatBecameOfIt(t *testing.T) {
	base := serve(t, New(t))
	c, clerk, other := newClient(t, base), newClient(t, base), newClient(t, base)
	clerk.signIn("clerk")
	other.signIn("clerk")
	var numbers []string
	for i := range 3 {
		n, _ := c.lodge(with(dispute(), "key", fmt.Sprintf("key-of-this-form-%04d", i), "title", fmt.Sprintf("Dispute %d", i)))
		clerk.must(http.StatusSeeOther, clerk.post("/desk/m/"+n+"/steps/accept", url.Values{"version": {"1"}}))
		numbers = append(numbers, n)
	}
	c.lodge(with(dispute(), "key", "key-of-this-form-0009")) // not accepted: nobody can be appointed
	a := clerk.must(200, clerk.get("/desk"))
	var picks []string
	for _, m := range pickRE.FindAllStringSubmatch(a.body, -1) {
		picks = append(picks, m[1])
	}
	if len(picks) != 3 {
		t.Fatalf("%d can be chosen: %v", len(picks), picks)
	}
	holds(t, a, `<option value="mediator">李强 (mediator)</option>`)
	other.must(http.StatusSeeOther, other.post("/desk/m/"+numbers[1]+"/steps/refer", url.Values{"version": {"2"}, "unit": {"u"}, "note": {"Theirs."}}))

	form := url.Values{"key": {"one-key"}, "pick": picks, "assignee": {"mediator"}, "list": {"order=newest"}}
	for range 2 { // a second click changes nothing
		a = clerk.must(200, clerk.post("/desk/assign", form))
		holds(t, a, "2 assigned, 1 not", "Dispute 1", "changed meanwhile, not assigned", "done, entry 3", "李强 (mediator)", `href="/desk?order=newest"`)
	}
	holds(t, clerk.get("/desk/m/"+numbers[0]), "Appoint a mediator", "李强 (mediator)")
	if a := clerk.get("/desk/m/" + numbers[1]); strings.Contains(a.body, "李强") {
		t.Error("the one that changed was assigned")
	}
	a = clerk.must(422, clerk.post("/desk/assign", with(form, "assignee", "")))
	holds(t, a, `href="#assign-assignee"`, "Choose who is to take them")
	a = clerk.must(422, clerk.post("/desk/assign", with(form, "pick", "")))
	holds(t, a, "Choose the matters to assign first")
}

func TestAMatterIsShownBesideItsList(t *testing.T) {
	base := serve(t, New(t))
	c, clerk := newClient(t, base), newClient(t, base)
	number, _ := c.lodge(dispute())
	clerk.signIn("clerk")
	beside := "/desk?m=" + number + "&order=newest"
	a := clerk.must(200, clerk.get(beside))
	holds(t, a, "is-split", "Zhang San", `name="list" value="order=newest"`, `class="row-title" href="/desk/m/`+number+`" aria-current="true"`)
	step := "/desk/m/" + number + "/steps/"
	a = clerk.must(422, clerk.post(step+"decline", url.Values{"version": {"1"}, "list": {"order=newest"}, "note": {"kept words"}}))
	holds(t, a, "is-split", "kept words", `href="#s-decline-f-decline_ground"`)
	a = clerk.must(http.StatusSeeOther, clerk.post(step+"accept", url.Values{"version": {"1"}, "list": {"order=newest"}}))
	if to := a.header.Get("Location"); to != beside+"&done=2" {
		t.Errorf("led to %s", to)
	}
	holds(t, clerk.get(beside+"&done=2"), "Recorded", "Accepted")
	a = clerk.must(200, clerk.get("/desk?m=2026-99999999-0"))
	if strings.Contains(a.body, "is-split") {
		t.Error("a matter that is not there is shown")
	}
}

func TestASearchShowsWhereItsWordsStand(t *testing.T) {
	base := serve(t, New(t))
	c, clerk := newClient(t, base), newClient(t, base)
	c.lodge(with(dispute(), "title", "屋顶漏水", "f.facts", "三月以来，楼上住户的水管一直在滴水。<b>"))
	clerk.signIn("clerk")
	find := func(words string) answer {
		t.Helper()
		to := clerk.must(http.StatusSeeOther, clerk.post("/desk", url.Values{"words": {words}})).header.Get("Location")
		return clerk.must(200, clerk.get(to))
	}
	a := find("漏水")
	holds(t, a, "屋顶<mark>漏水</mark>")
	if strings.Contains(a.body, "found-in") {
		t.Error("a part of the matter is shown although the title says it all")
	}
	holds(t, find("水管"), `<bdi>屋顶漏水</bdi>`, "楼上住户的<mark>水管</mark>一直在滴水。&lt;b&gt;")
	holds(t, find("Zhang"), "Applicant: <bdi><mark>Zhang</mark> San</bdi>")
}

func TestStepsSayWhatTheyWillDo(t *testing.T) {
	base := serve(t, New(t))
	c, clerk := newClient(t, base), newClient(t, base)
	number, _ := c.lodge(dispute())
	clerk.signIn("clerk")
	a := clerk.must(200, clerk.get("/desk/m/"+number))
	holds(t, a, "to “Accepted”", "Stops: ", "Starts: ", ", until ", "Will be told: ", "The parties see it on their page", `href="#h-do"`)
}

func TestAConflictLetsOneGoOnWithOneClick(t *testing.T) {
	base := serve(t, New(t))
	resident, first, second := newClient(t, base), newClient(t, base), newClient(t, base)
	number, _ := resident.lodge(dispute())
	page := "/desk/m/" + number
	first.signIn("clerk")
	second.signIn("clerk")
	first.must(http.StatusSeeOther, first.post(page+"/steps/accept", url.Values{"version": {"1"}}))
	form := url.Values{"version": {"1"}, "key": {"k-refer"}, "unit": {"u"}, "note": {"Liuhe knows both families."}}
	a := second.must(http.StatusConflict, second.post(page+"/steps/refer", form))
	holds(t, a, "What you wrote", "Liuhe Justice Office", "On record now: <bdi>Qingshi Justice Office</bdi>", "Go on all the same: Refer to another office", `href="#step-refer"`)
	again := url.Values{}
	merge := a.body[strings.Index(a.body, `class="problems merge"`):]
	for _, m := range regexp.MustCompile(`<input type="hidden" name="([^"]+)" value="([^"]*)">`).FindAllStringSubmatch(merge[:strings.Index(merge, "</form>")], -1) {
		again.Set(m[1], m[2])
	}
	second.must(http.StatusSeeOther, second.post(page+"/steps/refer", again))
	holds(t, second.get(page), "Liuhe knows both families.", "Liuhe Justice Office")
}
