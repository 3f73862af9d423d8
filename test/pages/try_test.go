package pages

import (
	"context"
	"errors"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"luoshi/internal/casework"
	"luoshi/internal/office"
)

var (
	inputRE    = regexp.MustCompile(`<input [^>]*>`)
	areaRE     = regexp.MustCompile(`(?s)<textarea ([^>]*)>\n?(.*?)</textarea>`)
	selectRE   = regexp.MustCompile(`(?s)<select ([^>]*)>(.*?)</select>`)
	selectedRE = regexp.MustCompile(`<option value="([^"]*)" selected>`)
	attrRE     = regexp.MustCompile(`([a-z-]+)="([^"]*)"`)
	buttonRE   = regexp.MustCompile(`<button [^>]*name="do" value="([^"]*)"`)
)

func attributes(tag string) map[string]string {
	attrs := map[string]string{}
	for _, m := range attrRE.FindAllStringSubmatch(tag, -1) {
		attrs[m[1]] = html.UnescapeString(m[2])
	}
	return attrs
}

// filled is what the one form of a page holds, as a browser would send it.
func filled(page answer) url.Values {
	form := url.Values{}
	for _, tag := range inputRE.FindAllString(page.body, -1) {
		a := attributes(tag)
		if a["type"] != "radio" && a["type"] != "file" || strings.Contains(tag, " checked") {
			form.Set(a["name"], a["value"])
		}
	}
	for _, m := range areaRE.FindAllStringSubmatch(page.body, -1) {
		form.Set(attributes(m[1])["name"], html.UnescapeString(m[2]))
	}
	for _, m := range selectRE.FindAllStringSubmatch(page.body, -1) {
		value := ""
		if s := selectedRE.FindStringSubmatch(m[2]); s != nil {
			value = html.UnescapeString(s[1])
		}
		form.Set(attributes(m[1])["name"], value)
	}
	delete(form, "")
	return form
}

// press sends the form of a page with one of its buttons, and with some inputs changed.
func (c *client) press(status int, page answer, do string, pairs ...string) answer {
	c.t.Helper()
	var buttons []string
	for _, m := range buttonRE.FindAllStringSubmatch(page.body, -1) {
		buttons = append(buttons, html.UnescapeString(m[1]))
	}
	if !slices.Contains(buttons, do) {
		c.t.Fatalf("there is no button %q among %q", do, buttons)
	}
	return c.must(status, c.send("/desk/procedures/try", with(filled(page), append(pairs, "do", do)...)))
}

// tried is what a page of a trial says, in one language.
type tried struct {
	lang                                                    string
	begin, handling, refused, missing, told, answered, over string
}

func TestAPetitionIsTriedFromLodgingToItsEnd(t *testing.T) {
	s := New(t)
	base := serve(t, s)
	for _, w := range []tried{
		{"zh", "先提出事项", "已受理，办理中", "这一步没有做成", "请填写“处理意见书正文”", "已受理</p>", "已作出处理意见", "已经办结"},
		{"en", "Begin: bring the matter", "Accepted, being handled", "This was not done", "Fill in “Text of the written opinion”", "was accepted</p>", "Opinion given", "It has ended"},
	} {
		t.Run(w.lang, func(t *testing.T) {
			c := newClient(t, base)
			c.signIn("author")
			c.get("/?lang=" + w.lang)
			page := c.must(200, c.get("/desk/procedures/petition/try?version=1"))
			holds(t, page, w.begin, "平安村村口", `<svg`)
			page = c.press(200, page, "open open")
			holds(t, page, "luoshi-here")
			page = c.press(200, page, "take clerk@petition-bureau-1 accept")
			holds(t, page, w.told, w.handling)
			page = c.press(200, page, "take clerk@petition-bureau-1 assign")
			page = c.press(200, page, "next")
			page = c.press(422, page, "take officer@petition-bureau-1 opinion", "officer@petition-bureau-1 opinion/f.opinion_text", "")
			holds(t, page, w.refused, w.missing)
			page = c.press(200, page, "take officer@petition-bureau-1 opinion", "officer@petition-bureau-1 opinion/f.opinion_text", "修好了。")
			holds(t, page, w.answered, "修好了。")
			page = c.press(200, page, "undo")
			if strings.Contains(page.body, "修好了。") {
				t.Error("what was undone is still there")
			}
			page = c.press(200, page, "take officer@petition-bureau-1 opinion")
			page = c.press(422, page, "until", "until", "")
			page = c.press(200, page, "until", "until", time.Now().AddDate(3, 0, 0).Format(time.DateOnly))
			holds(t, page, w.over)
			page = c.press(200, page, "again")
			holds(t, page, w.begin, "平安村村口")
		})
	}
}

// readOnly fails the test when anything is written.
type readOnly struct {
	casework.Store
	t *testing.T
}

func (s readOnly) fail() error {
	s.t.Helper()
	s.t.Error("something is written")
	return errors.New("nothing may be written")
}

func (s readOnly) Commit(context.Context, *casework.Change) (casework.Committed, error) {
	return casework.Committed{}, s.fail()
}
func (s readOnly) Checked(context.Context, string, int, string) error { return s.fail() }
func (s readOnly) Serials(context.Context, int, int64) (int64, error) { return 0, s.fail() }
func (s readOnly) PutUnits(context.Context, []office.Unit) error      { return s.fail() }
func (s readOnly) PutAccount(context.Context, office.Account, string, string) error {
	return s.fail()
}
func (s readOnly) Disclose(context.Context, casework.Disclosure) error { return s.fail() }
func (s readOnly) PutProcedure(context.Context, string, casework.Published) error {
	return s.fail()
}
func (s readOnly) PutCalendar(context.Context, casework.StoredCalendar) error { return s.fail() }
func (s readOnly) PutMeta(context.Context, string, string) error              { return s.fail() }

func TestTryingAndCheckingStoreNothing(t *testing.T) {
	s := New(t)
	c := newClient(t, serve(t, s))
	c.signIn("author")
	s.Service.Store = readOnly{s.Service.Store, t}
	text := mediation(t)
	c.must(200, c.send("/desk/procedures/check", url.Values{"source": {text}}))
	page := c.must(200, c.send("/desk/procedures/try", url.Values{"source": {text}}))
	page = c.press(200, page, "open open")
	page = c.press(200, page, "next")
	c.press(200, page, "again")
	if s.Service.Rules("people-mediation").Procedure.Version != 1 {
		t.Error("it was published")
	}
}

func TestWhatIsTriedKeepsTheTextAndLeadsBackToTheCheck(t *testing.T) {
	c := newClient(t, serve(t, New(t)))
	c.signIn("author")
	text := mediation(t)
	page := c.must(200, c.send("/desk/procedures/try", url.Values{"source": {text}}))
	page = c.press(200, page, "open open")
	holds(t, page, `formaction="/desk/procedures/check"`)
	if filled(page).Get("source") != text {
		t.Error("the text was lost or changed")
	}
	page = c.must(http.StatusUnprocessableEntity, c.send("/desk/procedures/try", url.Values{"source": {"format: x\n"}}))
	holds(t, page, "format: x\n", `id="rule-format"`)
}

func TestATrialThatIsNotOneIsRefused(t *testing.T) {
	c := newClient(t, serve(t, New(t)))
	c.signIn("author")
	for name, moves := range map[string]string{
		"no JSON":        "x",
		"too many moves": "[" + strings.Repeat("{},", 200) + "{}]",
		"too large":      `[{"note":"` + strings.Repeat("x", 2<<20) + `"}]`,
	} {
		t.Run(name, func(t *testing.T) {
			c.must(http.StatusUnprocessableEntity, c.send("/desk/procedures/try", url.Values{"procedure": {"petition@1"}, "moves": {moves}}))
		})
	}
	c.must(http.StatusNotFound, c.send("/desk/procedures/try", url.Values{"procedure": {"petition@9"}}))
	c.must(http.StatusNotFound, c.get("/desk/procedures/petition/try?version=9"))
}

// lineOf is the number of the line where a part of a text begins for the first time.
func lineOf(t *testing.T, text, part string) int {
	t.Helper()
	before, _, ok := strings.Cut(text, part)
	if !ok {
		t.Fatalf("no %q", part)
	}
	return strings.Count(before, "\n") + 1
}

func TestTheCheckShowsTheWayToAFinding(t *testing.T) {
	c := newClient(t, serve(t, New(t)))
	c.signIn("author")
	holds(t, c.must(200, c.get("/desk/procedures/check?procedure=petition@1")), "id: petition\n")
	late := mediation(t, "starts: [accept]", "starts: [assign]")
	page := c.must(200, c.send("/desk/procedures/check", url.Values{"source": {late}}))
	holds(t, page, "it cannot be published yet", "state-without-clock", `href="#rule-state-without-clock"`, `id="rule-state-without-clock"`,
		"for ever and nobody would see", fmt.Sprintf(`href="#line-%d"`, lineOf(t, late, "  - name: accepted\n")), fmt.Sprintf(`id="line-%d" class="at shown"`, lineOf(t, late, "  - name: accepted\n")), "The way to finding 1:", "brought → Received, then Accept → Accepted<", `luoshi-on`)
	if strings.Contains(page.body, `formaction="/desk/procedures" `) {
		t.Error("what is not sound can be published")
	}
	form := filled(page)
	if form.Get("source") != late {
		t.Error("the text was lost or changed")
	}
	page = c.must(200, c.send("/desk/procedures/check", with(form, "finding", "2")))
	holds(t, page, "The way to finding 2:", "then Take it on → In mediation<", fmt.Sprintf(`id="line-%d" class="at shown"`, lineOf(t, late, "  - name: mediating\n")))
	c.get("/?lang=zh")
	holds(t, c.must(200, c.send("/desk/procedures/check", form)), "还不能发布", "走到第 1 个问题：", "没有人发现已经拖延")
	page = c.must(200, c.send("/desk/procedures/check", url.Values{}, "source-file", mediation(t)))
	holds(t, page, "没有发现问题，可以发布", `formaction="/desk/procedures" `, "人民调解")
	c.must(http.StatusSeeOther, c.send("/desk/procedures", filled(page)))
}

func TestTheCheckShowsWhatCannotEvenBeRead(t *testing.T) {
	c := newClient(t, serve(t, New(t)))
	c.signIn("author")
	for name, text := range map[string]string{"nothing": "", "no YAML": "a: [", "hostile": "<script>alert(1)</script>\x00", "too large": strings.Repeat("x", 300<<10)} {
		t.Run(name, func(t *testing.T) {
			page := c.must(200, c.send("/desk/procedures/check", url.Values{"source": {text}}))
			holds(t, page, "it cannot be published yet")
			if strings.Contains(page.body, "<script>alert") || strings.Contains(page.body, "<svg") {
				t.Error("what cannot be read is drawn, or acts")
			}
		})
	}
}

func TestASubMatterIsTriedWithTheWhole(t *testing.T) {
	s := New(t)
	c := newClient(t, serve(t, s))
	c.signIn("author")
	read := func(name string) []byte {
		b, err := os.ReadFile("../../internal/store/storetest/testdata/" + name + ".yaml")
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	if _, err := s.Service.Publish(t.Context(), "joint-review.yaml", read("joint-review")); err != nil {
		t.Fatal(err)
	}
	page := c.must(200, c.send("/desk/procedures/try", url.Values{"source": {string(read("joint"))}}))
	page = c.press(200, page, "open open")
	holds(t, page, "Not possible yet:", "is not published yet") // the opinion
	page = c.press(200, page, "take clerk@township-1 review")
	part := regexp.MustCompile(`value="look ([0-9X-]+)"`).FindStringSubmatch(page.body)
	if part == nil {
		t.Fatalf("the sub-matter is not on the page:\n%s", page.body)
	}
	page = c.press(200, page, "look "+part[1])
	holds(t, page, "County or district 1, clerk", `name="look" value="`+part[1]+`"`)
	page = c.press(200, page, "take clerk@county-1 decide")
	holds(t, page, "It has ended")
	if strings.Contains(page.body, `href="/desk/m/`) || strings.Contains(page.body, "/receipts/") {
		t.Error("the page leads to a matter that there is not")
	}
}
