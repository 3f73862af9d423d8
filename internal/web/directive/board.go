package directive

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"luoshi/internal/alike"
	"luoshi/internal/casework"
	"luoshi/internal/office"
	"luoshi/internal/web/part"
	"luoshi/internal/web/site"
)

// boardPage is what an office has issued, or was given, what is in trouble first.
type boardPage struct {
	site.Frame
	Unit     string
	Units    []site.Option // other offices to look at
	Tabs     part.Tabs
	Figures  []boardFigure
	Rows     []boardRow
	Slipped  []boardRow
	Offices  []officeRow
	Nothing  part.Empty
	MayIssue bool // a report can be taken in
	CSV      string
	XLSX     string
	At       string
	Ended    site.Option // the link that shows ended ones too, or not
}

func (*boardPage) Template() string { return "directives" }

// boardFigure is one number that says how things stand.
type boardFigure struct {
	Key, Title string
	N          int64
}

// boardRow is one directive. Light is late, soon, good or "": a class of a tag, whose words are LightSaid.
type boardRow struct {
	Number, Path, Title, Unit, State string
	Light, LightSaid                 string
	Percent                          int
	Due, Left                        string
	Report, Evidence                 string
	Changed                          string
	Below                            string // how many parts, and how many of them are late
	Waits                            bool
	Level                            int
	Alike                            string // other offices that handed in the same words
	Print                            string // address of the file
}

// officeRow is how an office stands with all it has.
type officeRow struct {
	Name             string
	Open, Late, Soon int64
	Done             int64
	Percent          int
	Light, LightSaid string
	Path             string
}

// Directives shows the board of an office.
func (s *Pages) Directives(w http.ResponseWriter, r *http.Request, a office.Actor) error {
	v := s.words(site.LanguageOf(r))
	b, err := s.board(r, a)
	if err != nil {
		return err
	}
	page := s.newBoardPage(v, a, b)
	return s.Render(w, r, http.StatusOK, page)
}

// board is what the address asks for.
type board struct {
	unit       string
	given, all bool
	roots      []*casework.Branch
}

func (b board) path(given, all bool) string {
	q := url.Values{}
	if b.unit != "" {
		q.Set("unit", b.unit)
	}
	if given {
		q.Set("show", "given")
	}
	if all {
		q.Set("all", "1")
	}
	return "/desk/directives?" + q.Encode()
}

func (s *Pages) board(r *http.Request, a office.Actor) (board, error) {
	q := r.URL.Query()
	b := board{unit: q.Get("unit"), given: q.Get("show") == "given", all: q.Get("all") != ""}
	if b.unit == "" {
		if units := s.boardUnits(a); len(units) > 0 {
			b.unit = units[0]
		}
		b.given = b.given || q.Get("show") == "" && len(s.Service.IssuingUnits(a, casework.Directives)) == 0
	}
	if b.unit == "" {
		return b, nil
	}
	var err error
	b.roots, err = s.Service.Board(r.Context(), a, casework.Directives, b.unit, b.given, b.all)
	slices.SortStableFunc(b.roots, func(x, y *casework.Branch) int { return cmp.Compare(trouble(y), trouble(x)) })
	return b, err
}

// boardUnits are the offices whose board somebody opens first: those of their grants.
func (s *Pages) boardUnits(a office.Actor) []string {
	units := s.Service.IssuingUnits(a, casework.Directives)
	scope := a.ReadScope(s.Service.Tree()).Content()
	for _, g := range a.Account.Grants {
		if !slices.Contains(units, g.Unit) && scope.Covers(g.Unit, "") {
			if _, known := s.Service.Tree().Unit(g.Unit); known {
				units = append(units, g.Unit)
			}
		}
	}
	return units
}

// trouble orders directives: late ones first, those that wait for a decision, those near their end, and last what has
// ended.
func trouble(b *casework.Branch) int {
	switch {
	case b.Own == casework.LightEnded:
		return 0
	case b.Progress.Late > 0 && b.Own == casework.LightRed:
		return 5
	case b.Progress.Late > 0:
		return 4
	case b.Waits():
		return 3
	case b.Progress.Soon > 0:
		return 2
	}
	return 1
}

func (s *Pages) newBoardPage(v words, a office.Actor, b board) *boardPage {
	now := s.Service.Now()
	page := &boardPage{Unit: v.Unit(b.unit), MayIssue: len(s.Service.IssuingUnits(a, casework.Directives)) > 0,
		Nothing: part.Empty{Title: v.T("directives.none"), Text: v.T("directives.none-do")}, At: v.Clock(now, s.place())}
	page.Title, page.Staff = v.T("directives.title"), v.Account(a.Account.Login)
	if b.unit == "" {
		return page
	}
	for _, code := range s.boardUnits(a) {
		to := b
		to.unit = code
		page.Units = append(page.Units, site.Option{Value: to.path(b.given, b.all), Label: v.Unit(code), Chosen: code == b.unit})
	}
	page.Tabs = part.Tabs{Label: v.T("directives.which"), Items: []part.Tab{
		{Title: v.T("directives.issued"), Path: b.path(false, b.all), Here: !b.given}, {Title: v.T("directives.given"), Path: b.path(true, b.all), Here: b.given}}}
	page.Ended = site.Option{Value: b.path(b.given, !b.all), Label: v.T("directives.with-ended")}
	if b.all {
		page.Ended.Label = v.T("directives.open-alone")
	}
	page.CSV, page.XLSX = strings.Replace(b.path(b.given, b.all), "?", ".csv?", 1), strings.Replace(b.path(b.given, b.all), "?", ".xlsx?", 1)
	page.Figures = v.boardFigures(b.roots)
	for _, root := range b.roots {
		page.Rows = append(page.Rows, s.boardRow(v, root, 0, now))
		root.Each(func(level int, x *casework.Branch) {
			if x.LateSince(now.AddDate(0, 0, -7)) {
				page.Slipped = append(page.Slipped, s.boardRow(v, x, level, now))
			}
		})
	}
	page.Offices = s.officeRows(v, b.roots)
	return page
}

// boardFigures count the directives themselves, not their parts.
func (v words) boardFigures(roots []*casework.Branch) []boardFigure {
	n := map[string]int64{}
	for _, b := range roots {
		n[[]string{"ended", "good", "soon", "waits", "below", "late"}[trouble(b)]]++
	}
	var out []boardFigure
	for _, key := range []string{"late", "below", "waits", "soon", "good"} {
		out = append(out, boardFigure{key, v.T("directives.figure-" + key), n[key]})
	}
	return out
}

// lightOf is the tag of a directive and its words.
func (v words) lightOf(b *casework.Branch) (class, said string) {
	switch {
	case b.Own == casework.LightEnded && b.Progress.Done:
		return "good", v.T("directives.light-done")
	case b.Own == casework.LightEnded:
		return "plain", v.T("directives.light-gone")
	case b.Own == casework.LightRed:
		return "late", v.T("directives.light-late")
	case b.Progress.Late > 0:
		return "late", v.T("directives.light-below", b.Progress.Late)
	case b.Own == casework.LightYellow || b.Progress.Soon > 0:
		return "soon", v.T("directives.light-soon")
	}
	return "good", v.T("directives.light-good")
}

func (s *Pages) boardRow(v words, b *casework.Branch, level int, now time.Time) boardRow {
	m := b.Matter
	row := boardRow{Number: m.Number, Path: "/desk/directives/" + m.Number, Print: "/desk/m/" + m.Number, Title: m.Title, Unit: v.Unit(m.Unit), State: v.State(b.Rules.Procedure, m.State),
		Percent: b.Progress.Percent, Changed: v.Recorded(m.Changed, b.Rules.Location), Waits: b.Waits(), Level: level}
	row.Light, row.LightSaid = v.lightOf(b)
	row.Report, _ = m.Fields["report_text"].(string)
	row.Evidence, _ = m.Fields["evidence"].(string)
	if due := lastDay(b); !due.IsZero() && m.Ended == "" {
		row.Due = v.Ending(due, b.Rules)
		row.Left, _, _ = v.Left(now, due, b.Rules.Location)
	}
	if n := b.Progress.Parts; n > 0 {
		row.Below = v.T("directives.below", b.Progress.Ended, n)
	}
	return row
}

// lastDay is when the directive has to be done, or, when that clock does not run, what is due next; zero for nothing.
func lastDay(b *casework.Branch) time.Time {
	for i := range b.Matter.Clocks {
		if c := &b.Matter.Clocks[i]; c.Until != "" && c.Open() {
			return c.DueAt(b.Rules.Location)
		}
	}
	return b.Matter.NextDueAt(b.Rules.Location)
}

// officeRows add up, for each office right below the top of the trees, what it and those below it have.
func (s *Pages) officeRows(v words, roots []*casework.Branch) []officeRow {
	byUnit := map[string]*officeRow{}
	sum := map[string]int{}
	var order []string
	add := func(b *casework.Branch) {
		row := byUnit[b.Matter.Unit]
		if row == nil {
			row = &officeRow{Name: v.Unit(b.Matter.Unit)}
			byUnit[b.Matter.Unit] = row
			order = append(order, b.Matter.Unit)
		}
		if b.Progress.Gone {
			return
		}
		sum[b.Matter.Unit] += b.Progress.Percent
		if b.Matter.Ended != "" {
			row.Done++
			return
		}
		row.Open++
		if b.Progress.Late > 0 {
			row.Late++
		} else if b.Progress.Soon > 0 {
			row.Soon++
		}
	}
	for _, root := range roots {
		if root.Matter.Unit == root.Matter.Issuer && len(root.Parts) > 0 {
			for _, part := range root.Parts {
				add(part)
			}
			continue
		}
		add(root)
	}
	var out []officeRow
	for _, unit := range order {
		row := byUnit[unit]
		if n := int(row.Open + row.Done); n > 0 {
			row.Percent = sum[unit] / n
		}
		row.Path = "/desk/directives?" + url.Values{"unit": {unit}, "show": {"given"}}.Encode()
		row.Light, row.LightSaid = "good", v.T("directives.light-good")
		switch {
		case row.Late > 0:
			row.Light, row.LightSaid = "late", v.T("directives.light-late")
		case row.Soon > 0:
			row.Light, row.LightSaid = "soon", v.T("directives.light-soon")
		case row.Open == 0:
			row.LightSaid = v.T("directives.light-done")
		}
		out = append(out, *row)
	}
	slices.SortStableFunc(out, func(a, b officeRow) int {
		return cmp.Or(cmp.Compare(b.Late, a.Late), cmp.Compare(b.Soon, a.Soon), cmp.Compare(a.Percent, b.Percent))
	})
	return out
}

// branchPage is one directive with all below it.
type branchPage struct {
	site.Frame
	Row     boardRow
	Task    string
	Measure string
	Reports []reportView
	Parts   []boardRow // all levels, in order of the tree
	Hidden  int
	Tiles   []tileGroup // the offices of the last level, side by side
	Public  bool
}

func (*branchPage) Template() string { return "branch" }

type reportView struct{ Time, Who, Text, Alike string }

// tileGroup are offices side by side, as on a map, by the area they lie in.
type tileGroup struct {
	Name  string
	Tiles []tile
}

type tile struct{ Name, Path, Light, LightSaid, Percent string }

// DirectiveTree shows one directive with everything below it.
func (s *Pages) DirectiveTree(w http.ResponseWriter, r *http.Request, a office.Actor) error {
	v := s.words(site.LanguageOf(r))
	f, err := s.Service.Read(r.Context(), a, r.PathValue("number"))
	if err != nil {
		return err
	}
	trees, err := s.Service.Trees(r.Context(), a, []string{f.Matter.Number})
	if err != nil {
		return err
	}
	if len(trees) == 0 {
		return site.ErrNoPage()
	}
	b, now := trees[0], s.Service.Now()
	page := &branchPage{Row: s.boardRow(v, b, 0, now), Hidden: b.Hidden}
	page.Title, page.Staff = b.Matter.Title, v.Account(a.Account.Login)
	page.Task, _ = b.Matter.Fields["task"].(string)
	page.Measure, _ = b.Matter.Fields["measure"].(string)
	page.Public, _ = b.Matter.Fields["listed"].(bool)
	page.Reports = v.reports(f)
	all := parts(b)
	alikes := alikeReports(v, all)
	for _, p := range all {
		row := s.boardRow(v, p.branch, p.level, now)
		row.Alike = alikes[row.Number]
		page.Parts = append(page.Parts, row)
	}
	page.Tiles = v.tiles(all)
	return s.Render(w, r, http.StatusOK, page)
}

// leveled is a branch with its depth.
type leveled struct {
	level  int
	branch *casework.Branch
}

func parts(b *casework.Branch) []leveled {
	var all []leveled
	b.Each(func(level int, x *casework.Branch) {
		if level > 0 {
			all = append(all, leveled{level, x})
		}
	})
	return all
}

// reports are those that the office itself has made, the newest first; each that says the same as an earlier one is marked.
func (v words) reports(f *casework.File) []reportView {
	all := f.ReportsOf("report_text")
	var out []reportView
	var texts []alike.Text
	for _, x := range all {
		view := reportView{Time: v.Recorded(x.Time, f.Rules.Location), Who: v.Account(x.Login), Text: x.Text}
		t := alike.New(x.Text)
		for i, earlier := range texts {
			if t.Resemblance(earlier) >= alike.Enough {
				view.Alike = v.T("directives.alike-own", out[i].Time)
			}
		}
		texts, out = append(texts, t), append(out, view)
	}
	slices.Reverse(out)
	return out
}

// alikeReports marks the parts whose last reports say the same in the same words, by number.
func alikeReports(v words, all []leveled) map[string]string {
	texts := make([]alike.Text, len(all))
	for i, p := range all {
		if said, ok := p.branch.Matter.Fields["report_text"].(string); ok {
			texts[i] = alike.New(said)
		}
	}
	out := map[string]string{}
	for _, group := range alike.Groups(texts) {
		for _, i := range group {
			var others []string
			for _, j := range group {
				if j != i && len(others) < 3 {
					others = append(others, v.Unit(all[j].branch.Matter.Unit))
				}
			}
			out[all[i].branch.Matter.Number] = v.T("directives.alike", len(group)-1, strings.Join(others, v.T("list")))
		}
	}
	return out
}

// manyTiles is from how many parts on they are shown side by side too.
const manyTiles = 8

// tiles show the offices that have no parts of their own, by the office above them.
func (v words) tiles(all []leveled) []tileGroup {
	if len(all) < manyTiles {
		return nil
	}
	var out []tileGroup
	at := map[string]int{}
	for _, p := range all {
		b := p.branch
		if len(b.Parts) > 0 {
			continue
		}
		u, _ := v.Staff.Tree.Unit(b.Matter.Unit)
		i, ok := at[u.Parent]
		if !ok {
			i = len(out)
			at[u.Parent] = i
			out = append(out, tileGroup{Name: v.Unit(u.Parent)})
		}
		t := tile{Name: v.Unit(b.Matter.Unit), Path: "/desk/directives/" + b.Matter.Number, Percent: v.T("directives.percent", b.Progress.Percent)}
		t.Light, t.LightSaid = v.lightOf(b)
		out[i].Tiles = append(out[i].Tiles, t)
	}
	return out
}
