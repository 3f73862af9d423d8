package browser

import (
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"luoshi/test/pages"
)

// meetingLife is what is read while a meeting is planned, answered, held and filed, in one language.
type meetingLife struct {
	lang, overlap, planned, count, called, waits, coming, declined, changed, again string
	branch, arrived, held, minuted, draft, understood, issued, filed, over         string

	city, county, county2, town *Tab
	number                      string
}

func meetingLives() []*meetingLife {
	return []*meetingLife{
		{lang: "zh", overlap: "前一项还没有结束", planned: "筹备中", count: "一共会邀请 12 家", called: "已通知", waits: "还没有回复", coming: "参加", declined: "请假",
			changed: "会议有变化", again: "请再看一遍", branch: "和顺县分会场", arrived: "到了 1 人", held: "已召开，待出纪要", minuted: "已出纪要",
			draft: "接着核对交办草稿", understood: "读出来的事项：2 条", issued: "已交办 2 件", filed: "已归档", over: "会已开过"},
		{lang: "en", overlap: "before the item above has ended", planned: "Being planned", count: "12 offices would be invited", called: "Called", waits: "Not answered", coming: "Coming",
			declined: "Not coming", changed: "The meeting has changed", again: "look at it again", branch: "Branch venue: Heshun County", arrived: "1 arrived",
			held: "Held, no minutes yet", minuted: "Minutes written", draft: "Go on with the draft", understood: "What was understood: 2", issued: "2 issued", filed: "Filed", over: "It was held"},
	}
}

func TestAMeetingFromPlanToDirectivesInTheBrowser(t *testing.T) {
	for _, m := range meetingLives() {
		t.Run(m.lang, func(t *testing.T) {
			stand := pages.New(t)
			stand.Meetings(t)
			srv := httptest.NewServer(stand.Handler)
			t.Cleanup(srv.Close)
			enter := func(login string) *Tab {
				b := Open(t, srv.URL, m.lang)
				b.phone()
				b.Go("/login?lang=" + m.lang)
				b.Fill("form.narrow", "login", login)
				b.Fill("form.narrow", "password", pages.Password)
				b.Click("form.narrow button.main")
				return b
			}
			m.city, m.county, m.county2, m.town = enter("city"), enter("clerk"), enter("county2"), enter("town")
			m.plan()
			m.invite()
			m.answer()
			m.alter()
			m.arrive()
			m.decide()
			for _, name := range []string{"张三", "李四", "王五"} {
				if strings.Contains(stand.Log.String(), name) {
					t.Errorf("the log names %s", name)
				}
			}
		})
	}
}

// plan has a first try with items that overlap and without a venue, then one that is kept.
func (m *meetingLife) plan() {
	b := m.city
	b.Go("/desk/meetings")
	b.Click("a[href='/desk/meetings/new']")
	form := "form.plan"
	b.Fill(form, "title", "根治拖欠农民工工资专题会议 Unpaid wages")
	b.Fill(form, "f.held_on", nextSunday())
	b.Fill(form, "f.begins", "09:00")
	b.Fill(form, "f.ends", "11:00")
	b.Fill(form, "f.form", "video")
	row := func(n int, from, until, what, who string) {
		for name, value := range map[string]string{"from": from, "until": until, "what": what, "who": who} {
			js[bool](b, fmt.Sprintf(`(document.getElementById('a-%d-%s').value = %q, true)`, n, name, value))
		}
	}
	row(1, "09:00", "09:30", "通报一季度情况 Figures", "市人社局")
	row(2, "09:20", "09:50", "两个县作交流发言 Reports", "")
	js[bool](b, `(document.querySelector('[data-more]').click(), true)`)
	row(5, "09:50", "10:30", "部署下一步工作 What next", "")
	b.Click(form + " .finish button.main")
	b.Shows(m.overlap)
	b.Check(m.lang + "-meeting-new-faults")
	row(2, "09:30", "09:50", "两个县作交流发言 Reports", "")
	b.Fill(form, "f.place", "市政府三楼会议室")
	b.Fill(form, "f.attends", "分管负责人")
	b.Fill(form, "f.contact", "0797-5550101")
	b.Click(form + " .finish button.main")
	b.Shows(m.planned, "09:30–09:50")
	m.number = js[string](b, `location.pathname.split('/').pop()`)
}

// nextSunday is one that is at least a week away: no working day, which the page says.
func nextSunday() string {
	day := time.Now().AddDate(0, 0, 7)
	for day.Weekday() != time.Sunday {
		day = day.AddDate(0, 0, 1)
	}
	return day.Format(time.DateOnly)
}

// invite counts first and sends then.
func (m *meetingLife) invite() {
	b, form := m.city, "#step-invite form"
	b.Fill(form, "f.reply_by", time.Now().AddDate(0, 0, 3).Format(time.DateOnly))
	for _, kind := range []string{"county", "township"} {
		js[bool](b, fmt.Sprintf(`(document.querySelector('%s [name=kind][value=%s]').click(), true)`, form, kind))
	}
	b.Click(form + " button[value=count]")
	b.Shows(m.count)
	b.Click(form + " button.main:not(.hear)")
	b.Shows(m.called, m.waits)
}

// own opens the invitation of somebody's office from the list.
func (m *meetingLife) own(b *Tab, unit string) {
	b.t.Helper()
	b.Go("/desk/meetings")
	b.Shows(unit)
	b.Click(`.meet:has(.minor) h3 a`)
}

// step takes a step with the form on the page that is shown.
func (m *meetingLife) step(b *Tab, name string, fields ...string) {
	b.t.Helper()
	js[bool](b, fmt.Sprintf(`(document.getElementById(%q).open = true)`, "step-"+name))
	form := "#step-" + name + " form"
	for i := 0; i < len(fields); i += 2 {
		b.Fill(form, fields[i], fields[i+1])
	}
	b.Click(form + " button.main:not(.hear)")
}

// answer: a county sets up a branch venue, the other comes, a town sits with its county.
func (m *meetingLife) answer() {
	m.own(m.county, "")
	m.county.Shows(m.waits, "市政府三楼会议室", "通报一季度情况")
	m.step(m.county, "accept", "f.seat", "own", "f.branch_place", "县政府二楼", "f.coming", "张三 副县长\n李四 人社局局长")
	m.county.Shows("张三 副县长")
	m.own(m.county2, "")
	m.step(m.county2, "decline", "note", "防汛值守，走不开。")
	m.county2.Shows(m.declined, "防汛值守")
	m.own(m.town, "")
	m.step(m.town, "accept", "f.seat", "above", "f.coming", "王五 镇长")
	m.city.Go("/desk/meetings/" + m.number)
	m.city.Shows(m.branch, "县政府二楼", "防汛值守", "王五 镇长")
	m.city.Check(m.lang + "-meeting-answers")
	js[bool](m.city, `(document.getElementById('urge').open = true)`)
	m.city.Click("#urge form button.main")
}

// alter changes the time; the offices see it and answer again.
func (m *meetingLife) alter() {
	m.step(m.city, "change", "f.begins", "10:00", "f.reply_by", time.Now().AddDate(0, 0, 4).Format(time.DateOnly), "note", "会场要先用，推迟一小时。")
	m.city.Shows("10:00", "推迟一小时")
	m.own(m.town, "")
	m.town.Shows("10:00", m.again, m.waits)
	m.town.Check(m.lang + "-invitation-changed")
	m.step(m.town, "accept", "f.seat", "above", "f.coming", "王五 镇长")
	m.own(m.county, "")
	m.county.Shows(m.waits)
	m.step(m.county, "accept", "f.seat", "own", "f.branch_place", "县政府二楼", "f.coming", "张三 副县长\n李四 人社局局长")
	m.own(m.county2, "")
	m.step(m.county2, "decline", "note", "防汛值守，走不开。")
}

// arrive: one is recorded by the office itself, one who had declined by the city.
func (m *meetingLife) arrive() {
	m.step(m.town, "arrive", "f.person_name", "王五", "f.person_post", "镇长")
	m.town.Shows("王五")
	m.step(m.county2, "arrive", "f.person_name", "赵六", "f.person_post", "副县长")
	m.county2.Shows("赵六")
	m.city.Go("/desk/meetings/" + m.number)
	m.city.Shows(m.arrived, "赵六")
	m.step(m.city, "hold")
	m.city.Shows(m.held)
}

// decide writes the minutes, makes directives of them and files the meeting.
func (m *meetingLife) decide() {
	b := m.city
	m.step(b, "write-minutes", "f.minutes", "会议议定：\n一要排查欠薪。县里牵头，10个工作日内把清单报市政府。\n二要压实责任，层层签订责任书。")
	b.Shows(m.minuted)
	b.Click("form[action='/desk/reports'] button.main")
	b.Shows(m.understood)
	draft := "form[action^='/desk/reports/']"
	for i := 1; i <= 2; i++ {
		b.Fill(draft, fmt.Sprintf("i.%d.measure", i), "清单一份。")
		b.Fill(draft, fmt.Sprintf("i.%d.unit", i), "永宁县")
		b.Fill(draft, fmt.Sprintf("i.%d.due", i), time.Now().AddDate(0, 1, 0).Format(time.DateOnly))
	}
	js[bool](b, `document.querySelectorAll('[name$=".each"]').forEach((x) => { x.value = '' }) === undefined`)
	b.Click(draft + " button.main")
	b.Shows(m.issued)
	b.Click(".minor a[href^='/desk/meetings/']")
	b.Check(m.lang + "-meeting-decided")
	if n := js[int](b, `document.querySelectorAll('.issued-list .tag').length`); n != 2 {
		b.t.Errorf("%d directives are shown with their light", n)
	}
	m.papers()
	b.Go("/desk/meetings/" + m.number)
	m.step(b, "close")
	b.Shows(m.filed)
	m.county.Go("/desk/meetings")
	m.county.Shows(m.over)
	b.Go("/desk/meetings")
	if title := js[string](b, `document.title`); strings.Contains(title, "张三") {
		b.t.Error("a title names somebody")
	}
}

// papers prints everything that there is of the meeting: each on sheets of A4, nothing of it cut.
func (m *meetingLife) papers() {
	b := m.city
	agenda := []string{"09:30–09:50", "部署下一步工作 What next"}
	for _, p := range []struct {
		paper string
		least int
		texts []string
	}{
		{"notice", 1, append([]string{"市政府三楼会议室", "分管负责人", "0797-5550101", "金坪镇"}, agenda...)},
		{"agenda", 1, agenda},
		{"sheets", 2, []string{"王五", "镇长"}},
		{"attendance", 1, []string{"王五", "赵六", "柳河乡"}},
		{"minutes", 1, []string{"责任书"}},
	} {
		b.Go("/desk/meetings/" + m.number + "/print/" + p.paper)
		if p.paper == "sheets" {
			b.Check(m.lang + "-paper-" + p.paper)
		}
		sheets := b.sheets(m.lang + "-paper-" + p.paper)
		if len(sheets) < p.least || len(sheets) > 3 {
			b.t.Errorf("%s: %d sheets", p.paper, len(sheets))
		}
		whole := strings.ReplaceAll(strings.Join(sheets, ""), " ", "")
		for _, text := range p.texts {
			if other := map[string]string{"金坪镇": "Jinping Town", "柳河乡": "Liuhe Township"}[text]; other != "" && m.lang == "en" {
				text = other
			}
			if !strings.Contains(whole, strings.ReplaceAll(text, " ", "")) {
				b.t.Errorf("%s: no sheet holds %q:\n%s", p.paper, text, whole)
			}
		}
		if wide := js[bool](b, `[...document.querySelectorAll('.file *')].some((e) => e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).overflowX === 'hidden')`); wide {
			b.t.Errorf("%s: something is cut", p.paper)
		}
	}
}
