// Package directive is the pages by which what a meeting decided is given to offices below and followed: the report that
// is read, the draft of what is to be done, the board of whoever issued it, and one directive with all below it.
//
// Who may see or do what is the service's to say; what a single matter shows is in package matter.
package directive

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
	return []site.View{&reportsPage{}, &draftPage{}, &boardPage{}, &branchPage{}}
}
