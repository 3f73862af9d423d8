package main

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

const shortReport = "某市召开安全生产工作会议\n\n3月12日，全市安全生产工作会议在某市召开，市长王建军出席会议并讲话。\n" +
	"王建军强调，抓好三方面工作：一要压实责任；二要排查隐患，由市应急局牵头，3月底前完成。\n"

func TestReportReadsAFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "report.txt")
	if err := os.WriteFile(file, []byte(shortReport), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		args []string
		want []string
	}{
		{[]string{file}, []string{"标题\t某市召开安全生产工作会议", "王建军", "• 二要排查隐患", "牵头 市应急局", "期限 3月底前 --03-31", "文中说有 3 项，读到 2 项"}},
		{[]string{file, "--lang", "en"}, []string{"title\t某市召开安全生产工作会议", "lead 市应急局", "due 3月底前 --03-31", "announces 3 and 2 were found"}},
		{[]string{"--json", "-"}, []string{`"ordinal":"一"`, `"announced":3`, `"value":"--03-31"`}},
	} {
		var out, errs bytes.Buffer
		if code := runReport(c.args, strings.NewReader(shortReport), &out, &errs); code != exitDone || errs.Len() > 0 {
			t.Errorf("%v: exit %d, %s", c.args, code, errs.String())
		}
		for _, want := range c.want {
			if !strings.Contains(out.String(), want) {
				t.Errorf("%v: %q is missing in\n%s", c.args, want, out.String())
			}
		}
	}
}

func TestReportSaysWhatItCannotRead(t *testing.T) {
	for name, c := range map[string]struct {
		args  []string
		stdin string
		code  int
		want  string
	}{
		"no file":     {nil, "", exitMisuse, "name one file"},
		"two files":   {[]string{"a", "b"}, "", exitMisuse, "name one file"},
		"no such":     {[]string{"there-is-none.txt"}, "", exitMisuse, "there is no file"},
		"language":    {[]string{"--lang", "fr", "-"}, "", exitMisuse, "zh or en"},
		"empty":       {[]string{"-"}, "\n", exitFault, "没有文字"},
		"in English":  {[]string{"-", "--lang", "en"}, "A meeting was held on Monday.", exitFault, "no Chinese text"},
		"too large":   {[]string{"-", "--lang", "en"}, strings.Repeat("会", 17<<20), exitFault, "too large"},
		"broken PDF":  {[]string{"-", "--lang", "en"}, "%PDF-1.4 nothing", exitFault, ""},
		"no encoding": {[]string{"-"}, "\xff\xff\xff\xff", exitFault, "编码"},
		"a novel":     {[]string{"-"}, "“要下雨了。”她说。\n“那就收衣服吧！”他说。\n院子里的石榴花落了一地，远处的山还在雾里。\n", exitFault, "不像会议报道"},
		"a bomb":      {[]string{"-", "--lang", "en"}, wordFile(t, strings.Repeat("落", 12<<20)), exitFault, "keep the report only"},
		"a password": {[]string{"-"}, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1E\x00n\x00c\x00r\x00y\x00p\x00t\x00e\x00d\x00P\x00a\x00c\x00k\x00a\x00g\x00e\x00",
			exitFault, "去掉密码"},
	} {
		var out, errs bytes.Buffer
		code := runReport(c.args, strings.NewReader(c.stdin), &out, &errs)
		if code != c.code || out.Len() > 0 || errs.Len() == 0 || !strings.Contains(errs.String(), c.want) {
			t.Errorf("%s: exit %d, said %q and %q", name, code, out.String(), errs.String())
		}
	}
}

// wordFile is a DOCX file of one paragraph.
func wordFile(t *testing.T, text string) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, err := z.Create("word/document.xml")
	if err == nil {
		_, err = io.WriteString(w, `<w:document xmlns:w="w"><w:body><w:p><w:r><w:t>`+text+`</w:t></w:r></w:p></w:body></w:document>`)
	}
	if err == nil {
		err = z.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// handPDF writes a PDF file of one page whose font maps each code to a character, as printing programs write them.
func handPDF(lines []string) []byte {
	var content, cmap strings.Builder
	code, n := map[rune]int{}, 0
	for i, line := range lines {
		fmt.Fprintf(&content, "BT /F1 10 Tf 40 %d Td <", 800-20*i)
		for _, r := range line {
			if code[r] == 0 {
				n++
				code[r] = n
				fmt.Fprintf(&cmap, "1 beginbfchar <%04X> <%04X> endbfchar\n", n, r)
			}
			fmt.Fprintf(&content, "%04X", code[r])
		}
		content.WriteString("> Tj ET\n")
	}
	objects := []string{
		"<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>",
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 900 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
		stream(content.String()),
		"<</Type/Font/Subtype/Type0/BaseFont/Song/Encoding/Identity-H/DescendantFonts[6 0 R]/ToUnicode 7 0 R>>",
		"<</Type/Font/Subtype/CIDFontType2/BaseFont/Song/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/FontDescriptor 8 0 R/DW 1000>>",
		stream("/CIDInit /ProcSet findresource begin begincmap 1 begincodespacerange <0000> <FFFF> endcodespacerange\n" + cmap.String() + "endcmap end"),
		"<</Type/FontDescriptor/FontName/Song/Flags 4/FontBBox[0 0 1000 1000]/ItalicAngle 0/Ascent 800/Descent -200/CapHeight 800/StemV 80>>",
	}
	var b bytes.Buffer
	b.WriteString("%PDF-1.4\n")
	var places []int
	for i, o := range objects {
		places = append(places, b.Len())
		fmt.Fprintf(&b, "%d 0 obj%s endobj\n", i+1, o)
	}
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, p := range places {
		fmt.Fprintf(&b, "%010d 00000 n \n", p)
	}
	fmt.Fprintf(&b, "trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, start)
	return b.Bytes()
}

func stream(s string) string { return fmt.Sprintf("<</Length %d>>stream\n%s\nendstream", len(s), s) }

func TestReportReadsPDF(t *testing.T) {
	if _, err := exec.LookPath("pdftotext"); err != nil {
		t.Skip("pdftotext is not installed: scripts/need.sh pdf")
	}
	var out, errs bytes.Buffer
	file := handPDF(strings.Split(strings.TrimSpace(shortReport), "\n"))
	if code := runReport([]string{"-", "--json"}, bytes.NewReader(file), &out, &errs); code != exitDone {
		t.Fatalf("exit %d, %s", code, errs.String())
	}
	var got struct {
		Title     string
		Decisions []struct{ Items []struct{ Text string } }
	}
	if err := json.Unmarshal(out.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	if got.Title != "某市召开安全生产工作会议" || len(got.Decisions) != 1 || len(got.Decisions[0].Items) != 2 ||
		got.Decisions[0].Items[1].Text != "二要排查隐患，由市应急局牵头，3月底前完成" {
		t.Errorf("%s", out.String())
	}
	out.Reset()
	errs.Reset()
	if code := runReport([]string{"-", "--lang", "en"}, bytes.NewReader(handPDF(nil)), &out, &errs); code != exitFault ||
		out.Len() > 0 || !strings.Contains(errs.String(), "holds pictures and no text") {
		t.Errorf("a scan: exit %d, %q %q", code, out.String(), errs.String())
	}
}
