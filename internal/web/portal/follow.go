package portal

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"luoshi/internal/casework"
	"luoshi/internal/office"
	"luoshi/internal/web/matter"
	"luoshi/internal/web/site"
)

// followPage asks for number and query code.
type followPage struct {
	site.Frame
	Problems []site.Problem
	Number   site.Input
	Code     site.Input
	// Carried is a step that was being taken when the session ended, with what was typed into it: it goes along and is
	// there again after signing in.
	Carried []site.Hidden
	Blocked bool // the browser did not keep the cookie of the session
}

func (*followPage) Template() string { return "follow" }

// lostPage is for those who have no query code any more.
type lostPage struct {
	site.Frame
	Problems []site.Problem
	Number   site.Input
	Asked    bool // it was asked for; whether the number exists is not told
}

func (*lostPage) Template() string { return "lost" }

func (s *Pages) newFollowPage(v words, number, code string) *followPage {
	p := &followPage{
		Number: numberInput(v, number),
		Code:   site.Input{ID: "code", Name: "code", Label: v.T("follow.code"), Hint: v.T("follow.code-hint"), Kind: "string", Required: true, Value: code, Complete: "off"},
	}
	p.Title = v.T("follow.title")
	return p
}

// FollowForm asks for number and query code.
func (s *Pages) FollowForm(w http.ResponseWriter, r *http.Request) error {
	page := s.newFollowPage(s.words(site.LanguageOf(r)), "", "")
	page.Blocked = r.URL.Query().Get("cookies") == "blocked"
	return s.Render(w, r, http.StatusOK, page)
}

// Follow lets in whoever knows number and code, however many others are guessing: only failures are counted.
func (s *Pages) Follow(w http.ResponseWriter, r *http.Request) error {
	form, err := site.Posted(r)
	if err != nil {
		return err
	}
	number, code := form.Get("number"), form.Get("code")
	secret, a, err := s.Service.OpenAsParty(r.Context(), number, code)
	if err == nil {
		site.Begin(w, r, site.PartyCookie, secret, casework.PartySession)
		if form.Has(carriedStep) {
			return s.resume(w, r, a, form)
		}
		return &site.Redirect{Path: "/m?" + signedIn}
	}
	if casework.KindOf(err) != casework.NotFound {
		return err
	}
	if s.Codes.Failed(r, "") {
		return site.ErrTooMany()
	}
	v := s.words(site.LanguageOf(r))
	page := s.newFollowPage(v, number, code)
	page.Problems = []site.Problem{{ID: "number", Text: casework.AsError(err).Text.In(v.Lang)}}
	page.Carried = only(form, carriedStep, carriedPart)
	return s.Render(w, r, http.StatusUnprocessableEntity, page)
}

// signedIn stands in the address after signing in, once: a request with it and without a cookie comes from a browser that
// keeps none.
const signedIn = "signed-in"

// Names of hidden inputs by which a step that could not be taken goes through signing in again.
const (
	carriedStep = "carry-step"
	carriedPart = "carry."
)

// only are the members of a form with these names, or that begin with one that ends in a dot, as hidden inputs.
func only(form url.Values, names ...string) []site.Hidden {
	return site.HiddenOf(form, func(name, _ string) bool {
		return slices.ContainsFunc(names, func(n string) bool {
			return n == name || strings.HasSuffix(n, ".") && strings.HasPrefix(name, n)
		})
	})
}

// carry answers a party whose session ended while they wrote: with number and code they go on where they were, and
// what they typed goes along.
func (s *Pages) carry(w http.ResponseWriter, r *http.Request) error {
	sent, err := s.Posted(w, r, office.Actor{Resident: true})
	if err != nil {
		return err
	}
	form := sent.Form
	v := s.words(site.LanguageOf(r))
	page := s.newFollowPage(v, "", "")
	page.Carried = []site.Hidden{{Name: carriedStep, Value: r.PathValue("step")}}
	for _, h := range carried(form) {
		page.Carried = append(page.Carried, site.Hidden{Name: carriedPart + h.Name, Value: h.Value})
	}
	return s.Render(w, r, http.StatusForbidden, page)
}

// resume shows the matter with the step open as it was written. It is not taken by itself: whoever signed in looks
// at it first, and the matter may have changed.
func (s *Pages) resume(w http.ResponseWriter, r *http.Request, a office.Actor, form url.Values) error {
	typedBefore := url.Values{}
	for name, values := range form {
		if inner, ok := strings.CutPrefix(name, carriedPart); ok {
			typedBefore[inner] = values
		}
	}
	f, err := s.Service.Read(r.Context(), a, a.Party.Matter)
	if err != nil {
		return err
	}
	v := s.words(site.LanguageOf(r))
	cmd := matter.CommandOf(form.Get(carriedStep), typedBefore)
	back := &matter.Typed{Step: cmd.Step, Form: typedBefore, Err: site.ErrBackAgain(), Seen: cmd.Version}
	return s.Render(w, r, http.StatusOK, s.newMinePage(v, a, f, back))
}

// LostForm asks for the number of a matter whose code was lost.
func (s *Pages) LostForm(w http.ResponseWriter, r *http.Request) error {
	v := s.words(site.LanguageOf(r))
	page := &lostPage{Number: numberInput(v, "")}
	page.Title = v.T("lost.title")
	return s.Render(w, r, http.StatusOK, page)
}

// lostAnswer is how long the answer to a lost code takes at least: longer than finding a matter and recording the
// request, so that the time tells nothing either.
const lostAnswer = 300 * time.Millisecond

// Lost tells the office that somebody asks for a new query code. Every request counts like a wrong code, for
// whether a number exists must not be tried out here.
func (s *Pages) Lost(w http.ResponseWriter, r *http.Request) error {
	form, err := site.Posted(r)
	if err != nil {
		return err
	}
	if s.Codes.Failed(r, "") {
		return site.ErrTooMany()
	}
	answer := time.After(lostAnswer)
	err = s.Service.AskForCode(r.Context(), form.Get("number"))
	<-answer
	v := s.words(site.LanguageOf(r))
	page := &lostPage{Number: numberInput(v, form.Get("number")), Asked: err == nil}
	page.Title = v.T("lost.title")
	switch {
	case err == nil:
		return s.Render(w, r, http.StatusOK, page)
	case casework.KindOf(err) != casework.Invalid:
		return err
	}
	page.Number.Error = casework.AsError(err).Fields[0].Text.In(v.Lang)
	page.Problems = []site.Problem{{ID: "number", Text: page.Number.Error}}
	return s.Render(w, r, http.StatusUnprocessableEntity, page)
}

// Leave ends the session of a party.
func (s *Pages) Leave(w http.ResponseWriter, r *http.Request) error {
	if err := s.End(w, r, site.PartyCookie); err != nil {
		return err
	}
	site.Forget(w, r, receiptCookie)
	return &site.Redirect{Path: "/"}
}
