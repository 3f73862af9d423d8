package desk

import (
	"context"
	"fmt"
	"net/http"

	"luoshi/internal/casework"
	meetings "luoshi/internal/casework/meeting"
	"luoshi/internal/office"
	"luoshi/internal/web/matter"
	"luoshi/internal/web/site"
)

// matterPage is a matter as staff see it.
type matterPage struct {
	site.Frame
	Notice      *matter.Notice
	Number      string
	Heading     string
	Procedure   string
	State       string
	Ended       string // when
	KeptUntil   string // last day on which its content is kept
	Opened      string
	Channel     string
	Source      string
	Unit        string
	Assignee    string
	Content     matter.ContentView
	Whole       *matter.RelatedView
	Course      []matter.CourseView // empty: it was in one procedure alone
	Parts       []matter.RelatedView
	Withheld    bool // the reader checks, and does not see what is personal
	Clocks      []matter.ClockView
	Meeting     string // address of its page among the meetings; "" for all other matters
	How         string // address of the page that says how it goes on
	Conflict    *matter.ConflictView
	Steps       []matter.StepForm
	NotYet      []matter.WithheldView
	Entries     []matter.EntryView
	Disclosures []matter.DisclosureView
	Upkeep      *upkeepView // nil for those who may not
	Live        string      // address of the news of this matter
	Zone        string      // time zone of its times, an IANA name
	Version     int
	Until       *matter.ClockView // the clock of the office that ends first
	Split       bool              // it is shown beside a list
	List        string            // the filter of that list
}

func (*matterPage) Template() string { return "matter" }

// Matter shows a matter to staff.
func (s *Pages) Matter(w http.ResponseWriter, r *http.Request, a office.Actor) error {
	f, err := s.Service.Read(r.Context(), a, r.PathValue("number"))
	if err != nil {
		return err
	}
	v := s.words(site.LanguageOf(r))
	page, err := s.newMatterPage(r.Context(), v, a, f, nil)
	if err != nil {
		return err
	}
	page.Notice = v.Done(r, f.Matter.Version, "/desk/m/"+f.Matter.Number+"/receipts")
	if q := r.URL.Query(); q.Has("list") { // asked for by a list, to be shown beside it
		page.beside(s.listOf(s.listFilter(q)))
	}
	return s.Render(w, r, http.StatusOK, page)
}

func (s *Pages) newMatterPage(ctx context.Context, v words, a office.Actor, f *casework.File, t *matter.Typed) (*matterPage, error) {
	texts, err := s.Service.RepliesFor(ctx, f)
	if err != nil {
		return nil, err
	}
	m, p, loc := f.Matter, f.Procedure, f.Rules.Location
	base := "/desk/m/" + m.Number
	v.Files = base + "/files"
	content := a.ReadScope(v.Staff.Tree).Content().Covers(m.Unit, m.Number)
	page := &matterPage{Number: m.Number, Heading: m.Title, Procedure: v.Say(p.Title), State: v.State(p, m.State),
		Opened: v.Recorded(m.Opened, loc), How: matter.HowPath(p, m.State), Unit: v.Unit(m.Unit), Withheld: !content,
		Content: v.Content(casework.Content{Fields: m.Fields, Parties: m.Parties}, p),
		Clocks:  v.WhyClocks(v.ClockViews(m, f.RulesOf, s.Service.Now()), f), Entries: v.EntryViews(f, base+"/receipts", content),
		Disclosures: v.Disclosures(f), Live: fmt.Sprintf("/live?matter=%s&version=%d", m.Number, m.Version), Zone: loc.String(), Version: m.Version}
	page.Until = matter.Nearest(page.Clocks, m, f.Rules)
	page.Title, page.Staff = m.Number, v.Account(a.Account.Login)
	if p.ID == meetings.Procedure || p.ID == meetings.Invited {
		page.Meeting = "/desk/meetings/" + m.Number
	}
	if page.Heading == "" {
		page.Heading = page.Procedure
	}
	if m.Source != nil {
		page.Source = v.Source(m.Source)
	}
	if m.Channel != "" {
		page.Channel = v.Channel(m.Channel)
	}
	if m.Ended != "" {
		page.Ended, page.KeptUntil = v.Recorded(m.Ended, loc), v.KeptUntil(f)
	}
	if m.Assignee != "" {
		page.Assignee = v.Account(m.Assignee)
	}
	page.Whole, page.Parts, page.Course = s.Whole(v.Words, f), s.Parts(v.Words, f), v.Course(f)
	page.Steps = s.StepForms(v.Words, f, base+"/steps/", t)
	if err := s.DemandOf(ctx, v.Words, f, page.Steps); err != nil {
		return nil, err
	}
	page.NotYet = v.Withheld(f)
	for i := range page.Steps {
		page.Steps[i].Offered = offerReplies(page.Steps[i].Inputs, page.Steps[i].Name, texts)
	}
	page.Conflict = v.Conflict(f, t, base+"/steps/", base+"/receipts", content)
	page.Upkeep = s.upkeepView(v, a, f)
	return page, nil
}

// MatterStep takes a step.
func (s *Pages) MatterStep(w http.ResponseWriter, r *http.Request, a office.Actor) error {
	number := r.PathValue("number")
	sent, err := s.Posted(w, r, a)
	if err != nil {
		return err
	}
	form := sent.Form
	if form.Get("insert") != "" {
		return s.insertReply(w, r, a, number, form)
	}
	done := "/desk/m/" + number
	if form.Has("list") {
		done = s.besidePath(s.listFilter(form), number)
	}
	return s.TakeStep(w, r, a, number, sent, matter.StepTarget{
		Done: done,
		Again: func(v matter.Words, f *casework.File, t *matter.Typed, status int) error {
			return s.matterAgain(w, r, a, words{v}, f, t, status)
		},
	})
}

// MatterFile gives a file of the matter.
func (s *Pages) MatterFile(w http.ResponseWriter, r *http.Request, a office.Actor) error {
	return s.SendFile(w, r, a, r.PathValue("number"))
}

// MatterPrint shows all of a matter, to print.
func (s *Pages) MatterPrint(w http.ResponseWriter, r *http.Request, a office.Actor) error {
	number := r.PathValue("number")
	return s.Printed(w, r, a, number, "/desk/m/"+number)
}

// MatterReceipt gives the receipt of an entry.
func (s *Pages) MatterReceipt(w http.ResponseWriter, r *http.Request, a office.Actor) error {
	return s.SendReceipt(w, r, a, r.PathValue("number"))
}

// MatterDocument shows a document of an entry.
func (s *Pages) MatterDocument(w http.ResponseWriter, r *http.Request, a office.Actor) error {
	number := r.PathValue("number")
	return s.ShowDocument(w, r, a, number, "/desk/m/"+number)
}
