package browser

import (
	"net/http/httptest"
	"strings"
	"testing"

	"luoshi/test/pages"
)

// trialStory is what an author reads while checking and trying, in one language.
type trialStory struct {
	lang                                            string
	faults, way, sound, stored, over, refused, sent string
}

// An author checks a procedure that is not sound, sees the way to a finding, and tries the one that is.
func TestAnAuthorChecksAndTriesInTheBrowser(t *testing.T) {
	for _, s := range []trialStory{
		{lang: "zh", faults: "还不能发布", way: "图上显示的就是这条路", sound: "可以发布", stored: "什么都不会保存", over: "已经办结", refused: "这一步没有做成", sent: "已作出处理意见"},
		{lang: "en", faults: "it cannot be published yet", way: "The picture shows this way", sound: "can be published", stored: "nothing is stored", over: "It has ended", refused: "This was not done", sent: "Opinion given"},
	} {
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
			text := mediationAtTwo(t)
			s.check(b, text)
			s.try(b)
		})
	}
}

func (s trialStory) check(b *Tab, text string) {
	b.t.Helper()
	signedIn(b, "author", "/desk/procedures/check")
	b.Fill("#text", "source", strings.Replace(text, "starts: [accept]", "starts: [assign]", 1))
	b.Click("#text button.main")
	b.Shows(s.faults, s.way)
	b.Check(s.lang + "-check-faults")
	b.Fill("#text", "source", text)
	b.Click("#text button.main")
	b.Shows(s.sound)
	b.Check(s.lang + "-check-sound")
	b.Click(`button[formaction="/desk/procedures/try"]`)
	b.Shows(s.stored)
	b.Check(s.lang + "-try-own")
}

func (s trialStory) try(b *Tab) {
	b.t.Helper()
	b.Go("/desk/procedures/petition/try")
	b.Shows(s.stored)
	b.press("open open")
	b.press("take clerk@petition-bureau-1 accept")
	b.Check(s.lang + "-try-handling")
	b.press("next")
	b.Check(s.lang + "-try-waited")
	b.press("take clerk@petition-bureau-1 assign")
	b.Fill(`form[action="/desk/procedures/try"]`, "officer@petition-bureau-1 opinion/f.opinion_text", "")
	b.press("take officer@petition-bureau-1 opinion")
	b.Shows(s.refused)
	b.Check(s.lang + "-try-refused")
	b.Fill(`form[action="/desk/procedures/try"]`, "officer@petition-bureau-1 opinion/f.opinion_text", "OK")
	b.press("take officer@petition-bureau-1 opinion")
	b.Shows(s.sent)
	b.Check(s.lang + "-try-answered")
	b.press("take party:petitioner satisfied")
	b.Shows(s.over)
	b.Check(s.lang + "-try-over")
}

// press presses a button of the trial, folded or not.
func (b *Tab) press(do string) {
	b.t.Helper()
	js[bool](b, `document.querySelectorAll('details').forEach((d) => { d.open = true; }), true`)
	b.Click(`button[value="` + do + `"]`)
}
