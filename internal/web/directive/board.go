package directive

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strings"

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
	Slipped  []slipView
	Offices  []tileGroup
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
	page.Paper = v.T("directives.paper", page.Title, page.Unit, page.At)
	page.Figures = v.boardFigures(b.roots)
	for _, root := range b.roots {
		page.Rows = append(page.Rows, s.boardRow(v, root, 0, now))
		root.Each(func(_ int, x *casework.Branch) {
			page.Slipped = append(page.Slipped, v.slips(x, now.AddDate(0, 0, -7))...)
		})
	}
	slices.SortStableFunc(page.Slipped, func(x, y slipView) int { return cmp.Compare(y.at, x.at) })
	page.Offices = v.officeTiles(b.roots)
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
