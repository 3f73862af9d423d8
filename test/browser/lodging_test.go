package browser

import (
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"

	"luoshi/test/pages"
)

// counter is what a clerk at a counter reads, in one language, and what the slip says.
type counter struct{ lang, found, recorded, give, office string }

func TestAClerkRecordsAtTheCounterAndPrintsTheSlip(t *testing.T) {
	for _, c := range []counter{
		{"zh", "人民调解", "已经登记", "申请人 张三", "青石镇司法所"},
		{"en", "People's mediation", "Recorded", "Applicant 张三", "Qingshi Justice Office"},
	} {
		t.Run(c.lang, func(t *testing.T) {
			srv := httptest.NewServer(pages.New(t).Handler)
			t.Cleanup(srv.Close)
			b := Open(t, srv.URL, c.lang)
			b.look(deskScreen("light"))
			b.Go("/login?lang=" + c.lang)
			b.Fill("form.narrow", "login", "clerk")
			b.Fill("form.narrow", "password", pages.Password)
			b.Click("form.narrow button.main")
			c.record(b)
			number, code := js[string](b, `document.getElementById('number').textContent`), js[string](b, `document.getElementById('code').textContent`)
			sheets := b.sheets(c.lang + "-slip")
			if len(sheets) != 1 {
				t.Errorf("the slip has %d sheets", len(sheets))
			}
			for _, text := range []string{number, code, c.office, "/follow"} {
				if !strings.Contains(sheets[0], text) {
					t.Errorf("the slip has no %q:\n%s", text, sheets[0])
				}
			}
			for _, text := range []string{c.give, "王芳", js[string](b, `document.querySelector('.handover > .on-screen').innerText.slice(0, 6)`)} {
				if text == "" || strings.Contains(sheets[0], text) {
					t.Errorf("the slip has %q, which is for the clerk:\n%s", text, sheets[0])
				}
			}
			b.Click(`.handover > .on-screen a.main`)
			b.Shows(number, "邻居半夜唱歌")
			b.Go("/desk/lodge/people-mediation")
			if left := js[string](b, `document.querySelector('[name="f.facts"]').value`); left != "" {
				t.Errorf("what was recorded is still a draft: %q", left)
			}
		})
	}
}

// record finds the procedure by everyday words, goes away in the middle and back, adds a person, and presses the button twice.
func (c counter) record(b *Tab) {
	b.t.Helper()
	b.Click(`header a[href="/desk/lodge"]`)
	b.Fill("form.ask-words", "words", "邻居太吵 noisy neighbour")
	b.Click("form.ask-words button.main")
	b.Shows(c.found)
	b.Click(`.kinds a[href="/desk/lodge/people-mediation"]`)
	form := "form.lodging"
	for name, value := range map[string]string{"channel": "walk-in", "unit": "t", "title": "邻居半夜唱歌", "f.kind": "neighbour", "f.facts": "三月以来。", "f.request": "请他不要唱。",
		"p.applicant.0.name": "张三", "p.respondent.0.name": "李四"} {
		b.Fill(form, name, value)
	}
	b.Go("/desk")
	b.Go("/desk/lodge/people-mediation")
	if kept := js[string](b, `document.querySelector('[name="f.facts"]').value + document.querySelector('[name=channel]:checked')?.value + document.querySelector('[name=unit]').value`); kept != "三月以来。walk-int" {
		b.t.Errorf("of what was typed the tab has kept %q", kept)
	}
	b.Click(`button[name=add][value=respondent]`)
	b.Fill(form, "p.respondent.1.name", "王五")
	js[bool](b, fmt.Sprintf(`document.querySelector('%s .finish button').addEventListener('click', (e) => { if (e.isTrusted) e.target.click(); }) === undefined`, form))
	b.Click(form + " .finish button.main")
	b.Shows(c.recorded, c.give)
	if twice := js[int](b, `document.querySelectorAll('.problems').length`); twice != 0 {
		b.t.Error("pressing twice is a fault")
	}
}
