package portal

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"luoshi/internal/casework/catalogue"
	"luoshi/internal/procedure"
	"luoshi/internal/procedure/guide"
	"luoshi/internal/web/site"
)

// guidePage is one question of a guide, or where the answers led. The address holds the names of what was chosen, of which
// none says anything about a person; nothing is kept.
type guidePage struct {
	site.Frame
	Heading  string // of the guide
	Summary  string // on the way in
	Again    string // address of the first question; "" there
	Back     string // address of the question before; "" at the first
	Given    []givenView
	Question *questionView
	Outcome  *outcomeView
}

func (*guidePage) Template() string { return "guide" }

// givenView is an answer that was given, with the address where it can be changed.
type givenView struct{ Ask, Answer, Path string }

type questionView struct {
	Ask, Hint string
	Answers   []answerLink
}

type answerLink struct{ Text, Hint, Path string }

// outcomeView is where the answers led: the way that fits best, and others.
type outcomeView struct {
	Title, Text string
	Basis       []basisView
	Way         wayView
	Others      []wayView
}

// wayView is one way to settle something, with what tells it from others.
type wayView struct {
	Title, Where               string
	Lodge                      string // address of the form; "" when it cannot be brought here
	About                      string // of the page about the service
	Call                       string
	Cost, Time, Binding, Fails string
	Basis                      []basisView
}

// guideLinks are the ways in for who does not know which way to take.
func (s *Pages) guideLinks(v words) []procedureLink {
	var links []procedureLink
	for _, g := range s.Guides {
		links = append(links, procedureLink{Path: "/guide/" + g.ID, Title: v.Say(g.Title), Summary: v.Say(g.Summary)})
	}
	return links
}

// Guide shows a question or an outcome.
func (s *Pages) Guide(w http.ResponseWriter, r *http.Request) error {
	i := slices.IndexFunc(s.Guides, func(g *guide.Guide) bool { return g.ID == r.PathValue("id") })
	if i < 0 {
		return site.ErrNoPage()
	}
	g, to := s.Guides[i], strings.FieldsFunc(r.PathValue("way"), func(c rune) bool { return c == '/' })
	given, question, outcome, ok := g.Follow(to)
	if !ok {
		return site.ErrNoPage()
	}
	v, base := s.words(site.LanguageOf(r)), "/guide/"+g.ID
	at := func(n int) string { return strings.Join(append([]string{base}, to[:n]...), "/") }
	page := &guidePage{Heading: v.Say(g.Title)}
	for i, x := range given {
		page.Given = append(page.Given, givenView{v.Say(x.Question.Ask), v.Say(x.Answer.Text), at(i)})
	}
	if n := len(to); n > 0 {
		page.Again, page.Back = base, at(n-1)
	} else {
		page.Summary = v.Say(g.Summary)
	}
	if question != nil {
		page.Title, page.Question = v.Say(question.Ask), v.question(question, at(len(to)))
	} else {
		page.Title, page.Outcome = v.Say(outcome.Title), s.outcome(v, g, outcome)
	}
	return s.Render(w, r, http.StatusOK, page)
}

func (v words) question(q *guide.Question, at string) *questionView {
	view := &questionView{Ask: v.Say(q.Ask), Hint: v.Say(q.Hint)}
	for _, a := range q.Answers {
		view.Answers = append(view.Answers, answerLink{v.Say(a.Text), v.Say(a.Hint), at + "/" + a.To})
	}
	return view
}

func (s *Pages) outcome(v words, g *guide.Guide, o *guide.Outcome) *outcomeView {
	view := &outcomeView{Title: v.Say(o.Title), Text: v.Say(o.Text), Basis: v.bases(g.Languages[0], o.Basis), Way: s.way(v, g, g.Way(o.Way), o.Fields)}
	for _, name := range o.Others {
		view.Others = append(view.Others, s.way(v, g, g.Way(name), nil))
	}
	return view
}

// way shows one way; fields are choices that its form begins with.
func (s *Pages) way(v words, g *guide.Guide, w *guide.Way, fields map[string]string) wayView {
	view := wayView{Title: v.Say(w.Title), Where: v.Say(w.Where), Call: w.Call, Cost: v.Say(w.Cost), Time: v.Say(w.Time),
		Binding: v.Say(w.Binding), Fails: v.Say(w.Fails), Basis: v.bases(g.Languages[0], w.Basis)}
	p := s.Service.Published()[w.Procedure]
	if p == nil || !catalogue.Anybody(p) {
		return view
	}
	view.Lodge, view.About = "/lodge/"+p.ID, "/services/"+p.ID
	begins := url.Values{}
	for name, value := range fields {
		begins.Set("f."+name, value)
	}
	if len(begins) > 0 {
		view.Lodge += "?" + begins.Encode()
	}
	return view
}

func (v words) bases(lang string, all []procedure.Basis) []basisView {
	var views []basisView
	for _, b := range all {
		views = append(views, v.basisView(lang, b))
	}
	return views
}
