package portal

import (
	"strings"

	"luoshi/internal/procedure"
	"luoshi/internal/procedure/prose"
)

// stateView is a state with what can be done there.
type stateView struct {
	ID     string // in the page
	Title  string
	Public string // what the parties are told
	End    bool
	Here   bool // the matter stands here
	Clocks []string
	Steps  []stepView
}

// stepView is a step as it can be taken from one state.
type stepView struct {
	Title     string
	Who       string
	Help      string
	To        string // title of the state it leads to; empty: stays
	Ends      bool
	Onward    string // the procedure in which the matter goes on; empty: it stays in this one
	OnwardAt  string // its page; empty when it is not published
	Asked     string
	Opens     string // title of the sub-matter
	Waits     string // titles of the sub-matters to wait for
	OnlyIf    string // the condition in words
	Otherwise string // what is told when it is not met
	Remedy    string
}

func (v words) stateViews(p *procedure.Procedure, here string) (views []stateView) {
	running := p.Running()
	for i := range p.States {
		s := &p.States[i]
		view := stateView{ID: "state-" + s.Name, Title: v.Say(s.Title), Public: v.Say(s.Public), End: s.End, Here: s.Name == here}
		for j := range p.Clocks {
			c := &p.Clocks[j]
			if !running[c][s.Name] {
				continue
			}
			text := v.T("procedure.limit", v.Say(c.Title), c.Length(p, &c.Rule, v.Lang))
			if p.Suspended(c, s.Name) {
				text = v.T("procedure.limit-suspended", v.Say(c.Title))
			}
			view.Clocks = append(view.Clocks, text)
		}
		for _, step := range p.From(s.Name) {
			view.Steps = append(view.Steps, v.stepView(p, step, s.Name))
		}
		views = append(views, view)
	}
	return views
}

func (v words) stepView(p *procedure.Procedure, s *procedure.Step, from string) stepView {
	view := stepView{Title: v.Say(s.Title), Who: p.WhoIn(s.By, v.Lang), Help: v.Say(s.Help), Remedy: v.Say(s.Remedy)}
	if s.Continues != nil {
		view.Onward = s.Continues.Procedure
	} else if to := s.Target(from); to != from {
		view.To = v.State(p, to)
		view.Ends = p.State(to) != nil && p.State(to).End
	}
	var asked []string
	for _, use := range s.Fields {
		if f := p.Field(use.Name); f != nil {
			asked = append(asked, v.Say(f.Title))
		}
	}
	view.Asked = strings.Join(asked, v.T("list"))
	if s.Opens != nil {
		view.Opens = v.Sub(p, s.Opens.Sub)
	}
	view.Waits = v.each(s.Waits, func(name, _ string) string { return v.Sub(p, name) })
	if s.Guard != nil {
		view.OnlyIf, view.Otherwise = prose.Condition(p, s.Guard, v.Lang), v.Say(s.Guard.Else)
	}
	return view
}

// nameOnward gives the procedures in which matters go on their titles and addresses.
func (s *Pages) nameOnward(v words, steps []stepView) {
	for i := range steps {
		if p := s.Service.Published()[steps[i].Onward]; p != nil {
			steps[i].Onward, steps[i].OnwardAt = v.Say(p.Title), "/procedures/"+p.ID
		}
	}
}

// limitView is a declared time limit.
type limitView struct {
	Title     string
	Whose     string
	Rules     []ruleView
	Starts    string
	Stops     string
	Suspended []string
	Lapse     string
}

// ruleView is how long by which law, for clocks that begin on certain days.
type ruleView struct {
	When      string // which days; empty: always
	Period    string
	Basis     basisView
	Extension string
}

func (v words) limitViews(p *procedure.Procedure) (views []limitView) {
	event := func(name, _ string) string {
		if s := p.Step(name); s != nil {
			return v.Say(s.Title)
		}
		return v.T("procedure.brought")
	}
	for i := range p.Clocks {
		c := &p.Clocks[i]
		view := limitView{Title: v.Say(c.Title), Whose: v.T("procedure.whose-office"), Starts: v.each(c.Starts, event), Stops: v.each(c.Stops, event),
			Lapse: v.T("procedure.late")}
		if c.Responsible == procedure.ResponsibleParty {
			view.Whose, view.Lapse = v.T("procedure.whose-party"), v.T("procedure.over")
		}
		if c.Responsible == procedure.ResponsibleIssuer {
			view.Whose = v.T("procedure.whose-issuer")
		}
		if c.Lapse != "" {
			view.Lapse = v.T("procedure.lapse", event(c.Lapse, ""))
		}
		for j := range c.Rules {
			view.Rules = append(view.Rules, v.ruleView(p, c, &c.Rules[j]))
		}
		for _, s := range c.SuspendedIn {
			text := v.State(p, s.State)
			if reason := v.Say(s.Reason); reason != "" {
				text = v.T("procedure.suspended-why", text, reason)
			}
			view.Suspended = append(view.Suspended, text)
		}
		views = append(views, view)
	}
	return views
}

func (v words) ruleView(p *procedure.Procedure, c *procedure.Clock, x *procedure.Rule) ruleView {
	view := ruleView{Period: c.Length(p, x, v.Lang), Basis: v.basisView(p.Languages[0], x.Basis)}
	switch {
	case x.ValidFrom != "" && x.ValidTo != "":
		view.When = v.T("procedure.valid-between", v.IsoDay(x.ValidFrom), v.IsoDay(x.ValidTo))
	case x.ValidFrom != "":
		view.When = v.T("procedure.valid-from", v.IsoDay(x.ValidFrom))
	case x.ValidTo != "":
		view.When = v.T("procedure.valid-to", v.IsoDay(x.ValidTo))
	}
	if e := x.Extension; e != nil && c.Until != "" {
		view.Extension = v.T("procedure.extension-day", e.Max)
	} else if e != nil {
		view.Extension = v.longer(e)
	}
	return view
}
