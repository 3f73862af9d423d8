package author

import (
	"encoding/json"
	"fmt"
	"net/url"
	"slices"

	"luoshi/internal/casework"
	"luoshi/internal/casework/trial"
	"luoshi/internal/procedure"
	"luoshi/internal/web/matter"
	"luoshi/internal/web/site"
)

// openForm asks for what begins the matter, filled in from the declared example, or with what was typed.
func (s *Pages) openForm(v words, sit *sitting, typed url.Values, refused *refusal) *openForm {
	p := sit.play.Procedure
	form := inner(typed, "open")
	if len(form) == 0 {
		form = exampleForm(p)
	}
	today := sit.play.Now().In(s.Service.Rules(p.Key()).Location)
	if form.Get("unit") == "" && len(p.Open.Units) > 0 {
		form.Set("unit", p.Open.Units[0]+"-1")
	}
	if role := typed.Get("add"); role != "" {
		form.Set("add", role)
	}
	page := &matter.Asked{Inputs: v.LodgeInputs(p, form, today), Parties: v.PartySections(p, form)}
	if refused != nil && refused.choice == "open" {
		page.AddProblems(v.Words, refused.err.Fields)
	}
	by := &site.Input{ID: "by", Name: "by", Label: v.T("try.by"), Kind: "select", Required: true, Value: typed.Get("by")}
	for i, who := range sit.play.Openers() {
		by.Options = append(by.Options, site.Option{Value: who, Label: v.opener(who), Chosen: who == by.Value || by.Value == "" && i == 0})
	}
	page.Inputs = slices.Insert(page.Inputs, 1, v.channelInput(p, form))
	for _, in := range page.Inputs {
		v.standIn(in)
		in.Name = "open/" + in.Name
	}
	for i := range page.Parties {
		for j := range page.Parties[i].People {
			b := &page.Parties[i].People[j]
			b.Name.Name, b.Phone.Name, b.Address.Name = "open/"+b.Name.Name, "open/"+b.Phone.Name, "open/"+b.Address.Name
			b.Name.Complete, b.Phone.Complete, b.Address.Complete = "off", "off", "off" // nobody's own
		}
	}
	return &openForm{Problems: page.Problems, By: by, Inputs: page.Inputs, Parties: page.Parties}
}

// opener names who may bring the matter.
func (v words) opener(who string) string {
	switch who {
	case trial.Resident:
		return v.T("who.resident")
	case trial.System:
		return v.T("who.system")
	}
	return v.Account(who)
}

func (v words) channelInput(p *procedure.Procedure, form url.Values) *site.Input {
	in := &site.Input{ID: "channel", Name: "channel", Label: v.T("try.channel"), Kind: procedure.TypeChoice, Required: true, Value: form.Get("channel")}
	for _, c := range p.Open.Channels {
		if c != "import" { // what is imported names the system that it comes from
			in.Options = append(in.Options, site.Option{Value: c, Label: procedure.ChannelIn(c, v.Lang), Chosen: c == in.Value || in.Value == "" && len(in.Options) == 0})
		}
	}
	return in
}

// exampleForm is the declared example as a form that was filled in.
func exampleForm(p *procedure.Procedure) url.Values {
	form := url.Values{}
	var l casework.Lodging
	if text, err := json.Marshal(p.Example); err != nil || json.Unmarshal(text, &l) != nil { // a form without it will do
		return form
	}
	form.Set("title", l.Title)
	form.Set("channel", l.Channel)
	for name, value := range l.Fields {
		form.Set("f."+name, fmt.Sprint(value))
	}
	count := map[string]int{}
	for _, party := range l.Parties {
		at := fmt.Sprintf("p.%s.%d.", party.Role, count[party.Role])
		form.Set(at+"name", party.Name)
		form.Set(at+"phone", party.Phone)
		form.Set(at+"address", party.Address)
		count[party.Role]++
	}
	for role, n := range count {
		form.Set("n."+role, fmt.Sprint(n))
	}
	return form
}
