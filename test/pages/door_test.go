package pages

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"luoshi/internal/casework"
	"luoshi/internal/casework/door"
	"luoshi/internal/casework/meeting"
	"luoshi/internal/office"
)

// clock is the time of a stand, which a test sets.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) read() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// atNine is a stand on whose day it is eight minutes to nine, with the procedures of meetings.
func atNine(t *testing.T) (*Stand, *clock) {
	t.Helper()
	s := New(t)
	zone, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		t.Fatal(err)
	}
	c := &clock{now: time.Date(2027, 3, 10, 8, 52, 30, 0, zone)}
	s.Service.Now = c.read
	s.Callers(t)
	return s, c
}

// screen is the address of the code that a door shows now.
func screen(t *testing.T, s *Stand, login, number string) string {
	t.Helper()
	d := door.New(s.Service)
	v, err := d.Kept(t.Context(), s.Actor(login), number, "")
	if err != nil {
		t.Fatal(err)
	}
	return "/door/" + v.Meeting.File.Matter.Number + "/" + d.Screen(v)
}

// arrivals are those that are recorded in the invitation of an office.
func arrivals(t *testing.T, s *Stand, number, unit string) []meeting.Arrival {
	t.Helper()
	m, err := meeting.Of(t.Context(), s.Service, office.Actor{System: true}, number)
	if err != nil {
		t.Fatal(err)
	}
	for _, inv := range m.Invitations {
		if inv.Unit == unit {
			return inv.Arrivals
		}
	}
	t.Fatalf("%s is not invited", unit)
	return nil
}

func signed(page string, pairs ...string) url.Values {
	form := inputs(page)
	for i := 0; i < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	return form
}

func TestWhoeverScansTheCodeIsSignedInOnce(t *testing.T) {
	s, c := atNine(t)
	m := s.Call(t, "工资专题会议", 0)
	phone := newClient(t, serve(t, s))
	at := screen(t, s, "caller", m.Number)
	form := phone.must(200, phone.get(at)).body
	for _, want := range []string{"工资专题会议", "12345 Centre", "Liuhe Justice Office", "Ping&#39;an City"} {
		if !strings.Contains(form, want) {
			t.Errorf("the form does not say %s", want)
		}
	}
	if strings.Contains(form, "孙丽") {
		t.Error("the form says who is to come")
	}
	c.pass(5 * time.Minute) // to fill it in; the code itself is old by now
	a := phone.must(422, phone.post(at, signed(form, "unit", "h")))
	if !strings.Contains(a.body, `id="name-error"`) || !strings.Contains(a.body, `value="h" selected`) {
		t.Error("without a name it does not say so, or forgets the office")
	}
	done := phone.must(200, phone.post(at, signed(form, "unit", "h", "name", " 孙丽 ", "post", "主任")))
	if !strings.Contains(done.body, "You are signed in") || !strings.Contains(done.body, "08:57") {
		t.Error("it does not say that they are signed in, and when")
	}
	c.pass(2 * time.Minute)
	again := phone.must(200, phone.post(at, signed(form, "unit", "h", "name", "孙丽", "post", "主任")))
	if !strings.Contains(again.body, "Already signed in at 08:57") {
		t.Error("it does not say that they were signed in before")
	}
	if got := arrivals(t, s, m.Number, "h"); len(got) != 1 || got[0].Name != "孙丽" || got[0].By != meeting.ByDoor {
		t.Errorf("recorded: %+v", got)
	}
	if other := phone.must(200, phone.get(screen(t, s, "caller", m.Number))).body; strings.Contains(other, "孙丽") {
		t.Error("the next one learns who came")
	}
	if log := s.Log.String(); strings.Contains(log, "孙丽") || strings.Contains(log, m.Number) || strings.Contains(log, strings.TrimPrefix(at, "/door/"+m.Number+"/")) {
		t.Error("the log names a person, a meeting or a code")
	}
}

func TestTwoTelephonesAtOnceAreBothRecorded(t *testing.T) {
	s, _ := atNine(t)
	m := s.Call(t, "会议", 0)
	address := serve(t, s)
	at := screen(t, s, "clerk", m.Branch)
	var both sync.WaitGroup
	for _, name := range []string{"王明", "李芳", "王明", "李芳"} { // and each presses twice
		phone := newClient(t, address)
		form := phone.must(200, phone.get(at)).body
		both.Go(func() {
			if a := phone.post(at, signed(form, "unit", "c", "name", name)); a.status != 200 {
				t.Errorf("%s: %d", name, a.status)
			}
		})
	}
	both.Wait()
	if got := arrivals(t, s, m.Number, "c"); len(got) != 2 {
		t.Errorf("recorded: %+v", got)
	}
}

func TestACodeThatDoesNotHoldSaysWhatToDo(t *testing.T) {
	s, c := atNine(t)
	today, later, off := s.Call(t, "今天的会议", 0), s.Call(t, "后天的会议", 2), s.Call(t, "取消的会议", 0)
	s.step(t, "caller", off.Number, stepWithNote("cancel", "改期再开。"))
	phone := newClient(t, serve(t, s))
	d := door.New(s.Service)
	venue := func(number string) *door.Venue {
		v, err := d.Kept(t.Context(), s.Actor("caller"), number, "")
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	old, paper := screen(t, s, "caller", today.Number), "/door/"+today.Number+"/"+d.Paper(venue(today.Number))
	form := phone.must(200, phone.get(old)).body
	mac := old[strings.LastIndexByte(old, '.')+1:]
	raw, _ := base64.RawURLEncoding.DecodeString(mac)
	raw[0] ^= 1
	for _, x := range []struct {
		name, path, want string
		status           int
	}{
		{"tampered", strings.TrimSuffix(old, mac) + base64.RawURLEncoding.EncodeToString(raw), "This code is not known", 404},
		{"of another meeting", strings.Replace(old, today.Number, later.Number, 1), "This code is not known", 404},
		{"of a day to come", "/door/" + later.Number + "/" + d.Screen(venue(later.Number)), "The meeting is on Fri 12 Mar 2027", 403},
		{"called off", "/door/" + off.Number + "/" + d.Screen(venue(off.Number)), "called off", 403},
		{"on paper", paper, "Your office", 200},
	} {
		if a := phone.get(x.path); a.status != x.status || !strings.Contains(a.body, x.want) {
			t.Errorf("%s: %d", x.name, a.status)
		}
	}
	c.pass(90 * time.Second) // 08:54:00: the minute is over, and the next
	if a := phone.must(403, phone.get(old)); !strings.Contains(a.body, "This code is too old") {
		t.Errorf("old: %s", a.body)
	}
	c.pass(10 * time.Minute)
	if a := phone.must(403, phone.post(old, signed(form, "unit", "h", "name", "孙丽"))); !strings.Contains(a.body, "This took too long") {
		t.Errorf("slow: %s", a.body)
	}
	c.pass(24 * time.Hour)
	if a := phone.must(403, phone.get(paper)); !strings.Contains(a.body, "The meeting is over") {
		t.Errorf("the day after: %s", a.body)
	}
	if got := arrivals(t, s, today.Number, "h"); len(got) != 0 {
		t.Errorf("recorded: %+v", got)
	}
}

func TestWhoGuessesCodesIsSlowedDown(t *testing.T) {
	s, _ := atNine(t)
	m := s.Call(t, "会议", 0)
	phone := newClient(t, serve(t, s))
	statuses := map[int]int{}
	for range 8 {
		statuses[phone.get("/door/"+m.Number+"/s1.p.AAAAAAAAAAAAAAAAAAAA").status]++
	}
	if statuses[404] != 5 || statuses[http.StatusTooManyRequests] != 3 {
		t.Errorf("statuses %v", statuses)
	}
	phone.must(200, phone.get(screen(t, s, "caller", m.Number))) // a right one always passes
}

var big = regexp.MustCompile(`<span class="big">(\d+)</span>`)

func TestTheDoorCountsAndTakesPeopleByHand(t *testing.T) {
	s, _ := atNine(t)
	m := s.Call(t, "会议", 0)
	address := serve(t, s)
	counts := func(page string) string {
		var out []string
		for _, x := range big.FindAllStringSubmatch(page, -1) {
			out = append(out, x[1])
		}
		return strings.Join(out, " of ")
	}
	caller := newClient(t, address)
	caller.signIn("caller")
	page := caller.must(200, caller.get("/desk/meetings/"+m.Number+"/door")).body
	if !strings.Contains(page, `class="qr"`) || counts(page) != "0 of 2" || strings.Contains(page, "孙丽") {
		t.Errorf("main venue: %s", counts(page))
	}
	by := caller.must(200, caller.post("/desk/meetings/"+m.Number+"/door", url.Values{"unit": {"u"}, "name": {"吴刚"}, "post": {"所长"}}))
	if counts(by.body) != "0 of 2" || !strings.Contains(by.body, "Signed in.") { // Liuhe lies below the county, whose venue is nearest
		t.Errorf("by hand: %s", counts(by.body))
	}
	county := newClient(t, address)
	county.signIn("clerk")
	branch := county.must(200, county.get("/desk/meetings/"+m.Branch+"/door")).body
	if counts(branch) != "1 of 3" || !strings.Contains(branch, "县政府 302") {
		t.Errorf("branch venue: %s", counts(branch))
	}
	if got := arrivals(t, s, m.Number, "u"); len(got) != 1 || got[0].By != "caller" {
		t.Errorf("recorded: %+v", got)
	}
	if a := caller.must(200, caller.get("/desk/meetings/"+m.Number+"/door?site=c")); counts(a.body) != "1 of 3" {
		t.Errorf("the branch venue as the province sees it: %s", counts(a.body))
	}
	// Who may not.
	for _, path := range []string{m.Number, m.Above, m.Main, m.Silent} {
		if a := county.get("/desk/meetings/" + path + "/door"); a.status != 404 {
			t.Errorf("the county at the door of %s: %d", path, a.status)
		}
	}
	caller.must(200, caller.get("/desk/meetings/"+m.Number+"/door/print"))
	nobody := newClient(t, address)
	if a := nobody.get("/desk/meetings/" + m.Number + "/door"); a.status != http.StatusSeeOther {
		t.Errorf("signed out: %d", a.status)
	}
}

func stepWithNote(name, note string) casework.StepCommand {
	return casework.StepCommand{Step: name, Note: note}
}
