package attend

import (
	"fmt"
	"net/http"
	"net/url"

	"luoshi/internal/casework"
	"luoshi/internal/casework/door"
	"luoshi/internal/office"
	"luoshi/internal/web/site"
)

// doorPage stands at the door of a venue: a code to scan, and how many have come.
type doorPage struct {
	site.Frame
	venueView
	Number   string // that of the address
	QR       *site.QrView
	Arrived  int64
	Coming   int64
	Trouble  *troubleView
	Self     string
	Live     string
	Zone     string
	PaperAt  string // address of the page to print
	Venues   []site.Option
	Inputs   []site.Input // to record somebody by hand; none where the reader may not
	Problems []site.Problem
	Done     string // what became of recording somebody
}

func (*doorPage) Template() string { return "door" }

// paperPage is the code on a sheet for one day.
type paperPage struct {
	site.Frame
	venueView
	QR      *site.QrView
	Back    string
	Trouble *troubleView
}

func (*paperPage) Template() string { return "doorprint" }

// Door shows the door of a venue.
func (s *Pages) Door(w http.ResponseWriter, r *http.Request, a office.Actor) error {
	page, _, err := s.doorPage(r, a, url.Values{})
	if err != nil {
		return err
	}
	return s.Render(w, r, http.StatusOK, page)
}

// Record records by hand that somebody came who cannot scan the code.
func (s *Pages) Record(w http.ResponseWriter, r *http.Request, a office.Actor) error {
	form, err := site.Posted(r)
	if err != nil {
		return err
	}
	v := s.words(site.LanguageOf(r))
	_, venue, err := s.doorPage(r, a, form)
	if err != nil {
		return err
	}
	done, problem := s.doors().Record(r.Context(), a, venue, personOf(form))
	if problem != nil && casework.KindOf(problem) != casework.Invalid {
		return problem
	}
	typed := form
	if problem == nil {
		typed = url.Values{}
	}
	page, _, err := s.doorPage(r, a, typed) // with whoever has come
	if err != nil {
		return err
	}
	if problem != nil {
		page.Problems = v.faults(page.Inputs, problem)
		return s.Render(w, r, http.StatusUnprocessableEntity, page)
	}
	page.Done = v.T("door.recorded")
	if done.Again {
		page.Done = v.T("signin.again", v.hour(done.Time, venue))
	}
	return s.Render(w, r, http.StatusOK, page)
}

func (s *Pages) doorPage(r *http.Request, a office.Actor, typed url.Values) (*doorPage, *door.Venue, error) {
	v := s.words(site.LanguageOf(r))
	size, err := s.Service.Store.Size(r.Context()) // before the rest: what comes in between is news
	if err != nil {
		return nil, nil, err
	}
	number, at := r.PathValue("number"), r.URL.Query().Get("site")
	d := s.doors()
	venue, err := d.Kept(r.Context(), a, number, at)
	if err != nil {
		return nil, nil, err
	}
	page := &doorPage{venueView: v.venue(venue), Number: number, Self: doorAddress(number, "", at), PaperAt: doorAddress(number, "/print", at),
		Live: fmt.Sprintf("/live?since=%d", size), Zone: venue.Meeting.File.Rules.Location.String(),
		Coming: int64(venue.Site.Coming), Arrived: int64(venue.Site.Arrived), Trouble: v.trouble(venue.Trouble, venue)}
	page.Title, page.Staff = v.T("door.title"), v.Account(a.Account.Login)
	if venue.Trouble == "" {
		page.QR = site.NewQR(site.Address(r, "/door/"+venue.Meeting.File.Matter.Number+"/"+url.PathEscape(d.Screen(venue))))
		if d.MayRecord(a, venue) {
			page.Inputs = v.personInputs(venue, true, typed)
		}
	}
	page.Venues = venues(v, a, venue, number)
	return page, venue, nil
}

// venues are those of the meeting at whose doors the reader may sit, where there are several.
func venues(v words, a office.Actor, venue *door.Venue, number string) []site.Option {
	scope := a.ReadScope(v.Staff.Tree).Content()
	if !scope.Covers(venue.Meeting.File.Matter.Unit, "") {
		return nil
	}
	var out []site.Option
	for _, x := range venue.Meeting.Sites {
		o := site.Option{Value: doorAddress(number, "", x.Unit), Label: v.Unit(x.Unit), Chosen: x.Unit == venue.Place.Site}
		if x.Main {
			o.Value, o.Label = doorAddress(number, "", ""), v.T("door.main")
		}
		out = append(out, o)
	}
	if len(out) < 2 {
		return nil
	}
	return out
}

func doorAddress(number, more, at string) string {
	address := "/desk/meetings/" + url.PathEscape(number) + "/door" + more
	if at != "" {
		address += "?" + url.Values{"site": {at}}.Encode()
	}
	return address
}

// DoorPaper shows the code to print, which holds for the day of the meeting.
func (s *Pages) DoorPaper(w http.ResponseWriter, r *http.Request, a office.Actor) error {
	v := s.words(site.LanguageOf(r))
	number, at := r.PathValue("number"), r.URL.Query().Get("site")
	d := s.doors()
	venue, err := d.Kept(r.Context(), a, number, at)
	if err != nil {
		return err
	}
	page := &paperPage{venueView: v.venue(venue), Back: doorAddress(number, "", at)}
	page.Title, page.Staff = v.T("door.title"), v.Account(a.Account.Login)
	if venue.Trouble == "" || venue.Trouble == door.NotYet || venue.Trouble == door.NotCalled {
		page.QR = site.NewQR(site.Address(r, "/door/"+venue.Meeting.File.Matter.Number+"/"+url.PathEscape(d.Paper(venue))))
	} else {
		page.Trouble = v.trouble(venue.Trouble, venue)
	}
	return s.Render(w, r, http.StatusOK, page)
}
