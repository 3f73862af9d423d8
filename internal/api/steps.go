package api

import (
	"context"
	"net/http"

	"luoshi/internal/casework"
	"luoshi/internal/office"

	"github.com/danielgtaylor/huma/v2"
)

// StepBody is what a step may be given.
type StepBody struct {
	Fields   map[string]any `json:"fields,omitempty"`
	Note     string         `json:"note,omitempty"`
	Version  int            `json:"version,omitempty" minimum:"0" doc:"version you saw; if the matter has moved on, the answer is 409"`
	Unit     string         `json:"unit,omitempty" doc:"where a referral goes"`
	Assignee string         `json:"assignee,omitempty" doc:"login of whom an assignment names"`
	Sub      *SubBody       `json:"sub,omitempty" doc:"about the sub-matter that the step opens"`
	Onward   *OnwardBody    `json:"onward,omitempty" doc:"about the procedure in which the matter goes on with the step"`
}

// SubBody is what a step may be told about the sub-matter that it opens.
type SubBody struct {
	Unit  string   `json:"unit,omitempty" doc:"office that gets it, where the step says choose"`
	Title string   `json:"title,omitempty" doc:"left out: the title of this matter"`
	Units []string `json:"units,omitempty" doc:"offices that get one each, where the step says several"`
	Each  []string `json:"each,omitempty" doc:"likewise: all offices of these kinds below, such as township"`
}

func (a *API) steps(h huma.API) {
	huma.Register(h, huma.Operation{OperationID: "take-step", Method: http.MethodPost, Path: "/v1/matters/{number}/steps/{step}",
		Summary: "Take a lawful step", MaxBodyBytes: MaxBody, SkipValidateBody: true, Security: anyone}, a.step)
}

func (a *API) step(ctx context.Context, in *struct {
	Caller
	Key    string `header:"Idempotency-Key" maxLength:"200"`
	Matter string `path:"number"`
	Step   string `path:"step"`
	Body   StepBody
}) (*recordedOutput, error) {
	b := in.Body
	cmd := casework.StepCommand{Step: in.Step, Fields: b.Fields, Note: b.Note, Version: b.Version, Unit: b.Unit, Assignee: b.Assignee}
	if b.Sub != nil {
		cmd.Sub = &casework.SubOpening{Unit: b.Sub.Unit, Title: b.Sub.Title, Units: b.Sub.Units, Each: b.Sub.Each}
	}
	if b.Onward != nil {
		cmd.Onward = &casework.Onward{Unit: b.Onward.Unit, Fields: b.Onward.Fields, Parties: b.Onward.Parties}
	}
	return a.act(ctx, in.Caller, func(actor office.Actor) (*casework.Outcome, error) {
		return a.Service.TakeStep(ctx, actor, in.Matter, cmd, in.Key)
	})
}

// act runs a verb for somebody known and answers with what was recorded.
func (a *API) act(ctx context.Context, c Caller, verb func(office.Actor) (*casework.Outcome, error)) (*recordedOutput, error) {
	actor, err := a.known(ctx, c)
	if err != nil {
		return nil, a.problem(err, c.lang())
	}
	out, err := verb(actor)
	if err != nil {
		return nil, a.problem(err, c.lang())
	}
	body, err := a.recorded(out, c.lang())
	if err != nil {
		return nil, a.problem(err, c.lang())
	}
	return &recordedOutput{Location: "/v1/matters/" + body.Number, Body: body}, nil
}

func (a *API) upkeep(h huma.API) {
	post := func(id, path, summary string) huma.Operation {
		return huma.Operation{OperationID: id, Method: http.MethodPost, Path: "/v1/matters/{number}/" + path, Summary: summary,
			MaxBodyBytes: MaxBody, SkipValidateBody: true, Security: staffOnly}
	}
	huma.Register(h, post("issue-code", "codes", "Give a party a new query code; the old one no longer works"), a.issueCode)
	huma.Register(h, post("correct", "corrections", "Put content right; the earlier entry stays"), a.correct)
	huma.Register(h, post("erase", "erasure", "Erase the personal content of an ended matter under a named rule"), a.erase)
}

func (a *API) issueCode(ctx context.Context, in *struct {
	Caller
	Matter string `path:"number"`
	Body   struct {
		Party int `json:"party" minimum:"0" doc:"place of the party in the list, from 0"`
	}
}) (*recordedOutput, error) {
	return a.act(ctx, in.Caller, func(actor office.Actor) (*casework.Outcome, error) {
		return a.Service.IssueCode(ctx, actor, in.Matter, in.Body.Party)
	})
}

func (a *API) correct(ctx context.Context, in *struct {
	Caller
	Matter string `path:"number"`
	Body   struct {
		Entry  int            `json:"entry" minimum:"1" doc:"sequence number of the entry put right"`
		Title  string         `json:"title,omitempty"`
		Fields map[string]any `json:"fields,omitempty"`
		Note   string         `json:"note" doc:"why"`
	}
}) (*recordedOutput, error) {
	return a.act(ctx, in.Caller, func(actor office.Actor) (*casework.Outcome, error) {
		return a.Service.Correct(ctx, actor, in.Matter, in.Body.Entry, in.Body.Title, in.Body.Fields, in.Body.Note)
	})
}

func (a *API) erase(ctx context.Context, in *struct {
	Caller
	Matter string `path:"number"`
	Body   struct {
		Rule string `json:"rule" doc:"the rule of law under which it is erased"`
	}
}) (*recordedOutput, error) {
	return a.act(ctx, in.Caller, func(actor office.Actor) (*casework.Outcome, error) {
		return a.Service.Erase(ctx, actor, in.Matter, in.Body.Rule)
	})
}
