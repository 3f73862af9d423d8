package portal

import (
	"fmt"
	"html/template"
	"net/http"
	"slices"

	"luoshi/internal/procedure"
	"luoshi/internal/procedure/diagram"
	"luoshi/internal/web/site"
)

// proceduresPage is the catalogue of what can be brought, and by which rules.
type proceduresPage struct {
	site.Frame
	Procedures []site.ProcedureCard
}

func (*proceduresPage) Template() string { return "procedures" }

// Procedures shows what can be brought.
func (s *Pages) Procedures(w http.ResponseWriter, r *http.Request) error {
	v := s.words(site.LanguageOf(r))
	page := &proceduresPage{Procedures: s.Cards(v.Words.Words)}
	page.Title = v.T("procedures.title")
	return s.Render(w, r, http.StatusOK, page)
}

// procedurePage is one procedure, all of it from the declaration.
type procedurePage struct {
	site.Frame
	Heading   string
	Summary   string
	Version   int
	Newest    string // address of the newest version, when this is an older one
	Lodge     string // address of the form, when anybody may bring it
	By        string
	Channels  string
	Units     string
	Basis     []basisView
	Here      string // title of the state that is marked
	Diagram   template.HTML
	States    []stateView
	Clocks    []limitView
	Parties   []string
	Fields    []askedView
	Public    string
	Retention *retentionView
	Files     []fileLink
}

func (*procedurePage) Template() string { return "procedure" }

// fileLink is a form in which the procedure can be taken away.
type fileLink struct{ Path, Text string }

// Procedure shows one procedure, in the version that the address names.
func (s *Pages) Procedure(w http.ResponseWriter, r *http.Request) error {
	id, query := r.PathValue("id"), r.URL.Query()
	key := id
	if v := query.Get("version"); v != "" {
		key += "@" + v
	}
	rules, newest := s.Service.Rules(key), s.Service.Published()[id]
	if rules == nil || newest == nil {
		return site.ErrNoPage()
	}
	p, v := rules.Procedure, s.words(site.LanguageOf(r))
	page := v.procedurePage(p, s.Service.Kinds, query.Get("state"))
	for i := range page.States {
		s.nameOnward(v, page.States[i].Steps)
	}
	if newest.Version != p.Version {
		page.Newest = "/procedures/" + id
	} else if slices.ContainsFunc(p.Open.By, anybody) {
		page.Lodge = "/lodge/" + id
	}
	return s.Render(w, r, http.StatusOK, page)
}

func (v words) procedurePage(p *procedure.Procedure, kinds *procedure.Kinds, state string) *procedurePage {
	page := &procedurePage{Heading: v.Say(p.Title), Summary: v.Say(p.Summary), Version: p.Version,
		By: p.OpenersIn(v.Lang), Channels: v.each(p.Open.Channels, procedure.ChannelIn), Units: v.each(p.Open.Units, func(kind, lang string) string { return v.kind(kinds, kind) })}
	page.Title = page.Heading
	o := diagram.Options{Lang: v.Lang}
	if st := p.State(state); st != nil {
		page.Here, o.State = v.Say(st.Title), state
	}
	page.Diagram = template.HTML(diagram.SVG(p, o)) // escaped where it is drawn; a test keeps it free of script
	for _, b := range p.Basis {
		page.Basis = append(page.Basis, v.basisView(p.Languages[0], b))
	}
	for _, party := range p.Parties {
		page.Parties = append(page.Parties, v.Say(party.Title))
	}
	page.States, page.Clocks, page.Fields = v.stateViews(p, state), v.limitViews(p), v.askedViews(p)
	v.sightAndKeeping(p, page)
	base, lang := "/v1/procedures/"+p.Key(), "?lang="+v.Lang
	page.Files = []fileLink{{base + "/source", v.T("procedure.source")}, {base + "/diagram.svg" + lang, v.T("procedure.svg")}, {base + "/bpmn" + lang, v.T("procedure.bpmn")}}
	return page
}

// kind is the title of a kind of unit.
func (v words) kind(kinds *procedure.Kinds, name string) string {
	if kinds != nil {
		if k := kinds.Kind(name); k != nil {
			return v.Say(k.Title)
		}
	}
	return name
}

// each says the words of a list.
func (v words) each(list []string, in func(word, lang string) string) string {
	s := ""
	for i, word := range list {
		if i > 0 {
			s += v.T("list")
		}
		s += in(word, v.Lang)
	}
	return s
}

// basisView is a rule of law, or that there is none and why.
type basisView struct {
	Law         string
	Unconfirmed bool
	Note        string
}

func (v words) basisView(lang string, b procedure.Basis) basisView {
	view := basisView{Law: v.T("basis.none"), Note: v.Say(b.Note),
		Unconfirmed: b.Status == procedure.StatusWeak || b.Status == procedure.StatusMemory}
	if b.Law != "" {
		view.Law = v.Law(lang, b)
	}
	return view
}

// retentionView says how long the personal content is kept.
type retentionView struct {
	Period string
	Basis  basisView
}

func (v words) sightAndKeeping(p *procedure.Procedure, page *procedurePage) {
	page.Public = v.T("procedure.public-nothing")
	if p.Public != nil {
		seen := v.T("procedure.public-always")
		for _, name := range p.Public.Fields {
			if f := p.Field(name); f != nil {
				seen += v.T("list") + v.Say(f.Title)
			}
		}
		if p.Public.Unit {
			seen += v.T("list") + v.T("procedure.public-unit")
		}
		page.Public = seen
	}
	if t := p.Retention; t != nil {
		page.Retention = &retentionView{t.Period.In(v.Lang), v.basisView(p.Languages[0], t.Basis)}
	}
}

// askedView is something that may be asked.
type askedView struct {
	Title, Hint string
	Choices     string
	Personal    bool
	When        string // when it is asked
}

func (v words) askedViews(p *procedure.Procedure) (views []askedView) {
	for i := range p.Fields {
		f := &p.Fields[i]
		view := askedView{Title: v.Say(f.Title), Hint: v.Say(f.Hint), Personal: f.Class != procedure.ClassPlain}
		for j, c := range f.Choices {
			if j > 0 {
				view.Choices += v.T("list")
			}
			view.Choices += v.Say(c.Title)
		}
		view.When = v.asked(p, f.Name)
		views = append(views, view)
	}
	return views
}

// asked names the occasions on which a field is asked for.
func (v words) asked(p *procedure.Procedure, field string) string {
	asks := func(uses []procedure.FieldUse) bool {
		return slices.ContainsFunc(uses, func(u procedure.FieldUse) bool { return u.Name == field })
	}
	when := ""
	if asks(p.Open.Fields) {
		when = v.T("procedure.when-open")
	}
	for i := range p.Steps {
		if s := &p.Steps[i]; asks(s.Fields) {
			if when != "" {
				when += v.T("list")
			}
			when += fmt.Sprintf("“%s”", v.Say(s.Title))
		}
	}
	return when
}
