package web

import (
	"net/url"

	"luoshi/internal/casework"
	"luoshi/internal/procedure"
)

// relatedView is a matter that the one on the page is part of, or a part of it. A reader who may not see that matter
// gets title and Ended alone, and of a whole not even the title.
type relatedView struct {
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
}

// subLine is what an entry says of a sub-matter.
type subLine struct {
	Ended  bool // it has ended; otherwise it was opened
	Title  string
	Number string // empty for a reader who may not see it
	Path   string
}

// whole is what the matter is part of, nil if of nothing.
func (s *site) whole(v words, f *casework.File) *relatedView {
	if f.Whole == nil {
		return nil
	}
	view := s.relatedView(v, f.Whole)
	if r := f.Whole; r.Rules != nil {
		view.Title = r.Rules.Procedure.Title.In(v.lang)
	}
	return &view
}

func (s *site) parts(v words, f *casework.File) []relatedView {
	var views []relatedView
	for i, part := range f.Parts {
		view := s.relatedView(v, part)
		view.Title = v.sub(f.RulesOfPart(i).Procedure, part.Sub)
		views = append(views, view)
	}
	return views
}

func (s *site) relatedView(v words, r *casework.Related) relatedView {
	view := relatedView{Ended: r.Ended != ""}
	m := r.Matter
	if m == nil {
		return view
	}
	view.Number, view.Path, view.Unit = m.Number, "/desk/m/"+m.Number, v.unit(m.Unit)
	view.State = v.state(r.Rules.Procedure, m.State)
	if due := m.NextDueAt(r.Rules.Location); !due.IsZero() && !view.Ended {
		var days int
		view.Date = v.ending(due, r.Rules)
		view.Left, view.Late, days = v.left(s.service.Now(), due, r.Rules.Location)
		view.Soon = !view.Late && days <= soonDays
	}
	return view
}

// sub is what the procedure calls a sub-matter.
func (v words) sub(p *procedure.Procedure, name string) string {
	if sub := p.Sub(name); sub != nil {
		return sub.Title.In(v.lang)
	}
	return name
}

// subLines are what an act says of sub-matters: that one was opened, that one has ended.
func (v words) subLines(act *casework.Act, p *procedure.Procedure) []subLine {
	var lines []subLine
	add := func(link *casework.Link, ended bool) {
		if link == nil {
			return
		}
		line := subLine{Ended: ended, Title: v.sub(p, link.Sub), Number: link.Matter}
		if link.Matter != "" {
			line.Path = "/desk/m/" + link.Matter
		}
		lines = append(lines, line)
	}
	add(act.Ended, true)
	add(act.Opens, false)
	return lines
}

// subInputs ask for what a step has to know of the sub-matter that it opens.
func (s *site) subInputs(v words, f *casework.File, st *procedure.Step, prefix string, form url.Values) []*input {
	if st.Opens == nil {
		return nil
	}
	var inputs []*input
	if rules := s.service.Rules(f.Procedure.Sub(st.Opens.Sub).Procedure); rules != nil && st.Opens.Unit == procedure.OpensAtChosen {
		in := &input{ID: prefix + "sub-unit", Name: "sub-unit", Label: v.t("sub.unit"), Kind: "select", Required: true}
		v.chooseUnit(in, v.receiving(rules.Procedure.Open.Units, s.service.Now().In(rules.Location), ""), f.Matter.Unit, form)
		inputs = append(inputs, in)
	}
	return append(inputs, &input{ID: prefix + "sub-title", Name: "sub-title", Label: v.t("sub.title"), Hint: v.t("sub.title-hint"),
		Kind: "string", Value: form.Get("sub-title")})
}

// openingOf reads what subInputs asked for.
func openingOf(form url.Values) *casework.SubOpening {
	o := casework.SubOpening{Unit: form.Get("sub-unit"), Title: lines(form.Get("sub-title"))}
	if o == (casework.SubOpening{}) {
		return nil
	}
	return &o
}
