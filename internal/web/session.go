package web

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
	partyCookie = "luoshi_party"
)

// acting is a handler for somebody who is signed in.
type acting func(w http.ResponseWriter, r *http.Request, a office.Actor) error

// forStaff lets members of staff through and sends others to sign in.
func (s *site) forStaff(h acting) handler {
	return s.only(staffCookie, func(a office.Actor) bool { return a.Account != nil },
		func(r *http.Request) string { return "/login?next=" + r.URL.EscapedPath() }, s.carryForm, h)
}

// forParty lets a party of a matter through and sends others to number and query code.
func (s *site) forParty(h acting) handler {
	return s.only(partyCookie, func(a office.Actor) bool { return a.Party != nil }, partyEntrance, s.carryStep, h)
}

// partyEntrance is where number and code are asked for. A browser that has just been given a cookie and does not send
// it keeps none, and its person is told so instead of being asked again and again.
func partyEntrance(r *http.Request) string {
	if r.URL.Query().Has(signedIn) {
		return "/follow?cookies=blocked"
	}
	return "/follow"
}

// carryForm takes what was sent to the desk along to signing in again.
func (s *site) carryForm(w http.ResponseWriter, r *http.Request) error {
	if h := held(r); h != nil {
		return s.askToSignIn(w, r, h)
	}
	return errSignedOut()
}

// carryStep takes what was typed into a step along to signing in again.
func (s *site) carryStep(w http.ResponseWriter, r *http.Request) error {
	if r.PathValue("step") == "" {
		return errSignedOut()
	}
	return s.carry(w, r)
}

// only lets those through whose session is of the right kind. Others are sent to the entrance, but for what
// they posted, which would be lost on the way: that is for lost to answer.
func (s *site) only(cookie string, right func(office.Actor) bool, entrance func(*http.Request) string, lost handler, h acting) handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		a, err := s.actor(r, cookie)
		if err == nil && !right(a) {
			err = errSignedOut()
		}
		switch {
		case err == nil:
			return h(w, r.WithContext(context.WithValue(r.Context(), actorKey{}, a)), a)
		case casework.KindOf(err) != casework.NotAllowed:
			return err
		case r.Method == http.MethodGet:
			return &redirect{entrance(r)}
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

func (s *site) actor(r *http.Request, cookie string) (office.Actor, error) {
	c, err := r.Cookie(cookie)
	if err != nil || c.Value == "" {
		return office.Actor{}, errSignedOut()
	}
	return s.service.ActorBySession(r.Context(), c.Value)
}

// begin gives the browser the secret of a session.
func begin(w http.ResponseWriter, r *http.Request, cookie, secret string, life time.Duration) {
	http.SetCookie(w, &http.Cookie{Name: cookie, Value: secret, Path: "/", MaxAge: int(life.Seconds()), HttpOnly: true,
		Secure: secure(r), SameSite: http.SameSiteLaxMode})
}

// end forgets a session, here and in the browser.
func (s *site) end(w http.ResponseWriter, r *http.Request, cookie string) error {
	if c, err := r.Cookie(cookie); err == nil {
		if err := s.service.SignOut(r.Context(), c.Value); err != nil {
			return err
		}
		s.streams.end(office.TokenHash(c.Value))
	}
	forget(w, r, cookie)
	return nil
}

// forget has the browser drop a cookie.
func forget(w http.ResponseWriter, r *http.Request, cookie string) {
	http.SetCookie(w, &http.Cookie{Name: cookie, Path: "/", MaxAge: -1, HttpOnly: true, Secure: secure(r), SameSite: http.SameSiteLaxMode})
}

// secure reports whether the person's browser speaks TLS, to us or to a proxy in front of us.
func secure(r *http.Request) bool {
	return r.TLS != nil || strings.EqualFold(r.Header.Get("X-Forwarded-Proto"), "https")
}
