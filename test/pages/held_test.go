package pages

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// hidden are the hidden inputs of a page, as a browser sends them on.
func hidden(body string) url.Values {
	form := url.Values{}
	unescape := strings.NewReplacer("&#39;", "'", "&#34;", `"`, "&lt;", "<", "&gt;", ">", "&#43;", "+", "&amp;", "&")
	for _, m := range regexp.MustCompile(`<input type="hidden" name="([^"]*)" value="([^"]*)">`).FindAllStringSubmatch(body, -1) {
		form.Set(unescape.Replace(m[1]), unescape.Replace(m[2]))
	}
	return form
}

func TestWhatWasSentWithoutASessionComesBackAfterSigningIn(t *testing.T) {
	base := serve(t, New(t))
	resident, clerk := newClient(t, base), newClient(t, base)
	number, _ := resident.lodge(dispute())
	step := "/desk/m/" + number + "/steps/accept"
	sent := url.Values{"version": {"1"}, "key": {"key-of-the-step-0001"}, "note": {`She said "no" & <b>left</b>.`}}
	a := clerk.must(http.StatusForbidden, clerk.post(step, sent))
	holds(t, a, "signed out and nothing was recorded")
	form := with(hidden(a.body), "login", "clerk", "password", Password)
	a = clerk.must(http.StatusOK, clerk.post("/login", form))
	holds(t, a, "What you wrote is still here", `action="`+step+`"`, `She said &#34;no&#34; &amp; &lt;b&gt;left&lt;/b&gt;.`)
	if strings.Contains(a.body, Password) {
		t.Error("the password is on the page")
	}
	if b := clerk.get("/desk/m/" + number); strings.Contains(b.body, "Accepted") {
		t.Error("signing in recorded what had been sent")
	}
	clerk.must(http.StatusSeeOther, clerk.post(step, sent))
	holds(t, clerk.get("/desk/m/"+number), "Accepted", "She said &#34;no&#34;")
}

func TestOnlyFormsOfTheDeskAreCarriedOverTheSignIn(t *testing.T) {
	base := serve(t, New(t))
	for name, form := range map[string]url.Values{
		"another site":  {"path": {"https://elsewhere.example/desk/x"}, "held.note": {"x"}},
		"another page":  {"path": {"/m/steps/withdraw"}, "held.note": {"x"}},
		"a climb":       {"path": {"/desk/../m/leave"}, "held.note": {"x"}},
		"nothing in it": {"path": {"/desk/m/x/steps/accept"}},
		"too much":      {"path": {"/desk/m/x/steps/accept"}, "held.note": {strings.Repeat("x", 600<<10)}},
	} {
		t.Run(name, func(t *testing.T) {
			c := newClient(t, base)
			a := c.must(http.StatusSeeOther, c.post("/login", with(form, "login", "clerk", "password", Password)))
			if to := a.header.Get("Location"); to != "/desk" {
				t.Errorf("led to %s", to)
			}
		})
	}
	c := newClient(t, base)
	a := c.must(http.StatusForbidden, c.post("/desk/m/x/steps/accept", url.Values{"note": {strings.Repeat("x", 600<<10)}}))
	holds(t, a, "your browser still has what you wrote")
}

func TestABrowserWithoutCookiesIsTold(t *testing.T) {
	c := newClient(t, serve(t, New(t)))
	sign := func() answer {
		r, err := http.NewRequest(http.MethodPost, c.url+"/login", strings.NewReader(url.Values{"login": {"clerk"}, "password": {Password}}.Encode()))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Sec-Fetch-Site", "same-origin")
		r.Header.Set("Sec-Fetch-Mode", "navigate")
		return c.do(r)
	}
	holds(t, c.must(http.StatusUnprocessableEntity, sign()), "Your browser keeps no cookies")
	c.must(http.StatusSeeOther, sign()) // it kept the one that came with the answer
}

func TestPagesAreCompressedAndNewsAreNot(t *testing.T) {
	c := newClient(t, serve(t, New(t)))
	for path, want := range map[string]string{"/": "gzip", "/login": "gzip"} {
		r, err := http.NewRequest(http.MethodGet, c.url+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Accept-Encoding", "gzip")
		if got := c.do(r).header.Get("Content-Encoding"); got != want {
			t.Errorf("%s comes as %q, want %q", path, got, want)
		}
	}
	c.signIn("clerk")
	r, err := http.NewRequest(http.MethodHead, c.url+c.liveOf("/desk"), nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Accept-Encoding", "gzip")
	if got := c.do(r).header.Get("Content-Encoding"); got != "" {
		t.Errorf("news come as %q", got)
	}
}
