package meeting

import (
	"fmt"
	"net/http"
	"slices"

	"luoshi/internal/casework"
	meetings "luoshi/internal/casework/meeting"
	"luoshi/internal/office"
	"luoshi/internal/procedure"
	"luoshi/internal/web/matter"
	"luoshi/internal/web/site"
)

// meetingPage is a meeting for the office that calls it.
type meetingPage struct {
	site.Frame
	Notice   *matter.Notice
	Conflict *matter.ConflictView
	Number   string
	Heading  string
	Unit     string
	State    tag
	When     string
	DayHint  string
	Video    bool // it is held by video, which this program does not carry yet
	Facts    []matter.FieldView
	Agenda   []previewRow
	Notes    []string // about the agenda as a whole
	Sites    []siteRow
	Figures  []figure
	Answers  []answerGroup
	Urge     *urgeForm
	Urged    string // what became of asking for the answers
	Hidden   int    // invitations that the reader may not see
	Papers   []matter.FieldView
	Changes  []matter.EntryView
	Invite   *inviteForm
	Arrived  []arrivedSite
	Minutes  []matter.FieldView
	Decided  *decidedView
	Steps    []matter.StepForm
	NotYet   []matter.WithheldView
	Prints   []printLink
	Door     bool   // people can be signed in at the door
	File     string // address of the meeting as a file for a calendar; "" once it is over
	Clocks   []matter.ClockView
	Live     string
}

func (*meetingPage) Template() string { return "meeting" }

// figure is one number that says how the answers stand.
type figure struct {
	Key, Title string
	N          int64
}

// siteRow is a venue with its numbers.
type siteRow struct {
	Name, Place              string
	Main                     bool
	Offices, Coming, Arrived int64
}

// arrivedSite is who came to a venue.
type arrivedSite struct {
	Name   string
	People []arrivedRow
}

type arrivedRow struct{ Name, Post, Unit, Time, By string }

// Meeting shows a meeting; with the number of an invitation, that.
func (s *Pages) Meeting(w http.ResponseWriter, r *http.Request, a office.Actor) error {
	v, number := s.words(site.LanguageOf(r)), r.PathValue("number")
	m, err := meetings.Of(r.Context(), s.Service, a, number)
	if casework.AsError(err).Code == meetings.NoMeeting {
		return s.invited(w, r, v, a, number)
	}
	if err != nil {
		return err
	}
	page, err := s.newMeetingPage(r, v, a, m, nil)
	if err != nil {
		return err
	}
	page.Notice = v.Done(r, m.File.Matter.Version, "/desk/m/"+m.File.Matter.Number+"/receipts")
	page.Urged = v.urged(r)
	return s.Render(w, r, http.StatusOK, page)
}

func (s *Pages) newMeetingPage(r *http.Request, v words, a office.Actor, m *meetings.Meeting, t *matter.Typed) (*meetingPage, error) {
	f := m.File
	mt, base := f.Matter, path(f.Matter.Number)
	file := "/desk/m/" + mt.Number
	v.Files = file + "/files"
	said := func(name string) string { text, _ := mt.Fields[name].(string); return text }
	page := &meetingPage{Number: mt.Number, Heading: mt.Title, Unit: v.Unit(mt.Unit), State: v.standing(mt.State, f.Rules),
		When: v.when(said("held_on"), said("begins"), said("ends")), Hidden: m.Hidden, Prints: v.prints(m),
		Live: fmt.Sprintf("/live?matter=%s&version=%d", mt.Number, mt.Version), NotYet: v.Withheld(f)}
	page.Title, page.Staff = mt.Number, v.Account(a.Account.Login)
	if mt.Ended == "" {
		page.DayHint = s.dayHint(v, said("held_on"))
	}
	page.Door = mt.State == "called" || mt.State == "held"
	if mt.State == "called" {
		page.File = base + "/meeting.ics"
	}
	page.Video = said("form") == "video" || said("form") == "mixed"
	page.Facts = v.facts(f, "form", "place", "reaches", "chair", "attends", "contact", "reply_by")
	page.Papers = v.facts(f, "material")
	page.Minutes = v.facts(f, "minutes", "minutes_files", "report")
	page.Agenda = v.preview(m.Agenda, m.Findings)
	for _, x := range m.Findings {
		if x.Item < 0 && x.Rule != meetings.RuleEmpty {
			page.Notes = append(page.Notes, v.Say(x.Text))
		}
	}
	s.fillAnswers(v, page, m)
	for _, e := range v.EntryViews(f, file+"/receipts", true) {
		if slices.ContainsFunc(f.Entries, func(x *casework.Entry) bool { return x.Act.Seq == e.Seq && changes(x) }) {
			page.Changes = append(page.Changes, e)
		}
	}
	slices.Reverse(page.Changes)
	for _, c := range v.ClockViews(mt, f.RulesOf, s.Service.Now()) {
		if mt.Ended == "" && c.Left != "" {
			page.Clocks = append(page.Clocks, c)
		}
	}
	page.Steps = slices.DeleteFunc(s.StepForms(v.Words, f, base+"/steps/", t), func(st matter.StepForm) bool { return st.Name == "invite" })
	page.Conflict = v.Conflict(f, t, base+"/steps/", file+"/receipts", true)
	page.Invite = s.inviteForm(v, m, t)
	var err error
	page.Decided, err = s.decided(r.Context(), v, a, m)
	return page, err
}

// changes reports whether an entry changed or called off the meeting.
func changes(e *casework.Entry) bool { return e.Act.Step == "change" || e.Act.Step == "cancel" }

// facts are fields that have a value, in the order that is asked for.
func (v words) facts(f *casework.File, names ...string) []matter.FieldView {
	var all []matter.FieldView
	for _, name := range names {
		if value, ok := f.Matter.Fields[name]; ok {
			all = append(all, v.Content(casework.Content{Fields: map[string]any{name: value}}, f.Procedure).Fields...)
		}
	}
	return all
}

// fillAnswers shows who comes, where, and who came.
func (s *Pages) fillAnswers(v words, page *meetingPage, m *meetings.Meeting) {
	if len(m.Invitations) == 0 {
		return
	}
	t := m.Totals()
	page.Figures = []figure{
		{"good", v.T("meeting.n-coming"), int64(t.Coming)}, {"plain", v.T("meeting.n-declined"), int64(t.Declined)},
		{"soon", v.T("meeting.n-none"), int64(t.NotAnswered)}, {"plain", v.T("meeting.n-people"), int64(t.People)},
	}
	if t.Arrived > 0 {
		page.Figures = append(page.Figures, figure{"plain", v.T("meeting.n-arrived"), int64(t.Arrived)})
	}
	for _, x := range m.Sites {
		page.Sites = append(page.Sites, siteRow{Name: v.siteName(x), Place: x.Place, Main: x.Main,
			Offices: int64(x.Invited), Coming: int64(x.Coming), Arrived: int64(x.Arrived)})
	}
	page.Answers = v.answerGroups(m, s.today())
	if open := unanswered(m); len(open) > 0 && m.File.Matter.Ended == "" && s.mayUrge(m) {
		page.Urge = newUrgeForm(v, path(page.Number)+"/urge", len(open))
	}
	page.Arrived = v.arrived(m)
}

// siteName is what a venue is called.
func (v words) siteName(x meetings.Site) string {
	if x.Main {
		return v.T("meeting.main-venue")
	}
	return v.T("meeting.branch-venue", v.Unit(x.Unit))
}

// arrived lists who came, by venue; those whose office sits nowhere stand with the main venue.
func (v words) arrived(m *meetings.Meeting) []arrivedSite {
	sites := make([]arrivedSite, len(m.Sites))
	for i, x := range m.Sites {
		sites[i].Name = v.siteName(x)
	}
	for _, inv := range m.Invitations {
		at := max(inv.Site, 0)
		for _, x := range inv.Arrivals {
			sites[at].People = append(sites[at].People, v.arrivedRow(inv, x))
		}
	}
	return slices.DeleteFunc(sites, func(x arrivedSite) bool { return len(x.People) == 0 })
}

func (v words) arrivedRow(inv *meetings.Invitation, x meetings.Arrival) arrivedRow {
	row := arrivedRow{Name: x.Name, Post: x.Post, Unit: v.Unit(inv.Unit), Time: v.Recorded(x.Time, inv.Rules.Location), By: v.T("meeting.by-door")}
	if x.Name == "" {
		row.Name = v.T("meeting.erased")
	}
	if x.By != meetings.ByDoor {
		row.By = v.Account(x.By)
	}
	return row
}

// Step takes a step of the meeting, or of an invitation.
func (s *Pages) Step(w http.ResponseWriter, r *http.Request, a office.Actor) error {
	sent, err := s.Posted(w, r, a)
	if err != nil {
		return err
	}
	return s.takeStep(w, r, a, sent)
}

func (s *Pages) takeStep(w http.ResponseWriter, r *http.Request, a office.Actor, sent *site.Sent) error {
	number := r.PathValue("number")
	return s.TakeStep(w, r, a, number, sent, matter.StepTarget{
		Done: path(number),
		Again: func(mv matter.Words, f *casework.File, t *matter.Typed, status int) error {
			v := words{mv}
			if f.Procedure.ID == meetings.Invited {
				page, err := s.newInvitedPage(v, a, f, t)
				if err != nil {
					return err
				}
				return s.Render(w, r, status, page)
			}
			m, err := meetings.Of(r.Context(), s.Service, a, number)
			if err != nil {
				return err
			}
			page, err := s.newMeetingPage(r, v, a, m, t)
			if err != nil {
				return err
			}
			return s.Render(w, r, status, page)
		},
	})
}

// stepOf is a step that may be taken now, or nil.
func stepOf(f *casework.File, name string) *procedure.Step {
	for _, st := range f.Steps {
		if st.Name == name {
			return st
		}
	}
	return nil
}
