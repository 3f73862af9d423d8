package desk

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"luoshi/internal/casework"
	"luoshi/internal/office"
	"luoshi/internal/web/site"
)

// listTab is a worklist one step away: everything open, one's own, and those that the member of staff keeps.
type listTab struct {
	Key    string
	Title  string
	Path   string
	N      string // how many there are; "" where that is not counted
	Chosen bool
	Name   string // by which it can be forgotten; "" for those that are always there
}

// keepView asks for a name under which the list that is shown is kept.
type keepView struct {
	Query   string // what would be kept
	Full    bool   // there are as many as may be
	Error   string
	Name    string
	Words   bool // words are searched for, which are not kept
	Changed bool // the list is none of those that are kept
}

// countedOwn is how many of somebody's own matters are counted.
const countedOwn = 100

// kept is what of a filter is kept: never the words of a search, nor a place in the list.
func (s *Pages) kept(f filter) string {
	f.Words, f.Cursor = "", ""
	return strings.TrimPrefix(strings.TrimPrefix(s.path(f), "/desk"), "?")
}

// keptFilter is a filter that was kept.
func (s *Pages) keptFilter(query string) filter {
	q, err := url.ParseQuery(query)
	if err != nil {
		return s.filterOf(nil)
	}
	f := s.filterOf(q)
	f.Words, f.Cursor = "", ""
	return f
}

// listTabs are the lists with how many matters each has. Own matters are read once, for all lists of them.
func (s *Pages) listTabs(ctx context.Context, v words, a office.Actor, f filter, counts []casework.Count) ([]listTab, keepView, error) {
	lists, err := s.Service.Worklists(ctx, a)
	if err != nil {
		return nil, keepView{}, err
	}
	open := true
	own, more, err := s.Service.List(ctx, a, casework.Query{Assignee: a.Account.Login, Open: &open, Order: casework.ByDue, Limit: countedOwn}, "")
	if err != nil {
		return nil, keepView{}, err
	}
	now, chosen := s.kept(f), false
	tab := func(title, name, query string) listTab {
		x := s.keptFilter(query)
		t := listTab{Key: "list " + name + query, Title: title, Name: name, Path: s.path(x), N: v.howMany(x, counts, own, more != ""), Chosen: s.kept(x) == now && f.Words == ""}
		chosen = chosen || t.Chosen
		return t
	}
	tabs := []listTab{tab(v.T("desk.all-open"), "", ""), tab(v.T("desk.my-own"), "", "mine=1")}
	for _, l := range lists {
		tabs = append(tabs, tab(l.Name, l.Name, l.Query))
	}
	if err := s.numberTimed(ctx, v, a, lists, tabs[len(tabs)-len(lists):]); err != nil {
		return nil, keepView{}, err
	}
	return tabs, keepView{Query: now, Full: len(lists) >= casework.MaxWorklists, Words: f.Words != "", Changed: !chosen}, nil
}

// numberTimed says how many matters those lists have that ask for a time or a person, which the counts do not know.
func (s *Pages) numberTimed(ctx context.Context, v words, a office.Actor, lists []casework.Worklist, tabs []listTab) error {
	var queries []casework.Query
	var of []int
	for i, l := range lists {
		x := s.keptFilter(l.Query)
		if !x.timed() {
			continue
		}
		q, _, err := s.query(v, a, x)
		if err != nil {
			continue // a time of which there is no list any more; whoever opens it is told
		}
		queries, of = append(queries, q), append(of, i)
	}
	numbers, err := s.Service.Numbers(ctx, a, queries)
	if err != nil {
		return err
	}
	for i, n := range numbers {
		if n >= 0 {
			tabs[of[i]].N = site.Thousands(n)
		}
	}
	return nil
}

// timed reports whether the list asks for what the counts do not know.
func (f filter) timed() bool { return f.Due != "" || f.Assignee != "" || f.Happened != "" }

// howMany says how many matters a list has, from the counts or, for a list of one's own, from those themselves.
func (v words) howMany(f filter, counts []casework.Count, own []casework.Row, more bool) string {
	n := int64(0)
	fits := func(procedure, state, unit string) bool {
		id, _, _ := strings.Cut(procedure, "@")
		return (f.Procedure == "" || f.Procedure == id) && (f.State == "" || f.State == id+"/"+state) &&
			(f.Unit == "" || f.Unit == unit || !f.Alone && v.Staff.Tree.Within(unit, f.Unit))
	}
	switch {
	case f.timed(): // neither the counts nor the rows know
		return ""
	case !f.Mine:
		for _, c := range counts {
			if fits(c.Procedure, c.State, c.Unit) && (f.Show == "all" || c.Open == (f.Show == "open")) {
				n += c.N
			}
		}
	case f.Show != "open":
		return ""
	default:
		for _, r := range own {
			if fits(r.Procedure, r.State, r.Unit) {
				n++
			}
		}
		if more {
			return fmt.Sprintf("%d+", n)
		}
	}
	return site.Thousands(n)
}

// KeepList keeps the list that is shown under a name, and shows it.
func (s *Pages) KeepList(w http.ResponseWriter, r *http.Request, a office.Actor) error {
	form, err := site.Posted(r)
	if err != nil {
		return err
	}
	f := s.keptFilter(form.Get("query"))
	err = s.Service.KeepWorklist(r.Context(), a, form.Get("name"), s.kept(f))
	if casework.KindOf(err) != casework.Invalid || err == nil {
		if err == nil {
			err = &site.Redirect{Path: s.path(f)}
		}
		return err
	}
	v := s.words(site.LanguageOf(r))
	page, pageErr := s.newDeskPage(r.Context(), v, a, f)
	if pageErr != nil {
		return pageErr
	}
	page.Keep.Name, page.Keep.Error, page.Keep.Changed = form.Get("name"), casework.AsError(err).Fields[0].Text.In(v.Lang), true
	return s.Render(w, r, http.StatusUnprocessableEntity, page)
}

// DropList drops a list that was kept.
func (s *Pages) DropList(_ http.ResponseWriter, r *http.Request, a office.Actor) error {
	form, err := site.Posted(r)
	if err != nil {
		return err
	}
	if err := s.Service.DropWorklist(r.Context(), a, form.Get("name")); err != nil {
		return err
	}
	return &site.Redirect{Path: "/desk"}
}
