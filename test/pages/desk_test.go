package pages

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

func TestStaffTakeAMatterFromItsArrivalToItsEnd(t *testing.T) {
	base := serve(t, New(t))
	resident, clerk, mediator := newClient(t, base), newClient(t, base), newClient(t, base)
	number, _ := resident.lodge(dispute())
	page := "/desk/m/" + number

	if a := clerk.get(page); a.header.Get("Location") != "/login?next="+page {
		t.Fatalf("signed out, led to %q", a.header.Get("Location"))
	}
	a := clerk.must(http.StatusSeeOther, clerk.post("/login", url.Values{"login": {"clerk"}, "password": {Password}, "next": {page}}))
	if a.header.Get("Location") != page {
		t.Errorf("led to %s", a.header.Get("Location"))
	}
	holds(t, clerk.must(200, clerk.get("/desk")), number, "Leak through the ceiling", "Received", "days left", "王芳")
	holds(t, clerk.must(200, clerk.get(page)), "Zhang San", "13800000001", page+"/steps/accept", page+"/steps/decline", "The party will be told")

	step := func(c *client, name string, version int, pairs ...string) {
		t.Helper()
		form := with(url.Values{"version": {fmt.Sprint(version)}}, pairs...)
		c.must(http.StatusSeeOther, c.post(page+"/steps/"+name, form))
	}
	step(clerk, "accept", 1)
	holds(t, clerk.get(page), `<option value="mediator" selected>李强 (mediator)</option>`) // the only one there is
	step(clerk, "assign", 2, "assignee", "mediator")
	mediator.signIn("mediator")
	holds(t, mediator.must(200, mediator.get("/desk?mine=1")), number)
	step(mediator, "session", 3, "f.session_on", "2026-05-06", "f.session_form", "in-person", "f.session_record", "Both came.")
	step(mediator, "agreement", 4, "f.agreement_form", "written", "f.agreement_text", "He repairs it.")
	step(mediator, "close", 5, "f.performed", "yes")
	holds(t, mediator.get(page), "Closed", "Both came.", "He repairs it.", "Wed 6 May 2026", "There is nothing for you to do now")
	holds(t, resident.get("/m"), "This matter is closed", "He repairs it.", "王芳 (clerk)", "李强 (mediator)")
	for seq := range 6 {
		resident.must(200, resident.get(fmt.Sprintf("/m/receipts/%d", seq+1)))
		clerk.must(200, clerk.get(fmt.Sprintf("%s/receipts/%d", page, seq+1)))
	}
	if a := clerk.get("/desk"); strings.Contains(a.body, number) {
		t.Error("an ended matter stays in the list of open ones")
	}
	holds(t, clerk.get("/desk?show=ended"), number)
	clerk.must(http.StatusSeeOther, clerk.post("/logout", nil))
	clerk.must(http.StatusSeeOther, clerk.get("/desk"))
}

func TestAConflictShowsWhatChangedAndKeepsWhatWasTyped(t *testing.T) {
	base := serve(t, New(t))
	resident, first, second := newClient(t, base), newClient(t, base), newClient(t, base)
	number, _ := resident.lodge(dispute())
	page := "/desk/m/" + number
	first.signIn("clerk")
	second.signIn("clerk")
	first.must(http.StatusSeeOther, first.post(page+"/steps/accept", url.Values{"version": {"1"}}))

	note := "Liuhe knows both families."
	form := url.Values{"version": {"1"}, "key": {"k-refer"}, "unit": {"u"}, "note": {note}}
	a := second.must(http.StatusConflict, second.post(page+"/steps/refer", form))
	holds(t, a, "Something changed", "What was recorded while you were writing", `<a href="#entry-2">Accept</a>`, note, `<option value="u" selected>`)
	version := found(t, regexp.MustCompile(`(?s)action="`+page+`/steps/refer".*?name="version" value="([0-9]+)"`), a.body)
	second.must(http.StatusSeeOther, second.post(page+"/steps/refer", with(form, "version", version)))
	holds(t, second.get(page), note, "Liuhe Justice Office")
}

func TestAStepThatIsGoneStillShowsWhatWasTyped(t *testing.T) {
	base := serve(t, New(t))
	resident, first, second := newClient(t, base), newClient(t, base), newClient(t, base)
	number, _ := resident.lodge(dispute())
	page := "/desk/m/" + number
	first.signIn("clerk")
	second.signIn("clerk")
	first.must(http.StatusSeeOther, first.post(page+"/steps/accept", url.Values{"version": {"1"}}))
	a := second.must(http.StatusConflict, second.post(page+"/steps/decline",
		url.Values{"version": {"1"}, "f.decline_ground": {"in-court"}, "note": {"The court has it."}}))
	holds(t, a, "“Do not accept” can no longer be done", "The court has it.", "A court or arbitration body already has it")
}

func TestAnUnlawfulStepIsRefused(t *testing.T) {
	base := serve(t, New(t))
	c, clerk := newClient(t, base), newClient(t, base)
	number, _ := c.lodge(dispute())
	a := c.must(http.StatusForbidden, c.post("/m/steps/accept", url.Values{"version": {"1"}}))
	holds(t, a, "is for somebody else to do")
	clerk.signIn("clerk")
	a = clerk.must(http.StatusUnprocessableEntity, clerk.post("/desk/m/"+number+"/steps/decline", url.Values{"version": {"1"}, "note": {"a reason"}}))
	holds(t, a, `href="#s-decline-f-decline_ground"`, "a reason")
	clerk.must(http.StatusNotFound, clerk.get("/desk/m/2026-99999999-0"))
}

func TestSearchLeavesNoWordsInTheAddress(t *testing.T) {
	base := serve(t, New(t))
	c, clerk := newClient(t, base), newClient(t, base)
	number, _ := c.lodge(with(dispute(), "title", "屋顶漏水"))
	c.lodge(with(dispute(), "title", "Barking dog", "key", "key-of-this-form-0002"))
	clerk.signIn("clerk")
	a := clerk.must(http.StatusSeeOther, clerk.post("/desk", url.Values{"words": {"漏水"}, "show": {"open"}}))
	to := a.header.Get("Location")
	if strings.Contains(to, "漏") || strings.Contains(to, url.QueryEscape("漏水")) {
		t.Errorf("the address holds the words: %s", to)
	}
	a = clerk.must(200, clerk.get(to))
	holds(t, a, number, `value="漏水"`)
	if strings.Contains(a.body, "Barking dog") {
		t.Error("the search finds what does not match")
	}
	a = clerk.must(http.StatusSeeOther, clerk.post("/desk", url.Values{"words": {number}}))
	if a.header.Get("Location") != "/desk/m/"+number {
		t.Errorf("a number led to %s", a.header.Get("Location"))
	}
}

func TestTheListGoesOnPageByPage(t *testing.T) {
	base := serve(t, New(t))
	c, clerk := newClient(t, base), newClient(t, base)
	want := map[string]bool{}
	for i := range 35 {
		n, _ := c.lodge(with(dispute(), "key", fmt.Sprintf("key-of-form-%d", i)))
		want[n] = true
	}
	clerk.signIn("clerk")
	next := regexp.MustCompile(`class="button" href="([^"]*cursor=[^"]*)">Next page`)
	shown := regexp.MustCompile(`class="row-title" href="/desk/m/([^"]+)"`)
	path, pages := "/desk", 0
	for path != "" && pages < 5 {
		a := clerk.must(200, clerk.get(path))
		for _, m := range shown.FindAllStringSubmatch(a.body, -1) {
			if !want[m[1]] {
				t.Errorf("%s is shown twice", m[1])
			}
			delete(want, m[1])
		}
		path = ""
		if m := next.FindStringSubmatch(a.body); m != nil {
			path = strings.ReplaceAll(m[1], "&amp;", "&")
		}
		pages++
	}
	if len(want) > 0 || pages != 2 {
		t.Errorf("%d not shown on %d pages", len(want), pages)
	}
}

func TestUpkeepGivesACodeCorrectsAndErases(t *testing.T) {
	base := serve(t, New(t))
	resident, clerk, head := newClient(t, base), newClient(t, base), newClient(t, base)
	number, old := resident.lodge(dispute())
	page := "/desk/m/" + number
	clerk.signIn("clerk")
	head.signIn("head")

	a := clerk.must(200, clerk.post(page+"/code", url.Values{"party": {"0"}}))
	code := found(t, codeRE, a.body)
	fresh := newClient(t, base)
	fresh.must(http.StatusUnprocessableEntity, fresh.post("/follow", url.Values{"number": {number}, "code": {old}}))
	fresh.must(http.StatusSeeOther, fresh.post("/follow", url.Values{"number": {number}, "code": {code}}))

	clerk.must(http.StatusSeeOther, clerk.post(page+"/correct", url.Values{"entry": {"1"}, "title": {"Leak in the kitchen"},
		"f.kind": {"neighbour"}, "f.facts": {"Water since April."}, "f.request": {"Please repair."}, "note": {"wrong month"}}))
	holds(t, clerk.get(page), "Leak in the kitchen", "Water since April.", "Entry 1 was corrected", "wrong month")

	resident.must(http.StatusSeeOther, fresh.post("/m/steps/withdraw", url.Values{"version": {"3"}}))
	clerk.must(http.StatusForbidden, clerk.post(page+"/erase", url.Values{"rule": {"Rule 7"}}))
	holds(t, head.get(page), page+"/erase")
	head.must(http.StatusSeeOther, head.post(page+"/erase", url.Values{"rule": {"Rule 7"}}))
	a = head.get(page)
	holds(t, a, "Personal data was erased", "Rule 7", "The content was erased under a rule")
	for _, gone := range []string{"Zhang San", "Leak in the kitchen", "Water since"} {
		if strings.Contains(a.body, gone) {
			t.Errorf("%s is still shown", gone)
		}
	}
}

func TestAnAuditorSeesActsAndNothingPersonal(t *testing.T) {
	base := serve(t, New(t))
	c, auditor := newClient(t, base), newClient(t, base)
	number, _ := c.lodge(dispute())
	auditor.signIn("auditor")
	for _, path := range []string{"/desk", "/desk/m/" + number} {
		a := auditor.must(200, auditor.get(path))
		holds(t, a, number)
		for _, personal := range []string{"Leak through", "Zhang San", "13800000001", "Water since"} {
			if strings.Contains(a.body, personal) {
				t.Errorf("%s shows %s", path, personal)
			}
		}
	}
	holds(t, auditor.get("/desk/m/"+number), "personal content is not shown")
}

func TestWrongPasswordsAreNoLongerCheckedAfterSome(t *testing.T) {
	c := newClient(t, serve(t, New(t)))
	try := func(login, password string) answer {
		return c.post("/login", url.Values{"login": {login}, "password": {password}})
	}
	for i := range 7 {
		a := try("clerk", "guess")
		if i < 5 {
			holds(t, c.must(http.StatusUnprocessableEntity, a), "is not right")
		} else if a.status != http.StatusTooManyRequests {
			t.Errorf("guess %d: status %d", i+1, a.status)
		}
	}
	if a := try("clerk", Password); a.status != http.StatusTooManyRequests {
		t.Errorf("a lucky guess got through: status %d", a.status)
	}
	c.signIn("head") // who signs in as somebody else, from the same place, is not kept out
}
