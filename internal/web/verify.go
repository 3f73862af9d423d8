package web

import "net/http"

// verifyPage says how to check a receipt without trusting this server.
type verifyPage struct {
	frame
	VKey    string
	Command string
	Origin  string
}

func (*verifyPage) template() string { return "verify" }

func (s *site) verify(w http.ResponseWriter, r *http.Request) error {
	p := &verifyPage{VKey: s.vkey, Origin: s.service.Origin, Command: "luoshi verify --key '" + s.vkey + "' receipt.json"}
	p.Title = s.texts.get(languageOf(r), "verify.title")
	return s.render(w, r, http.StatusOK, p)
}
