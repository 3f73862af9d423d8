package pages

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"
)

func TestEveryAnswerCarriesTheHeaders(t *testing.T) {
	c := newClient(t, serve(t, New(t)))
	for _, path := range []string{"/", "/follow", "/login", "/verify", "/lodge/petition", "/nowhere", "/desk", "/static/none.css"} {
		h := c.get(path).header
		for name, want := range map[string]string{
			"Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
			"X-Content-Type-Options":  "nosniff",
			"Referrer-Policy":         "no-referrer",
			"Cache-Control":           "no-store",
		} {
			if got := h.Get(name); got != want {
				t.Errorf("%s: %s is %q", path, name, got)
			}
		}
	}
}

func TestStaticFilesAreKeptForEver(t *testing.T) {
	c := newClient(t, serve(t, New(t)))
	c.signIn("clerk")
	files := regexp.MustCompile(`/static/[a-z]+\.[0-9A-Za-z]{8,}\.(css|js|svg)`).FindAllString(c.get("/desk").body, -1)
	if len(files) < 5 {
		t.Fatalf("the worklist names only %q", files)
	}
	for _, m := range files {
		a := c.must(200, c.get(m))
		if !strings.Contains(a.header.Get("Cache-Control"), "immutable") || a.body == "" {
			t.Errorf("%s: %q", m, a.header.Get("Cache-Control"))
		}
	}
}

func TestPostsFromOtherSitesAreRefused(t *testing.T) {
	s := New(t)
	c := newClient(t, serve(t, s))
	c.signIn("clerk")
	for name, header := range map[string][2]string{
		"cross-site fetch": {"Sec-Fetch-Site", "cross-site"},
		"same-site fetch":  {"Sec-Fetch-Site", "same-site"},
		"foreign origin":   {"Origin", "https://elsewhere.example"},
	} {
		t.Run(name, func(t *testing.T) {
			r, err := http.NewRequest(http.MethodPost, c.url+"/lodge/people-mediation", strings.NewReader(dispute().Encode()))
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			r.Header.Set(header[0], header[1])
			holds(t, c.must(http.StatusForbidden, c.do(r)), "another website")
		})
	}
	if size, err := s.Service.Store.Size(t.Context()); err != nil || size != 0 {
		t.Errorf("%d entries were recorded (%v)", size, err)
	}
}

var editable = regexp.MustCompile(`(?s) value="[^"]*"|<textarea[^>]*>[^<]*</textarea>`)

func TestHostileTextIsShownAndDoesNothing(t *testing.T) {
	base := serve(t, New(t))
	c, clerk := newClient(t, base), newClient(t, base)
	script := `<script>alert(1)</script><img src=x onerror=alert(2)>"'` + "\u202egnp\x07\x1b[31m"
	big := strings.Repeat("长文字<b>", 3000)
	number, _ := c.lodge(with(dispute(), "title", script, "f.facts", big, "p.applicant.0.name", script, "f.place", "{{.}}${x}"))
	clerk.signIn("clerk")
	clerk.must(http.StatusSeeOther, clerk.post("/desk/m/"+number+"/steps/accept", url.Values{"version": {"1"}, "note": {strings.Repeat("注", 300000)}}))
	for _, a := range []answer{c.get("/m"), clerk.get("/desk"), clerk.get("/desk/m/" + number)} {
		if a.status != 200 {
			t.Fatalf("status %d", a.status)
		}
		// What can be edited holds the text as it is; nothing beyond its own box can be turned or hidden by it.
		a.body = editable.ReplaceAllString(a.body, "")
		for _, bad := range []string{"<script>alert", "<img src=x", "\u202e", "\x07", "\x1b", "文字<b>"} {
			if strings.Contains(a.body, bad) {
				t.Errorf("the page holds %q", bad)
			}
		}
		holds(t, answer{body: a.body[:min(len(a.body), 1<<20)]}, "&lt;script&gt;alert(1)", "[U&#43;202E]gnp␇␛[31m")
	}
	a := clerk.get("/desk/m/" + number)
	if !strings.Contains(a.body, `<details class="fold">`) || !strings.Contains(a.body, strings.Repeat("注", 300000)) {
		t.Error("the long note is not folded, or not whole")
	}
}

func TestTooLargeAFormIsRefusedAndSaysSo(t *testing.T) {
	c := newClient(t, serve(t, New(t)))
	a := c.post("/lodge/people-mediation", with(dispute(), "f.facts", strings.Repeat("x", 9<<20)))
	holds(t, c.must(http.StatusRequestEntityTooLarge, a), "too large")
}

func TestTheLogHoldsNothingPersonal(t *testing.T) {
	s := New(t)
	base := serve(t, s)
	c, clerk := newClient(t, base), newClient(t, base)
	number, code := c.lodge(dispute())
	c.get("/m?name=Zhang+San")
	c.get("/m/receipts/1")
	clerk.signIn("clerk")
	a := clerk.post("/desk", url.Values{"words": {"Zhang San"}})
	sealed := a.header.Get("Location")
	clerk.get(sealed)
	clerk.get("/desk/m/" + number)
	clerk.post("/desk/m/"+number+"/steps/accept", url.Values{"version": {"1"}, "note": {"a private note"}})
	clerk.get("/desk/m/2026-00000009-9")
	clerk.get("/13800000001?x=Zhang")
	newClient(t, base).post("/follow", url.Values{"number": {number}, "code": {"0000-0000-0000-0000"}})
	newClient(t, base).post("/login", url.Values{"login": {"zhang"}, "password": {"secret-guess"}})
	r, err := http.NewRequest("ZHANG", base+"/", nil)
	if err != nil {
		t.Fatal(err)
	}
	c.do(r)
	time.Sleep(50 * time.Millisecond) // the line is written after the answer
	log := s.Log.String()
	if n := strings.Count(log, `"msg":"page"`); n < 12 {
		t.Fatalf("only %d requests in the log:\n%s", n, log)
	}
	for _, personal := range []string{number, code, number[:13], "Zhang", "zhang", "ZHANG", "Li Si", "13800000001", "Leak", "Water", "private note",
		"secret-guess", Password, "0000-0000", "2026-00000009", sealed, "cookie", "lst_"} {
		if strings.Contains(log, personal) {
			t.Errorf("the log holds %q:\n%s", personal, log)
		}
	}
	if !strings.Contains(log, `"route":"POST /desk/m/{number}/steps/{step}"`) {
		t.Errorf("the log does not name routes:\n%s", log)
	}
}
