package api

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"luoshi/internal/casework"

	"github.com/danielgtaylor/huma/v2"
)

// LodgeBody is what lodging asks for. GET /v1/procedures/{id} gives an example of it.
type LodgeBody struct {
	Procedure string           `json:"procedure" doc:"id of a published procedure" example:"people-mediation"`
	Unit      string           `json:"unit" doc:"code of the office that shall receive it; see /v1/units"`
	Issuer    string           `json:"issuer,omitempty" doc:"the office that issues it, of a procedure whose matters are issued"`
	Channel   string           `json:"channel,omitempty" doc:"how it reached the office; default api"`
	Title     string           `json:"title" doc:"what it is about, in one line, at most 200 characters"`
	Fields    map[string]any   `json:"fields,omitempty" doc:"the fields the procedure asks for"`
	Parties   []casework.Party `json:"parties,omitempty"`
}

// Row is one line of a list.
type Row struct {
	Number    string `json:"number"`
	Procedure string `json:"procedure"`
	State     string `json:"state"`
	Open      bool   `json:"open"`
	Unit      string `json:"unit"`
	Assignee  string `json:"assignee,omitempty"`
	Version   int    `json:"version"`
	Opened    string `json:"opened"`
	Due       string `json:"due,omitempty" doc:"instant at which the first running clock ends"`
	Title     string `json:"title"`
}

type listInput struct {
	Caller
	Q         string `query:"q" doc:"words that must all occur" maxLength:"200"`
	State     string `query:"state"`
	Procedure string `query:"procedure"`
	Unit      string `query:"unit" doc:"exactly this office"`
	Below     string `query:"below" doc:"this office and all below it"`
	Assignee  string `query:"assignee" doc:"login, or me, or none for open matters without a name on them"`
	Due       string `query:"due" enum:"late,today,week" doc:"open matters whose first running clock has run out, or runs out before the day or the week is over; today and week leave out what is late"`
	In        string `query:"in" maxLength:"20" doc:"what happened to a matter when, as the overview counts it: opened, ended or late, a dot, and one of the last 12 months or the Monday of one of the last 52 weeks; also of matters that have ended; not together with q" example:"ended.2026-05"`
	Open      string `query:"open" enum:"true,false,any" default:"true" doc:"default: true without q and in, any with one of them"`
	Order     string `query:"order" enum:"due,newest" default:"due"`
	Cursor    string `query:"cursor" maxLength:"100"`
	Limit     int    `query:"limit" minimum:"1" maximum:"200" default:"50"`

	openGiven bool
}

// Resolve notes whether open was asked for, since a search looks at ended matters too unless told not to.
func (in *listInput) Resolve(ctx huma.Context) []error {
	in.openGiven = ctx.Query("open") != ""
	return nil
}

type listOutput struct {
	Body struct {
		Items []Row  `json:"items"`
		Next  string `json:"next" doc:"cursor of the next page; empty on the last"`
	}
}

func (a *API) matters(h huma.API) {
	huma.Register(h, huma.Operation{OperationID: "lodge", Method: http.MethodPost, Path: "/v1/matters", DefaultStatus: http.StatusCreated,
		Summary: "Lodge a matter", MaxBodyBytes: MaxBody, SkipValidateBody: true, Security: append(anyone, map[string][]string{})}, a.lodge)
	huma.Register(h, huma.Operation{OperationID: "list-matters", Method: http.MethodGet, Path: "/v1/matters",
		Summary: "List and search matters, what runs out first at the top", Security: anyone}, a.list)
	huma.Register(h, huma.Operation{OperationID: "read-matter", Method: http.MethodGet, Path: "/v1/matters/{number}",
		Summary: "Read a matter; a reading by staff is recorded and shown to the parties", Security: anyone}, a.read)
	huma.Register(h, huma.Operation{OperationID: "read-receipt", Method: http.MethodGet, Path: "/v1/matters/{number}/receipts/{seq}",
		Summary: "The receipt of one entry", Security: anyone}, a.receipt)
}

type recordedOutput struct {
	Location string `header:"Location"`
	Body     *Recorded
}

func (a *API) lodge(ctx context.Context, in *struct {
	Caller
	Key  string `header:"Idempotency-Key" maxLength:"200" doc:"the same key with the same body gives the first answer again"`
	Body LodgeBody
}) (*recordedOutput, error) {
	actor, err := a.actor(ctx, in.Caller)
	if err != nil {
		return nil, a.problem(err, in.lang())
	}
	b := in.Body
	out, err := a.Service.Lodge(ctx, actor, casework.Lodging{Procedure: b.Procedure, Unit: b.Unit, Issuer: b.Issuer, Channel: b.Channel,
		Title: b.Title, Fields: b.Fields, Parties: b.Parties}, in.Key)
	if err != nil {
		return nil, a.problem(err, in.lang())
	}
	body, err := a.recorded(out, in.lang())
	if err != nil {
		return nil, a.problem(err, in.lang())
	}
	return &recordedOutput{Location: "/v1/matters/" + body.Number, Body: body}, nil
}

func (a *API) list(ctx context.Context, in *listInput) (*listOutput, error) {
	actor, err := a.known(ctx, in.Caller)
	if err != nil {
		return nil, a.problem(err, in.lang())
	}
	q := casework.Query{State: in.State, Procedure: in.Procedure, Unit: in.Unit, Assignee: in.Assignee, Order: in.Order,
		Cursor: in.Cursor, Limit: in.Limit}
	q.Due, _ = a.Service.Due(in.Due)
	if in.In != "" && in.Q == "" {
		if q.Happened, _, _, err = a.Service.HappenedIn(in.In); err != nil {
			return nil, a.problem(err, in.lang())
		}
	}
	switch {
	case in.Assignee == "none":
		q.Assignee, q.Unassigned = "", true
	case in.Assignee == "me" && actor.Account != nil:
		q.Assignee = actor.Account.Login
	}
	if in.Below != "" {
		if q.Below = a.Service.Tree().Below(in.Below); len(q.Below) == 0 {
			q.Unit = in.Below // no such office: nothing, and not everything
		}
	}
	if open := in.Open == "true"; in.Open != "any" && (in.openGiven || in.Q == "" && in.In == "" && in.State == "" && in.Order == casework.ByDue) {
		q.Open = &open
	}
	rows, next, err := a.Service.List(ctx, actor, q, in.Q)
	if err != nil {
		return nil, a.problem(err, in.lang())
	}
	out := &listOutput{}
	out.Body.Items, out.Body.Next = make([]Row, len(rows)), next
	for i, r := range rows {
		out.Body.Items[i] = Row{r.Number, r.Procedure, r.State, r.Open, r.Unit, r.Assignee, r.Version, casework.FormatTime(r.Opened), instant(r.Due), r.Title}
	}
	return out, nil
}

func instant(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

func (a *API) read(ctx context.Context, in *struct {
	Caller
	Matter string `path:"number"`
}) (*struct{ Body *File }, error) {
	actor, err := a.known(ctx, in.Caller)
	if err != nil {
		return nil, a.problem(err, in.lang())
	}
	f, err := a.Service.Read(ctx, actor, in.Matter)
	if err != nil {
		return nil, a.problem(err, in.lang())
	}
	body, err := a.file(f, in.lang())
	if err != nil {
		return nil, a.problem(err, in.lang())
	}
	return &struct{ Body *File }{body}, nil
}

func (a *API) receipt(ctx context.Context, in *struct {
	Caller
	Matter string `path:"number"`
	Seq    int    `path:"seq" minimum:"1"`
}) (*struct{ Body Receipt }, error) {
	actor, err := a.known(ctx, in.Caller)
	if err != nil {
		return nil, a.problem(err, in.lang())
	}
	r, err := a.Service.Receipt(ctx, actor, in.Matter, in.Seq)
	if err != nil {
		return nil, a.problem(err, in.lang())
	}
	b, err := receiptJSON(r)
	if err != nil {
		return nil, a.problem(err, in.lang())
	}
	return &struct{ Body Receipt }{b}, nil
}

func receiptPath(number string, seq int) string {
	return fmt.Sprintf("/v1/matters/%s/receipts/%d", number, seq)
}
