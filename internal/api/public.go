package api

import (
	"context"
	"net/http"

	"luoshi/internal/casework"

	"github.com/danielgtaylor/huma/v2"
)

// Public is what anybody who knows the number may see of a matter.
type Public struct {
	Number         string         `json:"number"`
	Procedure      string         `json:"procedure" doc:"id@version"`
	ProcedureTitle string         `json:"procedure_title"`
	State          string         `json:"state"`
	StateTitle     string         `json:"state_title"`
	Where          string         `json:"where" doc:"where it stands, in one sentence"`
	Unit           string         `json:"unit,omitempty" doc:"where the procedure shows it"`
	UnitName       string         `json:"unit_name,omitempty"`
	Clocks         []PublicClock  `json:"clocks" doc:"by when the office has to act"`
	Fields         map[string]any `json:"fields"`
}

// PublicClock is a running or suspended clock of the office.
type PublicClock struct {
	Name        string `json:"name"`
	Title       string `json:"title"`
	Due         string `json:"due" doc:"empty while suspended"`
	Provisional bool   `json:"provisional"`
}

func (a *API) public(h huma.API) {
	huma.Register(h, huma.Operation{OperationID: "read-public", Method: http.MethodGet, Path: "/v1/public/{number}",
		Summary: "What is public of a matter, for procedures that say so; without a code"}, a.readPublic)
	huma.Register(h, huma.Operation{OperationID: "read-listed", Method: http.MethodGet, Path: "/v1/listed",
		Summary: "What offices have listed for the public to watch, the one listed last first; without a code"}, a.readListed)
}

// readPublic counts an answer that nothing is there as a guess.
func (a *API) readPublic(ctx context.Context, in *struct {
	AcceptLanguage string `header:"Accept-Language" doc:"zh or en"`
	Matter         string `path:"number"`
}) (*struct{ Body Public }, error) {
	lang := languageOf(in.AcceptLanguage)
	v, err := a.Service.Public(ctx, in.Matter)
	if casework.KindOf(err) == casework.NotFound && a.Codes.Failed(requestOf(ctx), "") {
		err = errTooMany()
	}
	if err != nil {
		return nil, a.problem(err, lang)
	}
	return &struct{ Body Public }{a.publicBody(v, lang)}, nil
}

func (a *API) publicBody(v *casework.PublicView, lang string) Public {
	body := Public{Number: v.Number, Procedure: v.Procedure.Key(), ProcedureTitle: v.Procedure.Title.In(lang), State: v.State.Name,
		StateTitle: v.State.Title.In(lang), Where: v.State.Public.In(lang), Clocks: []PublicClock{}, Fields: v.Fields}
	if unit, ok := a.Service.Tree().Unit(v.Unit); ok {
		body.Unit, body.UnitName = unit.Code, unit.Label(lang)
	}
	for _, c := range v.Clocks {
		body.Clocks = append(body.Clocks, PublicClock{c.Declared.Name, c.Declared.Title.In(lang), c.Due, c.Provisional})
	}
	return body
}

// Listed is a matter that is listed for the public to watch.
type Listed struct {
	Public
	Since string         `json:"since" doc:"instant since when it is listed"`
	Light casework.Light `json:"light" enum:"green,yellow,red,ended"`
	Due   string         `json:"due,omitempty" doc:"instant at which it has to be done"`
	Ended string         `json:"ended,omitempty" doc:"instant at which it ended; it stays on the list for 30 days"`
}

type listedOutput struct {
	Body struct {
		Items []Listed `json:"items"`
	}
}

func (a *API) readListed(ctx context.Context, in *struct {
	AcceptLanguage string `header:"Accept-Language" doc:"zh or en"`
	Unit           string `query:"unit" doc:"of this office and those below it alone"`
}) (*listedOutput, error) {
	lang := languageOf(in.AcceptLanguage)
	views, err := a.Service.Listed(ctx, in.Unit)
	if err != nil {
		return nil, a.problem(err, lang)
	}
	out := &listedOutput{}
	out.Body.Items = make([]Listed, len(views))
	for i, v := range views {
		out.Body.Items[i] = Listed{a.publicBody(v, lang), instant(v.Listed), v.Light, instant(v.LastDay), instant(v.Ended)}
	}
	return out, nil
}
