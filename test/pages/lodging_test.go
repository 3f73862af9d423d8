package pages

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"luoshi/internal/casework"
	"luoshi/internal/office"
)

// told is the dispute as somebody tells it on the telephone.
func told() url.Values { return with(dispute(), "channel", "phone") }

const atDesk = "/desk/lodge/people-mediation"

func TestAClerkRecordsWhatSomebodyTellsOnTheTelephone(t *testing.T) {
	base := serve(t, New(t))
	clerk, caller := newClient(t, base), newClient(t, base)
	clerk.signIn("clerk")
	holds(t, clerk.must(http.StatusOK, clerk.get("/desk")), `href="/desk/lodge"`)
	holds(t, clerk.must(http.StatusOK, clerk.get("/desk/lodge")), `href="`+atDesk+`"`)
	holds(t, clerk.must(http.StatusOK, clerk.get(atDesk)), `name="channel" value="phone"`, `name="channel" value="letter"`, `name="unit"`, `name="key"`)
	a := clerk.must(http.StatusOK, clerk.post(atDesk, told()))
	number, code := found(t, numberRE, a.body), found(t, codeRE, a.body)
	holds(t, a, "Zhang San", `href="/desk/m/`+number+`"`, `download="receipt-`+number+`-1.json"`, "Other parties may follow it too")
	again := clerk.must(http.StatusOK, clerk.post(atDesk, told())) // a double click
	if n, c := found(t, numberRE, again.body), found(t, codeRE, again.body); n != number || c != code {
		t.Errorf("sent twice it is %s %s and %s %s", number, code, n, c)
	}
	holds(t, clerk.must(http.StatusOK, clerk.get("/desk/m/"+number)), "telephone", "Leak through the ceiling", "Qingshi Justice Office")
	caller.must(http.StatusSeeOther, caller.post("/follow", url.Values{"number": {number}, "code": {code}}))
	holds(t, caller.must(http.StatusOK, caller.get("/m")), "Leak through the ceiling", "Water since March.")
}

func TestAFormChangedAfterItWasRecordedIsAnotherMatter(t *testing.T) {
	c := newClient(t, serve(t, New(t)))
	c.signIn("clerk")
	first := found(t, numberRE, c.post(atDesk, told()).body)
	changed := with(told(), "title", "Noise at night")
	a := c.post(atDesk, changed)
	holds(t, a, "was recorded before with other content", `value="Noise at night"`)
	key := hidden(a.body).Get("key")
	if key == "" || key == changed.Get("key") {
		t.Fatalf("the key is %q, as before", key)
	}
	a = c.must(http.StatusOK, c.post(atDesk, with(changed, "key", key)))
	if n := found(t, numberRE, a.body); n == first {
		t.Errorf("both are %s", n)
	}
}

func TestWhatIsMissingIsSaidAtTheDeskAndNothingIsLost(t *testing.T) {
	c := newClient(t, serve(t, New(t)))
	c.signIn("clerk")
	a := c.must(http.StatusUnprocessableEntity, c.post(atDesk, with(told(), "channel", "", "title", "", "p.applicant.0.name", "")))
	holds(t, a, `href="#channel"`, "Choose how it came.", `href="#title"`, `href="#p-applicant-0-name"`, "Water since March.", `value="Li Si"`, `value="13800000001"`)
	for _, channel := range []string{"api", "import", "pigeon"} { // programs have these, people have not
		holds(t, c.must(http.StatusUnprocessableEntity, c.post(atDesk, with(told(), "channel", channel))), "Choose how it came.")
	}
	a = c.must(http.StatusOK, c.post(atDesk, with(told(), "add", "respondent")))
	holds(t, a, `name="p.respondent.1.name"`, `value="Li Si"`, "Water since March.", `value="phone" checked`)
}

func TestWhoMayNotLodgeIsNotOfferedItAndRefused(t *testing.T) {
	base := serve(t, New(t))
	for _, login := range []string{"head", "auditor"} {
		c := newClient(t, base)
		c.signIn(login)
		if a := c.must(http.StatusOK, c.get("/desk/lodge")); strings.Contains(a.body, atDesk) {
			t.Errorf("%s is offered it", login)
		}
		c.must(http.StatusForbidden, c.get(atDesk))
		c.must(http.StatusForbidden, c.post(atDesk, told()))
	}
	auditor := newClient(t, base)
	auditor.signIn("auditor")
	if a := auditor.get("/desk"); strings.Contains(a.body, `href="/desk/lodge"`) {
		t.Error("who can begin nothing is led to an empty list")
	}
	holds(t, auditor.get("/desk/lodge"), "Your account cannot record matters")
	c := newClient(t, base)
	c.signIn("clerk")
	c.must(http.StatusForbidden, c.post(atDesk, with(told(), "unit", "s"))) // an office above theirs
	c.must(http.StatusNotFound, c.get("/desk/lodge/nothing"))
}

// What the page offers is what the service takes, for everybody, every procedure and every office.
func TestTheDeskOffersWhatMayBeLodgedAndNothingElse(t *testing.T) {
	s := New(t)
	s.Directives(t)
	n, issued := 0, 0
	for _, login := range []string{"clerk", "mediator", "head", "officer", "auditor", "author"} {
		a := s.Actor(login)
		opens := s.Service.Opens(a)
		if s.Service.OpensAny(a) != (len(opens) > 0) {
			t.Errorf("%s: any is %v of %d", login, s.Service.OpensAny(a), len(opens))
		}
		for id, p := range s.Service.Published() {
			at := s.Service.OpensAt(a, p)
			if slices.Contains(opens, p) != (len(at) > 0) {
				t.Errorf("%s: %s is listed: %v, and has %d offices", login, id, slices.Contains(opens, p), len(at))
			}
			for _, u := range s.Service.Tree().All() {
				l := casework.Lodging{Procedure: id, Unit: u.Code, Channel: "phone"}
				if from := s.Service.IssuingUnits(a, id); len(from) > 0 {
					l.Issuer = from[0]
					issued++
				}
				err := s.Service.CheckLodging(t.Context(), a, l)
				takes := casework.KindOf(err) == casework.Invalid && !slices.ContainsFunc(casework.AsError(err).Fields, func(f casework.FieldError) bool { return f.Field == "unit" })
				offers := slices.ContainsFunc(at, func(x office.Unit) bool { return x.Code == u.Code })
				if takes != offers {
					t.Errorf("%s: %s at %s: the service takes it: %v, the page offers it: %v", login, id, u.Code, takes, offers)
				}
				if offers {
					n++
				}
			}
		}
	}
	if n < 10 || issued == 0 {
		t.Errorf("only %d offers were looked at, %d of what is issued", n, issued)
	}
}

func TestWithoutAChoiceNothingIsAsked(t *testing.T) {
	c := newClient(t, serve(t, New(t)))
	c.signIn("clerk")
	a := c.must(http.StatusOK, c.get("/desk/lodge/hotline-assist"))
	for _, name := range []string{"channel", "unit"} {
		if strings.Contains(a.body, `name="`+name+`"`) {
			t.Errorf("%s is asked for", name)
		}
	}
	form := url.Values{"key": {"key-of-this-form-0002"}, "title": {"Find the cable"}, "f.question": {"Was it cut?"}, "n.liaison": {"1"}, "p.liaison.0.name": {"Liu"}}
	a = c.must(http.StatusOK, c.post("/desk/lodge/hotline-assist", form))
	holds(t, a, "This matter has no query code.")
	holds(t, c.must(http.StatusOK, c.get("/desk/m/"+found(t, numberRE, a.body))), "telephone", "Heshun County")
}

func TestADirectiveIsIssuedInTheNameOfTheOfficeToOneBelow(t *testing.T) {
	s := New(t)
	s.Directives(t)
	c := newClient(t, serve(t, s))
	c.signIn("clerk")
	a := c.must(http.StatusOK, c.get("/desk/lodge/directive"))
	holds(t, a, "Heshun County issues it.", `<option value="t">`)
	for _, not := range []string{`<option value="s">`, `name="channel"`, `name="issuer"`} {
		if strings.Contains(a.body, not) {
			t.Errorf("the page has %s", not)
		}
	}
	form := url.Values{"key": {"key-of-this-form-0003"}, "unit": {"t"}, "title": {"Look at every school gate"}, "f.task": {"Look at the gates."},
		"f.measure": {"A list."}, "f.due_on": {s.Service.Now().AddDate(0, 1, 0).Format(time.DateOnly)}}
	c.must(http.StatusUnprocessableEntity, c.post("/desk/lodge/directive", with(form, "unit", "")))
	a = c.must(http.StatusOK, c.post("/desk/lodge/directive", form))
	number := found(t, numberRE, a.body)
	holds(t, c.must(http.StatusOK, c.get("/desk/directives/"+number)), "Look at every school gate", "Qingshi Justice Office")
}

func TestWordsFindWhatToLodgeAndStandInNoAddress(t *testing.T) {
	c := newClient(t, serve(t, New(t)))
	c.signIn("clerk")
	to := c.must(http.StatusSeeOther, c.post("/desk/lodge", url.Values{"words": {"my neighbour makes noise"}})).header.Get("Location")
	if strings.Contains(to, "neighbour") {
		t.Errorf("the words stand in %s", to)
	}
	a := c.must(http.StatusOK, c.get(to))
	holds(t, a, `href="`+atDesk+`"`, `value="my neighbour makes noise"`)
	if strings.Contains(a.body, `href="/desk/lodge/judicial-confirmation"`) {
		t.Error("what has nothing to do with it is found")
	}
	to = c.must(http.StatusSeeOther, c.post("/desk/lodge", url.Values{"words": {"xyzzy"}})).header.Get("Location")
	holds(t, c.get(to), "Nothing found")
}

func TestALodgingWithItsFilesOutlivesTheEndOfASession(t *testing.T) {
	c := newClient(t, serve(t, New(t)))
	a := c.must(http.StatusForbidden, c.hand(atDesk, told(), chosen{"f.evidence", "leak.png", picture(t, 8)}))
	holds(t, a, "nothing was recorded")
	a = c.must(http.StatusOK, c.post("/login", with(hidden(a.body), "login", "clerk", "password", Password)))
	holds(t, a, "Water since March.", `action="`+atDesk+`"`, `class="button" href="`+atDesk+`"`)
	form := told()
	form.Set("file.evidence", hidden(a.body).Get("file.evidence"))
	a = c.must(http.StatusOK, c.post(atDesk, form))
	holds(t, c.get("/desk/m/"+found(t, numberRE, a.body)), "leak.png")
}

func TestFilesGoWithALodgingAtTheDesk(t *testing.T) {
	c := newClient(t, serve(t, New(t)))
	c.signIn("clerk")
	a := c.must(http.StatusUnprocessableEntity, c.hand(atDesk, with(told(), "title", ""), chosen{"f.evidence", "leak.png", picture(t, 8)}))
	holds(t, a, "leak.png", `href="#title"`)
	form := told()
	form.Set("file.evidence", hidden(a.body).Get("file.evidence"))
	a = c.must(http.StatusOK, c.post(atDesk, form))
	holds(t, c.get("/desk/m/"+found(t, numberRE, a.body)), "leak.png")
}
