package pages

import (
	"encoding/csv"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
)

// upload sends the form of a report with a file.
func (c *client) upload(path, name string, file []byte, pairs ...string) answer {
	c.t.Helper()
	form := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	var files []chosen
	if file != nil {
		files = []chosen{{"file", name, file}}
	}
	return c.sendFiles(path, form, files)
}

// inputs are the values that a page's form would send, of everything named i.N.… and the rest it needs.
func inputs(page string) url.Values {
	form := url.Values{}
	for _, m := range regexp.MustCompile(`<input [^>]*name="([^"]+)"[^>]* value="([^"]*)"`).FindAllStringSubmatch(page, -1) {
		form.Add(m[1], m[2])
	}
	for _, m := range regexp.MustCompile(`(?s)<textarea [^>]*name="([^"]+)"[^>]*>\n?(.*?)</textarea>`).FindAllStringSubmatch(page, -1) {
		form.Set(m[1], m[2])
	}
	for _, m := range regexp.MustCompile(`(?s)<select [^>]*name="([^"]+)"[^>]*>(.*?)</select>`).FindAllStringSubmatch(page, -1) {
		form.Set(m[1], "")
		if chosen := regexp.MustCompile(`<option value="([^"]*)" selected`).FindStringSubmatch(m[2]); chosen != nil {
			form.Set(m[1], chosen[1])
		}
	}
	return form
}

// draft takes the report in and gives the address of the draft and its page.
func (c *client) draft() (path, page string) {
	c.t.Helper()
	a := c.must(http.StatusSeeOther, c.upload("/desk/reports", "", nil, "unit", "c", "text", Meeting))
	path = a.header.Get("Location")
	return path, c.must(200, c.get(path)).body
}

func TestAReportBecomesDirectivesThatAreCarriedOut(t *testing.T) {
	s := New(t)
	s.Directives(t)
	clerk := newClient(t, serve(t, s))
	clerk.signIn("clerk")
	path, page := clerk.draft()
	holds(t, answer{body: page}, "和顺县安全生产会议召开", `href="#item-1"`, `id="words-1"`, `href="#words-1"`, "县司法局", `value="Heshun Justice Bureau · Heshun County (b)"`, "This asks no reports of townships")
	form := inputs(page)
	form.Set("do", "issue")
	a := clerk.must(http.StatusUnprocessableEntity, clerk.post(path, form))
	holds(t, a, "Item 1", "How one sees that it is done", "Item 2", "Leading office")
	if rows := clerk.get("/desk/directives"); strings.Contains(rows.body, "/desk/directives/20") {
		t.Fatal("something was issued although items were wrong")
	}
	// What was typed is kept, though it was refused.
	day := time.Now().AddDate(0, 1, 0).Format(time.DateOnly)
	form = inputs(a.body)
	for id, unit := range map[string]string{"1": "Heshun Justice Bureau · Heshun County (b)", "2": "和顺县信访局", "3": "青石镇司法所"} {
		form.Set("i."+id+".measure", "清单一份，逐条有人管。")
		form.Set("i."+id+".unit", unit)
		if form.Get("i."+id+".period") == "" {
			form.Set("i."+id+".due", day)
		}
	}
	form.Set("do", "drop.2")
	a = clerk.must(http.StatusSeeOther, clerk.post(path, form))
	page = clerk.must(200, clerk.get(path)).body
	holds(t, answer{body: page}, "Left out: 1", "Period: 15 days", day)
	form = inputs(page)
	form.Set("do", "issue")
	clerk.must(http.StatusSeeOther, clerk.post(path, form))
	page = clerk.must(200, clerk.get(path)).body
	holds(t, answer{body: page}, "2 issued", "Receipt")
	clerk.must(http.StatusSeeOther, clerk.post(path, form)) // pressed twice
	numbers := regexp.MustCompile(`href="/desk/directives/(\d{4}-\d{8}-\w)"`).FindAllStringSubmatch(page, -1)
	if len(numbers) != 2 {
		t.Fatalf("%d directives are listed", len(numbers))
	}
	number := numbers[0][1]
	clerk.must(200, clerk.get("/desk/m/"+number+"/receipts/1"))
	clerk.carry(number)
	holds(t, clerk.must(200, clerk.get("/desk/directives?all=1")), number, "Done", "100%")
}

// step takes a step of a directive with the form on its page.
func (c *client) step(status int, number, name string, pairs ...string) answer {
	c.t.Helper()
	page := c.must(200, c.get("/desk/m/"+number)).body
	version := regexp.MustCompile(`name="version" value="(\d+)"`).FindStringSubmatch(page)
	if version == nil {
		c.t.Fatalf("no form on the page of %s", number)
	}
	return c.must(status, c.post("/desk/m/"+number+"/steps/"+name, with(url.Values{"version": {version[1]}}, pairs...)))
}

// carry carries a directive from its arrival to where it is struck off, together with the office that helps.
func (c *client) carry(number string) {
	c.t.Helper()
	c.step(303, number, "acknowledge")
	c.step(303, number, "plan", "f.plan", "逐村走一遍。")
	c.step(303, number, "report", "f.percent", "40", "f.report_text", "走了八个村，列出十二条，其余下周走完。", "f.evidence", "清单在局里。")
	holds(c.t, c.must(200, c.get("/desk/directives")), "40%", "走了八个村", "清单在局里")
	c.step(303, number, "report-done", "f.result", "清单逐条有人管。", "f.evidence", "清单一份。")
	holds(c.t, c.must(200, c.get("/desk/directives")), "Waits for the issuing office")
	holds(c.t, c.step(403, number, "strike-off", "f.checked", "抽查了三个村。"), "has to wait until these have ended", "抽查了三个村。")
	tree := c.must(200, c.get("/desk/directives/"+number)).body
	parts := regexp.MustCompile(`level-1[^>]*>\s*<div class="row-main"><a class="row-title" href="/desk/directives/([^"]+)"`).FindAllStringSubmatch(tree, -1)
	if len(parts) != 1 {
		c.t.Fatalf("%d offices help, want 1", len(parts))
	}
	help := parts[0][1]
	c.step(303, help, "acknowledge")
	c.step(303, help, "plan", "f.plan", "交清单。")
	c.step(303, help, "report-done", "f.result", "清单交了。", "f.evidence", "清单一份。")
	c.step(303, help, "strike-off", "f.checked", "看过清单。")
	c.step(303, number, "strike-off", "f.checked", "抽查了三个村。")
	holds(c.t, c.must(200, c.get("/desk/m/"+number)), "Struck off")
}

func TestADraftIsMergedSplitAndKept(t *testing.T) {
	s := New(t)
	s.Directives(t)
	clerk, other := newClient(t, serve(t, s)), (*client)(nil)
	clerk.signIn("clerk")
	other = newClient(t, clerk.url)
	other.signIn("head")
	path, page := clerk.draft()
	form := inputs(page)
	form.Set("do", "merge.2")
	form.Set("i.1.measure", "看得见的结果")
	a := clerk.must(http.StatusSeeOther, clerk.post(path, form))
	if got := a.header.Get("Location"); !strings.HasSuffix(got, "#item-1") {
		t.Errorf("it leads to %s", got)
	}
	page = clerk.get(path).body
	holds(t, answer{body: page}, "What was understood: 2", "看得见的结果")
	holds(t, other.must(200, other.get(path)), "看得见的结果") // another of the office goes on with it
	theirs := inputs(other.get(path).body)
	theirs.Set("title", "另一个名称")
	theirs.Set("do", "save")
	other.must(http.StatusSeeOther, other.post(path, theirs))
	mine := inputs(page)
	mine.Set("i.1.task", "我写的任务")
	mine.Set("do", "save")
	holds(t, clerk.must(http.StatusConflict, clerk.post(path, mine)), "Somebody else has just changed this draft", "我写的任务")
	if strings.Contains(other.get(path).body, "我写的任务") {
		t.Error("theirs was overwritten")
	}
	form = inputs(clerk.get(path).body)
	form.Set("do", "split.1")
	clerk.must(http.StatusSeeOther, clerk.post(path, form))
	if page = clerk.get(path).body; strings.Count(page, `class="card item"`) < 3 {
		t.Error("it was not split")
	}
	officer := newClient(t, clerk.url)
	officer.signIn("officer")
	officer.must(http.StatusNotFound, officer.get(path))
	clerk.must(http.StatusSeeOther, clerk.post(path+"/drop", nil))
	clerk.must(http.StatusNotFound, clerk.get(path))
}

func TestTheBoardIsExported(t *testing.T) {
	s := New(t)
	s.Directives(t)
	clerk := newClient(t, serve(t, s))
	clerk.signIn("clerk")
	one := s.Issue(t, "b", "=HYPERLINK(\"http://x\")", 20)
	whole := s.Issue(t, "c", "排查矛盾纠纷", 30, "b", "q", "t", "u")
	a := clerk.must(200, clerk.get("/desk/directives.csv?unit=c"))
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(a.body, "\ufeff"))).ReadAll()
	if err != nil || len(rows) != 7 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	for _, row := range rows {
		for _, cell := range row {
			if strings.HasPrefix(cell, "=") {
				t.Errorf("a cell is a formula: %q", cell)
			}
		}
	}
	a = clerk.must(200, clerk.get("/desk/directives.xlsx?unit=c"))
	book, err := excelize.OpenReader(strings.NewReader(a.body))
	if err != nil {
		t.Fatal(err)
	}
	for i := range 7 {
		for _, column := range "ABCDEFGHIJKLMN" {
			if f, err := book.GetCellFormula("Sheet1", fmt.Sprintf("%c%d", column, i+1)); err != nil || f != "" {
				t.Errorf("%c%d is a formula %q, %v", column, i+1, f, err)
			}
		}
	}
	holds(t, clerk.must(200, clerk.get("/desk/directives/"+whole.Matter.Number)), "Heshun Petition Bureau", "Parts and help: 4", "0%")
	holds(t, clerk.must(200, clerk.get("/desk/directives?unit=b&show=given")), one.Matter.Number)
	clerk.must(http.StatusNotFound, clerk.get("/desk/directives?unit=p"))
}

func TestReportsInTheSameWordsAreMarked(t *testing.T) {
	s := New(t)
	s.Directives(t)
	clerk := newClient(t, serve(t, s))
	clerk.signIn("clerk")
	whole := s.Issue(t, "c", "排查矛盾纠纷", 30, "b", "q", "u")
	for i, part := range whole.Each {
		n := part.Matter.Number
		said := fmt.Sprintf("本周高度重视，认真组织，走访%d户，排查矛盾纠纷%d起，全部化解，成效明显。", 10+i, i)
		if i == 2 {
			said = "河东村两家争一堵墙，调了两次，村支书和司法所都去了，下周三再谈；别的村没有新的事。"
		}
		for _, st := range []url.Values{{"step": {"acknowledge"}, "version": {"1"}}, {"step": {"plan"}, "version": {"2"}, "f.plan": {"走访。"}},
			{"step": {"report"}, "version": {"3"}, "f.percent": {"50"}, "f.report_text": {said}}, {"step": {"report"}, "version": {"4"}, "f.percent": {"60"}, "f.report_text": {said}}} {
			clerk.must(http.StatusSeeOther, clerk.post("/desk/m/"+n+"/steps/"+st.Get("step"), st))
		}
	}
	a := clerk.must(200, clerk.get("/desk/directives/"+whole.Matter.Number))
	if n := strings.Count(a.body, "Nearly the same report came from 1 other offices"); n != 2 {
		t.Errorf("%d are marked, want 2", n)
	}
	holds(t, clerk.must(200, clerk.get("/desk/directives/"+whole.Each[2].Matter.Number)), "Nearly the same as the report of")
}

func TestADirectiveIsSplitToOfficesBelow(t *testing.T) {
	s := New(t)
	s.Directives(t)
	clerk := newClient(t, serve(t, s))
	clerk.signIn("clerk")
	whole := s.Issue(t, "c", "排查矛盾纠纷", 30).Matter.Number
	clerk.step(303, whole, "acknowledge")
	holds(t, clerk.get("/desk/m/"+whole), `name="sub-units" value="q"`, "Heshun Petition Bureau")
	day := time.Now().AddDate(0, 0, 20).Format(time.DateOnly)
	late := time.Now().AddDate(0, 0, 40).Format(time.DateOnly)
	holds(t, clerk.step(422, whole, "split", "f.part_task", "走访", "f.part_measure", "清单", "f.part_due_on", late, "sub-units", "q"), "It may not lie after", "走访")
	holds(t, clerk.step(422, whole, "split", "f.part_task", "走访", "f.part_measure", "清单", "f.part_due_on", day), "Choose the office that gets it")
	version := url.Values{"version": {"2"}, "f.part_task": {"走访"}, "f.part_measure": {"清单"}, "f.part_due_on": {day}, "sub-units": {"q", "t", "u"}}
	clerk.must(303, clerk.post("/desk/m/"+whole+"/steps/split", version))
	holds(t, clerk.must(200, clerk.get("/desk/directives/"+whole)), "Parts and help: 3", "0 of 3 parts done")
	holds(t, clerk.must(200, clerk.get("/desk/m/"+whole)), "Heshun Petition Bureau", "Part")
}
