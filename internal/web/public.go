package web

import (
	"net/http"

	"luoshi/internal/casework"
)

// publicPage shows what anybody who knows a number may see, and asks for a number.
type publicPage struct {
	frame
	Problems []problem
	Number   input
	Found    *publicView // nil until a number was given
}

func (*publicPage) template() string { return "public" }

// publicView is a matter as everybody may see it.
type publicView struct {
	Number, Procedure, State, Public string
	Unit                             string
	Clocks                           []publicClock
	Fields                           []fieldView
}

type publicClock struct {
	Title, Due  string
	Provisional bool
}

// public answers `GET /public?number=…`. Guesses are slowed down as those of query codes are.
func (s *site) public(w http.ResponseWriter, r *http.Request) error {
	v := s.words(languageOf(r))
	number := r.URL.Query().Get("number")
	page := &publicPage{Number: numberInput(v, number)}
	page.Title = v.t("public.title")
	if number == "" {
		return s.render(w, r, http.StatusOK, page)
	}
	view, err := s.service.Public(r.Context(), number)
	if err != nil && casework.KindOf(err) != casework.NotFound {
		return err
	}
	if err != nil {
		if s.codes.Failed(r, "") {
			return errTooMany()
		}
		page.Problems = []problem{{ID: "number", Text: casework.AsError(err).Text.In(v.lang)}}
		return s.render(w, r, http.StatusNotFound, page)
	}
	page.Found = v.publicView(view)
	return s.render(w, r, http.StatusOK, page)
}

func (v words) publicView(p *casework.PublicView) *publicView {
	view := &publicView{Number: p.Number, Procedure: p.Procedure.Title.In(v.lang), State: p.State.Title.In(v.lang),
		Public: p.State.Public.In(v.lang), Fields: v.fieldViews(p.Procedure, p.Fields)}
	if p.Unit != "" {
		view.Unit = v.unit(p.Unit)
	}
	for _, c := range p.Clocks {
		view.Clocks = append(view.Clocks, publicClock{c.Declared.Title.In(v.lang), v.moment(c.Due, p.Rules.Location), c.Provisional})
	}
	return view
}

// numberInput asks for the number of a matter.
func numberInput(v words, number string) input {
	return input{ID: "number", Name: "number", Label: v.t("follow.number"), Hint: v.t("follow.number-hint"), Kind: "string", Required: true, Value: number, Complete: "off"}
}
