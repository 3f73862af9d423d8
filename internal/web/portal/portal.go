// Package portal is the pages for everybody who brings a matter: finding and reading procedures, lodging, following
// and taking part in one's own matter, looking up what is public, verifying a receipt.
//
// It must never tell whether a number exists to somebody without its code.
package portal

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
	return []site.View{&startPage{}, &lodgePage{}, &answersPage{}, &lodgedPage{}, &followPage{}, &lostPage{}, &publicPage{}, &listedPage{}, &minePage{},
		&verifyPage{}, &proceduresPage{}, &procedurePage{}, &servicesPage{}, &servicePage{}, &guidePage{}}
}
