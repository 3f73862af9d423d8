package web

import (
	"cmp"
	"net/http"
	"slices"
)

// startPage says what this is and what can be done here.
type startPage struct {
	frame
	Procedures []procedureLink
}

type procedureLink struct{ Path, Title, Summary string }

func (*startPage) template() string { return "start" }

func (s *site) start(w http.ResponseWriter, r *http.Request) error {
	v := s.words(languageOf(r))
	p := &startPage{}
	p.Title = v.t("start.title")
	for id, proc := range s.service.Published() {
		if !slices.ContainsFunc(proc.Open.By, anybody) {
			continue
		}
		p.Procedures = append(p.Procedures, procedureLink{"/lodge/" + id, proc.Title.In(v.lang), proc.Summary.In(v.lang)})
	}
	slices.SortFunc(p.Procedures, func(a, b procedureLink) int { return cmp.Compare(a.Path, b.Path) })
	return s.render(w, r, http.StatusOK, p)
}
