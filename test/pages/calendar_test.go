package pages

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"luoshi/internal/casework"

	ics "github.com/arran4/golang-ical"
)

var feedAddress = regexp.MustCompile(`id="address">http://[^/]+(/calendar/lst_[A-Za-z0-9_-]{43}\.ics)<`)

// subscribe makes an address and gives its path.
func (c *client) subscribe() string {
	c.t.Helper()
	page := c.must(200, c.post("/desk/calendar", url.Values{})).body
	m := feedAddress.FindStringSubmatch(page)
	if !strings.Contains(page, `href="webcal://`) {
		c.t.Error("no link subscribes on this device")
	}
	if m == nil {
		c.t.Fatal("no address is shown")
	}
	return m[1]
}

// events reads a calendar: its events by title.
func events(t *testing.T, a answer) map[string]*ics.VEvent {
	t.Helper()
	if a.status != 200 || a.header.Get("Content-Type") != "text/calendar; charset=utf-8" {
		t.Fatalf("%d %s", a.status, a.header.Get("Content-Type"))
	}
	c, err := ics.ParseCalendar(strings.NewReader(a.body))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]*ics.VEvent{}
	for _, e := range c.Events() {
		out[e.GetProperty(ics.ComponentPropertySummary).Value] = e
	}
	return out
}

func value(e *ics.VEvent, property ics.ComponentProperty) string {
	if e == nil || e.GetProperty(property) == nil {
		return ""
	}
	return e.GetProperty(property).Value
}

func TestTheCalendarFollowsTheMeetings(t *testing.T) {
	s, _ := atNine(t)
	near, far, off := s.Call(t, "近的会", 3), s.Call(t, "远的会", 401), s.Call(t, "不开的会", 5)
	s.step(t, "caller", off.Number, stepWithNote("cancel", "改期。"))
	address := serve(t, s)
	caller, anyone := newClient(t, address), newClient(t, address)
	caller.signIn("caller")
	path := caller.subscribe()
	got := events(t, anyone.get(path))
	if len(got) != 2 {
		t.Errorf("%d meetings: %v", len(got), got)
	}
	e := got["近的会"]
	for property, want := range map[ics.ComponentProperty]string{ics.ComponentPropertyDtStart: "20270313T010000Z", ics.ComponentPropertyDtEnd: "20270313T033000Z",
		ics.ComponentPropertyLocation: "主楼二层，第一会议室", ics.ComponentPropertyStatus: "CONFIRMED", ics.ComponentPropertyUniqueId: near.Number + "@" + s.Service.Origin} {
		if v := value(e, property); v != want {
			t.Errorf("%s is %q instead of %q", property, v, want)
		}
	}
	about := value(e, ics.ComponentPropertyDescription)
	for _, want := range []string{"0571-0000000", "分管负责人", "Example Province", "09:20-10:30 部署下一步工作", address + "/desk/meetings/" + near.Number} {
		if !strings.Contains(about, want) {
			t.Errorf("it does not say %s: %s", want, about)
		}
	}
	for _, name := range []string{"钱七", "孙丽"} { // who is in the chair, and who comes
		if strings.Contains(anyone.get(path).body, name) {
			t.Errorf("it names %s", name)
		}
	}
	if v := value(got["Cancelled: 不开的会"], ics.ComponentPropertyStatus); v != "CANCELLED" {
		t.Errorf("the one that was called off: %q", v)
	}
	if got["远的会"] != nil || far.Number == "" {
		t.Error("it reaches further than 400 days")
	}
}

func TestAnInvitationIsTentativeUntilItIsAnswered(t *testing.T) {
	s, _ := atNine(t)
	s.Call(t, "会", 3)
	address := serve(t, s)
	want := map[string]string{"clerk": "CONFIRMED", "cityhall": "TENTATIVE", "qingshi": "CONFIRMED"}
	place := map[string]string{"clerk": "县政府 302", "qingshi": "The branch venue of an office above", "cityhall": "主楼二层，第一会议室"}
	for login, status := range want {
		c := newClient(t, address)
		c.signIn(login)
		e := events(t, newClient(t, address).get(c.subscribe()))["会"]
		if value(e, ics.ComponentPropertyStatus) != status {
			t.Errorf("%s: %s", login, value(e, ics.ComponentPropertyStatus))
		}
		if at := value(e, ics.ComponentPropertyLocation); at != place[login] {
			t.Errorf("%s: at %q", login, at)
		}
		// What an office that is invited may not read by itself, the invitation shows; but no names.
		if about := value(e, ics.ComponentPropertyDescription); value(e, ics.ComponentPropertyDtStart) != "20270313T010000Z" || !strings.Contains(about, "0571-0000000") ||
			!strings.Contains(about, "部署下一步工作") || strings.Contains(about, "钱七") {
			t.Errorf("%s: %s %s", login, value(e, ics.ComponentPropertyDtStart), about)
		}
	}
}

func TestACalendarThatIsTheSameIsNotSentAgain(t *testing.T) {
	s, c := atNine(t)
	m := s.Call(t, "会", 3)
	address := serve(t, s)
	caller, phone := newClient(t, address), newClient(t, address)
	caller.signIn("caller")
	path := caller.subscribe()
	first := phone.must(200, phone.get(path))
	ask := func(tag string) answer {
		r, err := http.NewRequest(http.MethodGet, address+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("If-None-Match", tag)
		return phone.do(r)
	}
	tag := first.header.Get("ETag")
	if a := ask(tag); a.status != http.StatusNotModified || a.body != "" || tag == "" {
		t.Errorf("the same again: %d", a.status)
	}
	sequence := value(events(t, first)["会"], ics.ComponentPropertySequence)
	c.pass(time.Hour)
	s.step(t, "caller", m.Number, casework.StepCommand{Step: "change", Note: "会议室有别的用。", Fields: map[string]any{"held_on": "2027-03-14", "begins": "10:00",
		"form": "video", "place": "三楼", "agenda": "部署", "reply_by": "2027-03-11"}})
	a := ask(tag)
	e := events(t, a)["会"]
	if value(e, ics.ComponentPropertyDtStart) != "20270314T020000Z" || value(e, ics.ComponentPropertySequence) <= sequence {
		t.Errorf("after a change: %s, %s", value(e, ics.ComponentPropertyDtStart), value(e, ics.ComponentPropertySequence))
	}
}

func TestACalendarAddressIsRenewedAndTurnedOff(t *testing.T) {
	s, _ := atNine(t)
	s.Call(t, "会", 3)
	address := serve(t, s)
	caller, phone := newClient(t, address), newClient(t, address)
	caller.signIn("caller")
	first := caller.subscribe()
	if strings.Contains(caller.must(200, caller.get("/desk/calendar")).body, first) {
		t.Error("the address is shown a second time")
	}
	second := caller.subscribe()
	phone.must(404, phone.get(first))
	phone.must(200, phone.get(second))
	secret := strings.TrimSuffix(strings.TrimPrefix(second, "/calendar/"), ".ics")
	if _, err := s.Service.ActorBySession(t.Context(), secret); err == nil {
		t.Error("the secret of a calendar is a session")
	}
	if _, err := s.Service.ActorByToken(t.Context(), secret); err == nil {
		t.Error("the secret of a calendar is a token")
	}
	if strings.Contains(s.Log.String(), secret) {
		t.Error("the address stands in the log")
	}
	caller.must(http.StatusSeeOther, caller.post("/desk/calendar/stop", url.Values{}))
	phone.must(404, phone.get(second))
	third := caller.subscribe()
	phone.must(200, phone.get(third))
	account := *s.Service.Staff().Accounts["caller"]
	account.Disabled = true
	if err := s.Service.Store.PutAccount(t.Context(), account, "", ""); err != nil {
		t.Fatal(err)
	}
	if err := s.Service.ReloadStaff(t.Context()); err != nil {
		t.Fatal(err)
	}
	phone.must(404, phone.get(third))
}

func TestOneMeetingAsAFile(t *testing.T) {
	s, _ := atNine(t)
	m := s.Call(t, "会", 3)
	address := serve(t, s)
	caller, town := newClient(t, address), newClient(t, address)
	caller.signIn("caller")
	town.signIn("qingshi")
	if got := events(t, caller.get("/desk/meetings/"+m.Number+"/meeting.ics")); got["会"] == nil || len(got) != 1 {
		t.Errorf("%v", got)
	}
	if got := events(t, town.get("/desk/meetings/"+m.Above+"/meeting.ics")); got["会"] == nil {
		t.Errorf("by an invitation: %v", got)
	}
	town.must(404, town.get("/desk/meetings/"+m.Number+"/meeting.ics"))
	town.must(404, town.get("/desk/meetings/"+m.Main+"/meeting.ics"))
	read, err := s.Service.Store.Disclosures(t.Context(), m.Number)
	if err != nil || len(read) != 2 || read[0].Login != "caller" || read[1].Login != "qingshi" { // as their pages would be
		t.Errorf("recorded readings: %v, %v", read, err)
	}
}

func TestWhoIsInvitedSeesInTheCalendarThatAMeetingMoves(t *testing.T) {
	s, _ := atNine(t)
	m := s.Call(t, "会", 3)
	address := serve(t, s)
	county, phone := newClient(t, address), newClient(t, address)
	county.signIn("clerk")
	path := county.subscribe()
	before := events(t, phone.get(path))["会"]
	s.step(t, "caller", m.Number, casework.StepCommand{Step: "change", Note: "会议室有别的用。", Fields: map[string]any{"held_on": "2027-03-15", "begins": "14:30",
		"ends": "16:00", "form": "video", "place": "三楼", "agenda": "部署", "reply_by": "2027-03-11"}})
	e := events(t, phone.get(path))["会"]
	for property, want := range map[ics.ComponentProperty]string{ics.ComponentPropertyDtStart: "20270315T063000Z", ics.ComponentPropertyStatus: "TENTATIVE",
		ics.ComponentPropertyLocation: "三楼", ics.ComponentPropertyUniqueId: value(before, ics.ComponentPropertyUniqueId)} {
		if got := value(e, property); got != want {
			t.Errorf("%s is %q instead of %q", property, got, want)
		}
	}
	if value(e, ics.ComponentPropertySequence) <= value(before, ics.ComponentPropertySequence) {
		t.Errorf("the sequence does not grow: %s", value(e, ics.ComponentPropertySequence))
	}
	s.step(t, "caller", m.Number, stepWithNote("cancel", "不开了。"))
	if e := events(t, phone.get(path))["Cancelled: 会"]; value(e, ics.ComponentPropertyStatus) != "CANCELLED" {
		t.Errorf("called off: %s", value(e, ics.ComponentPropertyStatus))
	}
}
