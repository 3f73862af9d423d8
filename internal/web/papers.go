package web

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"luoshi/internal/casework"
	"luoshi/internal/office"
	"luoshi/internal/procedure"
)

// toldView is a notice in the timeline.
type toldView struct{ To, Subject, Body string }

// issuedView is a document in the timeline.
type issuedView struct {
	Title string
	Path  string // empty: Body is shown instead
	Body  string
}

// documentPage is a document to read and print.
type documentPage struct {
	frame
	Number string
	Body   string
	Back   string
}

func (*documentPage) template() string { return "document" }

// papers are the notices and documents of an entry; documents is the address below which those are found.
func (v words) papers(f *casework.File, seq int, documents string) (told []toldView, issued []issuedView) {
	for _, m := range f.Papers[seq].Notices {
		told = append(told, toldView{v.recipients(m.Notice.To, f.Procedure), m.Subject.In(v.lang), m.Body.In(v.lang)})
	}
	for _, d := range f.Papers[seq].Documents {
		issued = append(issued, issuedView{Title: d.Document.Title.In(v.lang), Path: fmt.Sprintf("%s/%d/%s", documents, seq, d.Document.Name)})
	}
	return told, issued
}

// recipients names those to whom a notice is addressed.
func (v words) recipients(to []string, p *procedure.Procedure) string {
	names := make([]string, len(to))
	for i, name := range to {
		if role, ok := strings.CutPrefix(name, procedure.RelationParty+":"); ok {
			names[i] = p.PartyRole(role).Title.In(v.lang)
			continue
		}
		names[i] = v.t("to." + name)
	}
	return strings.Join(names, v.t("list.and"))
}

// showDocument shows a document that was issued with an entry, to who may see it.
func (s *site) showDocument(w http.ResponseWriter, r *http.Request, a office.Actor, number, back string) error {
	seq, err := strconv.Atoi(r.PathValue("seq"))
	if err != nil {
		return errNoPage()
	}
	f, err := s.service.Read(r.Context(), a, number)
	if err != nil {
		return err
	}
	d := f.Papers[seq].Document(r.PathValue("document"))
	if d == nil {
		return errNoPage()
	}
	v := s.words(languageOf(r))
	page := &documentPage{Number: f.Matter.Number, Body: d.Body.In(v.lang), Back: fmt.Sprintf("%s#entry-%d", back, seq)}
	page.Title = d.Document.Title.In(v.lang)
	if a.Account != nil {
		page.Staff = v.account(a.Account.Login)
	}
	page.Party = a.Party != nil
	return s.render(w, r, http.StatusOK, page)
}

func (s *site) mineDocument(w http.ResponseWriter, r *http.Request, a office.Actor) error {
	return s.showDocument(w, r, a, a.Party.Matter, "/m")
}

func (s *site) matterDocument(w http.ResponseWriter, r *http.Request, a office.Actor) error {
	number := r.PathValue("number")
	return s.showDocument(w, r, a, number, "/desk/m/"+number)
}
