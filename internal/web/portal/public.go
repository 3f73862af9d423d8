package portal

import (
	"net/http"

	"luoshi/internal/casework"
	"luoshi/internal/web/matter"
	"luoshi/internal/web/site"
)

// publicPage shows what anybody who knows a number may see, and asks for a number.
type publicPage struct {
	site.Frame
	Problems []site.Problem
	Number   site.Input
	Found    *publicView // nil until a number was given
}

func (*publicPage) Template() string { return "public" }

// publicView is a matter as everybody may see it.
type publicView struct {
	Number, Procedure, State, Public string
	Unit                             string
	Clocks                           []publicClock
	Fields                           []matter.FieldView
}

type publicClock struct {
	Title, Due  string
	Provisional bool
}

// Public answers `GET /public?number=…`. Guesses are slowed down as those of query codes are.
func (s *Pages) Public(w http.ResponseWriter, r *http.Request) error {
	v := s.words(site.LanguageOf(r))
	number := r.URL.Query().Get("number")
	page := &publicPage{Number: numberInput(v, number)}
	page.Title = v.T("public.title")
	if number == "" {
		return s.Render(w, r, http.StatusOK, page)
	}
	view, err := s.Service.Public(r.Context(), number)
	if err != nil && casework.KindOf(err) != casework.NotFound {
		return err
	}
	if err != nil {
		if s.Codes.Failed(r, "") {
			return site.ErrTooMany()
		}
		page.Problems = []site.Problem{{ID: "number", Text: casework.AsError(err).Text.In(v.Lang)}}
		return s.Render(w, r, http.StatusNotFound, page)
	}
	page.Found = v.publicView(view)
	return s.Render(w, r, http.StatusOK, page)
}

func (v words) publicView(p *casework.PublicView) *publicView {
	view := &publicView{Number: p.Number, Procedure: v.Say(p.Procedure.Title), State: v.Say(p.State.Title),
		Public: v.Say(p.State.Public), Fields: v.FieldViews(p.Procedure, p.Fields)}
	if p.Unit != "" {
		view.Unit = v.Unit(p.Unit)
	}
	for _, c := range p.Clocks {
		view.Clocks = append(view.Clocks, publicClock{v.Say(c.Declared.Title), v.Moment(c.Due, p.Rules.Location), c.Provisional})
	}
	return view
}

// numberInput asks for the number of a matter.
func numberInput(v words, number string) site.Input {
	return site.Input{ID: "number", Name: "number", Label: v.T("follow.number"), Hint: v.T("follow.number-hint"), Kind: "string", Required: true, Value: number, Complete: "off"}
}
