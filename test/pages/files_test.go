package pages

import (
	"bytes"
	"image"
	"image/png"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

func picture(t *testing.T, side int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, side, side))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// hand posts a form with files, as a browser without script does. No file chosen is sent as one without a name.
func (c *client) hand(path string, form url.Values, files ...chosen) answer {
	c.t.Helper()
	return c.sendFiles(path, form, append(files, chosen{field: "f.evidence"}))
}

var fileLink = regexp.MustCompile(`href="(/(?:m|desk/m/[0-9X-]+)/files/[A-Z2-7]+)"`)

// A photograph is handed in without script, looked through, sent, and seen by its party and by the office alone.
func TestFilesAreHandedInWithoutScript(t *testing.T) {
	base := serve(t, New(t))
	resident, clerk, other := newClient(t, base), newClient(t, base), newClient(t, base)
	holds(t, resident.get("/lodge/people-mediation"), `enctype="multipart/form-data"`, `accept="image/jpeg,image/png,image/webp,application/pdf`, `capture="environment"`, "At most 10, each no larger than 10 MB")
	data := picture(t, 9)
	form := with(dispute(), "to", "check")
	a := resident.must(http.StatusOK, resident.hand("/lodge/people-mediation", form, chosen{"f.evidence", "裂缝.png", data}, chosen{"f.evidence", "b.pdf", []byte("%PDF-1.7\n%x")}))
	holds(t, a, "裂缝.png", "b.pdf", `name="file.evidence"`)
	carried := url.Values{}
	for _, m := range regexp.MustCompile(`<input type="hidden" name="([^"]*)" value="([^"]*)">`).FindAllStringSubmatch(a.body, -1) {
		carried.Add(m[1], m[2])
	}
	if len(carried["file.evidence"]) != 2 {
		t.Fatalf("carried: %v", carried)
	}
	// Back to the questions, one is left out, and on.
	a = resident.must(http.StatusOK, resident.hand("/lodge/people-mediation", with(carried, "to", "change")))
	holds(t, a, `name="drop.evidence"`, "裂缝.png")
	pdf, _, _ := strings.Cut(carried["file.evidence"][1], " ")
	a = resident.must(http.StatusOK, resident.hand("/lodge/people-mediation", with(carried, "to", "check", "drop.evidence", pdf)))
	if strings.Contains(a.body, "b.pdf") {
		t.Error("what was left out is still there")
	}
	number, code := resident.lodge(with(carried, "drop.evidence", pdf))
	resident.must(http.StatusSeeOther, resident.post("/follow", url.Values{"number": {number}, "code": {code}}))
	a = resident.must(http.StatusOK, resident.get("/m"))
	holds(t, a, "裂缝.png")
	mine := found(t, fileLink, a.body)
	file := resident.must(http.StatusOK, resident.get(mine))
	if file.body != string(data) || file.header.Get("Content-Type") != "image/png" || !strings.HasPrefix(file.header.Get("Content-Disposition"), "inline") ||
		!strings.Contains(file.header.Get("Content-Security-Policy"), "sandbox") || file.header.Get("X-Content-Type-Options") != "nosniff" || file.header.Get("Cache-Control") != "no-store" {
		t.Errorf("%d bytes with %v", len(file.body), file.header)
	}
	if a := other.get(mine); a.status == http.StatusOK {
		t.Error("anybody may read it")
	}
	clerk.signIn("clerk")
	a = clerk.must(http.StatusOK, clerk.get("/desk/m/"+number))
	theirs := found(t, fileLink, a.body)
	if got := clerk.must(http.StatusOK, clerk.get(theirs)); got.body != string(data) {
		t.Error("the clerk reads another file")
	}
	holds(t, clerk.must(http.StatusOK, clerk.get("/desk/m/"+number+"/print")), "裂缝.png")
	clerk.must(http.StatusNotFound, clerk.get("/desk/m/"+number+"/files/AAAA"))
}

// A file that is not taken loses nothing of what was typed, and nothing of the files that were.
func TestWrongFilesKeepWhatWasTyped(t *testing.T) {
	base := serve(t, New(t))
	for lang, words := range map[string][]string{
		"en": {"The file is empty", "A file of this kind is not taken", "The file is damaged", "The file is too large; at most 10 MB"},
		"zh": {"文件是空的", "不收这种文件", "文件已损坏", "文件太大，最大 10 MB"},
	} {
		for i, f := range []chosen{{"f.evidence", "empty.png", nil}, {"f.evidence", "page.png", []byte("<html><script>alert(1)</script>")},
			{"f.evidence", "cut.png", picture(t, 9)[:40]}, {"f.evidence", "large.pdf", append([]byte("%PDF-1.7\n"), make([]byte, 10<<20)...)}} {
			c := newClient(t, base)
			c.get("/?lang=" + lang)
			for _, to := range []string{"check", ""} {
				a := c.must(http.StatusUnprocessableEntity, c.hand("/lodge/people-mediation", with(dispute(), "to", to), chosen{"f.evidence", "good.png", picture(t, 5)}, f))
				holds(t, a, words[i], f.name, "Water since March.", "Zhang San", "good.png", `name="file.evidence"`, `href="#f-evidence"`)
			}
		}
	}
	c := newClient(t, base)
	var many []chosen
	for range 12 {
		many = append(many, chosen{"f.evidence", "large.pdf", make([]byte, 10<<20)})
	}
	a := c.must(http.StatusUnprocessableEntity, c.hand("/lodge/people-mediation", with(dispute(), "to", "check"), many...))
	holds(t, a, "Too much was sent at once", "Water since March.")
}

// A file of a step is kept when the session has ended, and the same step sent twice is one.
func TestFilesOfSteps(t *testing.T) {
	base := serve(t, New(t))
	resident, clerk, mediator := newClient(t, base), newClient(t, base), newClient(t, base)
	number, _ := resident.lodge(dispute())
	clerk.signIn("clerk")
	mediator.signIn("mediator")
	clerk.must(http.StatusSeeOther, clerk.post("/desk/m/"+number+"/steps/accept", url.Values{"version": {"1"}, "key": {"k-accept"}}))
	clerk.must(http.StatusSeeOther, clerk.post("/desk/m/"+number+"/steps/assign", url.Values{"version": {"2"}, "key": {"k-assign"}, "assignee": {"mediator"}}))
	agreed := url.Values{"version": {"3"}, "key": {"k-agree"}, "f.agreement_form": {"written"}, "f.agreement_text": {"He repairs it."}}
	scan := chosen{"f.agreement_scan", "协议.png", picture(t, 7)}
	path := "/desk/m/" + number + "/steps/agreement"
	out := newClient(t, base)
	a := out.must(http.StatusForbidden, out.hand(path, agreed, scan))
	holds(t, a, `name="held.file.agreement_scan"`)
	a = mediator.must(http.StatusUnprocessableEntity, mediator.hand(path, agreed, chosen{"f.agreement_scan", "a.txt", []byte("not a scan")}))
	holds(t, a, "He repairs it.", "does not take a file like")
	first := mediator.must(http.StatusSeeOther, mediator.hand(path, agreed, scan))
	second := mediator.must(http.StatusSeeOther, mediator.hand(path, agreed, scan))
	if first.header.Get("Location") != second.header.Get("Location") {
		t.Errorf("sent twice it leads to %s and %s", first.header.Get("Location"), second.header.Get("Location"))
	}
	holds(t, mediator.must(http.StatusOK, mediator.get("/desk/m/"+number)), "协议.png")
}
