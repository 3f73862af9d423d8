package api

import (
	"context"
	"net/http"

	"luoshi/internal/casework"

	"github.com/danielgtaylor/huma/v2"
)

// IssueBody is what an office issues at once: all of it or none.
type IssueBody struct {
	Procedure  string          `json:"procedure,omitempty" doc:"left out: directive"`
	Issuer     string          `json:"issuer" doc:"the office that issues"`
	Directives []DirectiveBody `json:"directives"`
}

// DirectiveBody is one directive.
type DirectiveBody struct {
	Unit   string         `json:"unit" doc:"the issuer itself or an office below it"`
	Title  string         `json:"title"`
	Fields map[string]any `json:"fields,omitempty"`
	Parts  []PartBody     `json:"parts,omitempty" doc:"sub-matters that begin with it; each has its title and fields but for those given here"`
}

// PartBody is a part of a directive.
type PartBody struct {
	Sub    string         `json:"sub" doc:"what the procedure calls it: part or assist"`
	Unit   string         `json:"unit"`
	Title  string         `json:"title,omitempty"`
	Fields map[string]any `json:"fields,omitempty"`
}

// Issued is a directive that was issued, with its receipt.
type Issued struct {
	*Recorded
	Parts []*Recorded `json:"parts,omitempty"`
}

// Branch is a directive with everything below it and how far it has come.
type Branch struct {
	Number    string            `json:"number"`
	Sub       string            `json:"sub,omitempty" doc:"what the procedure of the whole calls it"`
	Procedure string            `json:"procedure"`
	State     string            `json:"state"`
	Unit      string            `json:"unit"`
	Issuer    string            `json:"issuer"`
	Title     string            `json:"title"`
	Light     casework.Light    `json:"light" enum:"green,yellow,red,ended" doc:"of the matter alone"`
	Waits     bool              `json:"waits" doc:"the issuer has to decide something"`
	Due       string            `json:"due,omitempty" doc:"instant at which the first clock of the office ends"`
	Progress  casework.Progress `json:"progress" doc:"of the matter with everything below it"`
	Parts     []Branch          `json:"parts"`
	Hidden    int               `json:"hidden,omitempty" doc:"parts that the caller may not see; they are counted"`
}

type boardOutput struct {
	Body struct {
		Items []Branch `json:"items"`
	}
}

type issueOutput struct {
	Body struct {
		Items []Issued `json:"items"`
	}
}

func (a *API) directives(h huma.API) {
	huma.Register(h, huma.Operation{OperationID: "issue-directives", Method: http.MethodPost, Path: "/v1/directives", DefaultStatus: http.StatusCreated,
		Summary: "Issue directives to offices below, all at once or none", MaxBodyBytes: MaxBody, SkipValidateBody: true, Security: staffOnly}, a.issue)
	huma.Register(h, huma.Operation{OperationID: "read-directives", Method: http.MethodGet, Path: "/v1/directives",
		Summary: "What an office has issued, or was given, with everything below it and how far it has come", Security: staffOnly}, a.board)
}

func (a *API) issue(ctx context.Context, in *struct {
	Caller
	Key  string `header:"Idempotency-Key" maxLength:"200" doc:"the same key with the same body gives the first answer again"`
	Body IssueBody
}) (*issueOutput, error) {
	actor, err := a.known(ctx, in.Caller)
	if err != nil {
		return nil, a.problem(err, in.lang())
	}
	cmd := casework.Issuance{Procedure: in.Body.Procedure, Issuer: in.Body.Issuer, Channel: "api"}
	if cmd.Procedure == "" {
		cmd.Procedure = casework.Directives
	}
	for _, d := range in.Body.Directives {
		one := casework.Directive{Unit: d.Unit, Title: d.Title, Fields: d.Fields}
		for _, p := range d.Parts {
			one.Parts = append(one.Parts, casework.DirectivePart(p))
		}
		cmd.Directives = append(cmd.Directives, one)
	}
	all, err := a.Service.Issue(ctx, actor, cmd, in.Key)
	if err != nil {
		return nil, a.problem(err, in.lang())
	}
	out := &issueOutput{}
	for _, o := range all {
		one := Issued{}
		if one.Recorded, err = a.recorded(o, in.lang()); err != nil {
			return nil, a.problem(err, in.lang())
		}
		for _, p := range o.Each {
			part, err := a.recorded(p, in.lang())
			if err != nil {
				return nil, a.problem(err, in.lang())
			}
			one.Parts = append(one.Parts, part)
		}
		out.Body.Items = append(out.Body.Items, one)
	}
	return out, nil
}

func (a *API) board(ctx context.Context, in *struct {
	Caller
	Unit string `query:"unit" required:"true" doc:"which office"`
	Show string `query:"show" enum:"issued,given" default:"issued" doc:"what it has issued, or what it was given"`
	All  bool   `query:"all" doc:"ended ones too"`
}) (*boardOutput, error) {
	actor, err := a.known(ctx, in.Caller)
	if err != nil {
		return nil, a.problem(err, in.lang())
	}
	roots, err := a.Service.Board(ctx, actor, casework.Directives, in.Unit, in.Show == "given", in.All)
	if err != nil {
		return nil, a.problem(err, in.lang())
	}
	out := &boardOutput{}
	out.Body.Items = branches(roots)
	return out, nil
}

func branches(all []*casework.Branch) []Branch {
	out := make([]Branch, len(all))
	for i, b := range all {
		m := b.Matter
		out[i] = Branch{Number: m.Number, Sub: b.Sub, Procedure: m.Procedure, State: m.State, Unit: m.Unit, Issuer: m.Issuer, Title: m.Title, Light: b.Own,
			Waits: b.Waits(), Due: instant(m.NextDueAt(b.Rules.Location)), Progress: b.Progress, Parts: branches(b.Parts), Hidden: b.Hidden}
	}
	return out
}
