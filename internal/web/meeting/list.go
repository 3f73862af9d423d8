package meeting

import (
	"net/http"
	"slices"
	"time"

	"luoshi/internal/casework"
	meetings "luoshi/internal/casework/meeting"
	"luoshi/internal/office"
	"luoshi/internal/web/part"
	"luoshi/internal/web/site"
)

// listPage is the meetings of somebody's offices by day.
type listPage struct {
	site.Frame
	MayPlan  bool
	Calendar bool // somebody sits in an office whose meetings a calendar can follow
	Groups   []listGroup
	Past     []listRow
	Earlier  bool // more of the past is there than is shown
	All      string
	Nothing  part.Empty
}

func (*listPage) Template() string { return "meetings" }

// listGroup are the meetings of some days.
type listGroup struct {
	ID, Title string
	Rows      []listRow
}

// listRow is a meeting.
type listRow struct {
	Path, Title, When string
	Where             string // venue and form, as far as they are known
	Who               string // as whom the office is there
	State             tag
	Reply             string // by when an answer is wanted
}

// fewPast is how many meetings that are over the list shows at first.
const fewPast = 20

// Meetings lists the meetings of the offices in which somebody sits.
func (s *Pages) Meetings(w http.ResponseWriter, r *http.Request, a office.Actor) error {
	all, err := meetings.List(r.Context(), s.Service, a, "", "")
	if err != nil {
		return err
	}
	v, today := s.words(site.LanguageOf(r)), s.today()
	page := &listPage{MayPlan: len(s.planners(a)) > 0, Calendar: len(meetings.Offices(s.Service, a)) > 0,
		Nothing: part.Empty{Title: v.T("meeting.none"), Text: v.T("meeting.none-do")}}
	page.Title, page.Staff = v.T("meeting.title"), v.Account(a.Account.Login)
	page.group(v, all, today)
	if r.URL.Query().Get("past") == "" && len(page.Past) > fewPast {
		page.Past, page.Earlier = page.Past[:fewPast], true
		page.All = v.T("meeting.past-all")
	}
	return s.Render(w, r, http.StatusOK, page)
}

// group puts the meetings under today, this week and later; what is over or called off stands apart, the newest first.
func (page *listPage) group(v words, all []meetings.Entry, today string) {
	groups := []listGroup{{ID: "today", Title: v.T("meeting.today")}, {ID: "week", Title: v.T("meeting.week")}, {ID: "later", Title: v.T("meeting.later")}}
	week := endOfWeek(today)
	for _, e := range all {
		row := v.row(e, today)
		switch {
		case e.Off || e.Day < today:
			page.Past = append(page.Past, row)
		case e.Day == today:
			groups[0].Rows = append(groups[0].Rows, row)
		case e.Day <= week:
			groups[1].Rows = append(groups[1].Rows, row)
		default:
			groups[2].Rows = append(groups[2].Rows, row)
		}
	}
	slices.Reverse(page.Past)
	page.Groups = slices.DeleteFunc(groups, func(g listGroup) bool { return len(g.Rows) == 0 })
}

// endOfWeek is the Sunday of the week of a day.
func endOfWeek(day string) string {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day
	}
	return t.AddDate(0, 0, (7-int(t.Weekday()))%7).Format(time.DateOnly)
}

func (v words) row(e meetings.Entry, today string) listRow {
	row := listRow{Path: path(e.Number), Title: e.Title, When: v.when(e.Day, e.Begins, e.Ends), Where: e.Place}
	if form := v.form(e.Form); form != "" {
		row.Where = form
		if e.Place != "" {
			row.Where += " · " + e.Place
		}
	}
	if e.Invited {
		row.Who, row.State = v.T("meeting.we-invited", v.Unit(e.Unit), v.Unit(e.Caller)), v.answer(e, today)
		if e.Answer == meetings.NotAnswered && !e.Off && !e.Over && e.ReplyBy != "" {
			row.Reply = v.T("meeting.reply-by", v.IsoDay(e.ReplyBy))
		}
		return row
	}
	row.Who, row.State = v.T("meeting.we-call", v.Unit(e.Unit)), v.standing(e.State, e.Rules)
	return row
}

// answer is what an office has answered, as a tag.
func (v words) answer(e meetings.Entry, today string) tag {
	switch {
	case e.Off:
		return tag{"plain", v.T("meeting.off")}
	case e.Over:
		return tag{"plain", v.T("meeting.was")}
	}
	return v.answered(e.Answer, e.ReplyBy, today)
}

func (v words) answered(answer meetings.Answer, replyBy, today string) tag {
	switch {
	case answer == meetings.Coming:
		return tag{"good", v.T("meeting.answer-coming")}
	case answer == meetings.Declined:
		return tag{"plain", v.T("meeting.answer-declined")}
	case replyBy != "" && replyBy < today:
		return tag{"late", v.T("meeting.answer-late")}
	}
	return tag{"soon", v.T("meeting.answer-none")}
}

// standing is where a meeting stands, as a tag.
func (v words) standing(state string, rules *casework.Rules) tag {
	t := tag{"plain", v.State(rules.Procedure, state)}
	switch state {
	case "called", "minuted":
		t.Class = "here"
	case "held":
		t.Class = "soon"
	case "closed":
		t.Class = "good"
	}
	return t
}
