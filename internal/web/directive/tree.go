package directive

import (
	"net/http"
	"slices"
	"strings"

	"luoshi/internal/alike"
	"luoshi/internal/casework"
	"luoshi/internal/office"
	"luoshi/internal/web/site"
)

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
	Listed  string    // address of the public list
	Urge    *urgeView // nil when nobody can be reminded
	Urged   *urgedView
}

func (*branchPage) Template() string { return "branch" }

type reportView struct{ Time, Who, Text, Alike string }

// DirectiveTree shows one directive with everything below it.
func (s *Pages) DirectiveTree(w http.ResponseWriter, r *http.Request, a office.Actor) error {
	page, err := s.newBranchPage(r, a)
	if err != nil {
		return err
	}
	return s.Render(w, r, http.StatusOK, page)
}

func (s *Pages) newBranchPage(r *http.Request, a office.Actor) (*branchPage, error) {
	v := s.words(site.LanguageOf(r))
	f, err := s.Service.Read(r.Context(), a, r.PathValue("number"))
	if err != nil {
		return nil, err
	}
	trees, err := s.Service.Trees(r.Context(), a, []string{f.Matter.Number})
	if err != nil {
		return nil, err
	}
	if len(trees) == 0 {
		return nil, site.ErrNoPage()
	}
	b, now := trees[0], s.Service.Now()
	page := &branchPage{Row: s.boardRow(v, b, 0, now), Hidden: b.Hidden}
	page.Title, page.Staff = b.Matter.Title, v.Account(a.Account.Login)
	page.Task, _ = b.Matter.Fields["task"].(string)
	page.Measure, _ = b.Matter.Fields["measure"].(string)
	page.Public, _ = b.Matter.Fields["listed"].(bool)
	page.Paper = v.T("directives.paper", b.Matter.Number, page.Row.Unit, v.Clock(now, b.Rules.Location))
	page.Reports = v.reports(f)
	all := parts(b)
	alikes := alikeReports(v, all)
	for _, p := range all {
		row := s.boardRow(v, p.branch, p.level, now)
		row.Alike = alikes[row.Number]
		page.Parts = append(page.Parts, row)
	}
	page.Tiles = v.tiles(all)
	page.Urge = v.urge(b.Matter.Number, s.Service.Urgent(a, b))
	return page, nil
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
