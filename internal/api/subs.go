package api

import (
	"luoshi/internal/casework"
	"luoshi/internal/ledger"
	"luoshi/internal/procedure"
)

// Opened is the sub-matter that a step has opened.
type Opened struct {
	Number    string          `json:"number"`
	Sub       string          `json:"sub" doc:"what the procedure of the matter calls it"`
	Procedure string          `json:"procedure"`
	State     string          `json:"state"`
	Unit      string          `json:"unit"`
	Receipt   *ledger.Receipt `json:"receipt" doc:"of its first entry, without content; see doc/log-format.md"`
}

func opened(out *casework.Outcome) *Opened {
	if out == nil {
		return nil
	}
	m := out.Matter
	return &Opened{m.Number, m.Parent.Sub, m.Procedure, m.State, m.Unit, out.Receipt}
}

// StepOpens is the sub-matter that a step would open.
type StepOpens struct {
	Sub       string `json:"sub"`
	Title     string `json:"title"`
	Procedure string `json:"procedure" doc:"id; its newest version"`
	Unit      string `json:"unit" enum:"owner,referrer,superior,choose,several" doc:"which office gets it; with choose it is named in sub.unit, with several in sub.units"`
}

func stepOpens(p *procedure.Procedure, st *procedure.Step, lang string) *StepOpens {
	if st.Opens == nil {
		return nil
	}
	sub := p.Sub(st.Opens.Sub)
	return &StepOpens{sub.Name, sub.Title.In(lang), sub.Procedure, st.Opens.Unit}
}

// StepTells is what a step would tell the sub-matters of a kind.
type StepTells struct {
	Sub   string `json:"sub"`
	Title string `json:"title" doc:"what the procedure calls them"`
	Step  string `json:"step" doc:"of their procedure"`
	Does  string `json:"does,omitempty" doc:"its title there, by the newest version"`
}

func (a *API) stepTells(p *procedure.Procedure, st *procedure.Step, lang string) []StepTells {
	var out []StepTells
	for _, t := range st.Tells {
		sub := p.Sub(t.Sub)
		view := StepTells{Sub: t.Sub, Title: sub.Title.In(lang), Step: t.Step}
		if there := a.Service.Told(sub, &t); there != nil {
			view.Does = there.Title.In(lang)
		}
		out = append(out, view)
	}
	return out
}

// openedEach are the sub-matters that a step has opened at several offices.
func openedEach(all []*casework.Outcome) []*Opened {
	var out []*Opened
	for _, o := range all {
		out = append(out, opened(o))
	}
	return out
}

func subLinks(links []casework.Link) []*SubLink {
	var out []*SubLink
	for i := range links {
		out = append(out, subLink(&links[i]))
	}
	return out
}

// SubLink names a sub-matter in an entry. The number is left out for a reader who may not see that matter.
type SubLink struct {
	Sub    string `json:"sub"`
	Number string `json:"number,omitempty"`
}

func subLink(l *casework.Link) *SubLink {
	if l == nil {
		return nil
	}
	return &SubLink{l.Sub, l.Matter}
}

// Related is a matter that this one is part of, or one of its sub-matters. Who may not see that matter learns that it
// exists and whether it has ended; of its own sub-matters also what the procedure calls them.
type Related struct {
	Sub        string `json:"sub,omitempty" doc:"what the procedure of the whole calls the part"`
	Title      string `json:"title,omitempty" doc:"the same in words"`
	Ended      bool   `json:"ended"`
	Number     string `json:"number,omitempty" doc:"like all that follows only for who may read that matter"`
	Procedure  string `json:"procedure,omitempty"`
	State      string `json:"state,omitempty"`
	StateTitle string `json:"state_title,omitempty"`
	Unit       string `json:"unit,omitempty"`
	Due        string `json:"due,omitempty" doc:"instant at which its first running clock ends"`
	Shown      *Shown `json:"shown,omitempty" doc:"of the whole: what its procedure shows to those who may read this matter, whether or not they may read that one"`
}

// Shown is what is seen in a sub-matter of the matter that it is part of, as it is there now.
type Shown struct {
	Procedure  string       `json:"procedure" doc:"id of the whole's"`
	Title      string       `json:"title" doc:"of that procedure"`
	State      string       `json:"state"`
	StateTitle string       `json:"state_title"`
	Where      string       `json:"where" doc:"where the whole stands, in one sentence"`
	Fields     []ShownField `json:"fields" doc:"those that are shown, in the order of the procedure"`
	Changed    string       `json:"changed,omitempty" doc:"when one of them last got another value"`
	Later      bool         `json:"changed_after_last_act" doc:"that was after staff of the office that has this matter last took a step in it"`
}

// ShownField is a field of the whole. Its files are found below this matter's own files.
type ShownField struct {
	Name   string `json:"name"`
	Title  string `json:"title"`
	Type   string `json:"type"`
	Value  any    `json:"value,omitempty" doc:"as fields of matters have it"`
	Erased bool   `json:"erased,omitempty" doc:"it has no value, and the content of the whole was erased"`
}

func shown(of *casework.Shown, lang string) *Shown {
	if of == nil {
		return nil
	}
	p := of.Rules.Procedure
	out := &Shown{Procedure: p.ID, Title: p.Title.In(lang), Fields: []ShownField{}, Changed: of.Changed, Later: of.Later}
	if st := of.State; st != nil {
		out.State, out.StateTitle, out.Where = st.Name, st.Title.In(lang), st.Public.In(lang)
	}
	for _, fd := range of.Fields {
		value, ok := of.Values[fd.Name]
		out.Fields = append(out.Fields, ShownField{Name: fd.Name, Title: fd.Title.In(lang), Type: fd.Type, Value: value, Erased: !ok && of.Erased})
	}
	return out
}

func (a *API) parent(f *casework.File, lang string) *Related {
	if f.Whole == nil {
		return nil
	}
	r := related(f.Whole, lang)
	if f.Whole.Rules != nil {
		r.Title = titleOfSub(f.Whole.Rules.Procedure, r.Sub, lang)
	}
	return &r
}

func (a *API) subs(f *casework.File, lang string) []Related {
	out := make([]Related, len(f.Parts))
	for i, part := range f.Parts {
		out[i] = related(part, lang)
		out[i].Title = titleOfSub(f.RulesOfPart(i).Procedure, part.Sub, lang)
	}
	return out
}

func titleOfSub(p *procedure.Procedure, name, lang string) string {
	if sub := p.Sub(name); sub != nil {
		return sub.Title.In(lang)
	}
	return name
}

func related(r *casework.Related, lang string) Related {
	out := Related{Sub: r.Sub, Ended: r.Ended != "", Shown: shown(r.Shown, lang)}
	if m := r.Matter; m != nil {
		out.Number, out.Procedure, out.State, out.Unit, out.Due = m.Number, m.Procedure, m.State, m.Unit, instant(m.NextDueAt(r.Rules.Location))
		if st := r.Rules.Procedure.State(m.State); st != nil {
			out.StateTitle = st.Title.In(lang)
		}
	}
	return out
}
