package portal

import (
	"net/http"

	"luoshi/internal/web/site"
)

// verifyPage says how to check a receipt without trusting this server.
type verifyPage struct {
	site.Frame
	VKey    string
	Command string
	Origin  string
}

func (*verifyPage) Template() string { return "verify" }

// Verify says how a receipt is checked.
func (s *Pages) Verify(w http.ResponseWriter, r *http.Request) error {
	p := &verifyPage{VKey: s.VKey, Origin: s.Service.Origin, Command: "luoshi verify --key '" + s.VKey + "' receipt.json"}
	p.Title = s.words(site.LanguageOf(r)).T("verify.title")
	return s.Render(w, r, http.StatusOK, p)
}
