package pages

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

func TestTheWholeFileShowsEachReaderWhatTheyMaySee(t *testing.T) {
	s := New(t)
	base := serve(t, s)
	resident, clerk, auditor := newClient(t, base), newClient(t, base), newClient(t, base)
	number, _ := resident.lodge(dispute())
	file := "/desk/m/" + number + "/print"

	clerk.signIn("clerk")
	holds(t, clerk.must(200, clerk.get("/desk/m/"+number)), file)
	clerk.must(http.StatusSeeOther, clerk.post("/desk/m/"+number+"/steps/accept", url.Values{"version": {"1"}}))
	a := clerk.must(200, clerk.get(file))
	holds(t, a, number, "Leak through the ceiling", "Water since March.", "Zhang San", "13800000001", "Li Si", "Printed by 王芳 (clerk)",
		"was recorded as a reading", "Qingshi Justice Office", "stands unchanged under", strings.ReplaceAll(s.VKey, "+", "&#43;"), "luoshi verify --key", `data-paper="Matter `+number,
		"1. </span>At a glance", "6. </span>Receipts and how to check them")
	for seq := range 2 {
		receipt, err := s.Service.Receipt(t.Context(), s.Actor("clerk"), number, seq+1)
		if err != nil {
			t.Fatal(err)
		}
		holds(t, a, receipt.EntryHash, fmt.Sprintf("<td>%d</td>", receipt.Index))
	}

	holds(t, resident.must(200, resident.get("/m")), "/m/print")
	a = resident.must(200, resident.get("/m/print"))
	holds(t, a, number, "Water since March.", "Zhang San", "a party (Applicant)", "all that you may see", "王芳 (clerk)") // the reading of the file
	if strings.Contains(a.body, "13800000001") {
		t.Error("a party's file holds the telephone number that the matter's page withholds")
	}

	auditor.signIn("auditor")
	a = auditor.must(200, auditor.get(file))
	holds(t, a, number, "personal content is not shown")
	for _, secret := range []string{"Leak through", "Water since", "Zhang San", "13800000001"} {
		if strings.Contains(a.body, secret) {
			t.Errorf("who only checks is shown %q", secret)
		}
	}
	stranger := newClient(t, base)
	if a := stranger.get(file); a.status != http.StatusSeeOther {
		t.Errorf("a stranger: %d", a.status)
	}
	if a := stranger.get("/m/print"); a.status != http.StatusSeeOther {
		t.Errorf("a stranger without a code: %d", a.status)
	}
	if strings.Contains(s.Log.String(), "Zhang San") {
		t.Error("the log holds a name")
	}
}

func TestTheWholeFileShowsTheDocumentsAndNoticesInFullAndInChinese(t *testing.T) {
	base := serve(t, New(t))
	resident, clerk := newClient(t, base), newClient(t, base)
	number, _ := resident.lodge(dispute())
	page := "/desk/m/" + number
	clerk.signIn("clerk")
	clerk.must(http.StatusSeeOther, clerk.post(page+"/steps/accept", url.Values{"version": {"1"}}))
	clerk.must(http.StatusSeeOther, clerk.post(page+"/correct", url.Values{"entry": {"1"}, "title": {"Leak, corrected"}, "f.facts": {"Water since April."}, "note": {"The month was wrong."}, "version": {"2"}}))
	clerk.must(http.StatusSeeOther, clerk.get(page+"/print?lang=zh"))
	a := clerk.must(200, clerk.get(page+"/print"))
	holds(t, a, "事项全卷", "一、</span>基本情况", "六、</span>回执与核验", "打印人：王芳（clerk）", "Water since April.", "The month was wrong.",
		"Water since March.") // what was corrected stays readable where it was said
	if strings.Contains(a.body, "当时所写内容，见") {
		t.Error("the first entry points to a text that was corrected since")
	}
}
