package api

import (
	"bytes"
	"context"
	"net/http"

	"luoshi/internal/calendar"
	"luoshi/internal/casework"

	"github.com/danielgtaylor/huma/v2"
)

func (a *API) calendars(h huma.API) {
	huma.Register(h, huma.Operation{OperationID: "list-calendars", Method: http.MethodGet, Path: "/v1/calendars",
		Summary: "The calendars of days off, with every version they had"}, a.listCalendars)
	huma.Register(h, huma.Operation{OperationID: "add-calendar", Method: http.MethodPost, Path: "/v1/calendars/{name}",
		Summary: "Load days off: a year as JSON, an iCalendar file, or the project's own text", MaxBodyBytes: calendar.MaxFile,
		SkipValidateBody: true, Security: staffOnly}, a.addCalendar)
}

type calendarList struct {
	Body struct {
		Items []casework.CalendarRow `json:"items"`
		Next  string                 `json:"next"`
	}
}

func (a *API) listCalendars(context.Context, *struct{ Caller }) (*calendarList, error) {
	out := &calendarList{}
	out.Body.Items = a.Service.Calendars().List()
	return out, nil
}

func (a *API) addCalendar(ctx context.Context, in *struct {
	Caller
	Name    string `path:"name" doc:"as procedures name it, for example cn or us-tx"`
	RawBody []byte `contentType:"application/octet-stream"`
}) (*struct{ Body casework.CalendarRow }, error) {
	actor, err := a.known(ctx, in.Caller)
	if err != nil {
		return nil, a.problem(err, in.lang())
	}
	row, err := a.Service.AddCalendar(ctx, actor, in.Name, bytes.NewReader(in.RawBody))
	if err != nil {
		return nil, a.problem(err, in.lang())
	}
	return &struct{ Body casework.CalendarRow }{row}, nil
}
