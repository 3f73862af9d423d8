package desk

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"luoshi/internal/casework"
	"luoshi/internal/office"
	"luoshi/internal/web/site"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"
	"golang.org/x/text/message"
)

// overviewPage is how things stand in an office and below it. Every number that counts open matters leads to the
// worklist with exactly those.
type overviewPage struct {
	site.Frame
	Unit    string  // name of the office, or what stands for all of them
	Above   []crumb // from the topmost office down to this one
	At      string  // moment of the numbers
	Due     []figure
	Whole   []figure
	Areas   *loads
	Kinds   *loads
	Offices []*loads      // people of each of the reader's own offices
	Unnamed []string      // one's own offices in which no open matter has a name on it
	Period  []site.Option // months or weeks; Value is the address
	Charts  []*chart
	Flow    []flowRow
}

func (*overviewPage) Template() string { return "overview" }

type crumb struct {
	Name, Path string
	Here       bool
}

// figure is a number with what it counts. Path is empty for none at all.
type figure struct {
	Key, Title, Hint, N, Path string
}

// loads is a table of open matters.
type loads struct {
	ID, Title string
	First     string // heading of the first column
	Heads     []string
	Rows      []loadRow
	Empty     []crumb // where nothing is open
}

type loadRow struct {
	Name, Path string // Path leads further down; or is empty
	Personal   bool   // Name is a person's
	Cells      []figure
}

type flowRow struct {
	Period string
	Cells  []figure // opened, ended, became late
}

// Overview counts the matters of the offices, over time.
func (s *Pages) Overview(w http.ResponseWriter, r *http.Request, a office.Actor) error {
	v := s.words(site.LanguageOf(r))
	unit, by := r.URL.Query().Get("unit"), r.URL.Query().Get("by")
	o, err := s.Service.Overview(r.Context(), a, unit, by)
	if err != nil {
		return err
	}
	p := &overviewPage{Unit: v.overviewUnit(o.Unit), At: v.Clock(o.At, o.Zone)}
	p.Title, p.Staff = v.T("overview.title"), v.Account(a.Account.Login)
	for _, code := range o.Path {
		p.Above = append(p.Above, crumb{v.Unit(code), overviewPath(code, by), code == o.Unit})
	}
	t := s.tables(v, o.Unit)
	all := t.cells(o.Total, filter{Unit: o.Unit})
	p.Due, p.Whole = all[:3], all[3:]
	p.Areas, p.Kinds = t.areas(o, by), t.kinds(o)
	for _, of := range o.Offices {
		if len(of.People) == 0 {
			p.Unnamed = append(p.Unnamed, v.Unit(of.Unit))
			continue
		}
		p.Offices = append(p.Offices, t.people(of))
	}
	for _, b := range []string{casework.ByMonth, casework.ByWeek} {
		p.Period = append(p.Period, site.Option{Value: overviewPath(o.Unit, b), Label: v.T("overview.by-" + b), Chosen: b == by || by != casework.ByWeek && b == casework.ByMonth})
	}
	p.Charts, p.Flow = t.flow(o, by)
	return s.Render(w, r, http.StatusOK, p)
}

// overviewUnit is the name of an office, or of all that one may see.
func (v words) overviewUnit(code string) string {
	if code == "" {
		return v.T("overview.all")
	}
	return v.Unit(code)
}

func overviewPath(unit, by string) string {
	q := url.Values{}
	if unit != "" {
		q.Set("unit", unit)
	}
	if by == casework.ByWeek {
		q.Set("by", by)
	}
	return strings.TrimSuffix("/desk/overview?"+q.Encode(), "?")
}

// tables writes the numbers of an overview in one language.
type tables struct {
	*Pages
	words
	unit string
	say  *message.Printer
}

func (s *Pages) tables(v words, unit string) *tables {
	return &tables{s, v, unit, message.NewPrinter(language.Make(v.Lang))}
}

func (t *tables) number(n int64) string { return t.say.Sprintf("%d", n) }

// cells are the numbers of a load, each with the list of its matters; f says which those are.
func (t *tables) cells(l casework.Load, f filter) []figure {
	f.Show, f.Order = "open", casework.ByDue
	with := func(key string, n int64, change func(*filter)) figure {
		c := figure{Key: key, Title: t.T("overview." + key), Hint: t.T("overview." + key + "-hint"), N: t.number(n)}
		if n > 0 {
			to := f
			change(&to)
			c.Path = t.path(to)
		}
		return c
	}
	return []figure{
		with("late", l.Late, func(f *filter) { f.Due = casework.DueLate }),
		with("today", l.Today, func(f *filter) { f.Due = casework.DueToday }),
		with("week", l.Week, func(f *filter) { f.Due = casework.DueWeek }),
		with("unassigned", l.Unassigned, func(f *filter) { f.Assignee = nobody }),
		with("open", l.Open, func(*filter) {}),
	}
}

func (t *tables) table(id, title, first string) *loads {
	l := &loads{ID: id, Title: title, First: first}
	for _, key := range []string{"late", "today", "week", "unassigned", "open"} {
		l.Heads = append(l.Heads, t.T("overview."+key))
	}
	return l
}

func (t *tables) areas(o *casework.Overview, by string) *loads {
	l := t.table("areas", t.T("overview.areas"), t.T("overview.office"))
	for _, a := range o.Areas {
		row := loadRow{Name: t.words.Unit(a.Unit), Cells: t.cells(a.Load, filter{Unit: a.Unit, Alone: a.Alone})}
		if a.Alone {
			row.Name = t.T("overview.itself", row.Name)
		} else if len(t.Staff.Tree.Children(a.Unit)) > 0 {
			row.Path = overviewPath(a.Unit, by)
		}
		if a.Open == 0 {
			l.Empty = append(l.Empty, crumb{Name: row.Name, Path: row.Path})
			continue
		}
		l.Rows = append(l.Rows, row)
	}
	return l
}

func (t *tables) kinds(o *casework.Overview) *loads {
	l := t.table("kinds", t.T("overview.kinds"), t.T("overview.kind"))
	for _, k := range o.Kinds {
		name := k.Procedure
		if r := t.Service.Rules(k.Procedure); r != nil {
			name = t.Say(r.Procedure.Title)
		}
		l.Rows = append(l.Rows, loadRow{Name: name, Cells: t.cells(k.Load, filter{Unit: t.unit, Procedure: k.Procedure})})
	}
	return l
}

// people are in the order of their names, and nobody's matters come last.
func (t *tables) people(of casework.Office) *loads {
	l := t.table("people-"+of.Unit, t.words.Unit(of.Unit), t.T("overview.person"))
	l.Heads = slices.Delete(l.Heads, 3, 4)
	for _, p := range of.People {
		cells := t.cells(p.Load, filter{Unit: of.Unit, Alone: true, Assignee: p.Login})
		l.Rows = append(l.Rows, loadRow{Name: t.Account(p.Login), Personal: true, Cells: slices.Delete(cells, 3, 4)})
	}
	c := collate.New(language.Make(t.Lang))
	slices.SortFunc(l.Rows, func(a, b loadRow) int { return c.CompareString(a.Name, b.Name) })
	return l
}
