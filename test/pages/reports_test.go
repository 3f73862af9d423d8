package pages

import (
	"archive/zip"
	"bytes"
	"io"
	"net/http"
	"strings"
	"testing"

	"luoshi/internal/casework"
)

// zeros never ends.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

// bomb is an archive in the form of a Word file, of which a little unpacks to much.
func bomb(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, name := range []string{"[Content_Types].xml", "word/document.xml"} {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.CopyN(w, zeros{}, 64<<20); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// unreadable is a file that is refused, and what the page says of it.
type unreadable struct {
	name   string
	file   []byte
	status int
	zh, en string
}

func unreadables(t *testing.T) []unreadable {
	locked := append([]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), []byte(strings.Repeat("E\x00n\x00c\x00r\x00y\x00p\x00t\x00e\x00d\x00P\x00a\x00c\x00k\x00a\x00g\x00e\x00", 40))...)
	scan := "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n" +
		"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"
	return []unreadable{
		{"empty", []byte("  \n"), 422, "文件里没有文字。请检查是否选对了文件。", "There is no text in the file; check whether it is the right one"},
		{"21 MB", bytes.Repeat([]byte("要"), 21<<20/3), 413, "文件最多 20 MB", "20 MB at most, 512 KB of text in it"},
		{"50 MB", bytes.Repeat([]byte("要"), 50<<20/3), 413, "文件太大：文件最多 20 MB，其中文字最多 512 KB。请只保留会议报道本身后再试。", "keep the report only and try again"},
		{"a scan", []byte(scan), 422, "只有图像，没有文字。请先做文字识别", "holds pictures and no text; have the text recognised first"},
		{"encrypted", locked, 422, "文件设了密码。请打开后去掉密码另存，再试。", "protected by a password; open it, save it without one"},
		{"a zip bomb", bomb(t), 413, "文件太大", "The file is too large"},
		{"wrong encoding", []byte("\xff\xfe\xff\xfd\x81\x20\x00\x01\x02"), 422, "文字编码无法识别，能读的是 UTF-8 和 GB18030。请用编辑器另存为 UTF-8 后再试。", "save the text as UTF-8 and try again"},
		{"English", []byte("The meeting decided that all roads be repaired by May."), 422, "这不是中文文本。只能读中文的会议报道。", "only reports in Chinese can be read"},
		{"a novel", []byte(strings.Repeat("那天晚上月亮很圆，他走在回家的路上，想起小时候的事。", 200)), 422, "这不像会议报道", "This does not read like the report of a meeting"},
		{"an archive", []byte("PK\x05\x06" + strings.Repeat("\x00", 18)), 422, "这是压缩包，不是 Word 文件。", "This is an archive and no Word file"},
	}
}

func TestReportsThatCannotBeRead(t *testing.T) {
	s := New(t)
	s.Directives(t)
	clerk := newClient(t, serve(t, s))
	clerk.signIn("clerk")
	for _, lang := range []string{"en", "zh"} {
		clerk.get("/?lang=" + lang)
		for _, c := range unreadables(t) {
			a := clerk.upload("/desk/reports", "report", c.file, "unit", "c")
			said := map[string]string{"zh": c.zh, "en": c.en}[lang]
			if a.status != c.status {
				t.Errorf("%s: status %d", c.name, a.status)
			}
			if !strings.Contains(a.body, said) || !strings.Contains(a.body, `href="#report-text"`) || !strings.Contains(a.body, `<form method="post" action="/desk/reports"`) {
				t.Errorf("%s in %s: the page does not say %q", c.name, lang, said)
			}
		}
	}
	drafts, err := s.Service.Drafts(t.Context(), s.Actor("clerk"), casework.Directives)
	if err != nil || len(drafts) != 0 {
		t.Errorf("%d drafts were made of what cannot be read, %v", len(drafts), err)
	}
	if a := clerk.upload("/desk/reports", "report", []byte(Meeting), "unit", "p"); a.status != http.StatusForbidden {
		t.Errorf("for an office that is not theirs: %d", a.status)
	}
	large := append([]byte("<html><body><p>"+strings.ReplaceAll(Meeting, "\n", "</p><p>")+"</p><!--"), bytes.Repeat([]byte("x"), 15<<20)...)
	if a := clerk.upload("/desk/reports", "report.html", append(large, "--></body></html>"...), "unit", "c"); a.status != http.StatusSeeOther {
		t.Errorf("a page of 15 MB that holds a short report: %d", a.status)
	}
}
