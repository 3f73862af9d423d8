package pages

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"luoshi/procedures"
)

// form reads what the one form of a page holds, as a browser would send it.
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
	lang                                                   string
	begin, lodged, handling, refused, told, answered, over string
}

func TestAPetitionIsTriedFromLodgingToItsEnd(t *testing.T) {
	s := New(t)
	base := serve(t, s)
	for _, w := range []tried{
		{"zh", "先提出事项", "已收到", "办理中", "这一步没有做成", "petitioner", "已答复", "已经办结"},
		{"en", "Begin: bring the matter", "Received", "Being handled", "This was not done", "petitioner", "Answered", "It has ended"},
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
			t.Log(regexp.MustCompile(`(?s)<main.*</main>`).FindString(page.body))
		})
	}
	_ = procedures.FS
	_ = http.StatusOK
}
