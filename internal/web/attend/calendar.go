package attend

import (
	"crypto/sha256"
	"encoding/hex"
	"html/template"
	"net/http"
	"strings"
	"time"

	"luoshi/internal/casework"
	"luoshi/internal/casework/feed"
	"luoshi/internal/office"
	"luoshi/internal/web/site"
)

// calendarPage is where a member of staff makes the address of their calendar, renews it or turns it off.
type calendarPage struct {
	site.Frame
	Made    string       // when the address was made; "" while there is none
	Address string       // shown once, when it is made
	Webcal  template.URL // the same for programs that subscribe when they open it
	QR      *site.QrView
	Stopped bool
}

func (*calendarPage) Template() string { return "calendar" }

// Calendar shows whether there is an address.
func (s *Pages) Calendar(w http.ResponseWriter, r *http.Request, a office.Actor) error {
	page, err := s.calendarPage(r, a)
	if err != nil {
		return err
	}
	page.Stopped = page.Made == "" && r.URL.Query().Get("stopped") != ""
	return s.Render(w, r, http.StatusOK, page)
}

func (s *Pages) calendarPage(r *http.Request, a office.Actor) (*calendarPage, error) {
	v := s.words(site.LanguageOf(r))
	f, err := s.Service.FeedOf(r.Context(), a)
	if err != nil {
		return nil, err
	}
	page := &calendarPage{}
	page.Title, page.Staff = v.T("feed.title"), v.Account(a.Account.Login)
	if f != nil {
		page.Made = v.Recorded(f.Made, s.Service.Location())
	}
	return page, nil
}

// NewCalendar makes an address, in the place of the one before, and shows it this once.
func (s *Pages) NewCalendar(w http.ResponseWriter, r *http.Request, a office.Actor) error {
	secret, err := s.Service.NewFeed(r.Context(), a, site.LanguageOf(r))
	if err != nil {
		return err
	}
	page, err := s.calendarPage(r, a)
	if err != nil {
		return err
	}
	page.Address = site.Address(r, "/calendar/"+secret+".ics")
	_, rest, _ := strings.Cut(page.Address, "://")
	page.Webcal = template.URL("webcal://" + rest) // an address of this server, with another scheme
	page.QR = site.NewQR(string(page.Webcal))
	return s.Render(w, r, http.StatusOK, page)
}

// StopCalendar turns it off.
func (s *Pages) StopCalendar(_ http.ResponseWriter, r *http.Request, a office.Actor) error {
	if err := s.Service.StopFeed(r.Context(), a); err != nil {
		return err
	}
	return &site.Redirect{Path: "/desk/calendar?stopped=1"}
}

// Feed is the calendar itself, for programs that have its address. An address that is none may be a guess.
func (s *Pages) Feed(w http.ResponseWriter, r *http.Request) error {
	secret, _ := strings.CutSuffix(r.PathValue("file"), ".ics")
	a, lang, err := s.Service.ActorByFeed(r.Context(), secret)
	if err != nil {
		if casework.KindOf(err) == casework.NotFound && s.Codes.Failed(r, "") {
			return site.ErrTooMany()
		}
		return err
	}
	c, err := s.reader(r, a, lang).All(r.Context())
	if err != nil {
		return err
	}
	sendCalendar(w, r, c)
	return nil
}

// MeetingFile is one meeting as a file for a calendar.
func (s *Pages) MeetingFile(w http.ResponseWriter, r *http.Request, a office.Actor) error {
	c, err := s.reader(r, a, site.LanguageOf(r)).One(r.Context(), r.PathValue("number"))
	if err != nil {
		return err
	}
	w.Header().Set("Content-Disposition", `attachment; filename="meeting.ics"`)
	sendCalendar(w, r, c)
	return nil
}

func (s *Pages) reader(r *http.Request, a office.Actor, lang string) feed.Reader {
	return feed.Reader{Service: s.Service, Actor: a, Lang: lang, Base: site.Address(r, "")}
}

// sendCalendar answers with a calendar, or says that it is still the same.
func sendCalendar(w http.ResponseWriter, r *http.Request, c feed.Calendar) {
	b := c.Bytes()
	sum := sha256.Sum256(b)
	h := w.Header()
	h.Set("Content-Type", feed.MediaType)
	h.Set("Cache-Control", "private, no-cache") // kept by whoever asked, and asked for again each time
	h.Set("ETag", `"`+hex.EncodeToString(sum[:16])+`"`)
	http.ServeContent(w, r, "", time.Time{}, strings.NewReader(string(b)))
}
