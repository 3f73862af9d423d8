package attend

import (
	"net/http"
	"net/url"
	"time"

	"luoshi/internal/casework"
	"luoshi/internal/casework/door"
	"luoshi/internal/web/site"
)

// signPage is what a telephone shows that has scanned the code at a door: the form, what became of it, or what is the
// matter.
type signPage struct {
	site.Frame
	venueView
	Trouble  *troubleView
	Pass     string
	Inputs   []site.Input
	Problems []site.Problem
	At       string // the hour; "" while nobody is signed in
	Again    bool   // they were before
}

func (*signPage) Template() string { return "signin" }

// SignForm asks whoever has scanned the code who they are.
func (s *Pages) SignForm(w http.ResponseWriter, r *http.Request) error {
	v := s.words(site.LanguageOf(r))
	d := s.doors()
	venue, trouble, err := d.Scan(r.Context(), r.PathValue("number"), r.PathValue("code"))
	if err != nil {
		return err
	}
	if trouble != "" {
		return s.cannotSign(w, r, v, venue, trouble)
	}
	page := v.signPage(venue)
	page.Pass, page.Inputs = d.Pass(venue), v.personInputs(venue, false, url.Values{})
	return s.Render(w, r, http.StatusOK, page)
}

// Sign records that they came.
func (s *Pages) Sign(w http.ResponseWriter, r *http.Request) error {
	form, err := site.Posted(r)
	if err != nil {
		return err
	}
	v := s.words(site.LanguageOf(r))
	venue, done, trouble, err := s.doors().Sign(r.Context(), r.PathValue("number"), r.PathValue("code"), form.Get("pass"), personOf(form))
	if trouble != "" {
		return s.cannotSign(w, r, v, venue, trouble)
	}
	if err != nil && (venue == nil || casework.KindOf(err) != casework.Invalid) {
		return err
	}
	page := v.signPage(venue)
	if err != nil {
		page.Pass, page.Inputs = form.Get("pass"), v.personInputs(venue, false, form)
		page.Problems = v.faults(page.Inputs, err)
		return s.Render(w, r, http.StatusUnprocessableEntity, page)
	}
	page.At, page.Again = v.hour(done.Time, venue), done.Again
	return s.Render(w, r, http.StatusOK, page)
}

// cannotSign says what is the matter. A code that was not made here may be a guess, and is counted as one.
func (s *Pages) cannotSign(w http.ResponseWriter, r *http.Request, v words, venue *door.Venue, t door.Trouble) error {
	status := http.StatusForbidden
	if t == door.Foreign {
		status = http.StatusNotFound
		if s.Codes.Failed(r, "") {
			return site.ErrTooMany()
		}
	}
	page := &signPage{Trouble: v.trouble(t, venue)}
	if venue != nil {
		page.venueView = v.venue(venue)
	}
	page.Title = v.T("signin.title")
	return s.Render(w, r, status, page)
}

func (v words) signPage(venue *door.Venue) *signPage {
	page := &signPage{venueView: v.venue(venue)}
	page.Title = v.T("signin.title")
	return page
}

func personOf(form url.Values) door.Person {
	return door.Person{Unit: form.Get("unit"), Name: form.Get("name"), Post: form.Get("post")}
}

// personInputs ask who came, and for which office: themselves, or the clerk who writes it down for another.
func (v words) personInputs(venue *door.Venue, clerk bool, typed url.Values) []site.Input {
	unit := site.Input{ID: "unit", Name: "unit", Label: v.T("signin.unit"), Kind: "select", Required: true, Value: typed.Get("unit"), Groups: v.offices(venue, clerk, typed.Get("unit"))}
	name := site.Input{ID: "name", Name: "name", Label: v.T("signin.name"), Kind: "string", Required: true, Value: typed.Get("name"), Complete: "name"}
	post := site.Input{ID: "post", Name: "post", Label: v.T("signin.post"), Kind: "string", Value: typed.Get("post"), Complete: "organization-title"}
	if clerk {
		unit.Label, name.Complete, post.Complete = v.T("door.unit"), "off", "off"
	}
	return []site.Input{unit, name, post}
}

// faults puts what is wrong beside the inputs.
func (v words) faults(inputs []site.Input, err error) []site.Problem {
	refs := make([]*site.Input, len(inputs))
	for i := range inputs {
		refs[i] = &inputs[i]
	}
	return v.Place(refs, casework.AsError(err).Fields, func(field string) string {
		return map[string]string{"unit": "unit", "fields.person_name": "name", "fields.person_post": "post"}[field]
	})
}

// hour is the time of an act by the clock of the offices.
func (v words) hour(at string, venue *door.Venue) string {
	t, err := time.Parse(casework.TimeFormat, at)
	if err != nil {
		return at
	}
	return t.In(venue.Meeting.File.Rules.Location).Format("15:04")
}
