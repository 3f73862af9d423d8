package author

import (
	"net/http"
	"net/url"
	"strconv"
	"time"

	"luoshi/internal/casework"
	"luoshi/internal/office"
	"luoshi/internal/web/site"
)

// migratePage brings running matters under another version: what is asked for, the rehearsal, and what was done.
type migratePage struct {
	site.Frame
	ID, Heading string
	Base        string // address of the forms
	From, To    []site.Option
	Map         string
	Problem     string
	Findings    []findingView
	Result      *migrationView
}

func (*migratePage) Template() string { return "migrate" }

// migrationView is a rehearsal, or a migration as far as it has come.
type migrationView struct {
	Summary  string
	Changed  string // how many get another due date; "" for none
	Unfit    []unfitView
	From, To string // versions, for the form that follows
	Plan     string // hash; "" when there is nothing to do
	Migrated string // "" for a rehearsal
	Done     bool
}

type unfitView struct {
	Text     string
	Matters  int64
	Examples []string
	More     bool // there are more than the examples
}

// migrationTime is how long one request migrates; the page then offers to go on.
const migrationTime = 10 * time.Second

// MigrateForm asks which matters go to which version, and how.
func (s *Pages) MigrateForm(w http.ResponseWriter, r *http.Request, a office.Actor) error {
	page, err := s.newMigratePage(r, a, url.Values{})
	if err != nil {
		return err
	}
	return s.Render(w, r, http.StatusOK, page)
}

// newMigratePage makes the form, filled in with what was sent. At first it leads from the version before to the
// newest.
func (s *Pages) newMigratePage(r *http.Request, a office.Actor, form url.Values) (*migratePage, error) {
	id := r.PathValue("id")
	versions, err := s.Service.Versions(r.Context(), id)
	if err != nil {
		return nil, err
	}
	if len(versions) < 2 {
		return nil, site.ErrNoPage()
	}
	v := s.words(site.LanguageOf(r))
	newest, before := versions[len(versions)-1].Procedure, versions[len(versions)-2].Procedure
	page := &migratePage{ID: id, Heading: v.Say(newest.Title), Base: "/desk/procedures/" + id, Map: site.Lines(form.Get("map")),
		From: v.versionOptions(versions, first(form.Get("from"), before.Version)), To: v.versionOptions(versions, first(form.Get("to"), newest.Version))}
	page.Title, page.Staff = v.T("migrate.title"), v.Account(a.Account.Login)
	return page, nil
}

func first(given string, otherwise int) string {
	if given != "" {
		return given
	}
	return strconv.Itoa(otherwise)
}

// Rehearse shows what a migration would do, without doing it.
func (s *Pages) Rehearse(w http.ResponseWriter, r *http.Request, a office.Actor) error {
	return s.migration(w, r, a, func(p *casework.Plan, _ url.Values) (*casework.Rehearsal, error) {
		return s.Service.Rehearse(r.Context(), a, p, casework.MigrationOptions{})
	})
}

// Migrate moves the matters.
func (s *Pages) Migrate(w http.ResponseWriter, r *http.Request, a office.Actor) error {
	return s.migration(w, r, a, func(p *casework.Plan, form url.Values) (*casework.Rehearsal, error) {
		return s.Service.Migrate(r.Context(), a, p, form.Get("plan"), casework.MigrationOptions{Until: s.Service.Now().Add(migrationTime)})
	})
}

// migration plans and runs what a form asks for, and shows what came of it above the form.
func (s *Pages) migration(w http.ResponseWriter, r *http.Request, a office.Actor, run func(*casework.Plan, url.Values) (*casework.Rehearsal, error)) error {
	form, err := site.Uploaded(r, "map")
	if err != nil {
		return err
	}
	page, err := s.newMigratePage(r, a, form)
	if err != nil {
		return err
	}
	var mapping []byte
	if page.Map != "" {
		mapping = []byte(page.Map)
	}
	var result *casework.Rehearsal
	plan, err := s.Service.MigrationPlan(a, page.ID+"@"+form.Get("from"), page.ID+"@"+form.Get("to"), "map", mapping)
	if err == nil {
		result, err = run(plan, form)
	}
	v := s.words(site.LanguageOf(r))
	if err != nil {
		e := casework.AsError(err)
		if e.Kind != casework.Invalid && e.Kind != casework.Conflict {
			return err
		}
		page.Problem, page.Findings = v.problemOf(e), v.findings(casework.Findings(err))
		return s.Render(w, r, site.Status(err), page)
	}
	page.Result = v.migration(result, form)
	return s.Render(w, r, http.StatusOK, page)
}

func (v words) migration(r *casework.Rehearsal, form url.Values) *migrationView {
	view := &migrationView{From: form.Get("from"), To: form.Get("to"), Done: r.Done,
		Summary: v.T("migrate.summary", r.Matters, r.Fit, r.Matters-r.Fit)}
	if form.Get("plan") != "" {
		view.Migrated = v.T("migrate.migrated", r.Migrated)
	}
	if r.Changed > 0 {
		view.Changed = v.T("migrate.changed", r.Changed)
	}
	if !r.Done && (r.Fit > 0 || form.Get("plan") != "") {
		view.Plan = r.Plan
	}
	for _, u := range r.Unfit {
		view.Unfit = append(view.Unfit, unfitView{Text: v.Say(u.Text), Matters: u.Matters, Examples: u.Examples, More: u.Matters > int64(len(u.Examples))})
	}
	return view
}
