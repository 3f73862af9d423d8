package portal

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"luoshi/internal/casework"
	"luoshi/internal/office"
	"luoshi/internal/procedure"
	"luoshi/internal/web/matter"
	"luoshi/internal/web/site"
)

// minePage is a party's matter.
type minePage struct {
	site.Frame
	Notice      *matter.Notice
	Number      string
	Heading     string // title of the matter, or of its procedure after erasure
	Procedure   string
	Public      string
	State       string
	Ended       bool
	KeptUntil   string // last day on which its content is kept
	Unit        string
	Assignee    string
	Until       *matter.ClockView
	Messages    []messageView
	Clocks      []matter.ClockView
	How         string // address of the page that says how it goes on
	Content     matter.ContentView
	Whole       *matter.RelatedView
	Course      []matter.CourseView // empty: it was in one procedure alone
	Parts       []matter.RelatedView
	Conflict    *matter.ConflictView
	Steps       []matter.StepForm
	NotYet      []matter.WithheldView
	Entries     []matter.EntryView
	Disclosures []matter.DisclosureView
}

func (*minePage) Template() string { return "mine" }

// messageView is what the party was told, with the entry it came with.
type messageView struct{ Time, Subject, Body, Entry string }

// Mine shows a party their matter.
func (s *Pages) Mine(w http.ResponseWriter, r *http.Request, a office.Actor) error {
	f, err := s.Service.Read(r.Context(), a, a.Party.Matter)
	if err != nil {
		return err
	}
	if r.URL.Query().Has(signedIn) { // the cookie came back: an address to keep
		return &site.Redirect{Path: "/m"}
	}
	v := s.words(site.LanguageOf(r))
	page := s.newMinePage(v, a, f, nil)
	page.Notice = v.Done(r, f.Matter.Version, "/m/receipts")
	return s.Render(w, r, http.StatusOK, page)
}

func (s *Pages) newMinePage(v words, a office.Actor, f *casework.File, t *matter.Typed) *minePage {
	m, p := f.Matter, f.Procedure
	v.Files = "/m/files"
	page := &minePage{Number: m.Number, Heading: m.Title, Procedure: v.Say(p.Title), State: v.State(p, m.State),
		Ended: m.Ended != "", How: matter.HowPath(p, m.State), Unit: v.Unit(m.Unit), Clocks: v.WhyClocks(v.ClockViews(m, f.RulesOf, s.Service.Now()), f),
		Content: v.Content(casework.Content{Fields: m.Fields, Parties: m.Parties}, p),
		Entries: v.EntryViews(f, "/m/receipts", true), Disclosures: v.Disclosures(f)}
	page.Title, page.Party = v.T("mine.title"), true
	if page.Heading == "" {
		page.Heading = page.Procedure
	}
	if st := p.State(m.State); st != nil {
		page.Public = v.Say(st.Public)
	}
	if m.Assignee != "" {
		page.Assignee = v.Account(m.Assignee)
	}
	page.KeptUntil = v.KeptUntil(f)
	page.Messages = v.messages(f, a.Party.Code)
	page.Until = matter.Nearest(page.Clocks, m, f.Rules)
	page.Whole, page.Parts, page.Course = s.Whole(v.Words, f), s.Parts(v.Words, f), v.Course(f)
	page.Steps = s.StepForms(v.Words, f, "/m/steps/", t)
	page.NotYet = v.Withheld(f)
	page.Conflict = v.Conflict(f, t, "/m/steps/", "/m/receipts", true)
	return page
}

// messages are what this party was told, newest first: notices, and what became of query codes, so that nobody gets
// one in their name unseen. code is the hash of the reader's.
func (v words) messages(f *casework.File, code string) []messageView {
	var all []messageView
	asked := casework.AsksForCode(f.Entries)
	for _, e := range slices.Backward(f.Entries) {
		at := v.Recorded(e.Act.Time, f.Rules.Location)
		entry := fmt.Sprintf("entry-%d", e.Act.Seq)
		add := func(subject, body string) { all = append(all, messageView{at, subject, body, entry}) }
		switch {
		case e == asked:
			add(v.T("mine.code-asked"), v.T("mine.code-asked-text"))
		case e.Act.Kind == casework.CodeIssued && issuedTo(e, f.Entries) == code:
			add(v.T("mine.code-new"), v.T("mine.code-new-text"))
		}
		for _, m := range f.Papers[e.Act.Seq].Notices {
			if toParty(m.Notice.To) {
				add(v.Say(m.Subject), v.Say(m.Body))
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

// MineStep takes a step of a party.
func (s *Pages) MineStep(w http.ResponseWriter, r *http.Request, a office.Actor) error {
	sent, err := s.Posted(w, r, a)
	if err != nil {
		return err
	}
	return s.TakeStep(w, r, a, a.Party.Matter, sent, matter.StepTarget{
		Done: "/m",
		Again: func(v matter.Words, f *casework.File, t *matter.Typed, status int) error {
			return s.Render(w, r, status, s.newMinePage(words{v}, a, f, t))
		},
	})
}

// MineFile gives a party a file of their matter.
func (s *Pages) MineFile(w http.ResponseWriter, r *http.Request, a office.Actor) error {
	return s.SendFile(w, r, a, a.Party.Matter)
}

// MinePrint shows a party all of their matter, to print.
func (s *Pages) MinePrint(w http.ResponseWriter, r *http.Request, a office.Actor) error {
	return s.Printed(w, r, a, a.Party.Matter, "/m")
}

// MineReceipt gives a party the receipt of an entry.
func (s *Pages) MineReceipt(w http.ResponseWriter, r *http.Request, a office.Actor) error {
	return s.SendReceipt(w, r, a, a.Party.Matter)
}

// MineDocument shows a party a document of an entry.
func (s *Pages) MineDocument(w http.ResponseWriter, r *http.Request, a office.Actor) error {
	return s.ShowDocument(w, r, a, a.Party.Matter, "/m")
}
