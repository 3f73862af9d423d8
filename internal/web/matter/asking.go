package matter

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"luoshi/internal/casework"
	"luoshi/internal/office"
	"luoshi/internal/procedure"
	"luoshi/internal/web/site"
)

// LodgingOf reads the form of a lodging.
func LodgingOf(p *procedure.Procedure, form url.Values) casework.Lodging {
	return casework.Lodging{Procedure: p.ID, Unit: form.Get("unit"), Channel: "web", Title: site.Lines(form.Get("title")),
		Fields: site.FieldsOf(form), Parties: PartiesOf(p, form)}
}

// Asked is what is asked of somebody who brings a matter.
type Asked struct {
	Problems []site.Problem
	Inputs   []*site.Input
	Parties  []PartySection
}

// Ask is what a procedure asks of who brings a matter, filled with what was typed.
func (s *Pages) Ask(v Words, rules *casework.Rules, form url.Values) *Asked {
	return &Asked{Inputs: v.LodgeInputs(rules.Procedure, form, s.Service.Now().In(rules.Location)), Parties: v.PartySections(rules.Procedure, form)}
}

// LodgeInputs are the questions in the order in which people tell: what it is, the particulars, and then where to.
func (v Words) LodgeInputs(p *procedure.Procedure, form url.Values, today time.Time) []*site.Input {
	return append(v.particulars(p, form), &site.Input{ID: "unit", Name: "unit", Label: v.T("lodge.unit"), Hint: v.T("lodge.unit-hint"), Kind: "select", Required: true,
		Value: form.Get("unit"), Groups: v.unitGroups(p.Open.Units, today, form.Get("unit"), "")})
}

// particulars are the questions about what it is.
func (v Words) particulars(p *procedure.Procedure, form url.Values) []*site.Input {
	inputs := []*site.Input{
		{ID: "title", Name: "title", Label: v.T("lodge.subject"), Hint: v.subjectHint(p), Kind: "string", Required: true, Value: form.Get("title")},
	}
	for _, use := range p.AsksWhenOpening() {
		if importOnly(use) {
			continue
		}
		in := v.FieldInput(p, use, "f-", form)
		inputs = append(inputs, &in)
	}
	return inputs
}

// subjectHint is how the procedure's own example is called, for who reads the language that it is written in.
func (v Words) subjectHint(p *procedure.Procedure) string {
	if title, _ := p.Example["title"].(string); title != "" && p.Languages[0] == v.Lang {
		return v.T("lodge.subject-like", title)
	}
	return v.T("lodge.subject-hint")
}

// importOnly reports whether a field repeats what another system recorded, which nobody types by hand. By
// convention the names of such fields begin with source_.
func importOnly(use procedure.FieldUse) bool {
	return !use.Required && strings.HasPrefix(use.Name, "source_")
}

// AddProblems puts the service's errors beside what they are about.
func (a *Asked) AddProblems(v Words, errs []casework.FieldError) {
	inputs := slices.Clone(a.Inputs)
	for i := range a.Parties {
		for j := range a.Parties[i].People {
			b := &a.Parties[i].People[j]
			inputs = append(inputs, &b.Name, &b.Phone, &b.Address)
		}
	}
	a.Problems = v.Place(inputs, errs, func(field string) string {
		if name, ok := cutField(field); ok {
			return "f-" + name
		}
		if field == "parties" {
			return a.partyAtFault()
		}
		return field
	})
}

// Faulty adds to the faults of a form, such as those of files, what is wrong with the rest of a lodging.
func (s *Pages) Faulty(r *http.Request, a office.Actor, l casework.Lodging, faults []casework.FieldError) error {
	e := &casework.Error{Kind: casework.Invalid, Code: "invalid-input", Fields: slices.Clone(faults)}
	if err := s.Service.CheckLodging(r.Context(), a, l); err != nil {
		for _, f := range casework.AsError(err).Fields {
			if !slices.ContainsFunc(faults, func(o casework.FieldError) bool { return o.Field == f.Field }) {
				e.Fields = append(e.Fields, f)
			}
		}
	}
	return e
}
