package browser

import (
	"context"
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"luoshi/internal/casework"
	"luoshi/test/pages"
)

// manyDirectives puts a board together: one directive in parts, one with a long title, one that is due at once.
func manyDirectives(t *testing.T, s *pages.Stand) (whole string) {
	t.Helper()
	s.Directives(t)
	out := s.Issue(t, "c", "排查矛盾纠纷", 30, "b", "q", "t", "u")
	s.Issue(t, "b", strings.Repeat("很长的题目也要印全 ", 8)+"END-OF-TITLE", 2)
	for i := range 8 {
		s.Issue(t, []string{"q", "t", "u", "b"}[i%4], "走访老人", 20+i)
	}
	clerk := s.Actor("clerk")
	for i, p := range out.Each[:2] {
		for _, cmd := range []casework.StepCommand{{Step: "acknowledge"}, {Step: "plan", Fields: map[string]any{"plan": "走。"}},
			{Step: "report", Fields: map[string]any{"percent": 40 + i, "report_text": strings.Repeat("走了八个村，查到的写上了人。", 10) + "END-OF-REPORT", "evidence": "清单在局里。"}}} {
			if _, err := s.Service.TakeStep(t.Context(), clerk, p.Matter.Number, cmd, ""); err != nil {
				t.Fatal(err)
			}
		}
	}
	return out.Matter.Number
}

func TestTheBoardIsPrintedOnNumberedSheets(t *testing.T) {
	stand := pages.New(t)
	whole := manyDirectives(t, stand)
	srv := httptest.NewServer(stand.Handler)
	t.Cleanup(srv.Close)
	for lang, c := range map[string]struct{ board, branch []string }{
		"zh": {[]string{"交办事项", "END-OF-TITLE", "快到期", "正常", "各单位办得怎样", "和顺县司法局"}, []string{"要做什么", "END-OF-REPORT", "清单在局里。", "40%", "和顺县信访局"}},
		"en": {[]string{"Directives", "END-OF-TITLE", "Due soon", "On time", "How the offices stand"}, []string{"What is to be done", "END-OF-REPORT", "40%", "Heshun Petition Bureau"}},
	} {
		t.Run(lang, func(t *testing.T) {
			b := Open(t, srv.URL, lang)
			b.look(screen{"desktop", 1280, 800, "light"})
			b.Go("/login?lang=" + lang)
			b.Fill("form.narrow", "login", "clerk")
			b.Fill("form.narrow", "password", pages.Password)
			b.Click("form.narrow button.main")
			b.Go("/desk/directives")
			b.onPaper(lang+"-board", "c", c.board)
			b.Go("/desk/directives/" + whole)
			b.onPaper(lang+"-branch", whole, c.branch)
		})
	}
}

// onPaper prints the page and looks whether every sheet has its head and number, and nothing is cut or pressed.
func (b *Tab) onPaper(name, number string, texts []string) {
	b.t.Helper()
	cut := js[string](b, `[...document.querySelectorAll('main *')].filter((e) => e.clientWidth > 0 && e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).overflowX !== 'visible' && !e.matches('.hear')).map((e) => e.className).join(' ')`)
	if cut != "" {
		b.t.Errorf("%s: cut on the screen: %s", name, cut)
	}
	sheets := b.sheets(name)
	whole := strings.Join(sheets, "")
	for _, text := range texts {
		if !strings.Contains(strings.ReplaceAll(whole, "\n", ""), text) {
			b.t.Errorf("%s: no sheet holds %q", name, text)
		}
	}
	day := time.Now().Format("2006")
	for i, sheet := range sheets {
		head, _, _ := strings.Cut(strings.TrimSpace(sheet), "\n")
		if !strings.Contains(head, " · ") || !strings.Contains(head, day) || len(number) > 1 && !strings.Contains(head, number) {
			b.t.Errorf("%s: sheet %d has the head %q", name, i+1, head)
		}
		if foot := sheetNumber(i+1, len(sheets)); !strings.Contains(strings.ReplaceAll(sheet, " ", ""), foot) {
			b.t.Errorf("%s: sheet %d lacks its number %s", name, i+1, foot)
		}
	}
	for _, button := range []string{"CSV", "Excel", "导出", "English", "中文", "Sign out", "退出"} {
		if strings.Contains(whole, button) {
			b.t.Errorf("%s: the frame or a button is printed: %s", name, button)
		}
	}
	b.signsOnPaper(name)
}

func sheetNumber(i, of int) string { return fmt.Sprintf("—%d/%d—", i, of) }

// signsOnPaper looks whether the words and signs of the lights are there and dark on paper.
func (b *Tab) signsOnPaper(name string) {
	b.t.Helper()
	b.do(onMedia("print"))
	defer b.do(onMedia(""))
	pale := js[string](b, `(() => {
		const dark = (c) => { const [r, g, b] = c.match(/\d+/g).map(Number); return (r + g + b) / 3 < 80; };
		return [...document.querySelectorAll('.tag')].filter((e) => !dark(getComputedStyle(e).color)).map((e) => e.textContent).join(', ');
	})()`)
	if pale != "" {
		b.t.Errorf("%s: lights that are pale on paper: %s", name, pale)
	}
	signs := js[bool](b, `[...document.querySelectorAll('.tag.late, .tag.soon, .tag.good')].every((e) => getComputedStyle(e, '::before').content !== 'none' && e.textContent.trim() !== '')`)
	if !signs {
		b.t.Errorf("%s: a light has no sign or no words", name)
	}
}

// onMedia lets the page be styled as on that medium; "" is the screen.
func onMedia(medium string) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, at *chromedp.Target) error {
		_, err := cdp.Call(ctx, at, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: medium})
		return err
	})
}
