// Package matter is what several pages show of one matter, to its parties and to staff alike: time limits, history,
// documents, what can be done now and what is asked for it, a print of everything, receipts.
//
// It has no address of its own; portal and desk put its views on their pages, author on those of a trial. It must never
// choose what a reader sees: a casework.File holds that already.
package matter

import (
	"net/url"
	"strconv"

	"luoshi/internal/casework"
	"luoshi/internal/procedure"
	"luoshi/internal/web/site"
)

// Pages are the views of a matter.
type Pages struct{ *site.Site }

// Words says things about a matter in one language.
type Words struct {
	site.Words
	Files string // address below which the files of the matter are found; "" where none is shown
}

// Words are those of a language.
func (s *Pages) Words(lang string) Words { return Words{Words: s.Site.Words(lang)} }

// Views is one of each page that is the same for parties and staff, empty, to try the templates with.
func Views() []site.View { return []site.View{&documentPage{}, &printPage{}} }

// Notice says that something was just recorded.
type Notice struct{ Text, Receipt string }

// HowPath is the page that says how a matter goes on, with the state in which it stands marked. It names nothing
// of the matter but that.
func HowPath(p *procedure.Procedure, state string) string {
	query := url.Values{"version": {strconv.Itoa(p.Version)}, "state": {state}}
	return "/procedures/" + p.ID + "?" + query.Encode()
}

// Channel says how a matter came in.
func (v Words) Channel(c string) string {
	switch c {
	case "web", "api", "phone", "walk-in", "letter", "import":
		return v.T("channel." + c)
	}
	return c
}

// DisclosureView is a reading of the matter by somebody: when first, at which office, under which account.
type DisclosureView struct{ Time, Unit, Account string }

// KeptUntil is the last day on which the content of an ended matter is kept, or "".
func (v Words) KeptUntil(f *casework.File) string {
	if f.KeptUntil.IsZero() {
		return ""
	}
	return v.IsoDay(f.Rules.LastDay(f.KeptUntil))
}

// Disclosures are the readings that the reader may know of.
func (v Words) Disclosures(f *casework.File) []DisclosureView {
	var views []DisclosureView
	for _, d := range f.Disclosures {
		views = append(views, DisclosureView{Time: v.Recorded(d.First, f.Rules.Location), Unit: v.Unit(d.Unit), Account: v.Account(d.Login)})
	}
	return views
}
