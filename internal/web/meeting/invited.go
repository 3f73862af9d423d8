package meeting

import (
	"fmt"
	"net/http"
	"slices"

	"luoshi/internal/casework"
	meetings "luoshi/internal/casework/meeting"
	"luoshi/internal/office"
	"luoshi/internal/web/matter"
	"luoshi/internal/web/site"
)

// invitedPage is the invitation of an office: what to answer first, then what the meeting is, then who came.
type invitedPage struct {
	site.Frame
	Notice   *matter.Notice
	Conflict *matter.ConflictView
	Number   string
	Heading  string
	Unit     string
	Caller   string
	State    string
	Answer   tag
	When     string
	ReplyBy  string
	Whole    *matter.RelatedView
	Video    bool
	Facts    []matter.FieldView // what the meeting shows, but for its agenda and papers
	Agenda   []previewRow
	Papers   []matter.FileView
	Minutes  []matter.FieldView
	Changed  string            // that the meeting has changed, and whether that was after the answer
	Answers  []matter.StepForm // by which the office answers
	Others   []matter.StepForm
	Ours     []matter.FieldView // what was answered
	Declined string
	Arrived  []arrivedRow
	File     string // address of the matter with its history
	Live     string
	Reminded string // when it was asked for the answer that is awaited; "" for never
	Word     string // what was said with it
	Door     bool   // it has a venue of its own
	Reader   bool   // who reads is of the office that is invited
}

func (*invitedPage) Template() string { return "meetinginvited" }

// invited shows the invitation of that number.
func (s *Pages) invited(w http.ResponseWriter, r *http.Request, v words, a office.Actor, number string) error {
	f, err := s.Service.Read(r.Context(), a, number)
	if err != nil {
		return err
	}
	if f.Procedure.ID != meetings.Invited {
		return site.ErrNoPage()
	}
	page, err := s.newInvitedPage(v, a, f, nil)
	if err != nil {
		return err
	}
	page.Notice = v.Done(r, f.Matter.Version, "/desk/m/"+f.Matter.Number+"/receipts")
	return s.Render(w, r, http.StatusOK, page)
}

func (s *Pages) newInvitedPage(v words, a office.Actor, f *casework.File, t *matter.Typed) (*invitedPage, error) {
	m := f.Matter
	base, file := path(m.Number), "/desk/m/"+m.Number
	v.Files = file + "/files"
	inv := meetings.InvitationOf(f)
	said := func(name string) string { text, _ := m.Fields[name].(string); return text }
	page := &invitedPage{Number: m.Number, Heading: m.Title, Unit: v.Unit(m.Unit), Caller: v.Unit(m.Issuer), State: v.State(f.Procedure, m.State),
		Answer: v.answered(inv.Answer, said("reply_by"), s.today()), When: v.IsoDay(said("held_on")), File: file, Declined: inv.Declined,
		Live: fmt.Sprintf("/live?matter=%s&version=%d", m.Number, m.Version), Whole: s.Whole(v.Words, f)}
	v.whole(page, f)
	page.Title, page.Staff = m.Number, v.Account(a.Account.Login)
	if m.State == "invited" && said("reply_by") != "" {
		page.ReplyBy = v.IsoDay(said("reply_by"))
	}
	page.Reminded, page.Word = v.reminded(f)
	if m.State == "called-off" {
		page.Answer = tag{"plain", v.T("meeting.off")}
	}
	if inv.Answer == meetings.Coming {
		page.Door = inv.Seat == meetings.SeatOwn
		page.Ours = v.facts(f, "seat", "branch_place", "coming", "phone")
	}
	for _, st := range s.StepForms(v.Words, f, base+"/steps/", t) {
		if st.Name == "accept" || st.Name == "decline" {
			st.Open = st.Open || st.Name == "accept" && m.State == "invited" && t == nil
			page.Answers = append(page.Answers, st)
			continue
		}
		page.Others = append(page.Others, st)
	}
	page.Reader = len(page.Answers) > 0
	page.Conflict = v.Conflict(f, t, base+"/steps/", file+"/receipts", true)
	for _, x := range slices.Backward(inv.Arrivals) {
		page.Arrived = append(page.Arrived, v.arrivedRow(inv, x))
	}
	return page, nil
}

// reminded is when the office was last asked for the answer that it has not given since, and the word that came with it.
func (v words) reminded(f *casework.File) (at, word string) {
	if f.Matter.State != "invited" {
		return "", ""
	}
	for _, e := range slices.Backward(f.Entries) {
		switch e.Act.Step {
		case casework.Urge:
			return v.Recorded(e.Act.Time, f.Rules.Location), e.Content.Note
		case "accept", "decline", "changed":
			return "", ""
		}
	}
	return "", ""
}

// whole adds what the meeting shows to those whom it invites.
func (v words) whole(page *invitedPage, f *casework.File) {
	if f.Whole == nil || f.Whole.Shown == nil {
		return
	}
	shown := f.Whole.Shown
	said := func(name string) string { text, _ := shown.Values[name].(string); return text }
	page.When = v.when(said("held_on"), said("begins"), said("ends"))
	page.Video = said("form") == "video" || said("form") == "mixed"
	items, _ := meetings.ParseAgenda(said("agenda"))
	page.Agenda = v.preview(items, nil)
	for _, fd := range shown.Fields {
		value, ok := shown.Values[fd.Name]
		if !ok {
			continue
		}
		views := v.Content(casework.Content{Fields: map[string]any{fd.Name: value}}, shown.Rules.Procedure).Fields
		switch fd.Name {
		case "held_on", "begins", "ends", "agenda":
		case "material":
			for _, x := range views {
				page.Papers = x.Files
			}
		case "minutes", "minutes_files":
			page.Minutes = append(page.Minutes, views...)
		default:
			page.Facts = append(page.Facts, views...)
		}
	}
	if shown.Changed > f.Matter.Opened {
		at := v.Recorded(shown.Changed, f.Rules.Location)
		if page.Changed = v.T("meeting.changed", at); shown.Later {
			page.Changed = v.T("meeting.changed-later", at)
		}
	}
}
