package directive

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"luoshi/internal/alike"
	"luoshi/internal/calendar"
	"luoshi/internal/casework"
	"luoshi/internal/office"
	"luoshi/internal/report/orders"
	"luoshi/internal/web/site"
)

// draftPage is a report with what was understood of it: the text on one side, what is to be done on the other.
type draftPage struct {
	site.Frame
	ID, Unit   string
	Version    int
	Heading    site.Input
	Date       site.Input
	Pieces     []pieceView
	Items      []itemView
	Dropped    []droppedView
	Offices    []site.Option
	Problems   []site.Problem
	Saved      bool
	Load       string // what issuing this asks of the townships
	LoadHint   string
	Same       string // that this text was issued before, or is being worked on elsewhere
	Issued     []issuedRow
	IssuedSaid string
	Meeting    string // address of the meeting that decided it; "" when it came from elsewhere
	Confirm    bool   // everything is there to be issued
}

func (*draftPage) Template() string { return "draft" }

// pieceView is a stretch of the text; Item is the number of the item that it belongs to.
type pieceView struct {
	Text string
	Item int
	ID   int
	Mark string // id of the element, at the first stretch of an item
}

type itemView struct {
	ID, Number                     int
	Speaker                        string
	Said                           []string
	InText                         bool
	Heading, Task, Measure         site.Input
	Lead, Each                     site.Input
	Helpers                        []site.Option
	AddHelper                      site.Input
	Due, Period                    site.Input
	Why                            []string // how the day came about
	Reaches, Report, Count, Target site.Input
	CanMerge                       bool
	Reports                        string
	Error                          bool
}

type droppedView struct {
	ID    int
	Title string
}

type issuedRow struct{ Number, Path, Title, Unit, Receipt string }

// Draft shows a draft.
func (s *Pages) Draft(w http.ResponseWriter, r *http.Request, a office.Actor) error {
	d, l, err := s.draft(r.Context(), a, r.PathValue("id"))
	if err != nil {
		return err
	}
	page, err := s.newDraftPage(r.Context(), s.words(site.LanguageOf(r)), a, d, l, nil)
	if err != nil {
		return err
	}
	page.Saved = r.URL.Query().Get("saved") != ""
	return s.Render(w, r, http.StatusOK, page)
}

func (s *Pages) draft(ctx context.Context, a office.Actor, id string) (casework.Draft, *orders.List, error) {
	d, err := s.Service.Draft(ctx, a, casework.Directives, id)
	if err != nil {
		return d, nil, err
	}
	l := &orders.List{}
	return d, l, json.Unmarshal(d.Doc, l)
}

func (s *Pages) newDraftPage(ctx context.Context, v words, a office.Actor, d casework.Draft, l *orders.List, faults []casework.FieldError) (*draftPage, error) {
	page := &draftPage{ID: d.ID, Unit: v.Unit(d.Unit), Version: d.Version}
	page.Title, page.Staff = d.Title, v.Account(a.Account.Login)
	page.Heading = site.Input{ID: "title", Name: "title", Label: v.T("todo.source"), Kind: "string", Value: l.Title, Unmarked: true}
	page.Date = site.Input{ID: "date", Name: "date", Label: v.T("todo.date"), Kind: "date", Value: l.Date, Unmarked: true}
	units := s.receivers(d.Unit)
	page.Offices = v.officeOptions(units)
	numbers := map[int]int{}
	for i, it := range l.Open() {
		numbers[it.ID] = i + 1
		page.Items = append(page.Items, s.itemView(v, d, it, i, units))
	}
	for _, it := range l.Items {
		if it.Dropped {
			page.Dropped = append(page.Dropped, droppedView{it.ID, it.Title})
		}
	}
	page.Pieces = pieces(l, numbers)
	load, err := s.load(ctx, d.Unit, l)
	if err != nil {
		return nil, err
	}
	page.Load, page.LoadHint = v.load(load)
	page.place(v, faults)
	if l.Meeting != "" {
		page.Meeting = "/desk/meetings/" + l.Meeting
	}
	page.Confirm = len(page.Items) > 0
	return page, s.withHistory(ctx, v, a, d, l, page)
}

// pieces are the text with its words linked to the items.
func pieces(l *orders.List, numbers map[int]int) []pieceView {
	var out []pieceView
	for _, p := range l.Pieces() {
		view := pieceView{Text: p.Text}
		if len(p.Items) > 0 {
			view.ID, view.Item = p.Items[0], numbers[p.Items[0]]
			if p.First {
				view.Mark = "words-" + strconv.Itoa(view.ID)
			}
		}
		out = append(out, view)
	}
	return out
}

// periods are those that are offered for a last day.
func periods() []string { return []string{"3wd", "5wd", "10wd", "15d", "1mo", "3mo", "6mo"} }

func (s *Pages) itemView(v words, d casework.Draft, it *orders.Item, i int, units []office.Unit) itemView {
	id := strconv.Itoa(it.ID)
	input := func(name, kind, value string) site.Input {
		return site.Input{ID: "i" + id + "-" + name, Name: "i." + id + "." + name, Label: v.T("todo." + name), Kind: kind, Value: value, Unmarked: true}
	}
	choose := func(name, value string, options ...string) site.Input {
		in := input(name, "select", value)
		for _, o := range options {
			in.Options = append(in.Options, site.Option{Value: o, Label: v.T("todo." + name + "-" + o), Chosen: o == value})
		}
		return in
	}
	view := itemView{ID: it.ID, Number: i + 1, Speaker: it.Speaker, InText: len(it.Places) > 0, CanMerge: i > 0}
	view.Heading, view.Task, view.Measure = input("title", "string", it.Title), input("task", "text", it.Task), input("measure", "text", it.Measure)
	view.Measure.Hint = v.T("todo.measure-hint")
	each, unit := input("each", "select", ""), input("unit", "string", "")
	for _, l := range levels() {
		if n := len(ofKind(units, l.kind)); n > 0 {
			each.Options = append(each.Options, site.Option{Value: l.kind, Label: v.T("todo.each-"+l.kind, n), Chosen: it.Unit == orders.Each+l.kind})
		}
	}
	if !strings.HasPrefix(it.Unit, orders.Each) {
		unit.Value = v.labelOf(units, it.Unit)
	}
	view.Lead, view.Each = unit, each
	for _, code := range it.Helpers {
		view.Helpers = append(view.Helpers, site.Option{Value: code, Label: v.labelOf(units, code), Chosen: true})
	}
	view.AddHelper = input("helper", "string", "")
	period := input("period", "select", "")
	for _, p := range periods() {
		if read, err := calendar.ParsePeriod(p); err == nil {
			period.Options = append(period.Options, site.Option{Value: p, Label: read.In(v.Lang), Chosen: p == it.Period})
		}
	}
	view.Due, view.Period = input("due", "date", it.Due), period
	view.Why = s.whyDay(v, it)
	view.Reaches, view.Report = choose("reaches", it.Reaches, "own", "city", "county", "township"), choose("report", it.Report, "end", "month", "week")
	view.Count, view.Target = choose("count", it.Count, "all", "weighted", "sum"), input("target", "number", it.Target)
	view.Said = v.said(it)
	return view
}

// said is what the text says of who and when, in its own words.
func (v words) said(it *orders.Item) []string {
	var out []string
	for _, x := range []struct {
		key   string
		words []string
	}{{"lead", it.Said.Lead}, {"support", it.Said.Support}, {"due", it.Said.Due}, {"amounts", it.Said.Amounts}} {
		if len(x.words) > 0 {
			out = append(out, v.T("todo.said-"+x.key, strings.Join(x.words, v.T("list"))))
		}
	}
	return out
}

func (v words) labelOf(units []office.Unit, code string) string {
	for _, u := range units {
		if u.Code == code {
			return v.officeLabel(u)
		}
	}
	return code
}

// whyDay says how the last day of an item came about, by the one function of deadlines.
func (s *Pages) whyDay(v words, it *orders.Item) []string {
	rules := s.Service.Rules(casework.Directives)
	if rules == nil || it.Due == "" && it.Period == "" {
		return nil
	}
	_, lines, err := s.lastDay(rules, it, v.Lang)
	if err != nil {
		return nil
	}
	var out []string
	for _, l := range lines {
		out = append(out, l.Text)
	}
	return out
}

// lastDay is the last day of an item and how it came about: by its period, or as it was set.
func (s *Pages) lastDay(rules *casework.Rules, it *orders.Item, lang string) (string, []calendar.Line, error) {
	if it.Period != "" {
		period, err := calendar.ParsePeriod(it.Period)
		if err != nil {
			return "", nil, err
		}
		day, lines, err := rules.LastDayOf(s.Service.Now(), period, 0, lang)
		return day.String(), lines, err
	}
	day, err := calendar.ParseDate(it.Due)
	if err != nil {
		return "", nil, err
	}
	_, lines, err := rules.LastDayOf(s.Service.Now(), calendar.Period{}, day, lang)
	return it.Due, lines, err
}

// take puts what was typed into the list.
func (s *Pages) take(l *orders.List, issuer string, form url.Values) {
	units := s.receivers(issuer)
	l.Title, l.Date = strings.TrimSpace(form.Get("title")), form.Get("date")
	for i := range l.Items {
		it := &l.Items[i]
		of := func(name string) string { return site.Lines(form.Get("i." + strconv.Itoa(it.ID) + "." + name)) }
		if _, there := form["i."+strconv.Itoa(it.ID)+".task"]; !there {
			continue
		}
		it.Title, it.Task, it.Measure = strings.TrimSpace(of("title")), strings.TrimSpace(of("task")), strings.TrimSpace(of("measure"))
		it.Reaches, it.Report, it.Count, it.Target = of("reaches"), of("report"), of("count"), strings.TrimSpace(of("target"))
		it.Unit = officeOf(units, of("unit"))
		if it.Unit == "" {
			it.Unit = strings.TrimSpace(of("unit")) // what is no office stays to be read and put right
		}
		if each := of("each"); each != "" {
			it.Unit = orders.Each + each
		}
		it.Helpers = slices.Clone(form["i."+strconv.Itoa(it.ID)+".helpers"])
		if code := officeOf(units, of("helper")); code != "" && !slices.Contains(it.Helpers, code) {
			it.Helpers = append(it.Helpers, code)
		}
		s.takeDay(it, of("due"), of("period"))
	}
}

// takeDay: a period that was chosen gives the day; a day that was typed since holds instead.
func (s *Pages) takeDay(it *orders.Item, due, period string) {
	chosen := period != it.Period
	typed := due != it.Due
	it.Due, it.Period = due, period
	if typed && !chosen && due != "" {
		it.Period = ""
	}
	if rules := s.Service.Rules(casework.Directives); rules != nil && it.Period != "" {
		if day, _, err := s.lastDay(rules, it, "zh"); err == nil {
			it.Due = day
		}
	}
}

// directives is the issuance of a list, one directive for each item that was not dropped.
func (s *Pages) directives(d casework.Draft, l *orders.List) casework.Issuance {
	in := casework.Issuance{Procedure: casework.Directives, Issuer: d.Unit, Channel: "web"}
	units := s.receivers(d.Unit)
	hash := alike.New(l.Text).Hash()
	for _, it := range l.Open() {
		fields := map[string]any{"task": it.Task, "measure": it.Measure, "due_on": it.Due, "reaches": it.Reaches, "report_every": it.Report,
			"counting": it.Count, "target": it.Target, "source_title": clipped(l.Title, 200), "source_date": l.Date, "source_hash": hash, "source_words": ""}
		var words []string
		for _, p := range it.Places {
			words = append(words, l.Words(p))
		}
		fields["source_words"] = clipped(strings.Join(words, "\n"), 4000)
		one := casework.Directive{Unit: it.Unit, Title: it.Title, Fields: fields}
		if kind, each := strings.CutPrefix(it.Unit, orders.Each); each {
			one.Unit = d.Unit
			for _, u := range ofKind(units, kind) {
				one.Parts = append(one.Parts, casework.DirectivePart{Sub: "part", Unit: u.Code, Fields: map[string]any{"target": ""}})
			}
		}
		for _, code := range it.Helpers {
			one.Parts = append(one.Parts, casework.DirectivePart{Sub: "assist", Unit: code, Fields: map[string]any{"target": ""}})
		}
		in.Directives = append(in.Directives, one)
	}
	return in
}

func clipped(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n])
	}
	return s
}
