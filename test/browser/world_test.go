package browser

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"image"
	"image/png"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"luoshi/internal/casework"
	"luoshi/internal/office"
	"luoshi/internal/report"
	"luoshi/internal/report/orders"
	"luoshi/test/pages"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// world is an installation in which every page has something to show, seen in one language.
type world struct {
	lang  string
	whole testing.TB // of all pages in the language: a tab ends before its server
	stand *pages.Stand
	base  string
	first *Tab // of the browser
	tabs  map[string]*Tab

	fresh, agreed, ended, strange, petition, order, onward casework.Outcome
	directive                                              casework.Outcome
	draft                                                  string // address of the draft of a report
	meeting                                                casework.Outcome
	invitation                                             string // number of that of an office which has answered
	meetings                                               gathering
}

func newWorld(t testing.TB, first *Tab, lang string) *world {
	t.Helper()
	w := &world{lang: lang, whole: t, stand: pages.New(t), first: first, tabs: map[string]*Tab{}}
	srv := httptest.NewServer(w.stand.Handler)
	t.Cleanup(srv.Close)
	w.base = srv.URL
	w.court(t)
	w.fresh = w.dispute(t, "厨房漏水 Leak", "")
	w.agreed = w.dispute(t, "院墙过界 Wall", "agreement")
	w.ended = w.dispute(t, "夜里太吵 Noise", "close")
	w.strange = w.dispute(t, strange(), "")
	w.petition = w.lodge(t, "petition", "q", "")
	w.order = w.lodge(t, "hotline-order", "h", "")
	w.issue(t)
	w.meet(t)
	w.stand.Callers(t)
	w.onward = w.dispute(t, "修好漏水 Repair", "agreement", photographed())
	w.take(t, &w.onward, "clerk", casework.StepCommand{Step: "to-confirmation", Note: "双方都要法院确认。", Onward: &casework.Onward{Unit: "j",
		Fields: map[string]any{"mediated_by": "青石镇人民调解委员会", "agreed_on": "2026-05-06", "property": false}}})
	w.take(t, &w.petition, "clerk", casework.StepCommand{Step: "accept"})
	if _, err := w.stand.Service.PublishAs(t.Context(), w.stand.Actor("author"), "source", []byte(mediationAtTwo(t))); err != nil {
		t.Fatal(err)
	}
	return w
}

// issue has directives issued and one report in work.
func (w *world) issue(t testing.TB) {
	w.stand.Directives(t)
	w.directive = w.stand.Issue(t, "c", "排查矛盾纠纷 Disputes", 30, "b", "q", "t", "u")
	for i, part := range w.directive.Each {
		w.take(t, part, "clerk", casework.StepCommand{Step: "acknowledge"})
		w.take(t, part, "clerk", casework.StepCommand{Step: "plan", Fields: map[string]any{"plan": "逐村走一遍。"}})
		w.take(t, part, "officer", casework.StepCommand{Step: "report", Fields: map[string]any{"percent": 20 * (i + 1),
			"report_text": "走访了八个村，列出十二条矛盾，已化解七条，其余下周走完。", "evidence": "清单在司法所。"}})
	}
	w.stand.Issue(t, "b", "值守安排 Watch", 1)
	read := orders.From(report.Read(pages.Meeting, time.Time{}))
	doc, err := json.Marshal(read)
	if err != nil {
		t.Fatal(err)
	}
	d, err := w.stand.Service.KeepDraft(t.Context(), w.stand.Actor("clerk"), casework.Directives, casework.Draft{Unit: "c", Title: read.Title, Doc: doc})
	if err != nil {
		t.Fatal(err)
	}
	w.draft = "/desk/reports/" + d.ID
}

// meet has a meeting held to which four offices were invited: one came, one has declined, two have not answered.
func (w *world) meet(t testing.TB) {
	t.Helper()
	w.stand.MeetingPacks(t)
	day := time.Now().AddDate(0, 0, 9).Format(time.DateOnly)
	out, err := w.stand.Service.Lodge(t.Context(), w.stand.Actor("clerk"), casework.Lodging{Procedure: "meeting", Unit: "c", Title: "根治欠薪会议 Wages",
		Fields: map[string]any{"held_on": day, "begins": "09:00", "ends": "11:00", "form": "mixed", "place": "三楼会议室", "attends": "分管负责人",
			"agenda": "09:00-09:30 通报情况 Figures | 县信访局\n09:20-10:00 部署工作 What next\n"}}, "")
	if err != nil {
		t.Fatal(err)
	}
	w.meeting = *out
	out, err = w.stand.Service.TakeStep(t.Context(), w.stand.Actor("clerk"), w.meeting.Matter.Number, casework.StepCommand{Step: "invite",
		Sub: &casework.SubOpening{Units: []string{"b", "t", "u", "q"}}, Fields: map[string]any{"reply_by": day}}, "")
	if err != nil {
		t.Fatal(err)
	}
	each := out.Each
	w.invitation = each[0].Matter.Number
	w.take(t, each[0], "clerk", casework.StepCommand{Step: "accept", Fields: map[string]any{"seat": "own", "branch_place": "局会议室", "coming": "钱七 副局长"}})
	w.take(t, each[0], "clerk", casework.StepCommand{Step: "arrive", Fields: map[string]any{"person_name": "钱七", "person_post": "副局长"}})
	w.take(t, each[1], "clerk", casework.StepCommand{Step: "decline", Note: "值班 On duty"})
	w.take(t, &w.meeting, "clerk", casework.StepCommand{Step: "hold"})
	w.take(t, &w.meeting, "clerk", casework.StepCommand{Step: "write-minutes", Fields: map[string]any{"minutes": "一要排查欠薪。二要压实责任。"}})
}

// court adds one to the county, in which matters can go on.
func (w *world) court(t testing.TB) {
	t.Helper()
	name := map[string]string{"zh": "和顺县人民法院", "en": "Heshun County Court"}
	if err := w.stand.Service.Store.PutUnits(t.Context(), []office.Unit{{Code: "j", Parent: "c", Kind: "court", Name: name}}); err != nil {
		t.Fatal(err)
	}
	if err := w.stand.Service.ReloadStaff(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// photographed is a small picture and a paper that a matter brings along, by their names.
func photographed() map[string][]byte {
	var b bytes.Buffer
	m := image.NewRGBA(image.Rect(0, 0, 240, 160))
	for i := range m.Pix {
		m.Pix[i] = byte(200 + i%960/24)
	}
	if err := png.Encode(&b, m); err != nil {
		panic(err) // a buffer takes everything
	}
	return map[string][]byte{"厨房 kitchen.png": b.Bytes(), "维修报价单 quotation.pdf": []byte("%PDF-1.7\n%%EOF\n")}
}

// strange is what people put into forms: long words, a language from right to left, a table from a spreadsheet.
func strange() string {
	return strings.Repeat("很长的名字", 15) + strings.Repeat("Wort", 20) + " مرحبا بالعالم \U0001F468\u200d\U0001F469\u200d\U0001F467 1\t2\t3"
}

func (w *world) lodge(t testing.TB, procedure, unit, title string, files ...map[string][]byte) casework.Outcome {
	t.Helper()
	text, err := json.Marshal(w.stand.Service.Published()[procedure].Example)
	if err != nil {
		t.Fatal(err)
	}
	var l casework.Lodging
	if err := json.Unmarshal(text, &l); err != nil {
		t.Fatal(err)
	}
	l.Procedure, l.Unit = procedure, unit
	if title != "" {
		l.Title = title
	}
	if title == strange() {
		l.Fields["facts"] = "一\t二\t三\n" + strings.Repeat("数据\t42\tabc\n", 40)
		l.Parties[0].Name = strings.Repeat("长", 200)
	}
	for _, group := range files {
		var ids []any
		for _, name := range slices.Sorted(maps.Keys(group)) {
			u, err := w.stand.Service.TakeFile(t.Context(), office.Actor{Resident: true}, name, group[name], "")
			if err != nil {
				t.Fatal(err)
			}
			ids = append(ids, u.ID)
		}
		l.Fields["evidence"] = ids
	}
	out, err := w.stand.Service.Lodge(t.Context(), office.Actor{Resident: true}, l, "")
	if err != nil {
		t.Fatal(err)
	}
	return *out
}

// dispute is a people's mediation that has come as far as the step, with what was handed in as evidence.
func (w *world) dispute(t testing.TB, title, until string, evidence ...map[string][]byte) casework.Outcome {
	t.Helper()
	m := w.lodge(t, "people-mediation", "t", title, evidence...)
	for _, s := range []struct {
		by string
		casework.StepCommand
	}{
		{"clerk", casework.StepCommand{Step: "accept", Note: "可以调解。"}},
		{"clerk", casework.StepCommand{Step: "assign", Assignee: "mediator"}},
		{"mediator", casework.StepCommand{Step: "session", Fields: map[string]any{"session_on": "2026-05-06", "session_form": "in-person", "session_record": "双方到场。"}}},
		{"mediator", casework.StepCommand{Step: "agreement", Fields: map[string]any{"agreement_form": "written", "agreement_text": "六月底前修好。", "perform_by": "2026-06-30"}}},
		{"mediator", casework.StepCommand{Step: "close", Fields: map[string]any{"performed": "yes"}}},
	} {
		if until == "" {
			break
		}
		w.take(t, &m, s.by, s.StepCommand)
		if s.Step == until {
			break
		}
	}
	return m
}

func (w *world) take(t testing.TB, m *casework.Outcome, login string, cmd casework.StepCommand) {
	t.Helper()
	out, err := w.stand.Service.TakeStep(t.Context(), w.stand.Actor(login), m.Matter.Number, cmd, "")
	if err != nil {
		t.Fatal(err)
	}
	m.Matter = out.Matter
}

// tab is a tab in which who is signed in: nobody (""), a login of staff, or the party of a matter.
func (w *world) tab(t testing.TB, who string, party *casework.Outcome) *Tab {
	t.Helper()
	key := who
	if party != nil {
		key = "party of " + party.Matter.Number
	}
	if tab := w.tabs[key]; tab != nil {
		tab.t = t
		return tab
	}
	tab := w.first.apart(w.whole, w.base)
	tab.t = t
	cookies := []*http.Cookie{{Name: "luoshi_lang", Value: w.lang}}
	if party != nil {
		cookies = append(cookies, entered(t, w.base+"/follow", url.Values{"number": {party.Matter.Number}, "code": {party.Code}})...)
	} else if who != "" {
		cookies = append(cookies, entered(t, w.base+"/login", url.Values{"login": {who}, "password": {pages.Password}})...)
	}
	tab.cookies(cookies...)
	w.tabs[key] = tab
	return tab
}

// entered is what a browser is given to keep for who comes in by a form.
func entered(t testing.TB, address string, form url.Values) []*http.Cookie {
	t.Helper()
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := client.PostForm(address, form)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if res.StatusCode != http.StatusSeeOther || len(res.Cookies()) == 0 {
		t.Fatalf("%s: status %d, %d cookies", address, res.StatusCode, len(res.Cookies()))
	}
	return res.Cookies()
}

// apart opens a tab that shares nothing with the others of the browser: no cookie, no draft.
func (b *Tab) apart(t testing.TB, base string) *Tab {
	t.Helper()
	tab := &Tab{t: t, base: base, axe: b.axe, out: b.out}
	ctx, cancel := chromedp.NewContext(b.ctx, chromedp.WithNewBrowserContext(), chromedp.WithListener(tab.listen))
	t.Cleanup(cancel)
	tab.ctx = ctx
	tab.listening()
	return tab
}

// cookies gives the browser what the server would have given it.
func (b *Tab) cookies(cookies ...*http.Cookie) {
	b.t.Helper()
	for _, c := range cookies {
		b.do(call(network.SetCookie, network.SetCookieParams{Name: c.Name, Value: c.Value, URL: b.base, Path: "/", HTTPOnly: new(true), SameSite: network.CookieSameSiteLax}))
	}
}

// forget takes the cookies away, as the end of a session does.
func (b *Tab) forget() {
	b.t.Helper()
	for _, name := range []string{"luoshi_staff", "luoshi_party", "luoshi_probe"} {
		b.do(call(network.DeleteCookies, network.DeleteCookiesParams{Name: name, URL: b.base + "/login"}))
	}
}

// post sends a form from the page that is open, as a browser does, and waits for the answer.
func (b *Tab) post(path string, form url.Values) {
	b.t.Helper()
	fields, err := json.Marshal(form)
	if err != nil {
		b.t.Fatal(err)
	}
	b.leads(chromedp.Evaluate[chromedp.Void](fmt.Sprintf(`(() => {
		const form = Object.assign(document.createElement('form'), {method: 'post', action: %q});
		for (const [name, values] of Object.entries(%s)) for (const value of values) {
			form.append(Object.assign(document.createElement('input'), {type: 'hidden', name, value}));
		}
		document.body.append(form);
		form.submit();
	})()`, path, fields)))
}

// call is a command of the browser's protocol as an action.
func call[P, R any](command cdp.Command[P, R], params P) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, at *chromedp.Target) error {
		_, err := cdp.Call(ctx, at, command, params)
		return err
	})
}
