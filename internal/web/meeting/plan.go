package meeting

import (
	"cmp"
	"crypto/rand"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"luoshi/internal/calendar"
	"luoshi/internal/casework"
	meetings "luoshi/internal/casework/meeting"
	"luoshi/internal/office"
	"luoshi/internal/procedure"
	"luoshi/internal/web/site"
)

// planPage is the form by which a meeting is planned.
type planPage struct {
	site.Frame
	Key      string
	Unit     string        // the one office that calls it; "" when there is a choice
	Units    []site.Option // to choose from
	Heading  site.Input
	Day      site.Input
	DayHint  string // that it is no working day
	Times    []*site.Input
	Ways     []*site.Input // how it is held, where, how far down
	Agenda   agendaForm
	Notes    []string // about the agenda as a whole
	Preview  []previewRow
	People   []*site.Input // who chairs, who is to come
	Papers   []*site.Input
	Problems []site.Problem
	Fresh    bool
}

func (*planPage) Template() string { return "meetingplan" }

// previewRow is a line of the agenda as it will be read.
type previewRow struct {
	When, What, Who string
	Said            []string
}

// planners are the offices for which somebody may call a meeting: those in which they sit.
func (s *Pages) planners(a office.Actor) []string {
	rules := s.Service.Rules(meetings.Procedure)
	if rules == nil {
		return nil
	}
	may := s.Service.OpensAt(a, rules.Procedure)
	return slices.DeleteFunc(meetings.Offices(s.Service, a), func(unit string) bool {
		return !slices.ContainsFunc(may, func(u office.Unit) bool { return u.Code == unit })
	})
}

func errMayNotPlan() error {
	return &casework.Error{Kind: casework.NotAllowed, Code: "may-not-open", Text: procedure.Text{
		"zh": "您不能召集会议：要在能召集会议的单位里担任经办人、负责人或者督办人员。",
		"en": "You may not call a meeting: that is for clerks, heads and supervisors of an office which calls meetings."}}
}

// PlanForm shows the empty form.
func (s *Pages) PlanForm(w http.ResponseWriter, r *http.Request, a office.Actor) error {
	if len(s.planners(a)) == 0 {
		return errMayNotPlan()
	}
	page := s.newPlanPage(s.words(site.LanguageOf(r)), a, url.Values{}, nil)
	page.Fresh = true
	return s.Render(w, r, http.StatusOK, page)
}

// Plan records the meeting, or shows the form again with all that was typed.
func (s *Pages) Plan(w http.ResponseWriter, r *http.Request, a office.Actor) error {
	if len(s.planners(a)) == 0 {
		return errMayNotPlan()
	}
	sent, err := s.Posted(w, r, a)
	if err != nil {
		return err
	}
	form, v := sent.Form, s.words(site.LanguageOf(r))
	tidyTimes(form, "f.begins", "f.ends", "a.from", "a.until")
	l := planned(form)
	switch {
	case len(sent.Faults) > 0:
		return s.planAgain(w, r, v, a, form, &casework.Error{Kind: casework.Invalid, Fields: sent.Faults})
	case form.Get("do") != "":
		return s.Render(w, r, http.StatusOK, s.newPlanPage(v, a, form, nil))
	}
	if fault := endsBefore(form.Get("f.begins"), form.Get("f.ends")); fault != nil {
		return s.planAgain(w, r, v, a, form, fault)
	}
	out, err := s.Service.Lodge(r.Context(), a, l, form.Get("key"))
	if err != nil {
		return s.planAgain(w, r, v, a, form, err)
	}
	return &site.Redirect{Path: path(out.Matter.Number) + "?done=1"}
}

// endsBefore refuses a meeting that ends before it begins. What is no time the procedure refuses.
func endsBefore(begins, ends string) error {
	if len(begins) != len("09:00") || len(ends) != len(begins) || ends > begins {
		return nil
	}
	return &casework.Error{Kind: casework.Invalid, Fields: []casework.FieldError{{Field: "fields.ends", Code: "before-the-beginning", Text: procedure.Text{
		"zh": "结束要在开始以后。", "en": "The end must lie after the beginning."}}}}
}

// tidyTimes writes times of day as they are kept, "09:00", where they were typed shorter or by a Chinese keyboard. What is
// no time stays as it is, to be read and put right.
func tidyTimes(form url.Values, names ...string) {
	for _, name := range names {
		for i, typed := range form[name] {
			form[name][i] = meetings.TidyTime(typed)
		}
	}
}

// planned is the lodging that a form asks for.
func planned(form url.Values) casework.Lodging {
	fields := site.FieldsOf(form)
	if agenda := meetings.FormatAgenda(agendaItems(form)); agenda != "" {
		fields["agenda"] = agenda
	}
	return casework.Lodging{Procedure: meetings.Procedure, Unit: form.Get("unit"), Channel: "web",
		Title: strings.TrimSpace(form.Get("title")), Fields: fields}
}

// planAgain shows the form with what is wrong, or to be sent again.
func (s *Pages) planAgain(w http.ResponseWriter, r *http.Request, v words, a office.Actor, form url.Values, err error) error {
	e := casework.AsError(err)
	switch e.Kind {
	case casework.Invalid:
		return s.Render(w, r, http.StatusUnprocessableEntity, s.newPlanPage(v, a, form, e.Fields))
	case casework.KeyReused, casework.Unavailable, casework.Unknown:
	default:
		return err
	}
	page := s.newPlanPage(v, a, form, nil)
	page.Problems = []site.Problem{{Text: v.Say(e.Text)}}
	if e.Kind == casework.KeyReused {
		page.Key, page.Problems[0].Text = rand.Text(), v.T("lodging.sent-before")
	} else {
		w.Header().Set("Retry-After", site.RetryAfter)
	}
	return s.Render(w, r, site.Status(err), page)
}

func (s *Pages) newPlanPage(v words, a office.Actor, form url.Values, faults []casework.FieldError) *planPage {
	p := s.Service.Rules(meetings.Procedure).Procedure
	page := &planPage{Key: cmp.Or(form.Get("key"), rand.Text()),
		Heading: site.Input{ID: "m-title", Name: "title", Label: v.T("meeting.name"), Hint: v.T("meeting.name-hint"), Kind: "string", Required: true, Value: form.Get("title")}}
	page.Title, page.Staff = v.T("meeting.plan"), v.Account(a.Account.Login)
	units := s.planners(a)
	if len(units) == 1 {
		page.Unit = v.Unit(units[0])
	}
	for _, code := range units {
		page.Units = append(page.Units, site.Option{Value: code, Label: v.Unit(code), Chosen: code == cmp.Or(form.Get("unit"), units[0])})
	}
	input := func(name string, required bool) *site.Input {
		in := v.FieldInput(p, procedure.FieldUse{Name: name, Required: required}, "m-", form)
		return &in
	}
	page.Day = *input("held_on", true)
	page.DayHint = s.dayHint(v, form.Get("f.held_on"))
	page.Times = []*site.Input{input("begins", true), input("ends", false)}
	page.Ways = []*site.Input{input("form", true), input("place", true), input("reaches", false)}
	page.People = []*site.Input{input("chair", false), input("attends", false), input("contact", false)}
	page.Papers = []*site.Input{input("material", false)}
	page.fillAgenda(v, form)
	page.place(v, faults)
	return page
}

// fillAgenda shows the rows as they were typed, changed by the button that was pressed, and how they will be read.
func (page *planPage) fillAgenda(v words, form url.Values) {
	do := form.Get("do")
	items := editAgenda(agendaItems(form), do)
	room := 1
	if do == "more" {
		room = moreRows
	}
	read, found := checked(items, form.Get("f.begins"), form.Get("f.ends"))
	if len(read) != len(items) { // a row that reads as none or as two: what was typed stays as it is
		found = nil
	}
	page.Agenda.Rows = v.agendaRows(items, found, room)
	for _, f := range found {
		if f.Item < 0 {
			page.Notes = append(page.Notes, v.Say(f.Text))
		}
	}
	if do == "" || do == "preview" {
		page.Preview = v.preview(read, found)
	}
}

// preview is an agenda as it is read.
func (v words) preview(items []meetings.Item, found []meetings.Finding) []previewRow {
	var rows []previewRow
	for i, it := range items {
		row := previewRow{When: it.Start, What: it.Title, Who: it.Who}
		if it.End != "" {
			row.When += "–" + it.End
		}
		for _, f := range found {
			if f.Item == i {
				row.Said = append(row.Said, v.Say(f.Text))
			}
		}
		rows = append(rows, row)
	}
	return rows
}

// place puts what is wrong beside its input.
func (page *planPage) place(v words, faults []casework.FieldError) {
	inputs := []*site.Input{&page.Heading, &page.Day}
	for _, some := range [][]*site.Input{page.Times, page.Ways, page.People, page.Papers} {
		inputs = append(inputs, some...)
	}
	page.Problems = v.Place(inputs, faults, func(field string) string {
		switch name, ok := strings.CutPrefix(field, "fields."); {
		case ok && name == "agenda":
			return "m-agenda"
		case ok:
			return "m-" + name
		}
		return "m-" + field
	})
	for _, f := range faults {
		if f.Field == "fields.agenda" {
			page.Agenda.Error = v.Say(f.Text)
		}
	}
}

// dayHint says that a day is no working day, by the calendar of meetings; "" when it is one, or no day at all.
func (s *Pages) dayHint(v words, day string) string {
	d, err := calendar.ParseDate(day)
	rules := s.Service.Rules(meetings.Procedure)
	if err != nil || rules == nil {
		return ""
	}
	holiday, off := rules.Calendar.DayOff(d)
	switch {
	case !off && holiday != "":
		return v.T("meeting.day-made-up")
	case !off:
		return ""
	case holiday == "":
		return v.T("meeting.day-weekend", v.IsoDay(day))
	}
	return v.T("meeting.day-off", v.IsoDay(day), v.Marked(holiday, "zh"))
}
