package desk

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"luoshi/internal/casework"
	"luoshi/internal/number"
	"luoshi/internal/office"
	"luoshi/internal/procedure"
	"luoshi/internal/search"
	"luoshi/internal/web/matter"
	"luoshi/internal/web/part"
	"luoshi/internal/web/site"
)

// deskPage is the worklist.
type deskPage struct {
	site.Frame
	Filter  filterView
	Counts  []countGroup
	Rows    []rowView
	Nothing part.Empty // when there are no rows
	Next    string     // address of the next page
	First   string     // address of the first page, when this is another
	Live    string     // address of the news since this page was made
	Zone    string     // time zone of what the page says by itself, an IANA name
	Self    string     // address of the list, without what is beside it

	Lists    []listTab
	Keep     keepView
	Assign   *assignView    // nil when nothing on the page can be assigned
	Assigned *assignedView  // what became of what was assigned
	Matter   *matterPage    // beside the list
	Done     *matter.Notice // of a matter that is not to be seen any more
}

func (*deskPage) Template() string { return "desk" }

// filterView is what the list is restricted to, as the form shows it.
type filterView struct {
	Words      string
	Procedures []site.Option
	States     []site.Group
	Units      []site.Group
	Shows      []site.Option // open, ended, all
	Orders     []site.Option
	Dues       []site.Option
	Assignees  []site.Option
	Mine       bool
	Alone      bool

	Happened     string // what the list asks for of the past, as an address has it
	HappenedSaid string
}

type countGroup struct {
	Title  string
	States []countView
}

type countView struct {
	Key    string // procedure/state
	Title  string
	Path   string
	N      int64
	Chosen bool
}

type rowView struct {
	Number, Path, Title, Procedure, State, Unit, Assignee string
	Due, Left                                             string
	Came                                                  string // the day on which it was opened; "" where the list is not by that
	Reminded                                              string // that the system has warned of the end
	Late, Soon, Ended                                     bool

	Version int
	Pick    string // how the form names it; "" when it cannot be assigned
	Picked  bool
	Current bool // it is shown beside the list
	zone    *time.Location

	// Where the words of a search stand.
	Marked  []search.Piece // the title
	FoundIn string         // what Found is a part of
	Found   []search.Piece
}

// pageSize is how many matters one page of the worklist has.
const pageSize = 30

// filter is what the address of a worklist says. Words are sealed there.
type filter struct {
	Words, Procedure, State, Unit, Show, Order, Cursor string
	Mine                                               bool

	Due      string // one of casework.DueLate, DueToday and DueWeek; any other asks for nothing
	Assignee string // a login, or nobody
	Alone    bool   // Unit without those below it
	Happened string // one of casework.Opened, Ended and BecameLate, and in which period: late.2026-05
}

// nobody stands in an address for matters without an assignee.
const nobody = "none"

func (s *Pages) filterOf(q url.Values) filter {
	return filter{Words: s.Sealer.Open(q.Get("q")), Procedure: q.Get("procedure"), State: q.Get("state"), Unit: q.Get("unit"),
		Show: cmp.Or(q.Get("show"), "open"), Order: cmp.Or(q.Get("order"), casework.ByDue), Cursor: q.Get("cursor"), Mine: q.Get("mine") != "",
		Due: q.Get("due"), Assignee: q.Get("assignee"), Alone: q.Get("alone") != "", Happened: q.Get("in")}
}

// path is the address of the worklist with this filter.
func (s *Pages) path(f filter) string {
	q := url.Values{}
	set := func(name, value, standard string) {
		if value != standard {
			q.Set(name, value)
		}
	}
	if f.Words != "" {
		q.Set("q", s.Sealer.Seal(f.Words))
	}
	set("procedure", f.Procedure, "")
	set("state", f.State, "")
	set("unit", f.Unit, "")
	set("show", f.Show, "open")
	set("order", f.Order, casework.ByDue)
	set("cursor", f.Cursor, "")
	set("due", f.Due, "")
	set("assignee", f.Assignee, "")
	set("in", f.Happened, "")
	if f.Alone {
		q.Set("alone", "1")
	}
	if f.Mine {
		q.Set("mine", "1")
	}
	return strings.TrimSuffix("/desk?"+q.Encode(), "?")
}

// query is the filter as the service understands it, but for times.
func (f filter) query(tree *office.Tree, login string) casework.Query {
	q := casework.Query{Procedure: f.Procedure, State: f.State, Order: casework.ByDue, Cursor: f.Cursor, Limit: pageSize}
	if f.Order == casework.Newest {
		q.Order = casework.Newest
	}
	open := f.Show != "ended"
	if f.Show != "all" {
		q.Open = &open
	}
	switch {
	case f.Unit == "":
	case f.Alone:
		q.Unit = f.Unit
	default:
		q.Below = tree.Below(f.Unit)
	}
	switch {
	case f.Mine:
		q.Assignee = login
	case f.Assignee == nobody:
		q.Unassigned = true
	default:
		q.Assignee = f.Assignee
	}
	// A state belongs to a procedure: the form names both in one.
	if proc, state, ok := strings.Cut(f.State, "/"); ok {
		q.Procedure, q.State = proc, state
	}
	return q
}

// query is the filter as the service understands it, and the time that it asks for in words.
func (s *Pages) query(v words, a office.Actor, f filter) (q casework.Query, said string, err error) {
	q = f.query(v.Staff.Tree, a.Account.Login)
	q.Due, _ = s.Service.Due(f.Due)
	q.Happened, said, err = s.happened(v, f.Happened)
	return q, said, err
}

// DeskSearch takes the filter form and goes on to an address that holds nothing personal. A matter's number
// leads straight to the matter.
func (s *Pages) DeskSearch(_ http.ResponseWriter, r *http.Request, _ office.Actor) error {
	form, err := site.Posted(r)
	if err != nil {
		return err
	}
	f := s.filterOf(form)
	f.Words, f.Cursor = strings.TrimSpace(form.Get("words")), ""
	if f.Words != "" {
		f.Happened = "" // a search looks at all times
	}
	if n, err := number.Parse(f.Words); err == nil {
		return &site.Redirect{Path: "/desk/m/" + n}
	}
	if len(f.Words) > 500 {
		f.Words = strings.ToValidUTF8(f.Words[:500], "")
	}
	return &site.Redirect{Path: s.path(f)}
}

// Desk shows a worklist.
func (s *Pages) Desk(w http.ResponseWriter, r *http.Request, a office.Actor) error {
	v := s.words(site.LanguageOf(r))
	f := s.filterOf(r.URL.Query())
	page, err := s.newDeskPage(r.Context(), v, a, f)
	if err != nil {
		return err
	}
	if err := s.withMatter(r, v, a, f, page); err != nil {
		return err
	}
	return s.Render(w, r, http.StatusOK, page)
}

func (s *Pages) newDeskPage(ctx context.Context, v words, a office.Actor, f filter) (*deskPage, error) {
	size, err := s.Service.Store.Size(ctx) // before the list: what comes in between is news
	if err != nil {
		return nil, err
	}
	q, said, err := s.query(v, a, f)
	if err != nil {
		return nil, err
	}
	rows, next, err := s.Service.List(ctx, a, q, f.Words)
	if err != nil {
		return nil, err
	}
	counts, err := s.Service.Counts(ctx, a)
	if err != nil {
		return nil, err
	}
	page := &deskPage{Live: fmt.Sprintf("/live?since=%d", size), Zone: s.zone(), Self: s.path(f)}
	page.Title, page.Staff = v.T("desk.title"), v.Account(a.Account.Login)
	if page.Lists, page.Keep, err = s.listTabs(ctx, v, a, f, counts); err != nil {
		return nil, err
	}
	for _, row := range rows {
		page.Rows = append(page.Rows, s.rowView(v, row))
	}
	if err := s.remind(ctx, v, rows, page.Rows); err != nil {
		return nil, err
	}
	page.calm(v, rows, f, oneKind(counts))
	if err := s.markFound(ctx, v, a, f, rows, page.Rows); err != nil {
		return nil, err
	}
	page.Assign = s.assignView(v, a, f, rows, page.Rows)
	page.turn(s, f, next)
	page.Nothing = part.Empty{Title: v.T("desk.none"), Text: v.T("desk.none-do"), Path: "/desk", Link: v.T("desk.all")}
	page.Counts = s.countGroups(v, f, counts)
	page.Filter = s.filterView(v, f, a, counts)
	if f.Words == "" {
		page.Filter.Happened, page.Filter.HappenedSaid = f.Happened, said
	}
	return page, nil
}

// remind says in the rows of which the system has warned that their time soon runs out.
func (s *Pages) remind(ctx context.Context, v words, rows []casework.Row, views []rowView) error {
	warned, err := s.Service.Warnings(ctx, rows)
	if err != nil {
		return err
	}
	for i := range views {
		if warned[views[i].Number] != "" && !views[i].Late {
			views[i].Reminded, views[i].Soon = v.T("clock.reminded"), true
		}
	}
	return nil
}

// calm leaves out of the rows what all of them say, and says of what is listed by it when it came.
func (p *deskPage) calm(v words, rows []casework.Row, f filter, oneKind bool) {
	for i := range p.Rows {
		if oneKind {
			p.Rows[i].Procedure = ""
		}
		if f.Words != "" || f.Order == casework.Newest || f.Happened != "" {
			p.Rows[i].Came = v.Day(rows[i].Opened.In(p.Rows[i].zone))
		}
	}
}

// oneKind reports whether all matters of a reader are by one procedure.
func oneKind(counts []casework.Count) bool {
	for _, c := range counts {
		a, _, _ := strings.Cut(c.Procedure, "@")
		if b, _, _ := strings.Cut(counts[0].Procedure, "@"); a != b {
			return false
		}
	}
	return true
}

// turn gives the addresses of the pages before and behind.
func (p *deskPage) turn(s *Pages, f filter, next string) {
	first := f
	first.Cursor = ""
	if f.Cursor != "" {
		p.First = s.path(first)
	}
	if next != "" {
		first.Cursor = next
		p.Next = s.path(first)
	}
}

// markFound shows in the rows of a search where its words stand.
func (s *Pages) markFound(ctx context.Context, v words, a office.Actor, f filter, rows []casework.Row, views []rowView) error {
	if f.Words == "" {
		return nil
	}
	found, err := s.Service.Glimpses(ctx, a, rows, f.Words)
	if err != nil {
		return err
	}
	for i, g := range found {
		views[i].Marked, views[i].Found = g.Title, g.Text
		rules := s.Service.Rules(rows[i].Procedure)
		if rules == nil {
			continue
		}
		if fd := rules.Procedure.Field(g.Field); fd != nil {
			views[i].FoundIn = v.Say(fd.Title)
		} else if r := rules.Procedure.PartyRole(g.Party); r != nil {
			views[i].FoundIn = v.Say(r.Title)
		}
	}
	return nil
}

// zone is the time zone of the list as a whole, in which every row has that of its procedure: that of the first
// procedure, or none, which is the reader's own.
func (s *Pages) zone() string {
	published := s.Service.Published()
	for _, id := range slices.Sorted(maps.Keys(published)) {
		return published[id].TimeZone
	}
	return ""
}

func (s *Pages) rowView(v words, row casework.Row) rowView {
	view := rowView{Number: row.Number, Path: "/desk/m/" + row.Number, Title: row.Title, Unit: v.Unit(row.Unit), Ended: !row.Open,
		Procedure: row.Procedure, State: row.State, Version: row.Version, zone: s.Service.Location()}
	if row.Assignee != "" {
		view.Assignee = v.Account(row.Assignee)
	}
	rules := s.Service.Rules(row.Procedure)
	if rules == nil {
		return view
	}
	view.zone = rules.Location
	view.Procedure, view.State = v.Say(rules.Procedure.Title), v.State(rules.Procedure, row.State)
	if !row.Due.IsZero() && row.Open {
		var days int
		view.Due = v.Ending(row.Due, rules)
		view.Left, view.Late, days = v.Left(s.Service.Now(), row.Due, rules.Location)
		view.Soon = !view.Late && days <= matter.SoonDays
	}
	return view
}

// countGroups says how many matters stand where, within the office of the filter.
func (s *Pages) countGroups(v words, f filter, counts []casework.Count) []countGroup {
	byProc, keys := map[string]map[string]int64{}, map[string]map[string]bool{}
	for _, c := range counts {
		if f.Unit != "" && (!v.Staff.Tree.Within(c.Unit, f.Unit) || f.Alone && c.Unit != f.Unit) || f.Show == "open" && !c.Open || f.Show == "ended" && c.Open {
			continue
		}
		id, _, _ := strings.Cut(c.Procedure, "@")
		if byProc[id] == nil {
			byProc[id], keys[id] = map[string]int64{}, map[string]bool{}
		}
		byProc[id][c.State] += c.N
		keys[id][c.Procedure] = true
	}
	var groups []countGroup
	for _, id := range slices.Sorted(maps.Keys(byProc)) {
		rules := s.Service.Rules(id)
		if rules == nil {
			continue
		}
		g := countGroup{Title: v.Say(rules.Procedure.Title)}
		for _, st := range s.states(rules.Procedure, keys[id]) {
			if n := byProc[id][st.Name]; n > 0 {
				to := f
				to.Procedure, to.State, to.Cursor = "", id+"/"+st.Name, ""
				g.States = append(g.States, countView{Key: id + "/" + st.Name, Title: v.Say(st.Title), Path: s.path(to), N: n, Chosen: f.State == id+"/"+st.Name})
			}
		}
		groups = append(groups, g)
	}
	return groups
}

// states are those of the newest version, in their order, then those that matters of the versions keys still stand in
// although the newest has them no more.
func (s *Pages) states(newest *procedure.Procedure, keys map[string]bool) []procedure.State {
	states := slices.Clone(newest.States)
	for _, key := range slices.Sorted(maps.Keys(keys)) {
		if r := s.Service.Rules(key); r != nil {
			for _, st := range r.Procedure.States {
				if !slices.ContainsFunc(states, func(x procedure.State) bool { return x.Name == st.Name }) {
					states = append(states, st)
				}
			}
		}
	}
	return states
}

func (s *Pages) filterView(v words, f filter, a office.Actor, counts []casework.Count) filterView {
	view := filterView{Words: f.Words, Mine: f.Mine, Alone: f.Alone}
	published := s.Service.Published()
	for _, id := range slices.Sorted(maps.Keys(published)) {
		p := published[id]
		title := v.Say(p.Title)
		view.Procedures = append(view.Procedures, site.Option{Value: id, Label: title, Chosen: f.Procedure == id})
		view.States = append(view.States, site.Group{Label: title, Options: v.stateOptions(p, f.State)})
	}
	for _, show := range []string{"open", "ended", "all"} {
		view.Shows = append(view.Shows, site.Option{Value: show, Label: v.T("desk.show-" + show), Chosen: f.Show == show})
	}
	for _, order := range []string{casework.ByDue, casework.Newest} {
		view.Orders = append(view.Orders, site.Option{Value: order, Label: v.T("desk.order-" + order), Chosen: f.Order == order})
	}
	for _, due := range []string{"any", casework.DueLate, casework.DueToday, casework.DueWeek} {
		view.Dues = append(view.Dues, site.Option{Value: strings.TrimPrefix(due, "any"), Label: v.T("desk.due-" + due), Chosen: f.Due == due})
	}
	view.Assignees = []site.Option{{Value: "", Label: v.T("desk.any"), Chosen: false}, {Value: nobody, Label: v.T("desk.nobody"), Chosen: f.Assignee == nobody}}
	if f.Assignee != "" && f.Assignee != nobody {
		view.Assignees = append(view.Assignees, site.Option{Value: f.Assignee, Label: v.Account(f.Assignee), Chosen: true})
	}
	view.Units = v.scopeUnits(a.ReadScope(v.Staff.Tree), f, counts)
	return view
}

func (v words) stateOptions(p *procedure.Procedure, chosen string) []site.Option {
	var options []site.Option
	for _, st := range p.States {
		value := p.ID + "/" + st.Name
		options = append(options, site.Option{Value: value, Label: v.Say(st.Title), Chosen: value == chosen})
	}
	return options
}

// scopeUnits lists the offices whose matters may be read and that have some of the chosen procedure, themselves or below
// them, by area.
func (v words) scopeUnits(scope office.Scope, f filter, counts []casework.Count) []site.Group {
	busy := map[string]bool{f.Unit: true}
	for _, c := range counts {
		if id, _, _ := strings.Cut(c.Procedure, "@"); f.Procedure != "" && f.Procedure != id {
			continue
		}
		for _, code := range v.Staff.Tree.Path(c.Unit) {
			busy[code] = true
		}
	}
	return v.Grouped(f.Unit, func(u office.Unit) bool { return busy[u.Code] && scope.Covers(u.Code, "") })
}
