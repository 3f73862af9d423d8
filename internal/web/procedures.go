package web

import (
	"cmp"
	"fmt"
	"html/template"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"luoshi/internal/procedure"
	"luoshi/internal/procedure/diagram"
)

// proceduresPage is the catalogue of what can be brought, and by which rules.
type proceduresPage struct {
	frame
	Procedures []procedureCard
}

type procedureCard struct{ Path, Title, Summary, By string }

func (*proceduresPage) template() string { return "procedures" }

func (s *site) procedures(w http.ResponseWriter, r *http.Request) error {
	v := s.words(languageOf(r))
	page := &proceduresPage{Procedures: s.cards(v)}
	page.Title = v.t("procedures.title")
	return s.render(w, r, http.StatusOK, page)
}

// cards are the published procedures.
func (s *site) cards(v words) (cards []procedureCard) {
	all := s.service.Published()
	for _, id := range slices.Sorted(maps.Keys(all)) {
		p := all[id]
		cards = append(cards, procedureCard{"/procedures/" + id, p.Title.In(v.lang), p.Summary.In(v.lang), p.WhoIn(p.Open.By, v.lang)})
	}
	return cards
}

// howPath is the page that says how a matter goes on, with the state in which it stands marked. It names nothing
// of the matter but that.
func howPath(p *procedure.Procedure, state string) string {
	query := url.Values{"version": {strconv.Itoa(p.Version)}, "state": {state}}
	return "/procedures/" + p.ID + "?" + query.Encode()
}

// procedurePage is one procedure, all of it from the declaration.
type procedurePage struct {
	frame
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

func (*procedurePage) template() string { return "procedure" }

// fileLink is a form in which the procedure can be taken away.
type fileLink struct{ Path, Text string }

func (s *site) procedure(w http.ResponseWriter, r *http.Request) error {
	id, query := r.PathValue("id"), r.URL.Query()
	key := id
	if v := query.Get("version"); v != "" {
		key += "@" + v
	}
	rules, newest := s.service.Rules(key), s.service.Published()[id]
	if rules == nil || newest == nil {
		return errNoPage()
	}
	p, v := rules.Procedure, s.words(languageOf(r))
	page := v.procedurePage(p, s.service.Kinds, query.Get("state"))
	if newest.Version != p.Version {
		page.Newest = "/procedures/" + id
	} else if slices.ContainsFunc(p.Open.By, anybody) {
		page.Lodge = "/lodge/" + id
	}
	return s.render(w, r, http.StatusOK, page)
}

func (v words) procedurePage(p *procedure.Procedure, kinds *procedure.Kinds, state string) *procedurePage {
	page := &procedurePage{Heading: p.Title.In(v.lang), Summary: p.Summary.In(v.lang), Version: p.Version,
		By: p.WhoIn(p.Open.By, v.lang), Channels: v.each(p.Open.Channels, procedure.ChannelIn), Units: v.each(p.Open.Units, kinds.In)}
	page.Title = page.Heading
	o := diagram.Options{Lang: v.lang}
	if st := p.State(state); st != nil {
		page.Here, o.State = st.Title.In(v.lang), state
	}
	page.Diagram = template.HTML(diagram.SVG(p, o)) // escaped where it is drawn; a test keeps it free of script
	for _, b := range p.Basis {
		page.Basis = append(page.Basis, v.basisView(b))
	}
	for _, party := range p.Parties {
		page.Parties = append(page.Parties, party.Title.In(v.lang))
	}
	page.States, page.Clocks, page.Fields = v.stateViews(p, state), v.limitViews(p), v.askedViews(p)
	v.sightAndKeeping(p, page)
	base, lang := "/v1/procedures/"+p.Key(), "?lang="+v.lang
	page.Files = []fileLink{{base + "/source", v.t("procedure.source")}, {base + "/diagram.svg" + lang, v.t("procedure.svg")}, {base + "/bpmn" + lang, v.t("procedure.bpmn")}}
	return page
}

// each says the words of a list.
func (v words) each(list []string, in func(word, lang string) string) string {
	s := ""
	for i, word := range list {
		if i > 0 {
			s += v.t("list")
		}
		s += in(word, v.lang)
	}
	return s
}

// basisView is a rule of law, or that there is none and why.
type basisView struct {
	Law         string
	Unconfirmed bool
	Note        string
}

func (v words) basisView(b procedure.Basis) basisView {
	view := basisView{Law: cmp.Or(b.Law, v.t("basis.none")), Note: b.Note.In(v.lang),
		Unconfirmed: b.Status == procedure.StatusWeak || b.Status == procedure.StatusMemory}
	if b.Law != "" && b.Article != "" {
		view.Law = v.t("basis.article", b.Law, b.Article)
	}
	return view
}

// retentionView says how long the personal content is kept.
type retentionView struct {
	Period string
	Basis  basisView
}

func (v words) sightAndKeeping(p *procedure.Procedure, page *procedurePage) {
	page.Public = v.t("procedure.public-nothing")
	if p.Public != nil {
		seen := v.t("procedure.public-always")
		for _, name := range p.Public.Fields {
			if f := p.Field(name); f != nil {
				seen += v.t("list") + f.Title.In(v.lang)
			}
		}
		if p.Public.Unit {
			seen += v.t("list") + v.t("procedure.public-unit")
		}
		page.Public = seen
	}
	if t := p.Retention; t != nil {
		page.Retention = &retentionView{t.Period.In(v.lang), v.basisView(t.Basis)}
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
		view := askedView{Title: f.Title.In(v.lang), Hint: f.Hint.In(v.lang), Personal: f.Class != procedure.ClassPlain}
		for j, c := range f.Choices {
			if j > 0 {
				view.Choices += v.t("list")
			}
			view.Choices += c.Title.In(v.lang)
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
		when = v.t("procedure.when-open")
	}
	for i := range p.Steps {
		if s := &p.Steps[i]; asks(s.Fields) {
			if when != "" {
				when += v.t("list")
			}
			when += fmt.Sprintf("“%s”", s.Title.In(v.lang))
		}
	}
	return when
}
