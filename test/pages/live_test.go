package pages

import (
	"bufio"
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"luoshi/internal/office"
)

// soon is how long an event may take before a test gives up, calm how long nothing may come. Events take
// milliseconds.
const (
	soon = 10 * time.Second
	calm = 300 * time.Millisecond
)

// stream is a page's stream of events, as the page's script reads it.
type stream struct {
	t      *testing.T
	events chan string // closed when the stream ends
	close  func()
}

// listen opens the stream and waits until it has begun.
func (c *client) listen(path string) *stream {
	c.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	c.t.Cleanup(cancel)
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, c.url+path, nil)
	if err != nil {
		c.t.Fatal(err)
	}
	res, err := c.http.Do(r)
	if err != nil {
		c.t.Fatal(err)
	}
	if res.StatusCode != http.StatusOK || !strings.HasPrefix(res.Header.Get("Content-Type"), "text/event-stream") {
		c.t.Fatalf("status %d, %s", res.StatusCode, res.Header.Get("Content-Type"))
	}
	s := &stream{t: c.t, events: make(chan string, 100), close: cancel}
	lines := bufio.NewScanner(res.Body)
	if !lines.Scan() || lines.Err() != nil {
		c.t.Fatalf("nothing came: %v", lines.Err())
	}
	go func() {
		defer res.Body.Close()
		defer close(s.events)
		for more := true; more; more = lines.Scan() {
			if name, ok := strings.CutPrefix(lines.Text(), "event: "); ok {
				s.events <- name
			}
		}
	}()
	return s
}

// gets waits for an event; "" is the end of the stream.
func (s *stream) gets(want string) {
	s.t.Helper()
	select {
	case got := <-s.events:
		if got != want {
			s.t.Fatalf("event %q, want %q", got, want)
		}
	case <-time.After(soon):
		s.t.Fatalf("no event, want %q", want)
	}
}

func (s *stream) silent() {
	s.t.Helper()
	select {
	case got, open := <-s.events:
		s.t.Fatalf("event %q (open: %v) although nothing of interest happened", got, open)
	case <-time.After(calm):
	}
}

// addAccount makes an account with a grant on one unit.
func (s *Stand) addAccount(t *testing.T, login, role, unit string) {
	t.Helper()
	ctx := context.Background()
	password, err := office.HashPassword(Password)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Service.Store.PutAccount(ctx, office.Account{Login: login, Name: login, Grants: []office.Grant{{Role: role, Unit: unit}}}, password, ""); err != nil {
		t.Fatal(err)
	}
	if err := s.Service.ReloadStaff(ctx); err != nil {
		t.Fatal(err)
	}
}

// liveOf is the address of a page's news, as the page names it.
func (c *client) liveOf(path string) string {
	c.t.Helper()
	_, rest, ok := strings.Cut(c.must(http.StatusOK, c.get(path)).body, `data-live="`)
	address, _, _ := strings.Cut(rest, `"`)
	if !ok {
		c.t.Fatalf("%s names no news", path)
	}
	return strings.ReplaceAll(address, "&amp;", "&")
}

func TestNewsAreOnlyForStaffWhoAreSignedIn(t *testing.T) {
	base := serve(t, New(t))
	resident, clerk := newClient(t, base), newClient(t, base)
	number, code := resident.lodge(dispute())
	resident.must(http.StatusUnauthorized, resident.get("/live?since=0"))
	resident.must(http.StatusSeeOther, resident.post("/follow", url.Values{"number": {number}, "code": {code}}))
	resident.must(http.StatusUnauthorized, resident.get("/live?since=0"))
	resident.must(http.StatusUnauthorized, resident.get("/live?matter="+number+"&version=0"))
	clerk.signIn("clerk")
	for _, wrong := range []string{"", "?since=", "?since=x", "?matter=" + number, "?matter=" + number + "&version=x"} {
		clerk.must(http.StatusBadRequest, clerk.get("/live"+wrong))
	}
}

func TestAWorklistHearsOfItsOwnOffices(t *testing.T) {
	stand := New(t)
	stand.addAccount(t, "liuhe", "clerk", "u")
	base := serve(t, stand)
	resident, county, liuhe := newClient(t, base), newClient(t, base), newClient(t, base)
	county.signIn("clerk")
	liuhe.signIn("liuhe")
	of, other := county.listen(county.liveOf("/desk")), liuhe.listen(liuhe.liveOf("/desk"))
	number, _ := resident.lodge(dispute()) // at the office t, which is of the county and not of Liuhe
	of.gets("news")
	other.silent()
	county.must(http.StatusSeeOther, county.post("/desk/m/"+number+"/steps/refer",
		url.Values{"version": {"1"}, "unit": {"u"}, "note": {"They know both."}}))
	of.gets("news")
	other.gets("news")
}

func TestWhatHappenedBeforeTheStreamBeganIsNews(t *testing.T) {
	base := serve(t, New(t))
	resident, clerk := newClient(t, base), newClient(t, base)
	clerk.signIn("clerk")
	before := clerk.liveOf("/desk")
	resident.lodge(dispute())
	clerk.listen(before).gets("news")
	clerk.listen(clerk.liveOf("/desk")).silent()
}

func TestAMatterHearsOfItself(t *testing.T) {
	base := serve(t, New(t))
	resident, clerk := newClient(t, base), newClient(t, base)
	clerk.signIn("clerk")
	number, _ := resident.lodge(dispute())
	page := "/desk/m/" + number
	s := clerk.listen(clerk.liveOf(page))
	resident.lodge(with(dispute(), "key", "key-of-this-form-0002"))
	s.silent()
	clerk.must(http.StatusSeeOther, clerk.post(page+"/steps/accept", url.Values{"version": {"1"}}))
	s.gets("news")
	s.silent()
	clerk.listen("/live?matter=" + number + "&version=1").gets("news")
	clerk.listen(clerk.liveOf(page)).silent()
}

func TestListeningIsNotReading(t *testing.T) {
	stand := New(t)
	base := serve(t, stand)
	resident, clerk := newClient(t, base), newClient(t, base)
	clerk.signIn("clerk")
	number, _ := resident.lodge(dispute())
	clerk.listen("/live?matter=" + number + "&version=0").gets("news")
	if read, err := stand.Service.Store.Disclosures(context.Background(), number); len(read) > 0 || err != nil {
		t.Errorf("%d readings recorded (%v)", len(read), err)
	}
}

func TestAStreamEndsWithItsSession(t *testing.T) {
	base := serve(t, New(t))
	clerk, again := newClient(t, base), newClient(t, base)
	clerk.signIn("clerk")
	again.signIn("clerk")
	address := clerk.liveOf("/desk")
	mine, others := clerk.listen(address), again.listen(address)
	clerk.must(http.StatusSeeOther, clerk.post("/logout", nil))
	mine.gets("")
	others.silent() // another browser of the same person
	clerk.must(http.StatusUnauthorized, clerk.get(address))
}

func TestADisabledAccountHearsNothingMore(t *testing.T) {
	stand := New(t)
	stand.addAccount(t, "liuhe", "clerk", "u")
	c := newClient(t, serve(t, stand))
	c.signIn("liuhe")
	s := c.listen(c.liveOf("/desk"))
	if err := stand.Service.Store.PutAccount(context.Background(), office.Account{Login: "liuhe", Disabled: true}, "", ""); err != nil {
		t.Fatal(err)
	}
	s.gets("over")
	s.gets("")
}

func TestASessionHasFewStreamsAndTheOldestGivesWay(t *testing.T) {
	base := serve(t, New(t))
	resident, clerk := newClient(t, base), newClient(t, base)
	clerk.signIn("clerk")
	address := clerk.liveOf("/desk")
	var all []*stream
	for range 9 {
		all = append(all, clerk.listen(address))
	}
	all[0].gets("")
	resident.lodge(dispute())
	for _, s := range all[1:] {
		s.gets("news")
	}
}

// A server that takes no request for longer than its time still holds streams, and stops at once.
func TestStreamsOutliveTheTimeForRequestsAndDoNotHoldUpTheEnd(t *testing.T) {
	stand := New(t)
	srv := httptest.NewUnstartedServer(stand.Handler)
	srv.Config.ReadTimeout = 200 * time.Millisecond
	srv.Start()
	t.Cleanup(srv.Close)
	resident, clerk := newClient(t, srv.URL), newClient(t, srv.URL)
	clerk.signIn("clerk")
	s := clerk.listen(clerk.liveOf("/desk"))
	s.silent() // longer than the server waits for a request
	resident.lodge(dispute())
	s.gets("news")

	stand.StopWatch() // as the server does when it is told to stop
	end, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	if err := srv.Config.Shutdown(end); err != nil {
		t.Errorf("shutdown with an open stream: %v", err)
	}
	s.gets("")
}
