package site

import (
	"net/http"
	"net/url"
	"strings"

	"luoshi/internal/casework"
)

// loginPage is where staff sign in.
type loginPage struct {
	Frame
	Problems []Problem
	Login    Input
	Password Input
	Next     string
	Held     *heldForm     // what was sent before; nil: nothing
	Accounts []DemoAccount // demo only
}

func (*loginPage) Template() string { return "login" }

func (s *Site) newLoginPage(v Words, login, next string) *loginPage {
	p := &loginPage{Next: desk(next),
		Login:    Input{ID: "login", Name: "login", Label: v.T("login.login"), Kind: "string", Required: true, Value: login, Complete: "username"},
		Password: Input{ID: "password", Name: "password", Label: v.T("login.password"), Kind: "password", Required: true, Complete: "current-password"}}
	p.Title = v.T("login.title")
	for _, d := range s.Demo {
		p.Accounts = append(p.Accounts, DemoAccount{Login: d.Login, Password: d.Password, Role: v.role(d.Role), Unit: v.Unit(d.Unit)})
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

// LoginForm asks staff who they are.
func (s *Site) LoginForm(w http.ResponseWriter, r *http.Request) error {
	return s.showLogin(w, r, http.StatusOK, s.newLoginPage(s.Words(LanguageOf(r)), "", r.URL.Query().Get("next")))
}

// Login checks a password, unless too many were wrong for this login from this address: who guesses from
// elsewhere does not keep the holder out.
func (s *Site) Login(w http.ResponseWriter, r *http.Request) error {
	form, err := Posted(r)
	if err != nil {
		return err
	}
	if keepsNoCookies(r) {
		return s.refuseWithoutCookies(w, r, form)
	}
	if s.passwords.Blocked(r, form.Get("login")) {
		return ErrTooMany()
	}
	secret, err := s.Service.SignIn(r.Context(), form.Get("login"), form.Get("password"))
	if err == nil {
		Begin(w, r, staffCookie, secret, casework.StaffSession)
		return s.signedIn(w, r, secret, form)
	}
	if casework.KindOf(err) != casework.NotAllowed {
		return err
	}
	if s.passwords.Failed(r, form.Get("login")) {
		return ErrTooMany()
	}
	v := s.Words(LanguageOf(r))
	page := s.newLoginPage(v, form.Get("login"), form.Get("next"))
	page.Held = heldAgain(form)
	page.Problems = []Problem{{ID: "login", Text: casework.AsError(err).Text.In(v.Lang)}}
	return s.showLogin(w, r, http.StatusUnprocessableEntity, page)
}

// Logout ends the session of a member of staff.
func (s *Site) Logout(w http.ResponseWriter, r *http.Request) error {
	if err := s.End(w, r, staffCookie); err != nil {
		return err
	}
	return &Redirect{"/"}
}
