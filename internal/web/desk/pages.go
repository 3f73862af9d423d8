// Package desk is the pages for staff: worklists, beginning a matter, a matter with its steps, assigning many, texts for replies, the
// overview of the offices.
//
// What of it somebody may see or do is the service's to say.
package desk

import (
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
	return []site.View{&deskPage{}, &overviewPage{}, &matterPage{}, &codePage{}, &repliesPage{}, &lodgingsPage{}, &lodgePage{}, &lodgedPage{}}
}
