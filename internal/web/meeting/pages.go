// Package meeting is the pages for meetings: those that an office has called or is invited to, planning one, a meeting with
// its venues and answers, the invitation of an office, and what of it is printed.
//
// A meeting and its invitations are matters; their steps and forms are those of package matter. What somebody may see or do
// is the service's to say. Names of people must never stand in an address or in the title of a page.
package meeting

import (
	"time"

	meetings "luoshi/internal/casework/meeting"
	"luoshi/internal/web/matter"
	"luoshi/internal/web/site"
)

// Pages answers the requests for these pages.
type Pages struct{ *matter.Pages }

// New makes the pages of a site.
func New(s *site.Site) *Pages { return &Pages{&matter.Pages{Site: s}} }

// words says things in one language, for these pages.
type words struct{ matter.Words }

func (s *Pages) words(lang string) words { return words{s.Words(lang)} }

// Views is one of each page, empty, to try the templates with.
func Views() []site.View {
	return []site.View{&listPage{}, &planPage{}, &meetingPage{}, &invitedPage{}, &paperPage{}}
}

// today is the civil day where meetings are held.
func (s *Pages) today() string {
	if rules := s.Service.Rules(meetings.Procedure); rules != nil {
		return meetings.Today(s.Service, rules)
	}
	return s.Service.Now().Format(time.DateOnly)
}

// path is the page of a meeting or of an invitation.
func path(number string) string { return "/desk/meetings/" + number }

// when says a day with the times of it that are known.
func (v words) when(day, begins, ends string) string {
	said := v.IsoDay(day)
	switch {
	case begins != "" && ends != "":
		return v.T("meeting.from-to", said, begins, ends)
	case begins != "":
		return v.T("meeting.from", said, begins)
	}
	return said
}

// form says how a meeting is held, "" when that is not known.
func (v words) form(form string) string {
	switch form {
	case "in-person", "video", "telephone", "mixed":
		return v.T("meeting.form-" + form)
	}
	return ""
}

// people lists persons in one line.
func (v words) people(all []meetings.Person) string {
	said := ""
	for i, p := range all {
		if i > 0 {
			said += v.T("list")
		}
		said += p.Name
		if p.Post != "" {
			said += " " + p.Post
		}
	}
	return said
}

// tag is a short word on where something stands: Class is one of a tag.
type tag struct{ Class, Text string }
