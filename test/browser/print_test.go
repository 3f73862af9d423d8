package browser

import (
	"cmp"
	"context"
	"fmt"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"luoshi/internal/casework"
	"luoshi/internal/office"
	"luoshi/test/pages"
)

// sheets prints the page as a person would, with the sizes and margins of its own style, and gives the text of each
// sheet. The file stays among the screenshots, where they are asked for.
func (b *Tab) sheets(name string) []string {
	b.t.Helper()
	if _, err := exec.LookPath("pdftotext"); err != nil {
		missing(b.t, "pdftotext (poppler-utils)")
	}
	yes, path := true, filepath.Join(cmp.Or(b.out, b.t.TempDir()), name+".pdf")
	b.do(chromedp.Func(func(ctx context.Context, at *chromedp.Target) error {
		r, err := cdp.Call(ctx, at, page.PrintToPDF, page.PrintToPDFParams{PreferCSSPageSize: &yes, PrintBackground: &yes, GenerateTaggedPDF: &yes})
		if err != nil {
			return err
		}
		return os.WriteFile(path, r.Data, 0o644)
	}))
	text, err := exec.Command("pdftotext", "-layout", path, "-").Output()
	if err != nil {
		b.t.Fatal(err)
	}
	return strings.Split(strings.TrimSuffix(string(text), "\f"), "\f")
}

// long lodges a request with a long text, in both languages, and answers it: more than one sheet.
func long(t *testing.T, s *pages.Stand) (number string, receipts []string) {
	t.Helper()
	ctx := t.Context()
	l := casework.Lodging{Procedure: "hotline-order", Unit: "h", Channel: "phone", Title: "路灯坏了三天没有修 Street light out",
		Fields:  map[string]any{"description": strings.Repeat("晚上孩子放学看不清路。The lamp at the school gate is out. ", 60) + "END-OF-TEXT", "place": "幸福路小学门口"},
		Parties: []casework.Party{{Role: "caller", Name: "王五", Phone: "13800000002"}}}
	clerk := s.Actor("clerk")
	out, err := s.Service.Lodge(ctx, clerk, l, "")
	if err != nil {
		t.Fatal(err)
	}
	number, receipts = out.Matter.Number, []string{out.Receipt.EntryHash}
	take := func(cmd casework.StepCommand) {
		out, err := s.Service.TakeStep(ctx, clerk, number, cmd, "")
		if err != nil {
			t.Fatal(err)
		}
		receipts = append(receipts, out.Receipt.EntryHash)
	}
	take(casework.StepCommand{Step: "take-on"})
	for i := range 12 {
		take(casework.StepCommand{Step: "progress", Note: fmt.Sprintf("进展 %d: parts ordered, the electrician comes on Friday.", i+1)})
	}
	take(casework.StepCommand{Step: "reply", Fields: map[string]any{"result": "solved", "reply_text": "灯已修好。The lamp is repaired."}})
	return number, receipts
}

func TestAWholeFileIsPrintedOnNumberedSheets(t *testing.T) {
	stand := pages.New(t)
	staff(t, stand)
	srv := httptest.NewServer(stand.Handler)
	t.Cleanup(srv.Close)
	number, receipts := long(t, stand)
	for _, c := range []struct {
		lang  string
		texts []string
	}{
		{"zh", []string{"事项全卷", "目录", "一、基本情况", "王五", "13800000002", "END-OF-TEXT", "办理并答复", "告知当事人", "打印人：王芳", "回执与核验"}},
		{"en", []string{"Whole file of a matter", "Contents", "1. At a glance", "王五", "END-OF-TEXT", "Handle and answer", "Told to the parties", "Printed by 王芳", "6. Receipts"}},
	} {
		t.Run(c.lang, func(t *testing.T) {
			b := Open(t, srv.URL, c.lang)
			b.Go("/login?lang=" + c.lang + "&next=/desk/m/" + number + "/print")
			b.Fill("form.narrow", "login", "clerk")
			b.Fill("form.narrow", "password", pages.Password)
			b.Click("form.narrow button.main")
			b.Go("/desk/m/" + number + "/print")
			b.Check(c.lang + "-print")
			sheets := b.sheets(c.lang + "-print")
			if len(sheets) < 4 || len(sheets) > 9 {
				t.Errorf("%d sheets", len(sheets))
			}
			whole := strings.Join(sheets, "")
			for _, text := range c.texts {
				if !strings.Contains(whole, text) {
					t.Errorf("no sheet holds %q", text)
				}
			}
			for _, hash := range receipts { // in one line: no column of the table is cut
				if strings.Count(whole, hash) != 1 {
					t.Errorf("the hash %s is not on one line of one sheet", hash)
				}
			}
			for i, sheet := range sheets {
				foot := fmt.Sprintf("—%d/%d—", i+1, len(sheets))
				if !strings.Contains(strings.ReplaceAll(sheet, " ", ""), foot) || !strings.Contains(sheet, number) {
					t.Errorf("sheet %d lacks its number %s, or the number of the matter at its head:\n%s", i+1, foot, sheet)
				}
			}
			if strings.Contains(whole, srv.URL) || strings.Contains(whole, "›") {
				t.Error("the frame of the page is printed too")
			}
		})
	}
}

// staff lets the clerk act for the hotline centre of the city.
func staff(t *testing.T, s *pages.Stand) {
	t.Helper()
	a := *s.Service.Staff().Accounts["clerk"]
	a.Grants = append(a.Grants, office.Grant{Role: office.RoleClerk, Unit: "s"})
	if err := s.Service.Store.PutAccount(t.Context(), a, "", ""); err != nil {
		t.Fatal(err)
	}
	if err := s.Service.ReloadStaff(t.Context()); err != nil {
		t.Fatal(err)
	}
}
