package directive

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"luoshi/internal/alike"
	"luoshi/internal/casework"
	"luoshi/internal/office"
	"luoshi/internal/report/orders"
	"luoshi/internal/web/site"
)

// KeepDraft keeps what was typed and does what the button says: merge, split, drop, add, or issue all.
func (s *Pages) KeepDraft(w http.ResponseWriter, r *http.Request, a office.Actor) error {
	form, err := site.Posted(r)
	if err != nil {
		return err
	}
	d, l, err := s.draft(r.Context(), a, r.PathValue("id"))
	if err != nil {
		return err
	}
	if d.Issued != "" {
		return &site.Redirect{Path: draftPath(d.ID)}
	}
	seen, _ := strconv.Atoi(form.Get("version"))
	s.take(l, d.Unit, form)
	do, of, _ := strings.Cut(form.Get("do"), ".")
	to := edit(l, do, of)
	d.Version = seen
	if l.Title != "" {
		d.Title = l.Title
	}
	if d.Doc, err = json.Marshal(l); err != nil {
		return err
	}
	kept, err := s.Service.KeepDraft(r.Context(), a, casework.Directives, d)
	if casework.KindOf(err) == casework.Conflict {
		return s.draftAgain(w, r, a, d, l, []casework.FieldError{{Field: "version", Text: casework.AsError(err).Text}}, http.StatusConflict)
	}
	if err != nil {
		return err
	}
	if do == "issue" {
		return s.issueDraft(w, r, a, kept, l)
	}
	return &site.Redirect{Path: draftPath(d.ID) + "?saved=1" + to}
}

// edit changes the list and answers where the page goes on.
func edit(l *orders.List, do, of string) string {
	id, _ := strconv.Atoi(of)
	before := l.Open()
	at := 0
	for i, it := range before {
		if it.ID == id {
			at = i
		}
	}
	switch do {
	case "merge":
		if l.Merge(id) {
			at--
		}
	case "split":
		l.Split(id)
	case "drop":
		l.Drop(id, true)
	case "restore":
		l.Drop(id, false)
		return "#item-" + of
	case "add":
		return "#item-" + strconv.Itoa(l.Add())
	default:
		return ""
	}
	open := l.Open()
	if len(open) == 0 {
		return ""
	}
	return "#item-" + strconv.Itoa(open[max(0, min(at, len(open)-1))].ID)
}

// issueDraft issues all items in one call. The key follows from the draft, so that a button pressed twice issues once.
func (s *Pages) issueDraft(w http.ResponseWriter, r *http.Request, a office.Actor, d casework.Draft, l *orders.List) error {
	in := s.directives(d, l)
	out, err := s.Service.Issue(r.Context(), a, in, "draft:"+d.ID)
	if casework.KindOf(err) == casework.Invalid {
		return s.draftAgain(w, r, a, d, l, casework.AsError(err).Fields, site.Status(err))
	}
	if err != nil {
		return err
	}
	l.Issued = nil
	for _, one := range out {
		l.Issued = append(l.Issued, one.Matter.Number)
	}
	if d.Doc, err = json.Marshal(l); err != nil {
		return err
	}
	d.Issued = casework.FormatTime(s.Service.Now())
	if _, err := s.Service.KeepDraft(r.Context(), a, casework.Directives, d); err != nil {
		return err
	}
	return &site.Redirect{Path: draftPath(d.ID)}
}

func (s *Pages) draftAgain(w http.ResponseWriter, r *http.Request, a office.Actor, d casework.Draft, l *orders.List, faults []casework.FieldError, status int) error {
	page, err := s.newDraftPage(r.Context(), s.words(site.LanguageOf(r)), a, d, l, faults)
	if err != nil {
		return err
	}
	return s.Render(w, r, status, page)
}

// place puts what casework says is wrong beside the inputs and lists it above the form.
func (p *draftPage) place(v words, faults []casework.FieldError) {
	for _, f := range faults {
		var n int
		var rest string
		if _, err := fmt.Sscanf(f.Field, "directives.%d.%s", &n, &rest); err != nil || n >= len(p.Items) {
			p.Problems = append(p.Problems, site.Problem{ID: "items", Text: f.Text.In(v.Lang)})
			continue
		}
		it := &p.Items[n]
		in := it.input(rest)
		text := v.T("todo.problem", it.Number, in.Label, f.Text.In(v.Lang))
		if in.Error == "" {
			in.Error = f.Text.In(v.Lang)
			p.Problems = append(p.Problems, site.Problem{ID: in.ID, Text: text})
		}
		it.Error = true
	}
}

// input is the one that a field of a directive is typed into.
func (it *itemView) input(field string) *site.Input {
	if strings.HasPrefix(field, "parts.") {
		if strings.HasSuffix(field, "due_on") {
			return &it.Due
		}
		return &it.AddHelper
	}
	switch strings.TrimPrefix(field, "fields.") {
	case "title":
		return &it.Heading
	case "measure":
		return &it.Measure
	case "unit", "issuer":
		return &it.Lead
	case "due_on":
		return &it.Due
	case "target":
		return &it.Target
	case "reaches":
		return &it.Reaches
	case "report_every":
		return &it.Report
	case "counting":
		return &it.Count
	}
	return &it.Task
}

// withHistory adds what was issued from the draft, and whether the same text was issued before.
func (s *Pages) withHistory(ctx context.Context, v words, a office.Actor, d casework.Draft, l *orders.List, page *draftPage) error {
	if d.Issued != "" {
		all, err := s.Service.Trees(ctx, a, l.Issued)
		if err != nil {
			return err
		}
		parts := 0
		for _, b := range all {
			m := b.Matter
			parts += len(b.Parts)
			page.Issued = append(page.Issued, issuedRow{Number: m.Number, Path: "/desk/directives/" + m.Number, Title: m.Title, Unit: v.Unit(m.Unit),
				Receipt: "/desk/m/" + m.Number + "/receipts/1"})
		}
		page.IssuedSaid = v.T("todo.issued", len(all), parts, v.Recorded(d.Issued, s.place()))
		return nil
	}
	hash := alike.New(l.Text).Hash()
	if hash == "" {
		return nil
	}
	rows, _, err := s.Service.List(ctx, a, casework.Query{Procedure: casework.Directives, Order: casework.Newest, Limit: 1}, hash)
	if err != nil || len(rows) == 0 {
		return err
	}
	page.Same = v.T("todo.same", rows[0].Number, v.Unit(rows[0].Unit), v.Day(rows[0].Opened.In(s.place())))
	return nil
}
