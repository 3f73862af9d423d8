package api

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"time"

	"luoshi/internal/casework"
	"luoshi/internal/procedure"

	"github.com/danielgtaylor/huma/v2"
)

// ProcedureRow is one published procedure in the list.
type ProcedureRow struct {
	ID      string `json:"id"`
	Version int    `json:"version"`
	Title   string `json:"title"`
	Summary string `json:"summary"`
}

// ProcedureFile is a published procedure as declared, with a complete example of a lodging.
type ProcedureFile struct {
	*procedure.Procedure
	Example map[string]any `json:"example" doc:"a complete body for POST /v1/matters"`
}

// UnitRow is an office.
type UnitRow struct {
	ID     string `json:"id"`
	Parent string `json:"parent,omitempty"`
	Kind   string `json:"kind"`
	Name   string `json:"name"`
}

func (a *API) procedures(h huma.API) {
	huma.Register(h, huma.Operation{OperationID: "list-procedures", Method: http.MethodGet, Path: "/v1/procedures",
		Summary: "The published procedures"}, a.listProcedures)
	huma.Register(h, huma.Operation{OperationID: "read-procedure", Method: http.MethodGet, Path: "/v1/procedures/{id}",
		Summary: "One published procedure, with an example of a lodging"}, a.readProcedure)
	a.procedureFiles(h)
}

func (a *API) units(h huma.API) {
	huma.Register(h, huma.Operation{OperationID: "list-units", Method: http.MethodGet, Path: "/v1/units",
		Summary: "Offices; with procedure, those that receive it"}, a.listUnits)
}

func (a *API) listProcedures(_ context.Context, in *struct{ Caller }) (*struct {
	Body struct {
		Items []ProcedureRow `json:"items"`
		Next  string         `json:"next"`
	}
}, error) {
	out := &struct {
		Body struct {
			Items []ProcedureRow `json:"items"`
			Next  string         `json:"next"`
		}
	}{}
	out.Body.Items = []ProcedureRow{}
	all := a.Service.Published()
	for _, id := range slices.Sorted(maps.Keys(all)) {
		p := all[id]
		out.Body.Items = append(out.Body.Items, ProcedureRow{p.ID, p.Version, p.Title.In(in.lang()), p.Summary.In(in.lang())})
	}
	return out, nil
}

func (a *API) readProcedure(_ context.Context, in *struct {
	Caller
	ID string `path:"id" doc:"id, or id@version"`
}) (*struct{ Body ProcedureFile }, error) {
	p, err := a.published(in.ID, in.lang())
	if err != nil {
		return nil, err
	}
	example := maps.Clone(p.Example)
	example["procedure"] = p.ID
	if receiving := a.receiving(p); len(receiving) > 0 {
		example["unit"] = a.exampleUnit(receiving)
		if issuer := a.exampleIssuer(p, fmt.Sprint(example["unit"])); issuer != "" {
			example["issuer"] = issuer
		}
	}
	return &struct{ Body ProcedureFile }{ProcedureFile{p, example}}, nil
}

// published finds a procedure by id, or by id@version.
func (a *API) published(id, lang string) (*procedure.Procedure, error) {
	rules := a.Service.Rules(id)
	if rules == nil {
		return nil, a.problem(errNoProcedure(), lang)
	}
	return rules.Procedure, nil
}

func errNoProcedure() error {
	return &casework.Error{Kind: casework.NotFound, Code: "no-such-procedure", Text: procedure.Text{
		"zh": "没有这个已发布的规程。", "en": "There is no such published procedure."}}
}

// exampleIssuer is the nearest office above a unit, or itself, that may issue matters of the procedure; "" where none are.
func (a *API) exampleIssuer(p *procedure.Procedure, unit string) string {
	found := ""
	for _, code := range a.Service.Tree().Path(unit) {
		if u, _ := a.Service.Tree().Unit(code); slices.Contains(p.Open.Issuers, u.Kind) && (code != unit || found == "") {
			found = code
		}
	}
	return found
}

// exampleUnit is the first preferred office that receives it, or else the one lowest in the tree that comes first.
func (a *API) exampleUnit(receiving []UnitRow) string {
	for _, code := range a.Prefer {
		if slices.ContainsFunc(receiving, func(u UnitRow) bool { return u.ID == code }) {
			return code
		}
	}
	best, depth := receiving[0].ID, 0
	for _, u := range receiving {
		if d := len(a.Service.Tree().Path(u.ID)); d > depth {
			best, depth = u.ID, d
		}
	}
	return best
}

// receiving lists the offices that may receive matters of the procedure today.
func (a *API) receiving(p *procedure.Procedure) []UnitRow {
	today := a.Service.Now().Format(time.DateOnly)
	var out []UnitRow
	for _, u := range a.Service.Tree().All() {
		if slices.Contains(p.Open.Units, u.Kind) && u.ValidOn(today) {
			out = append(out, UnitRow{u.Code, u.Parent, u.Kind, u.Label("en")})
		}
	}
	return out
}

func (a *API) listUnits(_ context.Context, in *struct {
	Caller
	Procedure string `query:"procedure"`
	Kind      string `query:"kind"`
}) (*struct {
	Body struct {
		Items []UnitRow `json:"items"`
		Next  string    `json:"next"`
	}
}, error) {
	out := &struct {
		Body struct {
			Items []UnitRow `json:"items"`
			Next  string    `json:"next"`
		}
	}{}
	out.Body.Items = []UnitRow{}
	rules := a.Service.Rules(in.Procedure)
	for _, u := range a.Service.Tree().All() {
		if in.Kind != "" && u.Kind != in.Kind || rules != nil && !slices.Contains(rules.Procedure.Open.Units, u.Kind) {
			continue
		}
		out.Body.Items = append(out.Body.Items, UnitRow{u.Code, u.Parent, u.Kind, u.Label(in.lang())})
	}
	return out, nil
}
