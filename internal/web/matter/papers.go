package matter

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"luoshi/internal/casework"
	"luoshi/internal/office"
	"luoshi/internal/procedure"
	"luoshi/internal/web/site"
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
	site.Frame
	Number string
	Body   string
	Back   string
}

func (*documentPage) Template() string { return "document" }

// papers are the notices and documents of an entry; documents is the address below which those are found.
func (v Words) papers(f *casework.File, seq int, documents string) (told []toldView, issued []issuedView) {
	p := f.RulesAt(seq).Procedure
	for _, m := range f.Papers[seq].Notices {
		told = append(told, toldView{v.recipients(m.Notice.To, p), v.Say(m.Subject), v.Say(m.Body)})
	}
	for _, d := range f.Papers[seq].Documents {
		issued = append(issued, issuedView{Title: v.Say(d.Document.Title), Path: fmt.Sprintf("%s/%d/%s", documents, seq, d.Document.Name)})
	}
	return told, issued
}

// recipients names those to whom a notice is addressed.
func (v Words) recipients(to []string, p *procedure.Procedure) string {
	names := make([]string, len(to))
	for i, name := range to {
		if role, ok := strings.CutPrefix(name, procedure.RelationParty+":"); ok {
			names[i] = v.Say(p.PartyRole(role).Title)
			continue
		}
		names[i] = v.T("to." + name)
	}
	return strings.Join(names, v.T("list.and"))
}

// ShowDocument shows a document that was issued with an entry, to who may see it.
func (s *Pages) ShowDocument(w http.ResponseWriter, r *http.Request, a office.Actor, number, back string) error {
	seq, err := strconv.Atoi(r.PathValue("seq"))
	if err != nil {
		return site.ErrNoPage()
	}
	f, err := s.Service.Read(r.Context(), a, number)
	if err != nil {
		return err
	}
	d := f.Papers[seq].Document(r.PathValue("document"))
	if d == nil {
		return site.ErrNoPage()
	}
	v := s.Words(site.LanguageOf(r))
	page := &documentPage{Number: f.Matter.Number, Body: v.Say(d.Body), Back: fmt.Sprintf("%s#entry-%d", back, seq)}
	page.Title = v.Say(d.Document.Title)
	if a.Account != nil {
		page.Staff = v.Account(a.Account.Login)
	}
	page.Party = a.Party != nil
	return s.Render(w, r, http.StatusOK, page)
}
