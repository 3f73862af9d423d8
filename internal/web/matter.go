package web

import (
	"fmt"
	"net/http"

	"luoshi/internal/casework"
	"luoshi/internal/office"
)

// matterPage is a matter as staff see it.
type matterPage struct {
	frame
	Notice      *notice
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
	Content     contentView
	Whole       *relatedView
	Parts       []relatedView
	Withheld    bool // the reader checks, and does not see what is personal
	Clocks      []clockView
	How         string // address of the page that says how it goes on
	Conflict    *conflictView
	Steps       []stepForm
	NotYet      []withheldView
	Entries     []entryView
	Disclosures []disclosureView
	Upkeep      *upkeepView // nil for those who may not
	Live        string      // address of the news of this matter
	Zone        string      // time zone of its times, an IANA name
}

func (*matterPage) template() string { return "matter" }

func (s *site) matter(w http.ResponseWriter, r *http.Request, a office.Actor) error {
	f, err := s.service.Read(r.Context(), a, r.PathValue("number"))
	if err != nil {
		return err
	}
	v := s.words(languageOf(r))
	page := s.newMatterPage(v, a, f, nil)
	page.Notice = v.done(r, f.Matter.Version, "/desk/m/"+f.Matter.Number+"/receipts")
	return s.render(w, r, http.StatusOK, page)
}

func (s *site) newMatterPage(v words, a office.Actor, f *casework.File, t *typed) *matterPage {
	m, p, loc := f.Matter, f.Procedure, f.Rules.Location
	base := "/desk/m/" + m.Number
	content := a.ReadScope(v.staff.Tree).Content().Covers(m.Unit, m.Number)
	page := &matterPage{Number: m.Number, Heading: m.Title, Procedure: p.Title.In(v.lang), State: v.state(p, m.State),
		Opened: v.recorded(m.Opened, loc), How: howPath(p, m.State), Unit: v.unit(m.Unit), Withheld: !content,
		Content: v.content(casework.Content{Fields: m.Fields, Parties: m.Parties}, p),
		Clocks:  v.whyClocks(v.clockViews(m, f.RulesOf, s.service.Now()), f), Entries: v.entryViews(f, base+"/receipts", content),
		Disclosures: v.disclosures(f), Live: fmt.Sprintf("/live?matter=%s&version=%d", m.Number, m.Version), Zone: loc.String()}
	page.Title, page.Staff = m.Number, v.account(a.Account.Login)
	if page.Heading == "" {
		page.Heading = page.Procedure
	}
	if m.Source != nil {
		page.Source = v.source(m.Source)
	}
	if m.Channel != "" {
		page.Channel = v.channel(m.Channel)
	}
	if m.Ended != "" {
		page.Ended, page.KeptUntil = v.recorded(m.Ended, loc), v.keptUntil(f)
	}
	if m.Assignee != "" {
		page.Assignee = v.account(m.Assignee)
	}
	page.Whole, page.Parts = s.whole(v, f), s.parts(v, f)
	page.Steps = s.stepForms(v, f, base+"/steps/", t)
	page.NotYet = v.withheld(f)
	page.Conflict = v.conflict(f, t, base+"/receipts", content)
	page.Upkeep = s.upkeepView(v, a, f)
	return page
}

func (v words) channel(c string) string {
	switch c {
	case "web", "api", "phone", "walk-in", "letter", "import":
		return v.t("channel." + c)
	}
	return c
}

func (s *site) matterStep(w http.ResponseWriter, r *http.Request, a office.Actor) error {
	number := r.PathValue("number")
	return s.takeStep(w, r, a, number, stepTarget{
		done: "/desk/m/" + number,
		again: func(v words, f *casework.File, t *typed, status int) error {
			return s.render(w, r, status, s.newMatterPage(v, a, f, t))
		},
	})
}
