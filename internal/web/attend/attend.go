// Package attend is the pages by which meetings are attended: the door with its code, what a telephone shows that has
// scanned it, and the calendar that a member of staff subscribes to.
//
// Who may keep a door or sign in there is package door's to say. A page at a door must never tell who came.
package attend

import (
	"sync"

	"luoshi/internal/casework/door"
	"luoshi/internal/casework/meeting"
	"luoshi/internal/web/site"
)

// Pages answers the requests for these pages.
type Pages struct {
	*site.Site
	doors func() *door.Doors // made when the first one asks: a site that only names its addresses has no service
}

// New makes the pages of a site.
func New(s *site.Site) *Pages {
	return &Pages{s, sync.OnceValue(func() *door.Doors { return door.New(s.Service) })}
}

// words says things in one language, for these pages.
type words struct{ site.Words }

func (s *Pages) words(lang string) words { return words{s.Words(lang)} }

// Views is one of each page, empty, to try the templates with.
func Views() []site.View {
	return []site.View{&doorPage{}, &paperPage{}, &signPage{}, &calendarPage{}}
}

// troubleView says why nobody can sign in, and what to do.
type troubleView struct{ Heading, Text string }

func (v words) trouble(t door.Trouble, venue *door.Venue) *troubleView {
	if t == "" {
		return nil
	}
	view := &troubleView{Heading: v.T("signin." + string(t)), Text: v.T("signin." + string(t) + "-do")}
	if t == door.NotYet && venue != nil {
		view.Text = v.T("signin.not-yet-on", v.IsoDay(venue.Day()))
	}
	return view
}

// venueView is which meeting it is, and where.
type venueView struct {
	Heading, Day, Hours, Unit, Place string
	Main                             bool
}

func (v words) venue(venue *door.Venue) venueView {
	f := venue.Meeting.File.Matter
	begins, _ := f.Fields["begins"].(string)
	return venueView{Heading: f.Title, Day: v.IsoDay(venue.Day()), Hours: begins, Unit: v.Unit(venue.Place.Site), Place: venue.Site.Place, Main: venue.Site.Main}
}

// offices are those that may come to a venue, to choose from.
func (v words) offices(venue *door.Venue, all bool, chosen string) []site.Group {
	seen := map[string]bool{}
	group := func(label string, list []*meeting.Invitation) site.Group {
		g := site.Group{Label: label}
		for _, inv := range list {
			if !seen[inv.Unit] {
				seen[inv.Unit] = true
				g.Options = append(g.Options, site.Option{Value: inv.Unit, Label: v.Unit(inv.Unit), Chosen: inv.Unit == chosen})
			}
		}
		return g
	}
	groups := []site.Group{group(v.T("signin.expected"), venue.Expected), group(v.T("signin.others"), venue.Others)}
	if all {
		groups = append(groups, group(v.T("signin.elsewhere-group"), venue.Meeting.Invitations))
	}
	return groups
}
