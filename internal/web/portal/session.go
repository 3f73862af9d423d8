package portal

import (
	"net/http"

	"luoshi/internal/office"
	"luoshi/internal/web/site"
)

// ForParty lets a party of a matter through and sends others to number and query code.
func (s *Pages) ForParty(h site.Acting) site.Handler {
	return s.Only(site.PartyCookie, func(a office.Actor) bool { return a.Party != nil }, partyEntrance, s.carryStep, h)
}

// partyEntrance is where number and code are asked for. A browser that has just been given a cookie and does not send
// it keeps none, and its person is told so instead of being asked again and again.
func partyEntrance(r *http.Request) string {
	if r.URL.Query().Has(signedIn) {
		return "/follow?cookies=blocked"
	}
	return "/follow"
}

// carryStep takes what was typed into a step along to signing in again.
func (s *Pages) carryStep(w http.ResponseWriter, r *http.Request) error {
	if r.PathValue("step") == "" {
		return site.ErrSignedOut()
	}
	return s.carry(w, r)
}
