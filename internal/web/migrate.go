package web

import (
	"net/http"
	"net/url"
	"strconv"
	"time"

	"luoshi/internal/casework"
	"luoshi/internal/office"
)

// migratePage brings running matters under another version: what is asked for, the rehearsal, and what was done.
type migratePage struct {
	frame
	ID, Heading string
	Base        string // address of the forms
	From, To    []option
	Map         string
	Problem     string
	Findings    []findingView
	Result      *migrationView
}

func (*migratePage) template() string { return "migrate" }

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

func (s *site) migrateForm(w http.ResponseWriter, r *http.Request, a office.Actor) error {
	page, err := s.newMigratePage(r, a, url.Values{})
	if err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, page)
}

// newMigratePage makes the form, filled in with what was sent. At first it leads from the version before to the
// newest.
func (s *site) newMigratePage(r *http.Request, a office.Actor, form url.Values) (*migratePage, error) {
	id := r.PathValue("id")
	versions, err := s.service.Versions(r.Context(), id)
	if err != nil {
		return nil, err
	}
	if len(versions) < 2 {
		return nil, errNoPage()
	}
	v := s.words(languageOf(r))
	newest, before := versions[len(versions)-1].Procedure, versions[len(versions)-2].Procedure
	page := &migratePage{ID: id, Heading: newest.Title.In(v.lang), Base: "/desk/procedures/" + id, Map: lines(form.Get("map")),
		From: v.versionOptions(versions, first(form.Get("from"), before.Version)), To: v.versionOptions(versions, first(form.Get("to"), newest.Version))}
	page.Title, page.Staff = v.t("migrate.title"), v.account(a.Account.Login)
	return page, nil
}

func first(given string, otherwise int) string {
	if given != "" {
		return given
	}
	return strconv.Itoa(otherwise)
}

func (s *site) rehearse(w http.ResponseWriter, r *http.Request, a office.Actor) error {
	return s.migration(w, r, a, func(p *casework.Plan, _ url.Values) (*casework.Rehearsal, error) {
		return s.service.Rehearse(r.Context(), a, p, casework.MigrationOptions{})
	})
}

func (s *site) migrate(w http.ResponseWriter, r *http.Request, a office.Actor) error {
	return s.migration(w, r, a, func(p *casework.Plan, form url.Values) (*casework.Rehearsal, error) {
		return s.service.Migrate(r.Context(), a, p, form.Get("plan"), casework.MigrationOptions{Until: s.service.Now().Add(migrationTime)})
	})
}

// migration plans and runs what a form asks for, and shows what came of it above the form.
func (s *site) migration(w http.ResponseWriter, r *http.Request, a office.Actor, run func(*casework.Plan, url.Values) (*casework.Rehearsal, error)) error {
	form, err := uploaded(r, "map")
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
	plan, err := s.service.MigrationPlan(a, page.ID+"@"+form.Get("from"), page.ID+"@"+form.Get("to"), "map", mapping)
	if err == nil {
		result, err = run(plan, form)
	}
	v := s.words(languageOf(r))
	if err != nil {
		e := casework.AsError(err)
		if e.Kind != casework.Invalid && e.Kind != casework.Conflict {
			return err
		}
		page.Problem, page.Findings = problemOf(e, v.lang), v.findings(casework.Findings(err))
		return s.render(w, r, status(err), page)
	}
	page.Result = v.migration(result, form)
	return s.render(w, r, http.StatusOK, page)
}

func (v words) migration(r *casework.Rehearsal, form url.Values) *migrationView {
	view := &migrationView{From: form.Get("from"), To: form.Get("to"), Done: r.Done,
		Summary: v.t("migrate.summary", r.Matters, r.Fit, r.Matters-r.Fit)}
	if form.Get("plan") != "" {
		view.Migrated = v.t("migrate.migrated", r.Migrated)
	}
	if r.Changed > 0 {
		view.Changed = v.t("migrate.changed", r.Changed)
	}
	if !r.Done && (r.Fit > 0 || form.Get("plan") != "") {
		view.Plan = r.Plan
	}
	for _, u := range r.Unfit {
		view.Unfit = append(view.Unfit, unfitView{Text: u.Text.In(v.lang), Matters: u.Matters, Examples: u.Examples, More: u.Matters > int64(len(u.Examples))})
	}
	return view
}
