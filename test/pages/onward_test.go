package pages

import (
	"net/http"
	"net/url"
	"testing"
)

// TestAMatterGoesOnInAnotherProcedureAndBothSidesSeeItsCourse takes the way through the pages, without script.
func TestAMatterGoesOnInAnotherProcedureAndBothSidesSeeItsCourse(t *testing.T) {
	s := New(t)
	s.Join(t)
	base := serve(t, s)
	resident, one, two := newClient(t, base), newClient(t, base), newClient(t, base)
	a := resident.must(200, resident.post("/lodge/channel-talk", url.Values{"key": {"k"}, "unit": {"t1"}, "title": {"The wall"}, "f.story": {"It fell."},
		"f.sum": {"300"}, "n.asker": {"1"}, "p.asker.0.name": {"Zhang San"}}))
	number := found(t, numberRE, a.body)
	one.signIn("one")
	two.signIn("two")
	page := "/desk/m/" + number
	a = one.must(200, one.get(page))
	holds(t, a, "Goes on as: Ruling", "What Ruling asks for beside", "nothing is asked again", `name="onward-unit"`, `name="o.f.ground"`, `name="o.p.answerer.0.name"`)
	lacks(t, a, `name="o.f.claim"`, "The way this matter has gone")

	form := url.Values{"version": {"1"}, "onward-unit": {"t2"}, "o.f.ground": {"law"}, "note": {"They do not agree."}}
	a = one.must(422, one.post(page+"/steps/go-on", form))
	holds(t, a, `href="#s-go-on-o-f-inside"`, `href="#s-go-on-o-p-answerer-0-name"`, "They do not agree.")
	form.Set("o.f.inside", "seen by clerks alone")
	form.Set("o.p.answerer.0.name", "Li Si")
	one.must(http.StatusSeeOther, one.post(page+"/steps/go-on", form))

	a = two.must(200, two.get(page))
	holds(t, a, "The way this matter has gone", "Talk", "Ruling", "It is here now", "It fell.", "seen by clerks alone", "Li Si", "/steps/rule", "Goes on as: Ruling")
	a = resident.must(200, resident.get("/m"))
	holds(t, a, "The way this matter has gone", "Filed", "They do not agree.", "Each stretch has the time limits of its own law.", number)
	lacks(t, a, "seen by clerks alone")
	holds(t, resident.must(200, resident.get("/m/print")), "The way it has gone", "First step · Talk")
	one.must(http.StatusNotFound, one.get(page))

	two.must(http.StatusSeeOther, two.post(page+"/steps/talk-again", url.Values{"version": {"2"}}))
	holds(t, resident.must(200, resident.get("/m")), "Talking", "It fell.")
	holds(t, resident.must(200, resident.get("/procedures/channel-talk")), `<a href="/procedures/channel-ruling">Goes on as: Ruling</a>`)
}
