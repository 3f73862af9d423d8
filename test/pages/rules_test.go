package pages

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"
)

// lamps is the pages with the small procedure of the store's tests, and a matter of it: its page for staff, its
// number, and the browser of the person who lodged it.
func lamps(t *testing.T) (base, page, number string, applicant *client) {
	t.Helper()
	s := New(t)
	b, err := os.ReadFile("../../internal/store/storetest/lamp.yaml")
	if err != nil {
		t.Fatal(err)
	}
	source := strings.Replace(string(b), "units: [township, county]", "units: [justice-office]", 1)
	if err := put(context.Background(), s.Service, "lamp.yaml", []byte(source)); err != nil {
		t.Fatal(err)
	}
	base = serve(t, s)
	applicant = newClient(t, base)
	form := applicant.must(200, applicant.get("/lodge/lamp"))
	holds(t, form, "This is sensitive personal information", `name="f.diagnosis"`)
	a := applicant.must(200, applicant.post("/lodge/lamp", url.Values{"key": {"key-of-a-lamp-0001"}, "unit": {"t"}, "title": {"The lamp is dark"},
		"f.place": {"The bridge"}, "f.inner": {"inner-words"}, "f.whisper": {"whisper-words"}, "f.diagnosis": {"diagnosis-words"},
		"n.applicant": {"1"}, "p.applicant.0.name": {"Zhang San"}, "n.neighbour": {"1"}, "p.neighbour.0.name": {"Li Si"}}))
	number = found(t, numberRE, a.body)
	return base, "/desk/m/" + number, number, applicant
}

// shows fails the test unless the page shows exactly those of the words.
func shows(t *testing.T, a answer, words ...string) {
	t.Helper()
	for _, w := range []string{"inner-words", "whisper-words", "diagnosis-words"} {
		want := false
		for _, x := range words {
			want = want || x == w
		}
		if strings.Contains(a.body, w) != want {
			t.Errorf("%s shown: %v, want %v", w, !want, want)
		}
	}
}

func TestPagesShowAFieldToThoseWhoSeeIt(t *testing.T) {
	base, page, _, applicant := lamps(t)
	for login, words := range map[string][]string{"clerk": {"inner-words"}, "head": {"inner-words", "diagnosis-words"}, "auditor": nil} {
		c := newClient(t, base)
		c.signIn(login)
		shows(t, c.must(200, c.get(page)), words...)
	}
	shows(t, applicant.must(200, applicant.get("/m")), "whisper-words")
}

func TestAStepAsksForWhatTheNextStateRequires(t *testing.T) {
	base, page, _, _ := lamps(t)
	clerk := newClient(t, base)
	clerk.signIn("clerk")
	holds(t, clerk.must(200, clerk.get(page)), "Not possible yet:", "<strong>Mend</strong> – Look first.")
	a := clerk.must(http.StatusForbidden, clerk.post(page+"/steps/mend", url.Values{"version": {"1"}}))
	holds(t, a, "Look first.")
	clerk.must(http.StatusSeeOther, clerk.post(page+"/steps/look", url.Values{"version": {"1"}}))
	required := regexp.MustCompile(`<input type="text" inputmode="decimal"[^>]* name="f.metres"[^>]* required`)
	a = clerk.must(200, clerk.get(page))
	if !required.MatchString(a.body) {
		t.Error("the form does not ask for metres as required")
	}
	a = clerk.must(http.StatusUnprocessableEntity, clerk.post(page+"/steps/mend", url.Values{"version": {"2"}, "f.mended-on": {"2026-03-03"}}))
	holds(t, a, `href="#s-mend-f-metres"`, "Fill in “Metres”.")
	clerk.must(http.StatusSeeOther, clerk.post(page+"/steps/mend", url.Values{"version": {"2"}, "f.mended-on": {"2026-03-03"}, "f.metres": {"12.50"}}))
	a = clerk.must(200, clerk.get(page))
	holds(t, a, "12.5")
	if required.MatchString(a.body) {
		t.Error("what is known is asked for again")
	}
}

func TestPagesSayWhyAClockStandsStill(t *testing.T) {
	base, page, _, applicant := lamps(t)
	clerk, head := newClient(t, base), newClient(t, base)
	clerk.signIn("clerk")
	head.signIn("head")
	clerk.must(http.StatusSeeOther, clerk.post(page+"/steps/dig", url.Values{"version": {"1"}, "f.permit": {"A-7"}}))
	why := "The time stands still. Works do not count. Permit: A-7"
	for _, a := range []answer{clerk.get(page), applicant.get("/m")} {
		if n := strings.Count(a.body, why); n != 2 { // beside the clock and in how it was computed
			t.Errorf("the page says why %d times", n)
		}
	}
	clerk.must(http.StatusSeeOther, clerk.post(page+"/steps/fill", url.Values{"version": {"2"}}))
	head.must(http.StatusSeeOther, head.post(page+"/steps/extend", url.Values{"version": {"3"}, "f.why": {"no spare <parts>"}}))
	holds(t, applicant.must(200, applicant.get("/m")), "Extended. Reason: no spare &lt;parts&gt;")
}

func TestNoticesAndDocumentsStandInTheTimeline(t *testing.T) {
	base, page, number, applicant := lamps(t)
	clerk := newClient(t, base)
	clerk.signIn("clerk")
	clerk.must(http.StatusSeeOther, clerk.post(page+"/steps/look", url.Values{"version": {"1"}}))
	clerk.must(http.StatusSeeOther, clerk.post(page+"/steps/mend", url.Values{"version": {"2"}, "f.mended-on": {"2026-03-03"}, "f.metres": {"12.5"}, "note": {"good as new"}}))
	subject := "Street lamp " + number + ": Mended"
	mine := applicant.must(200, applicant.get("/m"))
	holds(t, mine, "Told to: the parties", subject, "Qingshi Justice Office: The bridge, 12.5 m, 3 March 2026", "Told to: Reporter", "whisper-words", `href="/m/documents/3/record"`)
	if strings.Contains(mine.body, "Please check") {
		t.Error("a party is told what is for the office")
	}
	holds(t, clerk.get(page), "Told to: the responsible office, the office that referred it, the person in charge", "Please check", subject, `href="`+page+`/documents/3/record"`)
	holds(t, applicant.must(200, applicant.get("/m/documents/3/record")), "<h1>Record</h1>", number+": (not shown to you) — good as new", `href="/m#entry-3"`, "data-print")
	holds(t, clerk.must(200, clerk.get(page+"/documents/3/record")), number+": inner-words — good as new")
	for _, nothing := range []string{"/m/documents/3/slip", "/m/documents/2/record", "/m/documents/x/record"} {
		applicant.must(http.StatusNotFound, applicant.get(nothing))
	}
	stranger := newClient(t, base)
	stranger.must(http.StatusSeeOther, stranger.get(page+"/documents/3/record"))
}

func TestWhatIsPublicIsSeenWithoutACode(t *testing.T) {
	base, _, number, _ := lamps(t)
	c := newClient(t, base)
	holds(t, c.must(200, c.get("/follow")), `href="/public"`)
	holds(t, c.must(200, c.get("/public")), `name="number"`)
	a := c.must(200, c.get("/public?number="+strings.ReplaceAll(number, "-", "")))
	holds(t, a, number, "Street lamp", "Received", "It waits for repair.", "Qingshi Justice Office", "Mending", "The bridge")
	shows(t, a)
	for _, hidden := range []string{"Zhang San", "The lamp is dark", "Repair by"} {
		if strings.Contains(a.body, hidden) {
			t.Errorf("the public page shows %q", hidden)
		}
	}
	resident := newClient(t, base)
	dispute, _ := resident.lodge(dispute())
	other := func(n string) string {
		return strings.ReplaceAll(c.must(http.StatusNotFound, c.get("/public?number="+n)).body, n, "NUMBER")
	}
	if other(dispute) != other("2026-09999999-X") {
		t.Error("a procedure without a public view is told from an unknown number")
	}
	status := 0
	for i := range 10 {
		status = c.get(fmt.Sprintf("/public?number=2026-0999999%d-X", i)).status
	}
	if status != http.StatusTooManyRequests {
		t.Errorf("guessing goes on: %d", status)
	}
	c.must(200, c.get("/public?number="+number))
}
