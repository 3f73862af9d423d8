package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"
	"golang.org/x/text/message"

	"luoshi/internal/casework"
	"luoshi/internal/office"
)

// overviewPage is how things stand in an office and below it. Every number that counts open matters leads to the
// worklist with exactly those.
type overviewPage struct {
	frame
	Unit    string  // name of the office, or what stands for all of them
	Above   []crumb // from the topmost office down to this one
	At      string  // moment of the numbers
	Due     []figure
	Whole   []figure
	Areas   *loads
	Kinds   *loads
	Offices []*loads // people of each of the reader's own offices
	Period  []option // months or weeks; Value is the address
	Charts  []*chart
	Flow    []flowRow
}

func (*overviewPage) template() string { return "overview" }

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

func (s *site) overview(w http.ResponseWriter, r *http.Request, a office.Actor) error {
	v := s.words(languageOf(r))
	unit, by := r.URL.Query().Get("unit"), r.URL.Query().Get("by")
	o, err := s.service.Overview(r.Context(), a, unit, by)
	if err != nil {
		return err
	}
	p := &overviewPage{Unit: v.overviewUnit(o.Unit), At: v.clock(o.At, o.Zone)}
	p.Title, p.Staff = v.t("overview.title"), v.account(a.Account.Login)
	for _, code := range o.Path {
		p.Above = append(p.Above, crumb{v.unit(code), overviewPath(code, by), code == o.Unit})
	}
	t := s.tables(v, o.Unit)
	all := t.cells(o.Total, filter{Unit: o.Unit})
	p.Due, p.Whole = all[:3], all[3:]
	p.Areas, p.Kinds = t.areas(o, by), t.kinds(o)
	for _, of := range o.Offices {
		p.Offices = append(p.Offices, t.people(of))
	}
	for _, b := range []string{casework.ByMonth, casework.ByWeek} {
		p.Period = append(p.Period, option{overviewPath(o.Unit, b), v.t("overview.by-" + b), b == by || by != casework.ByWeek && b == casework.ByMonth})
	}
	p.Charts, p.Flow = t.flow(o, by)
	return s.render(w, r, http.StatusOK, p)
}

// overviewUnit is the name of an office, or of all that one may see.
func (v words) overviewUnit(code string) string {
	if code == "" {
		return v.t("overview.all")
	}
	return v.unit(code)
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
	*site
	words
	unit string
	say  *message.Printer
}

func (s *site) tables(v words, unit string) *tables {
	return &tables{s, v, unit, message.NewPrinter(language.Make(v.lang))}
}

func (t *tables) number(n int64) string { return t.say.Sprintf("%d", n) }

// cells are the numbers of a load, each with the list of its matters; f says which those are.
func (t *tables) cells(l casework.Load, f filter) []figure {
	f.Show, f.Order = "open", casework.ByDue
	with := func(key string, n int64, change func(*filter)) figure {
		c := figure{Key: key, Title: t.t("overview." + key), Hint: t.t("overview." + key + "-hint"), N: t.number(n)}
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
		l.Heads = append(l.Heads, t.t("overview."+key))
	}
	return l
}

func (t *tables) areas(o *casework.Overview, by string) *loads {
	l := t.table("areas", t.t("overview.areas"), t.t("overview.office"))
	for _, a := range o.Areas {
		row := loadRow{Name: t.words.unit(a.Unit), Cells: t.cells(a.Load, filter{Unit: a.Unit, Alone: a.Alone})}
		if a.Alone {
			row.Name = t.t("overview.itself", row.Name)
		} else if len(t.staff.Tree.Children(a.Unit)) > 0 {
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
	l := t.table("kinds", t.t("overview.kinds"), t.t("overview.kind"))
	for _, k := range o.Kinds {
		name := k.Procedure
		if r := t.service.Rules(k.Procedure); r != nil {
			name = r.Procedure.Title.In(t.lang)
		}
		l.Rows = append(l.Rows, loadRow{Name: name, Cells: t.cells(k.Load, filter{Unit: t.unit, Procedure: k.Procedure})})
	}
	return l
}

// people are in the order of their names, and nobody's matters come last.
func (t *tables) people(of casework.Office) *loads {
	l := t.table("people-"+of.Unit, t.words.unit(of.Unit), t.t("overview.person"))
	l.Heads = slices.Delete(l.Heads, 3, 4)
	for _, p := range of.People {
		cells := t.cells(p.Load, filter{Unit: of.Unit, Alone: true, Assignee: p.Login})
		l.Rows = append(l.Rows, loadRow{Name: t.account(p.Login), Personal: true, Cells: slices.Delete(cells, 3, 4)})
	}
	c := collate.New(language.Make(t.lang))
	slices.SortFunc(l.Rows, func(a, b loadRow) int { return c.CompareString(a.Name, b.Name) })
	return l
}
