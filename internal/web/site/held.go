package site

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"

	"luoshi/internal/office"
)

// What was sent to the desk by somebody whose session had ended is not lost: the answer is the sign-in page,
// which carries it in hidden inputs, and after signing in it is shown again, to be sent by its own button.
// Nothing of it is kept here, stands in an address or is recorded by signing in. A page of another site cannot
// make use of it, because posts from other sites are refused before (see protect).

// heldName begins the names of the hidden inputs that carry a form over the sign-in.
const heldName = "held."

// maxHeld bounds what is carried over: a long note with room to spare. A declaration may be longer; its author
// has it in a file.
const maxHeld = 512 << 10

// heldForm is a form on its way over the sign-in.
type heldForm struct {
	Path   string // where it was sent; a path of the desk
	Fields []heldField
}

// heldField is one input. Name is as the form has it.
type heldField struct{ Name, Value string }

// Input is the name that carries the field over the sign-in.
func (f heldField) Input() string { return heldName + f.Name }

// Typed is whether it looks like somebody's words, which are shown to be read and changed again, and not like
// what a form holds for itself: a key, a date, a choice.
func (f heldField) Typed() bool {
	return !coded.MatchString(f.Value) && f.Name != "key" && !strings.HasPrefix(f.Name, fileName)
}

var coded = regexp.MustCompile(`^[a-z0-9_.:@/-]*$`)

// held is what was sent, when it can be carried: a form of the desk, not too large. Files of a step are kept as if
// anybody had sent them.
func (s *Site) held(w http.ResponseWriter, r *http.Request) *heldForm {
	if desk(r.URL.Path) != r.URL.EscapedPath() {
		return nil
	}
	if hasFiles(r) && takesFiles(r.URL.Path) {
		sent, err := s.Posted(w, r, office.Actor{Resident: true})
		if err != nil {
			return nil
		}
		return holdFields(r.URL.Path, sent.Form, "")
	}
	form, err := Uploaded(r, "source") // reads both kinds of forms
	if err != nil {
		return nil
	}
	return holdFields(r.URL.Path, form, "")
}

// heldAgain is what the sign-in page sent on, nil when there is nothing.
func heldAgain(form url.Values) *heldForm {
	to := form.Get("path")
	if to == "" || desk(to) != to || path.Clean(to) != to {
		return nil
	}
	return holdFields(to, form, heldName)
}

// holdFields takes the fields whose names begin with prefix.
func holdFields(to string, form url.Values, prefix string) *heldForm {
	h, size := &heldForm{Path: to}, 0
	for _, name := range slices.Sorted(maps.Keys(form)) {
		own, ok := strings.CutPrefix(name, prefix)
		if !ok {
			continue
		}
		for _, value := range form[name] {
			h.Fields = append(h.Fields, heldField{own, value})
			size += len(own) + len(value)
		}
	}
	if size > maxHeld || len(h.Fields) == 0 {
		return nil
	}
	return h
}

// heldPage shows to somebody who has signed in again what they had sent.
type heldPage struct {
	Frame
	Form heldForm
	Back string // the page of the form, "" when there is none of that address
}

func (*heldPage) Template() string { return "held" }

// showHeld gives the form back. It is the answer to signing in and records nothing.
func (s *Site) showHeld(w http.ResponseWriter, r *http.Request, a office.Actor, h *heldForm) error {
	v := s.Words(LanguageOf(r))
	page := &heldPage{Form: *h, Back: "/desk"}
	if matter, _, ok := strings.Cut(h.Path, "/steps/"); ok {
		page.Back = matter
	} else if strings.HasPrefix(h.Path, "/desk/lodge/") {
		page.Back = h.Path
	}
	page.Title, page.Staff = v.T("held.title"), v.Account(a.Account.Login)
	return s.Render(w, r, http.StatusOK, page)
}

// askToSignIn answers what was sent without a session.
func (s *Site) askToSignIn(w http.ResponseWriter, r *http.Request, h *heldForm) error {
	v := s.Words(LanguageOf(r))
	page := s.newLoginPage(v, "", "/desk")
	page.Held = h
	page.Problems = []Problem{{ID: "login", Text: v.T("held.signed-out")}}
	return s.showLogin(w, r, http.StatusForbidden, page)
}

// ProbeCookie holds nothing. The sign-in page, and the one that shows the answers of a lodging, give it to the browser to see
// whether it keeps cookies.
const ProbeCookie = "luoshi_probe"

// showLogin answers with the sign-in page.
func (s *Site) showLogin(w http.ResponseWriter, r *http.Request, status int, page *loginPage) error {
	http.SetCookie(w, &http.Cookie{Name: ProbeCookie, Value: "1", Path: "/login", HttpOnly: true, Secure: secure(r), SameSite: http.SameSiteLaxMode})
	return s.Render(w, r, status, page)
}

// keepsNoCookies reports whether a browser sent the form of our sign-in page, and not the cookie that the page
// gave it. A program that signs in without the page does not say what it navigates to.
func keepsNoCookies(r *http.Request) bool {
	_, err := r.Cookie(ProbeCookie)
	return errors.Is(err, http.ErrNoCookie) && r.Header.Get("Sec-Fetch-Mode") == "navigate"
}

// refuseWithoutCookies says what keeps the person out, and what to do.
func (s *Site) refuseWithoutCookies(w http.ResponseWriter, r *http.Request, form url.Values) error {
	v := s.Words(LanguageOf(r))
	page := s.newLoginPage(v, form.Get("login"), form.Get("next"))
	page.Held = heldAgain(form)
	page.Problems = []Problem{{ID: "login", Text: v.T("login.no-cookies")}}
	return s.showLogin(w, r, http.StatusUnprocessableEntity, page)
}

// signedIn goes on to what the person came for, or gives back what they had sent.
func (s *Site) signedIn(w http.ResponseWriter, r *http.Request, secret string, form url.Values) error {
	h := heldAgain(form)
	if h == nil {
		return &Redirect{desk(form.Get("next"))}
	}
	a, err := s.Service.ActorBySession(r.Context(), secret)
	if err != nil {
		return fmt.Errorf("a session that was just begun: %w", err)
	}
	return s.showHeld(w, r, a, h)
}
