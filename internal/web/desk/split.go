package desk

import (
	"net/http"
	"net/url"

	"luoshi/internal/casework"
	"luoshi/internal/number"
	"luoshi/internal/office"
	"luoshi/internal/web/matter"
	"luoshi/internal/web/site"
)

// A matter can be shown beside the list it was chosen from. The address of such a page is that of the list with the
// number of the matter; what is sent from it carries the list along, so that one comes back to both.

// beside names the matter of such an address.
const beside = "m"

// listOf is a filter as a form carries it.
func (s *Pages) listOf(f filter) string {
	u, err := url.Parse(s.path(f))
	if err != nil {
		return ""
	}
	return u.RawQuery
}

// listFilter is the filter that a form carries.
func (s *Pages) listFilter(form url.Values) filter {
	q, err := url.ParseQuery(form.Get("list"))
	if err != nil {
		q = nil
	}
	return s.filterOf(q)
}

// besidePath is the address of a list with a matter beside it.
func (s *Pages) besidePath(f filter, num string) string {
	q, err := url.ParseQuery(s.listOf(f))
	if err != nil {
		q = url.Values{}
	}
	q.Set(beside, num)
	return "/desk?" + q.Encode()
}

// withMatter shows the matter of the address beside the list. One that is not there, or not to be seen any more since
// it was referred to another office, leaves the list alone.
func (s *Pages) withMatter(r *http.Request, v words, a office.Actor, f filter, page *deskPage) error {
	num, err := number.Parse(r.URL.Query().Get(beside))
	if err != nil {
		return nil
	}
	file, err := s.Service.Read(r.Context(), a, num)
	switch {
	case casework.KindOf(err) == casework.NotFound && err != nil:
		page.Done = v.Done(r, 1<<30, "/desk/m/"+num+"/receipts")
		return nil
	case err != nil:
		return err
	}
	m, err := s.newMatterPage(r.Context(), v, a, file, nil)
	if err != nil {
		return err
	}
	m.Notice = v.Done(r, file.Matter.Version, "/desk/m/"+num+"/receipts")
	page.besides(m, s.listOf(f))
	return nil
}

// besides puts a matter beside the list.
func (p *deskPage) besides(m *matterPage, list string) {
	m.beside(list)
	p.Matter, p.Title = m, m.Title
	for i := range p.Rows {
		p.Rows[i].Current = p.Rows[i].Number == m.Number
	}
}

// beside lets the forms of a matter carry the list along.
func (p *matterPage) beside(list string) {
	p.Split, p.List = true, list
	for i := range p.Steps {
		p.Steps[i].Split, p.Steps[i].List = true, list
	}
	if p.Conflict != nil && p.Conflict.Again != nil {
		p.Conflict.Again.Values = append(p.Conflict.Again.Values, site.Hidden{Name: "list", Value: list})
	}
}

// matterAgain shows a matter again with a form that was not accepted, beside the list that the form came from.
func (s *Pages) matterAgain(w http.ResponseWriter, r *http.Request, a office.Actor, v words, f *casework.File, t *matter.Typed, status int) error {
	m, err := s.newMatterPage(r.Context(), v, a, f, t)
	if err != nil {
		return err
	}
	if !t.Form.Has("list") {
		return s.Render(w, r, status, m)
	}
	list := s.listFilter(t.Form)
	page, err := s.newDeskPage(r.Context(), v, a, list)
	if err != nil {
		return err
	}
	page.besides(m, s.listOf(list))
	return s.Render(w, r, status, page)
}
