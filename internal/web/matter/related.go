package matter

import (
	"net/url"

	"luoshi/internal/casework"
	"luoshi/internal/procedure"
	"luoshi/internal/web/site"
)

// RelatedView is a matter that the one on the page is part of, or a part of it. A reader who may not see that matter
// gets title and Ended alone, and of a whole not even the title.
type RelatedView struct {
	Title  string
	Number string
	Path   string
	State  string
	Unit   string
	Date   string // until when something must be done there
	Left   string
	Late   bool
	Soon   bool
	Ended  bool
	Shown  *ShownView // of a whole: what of it is seen here; nil for nothing
}

// shownSubs is how many sub-matters an entry names that opened many; the others are listed with the matter.
const shownSubs = 20

// subLine is what an entry says of a sub-matter.
type subLine struct {
	Ended  bool // it has ended; otherwise it was opened
	Title  string
	Number string // empty for a reader who may not see it
	Path   string
}

// Whole is what the matter is part of, nil if of nothing.
func (s *Pages) Whole(v Words, f *casework.File) *RelatedView {
	if f.Whole == nil {
		return nil
	}
	view := s.relatedView(v, f.Whole)
	if r := f.Whole; r.Rules != nil {
		view.Title = v.Say(r.Rules.Procedure.Title)
	}
	if shown := f.Whole.Shown; shown != nil {
		view.Shown = v.shown(shown, f)
	}
	return &view
}

// Parts are the matters that are part of this one.
func (s *Pages) Parts(v Words, f *casework.File) []RelatedView {
	var views []RelatedView
	for i, part := range f.Parts {
		view := s.relatedView(v, part)
		view.Title = v.Sub(f.RulesOfPart(i).Procedure, part.Sub)
		views = append(views, view)
	}
	return views
}

func (s *Pages) relatedView(v Words, r *casework.Related) RelatedView {
	view := RelatedView{Ended: r.Ended != ""}
	m := r.Matter
	if m == nil {
		return view
	}
	view.Number, view.Path, view.Unit = m.Number, "/desk/m/"+m.Number, v.Unit(m.Unit)
	view.State = v.State(r.Rules.Procedure, m.State)
	if due := m.NextDueAt(r.Rules.Location); !due.IsZero() && !view.Ended {
		var days int
		view.Date = v.Ending(due, r.Rules)
		view.Left, view.Late, days = v.Left(s.Service.Now(), due, r.Rules.Location)
		view.Soon = !view.Late && days <= SoonDays
	}
	return view
}

// Sub is what the procedure calls a sub-matter.
func (v Words) Sub(p *procedure.Procedure, name string) string {
	if sub := p.Sub(name); sub != nil {
		return v.Say(sub.Title)
	}
	return name
}

// subLines are what an act says of sub-matters: that one was opened, that one has ended.
func (v Words) subLines(act *casework.Act, p *procedure.Procedure) []subLine {
	var lines []subLine
	add := func(link *casework.Link, ended bool) {
		if link == nil {
			return
		}
		line := subLine{Ended: ended, Title: v.Sub(p, link.Sub), Number: link.Matter}
		if link.Matter != "" {
			line.Path = "/desk/m/" + link.Matter
		}
		lines = append(lines, line)
	}
	add(act.Ended, true)
	add(act.Opens, false)
	for i := range act.EndedEach[:min(len(act.EndedEach), shownSubs)] {
		add(&act.EndedEach[i], true)
	}
	for i := range act.OpensEach[:min(len(act.OpensEach), shownSubs)] {
		add(&act.OpensEach[i], false)
	}
	return lines
}

// tellLines say what a step will have done in the sub-matters that have not ended.
func (s *Pages) tellLines(v Words, f *casework.File, st *procedure.Step) []string {
	var lines []string
	outstanding := f.Matter.Outstanding()
	for _, t := range st.Tells {
		sub := f.Procedure.Sub(t.Sub)
		if there := s.Service.Told(sub, &t); there != nil && outstanding[t.Sub] > 0 {
			lines = append(lines, v.T("ahead.tells", v.Say(sub.Title), outstanding[t.Sub], v.Say(there.Title)))
		}
	}
	return lines
}

// SubInputs ask for what a step has to know of the sub-matter that it opens.
func (s *Pages) SubInputs(v Words, f *casework.File, st *procedure.Step, prefix string, form url.Values) []*site.Input {
	if st.Opens == nil {
		return nil
	}
	var inputs []*site.Input
	if rules := s.Service.Rules(f.Procedure.Sub(st.Opens.Sub).Procedure); rules != nil && st.Opens.Unit == procedure.OpensAtChosen {
		in := &site.Input{ID: prefix + "sub-unit", Name: "sub-unit", Label: v.T("sub.unit"), Kind: "select", Required: true}
		v.chooseUnit(in, v.receiving(rules.Procedure.Open.Units, s.Service.Now().In(rules.Location), ""), f.Matter.Unit, form)
		inputs = append(inputs, in)
	}
	if st.Opens.Unit == procedure.OpensAtSeveral {
		inputs = append(inputs, s.severalUnits(v, f, st, prefix, form))
	}
	return append(inputs, &site.Input{ID: prefix + "sub-title", Name: "sub-title", Label: v.T("sub.title"), Hint: v.T("sub.title-hint"),
		Kind: "string", Value: form.Get("sub-title")})
}

// openingOf reads what subInputs asked for.
func openingOf(form url.Values) *casework.SubOpening {
	o := casework.SubOpening{Unit: form.Get("sub-unit"), Title: site.Lines(form.Get("sub-title")), Units: form["sub-units"], Each: form["sub-each"]}
	if o.Unit == "" && o.Title == "" && len(o.Units)+len(o.Each) == 0 {
		return nil
	}
	return &o
}
