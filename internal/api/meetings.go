package api

import (
	"context"
	"net/http"
	"strings"

	"luoshi/internal/casework/feed"
	"luoshi/internal/casework/meeting"

	"github.com/danielgtaylor/huma/v2"
)

// MeetingRow is a meeting that an office has called or is invited to.
type MeetingRow struct {
	Number  string `json:"number" doc:"of the meeting where the office has called it, else of the invitation"`
	Invited bool   `json:"invited"`
	Unit    string `json:"unit" doc:"the office by which it is listed"`
	Caller  string `json:"caller" doc:"the office that calls the meeting"`
	Title   string `json:"title"`
	Day     string `json:"day" doc:"by the calendar of the offices" example:"2027-03-10"`
	Begins  string `json:"begins,omitempty" example:"09:00"`
	Ends    string `json:"ends,omitempty"`
	Form    string `json:"form,omitempty" enum:"in-person,video,telephone,mixed"`
	Place   string `json:"place,omitempty" doc:"the main venue"`
	State   string `json:"state"`
	Answer  string `json:"answer,omitempty" enum:"coming,declined" doc:"of an invitation; absent while it is not answered"`
	ReplyBy string `json:"reply_by,omitempty"`
	Off     bool   `json:"off" doc:"it was called off"`
	Over    bool   `json:"over" doc:"it was held"`
}

// Meeting is a meeting for the office that calls it.
type Meeting struct {
	Number      string              `json:"number"`
	Unit        string              `json:"unit"`
	State       string              `json:"state"`
	Version     int                 `json:"version"`
	Title       string              `json:"title"`
	Fields      map[string]any      `json:"fields" doc:"day, hours, place and what else the procedure asks for"`
	Agenda      []AgendaItem        `json:"agenda"`
	Sites       []MeetingSite       `json:"sites" doc:"the main venue first"`
	Invitations []MeetingInvitation `json:"invitations"`
	Hidden      int                 `json:"hidden" doc:"invitations that the caller may not see"`
}

// AgendaItem is one line of the agenda.
type AgendaItem struct {
	Begins string `json:"begins,omitempty"`
	Ends   string `json:"ends,omitempty"`
	Title  string `json:"title"`
	Who    string `json:"who,omitempty"`
}

// MeetingSite is a venue with its numbers.
type MeetingSite struct {
	Unit    string `json:"unit" doc:"the office whose venue it is; of the main venue that which calls the meeting"`
	Main    bool   `json:"main"`
	Place   string `json:"place,omitempty"`
	Invited int    `json:"invited" doc:"offices that sit there"`
	Coming  int    `json:"coming" doc:"people who are to come"`
	Arrived int    `json:"arrived" doc:"people who came"`
}

// MeetingInvitation is the invitation of one office with its answer.
type MeetingInvitation struct {
	Number   string           `json:"number"`
	Unit     string           `json:"unit"`
	State    string           `json:"state"`
	Answer   string           `json:"answer,omitempty" enum:"coming,declined" doc:"absent while it is not answered, or when the meeting changed since"`
	Seat     string           `json:"seat,omitempty" enum:"main,own,above"`
	Site     string           `json:"site,omitempty" doc:"the venue's office; absent while it is not known"`
	Place    string           `json:"place,omitempty" doc:"of a venue of its own"`
	Phone    string           `json:"phone,omitempty"`
	Reason   string           `json:"reason,omitempty" doc:"why nobody comes"`
	Coming   []MeetingPerson  `json:"coming"`
	Arrivals []MeetingArrival `json:"arrivals"`
}

// MeetingPerson is somebody who is to come.
type MeetingPerson struct {
	Name string `json:"name"`
	Post string `json:"post,omitempty"`
}

// MeetingArrival is somebody who came. An erased one has no name any more.
type MeetingArrival struct {
	MeetingPerson
	Time string `json:"time"`
	By   string `json:"by" doc:"door for who signed in by the code there, else the login of who recorded it"`
}

type meetingsOutput struct {
	Body struct {
		Items []MeetingRow `json:"items"`
		Next  string       `json:"next" doc:"cursor of the next page; empty on the last"`
	}
}

func (a *API) meetings(h huma.API) {
	huma.Register(h, huma.Operation{OperationID: "list-meetings", Method: http.MethodGet, Path: "/v1/meetings",
		Summary: "Meetings that the caller's offices have called or are invited to, by day", Security: staffOnly}, a.listMeetings)
	huma.Register(h, huma.Operation{OperationID: "read-meeting", Method: http.MethodGet, Path: "/v1/meetings/{number}",
		Summary: "A meeting with agenda, venues, answers and who came; the reading is recorded", Security: staffOnly}, a.readMeeting)
	huma.Register(h, huma.Operation{OperationID: "read-meeting-calendar", Method: http.MethodGet, Path: "/v1/meetings/{number}/meeting.ics",
		Summary: "A meeting as iCalendar (RFC 5545), by its number or that of an invitation; the reading is recorded", Security: staffOnly,
		Responses: map[string]*huma.Response{"200": {Description: "the event", Content: map[string]*huma.MediaType{"text/calendar": {}}}}}, a.meetingCalendar)
}

func (a *API) listMeetings(ctx context.Context, in *struct {
	Caller
	From   string `query:"from" format:"date" doc:"first day; default: no bound, but of what has ended the oldest may be left out"`
	Until  string `query:"until" format:"date" doc:"last day"`
	Unit   string `query:"unit" doc:"of this office; default: the offices of the caller's grants"`
	Cursor string `query:"cursor" maxLength:"100"`
	Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
}) (*meetingsOutput, error) {
	actor, err := a.known(ctx, in.Caller)
	if err != nil {
		return nil, a.problem(err, in.lang())
	}
	units := meeting.Offices(a.Service, actor)
	if in.Unit != "" {
		units = []string{in.Unit}
	}
	entries, err := meeting.ListOf(ctx, a.Service, actor, units, in.From, in.Until)
	if err != nil {
		return nil, a.problem(err, in.lang())
	}
	out := &meetingsOutput{}
	out.Body.Items = []MeetingRow{}
	for _, e := range entries {
		key := e.Day + "." + e.Begins + "." + e.Number // in the order of the list
		if key <= in.Cursor {
			continue
		}
		if n := len(out.Body.Items); n == in.Limit {
			last := out.Body.Items[n-1]
			out.Body.Next = last.Day + "." + last.Begins + "." + last.Number
			break
		}
		out.Body.Items = append(out.Body.Items, MeetingRow{e.Number, e.Invited, e.Unit, e.Caller, e.Title, e.Day, e.Begins, e.Ends, e.Form, e.Place,
			e.State, string(e.Answer), e.ReplyBy, e.Off, e.Over})
	}
	return out, nil
}

func (a *API) readMeeting(ctx context.Context, in *struct {
	Caller
	Number string `path:"number" doc:"of the meeting; an office that is invited reads its invitation as a matter"`
}) (*struct{ Body Meeting }, error) {
	actor, err := a.known(ctx, in.Caller)
	if err != nil {
		return nil, a.problem(err, in.lang())
	}
	m, err := meeting.Of(ctx, a.Service, actor, in.Number)
	if err != nil {
		return nil, a.problem(err, in.lang())
	}
	return &struct{ Body Meeting }{meetingOf(m)}, nil
}

func meetingOf(m *meeting.Meeting) Meeting {
	f := m.File.Matter
	out := Meeting{Number: f.Number, Unit: f.Unit, State: f.State, Version: f.Version, Title: f.Title, Fields: f.Fields, Agenda: []AgendaItem{},
		Sites: []MeetingSite{}, Invitations: []MeetingInvitation{}, Hidden: m.Hidden}
	if out.Fields == nil {
		out.Fields = map[string]any{}
	}
	for _, item := range m.Agenda {
		out.Agenda = append(out.Agenda, AgendaItem{item.Start, item.End, item.Title, item.Who})
	}
	for _, s := range m.Sites {
		out.Sites = append(out.Sites, MeetingSite(s))
	}
	for _, inv := range m.Invitations {
		one := MeetingInvitation{Number: inv.Matter.Number, Unit: inv.Unit, State: inv.State, Answer: string(inv.Answer), Seat: inv.Seat, Place: inv.BranchPlace,
			Phone: inv.Phone, Reason: inv.Declined, Coming: []MeetingPerson{}, Arrivals: []MeetingArrival{}}
		if inv.Site >= 0 {
			one.Site = m.Sites[inv.Site].Unit
		}
		for _, p := range inv.Coming {
			one.Coming = append(one.Coming, MeetingPerson(p))
		}
		for _, x := range inv.Arrivals {
			one.Arrivals = append(one.Arrivals, MeetingArrival{MeetingPerson{x.Name, x.Post}, x.Time, x.By})
		}
		out.Invitations = append(out.Invitations, one)
	}
	return out
}

type calendarOutput struct {
	ContentType string `header:"Content-Type"`
	Cache       string `header:"Cache-Control"`
	Disposition string `header:"Content-Disposition"`
	Body        []byte
}

func (a *API) meetingCalendar(ctx context.Context, in *struct {
	Caller
	Number string `path:"number"`
}) (*calendarOutput, error) {
	actor, err := a.known(ctx, in.Caller)
	if err != nil {
		return nil, a.problem(err, in.lang())
	}
	r := requestOf(ctx)
	base := "http://" + r.Host
	if r.TLS != nil || strings.EqualFold(r.Header.Get("X-Forwarded-Proto"), "https") {
		base = "https://" + r.Host
	}
	c, err := feed.Reader{Service: a.Service, Actor: actor, Lang: in.lang(), Base: base}.One(ctx, in.Number)
	if err != nil {
		return nil, a.problem(err, in.lang())
	}
	return &calendarOutput{ContentType: feed.MediaType, Cache: "no-store", Disposition: attachment("meeting.ics"), Body: c.Bytes()}, nil
}
