package pages

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

func lacks(t *testing.T, a answer, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if strings.Contains(a.body, text) {
			t.Errorf("the page shows %q", text)
		}
	}
}

func TestAStepOpensASubMatterAndBothPagesSayHowFarItIs(t *testing.T) {
	s := New(t)
	s.Join(t)
	base := serve(t, s)
	resident, one, two, above := newClient(t, base), newClient(t, base), newClient(t, base), newClient(t, base)
	a := resident.must(200, resident.post("/lodge/joint", url.Values{"key": {"k"}, "unit": {"t1"}, "title": {"River and road"},
		"f.facts": {"Both are broken."}, "n.applicant": {"1"}, "p.applicant.0.name": {"Zhang San"}}))
	number := found(t, numberRE, a.body)
	lacks(t, resident.get("/"), "/lodge/joint-opinion")
	one.signIn("one")
	two.signIn("two")
	above.signIn("clerk")
	page := "/desk/m/" + number

	a = one.must(200, one.get(page))
	holds(t, a, `name="sub-unit"`, "Second township", `name="sub-title"`, "Left empty, it is the title of this matter.")
	lacks(t, a, "Sub-matters</h2>")
	a = one.must(422, one.post(page+"/steps/ask", url.Values{"version": {"1"}, "f.question": {"Whose is it?"}, "sub-title": {"The river"}}))
	holds(t, a, `href="#s-ask-sub-unit"`, "Choose the office that shall receive it", `value="The river"`, "Whose is it?")
	one.must(http.StatusSeeOther, one.post(page+"/steps/ask", url.Values{"version": {"1"}, "f.question": {"Whose is it?"}, "sub-title": {"The river"}, "sub-unit": {"t2"}}))

	sub := found(t, regexp.MustCompile(`href="/desk/m/([0-9X-]+)"><bdi>The river`), two.must(200, two.get("/desk")).body)
	a = above.must(200, above.get(page))
	holds(t, a, "Sub-matters</h2>", `href="/desk/m/`+sub+`"`, "Asked", "Second township", "days left", "Opened:")
	a = one.must(200, one.get(page))
	holds(t, a, "Sub-matters</h2>", "Opinion", "It has not ended yet.", "Opened:")
	lacks(t, a, sub)
	a = two.must(200, two.get("/desk/m/"+sub))
	holds(t, a, "The river", "Whose is it?", "This matter is part of another one.", "Opened from another matter")
	lacks(t, a, number)
	holds(t, above.must(200, above.get("/desk/m/"+sub)), "Part of:", "Joint matter", `href="`+page+`"`)
	a = resident.must(200, resident.get("/m"))
	holds(t, a, "Parts handled in matters of their own", "Opinion", "It has not ended yet.")
	lacks(t, a, sub, "The river")

	a = one.must(http.StatusForbidden, one.post(page+"/steps/finish", url.Values{"version": {"2"}}))
	holds(t, a, "has to wait until these have ended: Opinion (1)")
	two.must(http.StatusSeeOther, two.post("/desk/m/"+sub+"/steps/give", url.Values{"version": {"1"}, "f.opinion": {"Ours."}}))
	holds(t, one.get(page), "All opinions are there", "Ended:", "It has ended.", "/steps/finish")
	a = resident.get("/m")
	holds(t, a, "It has ended.", "Being handled")
	lacks(t, a, "Ours.")
	req, err := http.NewRequest(http.MethodGet, base+"/m", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Accept-Language", "zh")
	holds(t, resident.do(req), "交其他程序办理的部分", "征求意见", "已经办结。", "办结的子事项：")
}
