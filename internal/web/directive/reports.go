package directive

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"unicode"
	"unicode/utf8"

	"luoshi/internal/casework"
	meetings "luoshi/internal/casework/meeting"
	"luoshi/internal/office"
	"luoshi/internal/report"
	"luoshi/internal/report/document"
	"luoshi/internal/report/orders"
	"luoshi/internal/web/part"
	"luoshi/internal/web/site"
)

// reportsPage takes the report of a meeting in, and lists those that the office is working on.
type reportsPage struct {
	site.Frame
	None     bool // there is no office for which they may issue
	Units    []site.Option
	Text     string
	Problems []site.Problem
	Drafts   []draftRow
	Nothing  part.Empty
	Dropped  bool
}

func (*reportsPage) Template() string { return "reports" }

type draftRow struct {
	ID, Path, Title, Unit, Changed, By string
	Issued                             bool
}

// Reports shows the reports that an office is making directives of.
func (s *Pages) Reports(w http.ResponseWriter, r *http.Request, a office.Actor) error {
	page, err := s.newReportsPage(r.Context(), s.words(site.LanguageOf(r)), a, url.Values{})
	if err != nil {
		return err
	}
	page.Dropped = r.URL.Query().Get("dropped") != ""
	return s.Render(w, r, http.StatusOK, page)
}

func (s *Pages) newReportsPage(ctx context.Context, v words, a office.Actor, form url.Values) (*reportsPage, error) {
	drafts, err := s.Service.Drafts(ctx, a, casework.Directives)
	if err != nil {
		return nil, err
	}
	page := &reportsPage{Text: form.Get("text"), Nothing: part.Empty{Title: v.T("reports.none"), Text: v.T("reports.none-do")}}
	page.Title, page.Staff = v.T("reports.title"), v.Account(a.Account.Login)
	for _, code := range s.Service.IssuingUnits(a, casework.Directives) {
		page.Units = append(page.Units, site.Option{Value: code, Label: v.Unit(code), Chosen: code == form.Get("unit")})
	}
	page.None = len(page.Units) == 0
	for _, d := range drafts {
		page.Drafts = append(page.Drafts, draftRow{ID: d.ID, Path: draftPath(d.ID), Title: d.Title, Unit: v.Unit(d.Unit),
			Changed: v.Recorded(d.Changed, s.place()), By: v.Account(d.Login), Issued: d.Issued != ""})
	}
	return page, nil
}

func draftPath(id string) string { return "/desk/reports/" + id }

// ReadReport takes in a report that was pasted or sent as a file, and keeps what was understood as a draft. Nothing is
// kept of one that cannot be read.
func (s *Pages) ReadReport(w http.ResponseWriter, r *http.Request, a office.Actor) error {
	v := s.words(site.LanguageOf(r))
	form, file, err := uploadedReport(r)
	var problem *document.Problem
	if errors.As(err, &problem) {
		return s.refused(w, r, a, v, form, problem)
	}
	if err != nil {
		return err
	}
	held, err := s.heldMeeting(r.Context(), a, form.Get("meeting"))
	if err != nil {
		return err
	}
	if held != nil {
		caller, _ := s.Service.Tree().Unit(held.Unit)
		file = []byte(meetings.ToRead(held, caller.Label("zh")))
		form.Set("unit", held.Unit)
		form.Set("text", string(file))
	}
	read, err := report.Open(r.Context(), file, document.Pdftotext)
	if errors.As(err, &problem) {
		return s.refused(w, r, a, v, form, problem)
	}
	if err != nil {
		return err
	}
	list := orders.From(read)
	draft := casework.Draft{Unit: form.Get("unit")}
	if held != nil {
		list.Meeting, list.Title = held.Number, held.Title
		list.Date, _ = held.Fields["held_on"].(string)
		draft.ID = meetings.DraftID(held.Number)
	}
	s.matchOffices(list, form.Get("unit"))
	for i := range list.Items {
		s.takeDay(&list.Items[i], list.Items[i].Due, list.Items[i].Period)
	}
	if draft.Doc, err = json.Marshal(list); err != nil {
		return err
	}
	draft.Title = cmp.Or(list.Title, v.T("reports.untitled"))
	d, err := s.Service.KeepDraft(r.Context(), a, casework.Directives, draft)
	if held != nil && casework.KindOf(err) == casework.Conflict { // it has one already
		return &site.Redirect{Path: draftPath(draft.ID)}
	}
	if err != nil {
		return err
	}
	return &site.Redirect{Path: draftPath(d.ID)}
}

// heldMeeting is the meeting whose decisions are to be made into directives; nil when none is named.
func (s *Pages) heldMeeting(ctx context.Context, a office.Actor, number string) (*casework.Matter, error) {
	if number == "" {
		return nil, nil
	}
	f, err := s.Service.Read(ctx, a, number)
	if err != nil {
		return nil, err
	}
	if f.Procedure.ID != meetings.Procedure {
		return nil, site.ErrNoPage()
	}
	return f.Matter, nil
}

// refused shows the form again with why a report cannot be read and what to do about it.
func (s *Pages) refused(w http.ResponseWriter, r *http.Request, a office.Actor, v words, form url.Values, problem *document.Problem) error {
	page, err := s.newReportsPage(r.Context(), v, a, form)
	if err != nil {
		return err
	}
	said := problem.In(v.Lang)
	page.Problems = []site.Problem{{ID: "report-text", Text: capital(said)}}
	status := http.StatusUnprocessableEntity
	if problem.Kind == document.TooLarge {
		status = http.StatusRequestEntityTooLarge
	}
	return s.Render(w, r, status, page)
}

// capital begins a sentence with a large letter, where the script has such.
func capital(s string) string {
	first, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(first)) + s[size:]
}

// DropDraft deletes a draft that was not issued.
func (s *Pages) DropDraft(_ http.ResponseWriter, r *http.Request, a office.Actor) error {
	if err := s.Service.DropDraft(r.Context(), a, casework.Directives, r.PathValue("id")); err != nil {
		return err
	}
	return &site.Redirect{Path: "/desk/reports?dropped=1"}
}
