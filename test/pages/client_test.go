package pages

import (
	"bytes"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// client is a browser without script: it keeps cookies and does not follow redirects by itself.
type client struct {
	t    *testing.T
	http *http.Client
	url  string
}

// chosen is a file that somebody chose for an input.
type chosen struct {
	field, name string
	data        []byte
}

// answer is one page.
type answer struct {
	status int
	body   string
	header http.Header
}

func serve(t *testing.T, s *Stand) string {
	t.Helper()
	srv := httptest.NewServer(s.Handler)
	t.Cleanup(srv.Close)
	return srv.URL
}

func newClient(t *testing.T, url string) *client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &client{t: t, url: url, http: &http.Client{Jar: jar,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// sendFiles posts a form as a browser does that may send files.
func (c *client) sendFiles(path string, form url.Values, files []chosen) answer {
	c.t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for name, values := range form {
		for _, v := range values {
			if err := w.WriteField(name, v); err != nil {
				c.t.Fatal(err)
			}
		}
	}
	for _, f := range files {
		part, err := w.CreateFormFile(f.field, f.name)
		if err == nil {
			_, err = part.Write(f.data)
		}
		if err != nil {
			c.t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		c.t.Fatal(err)
	}
	r, err := http.NewRequest(http.MethodPost, c.url+path, &b)
	if err != nil {
		c.t.Fatal(err)
	}
	r.Header.Set("Content-Type", w.FormDataContentType())
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return c.do(r)
}

func (c *client) do(r *http.Request) answer {
	c.t.Helper()
	if r.Header.Get("Accept-Language") == "" {
		r.Header.Set("Accept-Language", "en")
	}
	res, err := c.http.Do(r)
	if err != nil {
		c.t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	return answer{res.StatusCode, string(b), res.Header}
}

func (c *client) get(path string) answer {
	c.t.Helper()
	r, err := http.NewRequest(http.MethodGet, c.url+path, nil)
	if err != nil {
		c.t.Fatal(err)
	}
	return c.do(r)
}

func (c *client) post(path string, form url.Values) answer {
	c.t.Helper()
	r, err := http.NewRequest(http.MethodPost, c.url+path, strings.NewReader(form.Encode()))
	if err != nil {
		c.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return c.do(r)
}

// must fails the test unless the answer has the status.
func (c *client) must(status int, a answer) answer {
	c.t.Helper()
	if a.status != status {
		c.t.Fatalf("status %d, want %d:\n%s", a.status, status, a.body)
	}
	return a
}

func (c *client) signIn(login string) {
	c.t.Helper()
	c.must(http.StatusSeeOther, c.post("/login", url.Values{"login": {login}, "password": {Password}}))
}

// holds fails the test unless the page shows every text.
func holds(t *testing.T, a answer, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if !strings.Contains(a.body, text) {
			t.Errorf("the page does not show %q:\n%s", text, a.body)
		}
	}
}

var (
	numberRE = regexp.MustCompile(`id="number">([0-9]{4}-[0-9]{8}-[0-9X])<`)
	codeRE   = regexp.MustCompile(`id="code">([0-9A-Z-]{19})<`)
)

func found(t *testing.T, re *regexp.Regexp, body string) string {
	t.Helper()
	m := re.FindStringSubmatch(body)
	if m == nil {
		t.Fatalf("%s is not on the page:\n%s", re, body)
	}
	return m[1]
}

// dispute is a filled-in form for people's mediation.
func dispute() url.Values {
	return url.Values{"key": {"key-of-this-form-0001"}, "unit": {"t"}, "title": {"Leak through the ceiling"},
		"f.kind": {"neighbour"}, "f.facts": {"Water since March."}, "f.request": {"Please repair."},
		"n.applicant": {"1"}, "p.applicant.0.name": {"Zhang San"}, "p.applicant.0.phone": {"13800000001"},
		"n.respondent": {"1"}, "p.respondent.0.name": {"Li Si"}}
}

// lodge brings a dispute and gives its number and query code.
func (c *client) lodge(form url.Values) (number, code string) {
	c.t.Helper()
	a := c.post("/lodge/people-mediation", form)
	if a.status == http.StatusSeeOther { // a browser that is known to keep cookies
		a = c.get(a.header.Get("Location"))
	}
	c.must(http.StatusOK, a)
	return found(c.t, numberRE, a.body), found(c.t, codeRE, a.body)
}

// with is a copy of the form with some members set, or removed when the value is "".
func with(form url.Values, pairs ...string) url.Values {
	out := url.Values{}
	for k, v := range form {
		out[k] = v
	}
	for i := 0; i < len(pairs); i += 2 {
		if pairs[i+1] == "" {
			out.Del(pairs[i])
		} else {
			out.Set(pairs[i], pairs[i+1])
		}
	}
	return out
}
