package site

import (
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strings"

	"luoshi/internal/casework"
	"luoshi/internal/procedure"
)

// Handler answers one request, or says why not. It writes nothing before it returns an error.
type Handler func(w http.ResponseWriter, r *http.Request) error

// Page adapts a handler: language first, then the handler, then its error as a page.
func (s *Site) Page(h Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if s.choose(w, r) {
			return
		}
		if err := h(w, r); err != nil {
			s.fail(w, r, err)
		}
	})
}

// errorPage is what a person sees when something cannot be done.
type errorPage struct {
	Frame
	Heading string
	Text    string
	Faults  []string // what is wrong with what was sent
	Status  int
	SignIn  bool // signing in again would help
}

func (*errorPage) Template() string { return "error" }

// RetryAfter is how many seconds to wait before trying again.
const RetryAfter = "60"

// Status is the HTTP status of an error, in one place for every page.
func Status(err error) int {
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return http.StatusRequestEntityTooLarge
	}
	switch casework.KindOf(err) {
	case casework.NotFound:
		return http.StatusNotFound
	case casework.Invalid:
		return http.StatusUnprocessableEntity
	case casework.NotAllowed:
		return http.StatusForbidden
	case casework.Conflict, casework.KeyReused:
		return http.StatusConflict
	case casework.Unavailable, casework.Unknown:
		return http.StatusServiceUnavailable
	case casework.TooMany:
		return http.StatusTooManyRequests
	}
	return http.StatusInternalServerError
}

// fail turns any error into a page. Words for the person come from the error's own text; its cause goes to
// the log only.
func (s *Site) fail(w http.ResponseWriter, r *http.Request, err error) {
	var to *Redirect
	if errors.As(err, &to) {
		http.Redirect(w, r, to.Path, http.StatusSeeOther)
		return
	}
	code, lang := Status(err), LanguageOf(r)
	e := casework.AsError(err)
	if code == http.StatusServiceUnavailable || code == http.StatusTooManyRequests {
		w.Header().Set("Retry-After", RetryAfter)
	}
	if code >= 500 {
		s.log.Error("page failed", "route", r.Pattern, "code", e.Code, "cause", withoutNumbers(err))
	}
	p := &errorPage{Status: code, Heading: s.texts.get(lang, fmt.Sprintf("error.%d", code)), Text: e.Text.In(lang), SignIn: e.Code == "session-ended"}
	p.Title = p.Heading
	for _, f := range e.Fields {
		p.Faults = append(p.Faults, f.Text.In(lang))
	}
	if code == http.StatusRequestEntityTooLarge {
		p.Text = s.texts.get(lang, "error.too-large")
	}
	if err := s.Render(w, r, code, p); err != nil {
		s.log.Error("error page failed", "cause", err.Error())
		http.Error(w, p.Heading, code)
	}
}

var matterNumber = regexp.MustCompile(`[0-9]{4}-[0-9]{8}-[0-9X]`)

// withoutNumbers is an error's text for the log. Causes come from the store and the ledger, which name
// matters by number and never by content.
func withoutNumbers(err error) string {
	return strings.ToValidUTF8(matterNumber.ReplaceAllString(err.Error(), "(number)"), "?")
}

// Redirect is an "error" that sends the person elsewhere, such as to sign in.
type Redirect struct{ Path string }

func (*Redirect) Error() string { return "see other page" }

// ErrNoPage says that there is nothing at the address.
func ErrNoPage() error {
	return &casework.Error{Kind: casework.NotFound, Code: "no-such-page", Text: procedure.Text{
		"zh": "没有这个页面。请核对网址，或者从首页开始。", "en": "There is no such page. Check the address, or begin at the start page."}}
}

func errForeign() error {
	return &casework.Error{Kind: casework.NotAllowed, Code: "cross-origin", Text: procedure.Text{
		"zh": "这次提交来自别的网站，没有被接受。请在本网站重新填写。", "en": "This was sent from another website and was not accepted. Please fill in the form here."}}
}

// ErrTooMany says that too many attempts were wrong.
func ErrTooMany() error {
	return &casework.Error{Kind: casework.TooMany, Code: "too-many-attempts", Text: procedure.Text{
		"zh": "错误次数太多，请一分钟后再试。编号和查询码（或用户名和密码）正确的，随时可以进入。",
		"en": "Too many wrong attempts. Try again in a minute. Whoever gives the right ones is let in at any time."}}
}

// ErrBackAgain is told to a party whose session ended in the middle of a step, once they have signed in again.
func ErrBackAgain() *casework.Error {
	return &casework.Error{Kind: casework.NotAllowed, Code: "back-again", Text: procedure.Text{
		"zh": "您刚才已退出，所以这一步还没有记录。您写的内容都在下面，请看一遍，再按一次确认。",
		"en": "You had been signed out, so this was not recorded yet. What you wrote is below. Look at it and confirm again."}}
}

// ErrSignedOut says that the session has ended and nothing was recorded.
func ErrSignedOut() error {
	return &casework.Error{Kind: casework.NotAllowed, Code: "session-ended", Text: procedure.Text{
		"zh": "登录已失效，您的操作没有被记录。请在新窗口登录，再回到这里重新提交，浏览器里填写的内容还在。",
		"en": "You are no longer signed in and nothing was recorded. Sign in in a new window, come back and send again; your browser still has what you wrote."}}
}
