package desk

import (
	"cmp"
	"crypto/rand"
	"net/http"
	"net/url"

	"luoshi/internal/casework"
	"luoshi/internal/office"
	"luoshi/internal/procedure"
	"luoshi/internal/web/site"
)

// assignView asks to whom the chosen matters of the list go.
type assignView struct {
	Key      string
	List     string // the filter of the list, to come back to
	People   []site.Option
	Note     string
	Problems []site.Problem
}

// assignedView is what became of each of them.
type assignedView struct {
	To      string
	Done    int
	NotDone int
	Rows    []assignedRow
	Back    string
}

type assignedRow struct {
	Number, Path, Title string
	What                string // in words
	Done                bool
	Why                 []string
}

// assignView offers what can be assigned of the rows; nil when nothing can.
func (s *Pages) assignView(v words, a office.Actor, f filter, rows []casework.Row, views []rowView) *assignView {
	offer := s.Service.AssignableOf(a, rows)
	if len(offer.Numbers) == 0 || len(offer.People) == 0 {
		return nil
	}
	for i, row := range rows {
		if offer.Numbers[row.Number] {
			views[i].Pick = casework.Pick{Number: row.Number, Version: row.Version}.String()
		}
	}
	view := &assignView{Key: rand.Text(), List: s.listOf(f)}
	for _, p := range offer.People {
		view.People = append(view.People, site.Option{Value: p.Login, Label: v.Account(p.Login)})
	}
	return view
}

// AssignMany gives the chosen matters to one person and says what became of each.
func (s *Pages) AssignMany(w http.ResponseWriter, r *http.Request, a office.Actor) error {
	form, err := site.Posted(r)
	if err != nil {
		return err
	}
	v := s.words(site.LanguageOf(r))
	f := s.listFilter(form)
	done, err := s.assignPicks(r, a, form)
	if err != nil && casework.KindOf(err) != casework.Invalid {
		return err
	}
	page, pageErr := s.newDeskPage(r.Context(), v, a, f)
	if pageErr != nil {
		return pageErr
	}
	if err == nil {
		page.Assigned = v.assigned(form.Get("assignee"), done, s.path(f))
		return s.Render(w, r, http.StatusOK, page)
	}
	if page.Assign != nil {
		page.Assign.again(v, form, casework.AsError(err))
		for i := range page.Rows {
			for _, p := range form["pick"] {
				page.Rows[i].Picked = page.Rows[i].Picked || p == page.Rows[i].Pick
			}
		}
	}
	return s.Render(w, r, http.StatusUnprocessableEntity, page)
}

func (s *Pages) assignPicks(r *http.Request, a office.Actor, form url.Values) ([]casework.Assigned, error) {
	var picks []casework.Pick
	for _, text := range form["pick"] {
		if p, err := casework.ParsePick(text); err == nil {
			picks = append(picks, p)
		}
	}
	if len(picks) == 0 {
		return nil, errNothingPicked()
	}
	return s.Service.AssignAll(r.Context(), a, picks, form.Get("assignee"), site.Lines(form.Get("note")), form.Get("key"))
}

// again is the form that was not accepted, with what was chosen and typed.
func (view *assignView) again(v words, form url.Values, e *casework.Error) {
	view.Note, view.Key = form.Get("note"), cmp.Or(form.Get("key"), view.Key)
	site.Choose(view.People, form.Get("assignee"))
	for _, fe := range e.Fields {
		id := "assign-" + fe.Field
		if fe.Field == "matters" {
			id = "h-list"
		}
		view.Problems = append(view.Problems, site.Problem{ID: id, Text: v.Say(fe.Text)})
	}
}

// assigned says what became of each, the ones that were not done first.
func (v words) assigned(to string, done []casework.Assigned, back string) *assignedView {
	view := &assignedView{To: v.Account(to), Back: back}
	var well []assignedRow
	for _, x := range done {
		row := assignedRow{Number: x.Number, Path: "/desk/m/" + x.Number, Title: x.Title, Done: x.Err == nil}
		switch {
		case x.Err != nil:
			row.What, row.Why = v.notAssigned(x.Err), v.why(x.Err)
		case x.Already:
			row.What = v.T("assign.already")
		default:
			row.What = v.T("assign.done", x.Seq)
		}
		if row.Done {
			well = append(well, row)
			continue
		}
		view.Rows = append(view.Rows, row)
	}
	view.NotDone, view.Done = len(view.Rows), len(well)
	view.Rows = append(view.Rows, well...)
	return view
}

func (v words) notAssigned(e *casework.Error) string {
	switch e.Kind {
	case casework.Conflict:
		return v.T("assign.changed")
	case casework.Invalid:
		return v.T("assign.incomplete")
	case casework.Unavailable, casework.Unknown, casework.Internal:
		return v.T("assign.failed")
	}
	return v.T("assign.not-allowed")
}

func (v words) why(e *casework.Error) []string {
	if e.Kind == casework.Conflict {
		return []string{v.T("assign.changed-why")} // the general words speak of what was written
	}
	if len(e.Fields) == 0 {
		return []string{v.Say(e.Text)}
	}
	var why []string
	for _, f := range e.Fields {
		why = append(why, v.Say(f.Text))
	}
	return why
}

func errNothingPicked() error {
	e := procedure.Text{"zh": "请先勾选要分派的事项。", "en": "Choose the matters to assign first."}
	return &casework.Error{Kind: casework.Invalid, Code: "nothing-picked", Text: e, Fields: []casework.FieldError{{Field: "matters", Code: "required", Text: e}}}
}
