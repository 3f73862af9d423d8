package browser

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"luoshi/test/pages"
)

// story is what people type and read, in one language.
type story struct {
	lang                                                     string
	title, facts, request, name, tel, other, record, promise string
	recorded, wait, fix, closed, changed, wrong              string
}

func stories() []story {
	return []story{
		{lang: "zh", title: "楼上装修漏水，要求修好", facts: "三月以来厨房天花板一直滴水。", request: "请楼上修好。", name: "张三", tel: "13800000001",
			other: "李四", record: "双方到场，同意先查漏点。", promise: "李四六月底前修好，赔偿八百元。",
			recorded: "已经登记", wait: "您的申请已经登记", fix: "请更正以下内容", closed: "这件事已经办结", changed: "情况有变化", wrong: "编号或查询码不正确"},
		{lang: "en", title: "Leak from the flat above", facts: "Water has come through the kitchen ceiling since March.", request: "Please have it repaired.",
			name: "Zhang San", tel: "13800000001", other: "Li Si", record: "Both came and agree to look for the leak first.",
			promise:  "Li Si repairs it by the end of June and pays 800 yuan.",
			recorded: "Your matter is recorded", wait: "Your request is recorded", fix: "Please correct this", closed: "This matter is closed",
			changed: "Something changed", wrong: "is not right"},
	}
}

func TestAMatterFromLodgingToItsEndInTheBrowser(t *testing.T) {
	for _, s := range stories() {
		t.Run(s.lang, func(t *testing.T) {
			stand := pages.New(t)
			srv := httptest.NewServer(stand.Handler)
			t.Cleanup(srv.Close)
			b := Open(t, srv.URL, s.lang)
			if b.axe == "" {
				missing(t, "node_modules/axe-core (npm ci)")
			}
			b.phone()
			b.Go("/?lang=" + s.lang)
			life := &life{Tab: b, story: s, stand: stand}
			life.resident()
			life.clerk()
			life.mediator()
			life.end()
		})
	}
}

type life struct {
	*Tab
	story
	stand  *pages.Stand
	number string
	code   string
}

func (l *life) check(name string) {
	l.t.Helper()
	l.Check(l.lang + "-" + name)
}

// resident brings a dispute on a phone, forgets something first, and follows it.
func (l *life) resident() {
	l.activate(`a[href="/lodge/people-mediation"]`)
	form := "form[data-keep]"
	l.Fill(form, "title", l.title)
	l.Fill(form, "f.facts", l.facts)
	l.Go("/lodge/people-mediation") // the phone rang, the page was loaded again
	if kept := js[string](l.Tab, `document.getElementById('f-facts').value`); kept != l.facts {
		l.t.Errorf("after a reload the draft holds %q", kept)
	}
	l.activate(".finish button") // on another screen of the form
	l.Shows(l.fix)
	l.check("lodge-faults")
	l.Fill(form, "unit", "t")
	l.Fill(form, "f.kind", "neighbour")
	l.Fill(form, "f.request", l.request)
	l.Fill(form, "p.applicant.0.name", l.name)
	l.Fill(form, "p.applicant.0.phone", l.tel)
	l.Fill(form, "p.respondent.0.name", l.other)
	l.activate(".finish button")
	l.Shows(l.title, l.facts, l.request, l.name, l.tel, l.other)
	l.Click("form[data-answers] button.main")
	l.Shows(l.recorded, l.wait)
	if kept := js[int](l.Tab, `sessionStorage.length + localStorage.length`); kept != 0 {
		l.t.Errorf("%d drafts stay behind after sending", kept)
	}
	l.number = js[string](l.Tab, `document.getElementById('number').textContent`)
	l.code = js[string](l.Tab, `document.getElementById('code').textContent`)
	l.follow()
}

func (l *life) follow() {
	l.Go("/m")
	l.Click(`form[action="/m/leave"] button`)
	l.Go("/follow")
	l.Fill("form", "number", l.number)
	l.Fill("form", "code", "0000-0000-0000-0000")
	l.Click("form button.main")
	l.Shows(l.wrong)
	l.Fill("form", "code", strings.ToLower(l.code))
	l.Click("form button.main")
	l.Shows(l.title, l.wait)
	if address := js[string](l.Tab, `location.href`); strings.Contains(address, l.number) || strings.Contains(strings.ToUpper(address), l.code) {
		l.t.Errorf("the address holds number or code: %s", address)
	}
}

func (l *life) signIn(login string) {
	l.t.Helper()
	l.Go("/login?next=/desk/m/" + l.number)
	l.Fill(`form.narrow`, "login", login)
	l.Fill(`form.narrow`, "password", pages.Password)
	l.Click(`form.narrow button.main`)
}

// open unfolds the form of a step and gives the selector of its form.
func (l *life) open(step string) string {
	l.t.Helper()
	js[bool](l.Tab, fmt.Sprintf(`document.getElementById(%q).open = true`, "step-"+step))
	return "#step-" + step + " form"
}

// clerk accepts the matter, meets a colleague who was faster, and appoints a mediator.
func (l *life) clerk() {
	l.signIn("clerk")
	l.Shows(l.title, l.name, l.tel)
	l.Go("/desk")
	l.Click(".row-title")
	accept := l.open("accept")
	l.Fill(accept, "note", l.request)
	l.colleague("accept")
	l.Click(accept + " button.main")
	l.Shows(l.changed, l.request)
	l.check("matter-conflict")
	l.Go("/desk/m/" + l.number)
	assign := l.open("assign")
	l.Fill(assign, "assignee", "mediator")
	l.Click(assign + " button.main")
	l.check("matter-assigned")
	js[bool](l.Tab, `document.querySelector('.upkeep').open = true`)
	l.Click(`form[action$="/code"] button`)
	l.code = js[string](l.Tab, `document.getElementById('code').textContent`)
	l.Click(`form[action="/logout"] button`)
}

// colleague takes a step behind the clerk's back.
func (l *life) colleague(step string) {
	l.t.Helper()
	l.colleagueTakes(step, url.Values{"version": {"1"}})
}

// colleagueRefers sends it to another office.
func (l *life) colleagueRefers(version, unit string) {
	l.t.Helper()
	l.colleagueTakes("refer", url.Values{"version": {version}, "unit": {unit}, "note": {"Theirs."}})
}

func (l *life) colleagueTakes(step string, form url.Values) {
	l.t.Helper()
	jar := http.Header{}
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	post := func(path string, form url.Values) {
		r, err := http.NewRequest(http.MethodPost, l.base+path, strings.NewReader(form.Encode()))
		if err != nil {
			l.t.Fatal(err)
		}
		r.Header = jar.Clone()
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		res, err := client.Do(r)
		if err != nil {
			l.t.Fatal(err)
		}
		res.Body.Close()
		if res.StatusCode != http.StatusSeeOther {
			l.t.Fatalf("%s: status %d", path, res.StatusCode)
		}
		for _, c := range res.Cookies() {
			jar.Add("Cookie", c.Name+"="+c.Value)
		}
	}
	post("/login", url.Values{"login": {"clerk"}, "password": {pages.Password}})
	post("/desk/m/"+l.number+"/steps/"+step, form)
}

func (l *life) mediator() {
	l.signIn("mediator")
	session := l.open("session")
	l.Fill(session, "f.session_on", "2026-05-06")
	l.Fill(session, "f.session_form", "in-person")
	l.Fill(session, "f.session_record", l.record)
	l.Click(session + " button.main")
	l.Shows(l.record)
	agreement := l.open("agreement")
	l.Fill(agreement, "f.agreement_form", "written")
	l.Fill(agreement, "f.agreement_text", l.promise)
	l.Fill(agreement, "f.perform_by", "2026-06-30")
	l.Click(agreement + " button.main")
	l.Shows(l.promise)
	// The code was replaced, so whoever came in with the old one has to show the new one.
	l.Go("/m")
	l.Fill("form", "number", l.number)
	l.Fill("form", "code", l.code)
	l.Click("form button.main")
	l.Shows(l.promise)
	l.Go("/desk/m/" + l.number)
	closing := l.open("close")
	l.Fill(closing, "f.performed", "yes")
	l.Click(closing + " button.main")
	l.Go("/desk?show=ended")
	l.Shows(l.title)
	l.Click(`form[action="/logout"] button`)
}

// end is what the resident sees last.
func (l *life) end() {
	l.Go("/m")
	l.Shows(l.closed, l.promise, l.record, "王芳", "李强")
	l.quiet()
}
