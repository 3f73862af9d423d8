package operations_test

import (
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"luoshi/internal/config"
	"luoshi/internal/job"
	"luoshi/internal/server"
)

// winter is the office of doc/another-country.md with a clock that the test moves. Everybody works through the pages, in
// English.
type winter struct {
	t            *testing.T
	core         *server.Core
	url          string
	now          time.Time
	zone         *time.Location
	number, code string
	entries      int // of the matter, so that forms name its version
}

func newWinter(t *testing.T) *winter {
	t.Helper()
	w := elsewhere(t)
	s := &winter{t: t}
	var err error
	s.zone, err = time.LoadLocation("Europe/London")
	must(t, err)
	c := config.Default()
	c.DB, c.Kinds = "sqlite:"+w.path("/srv/luoshi/luoshi.db"), w.path("/srv/luoshi/kinds.yaml")
	s.now = time.Date(2026, 12, 1, 9, 0, 0, 0, s.zone)
	s.core, err = server.OpenCore(t.Context(), c, func() time.Time { return s.now })
	must(t, err)
	t.Cleanup(func() { must(t, s.core.Close()) })
	h, err := server.Handler(s.core, slog.New(slog.DiscardHandler), nil)
	must(t, err)
	srv := httptest.NewServer(h)
	t.Cleanup(srv.Close)
	s.url = srv.URL
	return s
}

// until lets time pass to a moment in London, written 2006-01-02 15:04, and the program record what falls due.
func (s *winter) until(moment string) {
	s.t.Helper()
	then, err := time.ParseInLocation("2006-01-02 15:04", moment, s.zone)
	must(s.t, err)
	for {
		_, next, err := job.Record(s.t.Context(), s.core.Service)
		must(s.t, err)
		if next.IsZero() || next.After(then) {
			break
		}
		if next.After(s.now) {
			s.now = next
		}
	}
	s.now = then
	_, _, err = job.Record(s.t.Context(), s.core.Service)
	must(s.t, err)
}

// browser is somebody's browser, which asks for English.
type browser struct {
	s    *winter
	http *http.Client
}

func (s *winter) browser() *browser {
	jar, err := cookiejar.New(nil)
	must(s.t, err)
	return &browser{s, &http.Client{Jar: jar}}
}

// fetch reads a page, or sends a form when there is one, and follows where it leads.
func (b *browser) fetch(path, language string, form url.Values) string {
	t := b.s.t
	t.Helper()
	method, body := "GET", io.Reader(nil)
	if form != nil {
		method, body = "POST", strings.NewReader(form.Encode())
	}
	req, err := http.NewRequest(method, b.s.url+path, body)
	must(t, err)
	req.Header.Set("Accept-Language", language)
	req.Header.Set("Sec-Fetch-Site", "same-origin")
	if form != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	res, err := b.http.Do(req)
	must(t, err)
	defer res.Body.Close()
	page, err := io.ReadAll(res.Body)
	must(t, err)
	if res.StatusCode != 200 {
		t.Fatalf("%s: %d\n%s", path, res.StatusCode, page)
	}
	return string(page)
}

// lodge brings a request on the page.
func (s *winter) lodge(key string) {
	s.t.Helper()
	page := s.browser().fetch("/lodge/foi-request", "en-GB", url.Values{"key": {"key-of-request-" + key}, "unit": {"dfo"}, "title": {"Cost of the apple register"},
		"f.request": {"How much was spent on the apple register in 2025?"}, "f.reply_to": {"sam.rivers@mail.example"},
		"n.requester": {"1"}, "p.requester.0.name": {"Sam Rivers"}})
	number := regexp.MustCompile(`id="number">([0-9X-]+)<`).FindStringSubmatch(page)
	code := regexp.MustCompile(`id="code">([0-9A-Z-]{19})<`).FindStringSubmatch(page)
	if number == nil || code == nil {
		s.t.Fatalf("it was not lodged:\n%s", page)
	}
	s.number, s.code, s.entries = number[1], code[1], 1
}

// requester is the page of who asked, in a language.
func (s *winter) requester() *browser {
	b := s.browser()
	b.fetch("/follow", "en-GB", url.Values{"number": {s.number}, "code": {s.code}})
	return b
}

// step takes a step as an account, or as who asked for "", with pairs of members of the form.
func (s *winter) step(login, step string, pairs ...string) {
	s.t.Helper()
	b, path := s.browser(), "/m/steps/"
	if login == "" {
		b = s.requester()
	} else {
		b.fetch("/login", "en-GB", url.Values{"login": {login}, "password": {"an orchard in winter"}, "next": {"/desk"}})
		path = "/desk/m/" + s.number + "/steps/"
	}
	form := url.Values{"version": {fmt.Sprint(s.version())}}
	for i := 0; i < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	before := s.version()
	page := b.fetch(path+step, "en-GB", form)
	if s.version() == before {
		s.t.Fatalf("%s was not recorded:\n%s", step, page)
	}
}

// version is how many entries the matter has.
func (s *winter) version() int {
	s.t.Helper()
	page := s.requester().fetch("/m", "en-GB", nil)
	return strings.Count(page, `id="entry-`)
}

// shows fails unless the page of who asked has all texts, in a language.
func (s *winter) shows(language string, texts ...string) {
	s.t.Helper()
	page := s.requester().fetch("/m", language, nil)
	for _, text := range texts {
		if !strings.Contains(page, text) {
			s.t.Errorf("on %s the page does not show %q:\n%s", s.now.In(s.zone).Format("2 January 2006"), text, page)
		}
	}
}

func TestARequestGoesOverChristmas(t *testing.T) {
	s := newWinter(t)
	s.until("2026-12-09 10:00")
	s.lodge("over-christmas")
	// Section 10(1), twenty working days after 9 December: 10, 11, 14–18, 21–24, 29–31 December, 5–8, 11, 12 January. Christmas
	// Day, 28 December, New Year's Day and 4 January (Scotland) are left out.
	s.shows("en-GB", "Tue 12 Jan 2027", "Answer the request", "Department for Orchards")
	s.shows("zh-CN", `<span lang="en">Answer the request</span>`, `<span lang="en">Department for Orchards</span>`, "2027年1月12日")

	s.until("2026-12-10 09:00")
	s.step("jo", "take")
	s.until("2026-12-11 09:00")
	s.step("jo", "ask-clarity", "f.question", "Which of the two registers?")
	s.shows("en-GB", "Waiting for you", "Thu 11 Feb 2027") // two months, the office's own choice
	s.until("2026-12-14 20:00")
	s.step("", "clarify", "f.clarification", "The old one.")
	// Section 10(6): receipt is the day of the answer, 14 December: 15–18, 21–24, 29–31 December, 5–8, 11–15 January.
	s.shows("en-GB", "Fri 15 Jan 2027")

	s.until("2026-12-16 11:00")
	s.step("jo", "fees-notice", "f.fee", "30")
	s.shows("en-GB", "Fee to be paid", "Tue 16 Mar 2027", "section 10(2)")
	s.until("2026-12-23 12:00")
	s.step("jo", "paid")
	s.shows("en-GB", "Fee paid")
	s.until("2026-12-24 08:00")
	// 16 to 23 December do not count, both of them included: 15 December was the first day; 24, 29–31 December, 5–8, 11–15,
	// 18–22 January make nineteen; 25 January is the twentieth.
	s.shows("en-GB", "Being handled", "Mon 25 Jan 2027")

	s.until("2027-01-20 09:00")
	s.step("kim", "weigh", "f.exemption", "s43", "f.more_time_reason", "A seller has to be asked.", "f.expected_on", "2027-02-10")
	// Twenty more after 25 January: 26–29 January, 1–5, 8–12, 15–19, 22 February.
	s.shows("en-GB", "Mon 22 Feb 2027", "A seller has to be asked.")
	s.until("2027-02-10 09:00")
	s.step("kim", "refuse", "f.exemption", "s43", "f.reasons", "It would tell the price of the next contract.")
	// Forty after 10 February: to 12 April. 17 March (Northern Ireland), Good Friday and Easter Monday are left out.
	s.shows("en-GB", "Mon 12 Apr 2027", "Refusal notice", "Information Commissioner")

	s.until("2027-04-12 23:30") // summer time: the day is not over
	s.step("", "ask-review", "f.review_reason", "The contract has ended.")
	// Twenty after 12 April: 13–16, 19–23, 26–30 April, 4–7, 10, 11 May; 3 May is a bank holiday.
	s.shows("en-GB", "Under internal review", "Tue 11 May 2027")
	s.until("2027-05-05 09:00")
	s.step("kim", "review", "f.review_result", "changed", "f.review_text", "The price can be given.")
	s.shows("en-GB", "Reviewed", "Result of the review: Changed.", "Wed 16 Jun 2027")
	s.shows("zh-CN", `<span lang="en">Reviewed</span>`, `lang="en">Result of the review: Changed.`)
}

func TestARequestOfChristmasEveIsClosedWhenNobodyAsksForAReview(t *testing.T) {
	s := newWinter(t)
	s.until("2026-12-24 23:30")
	s.lodge("christmas-eve")
	// 29–31 December, 5–8, 11–15, 18–22, 25–27 January.
	s.shows("en-GB", "Wed 27 Jan 2027")
	s.until("2027-01-26 09:00")
	s.step("jo", "take")
	s.step("jo", "not-held", "f.advice", "The county archive may have it.")
	// Forty after 26 January: 27 January to 24 March, without 17 March.
	s.shows("en-GB", "Wed 24 Mar 2027", "The county archive may have it.")
	s.until("2027-03-24 23:59")
	s.shows("en-GB", "Ask for an internal review")
	s.until("2027-03-25 00:01")
	s.shows("en-GB", "This request is closed.")
}
