package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"luoshi/internal/casework"
	"luoshi/internal/office"
)

// followPage asks for number and query code.
type followPage struct {
	frame
	Problems []problem
	Number   input
	Code     input
	// Carried is a step that was being taken when the session ended, with what was typed into it: it goes along and is
	// there again after signing in.
	Carried []hidden
	Blocked bool // the browser did not keep the cookie of the session
}

func (*followPage) template() string { return "follow" }

// lostPage is for those who have no query code any more.
type lostPage struct {
	frame
	Problems []problem
	Number   input
	Asked    bool // it was asked for; whether the number exists is not told
}

func (*lostPage) template() string { return "lost" }

func (s *site) newFollowPage(v words, number, code string) *followPage {
	p := &followPage{
		Number: numberInput(v, number),
		Code:   input{ID: "code", Name: "code", Label: v.t("follow.code"), Hint: v.t("follow.code-hint"), Kind: "string", Required: true, Value: code, Complete: "off"},
	}
	p.Title = v.t("follow.title")
	return p
}

func (s *site) followForm(w http.ResponseWriter, r *http.Request) error {
	page := s.newFollowPage(s.words(languageOf(r)), "", "")
	page.Blocked = r.URL.Query().Get("cookies") == "blocked"
	return s.render(w, r, http.StatusOK, page)
}

// follow lets in whoever knows number and code, however many others are guessing: only failures are counted.
func (s *site) follow(w http.ResponseWriter, r *http.Request) error {
	form, err := posted(r)
	if err != nil {
		return err
	}
	number, code := form.Get("number"), form.Get("code")
	secret, a, err := s.service.OpenAsParty(r.Context(), number, code)
	if err == nil {
		begin(w, r, partyCookie, secret, casework.PartySession)
		if form.Has(carriedStep) {
			return s.resume(w, r, a, form)
		}
		return &redirect{"/m?" + signedIn}
	}
	if casework.KindOf(err) != casework.NotFound {
		return err
	}
	if s.codes.Failed(r, "") {
		return errTooMany()
	}
	v := s.words(languageOf(r))
	page := s.newFollowPage(v, number, code)
	page.Problems = []problem{{ID: "number", Text: casework.AsError(err).Text.In(v.lang)}}
	page.Carried = only(form, carriedStep, carriedPart)
	return s.render(w, r, http.StatusUnprocessableEntity, page)
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
func only(form url.Values, names ...string) []hidden {
	return hiddenOf(form, func(name, _ string) bool {
		return slices.ContainsFunc(names, func(n string) bool {
			return n == name || strings.HasSuffix(n, ".") && strings.HasPrefix(name, n)
		})
	})
}

// carry answers a party whose session ended while they wrote: with number and code they go on where they were, and
// what they typed goes along.
func (s *site) carry(w http.ResponseWriter, r *http.Request) error {
	form, err := posted(r)
	if err != nil {
		return err
	}
	v := s.words(languageOf(r))
	page := s.newFollowPage(v, "", "")
	page.Carried = []hidden{{carriedStep, r.PathValue("step")}}
	for _, h := range carried(form) {
		page.Carried = append(page.Carried, hidden{carriedPart + h.Name, h.Value})
	}
	return s.render(w, r, http.StatusForbidden, page)
}

// resume shows the matter with the step open as it was written. It is not taken by itself: whoever signed in looks
// at it first, and the matter may have changed.
func (s *site) resume(w http.ResponseWriter, r *http.Request, a office.Actor, form url.Values) error {
	typedBefore := url.Values{}
	for name, values := range form {
		if inner, ok := strings.CutPrefix(name, carriedPart); ok {
			typedBefore[inner] = values
		}
	}
	f, err := s.service.Read(r.Context(), a, a.Party.Matter)
	if err != nil {
		return err
	}
	v := s.words(languageOf(r))
	cmd := commandOf(form.Get(carriedStep), typedBefore)
	back := &typed{step: cmd.Step, form: typedBefore, err: errBackAgain(), seen: cmd.Version}
	return s.render(w, r, http.StatusOK, s.newMinePage(v, a, f, back))
}

func (s *site) lostForm(w http.ResponseWriter, r *http.Request) error {
	v := s.words(languageOf(r))
	page := &lostPage{Number: numberInput(v, "")}
	page.Title = v.t("lost.title")
	return s.render(w, r, http.StatusOK, page)
}

// lostAnswer is how long the answer to a lost code takes at least: longer than finding a matter and recording the
// request, so that the time tells nothing either.
const lostAnswer = 300 * time.Millisecond

// lost tells the office that somebody asks for a new query code. Every request counts like a wrong code, for
// whether a number exists must not be tried out here.
func (s *site) lost(w http.ResponseWriter, r *http.Request) error {
	form, err := posted(r)
	if err != nil {
		return err
	}
	if s.codes.Failed(r, "") {
		return errTooMany()
	}
	answer := time.After(lostAnswer)
	err = s.service.AskForCode(r.Context(), form.Get("number"))
	<-answer
	v := s.words(languageOf(r))
	page := &lostPage{Number: numberInput(v, form.Get("number")), Asked: err == nil}
	page.Title = v.t("lost.title")
	switch {
	case err == nil:
		return s.render(w, r, http.StatusOK, page)
	case casework.KindOf(err) != casework.Invalid:
		return err
	}
	page.Number.Error = casework.AsError(err).Fields[0].Text.In(v.lang)
	page.Problems = []problem{{ID: "number", Text: page.Number.Error}}
	return s.render(w, r, http.StatusUnprocessableEntity, page)
}

func (s *site) leave(w http.ResponseWriter, r *http.Request) error {
	if err := s.end(w, r, partyCookie); err != nil {
		return err
	}
	forget(w, r, receiptCookie)
	return &redirect{"/"}
}
