package web

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"luoshi/internal/casework"
	"luoshi/internal/office"
	"luoshi/internal/procedure"
)

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
	Messages    []messageView
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

// messageView is what the party was told, with the entry it came with.
type messageView struct{ Time, Subject, Body, Entry string }

type disclosureView struct{ Time, Unit, Account string }

func (s *site) mine(w http.ResponseWriter, r *http.Request, a office.Actor) error {
	f, err := s.service.Read(r.Context(), a, a.Party.Matter)
	if err != nil {
		return err
	}
	if r.URL.Query().Has(signedIn) { // the cookie came back: an address to keep
		return &redirect{"/m"}
	}
	v := s.words(languageOf(r))
	page := s.newMinePage(v, a, f, nil)
	page.Notice = v.done(r, f.Matter.Version, "/m/receipts")
	return s.render(w, r, http.StatusOK, page)
}

func (s *site) newMinePage(v words, a office.Actor, f *casework.File, t *typed) *minePage {
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
	page.Messages = v.messages(f, a.Party.Code)
	page.Until = nearest(page.Clocks, m, f.Rules)
	page.Whole, page.Parts = s.whole(v, f), s.parts(v, f)
	page.Steps = s.stepForms(v, f, "/m/steps/", t)
	page.NotYet = v.withheld(f)
	page.Conflict = v.conflict(f, t, "/m/steps/", "/m/receipts", true)
	return page
}

// messages are what this party was told, newest first: notices, and what became of query codes, so that nobody gets
// one in their name unseen. code is the hash of the reader's.
func (v words) messages(f *casework.File, code string) []messageView {
	var all []messageView
	asked := casework.AsksForCode(f.Entries)
	for _, e := range slices.Backward(f.Entries) {
		at := v.recorded(e.Act.Time, f.Rules.Location)
		entry := fmt.Sprintf("entry-%d", e.Act.Seq)
		add := func(subject, body string) { all = append(all, messageView{at, subject, body, entry}) }
		switch {
		case e == asked:
			add(v.t("mine.code-asked"), v.t("mine.code-asked-text"))
		case e.Act.Kind == casework.CodeIssued && issuedTo(e, f.Entries) == code:
			add(v.t("mine.code-new"), v.t("mine.code-new-text"))
		}
		for _, m := range f.Papers[e.Act.Seq].Notices {
			if toParty(m.Notice.To) {
				add(m.Subject.In(v.lang), m.Body.In(v.lang))
			}
		}
	}
	return all
}

// toParty reports whether a notice went to parties. Those that went to other parties only are not in the file of a reader.
func toParty(to []string) bool {
	return slices.ContainsFunc(to, func(t string) bool {
		return t == "parties" || strings.HasPrefix(t, procedure.RelationParty+":")
	})
}

// issuedTo is the hash of the query code that an entry gave: the one that no entry before it has.
func issuedTo(e *casework.Entry, all []*casework.Entry) string {
	var before []casework.PartyRef
	for _, o := range all[:e.Act.Seq-1] {
		before = append(before, o.Act.Parties...)
	}
	for _, p := range e.Act.Parties {
		if p.Code != "" && !slices.Contains(before, p) {
			return p.Code
		}
	}
	return ""
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
			return s.render(w, r, status, s.newMinePage(v, a, f, t))
		},
	})
}
