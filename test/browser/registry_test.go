package browser

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"luoshi/internal/casework"
	"luoshi/internal/web"
)

// entry is one page in one state, and how to get there. Whatever stands here is checked by TestEveryPage.
type entry struct {
	name    string
	pattern string // of the route that answers with it, as web.Patterns has it
	who     string // login of who looks; empty: nobody in particular
	party   func(w *world) *casework.Outcome
	path    func(w *world) string
	arrive  func(w *world, b *Tab) // what is done at path to get to the page; nil: path is the page
	shot    bool                   // kept as a picture in every language, size and scheme
	fault   bool                   // it says what is wrong, by a status of 400 or more
}

// files are routes that answer with something else than a page, and what.
func files() map[string]string {
	return map[string]string{
		"GET /m/receipts/{seq}":                   "a receipt to keep, a text",
		"GET /desk/m/{number}/receipts/{seq}":     "a receipt to keep, a text",
		"GET /desk/directives.csv":                "a table to keep, a text",
		"GET /desk/directives.xlsx":               "a workbook to keep",
		"GET /m/files/{file}":                     "a photograph or a paper",
		"GET /desk/m/{number}/files/{file}":       "a photograph or a paper",
		"GET /live":                               "a stream of events",
		"GET /calendar/{file}":                    "meetings for a calendar",
		"GET /desk/meetings/{number}/meeting.ics": "a meeting for a calendar",
		"GET /static/{file}":                      "style, script and pictures",
	}
}

func at(path string) func(*world) string { return func(*world) string { return path } }

// of is the desk's page of a matter.
func of(m func(w *world) *casework.Outcome, more string) func(*world) string {
	return func(w *world) string { return "/desk/m/" + m(w).Matter.Number + more }
}

func fresh(w *world) *casework.Outcome    { return &w.fresh }
func agreed(w *world) *casework.Outcome   { return &w.agreed }
func ended(w *world) *casework.Outcome    { return &w.ended }
func odd(w *world) *casework.Outcome      { return &w.strange }
func petition(w *world) *casework.Outcome { return &w.petition }
func onward(w *world) *casework.Outcome   { return &w.onward }

// meeting is the desk's page of the meeting.
func meeting(more string) func(*world) string {
	return func(w *world) string { return "/desk/meetings/" + w.meeting.Matter.Number + more }
}

// answer is the page that a form is answered with. The form is sent to address when it is not "".
func answer(address func(w *world) string, form func(w *world) url.Values) func(*world, *Tab) {
	return func(w *world, b *Tab) { b.post(address(w), form(w)) }
}

func values(pairs ...string) func(*world) url.Values {
	form := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	return func(*world) url.Values { return form }
}

func registry() []entry { return slices.Concat(portal(), party(), desk(), attending(), authors()) }

// full is the form of a dispute, filled in.
func full() func(*world) url.Values {
	return values("key", "key-of-the-registry", "unit", "t", "title", "Leak 漏水", "f.kind", "neighbour", "f.facts", "三月以来。", "f.request", "请修好。",
		"n.applicant", "1", "p.applicant.0.name", "张三", "p.applicant.0.phone", "13800000001", "n.respondent", "1", "p.respondent.0.name", "李四")
}

// portal is what anybody sees.
func portal() []entry {
	check := func(w *world) url.Values {
		form := full()(w)
		form.Set("to", "check")
		return form
	}
	return []entry{
		{name: "start", pattern: "GET /{$}", path: at("/"), shot: true},
		{name: "nowhere", fault: true, pattern: "/", path: at("/nowhere")},
		{name: "design", pattern: "GET /design", path: at("/design")},
		{name: "verify", pattern: "GET /verify", path: at("/verify")},
		{name: "services", pattern: "GET /services", path: at("/services"), shot: true},
		{name: "service-arbitration", pattern: "GET /services/{id}", path: at("/services/labour-arbitration"), shot: true},
		{name: "services-found", pattern: "POST /services", path: at("/services"), arrive: answer(at("/services"), values("words", "wages 工资"))},
		{name: "service", pattern: "GET /services/{id}", path: at("/services/people-mediation"), shot: true},
		{name: "guide", pattern: "GET /guide/{id}", path: at("/guide/dispute"), shot: true},
		{name: "guide-question", pattern: "GET /guide/{id}/{way...}", path: at("/guide/dispute/work/wages"), shot: true},
		{name: "guide-outcome", pattern: "GET /guide/{id}/{way...}", path: at("/guide/dispute/home/neighbour/neighbours"), shot: true},
		{name: "guide-outside", pattern: "GET /guide/{id}/{way...}", path: at("/guide/dispute/danger"), shot: true},
		{name: "procedures", pattern: "GET /procedures", path: at("/procedures"), shot: true},
		{name: "procedure", pattern: "GET /procedures/{id}", path: at("/procedures/people-mediation"), shot: true},
		{name: "procedure-here", pattern: "GET /procedures/{id}", path: at("/procedures/petition?version=1&state=answered")},
		{name: "procedure-hotline", pattern: "GET /procedures/{id}", path: at("/procedures/hotline-order")},
		{name: "procedure-arbitration", pattern: "GET /procedures/{id}", path: at("/procedures/labour-arbitration"), shot: true},
		{name: "lodge-arbitration", pattern: "GET /lodge/{procedure}", path: at("/lodge/labour-arbitration"), shot: true},
		{name: "lodge", pattern: "GET /lodge/{procedure}", path: at("/lodge/people-mediation"), shot: true},
		{name: "lodge-petition", pattern: "GET /lodge/{procedure}", path: at("/lodge/petition")},
		{name: "lodge-hotline", pattern: "GET /lodge/{procedure}", path: at("/lodge/hotline-order")},
		{name: "lodge-faults", fault: true, pattern: "POST /lodge/{procedure}", path: at("/lodge/people-mediation"),
			arrive: answer(at("/lodge/people-mediation"), values("n.applicant", "1", "p.applicant.0.phone", "1"))},
		{name: "lodged", pattern: "POST /lodge/{procedure}", path: at("/lodge/people-mediation"), arrive: answer(at("/lodge/people-mediation"), full()), shot: true},
		{name: "answers", pattern: "POST /lodge/{procedure}", path: at("/lodge/people-mediation"), arrive: answer(at("/lodge/people-mediation"), check), shot: true},
		{name: "receipt", pattern: "GET /receipt", path: at("/lodge/people-mediation"), shot: true, arrive: func(w *world, b *Tab) {
			b.post("/lodge/people-mediation", check(w))
			b.Click("form[data-answers] button.main")
		}},
		{name: "start-found", pattern: "POST /{$}", path: at("/"), arrive: answer(at("/"), values("words", "wages 工资"))},
		{name: "start-nothing", pattern: "POST /{$}", path: at("/"), arrive: answer(at("/"), values("words", "xyzzy"))},
		{name: "lost", pattern: "GET /follow/lost", path: at("/follow/lost")},
		{name: "lost-asked", pattern: "POST /follow/lost", path: at("/follow/lost"), arrive: answer(at("/follow/lost"), values("number", "2026-00000001-8"))},
		{name: "follow-blocked", pattern: "GET /follow", path: at("/follow?cookies=blocked")},
		{name: "follow", pattern: "GET /follow", path: at("/follow"), shot: true},
		{name: "follow-faults", fault: true, pattern: "POST /follow", path: at("/follow"), arrive: answer(at("/follow"), values("number", "2026-00000000-0", "code", "0000"))},
		{name: "public", pattern: "GET /public", path: at("/public")},
		{name: "public-found", pattern: "GET /public", path: func(w *world) string { return "/public?number=" + w.order.Matter.Number }},
		{name: "listed", pattern: "GET /listed", path: at("/listed"), shot: true},
		{name: "login", pattern: "GET /login", path: at("/login"), shot: true},
		{name: "login-faults", fault: true, pattern: "POST /login", path: at("/login"), arrive: answer(at("/login"), values("login", "nobody", "password", "x"))},
	}
}

// party is what a party of a matter sees.
func party() []entry {
	return []entry{
		{name: "mine", pattern: "GET /m", path: at("/m"), party: fresh, shot: true},
		{name: "mine-agreed", pattern: "GET /m", path: at("/m"), party: agreed, shot: true},
		{name: "mine-ended", pattern: "GET /m", path: at("/m"), party: ended},
		{name: "mine-strange", pattern: "GET /m", path: at("/m"), party: odd},
		{name: "mine-onward", pattern: "GET /m", path: at("/m"), party: onward, shot: true},
		{name: "mine-onward-print", pattern: "GET /m/print", path: at("/m/print"), party: onward},
		{name: "mine-onward-faults", fault: true, pattern: "POST /m/steps/{step}", path: at("/m"), party: agreed,
			arrive: answer(at("/m/steps/to-confirmation"), values("version", "5", "key", "goes-on"))},
		{name: "mine-refused", fault: true, pattern: "POST /m/steps/{step}", path: at("/m"), party: fresh, arrive: answer(at("/m/steps/accept"), values("version", "1"))},
		{name: "mine-print", pattern: "GET /m/print", path: at("/m/print"), party: petition},
		{name: "mine-document", pattern: "GET /m/documents/{seq}/{document}", path: at("/m/documents/2/acceptance"), party: petition},
	}
}

// desk is what staff see.
func desk() []entry {
	told := func(w *world) url.Values {
		form := full()(w)
		form.Set("channel", "phone")
		return form
	}
	return []entry{
		{name: "desk", pattern: "GET /desk", who: "clerk", path: at("/desk"), shot: true},
		{name: "desk-filtered", pattern: "GET /desk", who: "clerk", path: at("/desk?procedure=people-mediation&show=all&order=newest&mine=1")},
		{name: "desk-ended", pattern: "GET /desk", who: "clerk", path: at("/desk?show=ended")},
		{name: "desk-found", pattern: "POST /desk", who: "clerk", path: at("/desk"), arrive: answer(at("/desk"), values("words", "院墙", "show", "all"))},
		{name: "desk-beside", pattern: "GET /desk", who: "clerk", path: func(w *world) string { return "/desk?show=all&m=" + w.fresh.Matter.Number }, shot: true},
		{name: "lists-faults", fault: true, pattern: "POST /desk/lists", who: "clerk", path: at("/desk"), arrive: answer(at("/desk/lists"), values("name", " ", "query", "mine=1"))},
		{name: "assign-faults", fault: true, pattern: "POST /desk/assign", who: "clerk", path: at("/desk"), arrive: answer(at("/desk/assign"), values("assignee", "mediator"))},
		{name: "templates", pattern: "GET /desk/templates", who: "clerk", path: at("/desk/templates"), shot: true},
		{name: "templates-faults", fault: true, pattern: "POST /desk/templates", who: "clerk", path: at("/desk/templates"), arrive: answer(at("/desk/templates"), values("unit", "c"))},
		{name: "lodgings", pattern: "GET /desk/lodge", who: "clerk", path: at("/desk/lodge"), shot: true},
		{name: "lodgings-found", pattern: "POST /desk/lodge", who: "clerk", path: at("/desk/lodge"), arrive: answer(at("/desk/lodge"), values("words", "wages 工资"))},
		{name: "lodging", pattern: "GET /desk/lodge/{procedure}", who: "clerk", path: at("/desk/lodge/people-mediation"), shot: true},
		{name: "lodging-own", pattern: "GET /desk/lodge/{procedure}", who: "clerk", path: at("/desk/lodge/hotline-assist")},
		{name: "lodging-issued", pattern: "GET /desk/lodge/{procedure}", who: "clerk", path: at("/desk/lodge/directive")},
		{name: "lodging-refused", fault: true, pattern: "GET /desk/lodge/{procedure}", who: "auditor", path: at("/desk/lodge/people-mediation")},
		{name: "lodging-faults", fault: true, pattern: "POST /desk/lodge/{procedure}", who: "clerk", path: at("/desk/lodge/people-mediation"),
			arrive: answer(at("/desk/lodge/people-mediation"), values("n.applicant", "2", "p.applicant.0.phone", "1"))},
		{name: "handover", pattern: "POST /desk/lodge/{procedure}", who: "clerk", path: at("/desk/lodge/people-mediation"), arrive: answer(at("/desk/lodge/people-mediation"), told), shot: true},
		{name: "desk-auditor", pattern: "GET /desk", who: "auditor", path: at("/desk")},
		{name: "matter", pattern: "GET /desk/m/{number}", who: "clerk", path: of(fresh, ""), shot: true},
		{name: "matter-agreed", pattern: "GET /desk/m/{number}", who: "mediator", path: of(agreed, ""), shot: true},
		{name: "matter-ended", pattern: "GET /desk/m/{number}", who: "head", path: of(ended, "?done=6")},
		{name: "matter-strange", pattern: "GET /desk/m/{number}", who: "clerk", path: of(odd, "")},
		{name: "matter-print", pattern: "GET /desk/m/{number}/print", who: "clerk", path: of(petition, "/print"), shot: true},
		{name: "overview", pattern: "GET /desk/overview", who: "head", path: at("/desk/overview"), shot: true},
		{name: "overview-weeks", pattern: "GET /desk/overview", who: "auditor", path: at("/desk/overview?by=week")},
		{name: "directives", pattern: "GET /desk/directives", who: "clerk", path: at("/desk/directives"), shot: true},
		{name: "directives-given", pattern: "GET /desk/directives", who: "officer", path: at("/desk/directives?unit=b&show=given&all=1")},
		{name: "branch", pattern: "GET /desk/directives/{number}", who: "clerk", path: func(w *world) string { return "/desk/directives/" + w.directive.Matter.Number }, shot: true},
		{name: "reports", pattern: "GET /desk/reports", who: "clerk", path: at("/desk/reports"), shot: true},
		{name: "reports-faults", fault: true, pattern: "POST /desk/reports", who: "clerk", path: at("/desk/reports"), arrive: answer(at("/desk/reports"), values("unit", "c", "text", "Nothing 无"))},
		{name: "draft", pattern: "GET /desk/reports/{id}", who: "clerk", path: func(w *world) string { return w.draft }, shot: true},
		{name: "draft-faults", fault: true, pattern: "POST /desk/reports/{id}", who: "clerk", path: func(w *world) string { return w.draft },
			arrive: func(_ *world, b *Tab) { b.Click("button[value=issue]") }},
		{name: "meetings", pattern: "GET /desk/meetings", who: "clerk", path: at("/desk/meetings"), shot: true},
		{name: "meeting-new", pattern: "GET /desk/meetings/new", who: "clerk", path: at("/desk/meetings/new"), shot: true},
		{name: "meeting-new-faults", fault: true, pattern: "POST /desk/meetings/new", who: "clerk", path: at("/desk/meetings/new"),
			arrive: answer(at("/desk/meetings/new"), values("unit", "c", "f.held_on", "2020-01-01", "a.from", "10:00", "a.until", "09:00", "a.what", "x", "a.who", ""))},
		{name: "meeting-new-preview", pattern: "POST /desk/meetings/new", who: "clerk", path: at("/desk/meetings/new"),
			arrive: answer(at("/desk/meetings/new"), values("unit", "c", "do", "more", "a.from", "10:00", "a.until", "09:00", "a.what", "x", "a.who", ""))},
		{name: "meeting", pattern: "GET /desk/meetings/{number}", who: "clerk", path: meeting(""), shot: true},
		{name: "meeting-invited", pattern: "GET /desk/meetings/{number}", who: "clerk", path: func(w *world) string { return "/desk/meetings/" + w.invitation }, shot: true},
		{name: "meeting-step-faults", fault: true, pattern: "POST /desk/meetings/{number}/steps/{step}", who: "clerk", path: meeting(""),
			arrive: answer(meeting("/steps/write-minutes"), values("version", "1"))},
		{name: "meeting-invite-faults", fault: true, pattern: "POST /desk/meetings/{number}/invite", who: "clerk", path: meeting(""),
			arrive: answer(meeting("/invite"), values("version", "1"))},
		{name: "meeting-notice", pattern: "GET /desk/meetings/{number}/print/{paper}", who: "clerk", path: meeting("/print/notice"), shot: true},
		{name: "meeting-sheets", pattern: "GET /desk/meetings/{number}/print/{paper}", who: "clerk", path: meeting("/print/sheets")},
		{name: "matter-directive", pattern: "GET /desk/m/{number}", who: "clerk", path: func(w *world) string { return "/desk/m/" + w.directive.Matter.Number }},
		{name: "matter-auditor", pattern: "GET /desk/m/{number}", who: "auditor", path: of(agreed, "")},
		{name: "matter-petition", pattern: "GET /desk/m/{number}", who: "clerk", path: of(petition, "")},
		{name: "matter-document", pattern: "GET /desk/m/{number}/documents/{seq}/{document}", who: "clerk", path: of(petition, "/documents/2/acceptance")},
		{name: "matter-onward", pattern: "GET /desk/m/{number}", who: "clerk", path: of(onward, ""), shot: true},
		{name: "matter-goes-on", pattern: "GET /desk/m/{number}", who: "clerk", path: of(agreed, ""), shot: true},
		{name: "matter-goes-on-faults", fault: true, pattern: "POST /desk/m/{number}/steps/{step}", who: "clerk", path: of(agreed, ""),
			arrive: answer(of(agreed, "/steps/to-confirmation"), values("version", "5", "key", "goes-on", "note", "双方都要 Both ask"))},
		{name: "matter-unknown", fault: true, pattern: "GET /desk/m/{number}", who: "clerk", path: at("/desk/m/2026-99999999-0")},
		{name: "matter-faults", fault: true, pattern: "POST /desk/m/{number}/steps/{step}", who: "clerk", path: of(fresh, ""),
			arrive: answer(of(fresh, "/steps/decline"), values("version", "1", "note", "不受理的理由 Reason"))},
		{name: "matter-conflict", fault: true, pattern: "POST /desk/m/{number}/steps/{step}", who: "clerk", path: of(petition, ""),
			arrive: answer(of(petition, "/steps/refuse"), values("version", "1", "note", "不受理的理由 Reason"))},
		{name: "code", pattern: "POST /desk/m/{number}/code", who: "clerk", path: of(odd, ""), arrive: answer(of(odd, "/code"), values("party", "0"))},
		{name: "correct-faults", fault: true, pattern: "POST /desk/m/{number}/correct", who: "clerk", path: of(fresh, ""), arrive: answer(of(fresh, "/correct"), values("entry", "1"))},
		{name: "erase-refused", fault: true, pattern: "POST /desk/m/{number}/erase", who: "clerk", path: of(fresh, ""), arrive: answer(of(fresh, "/erase"), values("rule", "x"))},
	}
}

// authors is what authors of procedures see.
func authors() []entry {
	return []entry{
		{name: "publishing", pattern: "GET /desk/procedures", who: "author", path: at("/desk/procedures"), shot: true},
		{name: "publishing-refused", fault: true, pattern: "POST /desk/procedures", who: "author", path: at("/desk/procedures"), arrive: answer(at("/desk/procedures"), values("source", "format: luoshi-procedure/1\nid: x"))},
		{name: "publishing-clerk", fault: true, pattern: "GET /desk/procedures", who: "clerk", path: at("/desk/procedures")},
		{name: "check", pattern: "GET /desk/procedures/check", who: "author", path: at("/desk/procedures/check")},
		{name: "check-faults", pattern: "POST /desk/procedures/check", who: "author", path: at("/desk/procedures/check"), arrive: answer(at("/desk/procedures/check"), values("source", "format: luoshi-procedure/1\nid: x"))},
		{name: "try", pattern: "GET /desk/procedures/try", who: "author", path: at("/desk/procedures/try")},
		{name: "try-open", pattern: "GET /desk/procedures/{id}/try", who: "author", path: at("/desk/procedures/petition/try"), shot: true},
		{name: "try-opened", pattern: "POST /desk/procedures/try", who: "author", path: at("/desk/procedures/petition/try"),
			arrive: func(_ *world, b *Tab) { b.press("open open") }},
		{name: "migrate", pattern: "GET /desk/procedures/{id}/migrate", who: "author", path: at("/desk/procedures/people-mediation/migrate")},
		{name: "rehearse-faults", fault: true, pattern: "POST /desk/procedures/{id}/rehearse", who: "author", path: at("/desk/procedures/people-mediation/migrate"),
			arrive: answer(at("/desk/procedures/people-mediation/rehearse"), values("map", "x"))},
		{name: "migrate-refused", fault: true, pattern: "POST /desk/procedures/{id}/migrate", who: "author", path: at("/desk/procedures/people-mediation/migrate"),
			arrive: answer(at("/desk/procedures/people-mediation/migrate"), values("map", "x"))},
	}
}

// Whoever adds a page adds it to the registry, and it is checked from then on.
func TestEveryPageIsInTheRegistry(t *testing.T) {
	known := files()
	names := map[string]bool{}
	for _, e := range registry() {
		known[e.pattern] = e.name
		if names[e.name] {
			t.Errorf("two entries are named %s", e.name)
		}
		names[e.name] = true
	}
	patterns := web.Patterns()
	for _, p := range patterns {
		if method, _, ok := strings.Cut(p, " "); known[p] == "" && (!ok || method == http.MethodGet) {
			t.Errorf("the route %q has no entry: say in registry_test.go how to get to its page, or what else it answers with", p)
		}
	}
	for p := range known {
		if !slices.Contains(patterns, p) {
			t.Errorf("the registry names %q, which is no route", p)
		}
	}
}
