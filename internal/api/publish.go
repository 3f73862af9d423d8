package api

import (
	"context"
	"net/http"
	"slices"
	"time"

	"luoshi/internal/casework"
	"luoshi/internal/office"
	"luoshi/internal/procedure"

	"github.com/danielgtaylor/huma/v2"
)

// PublishBody is a procedure to be published.
type PublishBody struct {
	Source string `json:"source" doc:"the declaration, YAML as doc/procedures.md describes it"`
}

// Publication is what became of it.
type Publication struct {
	ID       string              `json:"id"`
	Version  int                 `json:"version"`
	Hash     string              `json:"sha256" doc:"of the declaration's text"`
	Already  bool                `json:"already" doc:"the same text was published before; nothing was done"`
	Warnings []procedure.Finding `json:"warnings" doc:"what could not be proved"`
}

// CheckAnswer is what was found in a procedure, as luoshi check --json prints it.
type CheckAnswer struct {
	OK       bool                `json:"ok" doc:"nothing was found that forbids to publish it"`
	Findings []procedure.Finding `json:"findings"`
}

// VersionRow is one published version.
type VersionRow struct {
	Version int    `json:"version"`
	Title   string `json:"title"`
	Hash    string `json:"sha256"`
	At      string `json:"published,omitempty" doc:"when; left out where it is not known"`
	By      string `json:"publisher,omitempty" doc:"login, for staff; left out where the program published it"`
	Running *int64 `json:"running,omitempty" doc:"matters that run by it, for authors"`
}

// MigrationBody names two versions and the mapping between them.
type MigrationBody struct {
	From int    `json:"from" minimum:"1"`
	To   int    `json:"to" minimum:"1"`
	Map  string `json:"map,omitempty" doc:"the mapping, YAML; left out where the new version only adds to the old"`
	Plan string `json:"plan,omitempty" doc:"to migrate: what the rehearsal answered as plan"`
}

// chunk is how long one request migrates; whoever asks sends it again until nothing is left.
const chunk = 20 * time.Second

func (a *API) publishing(h huma.API) {
	huma.Register(h, huma.Operation{OperationID: "publish-procedure", Method: http.MethodPost, Path: "/v1/procedures",
		Summary: "Check a procedure and publish it (authors)", DefaultStatus: http.StatusCreated, MaxBodyBytes: MaxBody, SkipValidateBody: true, Security: staffOnly}, a.publish)
	huma.Register(h, huma.Operation{OperationID: "check-procedure", Method: http.MethodPost, Path: "/v1/procedures/check",
		Summary: "Check a procedure without publishing it (authors)", MaxBodyBytes: MaxBody, SkipValidateBody: true, Security: staffOnly}, a.check)
	huma.Register(h, huma.Operation{OperationID: "list-versions", Method: http.MethodGet, Path: "/v1/procedures/{id}/versions",
		Summary: "The published versions of a procedure"}, a.versions)
	huma.Register(h, huma.Operation{OperationID: "rehearse-migration", Method: http.MethodPost, Path: "/v1/procedures/{id}/rehearsals",
		Summary: "Say how many running matters would fit another version, and why the others would not (authors)", SkipValidateBody: true, Security: staffOnly}, a.rehearse)
	huma.Register(h, huma.Operation{OperationID: "migrate-matters", Method: http.MethodPost, Path: "/v1/procedures/{id}/migrations",
		Summary:     "Bring running matters under another version (authors)",
		Description: "Works for some seconds. While done is false, send the same again: it goes on with what is left.", SkipValidateBody: true, Security: staffOnly}, a.migrate)
}

func (a *API) publish(ctx context.Context, in *struct {
	Caller
	Body PublishBody
}) (*struct{ Body Publication }, error) {
	actor, err := a.known(ctx, in.Caller)
	if err != nil {
		return nil, a.problem(err, in.lang())
	}
	done, err := a.Service.PublishAs(ctx, actor, "source", []byte(in.Body.Source))
	if err != nil {
		return nil, a.problem(err, in.lang())
	}
	p := done.Procedure
	return &struct{ Body Publication }{Publication{p.ID, p.Version, p.Hash, done.Already, findings(done.Warnings, in.lang())}}, nil
}

func (a *API) check(ctx context.Context, in *struct {
	Caller
	Body PublishBody
}) (*struct{ Body CheckAnswer }, error) {
	actor, err := a.known(ctx, in.Caller)
	if err != nil {
		return nil, a.problem(err, in.lang())
	}
	_, found, err := a.Service.Check(actor, "source", []byte(in.Body.Source))
	if err != nil {
		return nil, a.problem(err, in.lang())
	}
	ok := !slices.ContainsFunc(found, func(f procedure.Finding) bool { return f.Severity == procedure.SeverityError })
	return &struct{ Body CheckAnswer }{CheckAnswer{ok, findings(found, in.lang())}}, nil
}

// findings are findings with their messages in lang.
func findings(found []procedure.Finding, lang string) []procedure.Finding {
	out := make([]procedure.Finding, len(found))
	for i, f := range found {
		f.Message = f.In(lang)
		f.Path = append([]procedure.Move{}, f.Path...)
		out[i] = f
	}
	return out
}

type versionsOutput struct {
	Body struct {
		Items []VersionRow `json:"items"`
		Next  string       `json:"next"`
	}
}

func (a *API) versions(ctx context.Context, in *struct {
	Caller
	ID string `path:"id"`
}) (*versionsOutput, error) {
	actor, err := a.actor(ctx, in.Caller)
	if err != nil {
		return nil, a.problem(err, in.lang())
	}
	all, err := a.Service.Versions(ctx, in.ID)
	if err == nil && len(all) == 0 {
		err = errNoProcedure()
	}
	if err != nil {
		return nil, a.problem(err, in.lang())
	}
	out := &versionsOutput{}
	for i := range all {
		v := &all[i]
		row := VersionRow{Version: v.Procedure.Version, Title: v.Procedure.Title.In(in.lang()), Hash: v.Procedure.Hash, At: v.At}
		if actor.Account != nil {
			row.By = v.By
		}
		if a.Service.MayPublish(actor) {
			row.Running = &v.Running
		}
		out.Body.Items = append(out.Body.Items, row)
	}
	return out, nil
}

type migrationInput struct {
	Caller
	ID   string `path:"id"`
	Body MigrationBody
}

type migrationOutput struct{ Body *casework.Rehearsal }

func (a *API) rehearse(ctx context.Context, in *migrationInput) (*migrationOutput, error) {
	return a.migration(ctx, in, func(actor office.Actor, p *casework.Plan) (*casework.Rehearsal, error) {
		return a.Service.Rehearse(ctx, actor, p, casework.MigrationOptions{})
	})
}

func (a *API) migrate(ctx context.Context, in *migrationInput) (*migrationOutput, error) {
	return a.migration(ctx, in, func(actor office.Actor, p *casework.Plan) (*casework.Rehearsal, error) {
		return a.Service.Migrate(ctx, actor, p, in.Body.Plan, casework.MigrationOptions{Until: a.Service.Now().Add(chunk)})
	})
}

func (a *API) migration(ctx context.Context, in *migrationInput, run func(office.Actor, *casework.Plan) (*casework.Rehearsal, error)) (*migrationOutput, error) {
	actor, err := a.known(ctx, in.Caller)
	if err != nil {
		return nil, a.problem(err, in.lang())
	}
	var mapping []byte
	if in.Body.Map != "" {
		mapping = []byte(in.Body.Map)
	}
	plan, err := a.Service.MigrationPlan(actor, casework.VersionKey(in.ID, in.Body.From), casework.VersionKey(in.ID, in.Body.To), "map", mapping)
	if err != nil {
		return nil, a.problem(err, in.lang())
	}
	r, err := run(actor, plan)
	if err != nil {
		return nil, a.problem(err, in.lang())
	}
	for i := range r.Unfit {
		r.Unfit[i].Message = r.Unfit[i].Text.In(in.lang())
	}
	return &migrationOutput{r}, nil
}
