package api

import (
	"context"
	"net/http"
	"time"

	"luoshi/internal/casework"

	"github.com/danielgtaylor/huma/v2"
)

// Load is how many matters are open, and among them how many are to be done when. GET /v1/matters with due, assignee,
// below, unit and procedure lists exactly those.
type Load struct {
	Open       int64 `json:"open"`
	Late       int64 `json:"late" doc:"whose first running clock has run out: due=late"`
	Today      int64 `json:"today" doc:"whose first running clock runs out before the day is over: due=today"`
	Week       int64 `json:"week" doc:"the same before the week is over on Sunday, today included: due=week"`
	Unassigned int64 `json:"unassigned" doc:"without a name on them: assignee=none"`
}

// AreaLoad is an office with all below it, or alone.
type AreaLoad struct {
	Unit  string `json:"unit"`
	Alone bool   `json:"alone" doc:"the office itself, without those below: unit instead of below"`
	Load
}

// ProcedureLoad is all versions of one procedure.
type ProcedureLoad struct {
	Procedure string `json:"procedure"`
	Load
}

// OfficeLoad is one office alone with its people.
type OfficeLoad struct {
	Unit   string       `json:"unit"`
	People []PersonLoad `json:"people" doc:"by login; nobody is ranked"`
	Load
}

// PersonLoad is what somebody has to do in an office.
type PersonLoad struct {
	Login string `json:"login"`
	Load
}

// PeriodFlow is what came, ended and became late within a month or a week. GET /v1/matters with in lists those matters.
type PeriodFlow struct {
	From   string `json:"from" doc:"first day" example:"2026-03-01"`
	To     string `json:"to" doc:"last day; of the last period it may be still to come" example:"2026-03-31"`
	Opened int64  `json:"opened" doc:"in=opened.2026-03, or in=opened.2026-03-02 of a week"`
	Ended  int64  `json:"ended"`
	Late   int64  `json:"late" doc:"first recorded as late"`
}

// Overview is how things stand in an office and below it, as far as the caller may see it.
type Overview struct {
	At         string          `json:"at" doc:"moment of the numbers"`
	Zone       string          `json:"zone" doc:"time zone whose days these are"`
	Unit       string          `json:"unit" doc:"empty: all that the caller may see"`
	Total      Load            `json:"total"`
	Areas      []AreaLoad      `json:"areas" doc:"the office itself, then those one level below"`
	Procedures []ProcedureLoad `json:"procedures"`
	Offices    []OfficeLoad    `json:"offices" doc:"of which the caller is the head, by person"`
	Periods    []PeriodFlow    `json:"periods" doc:"oldest first; a matter counts for the office that has it now"`
}

func (a *API) overviews(h huma.API) {
	huma.Register(h, huma.Operation{OperationID: "read-overview", Method: http.MethodGet, Path: "/v1/overview",
		Summary: "How many matters are open, late and due in an office and below it, and what came and ended lately", Security: staffOnly}, a.overview)
}

func (a *API) overview(ctx context.Context, in *struct {
	Caller
	Unit string `query:"unit" doc:"this office and all below it; default: the topmost that the caller may see"`
	By   string `query:"by" enum:"month,week" default:"month" doc:"the last 12 months or the last 52 weeks"`
}) (*struct{ Body Overview }, error) {
	actor, err := a.known(ctx, in.Caller)
	if err != nil {
		return nil, a.problem(err, in.lang())
	}
	o, err := a.Service.Overview(ctx, actor, in.Unit, in.By)
	if err != nil {
		return nil, a.problem(err, in.lang())
	}
	return &struct{ Body Overview }{overviewOf(o)}, nil
}

func overviewOf(o *casework.Overview) Overview {
	out := Overview{At: casework.FormatTime(o.At), Zone: o.Zone.String(), Unit: o.Unit, Total: loadOf(o.Total), Areas: []AreaLoad{},
		Procedures: []ProcedureLoad{}, Offices: []OfficeLoad{}, Periods: []PeriodFlow{}}
	for _, x := range o.Areas {
		out.Areas = append(out.Areas, AreaLoad{x.Unit, x.Alone, loadOf(x.Load)})
	}
	for _, x := range o.Kinds {
		out.Procedures = append(out.Procedures, ProcedureLoad{x.Procedure, loadOf(x.Load)})
	}
	for _, x := range o.Offices {
		of := OfficeLoad{x.Unit, []PersonLoad{}, loadOf(x.Load)}
		for _, p := range x.People {
			of.People = append(of.People, PersonLoad{p.Login, loadOf(p.Load)})
		}
		out.Offices = append(out.Offices, of)
	}
	for _, p := range o.Periods {
		out.Periods = append(out.Periods, PeriodFlow{p.From.Format(time.DateOnly), p.To.AddDate(0, 0, -1).Format(time.DateOnly), p.Opened, p.Ended, p.Late})
	}
	return out
}

func loadOf(l casework.Load) Load {
	return Load{Open: l.Open, Late: l.Late, Today: l.Today, Week: l.Week, Unassigned: l.Unassigned}
}
