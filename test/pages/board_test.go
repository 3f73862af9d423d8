package pages

import (
	"encoding/csv"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"luoshi/internal/casework"
	"luoshi/internal/office"
)

// take takes a step by the service.
func (s *Stand) take(t testing.TB, login, number, step string, fields map[string]any, note string) {
	t.Helper()
	_, err := s.Service.TakeStep(t.Context(), s.Actor(login), number, casework.StepCommand{Step: step, Fields: fields, Note: note}, "")
	if err != nil {
		t.Fatalf("%s of %s: %v", step, number, err)
	}
}

// passing is a clock that a test moves.
type passing struct{ at time.Time }

func (p *passing) now() time.Time  { return p.at }
func (p *passing) days(n int)      { p.at = p.at.AddDate(0, 0, n) }
func (p *passing) on(n int) string { return p.at.AddDate(0, 0, n).Format(time.DateOnly) }
func monday() *passing             { return &passing{time.Date(2027, 3, 1, 1, 0, 0, 0, time.UTC)} }
func (s *Stand) wake(t testing.TB, numbers ...string) {
	t.Helper()
	for _, n := range numbers {
		for range 3 { // a warning, and a lapse
			if _, err := s.Service.Wake(t.Context(), n); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// order issues a directive of the county to an office of it by a day.
func (s *Stand) order(t testing.TB, unit, title, due string) string {
	t.Helper()
	one := casework.Directive{Unit: unit, Title: title, Fields: map[string]any{"task": title + "，列出清单。", "measure": "清单一份。", "due_on": due}}
	out, err := s.Service.Issue(t.Context(), s.Actor("clerk"), casework.Issuance{Procedure: casework.Directives, Issuer: "c", Directives: []casework.Directive{one}}, "")
	if err != nil {
		t.Fatal(err)
	}
	return out[0].Matter.Number
}

func TestWhatIsListedIsOnAPublicPage(t *testing.T) {
	clock := monday()
	s := NewAt(t, clock.now)
	s.Directives(t)
	c := newClient(t, serve(t, s))
	holds(t, c.must(200, c.get("/listed")), "Nothing is listed now.")
	a, b := s.order(t, "b", "排查矛盾纠纷", clock.on(30)), s.order(t, "q", "走访老人", clock.on(3))
	hidden := s.order(t, "t", "不挂牌的事", clock.on(20))
	s.take(t, "head", a, "list-publicly", map[string]any{"listed": true}, "请大家看")
	clock.at = clock.at.Add(time.Hour)
	s.take(t, "head", b, "list-publicly", map[string]any{"listed": true}, "请大家看")
	page := c.must(200, c.get("/listed"))
	holds(t, page, "2 listed", a, b, "Heshun Justice Bureau", "排查矛盾纠纷，列出清单。", "It was issued; the office has yet to acknowledge it.", "On time", "Due soon", "3 days left")
	if strings.Contains(page.body, hidden) || strings.Contains(page.body, "不挂牌") || strings.Index(page.body, b) > strings.Index(page.body, a) {
		t.Error("what is not listed is shown, or the one listed last does not come first")
	}
	if strings.Contains(page.body, "请大家看") || strings.Contains(page.body, "赵敏") {
		t.Error("a note or a name is shown")
	}
	of := c.must(200, c.get("/listed?unit=q"))
	if holds(t, of, b, "1 listed"); strings.Contains(of.body, a) {
		t.Error("the list of one office shows that of another")
	}
	chinese := newClient(t, c.url)
	chinese.get("/listed?lang=zh")
	holds(t, chinese.must(200, chinese.get("/listed")), "挂牌公开督办的事项", "快到期", "已经交办，等承办单位签收。")
	holds(t, c.must(200, c.get("/")), `href="/listed"`)
	holds(t, c.must(200, c.get("/public")), `href="/listed"`)
	clock.days(10)
	holds(t, c.must(200, c.get("/listed?unit=q")), "Late")
	s.take(t, "head", a, "list-publicly", map[string]any{"listed": false}, "摘牌")
	if page := c.must(200, c.get("/listed")); strings.Contains(page.body, a) {
		t.Error("what was taken off is shown")
	}
}

func TestTheBoardSaysWhatSlippedAndWhatWasReported(t *testing.T) {
	clock := monday()
	s := NewAt(t, clock.now)
	s.Directives(t)
	late, more, again, quiet := s.order(t, "b", "排查矛盾纠纷", clock.on(4)), s.order(t, "q", "走访老人", clock.on(30)), s.order(t, "t", "修路", clock.on(40)), s.order(t, "u", "清河", clock.on(60))
	for _, n := range []string{late, more, again, quiet} {
		s.take(t, "clerk", n, "acknowledge", nil, "")
		s.take(t, "clerk", n, "plan", map[string]any{"plan": "逐村走。"}, "")
	}
	s.take(t, "clerk", more, "report", map[string]any{"percent": 40, "achieved": 12, "report_text": "走了八个村。", "evidence": "清单在局里。"}, "")
	s.take(t, "clerk", more, "urge", nil, "请抓紧")
	asked := clock.on(45)
	s.take(t, "clerk", more, "ask-extension", map[string]any{"extension_reason": "雨大", "asked_until": asked}, "")
	s.take(t, "head", more, "grant-extension", map[string]any{"due_on": asked, "extension_reason": "雨大"}, "")
	s.take(t, "clerk", again, "report-done", map[string]any{"result": "修好了。", "evidence": "照片。"}, "")
	s.take(t, "clerk", again, "redo", map[string]any{"due_on": clock.on(50)}, "还有两处没修")
	clock.days(5)
	s.wake(t, late)
	client := newClient(t, serve(t, s))
	client.signIn("clerk")
	page := client.must(200, client.get("/desk/directives"))
	holds(t, page, "What slipped this week: 3", "Became late", "Grant more time", "Do it again", "Wed 31 Mar 2027", "Thu 15 Apr 2027", "Last report 1 Mar 2027, 09:00 · 40% · 12 reached", "No progress was reported yet.", "Reminders from the issuing office: 1")
	holds(t, client.must(200, client.get("/desk/directives/"+more)), "Last report 1 Mar 2027, 09:00", "走了八个村")
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(client.must(200, client.get("/desk/directives.csv?unit=c")).body, "\ufeff"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	at := slices.Index(rows[0], "Last report on")
	for _, row := range rows[1:] {
		if row[1] == more && !slices.Equal(row[at:at+4], []string{"1 Mar 2027, 09:00", "40", "12", "走了八个村。"}) || row[1] == quiet && row[at] != "" {
			t.Errorf("%q", row)
		}
	}
	clock.days(10)
	client.signIn("clerk")
	if page := client.must(200, client.get("/desk/directives")); strings.Contains(page.body, "slipped") {
		t.Error("what slipped two weeks ago is said of this week")
	}
}

func TestAllThatAreLateAreRemindedAtOnce(t *testing.T) {
	clock := monday()
	s := NewAt(t, clock.now)
	s.Directives(t)
	whole := s.order(t, "c", "排查矛盾纠纷", clock.on(40))
	s.take(t, "clerk", whole, "acknowledge", nil, "")
	sub := casework.StepCommand{Step: "split", Fields: map[string]any{"part_task": "走访", "part_measure": "清单", "part_due_on": clock.on(2)}, Sub: &casework.SubOpening{Units: []string{"b", "q", "t"}}}
	out, err := s.Service.TakeStep(t.Context(), s.Actor("clerk"), whole, sub, "")
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range out.Each {
		s.take(t, "clerk", p.Matter.Number, "acknowledge", nil, "")
		s.take(t, "clerk", p.Matter.Number, "plan", map[string]any{"plan": "走。"}, "")
	}
	s.take(t, "clerk", out.Each[2].Matter.Number, "report-done", map[string]any{"result": "办完。", "evidence": "清单。"}, "")
	client := newClient(t, serve(t, s))
	client.signIn("clerk")
	holds(t, client.must(200, client.get("/desk/directives/"+whole+"")), "Remind them: 0 late, 2 due soon", "Heshun Justice Bureau")
	holds(t, client.must(422, client.post("/desk/directives/"+whole+"/urge", url.Values{"key": {"k"}, "note": {" "}})), "Say what you are waiting for")
	said := url.Values{"key": {"once"}, "note": {"请在周五前报进展。"}}
	holds(t, client.must(200, client.post("/desk/directives/"+whole+"/urge", said)), "2 reminded, 0 not", "Receipt")
	client.must(200, client.post("/desk/directives/"+whole+"/urge", said)) // pressed twice
	for i, p := range out.Each {
		m, err := s.Service.Store.Matter(t.Context(), p.Matter.Number)
		if err != nil {
			t.Fatal(err)
		}
		if want := map[bool]int{true: 1, false: 0}[i < 2]; m.Taken["urge"] != want {
			t.Errorf("part %d was reminded %d times", i, m.Taken["urge"])
		}
	}
	holds(t, client.must(200, client.get("/desk/m/"+out.Each[0].Matter.Number)), "请在周五前报进展。")
	client.must(http.StatusNotFound, client.post("/desk/directives/2027-00009999-9/urge", said))
}

func TestTheOfficeIsRemindedBySystemBeforeTheEnd(t *testing.T) {
	clock := monday()
	s := NewAt(t, clock.now)
	s.Directives(t)
	n := s.order(t, "b", "排查矛盾纠纷", clock.on(14)) // a Monday; three working days before is the Wednesday
	s.take(t, "clerk", n, "acknowledge", nil, "")
	s.take(t, "clerk", n, "plan", map[string]any{"plan": "走。"}, "")
	client := newClient(t, serve(t, s))
	client.signIn("clerk")
	if page := client.must(200, client.get("/desk")); strings.Contains(page.body, "Reminder") {
		t.Error("reminded two weeks before")
	}
	clock.days(10)
	s.wake(t, n)
	client.signIn("clerk")
	holds(t, client.must(200, client.get("/desk")), n, "Reminder")
	holds(t, client.must(200, client.get("/desk/m/"+n)), "The system warned on 11 Mar 2027")
	holds(t, client.must(200, client.get("/desk/directives")), "Reminded by the system: 11 Mar 2027", "Due soon")
	clock.days(20)
	client.signIn("clerk")
	if page := client.must(200, client.get("/desk")); strings.Contains(page.body, "Reminder</span>") {
		t.Error("reminded when it is late")
	}
}

func TestPartsGoToAnyOfficeBelowByKindOrByWords(t *testing.T) {
	s := New(t)
	s.Directives(t)
	s.province(t, 30, 4)
	whole := s.order(t, "c", "排查矛盾纠纷", time.Now().AddDate(0, 1, 0).Format(time.DateOnly))
	client := newClient(t, serve(t, s))
	client.signIn("clerk")
	client.step(303, whole, "acknowledge")
	page := client.get("/desk/m/" + whole)
	holds(t, page, "124 offices below yours can have a part", "Each town or subdistrict (120)", `name="sub-each" value="township"`, "townships below already write", "The list has the nearest")
	if strings.Contains(page.body, "第7区4号镇") {
		t.Error("all offices are listed")
	}
	form := url.Values{"version": {"2"}, "f.part_task": {"走访"}, "f.part_measure": {"清单"}, "f.part_due_on": {time.Now().AddDate(0, 0, 20).Format(time.DateOnly)}}
	look := url.Values{"find.sub-units": {"第7区"}, "look": {"sub-units"}, "sub-units": {"q"}}
	for k, v := range form {
		look[k] = v
	}
	holds(t, client.must(200, client.post("/desk/m/"+whole+"/steps/split", look)), "第7区4号镇", "Found 4.", `value="q" checked`, "1 are chosen.", "走访")
	form["sub-each"], form["sub-units"] = []string{"township"}, []string{"q", "z7-4"}
	client.must(303, client.post("/desk/m/"+whole+"/steps/split", form))
	m, err := s.Service.Store.Matter(t.Context(), whole)
	if err != nil || len(m.Subs) != 121 {
		t.Errorf("%d parts, %v", len(m.Subs), err)
	}
}

// province puts areas with townships below the county.
func (s *Stand) province(t testing.TB, areas, towns int) {
	t.Helper()
	var units []office.Unit
	for i := range areas {
		for j := range towns {
			name := fmt.Sprintf("第%d区%d号镇", i+1, j+1)
			units = append(units, office.Unit{Code: fmt.Sprintf("z%d-%d", i+1, j+1), Parent: "c", Kind: "township", Name: map[string]string{"zh": name, "en": name}})
		}
	}
	if err := s.Service.Store.PutUnits(t.Context(), units); err != nil {
		t.Fatal(err)
	}
	if err := s.Service.ReloadStaff(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func TestWhatRunsAlreadyIsAddedBeforeIssuing(t *testing.T) {
	s := New(t)
	s.Directives(t)
	s.province(t, 1, 4)
	day := time.Now().AddDate(0, 1, 0).Format(time.DateOnly)
	for unit, every := range map[string]string{"z1-1": "week", "z1-2": "month", "z1-3": "end", "b": "week"} {
		one := casework.Directive{Unit: unit, Title: "走访", Fields: map[string]any{"task": "走访", "measure": "清单", "due_on": day, "report_every": every}}
		if _, err := s.Service.Issue(t.Context(), s.Actor("clerk"), casework.Issuance{Procedure: casework.Directives, Issuer: "c", Directives: []casework.Directive{one}}, ""); err != nil {
			t.Fatal(err)
		}
	}
	client := newClient(t, serve(t, s))
	client.signIn("clerk")
	runs := "The 4 townships below already write 5 reports of progress a month: 1.2 each on average, 4 at most."
	holds(t, client.must(200, client.get("/desk/lodge/directive")), runs)
	path, page := client.draft()
	form := inputs(page)
	form.Set("do", "save")
	form.Set("i.1.each", "township")
	form.Set("i.1.report", "month")
	client.must(303, client.post(path, form))
	holds(t, client.must(200, client.get(path)), "This adds 4 reports of progress a month for 4 townships.",
		"With what runs already (5 a month from these townships), each then writes 2.2 a month on average, and the one that writes most writes 5.")
}
