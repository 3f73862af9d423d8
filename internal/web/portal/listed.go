package portal

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"luoshi/internal/casework"
	"luoshi/internal/web/matter"
	"luoshi/internal/web/part"
	"luoshi/internal/web/site"
)

// listedPage is what offices have listed for the public to watch.
type listedPage struct {
	site.Frame
	At         string
	Units      []site.Option
	Figures    []listedFigure
	Rows       []listedRow
	Nothing    part.Empty
	Prev, Next string // addresses of the pages before and behind
	First      int    // number of the first row
	All        int
}

func (*listedPage) Template() string { return "listed" }

type listedFigure struct {
	Key, Title string
	N          int64
}

// listedRow is one matter of the list. Light is the class of a tag, whose words are LightSaid.
type listedRow struct {
	Number, Path, Unit, State, Public string
	Light, LightSaid                  string
	Due, Left                         string
	Since, Ended                      string
	Fields                            []matter.FieldView
}

// listedPerPage is how many stand on a page.
const listedPerPage = 50

// Listed answers `GET /listed?unit=…&page=…`.
func (s *Pages) Listed(w http.ResponseWriter, r *http.Request) error {
	v, q := s.words(site.LanguageOf(r)), r.URL.Query()
	everything, err := s.Service.Listed(r.Context(), "")
	if err != nil {
		return err
	}
	unit := q.Get("unit")
	views := slices.DeleteFunc(slices.Clone(everything), func(p *casework.PublicView) bool {
		return unit != "" && !s.Service.Tree().Within(p.Unit, unit)
	})
	page := &listedPage{All: len(views), At: v.Clock(s.Service.Now(), s.Service.Location()), Units: v.listedUnits(everything, unit),
		Figures: v.listedFigures(views), Nothing: part.Empty{Title: v.T("listed.none"), Text: v.T("listed.none-do")}}
	page.Title = v.T("listed.title")
	if unit != "" && len(everything) > 0 {
		page.Nothing.Path, page.Nothing.Link = "/listed", v.T("listed.everywhere")
	}
	n, _ := strconv.Atoi(q.Get("page"))
	from := max(0, min(n-1, (len(views)-1)/listedPerPage)) * listedPerPage
	page.First = from + 1
	for _, p := range views[from:min(from+listedPerPage, len(views))] {
		page.Rows = append(page.Rows, s.listedRow(v, p))
	}
	at := func(n int) string {
		q := url.Values{"page": {strconv.Itoa(n)}}
		if unit != "" {
			q.Set("unit", unit)
		}
		return "/listed?" + q.Encode()
	}
	if from > 0 {
		page.Prev = at(from / listedPerPage)
	}
	if from+listedPerPage < len(views) {
		page.Next = at(from/listedPerPage + 2)
	}
	return s.Render(w, r, http.StatusOK, page)
}

// listedLight is the tag of a listed matter and its words.
func (v words) listedLight(p *casework.PublicView) (class, said string) {
	switch p.Light {
	case casework.LightEnded:
		return "plain", v.T("listed.light-ended")
	case casework.LightRed:
		return "late", v.T("listed.light-late")
	case casework.LightYellow:
		return "soon", v.T("listed.light-soon")
	}
	return "good", v.T("listed.light-good")
}

func (s *Pages) listedRow(v words, p *casework.PublicView) listedRow {
	row := listedRow{Number: p.Number, Path: "/public?" + url.Values{"number": {p.Number}}.Encode(), State: v.Say(p.State.Title), Public: v.Say(p.State.Public),
		Since: v.Day(p.Listed.In(p.Rules.Location)), Fields: v.FieldViews(p.Procedure, withoutLastDay(p))}
	row.Light, row.LightSaid = v.listedLight(p)
	if p.Unit != "" {
		row.Unit = v.Unit(p.Unit)
	}
	if !p.Ended.IsZero() {
		row.Ended = v.Day(p.Ended.In(p.Rules.Location))
		return row
	}
	if end := p.LastDay; !end.IsZero() {
		row.Due = v.Ending(end, p.Rules)
		row.Left, _, _ = v.Left(s.Service.Now(), end, p.Rules.Location)
	}
	return row
}

// withoutLastDay are the public fields but for the day on which a clock ends, which is said with what is left of it.
func withoutLastDay(p *casework.PublicView) map[string]any {
	fields := maps.Clone(p.Fields)
	for _, c := range p.Clocks {
		delete(fields, c.Declared.Until)
	}
	return fields
}

// listedFigures count the lights of what is listed.
func (v words) listedFigures(views []*casework.PublicView) []listedFigure {
	n := map[casework.Light]int64{}
	for _, p := range views {
		n[p.Light]++
	}
	return []listedFigure{{"late", v.T("listed.light-late"), n[casework.LightRed]}, {"soon", v.T("listed.light-soon"), n[casework.LightYellow]},
		{"good", v.T("listed.light-good"), n[casework.LightGreen]}, {"ended", v.T("listed.light-ended"), n[casework.LightEnded]}}
}

// listedUnits are the offices with something on the list, and what they lie in, in the order of the tree.
func (v words) listedUnits(views []*casework.PublicView, chosen string) []site.Option {
	busy := map[string]bool{}
	for _, p := range views {
		for _, code := range v.Staff.Tree.Path(p.Unit) {
			busy[code] = true
		}
	}
	options := []site.Option{{Value: "", Label: v.T("listed.everywhere"), Chosen: chosen == ""}}
	for _, u := range v.Staff.Tree.All() {
		if busy[u.Code] {
			options = append(options, site.Option{Value: u.Code, Label: v.Unit(u.Code), Chosen: u.Code == chosen})
		}
	}
	return options
}
