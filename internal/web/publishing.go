package web

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"luoshi/internal/casework"
	"luoshi/internal/office"
	"luoshi/internal/procedure"
)

// publishingPage lists the published procedures with their versions, for authors, who publish new ones here.
type publishingPage struct {
	frame
	Done       string // what was just published
	Procedures []versionsView
	Source     string // what was typed and not accepted
	Problem    string
	Findings   []findingView
}

func (*publishingPage) template() string { return "publishing" }

// versionsView is one procedure.
type versionsView struct {
	ID, Title string
	Migrate   string // address; "" while there is one version only
	Try       string // address
	Versions  []versionView
}

type versionView struct {
	Version   int
	Published string
	By        string
	Running   int64
}

// findingView is one thing wrong with a text that was sent.
type findingView struct {
	Place   string // line and column
	Text    string
	Rule    string
	Way     string // the shortest way that leads there
	Warning bool
}

func (v words) findings(found []procedure.Finding) []findingView {
	views := make([]findingView, len(found))
	for i, f := range found {
		views[i] = findingView{Place: v.t("finding.at", f.Line, f.Col), Text: f.In(v.lang), Rule: f.Rule, Warning: f.Severity != procedure.SeverityError}
		for j, m := range f.Path {
			if j > 0 {
				views[i].Way += ", "
			}
			views[i].Way += m.Event + " → " + m.State
		}
	}
	return views
}

// forAuthor lets authors through.
func (s *site) forAuthor(h acting) handler {
	return s.forStaff(func(w http.ResponseWriter, r *http.Request, a office.Actor) error {
		if !s.service.MayPublish(a) {
			return casework.ErrNotAuthor()
		}
		return h(w, r, a)
	})
}

func (s *site) publishing(w http.ResponseWriter, r *http.Request, a office.Actor) error {
	page, err := s.newPublishingPage(r, a)
	if err != nil {
		return err
	}
	if key := r.URL.Query().Get("published"); s.service.Rules(key) != nil {
		page.Done = s.words(languageOf(r)).t("publishing.done", key)
	}
	return s.render(w, r, http.StatusOK, page)
}

func (s *site) newPublishingPage(r *http.Request, a office.Actor) (*publishingPage, error) {
	v := s.words(languageOf(r))
	page := &publishingPage{}
	page.Title, page.Staff = v.t("publishing.title"), v.account(a.Account.Login)
	published := s.service.Published()
	for _, id := range slices.Sorted(maps.Keys(published)) {
		view := versionsView{ID: id, Title: published[id].Title.In(v.lang), Try: "/desk/procedures/" + id + "/try"}
		versions, err := s.service.Versions(r.Context(), id)
		if err != nil {
			return nil, err
		}
		for _, x := range slices.Backward(versions) {
			view.Versions = append(view.Versions, s.versionView(v, x))
		}
		if len(versions) > 1 {
			view.Migrate = "/desk/procedures/" + id + "/migrate"
		}
		page.Procedures = append(page.Procedures, view)
	}
	return page, nil
}

func (s *site) versionView(v words, x casework.Version) versionView {
	view := versionView{Version: x.Procedure.Version, By: v.t("publishing.by-program"), Running: x.Running}
	if x.By != "" {
		view.By = v.account(x.By)
	}
	if rules := s.service.Rules(x.Procedure.Key()); x.At != "" && rules != nil {
		view.Published = v.recorded(x.At, rules.Location)
	}
	return view
}

func (s *site) publish(w http.ResponseWriter, r *http.Request, a office.Actor) error {
	form, err := uploaded(r, "source")
	if err != nil {
		return err
	}
	source := form.Get("source")
	done, err := s.service.PublishAs(r.Context(), a, "source", []byte(source))
	if err == nil {
		return &redirect{"/desk/procedures?published=" + url.QueryEscape(done.Procedure.Key())}
	}
	e := casework.AsError(err)
	if e.Kind != casework.Invalid {
		return err
	}
	page, err := s.newPublishingPage(r, a)
	if err != nil {
		return err
	}
	v := s.words(languageOf(r))
	page.Source, page.Problem, page.Findings = source, problemOf(e, v.lang), v.findings(casework.Findings(e))
	return s.render(w, r, http.StatusUnprocessableEntity, page)
}

// problemOf are the words of an error and of what it says about single inputs.
func problemOf(e *casework.Error, lang string) string {
	text := e.Text.In(lang)
	for _, f := range e.Fields {
		text += " " + f.Text.In(lang)
	}
	return text
}

// uploaded reads a form in which a text is typed or sent as a file; the file is taken when there is one. A
// mapping or declaration is at most as large as the loader reads, and a little more, so that it can say so.
func uploaded(r *http.Request, name string) (url.Values, error) {
	const most = 1 << 20
	if err := r.ParseMultipartForm(most); err != nil && !errors.Is(err, http.ErrNotMultipart) {
		return nil, unreadable(err)
	}
	form := maps.Clone(r.PostForm)
	for key, values := range form {
		form[key] = []string{lines(strings.Join(values, "\n"))}
	}
	if r.MultipartForm == nil || len(r.MultipartForm.File[name+"-file"]) == 0 {
		return form, nil
	}
	f, err := r.MultipartForm.File[name+"-file"][0].Open()
	if err != nil {
		return nil, unreadable(err)
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, most))
	if err != nil {
		return nil, unreadable(err)
	}
	if len(b) > 0 {
		form.Set(name, string(b))
	}
	return form, nil
}

func unreadable(err error) error {
	return &casework.Error{Kind: casework.Invalid, Code: "unreadable-form", Cause: err, Text: procedure.Text{
		"zh": "提交的内容无法读取，请重新填写。", "en": "What was sent cannot be read. Please fill in the form again."}}
}

// versionOptions are the versions of a procedure to choose from, newest first.
func (v words) versionOptions(versions []casework.Version, chosen string) []option {
	var options []option
	for _, x := range slices.Backward(versions) {
		n := fmt.Sprint(x.Procedure.Version)
		options = append(options, option{Value: n, Label: v.t("publishing.option", x.Procedure.Version, x.Running), Chosen: n == chosen})
	}
	return options
}
