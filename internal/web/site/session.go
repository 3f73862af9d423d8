package site

import (
	"context"
	"net/http"
	"strings"
	"time"

	"luoshi/internal/casework"
	"luoshi/internal/office"
)

// Cookies of the two kinds of session. A clerk may follow a matter of their own as a party in the same
// browser.
const (
	staffCookie = "luoshi_staff"
	PartyCookie = "luoshi_party"
)

// Acting is a handler for somebody who is signed in.
type Acting func(w http.ResponseWriter, r *http.Request, a office.Actor) error

// ForStaff lets members of staff through and sends others to sign in.
func (s *Site) ForStaff(h Acting) Handler {
	return s.Only(staffCookie, func(a office.Actor) bool { return a.Account != nil },
		func(r *http.Request) string { return "/login?next=" + r.URL.EscapedPath() }, s.carryForm, h)
}

// carryForm takes what was sent to the desk along to signing in again.
func (s *Site) carryForm(w http.ResponseWriter, r *http.Request) error {
	if h := s.held(w, r); h != nil {
		return s.askToSignIn(w, r, h)
	}
	return ErrSignedOut()
}

// Only lets those through whose session is of the right kind. Others are sent to the entrance, but for what
// they posted, which would be lost on the way: that is for lost to answer.
func (s *Site) Only(cookie string, right func(office.Actor) bool, entrance func(*http.Request) string, lost Handler, h Acting) Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		a, err := s.actor(r, cookie)
		if err == nil && !right(a) {
			err = ErrSignedOut()
		}
		switch {
		case err == nil:
			return h(w, r.WithContext(context.WithValue(r.Context(), actorKey{}, a)), a)
		case casework.KindOf(err) != casework.NotAllowed:
			return err
		case r.Method == http.MethodGet:
			return &Redirect{entrance(r)}
		}
		return lost(w, r)
	}
}

type actorKey struct{}

// actorOf is who is signed in on a page that asks for it, nobody elsewhere.
func actorOf(r *http.Request) office.Actor {
	a, _ := r.Context().Value(actorKey{}).(office.Actor)
	return a
}

func (s *Site) actor(r *http.Request, cookie string) (office.Actor, error) {
	c, err := r.Cookie(cookie)
	if err != nil || c.Value == "" {
		return office.Actor{}, ErrSignedOut()
	}
	return s.Service.ActorBySession(r.Context(), c.Value)
}

// Begin gives the browser the secret of a session.
func Begin(w http.ResponseWriter, r *http.Request, cookie, secret string, life time.Duration) {
	http.SetCookie(w, &http.Cookie{Name: cookie, Value: secret, Path: "/", MaxAge: int(life.Seconds()), HttpOnly: true,
		Secure: secure(r), SameSite: http.SameSiteLaxMode})
}

// End forgets a session, here and in the browser.
func (s *Site) End(w http.ResponseWriter, r *http.Request, cookie string) error {
	if c, err := r.Cookie(cookie); err == nil {
		if err := s.Service.SignOut(r.Context(), c.Value); err != nil {
			return err
		}
		s.streams.end(office.TokenHash(c.Value))
	}
	Forget(w, r, cookie)
	return nil
}

// Forget has the browser drop a cookie.
func Forget(w http.ResponseWriter, r *http.Request, cookie string) {
	http.SetCookie(w, &http.Cookie{Name: cookie, Path: "/", MaxAge: -1, HttpOnly: true, Secure: secure(r), SameSite: http.SameSiteLaxMode})
}

// secure reports whether the person's browser speaks TLS, to us or to a proxy in front of us.
func secure(r *http.Request) bool {
	return r.TLS != nil || strings.EqualFold(r.Header.Get("X-Forwarded-Proto"), "https")
}
