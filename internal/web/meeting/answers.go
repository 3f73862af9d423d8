package meeting

import (
	"crypto/rand"
	"fmt"
	"net/http"
	"strconv"

	"luoshi/internal/casework"
	meetings "luoshi/internal/casework/meeting"
	"luoshi/internal/office"
	"luoshi/internal/web/site"
)

// answerGroup is the answers of the offices of one area.
type answerGroup struct {
	Name string
	Says string // how many have answered
	Open bool   // there is room to show it at once
	Rows []answerRow
}

// answerRow is what one office has answered.
type answerRow struct {
	Name, Path string
	Answer     tag
	Who, Where string
	Phone      string
	Why        string // of an office that does not come
	Again      bool   // it had answered before the meeting changed
	Arrived    string
}

// fewAnswers is how many are shown without being opened.
const fewAnswers = 60

// answerGroups lists the invitations by the office above.
func (v words) answerGroups(m *meetings.Meeting, today string) []answerGroup {
	var groups []answerGroup
	at := map[string]int{}
	var answered []int
	for _, inv := range m.Invitations {
		u, _ := v.Staff.Tree.Unit(inv.Unit)
		i, ok := at[u.Parent]
		if !ok {
			i = len(groups)
			at[u.Parent] = i
			groups, answered = append(groups, answerGroup{Name: v.Unit(u.Parent), Open: len(m.Invitations) <= fewAnswers}), append(answered, 0)
		}
		groups[i].Rows = append(groups[i].Rows, v.answerRow(m, inv, today))
		if inv.Answer != meetings.NotAnswered {
			answered[i]++
		}
	}
	for i := range groups {
		groups[i].Says = v.T("meeting.answered-of", answered[i], len(groups[i].Rows))
	}
	return groups
}

func (v words) answerRow(m *meetings.Meeting, inv *meetings.Invitation, today string) answerRow {
	replyBy, _ := inv.Matter.Fields["reply_by"].(string)
	row := answerRow{Name: v.Unit(inv.Unit), Path: path(inv.Matter.Number), Answer: v.answered(inv.Answer, replyBy, today),
		Who: v.people(inv.Coming), Phone: inv.Phone, Why: inv.Declined, Again: inv.Asked}
	if inv.State == "called-off" {
		row.Answer = tag{"plain", v.T("meeting.off")}
	}
	if inv.Answer == meetings.Coming && inv.Site >= 0 {
		row.Where = v.siteName(m.Sites[inv.Site])
	}
	if n := len(inv.Arrivals); n > 0 {
		row.Arrived = v.T("meeting.arrived-n", n)
	}
	return row
}

// unanswered are the numbers of the invitations that wait for an answer.
func unanswered(m *meetings.Meeting) []string {
	var open []string
	for _, inv := range m.Invitations {
		if inv.State == "invited" {
			open = append(open, inv.Matter.Number)
		}
	}
	return open
}

// mayUrge reports whether the reader is one who deals with the meeting.
func (s *Pages) mayUrge(m *meetings.Meeting) bool { return stepOf(m.File, "invite") != nil }

// urgeForm asks all that have not answered for their answer.
type urgeForm struct {
	Action, Key, Title string
	Note               *site.Input
}

func newUrgeForm(v words, action string, n int) *urgeForm {
	return &urgeForm{Action: action, Key: rand.Text(), Title: v.T("meeting.urge", n),
		Note: &site.Input{ID: "urge-note", Name: "note", Label: v.T("meeting.urge-note"), Kind: "string"}}
}

// Urge asks all offices that have not answered, each by the step of its own invitation.
func (s *Pages) Urge(w http.ResponseWriter, r *http.Request, a office.Actor) error {
	form, err := site.Posted(r)
	if err != nil {
		return err
	}
	m, err := meetings.Of(r.Context(), s.Service, a, r.PathValue("number"))
	if err != nil {
		return err
	}
	cmd := casework.StepCommand{Step: casework.Urge, Note: site.Lines(form.Get("note"))}
	all, err := s.Service.TakeAll(r.Context(), a, unanswered(m), cmd, form.Get("key"))
	if err != nil {
		return err
	}
	taken := 0
	for _, x := range all {
		if x.Err == nil {
			taken++
		}
	}
	return &site.Redirect{Path: fmt.Sprintf("%s?urged=%d#h-answers", path(m.File.Matter.Number), taken)}
}

// urged says how many were asked, when the address says so.
func (v words) urged(r *http.Request) string {
	n, err := strconv.Atoi(r.URL.Query().Get("urged"))
	if err != nil || n < 0 || n > casework.MaxSubs {
		return ""
	}
	return v.T("meeting.urged", n)
}
