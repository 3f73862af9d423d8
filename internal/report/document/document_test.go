package document_test

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/encoding/unicode"

	"luoshi/internal/report/document"
)

const words = "某市召开安全生产工作会议\n市长王建军强调，一要压实责任；二要排查隐患。\n"

// word makes a DOCX file with one part.
func word(t testing.TB, name, part string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, err := z.Create(name)
	if err == nil {
		_, err = w.Write([]byte(part))
	}
	if err == nil {
		err = z.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func wordXML(paragraphs ...string) string {
	return `<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p>` +
		`<w:r><w:t>` + strings.Join(paragraphs, `</w:t></w:r></w:p><w:p><w:r><w:delText>旧</w:delText></w:r><w:r><w:t>`) +
		`</w:t></w:r></w:p></w:body></w:document>`
}

func encode(t testing.TB, text string, b func(string) (string, error)) []byte {
	t.Helper()
	out, err := b(text)
	if err != nil {
		t.Fatal(err)
	}
	return []byte(out)
}

func TestEncodingsAndKindsGiveTheSameText(t *testing.T) {
	lines := strings.Split(strings.TrimSuffix(words, "\n"), "\n")
	page := "<!DOCTYPE html><html><head><title>站点</title><script>var x=1</script></head><body><nav>首页 新闻</nav><div class=article><p>" +
		lines[0] + "</p><p>" + strings.Repeat("会议通报了情况，各单位作了说明，大家进行了讨论。", 20) + "</p><p>" + lines[1] + "</p></div><footer>版权</footer></body></html>"
	for name, file := range map[string][]byte{
		"UTF-8":          []byte(words),
		"UTF-8 with BOM": []byte("\xef\xbb\xbf" + words),
		"with a note":    []byte("# 来源：某处\n" + words),
		"CRLF":           []byte(strings.ReplaceAll(words, "\n", "\r\n")),
		"GB18030":        encode(t, words, simplifiedchinese.GB18030.NewEncoder().String),
		"UTF-16":         encode(t, words, unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String),
		"DOCX":           word(t, "word/document.xml", wordXML(lines...)),
		"page":           []byte(page),
	} {
		d, err := document.Read(context.Background(), file, nil)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		for _, line := range lines {
			if !strings.Contains(d.Text, line) {
				t.Errorf("%s: %q is missing in %q", name, line, d.Text)
			}
		}
		if name != "page" && d.Text != words {
			t.Errorf("%s: %q", name, d.Text)
		}
		for _, alien := range []string{"首页", "var x", "旧", "版权", "# "} {
			if strings.Contains(d.Text, alien) {
				t.Errorf("%s: %q is no part of the text", name, alien)
			}
		}
	}
}

func TestPagesKeepTitleSourceAndDate(t *testing.T) {
	page := `<html><head><meta property="article:published_time" content="2024-03-05T08:00:00+08:00"></head><body><h1>全市防汛会议召开</h1>` +
		`<div class="info"><span>2024-03-05 08:00</span> <span>来源：某市日报</span></div><div id="content">` +
		strings.Repeat("<p>3月4日，全市防汛会议在某市召开，市长王建军出席会议并讲话，各县区负责同志参加会议，会议通报了情况。</p>", 8) + `</div></body></html>`
	d, err := document.Read(context.Background(), []byte(page), nil)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(d.Text, "全市防汛会议召开\n2024-03-05 08:00 来源：某市日报\n") {
		t.Errorf("%q", d.Text[:120])
	}
	if d.Published.UTC().Format(time.DateOnly) != "2024-03-05" {
		t.Errorf("published %v", d.Published)
	}
}

func TestWhatCannotBeReadIsToldWithWhatToDo(t *testing.T) {
	bomb := word(t, "word/document.xml", wordXML(strings.Repeat("落", 15<<20)))
	many := "<w:document>" + strings.Repeat("<w:p><w:r/></w:p>", 3<<20)
	pdf := func(text string, err error) document.PDF {
		return func(context.Context, []byte) ([]byte, error) { return []byte(text), err }
	}
	locked := append([]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), encode(t, "EncryptedPackage", unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM).NewEncoder().String)...)
	if len(bomb) > 1<<20 {
		t.Fatalf("the bomb has %d bytes", len(bomb))
	}
	for name, c := range map[string]struct {
		file []byte
		pdf  document.PDF
		want document.Kind
	}{
		"nothing":             {nil, nil, document.Empty},
		"blanks":              {[]byte(" \n\t\r\n"), nil, document.Empty},
		"50 MB":               {bytes.Repeat([]byte("落"), 17<<20), nil, document.TooLarge},
		"a long text":         {bytes.Repeat([]byte("落"), 1<<20), nil, document.TooLarge},
		"a zip bomb":          {bomb, nil, document.TooLarge},
		"a bomb without text": {word(t, "word/document.xml", many), nil, document.TooLarge},
		"an archive":          {word(t, "photo.jpg", "x"), nil, document.NotWord},
		"half a DOCX":         {word(t, "word/document.xml", wordXML("某市"))[:80], nil, document.Broken},
		"broken XML":          {word(t, "word/document.xml", "<w:document><w:p>"), nil, document.Broken},
		"encrypted DOCX":      {locked, nil, document.Locked},
		"old Word":            {[]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 Word"), nil, document.OldWord},
		"RTF":                 {[]byte(`{\rtf1 x}`), nil, document.OldWord},
		"Big5":                {encode(t, strings.Repeat("會議強調，要加強領導，落實責任，確保安全。", 5), traditionalchinese.Big5.NewEncoder().String), nil, document.Encoding},
		"a picture":           {[]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"), nil, document.Encoding},
		"cut UTF-8":           {[]byte(words[:len(words)-2]), nil, document.Encoding},
		"PDF without reader":  {[]byte("%PDF-1.4"), nil, document.NoPDF},
		"scanned PDF":         {[]byte("%PDF-1.4"), pdf("\f\n", nil), document.Scan},
		"locked PDF":          {[]byte("%PDF-1.4"), pdf("", document.ErrLockedPDF), document.Locked},
		"broken PDF":          {[]byte("%PDF-1.4"), pdf("", errors.New("no xref")), document.Broken},
		"a page without text": {[]byte("<html><body></body></html>"), nil, document.Empty},
	} {
		d, err := document.Read(context.Background(), c.file, c.pdf)
		var p *document.Problem
		if !errors.As(err, &p) || p.Kind != c.want {
			t.Errorf("%s: %v, want %s", name, err, c.want)
			continue
		}
		if d.Text != "" || p.In("zh") == p.In("en") || p.In("zh") == "" {
			t.Errorf("%s: half made, or without words: %+v %q", name, d, p.In("zh"))
		}
	}
}

func TestLinesOfAPDFBecomeParagraphs(t *testing.T) {
	const laid = "         全市安全会议召开\n\n    3月12日，全市安全生产会议在某市召开，市长王\n建军出席会议并讲话。\n    王建军强调，一要压实责任，各市县主要负责同志\n亲自抓；二要深化排查。\n"
	want := "全市安全会议召开\n\n3月12日，全市安全生产会议在某市召开，市长王建军出席会议并讲话。\n王建军强调，一要压实责任，各市县主要负责同志亲自抓；二要深化排查。\n"
	d, err := document.Read(context.Background(), []byte("%PDF-1.4"), func(context.Context, []byte) ([]byte, error) { return []byte(laid), nil })
	if err != nil || strings.TrimSpace(d.Text) != strings.TrimSpace(want) {
		t.Errorf("%v\n%q\n%q", err, d.Text, want)
	}
}

// A paragraph goes on over the end of a page; the lines of a table stay lines.
func TestPagesAndTablesOfAPDF(t *testing.T) {
	const laid = "    王建军强调，一要压实责任，各市县主要负责同志亲\n自抓；二要深化排查，各行业主管部门逐项建立台账，\n\n                     - 1 -\n\f\n逐项销号。\n" +
		"    任务分工\n序号    任务        责任单位      时限\n1     排查水库隐患    市水利局    6月10日前\n2     清理排水管网    市住建局    6月15日前\n\n                     第 2 页 共 2 页\n\f"
	want := "王建军强调，一要压实责任，各市县主要负责同志亲自抓；二要深化排查，各行业主管部门逐项建立台账，逐项销号。\n任务分工\n序号    任务        责任单位      时限\n" +
		"1     排查水库隐患    市水利局    6月10日前\n2     清理排水管网    市住建局    6月15日前"
	d, err := document.Read(context.Background(), []byte("%PDF-1.4"), func(context.Context, []byte) ([]byte, error) { return []byte(laid), nil })
	if err != nil || strings.TrimSpace(d.Text) != want {
		t.Errorf("%v\n%q\n%q", err, d.Text, want)
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(words))
	f.Add(word(f, "word/document.xml", wordXML("某市", "会议")))
	f.Add([]byte("<html><body><h1>会议</h1><p>一要快；二要好。</p></body></html>"))
	f.Add([]byte("%PDF-1.4"))
	f.Fuzz(func(t *testing.T, file []byte) {
		d, err := document.Read(context.Background(), file, func(context.Context, []byte) ([]byte, error) { return file, nil })
		var p *document.Problem
		switch {
		case err != nil && !errors.As(err, &p):
			t.Errorf("an error without words: %v", err)
		case err == nil && strings.TrimSpace(d.Text) == "":
			t.Error("no text and no error")
		}
	})
}
