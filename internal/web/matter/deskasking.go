package matter

import (
	"net/url"
	"slices"

	"luoshi/internal/casework"
	"luoshi/internal/office"
	"luoshi/internal/procedure"
	"luoshi/internal/web/site"
)

// DeskForm is the form by which somebody on the staff begins a matter, for their own office or for who stands before them.
type DeskForm struct {
	Rules *casework.Rules
	Units []office.Unit // for which they may; at least one
	As    []office.Unit // in whose name they may issue it; none where matters are not issued
	Near  string        // their own office
	Form  url.Values
}

// Channels are those to choose from. A matter that the office begins itself has the channel web; it comes last.
func (d *DeskForm) Channels() []string {
	all := d.Rules.Procedure.Open.ForPeople()
	slices.SortStableFunc(all, func(a, b string) int { return own(a) - own(b) })
	return all
}

func own(channel string) int {
	if channel == "web" {
		return 1
	}
	return 0
}

// Lodging reads the form. What there is no choice of is filled in.
func (d *DeskForm) Lodging() casework.Lodging {
	l := LodgingOf(d.Rules.Procedure, d.Form)
	l.Channel = d.Form.Get("channel")
	if c := d.Channels(); len(c) == 1 {
		l.Channel = c[0]
	}
	if len(d.Units) == 1 {
		l.Unit = d.Units[0].Code
	}
	switch len(d.As) {
	case 0:
	case 1:
		l.Issuer = d.As[0].Code
	default:
		l.Issuer = d.Form.Get("issuer")
	}
	return l
}

// Faults say what the service cannot: that nobody chose how it came.
func (d *DeskForm) Faults() []casework.FieldError {
	if slices.Contains(d.Channels(), d.Lodging().Channel) {
		return nil
	}
	return []casework.FieldError{{Field: "channel", Code: "required", Text: procedure.Text{
		"zh": "请选择这件事是怎么来的。", "en": "Choose how it came."}}}
}

// AskAtDesk is what is asked of somebody on the staff who begins a matter: how it came and where to, what it is, who it is
// about. How many of the inputs are about how it came is said too.
func (v Words) AskAtDesk(d *DeskForm) (ask *Asked, came int) {
	p := d.Rules.Procedure
	ask = &Asked{Inputs: v.whence(d), Parties: v.PartySections(p, d.Form)}
	came = len(ask.Inputs)
	ask.Inputs = append(ask.Inputs, v.particulars(p, d.Form)...)
	for i := range ask.Parties {
		for j := range ask.Parties[i].People { // the browser would fill in who sits before it
			b := &ask.Parties[i].People[j]
			b.Name.Complete, b.Phone.Complete, b.Address.Complete = "off", "off", "off"
		}
	}
	return ask, came
}

// whence asks how a matter came and which office takes it, where there is a choice.
func (v Words) whence(d *DeskForm) (inputs []*site.Input) {
	if channels := d.Channels(); len(channels) > 1 {
		in := &site.Input{ID: "channel", Name: "channel", Label: v.T("lodging.channel"), Kind: "choice", Required: true, Value: d.Form.Get("channel")}
		for _, c := range channels {
			in.Options = append(in.Options, site.Option{Value: c, Label: v.T("lodging.channel-" + c)})
		}
		site.Choose(in.Options, in.Value)
		inputs = append(inputs, in)
	}
	label := v.T("lodging.unit")
	if len(d.As) > 0 {
		label = v.T("lodging.unit-issued")
	}
	for _, ask := range []struct {
		name, label string
		units       []office.Unit
	}{{"issuer", v.T("lodging.issuer"), d.As}, {"unit", label, d.Units}} {
		if len(ask.units) > 1 {
			in := &site.Input{ID: ask.name, Name: ask.name, Label: ask.label, Kind: "select", Required: true, Focus: LookedFor(d.Form) == ask.name}
			v.chooseUnit(in, ask.units, d.Near, d.Form)
			inputs = append(inputs, in)
		}
	}
	return inputs
}
