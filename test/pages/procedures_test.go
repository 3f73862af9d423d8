package pages

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"luoshi/procedures"
)

// mediation is the pack's people's mediation as version 2, with pairs of texts replaced.
func mediation(t *testing.T, pairs ...string) string {
	t.Helper()
	b, err := procedures.FS.ReadFile("people-mediation.yaml")
	if err != nil {
		t.Fatal(err)
	}
	text := string(b)
	for i, pairs := 0, append([]string{"\nversion: 1\n", "\nversion: 2\n"}, pairs...); i < len(pairs); i += 2 {
		if !strings.Contains(text, pairs[i]) {
			t.Fatalf("%q does not occur", pairs[i])
		}
		text = strings.ReplaceAll(text, pairs[i], pairs[i+1])
	}
	return text
}

// send posts a form as a browser does that may send files: every member of files is one.
func (c *client) send(path string, form url.Values, files ...string) answer {
	c.t.Helper()
	typed := url.Values{}
	for name, values := range form {
		for _, v := range values {
			typed.Add(name, strings.ReplaceAll(v, "\n", "\r\n"))
		}
	}
	var all []chosen
	for i := 0; i < len(files); i += 2 {
		all = append(all, chosen{files[i], "a.yaml", []byte(files[i+1])})
	}
	return c.sendFiles(path, typed, all)
}

func TestAnAuthorPublishesOnThePage(t *testing.T) {
	s := New(t)
	author := newClient(t, serve(t, s))
	author.signIn("author")
	holds(t, author.must(200, author.get("/desk")), `href="/desk/procedures"`)
	page := author.must(200, author.get("/desk/procedures"))
	holds(t, page, "people-mediation", "The program", "Running matters", `enctype="multipart/form-data"`)
	if strings.Contains(page.body, "/migrate") {
		t.Error("a migration is offered where there is one version only")
	}
	broken := mediation(t, "calendar: cn", "calender: cn")
	a := author.must(http.StatusUnprocessableEntity, author.send("/desk/procedures", url.Values{"source": {broken}}))
	holds(t, a, "Not published", fmt.Sprintf("line %d, column 1", lineOf(t, broken, "calender: cn")), "unknown-member", "&#34;calender&#34; is not a member here", "calender: cn\n")
	a = author.must(http.StatusSeeOther, author.send("/desk/procedures", url.Values{"source": {""}}, "source-file", mediation(t)))
	page = author.must(200, author.get(a.header.Get("Location")))
	holds(t, page, "Published: people-mediation@2", "顾明 (author)", `href="/desk/procedures/people-mediation/migrate"`)
	other := strings.Replace(mediation(t), "\ntitle:", "\n# changed\ntitle:", 1)
	holds(t, author.must(http.StatusUnprocessableEntity, author.send("/desk/procedures", url.Values{"source": {other}})), "already published with another text")
	holds(t, author.must(http.StatusUnprocessableEntity, author.send("/desk/procedures", url.Values{"source": {""}})), "the file is empty")
	if r := s.Service.Rules("people-mediation"); r.Procedure.Version != 2 || r.By != "author" {
		t.Errorf("in force is version %d by %q", r.Procedure.Version, r.By)
	}
}

func TestOnlyAuthorsSeeThePagesOfProcedures(t *testing.T) {
	s := New(t)
	base := serve(t, s)
	if _, err := s.Service.Publish(t.Context(), "m.yaml", []byte(mediation(t))); err != nil {
		t.Fatal(err)
	}
	posts := []string{"/desk/procedures", "/desk/procedures/people-mediation/rehearse", "/desk/procedures/people-mediation/migrate",
		"/desk/procedures/check", "/desk/procedures/try"}
	gets := []string{"/desk/procedures", "/desk/procedures/check", "/desk/procedures/try", "/desk/procedures/people-mediation/try", "/desk/procedures/people-mediation/migrate"}
	for _, login := range []string{"clerk", "mediator", "head", "officer", "auditor", "author", ""} {
		c := newClient(t, base)
		if login != "" {
			c.signIn(login)
		}
		for _, path := range gets {
			want := map[string]int{"author": 200, "": http.StatusSeeOther}[login]
			if want == 0 {
				want = http.StatusForbidden
			}
			c.must(want, c.get(path))
		}
		for _, path := range posts {
			a := c.send(path, url.Values{"source": {"x"}, "from": {"1"}, "to": {"9"}})
			if want := http.StatusForbidden; (login == "author") == (a.status == want) {
				t.Errorf("POST %s by %q: %d", path, login, a.status)
			}
		}
		if login != "" && login != "author" && strings.Contains(c.get("/desk").body, "/desk/procedures") {
			t.Errorf("%s is shown the way to the procedures", login)
		}
	}
	c := newClient(t, base)
	c.signIn("author")
	c.must(http.StatusNotFound, c.get("/desk/procedures/petition/migrate")) // one version only
	c.must(http.StatusNotFound, c.get("/desk/procedures/nope/migrate"))
}

var planRE = regexp.MustCompile(`name="plan" value="([0-9a-f]{64})"`)

func TestAnAuthorRehearsesAndMigratesOnThePage(t *testing.T) {
	s := New(t)
	base := serve(t, s)
	resident, author, clerk := newClient(t, base), newClient(t, base), newClient(t, base)
	number, _ := resident.lodge(dispute())
	long := newClient(t, base)
	unfit, _ := long.lodge(with(dispute(), "key", "another", "f.request", strings.Repeat("x", 2500)))
	author.signIn("author")
	clerk.signIn("clerk")
	text := mediation(t, "name: lodged", "name: arrived", "to: lodged", "to: arrived", "from: [lodged", "from: [arrived",
		"period: 3wd", "period: 7wd", "max_length: 5000", "max_length: 2000")
	if _, err := s.Service.Publish(t.Context(), "m.yaml", []byte(text)); err != nil {
		t.Fatal(err)
	}
	path := "/desk/procedures/people-mediation"
	holds(t, author.must(200, author.get(path+"/migrate")), "Version 1 (2 running)", "Version 2 (0 running)", "format: luoshi-migration/1")
	form := url.Values{"from": {"1"}, "to": {"2"}, "map": {""}}
	holds(t, author.must(http.StatusUnprocessableEntity, author.send(path+"/rehearse", form)), "migration-needed", "states has no lodged any more")
	form.Set("map", "format: luoshi-migration/1\nprocedure: people-mediation\nfrom: 1\nto: 2\nreason: {zh: 期限改了。, en: The time has changed.}\nstates: {lodged: arrived}\n")
	a := author.must(200, author.send(path+"/rehearse", form))
	holds(t, a, "2 running matters: 1 fit, 1 do not.", "1 of those that fit get another due date", "Why they do not fit", unfit, "states: {lodged: arrived}")
	if size, err := s.Service.Store.Size(t.Context()); err != nil || size != 2 {
		t.Errorf("the rehearsal left %d entries (%v)", size, err)
	}
	form.Set("plan", strings.Repeat("0", 64))
	holds(t, author.must(http.StatusConflict, author.post(path+"/migrate", form)), "Rehearse again")
	form.Set("plan", found(t, planRE, a.body))
	a = author.must(200, author.post(path+"/migrate", form))
	holds(t, a, "1 were migrated.", unfit)
	if planRE.MatchString(a.body) {
		t.Error("it offers to go on although nothing is left that fits")
	}
	for _, c := range []struct {
		who  *client
		path string
	}{{resident, "/m"}, {clerk, "/desk/m/" + number}} {
		holds(t, c.who.must(200, c.who.get(c.path)), "The rules changed: from now on version 2 of", "The time has changed.", "goes on; its end moves from", "顾明 (author)")
	}
	resident.get("/?lang=zh")
	holds(t, resident.must(200, resident.get("/m")), "办理规则有变化", "期限改了。", "期限由")
	if a := long.get("/m"); strings.Contains(a.body, "The rules changed") {
		t.Error("what did not fit was changed")
	}
	holds(t, clerk.must(200, clerk.get("/desk")), number, unfit, "people-mediation/arrived", "people-mediation/lodged")
	clerk.must(http.StatusSeeOther, clerk.post("/desk/m/"+number+"/steps/accept", url.Values{"version": {"2"}}))
	holds(t, author.must(200, author.get("/desk/procedures")), `</span>2</th><td role="cell" data-label="Running matters">1</td>`, `</span>1</th><td role="cell" data-label="Running matters">1</td>`)
	report, err := s.Service.Audit(t.Context(), nil, s.VKey)
	if err != nil || !report.OK {
		t.Errorf("audit: %+v (%v)", report, err)
	}
}
