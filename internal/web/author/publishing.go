package author

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"

	"luoshi/internal/casework"
	"luoshi/internal/office"
	"luoshi/internal/procedure"
	"luoshi/internal/web/site"
)

// publishingPage lists the published procedures with their versions, for authors, who publish new ones here.
type publishingPage struct {
	site.Frame
	Done       string // what was just published
	Procedures []versionsView
	Source     string // what was typed and not accepted
	Problem    string
	Findings   []findingView
}

func (*publishingPage) Template() string { return "publishing" }

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
		views[i] = findingView{Place: v.T("finding.at", f.Line, f.Col), Text: f.In(v.Lang), Rule: f.Rule, Warning: f.Severity != procedure.SeverityError}
		for j, m := range f.Path {
			if j > 0 {
				views[i].Way += ", "
			}
			views[i].Way += m.Event + " → " + m.State
		}
	}
	return views
}

// ForAuthor lets authors through.
func (s *Pages) ForAuthor(h site.Acting) site.Handler {
	return s.ForStaff(func(w http.ResponseWriter, r *http.Request, a office.Actor) error {
		if !s.Service.MayPublish(a) {
			return casework.ErrNotAuthor()
		}
		return h(w, r, a)
	})
}

// Publishing shows what is published, and the form to publish.
func (s *Pages) Publishing(w http.ResponseWriter, r *http.Request, a office.Actor) error {
	page, err := s.newPublishingPage(r, a)
	if err != nil {
		return err
	}
	if key := r.URL.Query().Get("published"); s.Service.Rules(key) != nil {
		page.Done = s.words(site.LanguageOf(r)).T("publishing.done", key)
	}
	return s.Render(w, r, http.StatusOK, page)
}

func (s *Pages) newPublishingPage(r *http.Request, a office.Actor) (*publishingPage, error) {
	v := s.words(site.LanguageOf(r))
	page := &publishingPage{}
	page.Title, page.Staff = v.T("publishing.title"), v.Account(a.Account.Login)
	published := s.Service.Published()
	for _, id := range slices.Sorted(maps.Keys(published)) {
		view := versionsView{ID: id, Title: v.Say(published[id].Title), Try: "/desk/procedures/" + id + "/try"}
		versions, err := s.Service.Versions(r.Context(), id)
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

func (s *Pages) versionView(v words, x casework.Version) versionView {
	view := versionView{Version: x.Procedure.Version, By: v.T("publishing.by-program"), Running: x.Running}
	if x.By != "" {
		view.By = v.Account(x.By)
	}
	if rules := s.Service.Rules(x.Procedure.Key()); x.At != "" && rules != nil {
		view.Published = v.Recorded(x.At, rules.Location)
	}
	return view
}

// Publish publishes a declaration.
func (s *Pages) Publish(w http.ResponseWriter, r *http.Request, a office.Actor) error {
	form, err := site.Uploaded(r, "source")
	if err != nil {
		return err
	}
	source := form.Get("source")
	done, err := s.Service.PublishAs(r.Context(), a, "source", []byte(source))
	if err == nil {
		return &site.Redirect{Path: "/desk/procedures?published=" + url.QueryEscape(done.Procedure.Key())}
	}
	e := casework.AsError(err)
	if e.Kind != casework.Invalid {
		return err
	}
	page, err := s.newPublishingPage(r, a)
	if err != nil {
		return err
	}
	v := s.words(site.LanguageOf(r))
	page.Source, page.Problem, page.Findings = source, v.problemOf(e), v.findings(casework.Findings(e))
	return s.Render(w, r, http.StatusUnprocessableEntity, page)
}

// problemOf are the words of an error and of what it says about single inputs.
func (v words) problemOf(e *casework.Error) string {
	text := v.Say(e.Text)
	for _, f := range e.Fields {
		text += " " + v.Say(f.Text)
	}
	return text
}

// versionOptions are the versions of a procedure to choose from, newest first.
func (v words) versionOptions(versions []casework.Version, chosen string) []site.Option {
	var options []site.Option
	for _, x := range slices.Backward(versions) {
		n := fmt.Sprint(x.Procedure.Version)
		options = append(options, site.Option{Value: n, Label: v.T("publishing.option", x.Procedure.Version, x.Running), Chosen: n == chosen})
	}
	return options
}
