package web

import (
	"net/http"
	"net/url"
	"strings"

	"luoshi/internal/casework"
)

// loginPage is where staff sign in.
type loginPage struct {
	frame
	Problems []problem
	Login    input
	Password input
	Next     string
	Held     *heldForm     // what was sent before; nil: nothing
	Accounts []DemoAccount // demo only
}

func (*loginPage) template() string { return "login" }

func (s *site) newLoginPage(v words, login, next string) *loginPage {
	p := &loginPage{Next: desk(next),
		Login:    input{ID: "login", Name: "login", Label: v.t("login.login"), Kind: "string", Required: true, Value: login, Complete: "username"},
		Password: input{ID: "password", Name: "password", Label: v.t("login.password"), Kind: "password", Required: true, Complete: "current-password"}}
	p.Title = v.t("login.title")
	for _, d := range s.demo {
		p.Accounts = append(p.Accounts, DemoAccount{Login: d.Login, Password: d.Password, Role: v.role(d.Role), Unit: v.unit(d.Unit)})
	}
	return p
}

// desk is a path of the desk, whatever was asked for: nobody is sent to another site or page by a link.
func desk(next string) string {
	u, err := url.Parse(next)
	if err != nil || u.Host != "" || u.Scheme != "" || (u.Path != "/desk" && !strings.HasPrefix(u.Path, "/desk/")) {
		return "/desk"
	}
	return u.EscapedPath()
}

func (s *site) loginForm(w http.ResponseWriter, r *http.Request) error {
	return s.showLogin(w, r, http.StatusOK, s.newLoginPage(s.words(languageOf(r)), "", r.URL.Query().Get("next")))
}

// login checks a password, unless too many were wrong for this login from this address: who guesses from
// elsewhere does not keep the holder out.
func (s *site) login(w http.ResponseWriter, r *http.Request) error {
	form, err := posted(r)
	if err != nil {
		return err
	}
	if keepsNoCookies(r) {
		return s.refuseWithoutCookies(w, r, form)
	}
	if s.passwords.Blocked(r, form.Get("login")) {
		return errTooMany()
	}
	secret, err := s.service.SignIn(r.Context(), form.Get("login"), form.Get("password"))
	if err == nil {
		begin(w, r, staffCookie, secret, casework.StaffSession)
		return s.signedIn(w, r, secret, form)
	}
	if casework.KindOf(err) != casework.NotAllowed {
		return err
	}
	if s.passwords.Failed(r, form.Get("login")) {
		return errTooMany()
	}
	v := s.words(languageOf(r))
	page := s.newLoginPage(v, form.Get("login"), form.Get("next"))
	page.Held = heldAgain(form)
	page.Problems = []problem{{ID: "login", Text: casework.AsError(err).Text.In(v.lang)}}
	return s.showLogin(w, r, http.StatusUnprocessableEntity, page)
}

func (s *site) logout(w http.ResponseWriter, r *http.Request) error {
	if err := s.end(w, r, staffCookie); err != nil {
		return err
	}
	return &redirect{"/"}
}
