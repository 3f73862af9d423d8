package api

import (
	"context"
	"net/http"
	"time"

	"luoshi/internal/casework/catalogue"
	"luoshi/internal/procedure"

	"github.com/danielgtaylor/huma/v2"
)

// ServiceRow is one thing that people can bring themselves.
type ServiceRow struct {
	ID       string               `json:"id" doc:"of its procedure"`
	Version  int                  `json:"version"`
	Title    string               `json:"title"`
	Summary  string               `json:"summary"`
	Need     string               `json:"need,omitempty" doc:"with what people come, in their words"`
	Bring    []ServiceThing       `json:"bring" doc:"what to have at hand"`
	Asks     []procedure.FieldUse `json:"asks" doc:"fields that are asked for when it is brought; see the procedure"`
	Units    []string             `json:"units" doc:"kinds of office that receive it"`
	Channels []string             `json:"channels"`
	Limits   []ServiceLimit       `json:"limits" doc:"of the office"`
	Rights   []ServiceLimit       `json:"rights" doc:"of the parties: by when they may do something"`
	Remedies []ServiceRemedy      `json:"remedies" doc:"what there is against a step that goes against them"`
	Disagree string               `json:"disagree,omitempty" doc:"what somebody can do who does not agree with how it ends"`
	Basis    []procedure.Basis    `json:"basis"`
}

// ServiceThing is one thing to have at hand.
type ServiceThing struct {
	Title    string `json:"title"`
	Required bool   `json:"required"`
}

// ServiceLimit is how long something takes by the rule of law in force today.
type ServiceLimit struct {
	Clock     string          `json:"clock"`
	Title     string          `json:"title"`
	Period    string          `json:"period" doc:"as procedures write it: 15d, 5wd, 1mo"`
	Says      string          `json:"says" doc:"the same in words"`
	Extension string          `json:"extension,omitempty" doc:"by how much it can be extended"`
	Times     int             `json:"times,omitempty" doc:"how often"`
	Basis     procedure.Basis `json:"basis"`
	Confirmed bool            `json:"confirmed" doc:"whether law and article were read in a named source"`
}

// ServiceRemedy is what there is against a step.
type ServiceRemedy struct {
	Step string `json:"step"`
	Text string `json:"text"`
}

func (a *API) services(h huma.API) {
	huma.Register(h, huma.Operation{OperationID: "list-services", Method: http.MethodGet, Path: "/v1/services",
		Summary: "What people can bring themselves: what it needs, how long it takes by law, what there is against the outcome"}, a.listServices)
}

func (a *API) listServices(_ context.Context, in *struct{ Caller }) (*struct {
	Body struct {
		Items []ServiceRow `json:"items"`
		Next  string       `json:"next"`
	}
}, error) {
	out := &struct {
		Body struct {
			Items []ServiceRow `json:"items"`
			Next  string       `json:"next"`
		}
	}{}
	out.Body.Items = []ServiceRow{}
	for _, p := range catalogue.Open(a.Service.Published()) {
		day := a.Service.Now().In(a.Service.Rules(p.Key()).Location).Format(time.DateOnly)
		out.Body.Items = append(out.Body.Items, serviceRow(catalogue.Of(p, day), in.lang()))
	}
	return out, nil
}

func serviceRow(s catalogue.Service, lang string) ServiceRow {
	p := s.Procedure
	row := ServiceRow{ID: p.ID, Version: p.Version, Title: p.Title.In(lang), Summary: p.Summary.In(lang), Need: p.Need.In(lang), Asks: p.AsksWhenOpening(),
		Units: p.Open.Units, Channels: p.Open.Channels, Limits: serviceLimits(s.Limits, lang), Rights: serviceLimits(s.Rights, lang),
		Bring: []ServiceThing{}, Remedies: []ServiceRemedy{}, Disagree: p.Disagree.In(lang), Basis: p.Basis}
	for _, b := range p.Bring {
		row.Bring = append(row.Bring, ServiceThing{b.Title.In(lang), b.Needed()})
	}
	for _, x := range s.Remedies {
		row.Remedies = append(row.Remedies, ServiceRemedy{x.Step.Title.In(lang), x.Text.In(lang)})
	}
	return row
}

func serviceLimits(limits []catalogue.Limit, lang string) []ServiceLimit {
	out := []ServiceLimit{}
	for _, l := range limits {
		row := ServiceLimit{Clock: l.Clock.Name, Title: l.Clock.Title.In(lang), Period: l.Rule.PeriodText, Says: l.Rule.Period.In(lang), Basis: l.Rule.Basis,
			Confirmed: l.Rule.Basis.Status == procedure.StatusVerified}
		if e := l.Rule.Extension; e != nil {
			row.Extension, row.Times = e.PeriodText, e.Max
		}
		out = append(out, row)
	}
	return out
}
