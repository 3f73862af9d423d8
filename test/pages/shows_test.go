package pages

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// An office that is called to a gathering sees on the page of its call what the county has on record there.
func TestASubMatterShowsFieldsOfTheWhole(t *testing.T) {
	s := New(t)
	s.Join(t)
	base := serve(t, s)
	data := picture(t, 9)
	whole, calls := s.Gather(t, data)
	one, two, check, county := newClient(t, base), newClient(t, base), newClient(t, base), newClient(t, base)
	for login, c := range map[string]*client{"one": one, "two": two, "auditor": check, "clerk": county} {
		c.signIn(login)
	}
	page := "/desk/m/" + calls[0]
	a := one.must(200, one.get(page))
	holds(t, a, "<h2 id=\"h-whole\">Gathering</h2>", "Called", "The offices are called.", "Agenda", "二、物资。", "县政府三楼会议室", "水情.png",
		"as it stands there now", "This matter is part of another one.")
	lacks(t, a, whole, "Last changed", "Cost")
	paper := found(t, fileLink, a.body)
	if !strings.HasPrefix(paper, page+"/files/") {
		t.Errorf("the paper is at %s", paper)
	}
	if file := one.must(200, one.get(paper)); file.body != string(data) {
		t.Errorf("the paper has %d bytes", len(file.body))
	}
	one.must(http.StatusNotFound, one.get(strings.Replace(paper, calls[0], whole, 1)))
	two.must(http.StatusNotFound, two.get(paper))
	check.must(http.StatusNotFound, check.get(paper))
	a = check.must(200, check.get(page))
	lacks(t, a, "h-whole", "县政府三楼会议室", "物资")
	one.must(http.StatusSeeOther, one.post(page+"/steps/accept", url.Values{"version": {"1"}}))
	county.must(http.StatusSeeOther, county.post("/desk/m/"+whole+"/steps/change", url.Values{"version": {"2"}, "f.place": {"水利局"}}))
	a = one.must(200, one.get(page))
	holds(t, a, "水利局", "Changed after your office last acted here:")
	holds(t, two.must(200, two.get("/desk/m/"+calls[1])), "水利局", "Last changed:")
	holds(t, one.must(200, one.get(page+"/print")), "<h3>Gathering</h3>", "水利局", "水情.png")
	holds(t, county.must(200, county.get("/desk/m/"+whole)), "Who has read", "one")
}

// The county puts the gathering off and then calls it off: each call is told, and its page says so.
func TestAStepTellsSubMatters(t *testing.T) {
	s := New(t)
	s.Join(t)
	base := serve(t, s)
	whole, calls := s.Gather(t, picture(t, 9))
	county, one := newClient(t, base), newClient(t, base)
	county.signIn("clerk")
	one.signIn("one")
	page := "/desk/m/" + whole
	holds(t, county.must(200, county.get(page)), "Tells Call (2): Put off", "Tells Call (2): Call off")
	a := county.must(422, county.post(page+"/steps/put-off", url.Values{"version": {"2"}, "f.reply_by": {"2020-01-01"}}))
	holds(t, a, `href="#s-put-off-f-reply_by"`, "Call: ")
	county.must(http.StatusSeeOther, county.post(page+"/steps/put-off", url.Values{"version": {"2"}, "f.reply_by": {"2099-02-20"}}))
	holds(t, one.must(200, one.get("/desk/m/"+calls[0])), "20 Feb 2099", "The system")
	county.must(http.StatusSeeOther, county.post(page+"/steps/cancel", url.Values{"version": {"3"}}))
	holds(t, county.must(200, county.get(page)), "Cancelled", "Ended:", `href="/desk/m/`+calls[1]+`"`)
	holds(t, one.must(200, one.get("/desk/m/"+calls[0])), "Called off", "It is not held.")
}
