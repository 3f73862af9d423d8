package web

import (
	"net/http"

	"luoshi/internal/casework"
	"luoshi/internal/office"
)

// followPage asks for number and query code.
type followPage struct {
	frame
	Problems []problem
	Number   input
	Code     input
}

func (*followPage) template() string { return "follow" }

// minePage is a party's matter.
type minePage struct {
	frame
	Notice      *notice
	Number      string
	Heading     string // title of the matter, or of its procedure after erasure
	Procedure   string
	Public      string
	State       string
	Ended       bool
	KeptUntil   string // last day on which its content is kept
	Unit        string
	Assignee    string
	Until       *clockView
	Clocks      []clockView
	How         string // address of the page that says how it goes on
	Content     contentView
	Whole       *relatedView
	Parts       []relatedView
	Conflict    *conflictView
	Steps       []stepForm
	NotYet      []withheldView
	Entries     []entryView
	Disclosures []disclosureView
}

func (*minePage) template() string { return "mine" }

// notice says that something was just recorded.
type notice struct{ Text, Receipt string }

type disclosureView struct{ Time, Unit, Account string }

func (s *site) newFollowPage(v words, number, code string) *followPage {
	p := &followPage{
		Number: numberInput(v, number),
		Code:   input{ID: "code", Name: "code", Label: v.t("follow.code"), Hint: v.t("follow.code-hint"), Kind: "string", Required: true, Value: code, Complete: "off"},
	}
	p.Title = v.t("follow.title")
	return p
}

func (s *site) followForm(w http.ResponseWriter, r *http.Request) error {
	return s.render(w, r, http.StatusOK, s.newFollowPage(s.words(languageOf(r)), "", ""))
}

// follow lets in whoever knows number and code, however many others are guessing: only failures are counted.
func (s *site) follow(w http.ResponseWriter, r *http.Request) error {
	form, err := posted(r)
	if err != nil {
		return err
	}
	number, code := form.Get("number"), form.Get("code")
	secret, _, err := s.service.OpenAsParty(r.Context(), number, code)
	if err == nil {
		begin(w, r, partyCookie, secret, casework.PartySession)
		return &redirect{"/m"}
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
	return s.render(w, r, http.StatusUnprocessableEntity, page)
}

func (s *site) leave(w http.ResponseWriter, r *http.Request) error {
	if err := s.end(w, r, partyCookie); err != nil {
		return err
	}
	return &redirect{"/"}
}

func (s *site) mine(w http.ResponseWriter, r *http.Request, a office.Actor) error {
	f, err := s.service.Read(r.Context(), a, a.Party.Matter)
	if err != nil {
		return err
	}
	v := s.words(languageOf(r))
	page := s.newMinePage(v, f, nil)
	page.Notice = v.done(r, f.Matter.Version, "/m/receipts")
	return s.render(w, r, http.StatusOK, page)
}

func (s *site) newMinePage(v words, f *casework.File, t *typed) *minePage {
	m, p := f.Matter, f.Procedure
	page := &minePage{Number: m.Number, Heading: m.Title, Procedure: p.Title.In(v.lang), State: v.state(p, m.State),
		Ended: m.Ended != "", How: howPath(p, m.State), Unit: v.unit(m.Unit), Clocks: v.whyClocks(v.clockViews(m, f.RulesOf, s.service.Now()), f),
		Content: v.content(casework.Content{Fields: m.Fields, Parties: m.Parties}, p),
		Entries: v.entryViews(f, "/m/receipts", true), Disclosures: v.disclosures(f)}
	page.Title, page.Party = v.t("mine.title"), true
	if page.Heading == "" {
		page.Heading = page.Procedure
	}
	if st := p.State(m.State); st != nil {
		page.Public = st.Public.In(v.lang)
	}
	if m.Assignee != "" {
		page.Assignee = v.account(m.Assignee)
	}
	page.KeptUntil = v.keptUntil(f)
	page.Until = nearest(page.Clocks, m, f.Rules)
	page.Whole, page.Parts = s.whole(v, f), s.parts(v, f)
	page.Steps = s.stepForms(v, f, "/m/steps/", t)
	page.NotYet = v.withheld(f)
	page.Conflict = v.conflict(f, t, "/m/steps/", "/m/receipts", true)
	return page
}

// keptUntil is the last day on which the content of an ended matter is kept, or "".
func (v words) keptUntil(f *casework.File) string {
	if f.KeptUntil.IsZero() {
		return ""
	}
	return v.isoDay(f.Rules.LastDay(f.KeptUntil))
}

func (v words) disclosures(f *casework.File) []disclosureView {
	var views []disclosureView
	for _, d := range f.Disclosures {
		views = append(views, disclosureView{Time: v.recorded(d.First, f.Rules.Location), Unit: v.unit(d.Unit), Account: v.account(d.Login)})
	}
	return views
}

func (s *site) mineStep(w http.ResponseWriter, r *http.Request, a office.Actor) error {
	return s.takeStep(w, r, a, a.Party.Matter, stepTarget{
		done: "/m",
		again: func(v words, f *casework.File, t *typed, status int) error {
			return s.render(w, r, status, s.newMinePage(v, f, t))
		},
	})
}
